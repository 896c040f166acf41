"""Whatever is typed, the router answers, and answers alike for the same words in another dress."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import intents

WORDS = [
    *(
        "export",
        "the video",
        "make it rounder",
        "and then",
        "credits",
        "don't",
        "status",
        "upload",
        "my photo",
    ),
    *(
        "导出",
        "把成片发我",
        "先别",
        "，",
        "然后",
        "余额",
        "標題",
        "上傳",
        "再",
        "进度",
        "吗",
        "?",
        "!",
        "as mp4",
        ", ",
    ),
    *(
        "add text that says",
        "“导出”",
        '"x"',
        "first",
        "after",
        "not",
        "/a/b.png",
        "https://x.org/a.png",
        "e\u0301",
        "…",
    ),
]
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join)


def kinds(text: str) -> list[str]:
    return [i.kind for i in intents.route(text, exists=lambda p: False)]


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_string_is_routed(text: str) -> None:
    found = intents.route(text, exists=lambda p: False)
    assert found
    assert all(i.kind in intents.KINDS and i.text in text for i in found)


@given(SENTENCES)
def test_slices_come_from_the_utterance(text: str) -> None:
    assert all(i.text in text for i in intents.route(text, exists=lambda p: False))


@given(SENTENCES)
def test_the_same_words_are_the_same_wishes(text: str) -> None:
    assert kinds(text) == kinds(text)
    assert kinds(unicodedata.normalize("NFKC", text)) == kinds(text)


@given(st.lists(st.sampled_from([w for w in WORDS if "/" not in w]), max_size=8).map(" ".join))
def test_case_makes_no_difference(text: str) -> None:
    assert kinds(text.upper()) == kinds(text)


@given(st.lists(st.sampled_from([w for w in WORDS if w.isascii()]), max_size=6).map(" ".join))
def test_full_width_forms_make_no_difference(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c for c in text)
    assert kinds(wide) == kinds(text)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t\u3000", "\ud800", "\ud83d export", "\x00", "\ufeff导出", "a" * 1_000_000]
)
def test_strange_strings_are_routed(text: str) -> None:
    assert kinds(text)


@pytest.mark.parametrize(
    "part",
    [
        *(
            "make it rounder and then export, ",
            "把标题改大一点然后再导出，",
            '"',
            "'a ",
            "“a",
            "/a",
            "a.mp4 ",
            "\\ ",
        ),
        *("and ", "再后", "https://", "~/", "/x/y.mp4", "don't ", "after ", "export it ", "导出视频再"),
    ],
)
def test_long_pastes_are_routed(part: str) -> None:
    assert kinds(part * (100_000 // len(part)))
