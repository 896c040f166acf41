"""Who calls, as far as it can be told without the database: light enough for the first answer."""

from __future__ import annotations

from hmac import compare_digest

from starlette.requests import Request

from studio.core import Studio
from studio.replies import ApiError


def studio_of(request: Request) -> Studio:
    studio = request.app.state.studio
    assert isinstance(studio, Studio)
    return studio


def base_url(request: Request) -> str:
    """Where the caller reached this server; the gate has checked the Host header."""
    return f"{request.url.scheme}://{request.headers['host']}"


def require_owner(request: Request) -> None:
    """Raise ApiError 403 unless the caller shows the runtime file's secret."""
    shown = request.headers.get("x-studio-secret", "")
    if not compare_digest(shown.encode("utf-8", "replace"), studio_of(request).secret.encode()):
        raise ApiError(403, 403, "This studio answers only to the user who started it.")
