"""The catalogues: the same keys in both languages, and no words a reader of replies would act upon."""

from __future__ import annotations

import re
import string

import pytest

from studio.brain import messages_en, messages_zh, words
from studio.brain.script import fold, to_traditional
from tests.studio.brain.judge import rows, said

# A client reads these in a reply as something to do in a graphical editor.
ACTED_UPON = re.compile(
    r"\b(click|press|tap|open|drag|drop|preview|export|upload|button|account|billing)\b|点击|打开|拖|预览|导出|上传|按钮|账户|帳戶|點擊|打開|預覽|導出|上傳|匯出",
    re.IGNORECASE,
)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("table", ["MESSAGES", "THINGS", "NAMES"])
def test_both_languages_have_the_same_keys(table: str) -> None:
    assert set(getattr(messages_en, table)) == set(getattr(messages_zh, table))


def test_both_languages_fill_in_values_that_exist_in_the_other() -> None:
    for key, text in messages_en.MESSAGES.items():
        assert fields(messages_zh.MESSAGES[key]) <= fields(text) | {"count", "names", "left"}, key


@pytest.mark.parametrize("module", [messages_en, messages_zh])
def test_no_sentence_speaks_of_a_graphical_editor(module: object) -> None:
    for table in ("MESSAGES", "THINGS", "NAMES"):
        for text in getattr(module, table).values():
            assert not ACTED_UPON.search(text), text


@pytest.mark.parametrize("name", ["heldout_en.txt", "heldout_zh.txt"])
def test_no_reply_speaks_of_a_graphical_editor(name: str) -> None:
    for row in rows(name):
        _, result = said(row)
        told = result["reply"]
        for own in row.says:
            told = told.replace(own, "")
        assert not ACTED_UPON.search(told), told


def test_every_sentence_turns_traditional_and_back() -> None:
    for text in messages_zh.MESSAGES.values():
        turned = to_traditional(text)
        assert not set("个这们张频图画标题时长乐轻边颜关动换") & set(turned), turned
        assert len(fold(turned)) == len(turned)


def test_what_the_user_wrote_is_not_turned_traditional() -> None:
    assert "城市梦想" in words.say("zh-TW", "title_text", value="城市梦想")


def test_a_drawn_face_is_described_in_plain_words() -> None:
    found = {"gender": "female", "hair_color": "#e53935", "hair": "curly", "clothes": "hoodie"}
    assert words.traits("en", {**found, "clothes_color": "#43a047"}) == [
        "woman",
        "red hair",
        "curly hair",
        "green hoodie",
    ]
    assert words.traits("zh-TW", {"hair_color": "#e6c35c", "glasses": "glasses"}) == ["金髮", "眼鏡"]
    assert words.traits("en", {"hair_color": "#6a3e1f"}) == []
