"""The ASGI application: the gate, and behind it the routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from studio.core import HEAD_START, Studio
from studio.replies import ApiError, enveloped
from studio.routes import owner
from studio.security import Gate, refusal


def create_app(studio: Studio, listening: Callable[[], None] = lambda: None) -> ASGIApp:
    """The whole server for one studio; `listening` is called once requests are taken."""

    rest = _Rest(studio)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        listening()
        studio.open()
        rest.load()
        try:
            yield
        finally:
            await studio.close()

    routes: list[BaseRoute] = [*owner.routes, Mount("/", rest)]
    handlers = {HTTPException: _http_error, ApiError: _refused, Exception: _refused}
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)
    app.state.studio = studio
    return Gate(app, studio)


class _Rest:
    """The endpoints that need the database, whose modules load while the first requests come in."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._loading: asyncio.Task[Router] | None = None

    def load(self) -> None:
        self._loading = asyncio.create_task(self._load())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._loading is not None
        router = await asyncio.shield(self._loading)
        await self._studio.ready()
        await router(scope, receive, send)

    async def _load(self) -> Router:
        await asyncio.sleep(HEAD_START)
        return await asyncio.to_thread(_everything)


def _everything() -> Router:
    from studio.routes.everything import router

    return router()


async def _http_error(request: Request, error: Exception) -> Response:
    """404 and 405 of the router, in the contract's envelope."""
    assert isinstance(error, HTTPException)
    return enveloped(
        None, code=error.status_code, message=error.detail, status=error.status_code, headers=error.headers
    )


async def _refused(request: Request, error: Exception) -> Response:
    return refusal(error).response()
