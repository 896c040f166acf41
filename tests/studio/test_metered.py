"""A studio that meters as the hosted service does."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.studio.serving import PORTRAIT, Caller, StudioProcess, drawing, message, running


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioProcess]:
    with running(tmp_path_factory.mktemp("hosted"), "--like-hosted") as process:
        yield process


def balance(caller: Caller) -> dict[str, int]:
    return dict(caller.http.get("/api/credits/balance/simple").json()["data"])


def test_a_token_needs_no_secret_and_comes_once(hosted: StudioProcess) -> None:
    headers = {"X-Client-Id": str(uuid.uuid4())}
    assert hosted.http().post("/api/auth/anonymous-token", headers=headers).json()["code"] == 0
    again = hosted.http().post("/api/auth/anonymous-token", headers=headers)
    assert (again.status_code, again.json()["code"]) == (429, 429)
    assert int(again.headers["retry-after"]) > 86400


def test_a_turn_costs_a_credit_and_an_export_none(hosted: StudioProcess) -> None:
    caller = hosted.caller()
    session_id = caller.portrait()
    caller.say(session_id, "make a circular avatar")
    assert balance(caller) == {"available": 99, "frozen": 0, "total": 99}
    caller.submit(session_id, drawing(), {"format": "png"}, "render_free")
    assert caller.finished("render_free")["status"] == "completed"
    assert balance(caller)["total"] == 99


def test_a_question_costs_nothing(hosted: StudioProcess) -> None:
    caller = hosted.caller()
    caller.say(caller.session(), "what can you do?")
    assert balance(caller) == {"available": 100, "frozen": 0, "total": 100}


def test_without_credits_a_turn_is_2001_and_changes_nothing(hosted: StudioProcess) -> None:
    caller = hosted.caller()
    session_id = caller.portrait()
    caller.say(session_id, "make a circular avatar")
    for number in range(99):
        caller.say(session_id, f'add title "{number}"' if number == 0 else f'change the title to "{number}"')
    assert balance(caller) == {"available": 0, "frozen": 0, "total": 0}
    reply = caller.http.post("/run_sse", json=message(session_id, "make an avatar"))
    assert (reply.status_code, reply.json()["code"]) == (402, 2001)
    assert caller.upload(session_id, PORTRAIT).status_code == 200


def test_who_asks_too_often_waits(hosted: StudioProcess) -> None:
    caller = hosted.caller()
    for _ in range(1000):
        reply = caller.http.get("/api/credits/balance/simple")
        if reply.status_code == 429:
            break
    assert reply.json()["code"] == 429
    assert 1 <= int(reply.headers["retry-after"]) <= 60
