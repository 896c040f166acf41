"""GUI talk becomes actions; content stays; the cutting of the stream makes no difference."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import intents
from tests.intents.rows import FOLDER


def squash(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def gui_rows(name: str) -> list[tuple[str, list[str], list[str], list[str]]]:
    found = []
    for line in (FOLDER / f"{name}.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            _, actions, kept, gone, text = line.split("\t")
            split = [
                [x for x in part.split(sep) if x] for part, sep in ((actions, ","), (kept, "|"), (gone, "|"))
            ]
            found.append((text.replace("\\n", "\n"), *split))
    return found


@pytest.mark.parametrize("name", ["gui_tuned", "gui_held", "gui_later", "gui_third", "gui_fourth"])
def test_labelled_replies_are_translated(name: str) -> None:
    wrong = []
    for text, actions, kept, gone in gui_rows(name):
        said = intents.translate(text)
        shown = squash(said.text)
        right = (
            list(said.actions) == actions
            and all(squash(k) in shown for k in kept)
            and not any(squash(g) in shown for g in gone)
        )
        if not right:
            wrong.append((text, said))
    assert wrong == []


def fed(text: str, cuts: list[int]) -> tuple[str, tuple[str, ...]]:
    translator = intents.Translator()
    shown, actions, at = "", [], 0
    for cut in [*sorted(cuts), len(text)]:
        piece, found = translator.feed(text[at:cut])
        shown, actions, at = shown + piece, actions + list(found), cut
    piece, found = translator.close()
    return (shown + piece).strip(), (*actions, *found)


PARTS = st.sampled_from(
    [
        *(
            "Your avatar is ready. ",
            "Click Export",
            " and then ",
            "drag it",
            ", ",
            "。",
            "！",
            "\n",
            "- ",
            "1. ",
        ),
        *(
            "点击“导出”按钮",
            "背景换好了，",
            "在时间轴预览",
            "```\n",
            "**Export**",
            '"',
            "“",
            "”",
            "👉 ",
            ". ",
            "? ",
        ),
        *(
            "[Export](https://x.org)",
            "if you want to export, ",
            "请",
            "您可以",
            "e.g. ",
            "0:03",
            "「",
            "」",
            " ",
        ),
    ]
)


@given(st.lists(PARTS, max_size=24).map("".join), st.lists(st.integers(0, 200), max_size=12))
def test_pieces_of_any_size_give_the_same(text: str, cuts: list[int]) -> None:
    whole = intents.translate(text)
    assert fed(text, [c for c in cuts if c < len(text)]) == (whole.text, whole.actions)
    assert fed(text, list(range(1, len(text)))) == (whole.text, whole.actions)


@given(st.text(max_size=200))
def test_any_text_can_be_translated(text: str) -> None:
    said = intents.translate(text)
    assert set(said.actions) <= set(intents.ACTIONS)


@given(st.text(alphabet="abcdefg hij,.\n", max_size=200))
def test_plain_words_are_shown_as_they_came(text: str) -> None:
    assert intents.translate(text).text == text.strip()


def test_a_finished_sentence_is_not_held() -> None:
    translator = intents.Translator()
    assert translator.feed("The ring is gold. The ")[0] == "The ring is gold. "


def test_half_an_instruction_is_never_shown() -> None:
    translator = intents.Translator()
    assert translator.feed("Please click the Exp") == ("", ())
    assert translator.feed("ort button.") == ("", ())
    assert translator.close() == ("", ("export",))


def test_code_is_left_alone() -> None:
    text = "```\nClick Export.\n```"
    assert intents.translate(text) == intents.Translation(text, ())


def test_a_hostile_reply_takes_linear_time() -> None:
    for part in ("您可以", "you can now ", "please ", "by clicking ", '"', "，点击导出", "preview timeline "):
        assert intents.translate(part * (20_000 // len(part))).text is not None
