"""Draft versions: listed, and put in force again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from studio import sessions
from studio.replies import bad_request, enveloped
from studio.routes.caller import studio_of
from studio.routes.common import signed_in


async def listing(request: Request) -> Response:
    """Every version, and which is in force."""
    account = await signed_in(request)
    return enveloped(await studio_of(request).read(_listing, account, request.path_params["session_id"]))


async def undo(request: Request) -> Response:
    return await _move(request, "undo")


async def redo(request: Request) -> Response:
    return await _move(request, "redo")


async def go(request: Request) -> Response:
    """Put version `n` in force."""
    return await _move(request, "go")


async def _move(request: Request, step: str) -> Response:
    studio = studio_of(request)
    account = await signed_in(request)
    session_id = request.path_params["session_id"]
    n = int(request.path_params.get("n", 0))
    async with studio.turn_lock(session_id):
        moved = await studio.write(_moved, account, session_id, step, n)
    studio.hub.tell(session_id, {"type": "draft", "version": moved["version"]})
    return enveloped(moved)


def _moved(connection: Connection, account: str, session_id: str, step: str, n: int) -> dict[str, Any]:
    session = sessions.load(connection, account, session_id, lock=True)
    if step == "go":
        found: sessions.Version | None = sessions.version(connection, session.id, min(n, 2**31 - 1))
        sessions.move(connection, session.id, n)
    else:
        found = (sessions.undo if step == "undo" else sessions.redo)(connection, session)
    if found is None:
        raise bad_request(f"There is nothing to {step}.")
    return {"version": found.n, "draft": found.draft}


def _listing(connection: Connection, account: str, session_id: str) -> dict[str, Any]:
    session = sessions.load(connection, account, session_id)
    return {
        "current": session.position,
        "versions": [
            {
                "version": one.n,
                "parent": one.parent,
                "created_at": datetime.fromtimestamp(one.created_at / 1000, UTC).isoformat(),
                "tracks": len(one.draft.get("t", ())),
                "duration": one.draft.get("d", 0),
            }
            for one in sessions.all_versions(connection, session.id)
        ],
    }


routes = [
    Route("/api/versions/{session_id}", listing),
    Route("/api/versions/{session_id}/undo", undo, methods=["POST"]),
    Route("/api/versions/{session_id}/redo", redo, methods=["POST"]),
    Route("/api/versions/{session_id}/{n:int}", go, methods=["POST"]),
]
