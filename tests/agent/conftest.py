"""A scripted backend, and a client that talks to it, for the tests of the agent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import pytest

from agent.client import Client
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
