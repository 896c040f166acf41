"""Turns and sessions of a connection: what is said once more, and which session is gone on with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent import errors
from agent.config import resolve
from agent.connection import Connection
from agent.local import BackendAddress
from agent.models import Session, Token
from agent.stream import StreamText
from tests.agent.connecting import connected, nothing, settings_for
from tests.scripted_http import Reply, json_reply
from tests.scripted_server import Job, ScriptedServer


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def another() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


async def heard(connection: Connection) -> str:
    pieces = [event async for event in connection.run("make it rounder")]
    return "".join(piece.text for piece in pieces if isinstance(piece, StreamText))


@pytest.mark.parametrize(
    "refusal",
    [
        json_reply({"code": 1001, "message": "no"}, 401),
        json_reply({"code": 429, "message": "slow"}, 429, Retry_After="0.05"),
    ],
)
def test_a_message_refused_before_it_began_is_sent_once_more(backend: ScriptedServer, refusal: Reply) -> None:
    backend.fail("run_sse", refusal)
    assert connected(settings_for(backend), heard) == "Done."
    assert len(backend.seen("run_sse")) == 2
    assert backend.sessions["s1"].heard == ["make it rounder"]


@pytest.mark.parametrize(
    ("refusal", "error", "times"),
    [
        (json_reply({"code": 1001, "message": "no"}, 401), errors.NotSignedIn, 2),
        (json_reply({"code": 429, "message": "slow"}, 429, Retry_After="0.05"), errors.RateLimited, 2),
        (json_reply({"code": 500, "message": "no"}, 500), errors.TurnFailed, 1),
        (json_reply({"code": 2001, "message": "no"}, 402), errors.CreditsExhausted, 1),
        (json_reply({"code": 1002, "message": "no"}, 404), errors.SessionGone, 1),
        (Reply(502, b"<html>", content_type="text/html"), errors.NotTheService, 1),
        (Reply(status=0), errors.Dropped, 1),
    ],
)
def test_a_message_is_never_sent_more_often_than_that(
    backend: ScriptedServer, refusal: Reply, error: type, times: int
) -> None:
    backend.fail("run_sse", *[refusal] * 4)
    with pytest.raises(error):
        connected(settings_for(backend), heard)
    assert len(backend.seen("run_sse")) == times
    assert backend.sessions["s1"].heard == []


def test_a_turn_that_has_begun_is_never_begun_again(backend: ScriptedServer) -> None:
    backend.answer(
        Reply(
            body=b'data: {"type":"text","content":"x"}\n\n' * 2,
            content_type="text/event-stream",
            framing="chunked",
            cut=40,
        )
    )
    with pytest.raises(errors.Dropped):
        connected(settings_for(backend), heard)
    assert len(backend.seen("run_sse")) == 1


async def made(connection: Connection) -> None:
    """Something worth coming back to."""
    await heard(connection)
    connection.keep()


def test_a_session_in_which_nothing_was_made_is_not_the_last(backend: ScriptedServer) -> None:
    settings = settings_for(backend)
    connected(settings, made)
    connected(settings, nothing)

    async def scenario(connection: Connection) -> str:
        return connection.session.session_id

    assert connected(settings, scenario, which_session="last") == "s1"


def test_the_last_session_is_resumed_with_its_state(backend: ScriptedServer) -> None:
    settings = settings_for(backend)
    connected(settings, made)

    async def scenario(connection: Connection) -> tuple[bool, Session, bool]:
        assert connection.state is not None
        return connection.resumed, connection.session, bool(connection.state.draft)

    assert connected(settings, scenario, which_session="last") == (
        True,
        Session("s1", "t-s1", "anon_0"),
        True,
    )
    assert len(backend.seen("session")) == 1


def test_a_last_session_that_is_gone_gives_way_to_a_new_one(backend: ScriptedServer) -> None:
    settings = settings_for(backend)
    connected(settings, made)
    backend.sessions.clear()

    async def scenario(connection: Connection) -> tuple[bool, bool]:
        return connection.resumed, connection.lost

    assert connected(settings, scenario, which_session="last") == (False, True)


def test_a_named_session_that_is_gone_is_told(backend: ScriptedServer) -> None:
    with pytest.raises(errors.SessionGone):
        connected(settings_for(backend), nothing, which_session="s77")


def test_without_a_last_session_a_new_one_is_opened(backend: ScriptedServer) -> None:
    async def scenario(connection: Connection) -> tuple[bool, bool, str]:
        return connection.resumed, connection.lost, connection.session.session_id

    assert connected(settings_for(backend), scenario, which_session="last") == (False, False, "s1")


@pytest.mark.parametrize(
    ("flags", "hint", "environ", "language"),
    [
        ({"language": "zh-TW"}, "hello", {}, "zh-TW"),
        ({}, "make me a round avatar please", {}, "en"),
        ({}, "用我的照片做一个圆形头像", {}, "zh-CN"),
        ({}, "用我的照片做一個圓形頭像", {}, "zh-TW"),
        ({}, "", {"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({}, "", {}, "en"),
    ],
)
def test_the_session_speaks_the_user_s_language(
    backend: ScriptedServer, flags: dict[str, object], hint: str, environ: dict[str, str], language: str
) -> None:
    connected(settings_for(backend, flags, **environ), nothing, text_hint=hint)
    assert backend.seen("session")[0].json()["language"] == language


def test_a_claim_link_carries_no_bearer_token(backend: ScriptedServer) -> None:
    settings = settings_for(backend, NEMO_WEB_URL="https://web.example")

    async def scenario(connection: Connection) -> str:
        return await connection.claim_link()

    assert connected(settings, scenario) == "https://web.example/workspace/claim?ct=clm_1"


def test_the_studio_s_secret_goes_with_the_token_request_alone(backend: ScriptedServer) -> None:
    address = BackendAddress(backend.url, secret="s3cret", is_studio=True)

    async def scenario(connection: Connection) -> tuple[str, str]:
        return connection.backend, connection.backend_label

    assert connected(settings_for(backend), scenario, address=address) == ("studio", "studio")
    first, *others = backend.requests
    assert first.headers["x-studio-secret"] == "s3cret"
    assert all("x-studio-secret" not in request.headers for request in others)


def test_a_studio_elsewhere_is_found_out_and_a_service_is_not_asked(
    backend: ScriptedServer, another: ScriptedServer
) -> None:
    async def scenario(connection: Connection) -> tuple[bool, str]:
        return connection.is_studio, connection.backend_label

    settings = resolve({"backend": backend.url}, environ={})
    assert connected(settings, scenario, backend.url) == (False, backend.url)
    hosted = settings_for(another)
    assert connected(hosted, scenario) == (False, "hosted")
    assert all(request.path != "/health" for request in another.requests)


def test_a_studio_that_has_stopped_is_found_again_and_the_message_sent_once(
    backend: ScriptedServer, another: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The studio stops by itself when nobody needs it; the next one listens on another port."""

    async def started(settings: object) -> BackendAddress:
        return BackendAddress(another.url, secret="new", is_studio=True)

    monkeypatch.setattr("agent.connection.ensure_studio", started)

    async def scenario(connection: Connection) -> str:
        another.tokens, another.accounts = backend.tokens, backend.accounts
        another.sessions = backend.sessions
        backend.close()
        assert (await connection.authed(connection.client.balance)).available == 100
        return await heard(connection)

    address = BackendAddress(backend.url, secret="old", is_studio=True)
    assert connected(settings_for(backend), scenario, address=address) == "Done."
    assert len(another.seen("run_sse")) == 1


def test_another_backend_that_has_stopped_is_out_of_reach(backend: ScriptedServer) -> None:
    async def scenario(connection: Connection) -> None:
        backend.close()
        await connection.authed(connection.client.balance)

    with pytest.raises(errors.Unreachable):
        connected(settings_for(backend), scenario)


def test_a_render_is_asked_for_with_the_token_that_submitted_it(backend: ScriptedServer) -> None:
    backend.own_account("older")
    backend.jobs["render_1"] = Job({}, "older")

    async def scenario(connection: Connection) -> None:
        await connection.render_status("render_1", Token("older"))
        del backend.tokens["older"]
        await connection.render_status("render_1", Token("older"))

    connected(settings_for(backend), scenario)

    first, refused, second = (request.headers["authorization"] for request in backend.seen("render"))
    assert (first, refused) == ("Bearer older", "Bearer older")
    assert second.startswith("Bearer nmv_usr_")


def test_who_only_wants_to_be_signed_in_opens_no_session(backend: ScriptedServer) -> None:
    connected(settings_for(backend), nothing, which_session="none")
    assert backend.seen("session") == []
    assert len(backend.seen("token")) == 1
