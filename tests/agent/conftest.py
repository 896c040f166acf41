"""A scripted backend, and a client that talks to it, for the tests of the agent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from agent.client import Client
from tests.agent.conversing import Desk
from tests.agent.running import Command
from tests.scripted_server import ScriptedServer

T = TypeVar("T")
HEADERS = {"X-Skill-Source": "s", "X-Skill-Version": "1.10", "X-Skill-Platform": "unknown"}


@pytest.fixture
def backend() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def with_client(backend: ScriptedServer) -> Callable[..., Any]:
    """Runs `scenario(client)` with a signed-in client, closed at the end."""

    def run(scenario: Callable[[Client], Coroutine[Any, Any, T]], *, signed: bool = True, **how: Any) -> T:
        async def whole() -> T:
            client = Client(how.pop("url", backend.url), headers=HEADERS, **{"backoff": 0.01, **how})
            try:
                if signed:
                    client.token = await client.anonymous_token("c1")
                return await scenario(client)
            finally:
                await client.aclose()

        return asyncio.run(whole())

    return run


@pytest.fixture
def desk(backend: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Opens conversations with the scripted backend from an empty home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return Desk(backend, tmp_path)


@pytest.fixture
def avatar(
    backend: ScriptedServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """The command, run in this process from an empty home folder against the scripted backend."""
    for name, value in {
        "HOME": str(tmp_path), "AVATAR_SESSION_DIR": str(tmp_path / "state"), "AVATAR_POLL_SECONDS": "0.01",
        "LANG": "en_GB.UTF-8", "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return Command(tmp_path, backend.url, capsys)
