"""Thanks, refusals, doubts and orders not to do a thing leave every draft exactly as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.brain import Context, respond
from studio.brain.data import load
from tests.studio.brain.drafts import starts

COURTESIES = tuple(
    phrase.strip()
    for language in ("en", "zh")
    for phrases in load(language, "courtesy").values()
    for phrase in phrases.split("|")
)
# What was done just before, so that a careless reading would have something to take back.
BEFORE = (
    "gold ring",
    "navy background",
    "add title “ADA”",
    "pink background and add title “Ann” at the top",
    "gold ring, cartoon style and a bit brighter",
    "add upbeat music at 40%",
    "closer",
    "make it 8 seconds",
    "加一圈金边，标题“你好”",
)
FORBIDDEN = (
    "don't make it square",
    "do not make it square",
    "please don't make the background red",
    "don't make the title red",
    "don't put the title in the middle",
    "don't make it brighter",
    "don't turn the ring green",
    "don't move it to the left",
    "do not make it longer",
    "不要变成方形",
    "别变成方形",
    "别把背景变红",
    "不要把边框改成绿色",
    "别调亮",
    "no gold",
    "不要红色背景",
)
REST = (
    "no, keep it",
    "no way, that looks great",
    "no, it is fine",
    "hmm no",
    "no, wait",
    "No thanks!",
    "no thank you :)",
    "ok, thanks",
    "okay great, thank you so much!",
    "well, no",
    "不用了，谢谢",
    "嗯，不用了。",
    "好的，谢谢！",
    "那算了吧",
    "還是算了吧",
    "沒關係",
    "不知道呢",
    "不是很好看吧",
    "no text please",
    "no shape, full frame",
    "I don't think so",
    "no, I like it",
    "no no, that is good",
    "not bad at all!",
    "I do not understand",
    "no comprendo",
    "no se",
    "不想",
    "不懂你说什么",
)


def _after(name: str, said: str) -> tuple[Mapping[str, Any], Mapping[str, Any], Any]:
    draft, media = starts()[name]
    reply = respond(said, Context(draft, media))
    return (reply.draft or draft), draft, media


def _changes(text: str) -> Iterator[str]:
    for name in ("avatar", "full"):
        for said in BEFORE:
            now, previous, media = _after(name, said)
            reply = respond(text, Context(now, media, previous=previous))
            if not reply.text:
                yield f"{name}, {said} // {text}: {reply.step}"
            elif reply.draft is not None or reply.step:
                yield f"{name}, {said} // {text}: {reply.text}"


@pytest.mark.parametrize("text", REST)
def test_what_turns_down_or_doubts_changes_nothing(text: str) -> None:
    if text == "no text please":
        # On a title this is an order; here it must touch nothing else.
        now, previous, media = _after("avatar", "gold ring")
        assert respond(text, Context(now, media, previous=previous)).draft is None
        return
    assert not list(_changes(text))


@pytest.mark.parametrize("text", FORBIDDEN)
def test_what_is_forbidden_is_not_done_and_reverts_nothing(text: str) -> None:
    assert not list(_changes(text))


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(st.sampled_from(COURTESIES), min_size=1, max_size=2),
    said=st.sampled_from(BEFORE),
    name=st.sampled_from(("avatar", "full")),
    end=st.sampled_from(("", ".", "!", "。", "～", " :)")),
)
def test_any_courtesy_is_answered_and_changes_nothing(
    texts: list[str], said: str, name: str, end: str
) -> None:
    now, previous, media = _after(name, said)
    reply = respond(", ".join(texts) + end, Context(now, media, previous=previous))
    assert reply.text
    assert reply.draft is None
    assert not reply.step


def test_a_courtesy_on_an_empty_timeline_keeps_it_empty() -> None:
    draft, media = starts()["empty1"]
    for text in (*COURTESIES, *REST):
        reply = respond(text, Context(draft, media))
        assert reply.draft is None, text
        assert not reply.step, text


def test_an_opening_courtesy_does_not_hide_the_wish_behind_it() -> None:
    draft, media = starts()["avatar"]
    for text in ("no thanks, just a gold ring", "不用了，加一圈金边", "ok, a gold ring please"):
        reply = respond(text, Context(draft, media))
        assert reply.draft is not None, text
        assert reply.draft["t"][0]["sg"][0]["m"]["avatar"]["ring"]["color"] == "#d4af37"
