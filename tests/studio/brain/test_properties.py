"""What holds for any text whatever: no exception, valid drafts, nothing changed behind one's back."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.brain import Context, describe_step, respond
from studio.brain.lexer import folded, lex
from studio.draft import validate
from tests.studio.brain.drafts import starts
from tests.studio.brain.judge import rows

NAMES = tuple(starts())
SAID = tuple(text for name in ("heldout_en.txt", "heldout_zh.txt") for row in rows(name) for text in row.says)
WORDS = tuple(sorted({word for text in SAID for word in text.split()}))
texts = st.one_of(
    st.text(max_size=80),
    st.sampled_from(SAID),
    st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join),
    st.lists(st.sampled_from(SAID), min_size=1, max_size=3).map("，".join),
)


@settings(max_examples=250, deadline=None)
@given(text=texts, name=st.sampled_from(NAMES))
def test_any_text_is_answered_and_leaves_a_valid_draft(text: str, name: str) -> None:
    draft, media = starts()[name]
    before = json.dumps(draft)
    reply = respond(text, Context(draft, media))
    assert json.dumps(draft) == before
    assert reply.step or reply.text
    if reply.draft is not None:
        validate(reply.draft)
        assert reply.edits


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=120))
def test_tokens_cover_the_text_in_order(text: str) -> None:
    assert len(folded(text)) == len(text)
    at = 0
    for token in lex(text):
        assert token.start >= at
        assert token.end > token.start
        at = token.end
    assert at <= len(text)


def _marked(value: Any) -> Any:
    """The draft with an unknown key in every object a hosted service could have put one in."""
    marked = copy.deepcopy(value)
    marked["x"] = {"own": 1}
    for track in marked["t"]:
        track["y"] = "kept"
        for segment in track["sg"]:
            segment["z"] = [1, 2]
            segment["m"]["lane"] = "main"
    return marked


@settings(max_examples=120, deadline=None)
@given(text=st.sampled_from(SAID), name=st.sampled_from(("full", "slides", "clip", "hosted", "illus")))
def test_unknown_keys_survive_every_edit(text: str, name: str) -> None:
    draft, media = starts()[name]
    marked = _marked(draft)
    reply = respond(text, Context(marked, media))
    if reply.draft is None:
        return
    assert reply.draft["x"] == {"own": 1}
    kept = [s for t in reply.draft["t"] for s in t["sg"] if "z" in s]
    assert all(s["z"] == [1, 2] and s["m"]["lane"] == "main" for s in kept)


@settings(max_examples=25, deadline=None)
@given(said=st.lists(st.sampled_from(SAID), min_size=5, max_size=15), name=st.sampled_from(NAMES))
def test_a_conversation_keeps_the_draft_valid_and_every_step_can_be_told(said: list[str], name: str) -> None:
    draft, media = starts()[name]
    versions = [draft]
    for text in said:
        previous = versions[-2] if len(versions) > 1 else None
        reply = respond(text, Context(versions[-1], media, "en", (), previous))
        if reply.draft is None:
            continue
        validate(reply.draft)
        for language in ("en", "zh-CN", "zh-TW"):
            assert describe_step("undo", reply.draft, versions[-1], language)
            assert describe_step("redo", versions[-1], reply.draft, language)
        versions.append(reply.draft)
