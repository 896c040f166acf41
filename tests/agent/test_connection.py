"""Signing in: whose token goes where, who is asked again and when, and which session is gone on with."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from agent import errors
from agent.config import Settings, resolve
from agent.connection import Connection, home_origins, origin
from agent.local import BackendAddress
from agent.models import Session, Token
from agent.skill import shipped_skill
from agent.store import Store
from agent.stream import StreamText
from tests.scripted_http import Reply, json_reply
from tests.scripted_server import ScriptedServer

T = TypeVar("T")


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


def settings_for(backend: ScriptedServer, flags: dict[str, object] | None = None, **environ: str) -> Settings:
    """Settings whose hosted service is the scripted backend."""
    return resolve(flags or {}, environ={"NEMO_API_URL": backend.url, **environ})


async def opened(settings: Settings, url: str = "", **how: Any) -> Connection:
    address = how.pop("address", None) or BackendAddress(url or settings.api_url)
    return await Connection.connect(settings, shipped_skill(), Store(settings.state_dir), address, **how)


def connected(
    settings: Settings, scenario: Callable[[Connection], Coroutine[Any, Any, T]], url: str = "", **how: Any
) -> T:
    async def whole() -> T:
        connection = await opened(settings, url, **how)
        try:
            return await scenario(connection)
        finally:
            await connection.aclose()

    return asyncio.run(whole())


async def nothing(connection: Connection) -> None:
    return None


async def token_of(connection: Connection) -> Token | None:
    return connection.client.token


def test_the_user_s_token_goes_to_the_service_and_no_other(
    backend: ScriptedServer, another: ScriptedServer
) -> None:
    backend.own_account("mine")
    settings = settings_for(backend, NEMO_TOKEN="mine", NEMO_CLIENT_ID="shared-id")
    connected(settings, nothing)
    assert {request.headers["authorization"] for request in backend.requests} == {"Bearer mine"}
    assert backend.seen("token") == []
    connected(settings, nothing, another.url)
    for request in another.requests:
        assert "mine" not in str(request.headers)
        assert "shared-id" not in str(request.headers)


def test_a_token_of_one_backend_is_never_shown_to_another(
    backend: ScriptedServer, another: ScriptedServer
) -> None:
    settings = settings_for(backend)
    connected(settings, nothing)
    connected(settings, nothing, another.url)
    ours = {request.headers.get("authorization", "") for request in backend.requests} - {""}
    theirs = {request.headers.get("authorization", "") for request in another.requests} - {""}
    assert ours
    assert theirs
    assert not ours & theirs
    first, second = backend.seen("token")[0], another.seen("token")[0]
    assert first.headers["x-client-id"] != second.headers["x-client-id"]


def test_a_foreign_skill_file_cannot_send_the_token_to_a_place_of_its_own(
    another: ScriptedServer, tmp_path: Path
) -> None:
    from agent.skill import load_skill

    path = tmp_path / "skill.yaml"
    path.write_text(f"---\nname: x\nversion: 1\n---\nbackend: {{api_url: '{another.url}'}}\n")
    settings = resolve({}, environ={"NEMO_TOKEN": "mine"}, skill=load_skill(path))
    assert settings.api_url == another.url
    assert origin(another.url) not in home_origins(settings)
    connected(settings, nothing)
    assert all("mine" not in str(request.headers) for request in another.requests)


def test_the_family_s_client_id_is_made_once_and_shared(backend: ScriptedServer, home: Path) -> None:
    connected(settings_for(backend), nothing)
    path = home / ".config" / "nemovideo" / "client_id"
    assert backend.seen("token")[0].headers["x-client-id"] == path.read_text().strip()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_environment_s_client_id_is_used_and_not_kept(backend: ScriptedServer, home: Path) -> None:
    connected(settings_for(backend, NEMO_CLIENT_ID="from-env"), nothing)
    assert backend.seen("token")[0].headers["x-client-id"] == "from-env"
    assert not (home / ".config" / "nemovideo").exists()


def test_a_token_is_asked_for_once_and_kept_with_its_expiry(backend: ScriptedServer) -> None:
    settings = settings_for(backend)
    first = connected(settings, token_of)
    second = connected(settings, token_of)
    assert first == second
    assert first is not None
    assert first.expires_at == datetime(2099, 1, 1, tzinfo=UTC)
    assert len(backend.seen("token")) == 1


def test_an_expired_token_is_replaced_before_it_is_used(backend: ScriptedServer) -> None:
    settings = settings_for(backend, NEMO_CLIENT_ID="c1")
    old = Token("old", "anon_0", datetime.now(UTC) - timedelta(days=1))
    Store(settings.state_dir).tokens.keep(origin(backend.url), old, "c1")
    connected(settings, nothing)
    assert all("old" not in str(request.headers) for request in backend.requests)


def test_terminals_that_start_together_ask_for_one_token(backend: ScriptedServer) -> None:
    settings = settings_for(backend)

    async def together() -> None:
        for connection in await asyncio.gather(*(opened(settings) for _ in range(5))):
            await connection.aclose()

    asyncio.run(together())
    assert len(backend.seen("token")) == 1


def test_a_refused_token_is_replaced_once_with_the_same_client_id(backend: ScriptedServer) -> None:
    async def scenario(connection: Connection) -> float:
        backend.expire_tokens()
        return (await connection.authed(connection.client.balance)).available

    assert connected(settings_for(backend), scenario) == 100
    first, second = backend.seen("token")
    assert first.headers["x-client-id"] == second.headers["x-client-id"]
    assert len(backend.seen("credits")) == 2


def test_a_backend_that_refuses_every_token_is_asked_twice_and_no_more(backend: ScriptedServer) -> None:
    async def scenario(connection: Connection) -> None:
        for _ in range(5):
            backend.refuse("credits", 1001, status=401)
        await connection.authed(connection.client.balance)

    with pytest.raises(errors.NotSignedIn) as raised:
        connected(settings_for(backend), scenario)
    assert raised.value.exit_code == 3
    assert len(backend.seen("credits")) == 2
    assert len(backend.seen("token")) == 2


def test_a_token_of_the_user_s_own_is_not_replaced_behind_their_back(backend: ScriptedServer) -> None:
    with pytest.raises(errors.NotSignedIn) as raised:
        connected(settings_for(backend, NEMO_TOKEN="stale"), nothing)
    assert raised.value.key == "own_token_refused"
    assert backend.seen("token") == []


def test_a_new_token_refused_for_now_says_from_when(backend: ScriptedServer) -> None:
    async def scenario(connection: Connection) -> None:
        backend.expire_tokens()
        backend.refuse("token", 429, status=429)
        await connection.authed(connection.client.balance)

    with pytest.raises(errors.NotSignedIn) as raised:
        connected(settings_for(backend), scenario)
    assert (raised.value.key, raised.value.exit_code) == ("token_wait", 3)
    week = datetime.now(UTC) + timedelta(days=7)
    assert raised.value.values["until"] == f"{week:%Y-%m-%d}"


def test_a_first_sign_in_that_must_wait_for_days_says_from_when(backend: ScriptedServer) -> None:
    backend.refuse("token", 429, status=429, Retry_After=str(3 * 86400))
    with pytest.raises(errors.NotSignedIn) as raised:
        connected(settings_for(backend), nothing)
    assert raised.value.values["until"] == f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}"


def test_a_client_id_the_backend_does_not_take_is_replaced_for_it_alone(
    backend: ScriptedServer, home: Path
) -> None:
    settings = settings_for(backend)
    backend.refuse("token", 400, "X-Client-Id is malformed", status=400)
    connected(settings, nothing)
    first, second = (request.headers["x-client-id"] for request in backend.seen("token"))
    assert first != second
    assert (home / ".config" / "nemovideo" / "client_id").read_text().strip() == first


def test_a_rate_limit_is_waited_for_once(backend: ScriptedServer) -> None:
    waits: list[float] = []

    async def scenario(connection: Connection) -> None:
        backend.refuse("credits", 429, status=429, Retry_After="0.05")
        await connection.authed(connection.client.balance)
        backend.refuse("credits", 429, status=429, Retry_After="0.05")
        backend.refuse("credits", 429, status=429, Retry_After="0.05")
        await connection.authed(connection.client.balance)

    with pytest.raises(errors.RateLimited) as raised:
        connected(settings_for(backend), scenario, on_wait=waits.append)
    assert raised.value.exit_code == 7
    assert waits == [0.05, 0.05]


def test_a_rate_limit_of_an_hour_is_told_instead_of_waited_for(backend: ScriptedServer) -> None:
    async def scenario(connection: Connection) -> None:
        backend.refuse("credits", 429, status=429, Retry_After="3600")
        await connection.authed(connection.client.balance)

    with pytest.raises(errors.RateLimited) as raised:
        connected(settings_for(backend), scenario)
    assert raised.value.seconds == 3600


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


def test_the_last_session_is_resumed_with_its_state(backend: ScriptedServer) -> None:
    settings = settings_for(backend)
    connected(settings, heard)

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
    connected(settings, nothing)
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


@pytest.mark.parametrize("url", ["not a url", "http://", "ftp://host/x"])
def test_an_address_that_is_none_is_a_configuration_error(url: str) -> None:
    with pytest.raises(errors.ConfigError):
        origin(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/api", "https://a.example:443"),
        ("http://A.example:8080", "http://a.example:8080"),
        ("http://[::1]:9/x", "http://::1:9"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, expected: str) -> None:
    assert origin(url) == expected
