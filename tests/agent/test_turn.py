"""Whole turns against a backend that speaks the other dialect, over a real socket."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from agent.errors import (
    CreditsExhausted,
    FileMissing,
    FormatUnsupported,
    NothingToExport,
    NotSignedIn,
    PaymentNeeded,
    PlanRequired,
    RateLimited,
    SessionGone,
    TurnFailed,
)
from agent.events import (
    Action,
    Changed,
    Credits,
    Export,
    Exported,
    Intents,
    Notice,
    Progress,
    Text,
    TextPiece,
    Timeline,
    Upload,
    Uploaded,
)
from tests.agent.conversing import Desk, Talk
from tests.scripted_http import Reply
from tests.scripted_server import AVATAR, MP4, draft_of, event

TEXT = {"type": "text", "content": "A round avatar."}
CLICK = {"type": "text", "content": "Done. Click the Export button to download it."}
DRAG = {"type": "text", "content": "All set. Drag the clip to the beginning of the timeline."}
LONGER = draft_of({"d": 9000, "m": {"name": "avatar"}})


def test_a_photo_and_words_become_a_file(desk: Desk) -> None:
    desk.backend.say(TEXT, draft=AVATAR)
    photo = desk.photo()

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make a round avatar", photo)
        assert heard.error is None
        assert heard.one(Intents).intents == ("upload", "sse", "export")
        assert heard.of(Upload)[-1].bytes == photo.stat().st_size
        assert heard.one(Uploaded).files[0]["filename"] == "me.png"
        assert heard.one(Text).text == "A round avatar."
        assert [event.status for event in heard.of(Export)][-1] == "completed"
        exported = heard.one(Exported)
        assert Path(exported.path).read_bytes() == MP4
        assert exported.bytes == len(MP4)
        assert Path(exported.path) == desk.home / "out.mp4"

    desk.talk(scenario, output="out.mp4")


@pytest.mark.parametrize(
    "words", ["turn my photo into a video", "convert it to mp4", "I want an mp4", "把它做成mp4"]
)
def test_a_file_to_be_made_of_a_fresh_photo_is_made_before_it_is_exported(desk: Desk, words: str) -> None:
    desk.backend.say(TEXT, draft=AVATAR)
    photo = desk.photo()

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn(words, photo)
        assert heard.error is None
        assert heard.one(Intents).intents == ("upload", "sse", "export")
        assert talk.backend.sessions[talk.conversation.session_id].heard == [words]
        assert (await talk.turn(words)).one(Intents).intents == ("export",)

    desk.talk(scenario, format="mp4")


def test_an_export_without_words_of_making_stays_one(desk: Desk) -> None:
    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("export", desk.photo())
        assert heard.one(Intents).intents == ("upload", "export")
        assert talk.backend.seen("run_sse") == []

    desk.talk(scenario)


def test_the_words_go_to_the_session_as_they_were_said(desk: Desk) -> None:
    async def scenario(talk: Talk) -> None:
        await talk.turn("把背景换成蓝紫渐变")
        session = talk.backend.sessions[talk.conversation.session_id]
        assert session.heard == ["把背景换成蓝紫渐变"]

    desk.talk(scenario)


def test_text_comes_in_pieces_and_then_whole(desk: Desk) -> None:
    desk.backend.say({"type": "text", "content": "One. "}, {"type": "text", "content": "Two."})

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round")
        assert "".join(piece.text for piece in heard.of(TextPiece)).strip() == "One. Two."
        assert " ".join(event.text for event in heard.of(Text)) == "One. Two."

    desk.talk(scenario)


def test_escape_sequences_never_leave_the_turn(desk: Desk) -> None:
    desk.backend.say({"type": "text", "content": "red \x1b[31"}, {"type": "text", "content": "mtext\x07."})

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round")
        shown = "".join(piece.text for piece in heard.of(TextPiece))
        assert "\x1b" not in shown
        assert shown.strip() == "red text."

    desk.talk(scenario)


def test_a_silent_turn_is_answered_by_what_changed(desk: Desk) -> None:
    desk.backend.say({"type": "tool_call", "name": "add_title"}, draft=AVATAR)

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round")
        assert heard.one(Changed).changes == ("Video added: avatar (0-5s)",)
        assert heard.one(Progress).label == "Adding the title…"
        assert heard.of(Text) == []

    desk.talk(scenario)


def test_a_silent_turn_without_a_change_says_so(desk: Desk) -> None:
    desk.backend.say()

    async def scenario(talk: Talk) -> None:
        assert (await talk.turn("make it round")).one(Notice).text == "Nothing changed on the timeline."

    desk.talk(scenario)


def test_the_apology_after_normal_text_is_dropped(desk: Desk) -> None:
    sorry = {"type": "text", "content": " I encountered a temporary issue. Please try again."}
    desk.backend.say(TEXT, sorry, draft=AVATAR)

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round")
        assert "temporary issue" not in "".join(event.text for event in heard.of(Text))

    desk.talk(scenario)


def test_credits_and_status_need_no_words_to_the_model(desk: Desk) -> None:
    async def scenario(talk: Talk) -> None:
        assert (await talk.turn("credits")).one(Credits).available == 100
        assert (await talk.turn("status")).one(Timeline).summary == "Timeline (0 tracks)"
        assert talk.backend.seen("run_sse") == []

    desk.talk(scenario)


def test_what_changed_is_answered_from_the_state(desk: Desk) -> None:
    desk.backend.say(TEXT, draft=AVATAR)

    async def scenario(talk: Talk) -> None:
        await talk.turn("make it round")
        heard = await talk.turn("what changed?")
        assert heard.one(Changed).changes == ("Video added: avatar (0-5s)",)
        assert heard.one(Timeline).summary == "Timeline (1 tracks): 1. Video: avatar (0-5s)"
        assert len(talk.backend.seen("run_sse")) == 1

    desk.talk(scenario)


def test_an_empty_timeline_has_nothing_to_export(desk: Desk) -> None:
    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("export")
        assert isinstance(heard.error, NothingToExport)
        assert talk.backend.seen("submit") == []

    desk.talk(scenario)


def test_a_format_the_backend_lacks_is_refused_before_anything_is_sent(desk: Desk) -> None:
    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make a round avatar", desk.photo())
        assert isinstance(heard.error, FormatUnsupported)
        assert talk.backend.seen("upload") == talk.backend.seen("run_sse") == []

    desk.talk(scenario, output="out.png")


def test_an_upload_without_a_file_asks_for_one_in_the_chat(desk: Desk) -> None:
    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("upload my holiday clip")
        assert heard.error is None
        assert "Which file" in heard.one(Notice).text

    desk.talk(scenario, one_shot=False)


def test_an_upload_without_a_file_fails_in_a_script(desk: Desk) -> None:
    async def scenario(talk: Talk) -> None:
        assert isinstance((await talk.turn("upload my holiday clip")).error, FileMissing)

    desk.talk(scenario)


def test_a_path_in_the_words_is_uploaded_first(desk: Desk) -> None:
    photo = desk.photo("in words.png")

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn(f'put "{photo}" on the right')
        assert heard.one(Intents).intents == ("upload", "sse")
        assert heard.one(Uploaded).files[0]["filename"] == "in words.png"

    desk.talk(scenario)


# what the backend asks for


def test_an_export_the_backend_asks_for_is_made_once(desk: Desk) -> None:
    desk.backend.say(CLICK, CLICK, draft=AVATAR)

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round")
        assert [(event.action, event.source) for event in heard.of(Action)] == [
            ("edit", "user"),
            ("export", "backend"),
        ]
        assert Path(heard.one(Exported).path).parent == desk.home / "out"
        assert "Click" not in heard.of(Text)[0].text

    desk.talk(scenario, one_shot=False)


def test_the_user_s_own_export_is_not_made_twice(desk: Desk) -> None:
    desk.backend.say(CLICK, draft=AVATAR)

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round", desk.photo())
        assert len(heard.of(Exported)) == 1

    desk.talk(scenario, output="out.mp4")


def test_an_edit_the_backend_asks_for_is_asked_first(desk: Desk) -> None:
    desk.backend.say(DRAG, draft=AVATAR)

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round")
        (question,) = heard.asked
        assert question.kind == "spend"
        assert "Drag the clip" in question.text
        assert any("not made" in notice.text for notice in heard.of(Notice))
        assert len(talk.backend.seen("run_sse")) == 1

    desk.talk(scenario)


@pytest.mark.parametrize("how", ["yes", "answer"])
def test_an_edit_that_is_allowed_is_sent_once_and_no_further(desk: Desk, how: str) -> None:
    desk.backend.say(DRAG, draft=AVATAR)
    desk.backend.say(DRAG, draft=LONGER)

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round", answers=(True, True))
        assert len(heard.asked) == (0 if how == "yes" else 1)
        session = talk.backend.sessions[talk.conversation.session_id]
        assert len(session.heard) == 2
        assert "Drag the clip" in session.heard[1]

    desk.talk(scenario, yes=how == "yes")


def test_nothing_more_is_spent_than_allowed(desk: Desk) -> None:
    async def scenario(talk: Talk) -> None:
        assert (await talk.turn("make it round")).error is None
        heard = await talk.turn("make it square")
        assert isinstance(heard.error, PaymentNeeded)
        assert len(talk.backend.seen("run_sse")) == 1

    desk.talk(scenario, max_credits=1)


# refusals


def test_a_session_that_is_gone_is_replaced_and_the_files_offered(desk: Desk) -> None:
    photo = desk.photo()

    async def scenario(talk: Talk) -> None:
        await talk.turn("make it round", photo)
        talk.backend.sessions.clear()
        heard = await talk.turn("make it square", answers=(True,))
        assert isinstance(heard.error, SessionGone)
        assert heard.asked[0].kind == "upload"
        assert heard.one(Uploaded).files[0]["filename"] == "me.png"
        assert "make it square" not in [
            text for session in talk.backend.sessions.values() for text in session.heard
        ]
        assert (await talk.turn("make it square")).error is None

    desk.talk(scenario)


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [(2001, 200, CreditsExhausted), (2001, 402, CreditsExhausted), (402, 402, PlanRequired),
     (1001, 401, NotSignedIn), (429, 429, RateLimited), (777, 200, TurnFailed), (500, 500, TurnFailed)],
)  # fmt: skip
def test_a_refusal_ends_the_turn_in_its_own_words(
    desk: Desk, code: int, status: int, error: type[Exception]
) -> None:
    for _ in range(3):
        desk.backend.refuse("run_sse", code, "not today", status=status, Retry_After="0")

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round")
        assert isinstance(heard.error, error)
        assert heard.error is not None
        assert heard.error.code == code
        assert len(talk.backend.seen("run_sse")) == (2 if code in (1001, 429) else 1)

    desk.talk(scenario)


def test_a_failure_inside_the_stream_ends_the_turn(desk: Desk) -> None:
    desk.backend.say(TEXT, {"type": "error", "message": "the model fell over"})

    async def scenario(talk: Talk) -> None:
        heard = await talk.turn("make it round")
        assert isinstance(heard.error, TurnFailed)
        assert heard.one(Text).text == "A round avatar."
        assert "fell over" in heard.error.detail

    desk.talk(scenario)


def test_stopping_a_turn_closes_its_stream(desk: Desk) -> None:
    desk.backend.say(TEXT, 30.0)

    async def scenario(talk: Talk) -> None:
        task = asyncio.create_task(talk.turn("make it round"))
        while not talk.backend.seen("run_sse"):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await talk.turn("credits")).error is None

    desk.talk(scenario)


def test_a_result_in_two_stages_is_told_as_it_comes(desk: Desk) -> None:
    with_title = {"t": [*AVATAR["t"], {"tt": 7, "sg": [{"d": 3000, "m": {"text": "Hi"}}]}]}
    call = event({"type": "tool_call", "name": "generate"})
    result = event({"type": "tool_result", "name": "generate"})
    pieces = [call, 0.1, result, 0.5, call, 0.1, result, event({"type": "text", "content": "Done."})]

    async def scenario(talk: Talk) -> None:
        session = talk.backend.sessions[talk.conversation.session_id]
        reply = Reply(body=pieces, content_type="text/event-stream", framing="chunked")
        talk.backend.answer(reply, draft=AVATAR)
        task = asyncio.create_task(talk.turn("make it round"))
        while not talk.backend.seen("run_sse"):
            await asyncio.sleep(0.01)
        while len(talk.backend.seen("state")) < 2:
            await asyncio.sleep(0.01)
        session.draft = with_title
        heard = await task
        assert [event.changes for event in heard.of(Changed)] == [
            ("Video added: avatar (0-5s)",),
            ('Title added: "Hi" (0-3s)',),
        ]

    desk.talk(scenario)
