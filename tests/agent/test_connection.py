"""Signing in: whose token goes where, who is asked again and when."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent import errors
from agent.config import resolve
from agent.connection import Connection
from agent.identity import home_origins, origin
from agent.models import Token
from agent.store import Store
from tests.agent.connecting import connected, nothing, opened, settings_for, token_of
from tests.scripted_server import ScriptedServer


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
    backend.refuse("token", 400, "X-Client-Id is malformed", status=400)
    connected(settings, nothing)
    assert len(backend.seen("token")) == 3
    assert len(backend.accounts) == 1


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


def test_calls_that_are_refused_together_sign_in_again_together(backend: ScriptedServer) -> None:
    async def scenario(connection: Connection) -> None:
        backend.expire_tokens()
        await asyncio.gather(*(connection.authed(connection.client.balance) for _ in range(5)))

    connected(settings_for(backend), scenario)
    assert len(backend.seen("token")) == 2
