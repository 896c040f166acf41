"""What is no edit changes nothing: small talk, errands, wishes beyond what the studio does, questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.brain import Context, respond
from tests.studio.brain.drafts import starts

SAID = Path(__file__).with_name("talk.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("name", ["full", "avatar", "slides"])
def test_talk_changes_nothing(name: str) -> None:
    changed = []
    for text in SAID:
        draft, media = starts()[name]
        reply = respond(text, Context(draft, media))
        assert reply.text
        if reply.draft is not None or reply.step:
            changed.append(f"{text}: {reply.text}")
    assert not changed
