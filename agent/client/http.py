"""One HTTP request to the backend: headers, limits, retries, every failure an AvatarError.

The token travels to the backend's own origin alone: no redirect is followed, and no URL of another host is
ever asked through here.
"""

from __future__ import annotations

import asyncio
import json
import random
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import httpx

from agent.client.errors import ServerError, code_of, error_for, message_of, retry_after
from agent.errors import AvatarError, ConfigError, Dropped, NotTheService, TimedOut, Unreachable
from agent.models import Token

MAX_REPLY_BYTES = 32 * 1024**2
TRIES = 4
_FAILED = httpx.TransportError | httpx.InvalidURL | httpx.DecodingError | httpx.StreamError


class Transport:
    """Holds the connection pool and what goes on every request."""

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        *,
        local: bool,
        timeout: float = 60.0,
        backoff: float = 0.5,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.headers = dict(headers)
        self.token: Token | None = None
        self._backoff = backoff
        self._local = local
        self._seconds = timeout
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, 10.0))
        # Reading the certificate store takes 20-30 ms, and a studio here is never asked over TLS.
        plain = local and base_url.startswith("http://")
        self._tls: ssl.SSLContext | bool = False if plain else _tls()
        self.http = self._opened(httpx.Limits(max_connections=20, keepalive_expiry=15.0))
        # A kept connection may be closed by the other side at the moment it is used again: what must not be
        # sent twice goes over a connection of its own, where "no answer" is the rare truth.
        self._once = self._opened(httpx.Limits(max_keepalive_connections=0))

    def _opened(self, limits: httpx.Limits) -> httpx.AsyncClient:
        try:
            return httpx.AsyncClient(
                timeout=self._timeout,
                limits=limits,
                follow_redirects=False,
                # A proxy of the environment must not come between two programs of one machine.
                trust_env=not (self._local or _loopback(self.base_url)),
                verify=self._tls,
            )
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            raise ConfigError(detail=f"HTTP_PROXY, HTTPS_PROXY, ALL_PROXY: {error}") from error

    def url(self, path: str) -> str:
        return self.base_url + path

    def owns(self, url: str) -> bool:
        """Whether the URL is of the backend's own origin, where the token may go."""
        try:
            asked, own = httpx.URL(url), httpx.URL(self.base_url)
        except httpx.InvalidURL:
            return False
        return _origin(asked) == _origin(own)

    def reaches(self, url: str) -> bool:
        """Whether this transport may ask the URL at all: that of a local studio asks nobody else."""
        return url.startswith(("http://", "https://")) and (not self._local or self.owns(url))

    def pause(self, attempt: int) -> float:
        """Seconds to wait after the attempt-th failure: growing, and jittered for the backend's sake."""
        return self._backoff * 2.0 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311

    def headers_for(
        self, token: Token | None = None, *, signed: bool = True, extra: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """The attribution headers and, where `signed`, the bearer token."""
        token = (token or self.token) if signed else None
        bearer = {"Authorization": f"Bearer {token.value}"} if token else {}
        return {"Accept": "application/json", **self.headers, **bearer, **(extra or {})}

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = False,
        session_scoped: bool = False,
        signed: bool = True,
        token: Token | None = None,
    ) -> tuple[dict[str, Any], Mapping[str, str]]:
        """The reply's JSON object, its errors raised, and its headers.

        A `repeatable` call is made again, with growing and jittered pauses, when nothing or a 5xx came back.
        """
        tries = TRIES if repeatable else 1
        for attempt in range(1, tries + 1):
            try:
                async with self.open(
                    method, path, body=body, headers=headers, signed=signed, token=token, kept=repeatable
                ) as response:
                    return await self.answer(response, session_scoped=session_scoped), response.headers
            except (Unreachable, Dropped, TimedOut, ServerError) as error:
                # A stall has cost a whole time-out already: it is given one more chance, not three. A studio
                # here that is not there has stopped: asking again brings nothing, starting it does.
                stalled = isinstance(error, TimedOut) and attempt == 2
                stopped = isinstance(error, Unreachable) and self._local
                if attempt == tries or stalled or stopped:
                    raise
            await asyncio.sleep(self.pause(attempt))
        raise AssertionError("the last try returns or raises")

    @asynccontextmanager
    async def open(
        self,
        method: str,
        path: str,
        *,
        content: AsyncIterable[bytes] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        token: Token | None = None,
        signed: bool = True,
        kept: bool = False,
        timeout: float | None = None,  # noqa: ASYNC109 - between bytes, not of the whole
        deadline: float | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """An open response, closed at the end of the block; `deadline` (loop time) is for its head.

        `kept` allows a connection that was used before.

        Raises Unreachable (nothing was sent), TimedOut and Dropped (the request may have been carried out).
        """
        more = dict(headers or {})
        if body is not None:
            more["Content-Type"] = "application/json"
        http = self.http if kept else self._once
        request = http.build_request(
            method,
            self.url(path),
            content=content if body is None else json.dumps(body).encode(),
            headers=self.headers_for(token, signed=signed, extra=more),
            params=params,
            timeout=self._timeout if timeout is None else httpx.Timeout(timeout, connect=10.0),
        )
        with transport_errors(self.base_url):
            try:
                async with asyncio.timeout_at(deadline):
                    response = await http.send(request, stream=True)
            except TimeoutError as error:
                raise TimedOut(url=self.base_url, detail="no answer") from error
        try:
            with transport_errors(self.base_url):
                yield response
        finally:
            await response.aclose()

    async def answer(self, response: httpx.Response, *, session_scoped: bool = False) -> dict[str, Any]:
        """The JSON object of a response, its envelope's code checked."""
        return self.checked(response, await self.body(response), session_scoped=session_scoped)

    async def body(self, response: httpx.Response) -> bytes:
        """The body, whole; since a body that drips keeps every single read in time, the whole has a limit."""
        data = bytearray()
        try:
            async with asyncio.timeout(self._seconds):
                async for chunk in response.aiter_bytes():
                    data += chunk
                    if len(data) > MAX_REPLY_BYTES:
                        raise NotTheService(code=response.status_code, url=self.base_url)
        except TimeoutError as error:
            raise TimedOut(url=self.base_url, detail="the answer did not end") from error
        return bytes(data)

    def checked(
        self, response: httpx.Response, data: bytes, *, session_scoped: bool = False
    ) -> dict[str, Any]:
        """The JSON object in `data`. Raises what its code or status means; NotTheService for HTML."""
        status = response.status_code
        wait = retry_after(response.headers.get("retry-after"))
        try:
            body = json.loads(data) if data else None
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            if _is_html(response, data) or 300 <= status < 400:
                raise NotTheService(code=status, url=self.base_url)
            if status >= 400:
                raise error_for(status, "", retry_after=wait, session_scoped=session_scoped)
            if data[:1] == b"{":
                raise ServerError(code=status, detail="the answer broke off in the middle")
            raise NotTheService(code=status, url=self.base_url)
        code = code_of(body)
        if code or status >= 400:
            told = self.without_token(message_of(body))
            raise error_for(code or status, told, retry_after=wait, session_scoped=session_scoped)
        if status >= 300:
            raise NotTheService(code=status, url=self.base_url)
        return body

    def without_token(self, text: str) -> str:
        """A message less the token, should the backend repeat it: errors end in logs and transcripts."""
        return text.replace(self.token.value, "…") if self.token and self.token.value else text

    async def aclose(self) -> None:
        await self.http.aclose()
        await self._once.aclose()


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()


class transport_errors:  # noqa: N801 - reads as the `with` statement it is for
    """Turns httpx's transport errors inside the block into AvatarErrors."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, _FAILED):
            raise transport_error(error, self._url) from error


def transport_error(error: Exception, url: str) -> AvatarError:
    """The AvatarError for a failure below HTTP: was nothing sent, or is the outcome unknown?"""
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.InvalidURL):
        return Unreachable(url=url, detail=str(error))
    if isinstance(error, httpx.UnsupportedProtocol | httpx.ProxyError):
        return Unreachable(url=url, detail=str(error))
    if isinstance(error, httpx.TimeoutException):
        return TimedOut(url=url, detail=str(error))
    return Dropped("broke_off", url=url, detail=str(error))


def _is_html(response: httpx.Response, data: bytes) -> bool:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in ("text/html", "application/xhtml+xml") or data.lstrip()[:9].lower() in (
        b"<!doctype",
        b"<html><he",
    )


def _loopback(url: str) -> bool:
    host = httpx.URL(url).host
    return host in ("localhost", "::1") or host.startswith("127.")


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)
