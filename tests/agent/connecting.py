"""Opens connections to scripted backends, for the tests of signing in and of sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from agent.config import Settings, resolve
from agent.connection import Connection
from agent.local import BackendAddress
from agent.models import Token
from agent.skill import shipped_skill
from agent.store import Store
from tests.scripted_server import ScriptedServer

T = TypeVar("T")


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
