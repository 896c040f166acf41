"""Sessions: made, listed, deleted; their state and their credits."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from studio import ledger, media, renders, sessions
from studio.core import Studio
from studio.replies import bad_request, enveloped
from studio.routes.caller import base_url, studio_of
from studio.routes.common import LANGUAGE_CHARS, json_object, signed_in, text_field
from studio.sessions import Session
from studio.sse import END

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


async def create(request: Request) -> Response:
    """Row 2: a new session in the user's language."""
    account = await signed_in(request)
    body = await json_object(request)
    name = text_field(body, "task_name", default="project")
    language = text_field(body, "language", longest=LANGUAGE_CHARS, default="en")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("“language” must be a language tag such as en or zh-CN.")
    made = await studio_of(request).write(sessions.create, account, name, language)
    return enveloped({"task_id": made.task_id, "session_id": made.id, "user_id": account})


async def state(request: Request) -> Response:
    """Row 7: the draft in force and the media of the session."""
    account = await signed_in(request)
    session_id = request.path_params["session_id"]
    return enveloped(await studio_of(request).read(_state, account, session_id, base_url(request)))


async def credits_balance(request: Request) -> Response:
    """Row 6: what may be spent and what is reserved."""
    account = await signed_in(request)
    balance = await studio_of(request).read(ledger.balance, account)
    return enveloped({"available": balance.available, "frozen": balance.frozen, "total": balance.total})


async def listing(request: Request) -> Response:
    """The account's sessions, the latest used first."""
    account = await signed_in(request)
    return enveloped({"sessions": await studio_of(request).read(_listing, account)})


async def delete(request: Request) -> Response:
    """Delete a session, what is under way in it, and the media no other session uses."""
    studio = studio_of(request)
    account = await signed_in(request)
    session_id = request.path_params["session_id"]
    async with studio.turn_lock(session_id):
        stopped = await studio.write(_delete, studio, account, session_id)
    studio.hub.tell(session_id, {"type": "deleted"})
    studio.hub.tell(session_id, END)
    for render_id in stopped:
        studio.runner.stop_job(session_id, render_id)
    return enveloped({"session_id": session_id, "deleted": True})


def _state(connection: Connection, account: str, session_id: str, base: str) -> dict[str, Any]:
    session = sessions.load(connection, account, session_id)
    draft = sessions.current(connection, session).draft
    meta = draft.get("m", {})
    return {
        "session_id": session.id,
        "task_id": session.task_id,
        "task_name": session.task_name,
        "user_id": account,
        "state": {
            "draft": draft,
            "video_infos": _described(connection, session, base, "upload"),
            "canvas_config": {key: meta.get(key) for key in ("width", "height", "ratio")},
            "generated_media": _described(connection, session, base, "generated"),
            "video_analyses": {},
        },
    }


def _described(connection: Connection, session: Session, base: str, origin: str) -> list[dict[str, Any]]:
    return [
        item.as_json(base, session.id) for item in media.of_session(connection, session.id, origin=origin)
    ]


def _listing(connection: Connection, account: str) -> list[dict[str, Any]]:
    return [
        {
            "session_id": session.id,
            "task_id": session.task_id,
            "task_name": session.task_name,
            "language": session.language,
            "updated_at": datetime.fromtimestamp(session.updated_at / 1000, UTC).isoformat(
                timespec="seconds"
            ),
            "media": [item.filename for item in media.of_session(connection, session.id)],
            "tracks": len(sessions.current(connection, session).draft.get("t", ())),
        }
        for session in sessions.all_of(connection, account)
    ]


def _delete(connection: Connection, studio: Studio, account: str, session_id: str) -> list[str]:
    session = sessions.load(connection, account, session_id, lock=True)
    names = media.hashes(connection, session.id)
    stopped = [render.id for render in renders.under_way(connection, session.id)]
    sessions.remove(connection, account, session.id)
    media.remove_unused(connection, studio.files, names)
    return stopped


routes = [
    Route("/api/tasks/me/with-session/nemo_agent", create, methods=["POST"]),
    Route("/api/state/nemo_agent/me/{session_id}/latest", state),
    Route("/api/credits/balance/simple", credits_balance),
    Route("/api/sessions", listing),
    Route("/api/sessions/{session_id}", delete, methods=["DELETE"]),
]
