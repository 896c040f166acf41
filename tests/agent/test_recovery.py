"""A turn whose end was lost: the state tells what it did, and nothing is ever sent twice unasked."""

from __future__ import annotations

import pytest

from agent.errors import OutOfReach
from agent.events import Changed, Notice, Progress
from agent.recovery import waits
from tests.agent.conversing import Desk, Talk
from tests.scripted_http import Reply
from tests.scripted_server import AVATAR, event

PIECE = event({"type": "text", "content": "I am ab"})
BROKEN = Reply(body=[PIECE], content_type="text/event-stream", framing="chunked", cut=len(PIECE))
NO_ANSWER = Reply(status=0)


@pytest.mark.parametrize("lost", [BROKEN, NO_ANSWER], ids=["in the middle", "before an answer"])
def test_what_was_done_before_the_break_is_found(desk: Desk, lost: Reply) -> None:
    desk.backend.answer(lost, draft=AVATAR)

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round")
        assert heard.error is None
        assert heard.one(Changed).changes == ("Video added: avatar (0-5s)",)
        assert len(talk.backend.seen("run_sse")) == 1

    desk.talk(scenario)


@pytest.mark.parametrize("yes", [False, True])
def test_without_a_change_it_fails_and_is_not_sent_again(desk: Desk, yes: bool) -> None:
    desk.backend.answer(BROKEN)

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round")
        assert isinstance(heard.error, OutOfReach)
        assert [question.kind for question in heard.asked] == ["retry"]
        assert len(talk.backend.seen("run_sse")) == 1
        # Before the turn, then five looks.
        assert len(talk.backend.seen("state")) == 6

    desk.talk(scenario, yes=yes)


def test_only_the_user_s_own_yes_sends_it_again(desk: Desk) -> None:
    desk.backend.answer(BROKEN)
    desk.backend.say({"type": "text", "content": "Done."}, draft=AVATAR)

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round", answers=(True,))
        assert heard.error is None
        assert len(talk.backend.seen("run_sse")) == 2

    desk.talk(scenario)


def test_a_silence_too_long_is_treated_as_a_break(desk: Desk) -> None:
    desk.backend.say(PIECE, 30.0, draft=AVATAR)

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round")
        assert heard.error is None
        assert "the work was done" in heard.of(Notice)[-1].text

    desk.talk(scenario, idle_timeout=0.2)


def test_a_sign_of_life_is_given_now_and_then(desk: Desk) -> None:
    desk.backend.say(*[{"type": "heartbeat"}, 0.05] * 8, {"type": "text", "content": "Done."}, draft=AVATAR)

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round")
        told = [event.label for event in heard.of(Progress)]
        assert told
        assert set(told) == {"⏳ Still working…"}

    desk.talk(scenario, heartbeat_seconds=0.1)


def test_silence_alone_gets_a_sign_of_life_too(desk: Desk) -> None:
    desk.backend.say(0.35, {"type": "text", "content": "Done."}, draft=AVATAR)

    async def scenario(talk: Talk) -> None:
        assert len((await talk.turn("make it round")).of(Progress)) >= 1

    desk.talk(scenario, heartbeat_seconds=0.1)


def test_the_state_is_asked_five_times_later_and_later() -> None:
    assert waits(None, studio=False) == (30, 60, 60, 60, 60)
    assert waits(5, studio=False) == (5, 10, 10, 10, 10)
    assert sum(waits(None, studio=True)) < 30
