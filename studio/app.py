"""The ASGI application: the gate, and behind it the routes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from studio.core import Studio
from studio.replies import ApiError, enveloped
from studio.routes import auth, chat, events, owner, previews, renders, sessions, uploads, versions
from studio.security import Gate, refusal


def create_app(studio: Studio, listening: Callable[[], None] = lambda: None) -> ASGIApp:
    """The whole server for one studio; `listening` is called once requests are taken."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        studio.open()
        listening()
        try:
            yield
        finally:
            await studio.close()

    groups = (auth, chat, events, owner, previews, renders, sessions, uploads, versions)
    routes: list[BaseRoute] = [route for group in groups for route in group.routes]
    handlers = {HTTPException: _http_error, ApiError: _refused, Exception: _refused}
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)
    app.state.studio = studio
    return Gate(app, studio)


async def _http_error(request: Request, error: Exception) -> Response:
    """404 and 405 of the router, in the contract's envelope."""
    assert isinstance(error, HTTPException)
    return enveloped(
        None, code=error.status_code, message=error.detail, status=error.status_code, headers=error.headers
    )


async def _refused(request: Request, error: Exception) -> Response:
    return refusal(error).response()
