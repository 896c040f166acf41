"""Health for everyone; status and stop for the user who started this studio."""

from __future__ import annotations

import os
import time

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from studio.replies import bare, enveloped
from studio.routes.caller import require_owner, studio_of


async def health(request: Request) -> Response:
    return bare({"ok": True, "version": studio_of(request).version})


async def status(request: Request) -> Response:
    """Version, uptime, queue and disk use; answers before the data is open, with what is known then."""
    require_owner(request)
    studio = studio_of(request)
    known: dict[str, object] = {
        "version": studio.version,
        "pid": os.getpid(),
        "uptime": round(time.time() - studio.started, 1),
        "data": str(studio.config.data),
        "ready": studio.is_open,
        "busy": studio.busy,
    }
    if studio.is_open:
        known |= await studio.measure()
    return enveloped(known)


async def stop(request: Request) -> Response:
    """Stop gracefully; what is under way is gone on with at the next start."""
    require_owner(request)
    studio_of(request).stop("")
    return enveloped({"stopping": True})


routes = [
    Route("/health", health),
    Route("/api/studio/status", status),
    Route("/api/studio/stop", stop, methods=["POST"]),
]
