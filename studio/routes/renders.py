"""Rows 8 to 11: a render submitted, watched, cancelled, downloaded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from studio import renders, sessions
from studio.draft import DraftError, exportable, validate
from studio.renders import COMPLETED, FAILED, ID_CHARS, Render
from studio.replies import bad_request, bare, not_found
from studio.routes.caller import base_url, studio_of
from studio.routes.common import json_object, signed_in, text_field
from studio.security import attributed, export_not_in_plan

POLL_SECONDS = 0.25
_ID = re.compile(r"[A-Za-z0-9_.:-]+")
_MEDIA_TYPES = {"mp4": "video/mp4", "webm": "video/webm", "ico": "image/x-icon", "otio": "application/json"}


async def submit(request: Request) -> Response:
    """Row 8: accept a render; from here on it is finished or reported failed, whatever dies."""
    studio = studio_of(request)
    if not attributed(request.headers):
        raise export_not_in_plan()
    account = await signed_in(request)
    body = await json_object(request)
    session = await studio.read(sessions.load, account, text_field(body, "sessionId"))
    render_id = text_field(body, "id", longest=ID_CHARS)
    if not _ID.fullmatch(render_id):
        raise bad_request("“id” may hold letters, digits and _ . : - only.")
    draft, output = body.get("draft"), body.get("output", {"format": "mp4"})
    _check(draft, output)
    accepted = await studio.write(renders.submit, account, session.id, render_id, draft, output)
    studio.runner.wake()
    reply = {"id": accepted.id, "status": accepted.status, "progress": round(accepted.progress)}
    return bare(reply, headers=_retry(accepted))


async def status(request: Request) -> Response:
    """Row 9: how far a render is, and where its file is once it is done."""
    return _told(request, await _find(request))


async def cancel(request: Request) -> Response:
    """Row 10: end a render; its encoder is killed at once."""
    studio = studio_of(request)
    found = await _find(request)
    ended = await studio.write(renders.cancel, found)
    studio.runner.stop_job(found.session_id, found.id)
    return _told(request, ended)


async def download(request: Request) -> Response:
    """Row 11: the file, in parts where a Range asks for it."""
    studio = studio_of(request)
    found = await _find(request)
    if found.status != COMPLETED or not studio.files.has(found.sha256):
        raise not_found("This render has no file yet.")
    return FileResponse(
        studio.files.path(found.sha256),
        media_type=_MEDIA_TYPES.get(found.format, f"image/{found.format}"),
        filename=f"avatar.{found.format}",
        content_disposition_type="attachment",
    )


async def _find(request: Request) -> Render:
    account = await signed_in(request)
    return await studio_of(request).read(renders.load, account, request.path_params["render_id"])


def _check(draft: Any, output: Any) -> None:
    """Refuse what no attempt could ever render."""
    from studio.render import FORMATS, Output

    try:
        validate(draft)
    except DraftError as error:
        raise bad_request(f"The draft cannot be rendered: {error}") from error
    if not exportable(draft):
        raise bad_request("The draft is empty: there is nothing to render.")
    if not isinstance(output, Mapping) or output.get("format") not in FORMATS:
        raise bad_request(f"“output.format” must be one of {', '.join(FORMATS)}.")
    try:
        Output.from_json(output)
    except ValueError as error:
        raise bad_request(f"The output cannot be made: {error}") from error


def _told(request: Request, render: Render) -> Response:
    output = None
    if render.status == COMPLETED:
        url = f"{base_url(request)}/api/render/proxy/{render.id}/download"
        output = {"url": url, "duration": render.duration, "size": render.size, "format": render.format}
    return bare(
        {
            "taskId": render.id,
            "id": render.id,
            "status": render.status,
            "progress": round(render.progress),
            "output": output,
            "error": render.error or None,
        },
        headers=_retry(render),
    )


def _retry(render: Render) -> dict[str, str]:
    return {} if render.status in (COMPLETED, FAILED) else {"Retry-After": str(POLL_SECONDS)}


routes = [
    Route("/api/render/proxy/lambda", submit, methods=["POST"]),
    Route("/api/render/proxy/lambda/{render_id}", status),
    Route("/api/render/proxy/lambda/{render_id}/cancel", cancel, methods=["POST"]),
    Route("/api/render/proxy/{render_id}/download", download),
]
