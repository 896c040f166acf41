"""The gate in front of every route: who may speak to a server on one's own machine, and in which form.

A page in the user's browser can reach 127.0.0.1. It is kept out by the Host allow-list (DNS rebinding), by
its Origin and Sec-Fetch-Site, and because every change needs a header of ours that a browser must ask for.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import logging
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from studio.core import Studio
from studio.replies import ApiError, bad_request, disk_full

log = logging.getLogger("studio.security")

ATTRIBUTION = ("x-skill-source", "x-skill-version", "x-skill-platform")
OURS = (*ATTRIBUTION, "x-client-id", "x-studio-secret", "x-studio-csrf")
ARRIVAL_SECONDS = 60.0
SIGN_IN = "/api/auth/anonymous-token"
RENDER_SUBMIT = "/api/render/proxy/lambda"
_READING = frozenset(("GET", "HEAD", "OPTIONS"))
_BODIES = frozenset(("application/json", "multipart/form-data"))
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
)


class Gate:
    """The outermost ASGI layer: refuses, counts what is under way, and turns every error into an answer."""

    def __init__(self, app: ASGIApp, studio: Studio) -> None:
        self._app = app
        self._studio = studio

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        started = ended = False

        async def hardened(message: Message) -> None:
            nonlocal started, ended
            ended = message["type"] == "http.response.body" and not message.get("more_body", False)
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = _with_defaults(message.get("headers", ()))
            await send(message)

        self._studio.open_requests += 1
        try:
            check(scope, self._hosts())
            if self._studio.config.prices.metered:
                self._limit(scope)
            await self._app(scope, _patient(receive), hardened)
        except Exception as error:
            if not started:
                await refusal(error).response()(scope, receive, hardened)
            elif not ended:
                # A stream that broke must not look like one that came to its end.
                raise
        finally:
            self._studio.open_requests -= 1
            self._studio.last_used = time.monotonic()

    def _limit(self, scope: Scope) -> None:
        """So many requests for an address and for a token, fewer new tokens; raises ApiError 429."""
        address = str((scope.get("client") or ("",))[0])
        self._studio.request_rate.take(f"address {address}")
        token = Headers(scope=scope).get("authorization", "")
        if token:
            self._studio.request_rate.take(f"token {hashlib.sha256(token.encode()).hexdigest()}")
        if scope["path"] == SIGN_IN:
            self._studio.token_rate.take(address)

    def _hosts(self) -> frozenset[str]:
        config = self._studio.config
        names = ("127.0.0.1", "localhost", "[::1]")
        return frozenset((*(f"{name}:{config.port}" for name in names), *config.hosts))


def _patient(receive: Receive) -> Receive:
    """The request's body, refused when it stops arriving; afterwards one may wait for the end without end."""
    whole = False

    async def arriving() -> Message:
        nonlocal whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout(ARRIVAL_SECONDS):
                message = await receive()
        except TimeoutError:
            raise ApiError(408, 408, "The request stopped arriving.") from None
        whole = not message.get("more_body", False)
        return message

    return arriving


def check(scope: Scope, hosts: frozenset[str]) -> None:
    """Raise ApiError when the request may not come in."""
    headers = Headers(scope=scope)
    host = _only(headers, "host").lower()
    if host not in hosts:
        raise ApiError(403, 403, "This server does not answer to that name.")
    origin = _only(headers, "origin")
    if origin and (
        urlsplit(origin).scheme not in ("http", "https") or urlsplit(origin).netloc.lower() != host
    ):
        raise ApiError(403, 403, "Pages of other origins may not use this server.")
    if _only(headers, "sec-fetch-site") not in ("", "none", "same-origin"):
        raise ApiError(403, 403, "Pages of other sites may not use this server.")
    if _only(headers, "content-encoding") not in ("", "identity"):
        raise ApiError(415, 415, "Compressed request bodies are not accepted.")
    if scope["method"] not in _READING:
        _check_change(scope, headers)


def attributed(headers: Headers) -> bool:
    """Whether the request carries the three attribution headers."""
    return all(headers.get(name) for name in ATTRIBUTION)


def _check_change(scope: Scope, headers: Headers) -> None:
    has_body = _only(headers, "content-length") not in ("", "0") or "transfer-encoding" in headers
    kind = _only(headers, "content-type").split(";", 1)[0].strip().lower()
    if has_body and kind not in _BODIES:
        raise ApiError(415, 415, "The body must be application/json or multipart/form-data.")
    if not any(headers.get(name) for name in OURS):
        if scope["path"] == RENDER_SUBMIT:
            raise export_not_in_plan()
        raise bad_request("The request carries none of the X-Skill headers.")


def export_not_in_plan() -> ApiError:
    return ApiError(402, 402, "Export is not in this plan: the request lacks the attribution headers.")


def _only(headers: Headers, name: str) -> str:
    """The one value of a header; two of them are an attempt to be read differently by two readers."""
    values = headers.getlist(name)
    if len(values) > 1:
        raise bad_request(f"The header {name} was sent more than once.")
    return values[0] if values else ""


def _with_defaults(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    kept = list(headers)
    present = {name.lower() for name, _ in kept}
    return kept + [pair for pair in _ALWAYS if pair[0] not in present]


def refusal(error: Exception) -> ApiError:
    """What an error is answered with; one that was not foreseen goes into the log."""
    if isinstance(error, ApiError):
        return error
    if is_disk_full(error):
        return disk_full()
    log.error("a request failed", exc_info=error)
    return ApiError(500, 500, "The studio failed at this; its log says more.")


def is_disk_full(error: BaseException) -> bool:
    """Whether an error of the system or of SQLite says that no space is left."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return "database or disk is full" in str(error)
