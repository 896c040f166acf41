"""The language of an utterance is told by its script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.language import detect


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        *(("make it round", "en"), ("把标题放大", "zh-CN"), ("把標題放大", "zh-TW"), ("もっと丸く", "ja")),
        *(("둥글게", "ko"), ("把title放大点", "zh-CN"), ("導出 export", "zh-TW"), ("丸い頭像を作って", "ja")),
    ],
)
def test_scripts_and_telling_characters_decide(text: str, tag: str) -> None:
    assert detect(text) == tag


def test_characters_that_both_forms_share_leave_it_to_the_session() -> None:
    assert detect("上下左右") == "zh-CN"
    assert detect("上下左右", chinese="zh-TW") == "zh-TW"


def test_a_text_without_letters_leaves_it_to_the_caller() -> None:
    assert detect("123 !?", fallback="zh-TW") == "zh-TW"


@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    assert detect(text) in ("en", "ja", "ko", "zh-CN", "zh-TW")
