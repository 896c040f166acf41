"""A picture of the current draft, as PNG or as raw bytes for terminals."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from studio import media, sessions
from studio.core import Studio
from studio.draft import exportable
from studio.pool import WorkerDiedError, WorkError
from studio.replies import ApiError, bad_request
from studio.routes.caller import studio_of
from studio.routes.common import number_query, signed_in
from studio.sessions import Draft

LEAST_PX, MOST_PX, DEFAULT_PX = 16, 2048, 512
MOST_MS = 600_000
CACHED, CACHED_BYTES = 32, 1_000_000
_TYPES = {"png": "image/png", "rgb": "application/octet-stream"}


async def preview(request: Request) -> Response:
    """`px` × `px` of the draft at `at` ms; 400 while there is nothing to show."""
    studio = studio_of(request)
    account = await signed_in(request)
    px = number_query(request, "px", DEFAULT_PX, LEAST_PX, MOST_PX)
    at = number_query(request, "at", 0, 0, MOST_MS)
    form = request.query_params.get("format", "png")
    if form not in _TYPES:
        raise bad_request("“format” must be png or rgb.")
    draft, names = await studio.read(_draft, account, request.path_params["session_id"])
    if not exportable(draft):
        raise bad_request("There is nothing to show yet.")
    key = hashlib.sha256(json.dumps([draft, px, at, form]).encode()).hexdigest()
    picture = studio.previews.get(key)
    if picture is None:
        picture = await _paint(studio, draft, names, px, at, form)
        if len(picture) <= CACHED_BYTES:
            studio.previews[key] = picture
        while len(studio.previews) > CACHED:
            studio.previews.pop(next(iter(studio.previews)))
    return Response(picture, media_type=_TYPES[form], headers={"X-Width": str(px), "X-Height": str(px)})


async def _paint(studio: Studio, draft: Draft, names: set[str], px: int, at: int, form: str) -> bytes:
    out = studio.files.temporary(".preview")
    assets = {name: str(studio.files.path(name)) for name in names if studio.files.has(name)}
    request = {
        "op": "preview",
        "draft": draft,
        "px": px,
        "at": at,
        "format": form,
        "out": str(out),
        "assets": assets,
    }
    try:
        async with studio.preview_lane().worker() as worker:
            await worker.ask(request, seconds=studio.config.limits.preview_seconds)
        return out.read_bytes()
    except (WorkerDiedError, WorkError) as error:
        raise ApiError(500, 500, f"The preview could not be made: {error}") from error
    finally:
        out.unlink(missing_ok=True)


def _draft(connection: Connection, account: str, session_id: str) -> tuple[Draft, set[str]]:
    session = sessions.load(connection, account, session_id)
    names = {item.sha256 for item in media.of_session(connection, session.id)}
    return sessions.current(connection, session).draft, names


routes = [Route("/api/preview/{session_id}", preview)]
