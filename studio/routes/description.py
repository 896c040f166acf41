"""The API's own description."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from studio.openapi import describe
from studio.replies import bare


async def openapi(request: Request) -> Response:
    return bare(describe())


routes = [Route("/api/openapi.json", openapi)]
