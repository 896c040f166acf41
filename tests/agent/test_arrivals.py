"""An upload whose answer is lost is looked up before it is called a failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from agent.arrivals import new_media
from agent.errors import OutOfReach
from agent.events import Notice, Uploaded
from tests.agent.conversing import Desk, Heard, Talk
from tests.scripted_http import Reply, Request, json_reply
from tests.scripted_server import ScriptedServer

LOST = {
    "closed": Reply(status=0),
    "reset": Reply(status=0, reset=True),
    "cut": Reply(200, b'{"code":0,"data":{"files":[]}}', cut=9, reset=True),
    "half": Reply(200, b'{"code":0,"data":{"fi'),
    "500": json_reply({"code": 500, "message": "oops"}, 500),
    "page": Reply(504, b"<!doctype html><html>", content_type="text/html"),
}


def losing(backend: ScriptedServer, answer: Reply) -> None:
    """The next upload is stored, and this is what comes back."""
    store: Callable[..., Reply] = backend._upload
    left = [answer]

    def upload(request: Request, account: Any, ident: str) -> Reply:
        reply = store(request, account, ident)
        return left.pop() if left else reply

    backend._upload = upload  # type: ignore[method-assign]


def info(name: str, **more: object) -> Mapping[str, object]:
    return {"filename": name, "file_type": "image", **more}


@pytest.mark.parametrize("answer", LOST.values(), ids=LOST)
def test_a_file_that_arrived_is_not_reported_as_a_failure(desk: Desk, answer: Reply) -> None:
    losing(desk.backend, answer)

    async def scenario(talk: Talk) -> Heard:
        return await talk.turn("make it rounder", desk.photo())

    heard = desk.talk(scenario)
    assert heard.error is None
    assert [file["filename"] for file in heard.one(Uploaded).files] == ["me.png"]
    assert any("arrived" in notice.text and "me.png" in notice.text for notice in heard.of(Notice))
    assert len(desk.backend.seen("upload")) == len(desk.backend.sessions["s1"].files) == 1
    assert desk.backend.sessions["s1"].heard == ["make it rounder"]


def test_a_file_that_did_not_arrive_is_a_failure_and_not_sent_again(desk: Desk) -> None:
    desk.backend.fail("upload", Reply(status=0))

    async def scenario(talk: Talk) -> Heard:
        return await talk.turn("make it rounder", desk.photo())

    heard = desk.talk(scenario)
    assert isinstance(heard.error, OutOfReach)
    assert heard.of(Uploaded) == []
    assert len(desk.backend.seen("upload")) == 1
    assert desk.backend.seen("run_sse") == []


def test_an_earlier_file_of_the_same_name_is_not_taken_for_the_new_one(desk: Desk) -> None:
    async def scenario(talk: Talk) -> tuple[Heard, Heard]:
        first = await talk.turn("", desk.photo())
        desk.backend.fail("upload", Reply(status=0))
        return first, await talk.turn("", desk.photo())

    first, second = desk.talk(scenario)
    assert first.error is None
    assert isinstance(second.error, OutOfReach)


def test_a_second_file_of_the_same_name_is_found(desk: Desk) -> None:
    async def scenario(talk: Talk) -> Heard:
        await talk.turn("", desk.photo())
        losing(desk.backend, LOST["reset"])
        return await talk.turn("", desk.photo())

    assert desk.talk(scenario).error is None
    assert len(desk.backend.sessions["s1"].files) == 2


def test_all_of_several_files_must_be_there() -> None:
    after = (info("a.png"), info("b.png", width=3))
    assert [one.filename for one in new_media(["b.png", "a.png"], (), after)] == ["b.png", "a.png"]
    assert new_media(["a.png", "c.png"], (), after) == ()
    assert new_media(["a.png"], (info("a.png"),), after) == ()
    assert new_media(["b.png"], (info("a.png"),), after)[0].width == 3


def test_what_a_backend_says_of_its_files_may_be_anything() -> None:
    assert new_media(["a.png"], ({},), ({"filename": 3}, {"filename": None}, {})) == ()
