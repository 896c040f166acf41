"""Row 5: media in, as multipart files or as URLs; all of a request's files come in, or none."""

from __future__ import annotations

import asyncio
import logging
from contextlib import ExitStack
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from studio import media, sessions, ssrf
from studio.core import Studio
from studio.media import Media
from studio.pool import WorkerDiedError, WorkError
from studio.replies import ApiError, bad_request, disk_full, enveloped, not_found, too_large, unsupported
from studio.routes.caller import base_url, studio_of
from studio.routes.common import json_object, signed_in
from studio.uploads import Form, Received

log = logging.getLogger("studio.uploads")


async def upload(request: Request) -> Response:
    """Receive files, look at what they really are, and add them to the session."""
    studio = studio_of(request)
    account = await signed_in(request)
    session = await studio.read(sessions.load, account, request.path_params["session_id"])
    kind = request.headers.get("content-type", "")
    if kind.lower().startswith("multipart/form-data"):
        with Form(kind, studio.files, studio.config.limits) as form:
            received = await form.receive(request.stream())
            items = await _place(studio, account, session.id, received)
    else:
        urls = _urls(await json_object(request), studio.config.limits.files)
        with ExitStack() as stack:
            received = [await _fetch(studio, url, stack) for url in urls]
            items = await _place(studio, account, session.id, received)
    base = base_url(request)
    files = [item.as_json(base, session.id) for item in items]
    return enveloped({"files": files, "session_state_applied": True})


async def content(request: Request) -> Response:
    """A file of the session, for its own account."""
    studio = studio_of(request)
    account = await signed_in(request)
    session_id, name = request.path_params["session_id"], request.path_params["sha256"]
    session = await studio.read(sessions.load, account, session_id)
    item = await studio.read(media.find, session.id, name)
    if item is None or not studio.files.has(item.sha256):
        raise not_found("This session has no such file.")
    return FileResponse(
        studio.files.path(item.sha256),
        media_type=item.media_type,
        filename=item.filename,
        content_disposition_type="attachment",
    )


async def _place(studio: Studio, account: str, session_id: str, received: list[Received]) -> list[Media]:
    items = [(await _look(studio, one), one.incoming.path) for one in received]

    def place(connection: Connection) -> None:
        # Deleted while the files came in: they must not be left without a session.
        sessions.load(connection, account, session_id)
        prices, size = studio.config.prices, sum(item.size for item, _ in items)
        if prices.metered and media.account_bytes(connection, account) + size > prices.quota_bytes:
            raise too_large(f"This account may keep {prices.quota_bytes >> 20} MB; delete a session first.")
        media.place(connection, studio.files, session_id, items, origin="upload")

    await studio.write(place)
    studio.hub.tell(session_id, {"type": "media", "files": [item.filename for item, _ in items]})
    return [item for item, _ in items]


async def _look(studio: Studio, one: Received) -> Media:
    """What a file is by its content, found out in the worker; raises ApiError 4001 and 4002."""
    name, path = one.filename, one.incoming.path
    if one.incoming.size == 0:
        raise unsupported(f"“{name}” is empty.")
    try:
        async with studio.media_lane.worker() as worker:
            probe = await worker.ask(
                {"op": "probe", "path": str(path)}, seconds=studio.config.limits.probe_seconds
            )
    except WorkerDiedError as error:
        raise unsupported(f"“{name}” could not be read: {error}") from error
    except WorkError as error:
        raise _refused(name, error) from error
    return media.from_probe(one.sha256, name, one.incoming.size, probe)


def _refused(name: str, error: WorkError) -> ApiError:
    if error.kind == "too_large":
        return too_large(f"“{name}” is too large: {error.message}")
    if error.kind == "unsupported":
        return unsupported(f"“{name}” is no file of an accepted type: {error.message}")
    if error.kind == "corrupt":
        return unsupported(f"“{name}” is damaged: {error.message}")
    if error.kind == "disk":
        return disk_full()
    log.warning("a probe failed: %s", error.kind)
    return unsupported(f"“{name}” could not be read.")


async def _fetch(studio: Studio, url: str, stack: ExitStack) -> Received:
    limits = studio.config.limits
    incoming = stack.enter_context(studio.files.incoming())

    def run() -> Received:
        name = ssrf.fetch(
            url,
            incoming,
            limit=limits.file_bytes,
            seconds=limits.url_seconds,
            allowed=studio.config.url_networks,
        )
        return Received(incoming, media.safe_filename(name), incoming.close())

    return await asyncio.to_thread(run)


def _urls(body: dict[str, Any], most: int) -> list[str]:
    urls = body.get("urls")
    if body.get("source_type", "url") != "url" or not isinstance(urls, list) or not urls:
        raise bad_request("“urls” must be a list of URLs, with “source_type”: “url”.")
    if len(urls) > most or not all(isinstance(url, str) and len(url) <= 4_096 for url in urls):
        raise bad_request(f"“urls” must hold at most {most} strings of at most 4096 characters.")
    return urls


routes = [
    Route("/api/upload-video/nemo_agent/me/{session_id}", upload, methods=["POST"]),
    Route("/api/media/{session_id}/{sha256}", content),
]
