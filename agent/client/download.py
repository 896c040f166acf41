"""A finished render → a file that appears under its name only when it is whole.

The output URL first (with the token only where it is the backend's own origin), then the download endpoint.
What was received stays in a part file named after the render, so that a next try goes on where one stopped.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, urljoin

import httpx

from agent.client.errors import ServerError
from agent.client.http import Transport, transport_errors
from agent.disk import told_as_local_error
from agent.errors import AvatarError, LocalFileError, NotTheService, OutOfReach, TurnFailed
from agent.media.containers import HEAD_BYTES, sniff, whole
from agent.models import RenderStatus

TRIES = 4
_REDIRECTS = 5
_BLOCK = 1024 * 1024
_SNIFFED = {"mp4", "png", "webp", "gif", "jpg", "jpeg", "avif", "ico", "webm", "mov"}
_KINDS = {"mp4": ("mp4", "mov", "m4a"), "jpeg": ("jpg",)}
OnProgress = Callable[[str, int, int], None]


class DownloadBroken(TurnFailed):
    """The file that came is not the one that was promised: its size or its format is another."""

    kind = "download_broken"
    default_key = "failed"


async def fetch(
    transport: Transport,
    status: RenderStatus,
    target: Path,
    on_progress: OnProgress | None = None,
    *,
    format: str = "",
    overwrite: bool = True,
) -> int:
    """Download a completed render to `target`; its size in bytes.

    Raises LocalFileError (with `output_exists` where `overwrite` is False and the name is taken),
    DownloadBroken, OutOfReach and what the download endpoint refuses with.
    """
    kind = (format or target.suffix.lstrip(".")).lower()
    # Names may have 255 bytes, and a letter four.
    part = target.with_name(f".{target.name[:40]}.{_safe(status.id)}.part")
    with told_as_local_error(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    own = f"{transport.base_url}/api/render/proxy/{quote(status.id, safe='')}/download"
    sources = [url for url in (_output_url(transport, status.url), own) if url]
    work = _Fetch(transport, part, target, kind, status.size, on_progress)
    try:
        size = await work.from_any(sources)
        _into_place(part, target, overwrite=overwrite)
    except asyncio.CancelledError:
        # Ctrl-C: what is here already is kept for the next try.
        raise
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    return size


@dataclass(frozen=True, slots=True)
class _Fetch:
    """One file on its way into `part`; `promised` is its size, 0 where unknown."""

    transport: Transport
    part: Path
    target: Path
    kind: str
    promised: int
    on_progress: OnProgress | None

    async def from_any(self, sources: Sequence[str]) -> int:
        """The size of the file from the first source that has it whole."""
        for url in sources[:-1]:
            try:
                return await self.whole_from(url)
            except LocalFileError:
                raise
            except AvatarError:
                self.part.unlink(missing_ok=True)
        return await self.whole_from(sources[-1])

    async def whole_from(self, url: str) -> int:
        """Receive and check; a file put together of two parts that do not fit is fetched anew."""
        try:
            resumed = await self.received(url)
            return await asyncio.to_thread(self.checked)
        except DownloadBroken:
            if not resumed:
                raise
        self.part.unlink(missing_ok=True)
        await self.received(url)
        return await asyncio.to_thread(self.checked)

    async def received(self, url: str) -> bool:
        """Receive all of `url`, going on after an interruption; whether the file is of several parts."""
        etag, failures, resumed = "", 0, False
        while True:
            have = self.part.stat().st_size if self.part.exists() else 0
            try:
                async with _opened(self.transport, url, have, etag) as response:
                    etag = response.headers.get("etag", "")
                    start = have if response.status_code == 206 else 0
                    resumed = resumed or start > 0
                    await self.write(response, start)
                return resumed
            except NotTheService:
                raise
            except (OutOfReach, ServerError):
                grown = self.part.exists() and self.part.stat().st_size > have
                failures = 1 if grown else failures + 1
                if failures >= TRIES:
                    raise
                await asyncio.sleep(self.transport.pause(failures))

    async def write(self, response: httpx.Response, start: int) -> None:
        """Put the body into the part file from byte `start` on, told as it goes."""
        length = int(response.headers.get("content-length") or 0)
        total = start + length if length else self.promised
        with told_as_local_error(self.target), self.part.open("r+b" if start else "wb") as file:
            file.truncate(start)
            file.seek(start)
            received = start
            async with contextlib.aclosing(_written(response, file)) as pieces:
                async for count in pieces:
                    received += count
                    if self.on_progress is not None:
                        self.on_progress(self.target.name, received, total)
            await asyncio.to_thread(_flushed, file)

    def checked(self) -> int:
        """The part file's size, once it and its format are what they should be. Raises DownloadBroken."""
        with told_as_local_error(self.target):
            size = self.part.stat().st_size
            with self.part.open("rb") as file:
                found = sniff(file.read(HEAD_BYTES))
            if self.promised and size != self.promised:
                raise DownloadBroken(detail=f"{size} bytes came where {self.promised} were promised")
            if size == 0:
                raise DownloadBroken(detail="the file is empty")
            if self.kind in _SNIFFED and found not in _KINDS.get(self.kind, (self.kind,)):
                raise DownloadBroken(detail=f"the file is no {self.kind}")
            if found and not whole(self.part, found):
                raise DownloadBroken(detail="the file is incomplete")
        return size


async def _written(response: httpx.Response, file: BinaryIO) -> AsyncGenerator[int]:
    """Write the body in large blocks beside the event loop; the size of each piece as it comes.

    What came before an interruption is written too, so that the next try goes on from there.
    """
    pending = bytearray()
    try:
        async for piece in response.aiter_raw():
            pending += piece
            if len(pending) >= _BLOCK:
                block, pending = pending, bytearray()
                await asyncio.to_thread(file.write, block)
            yield len(piece)
    finally:
        file.write(pending)


@contextlib.asynccontextmanager
async def _opened(transport: Transport, url: str, have: int, etag: str) -> AsyncIterator[httpx.Response]:
    """A 200 or 206 response; redirects are followed by hand so that no token goes along to another host."""
    for _ in range(_REDIRECTS):
        own = transport.owns(url)
        headers = transport.headers_for(signed=own) if own else {}
        headers |= {"Accept": "*/*", "Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
            if etag and not etag.startswith("W/"):
                headers["If-Range"] = etag
        with transport_errors(url):
            request = transport.http.build_request("GET", url, headers=headers)
            response = await transport.http.send(request, stream=True)
        try:
            if response.is_redirect and "location" in response.headers:
                moved = _allowed(transport, urljoin(url, response.headers["location"]))
                if not moved:
                    raise NotTheService(code=response.status_code, url=url)
                url = moved
                continue
            if response.status_code == 416 and have:
                # The part file is longer than the file: it belongs to something else.
                have, etag = 0, ""
                continue
            page = response.headers.get("content-type", "").lower().startswith("text/html")
            if response.status_code not in (200, 206) or page:
                data = await transport.body(response)
                transport.checked(response, data)
                raise NotTheService(code=response.status_code, url=url)
            if response.status_code == 206 and not _goes_on(response, have):
                # Another part than the one asked for: only the whole file can be trusted.
                have, etag = 0, ""
                continue
            with transport_errors(url):
                yield response
            return
        finally:
            await response.aclose()
    raise NotTheService(code=310, url=url)


def _into_place(part: Path, target: Path, *, overwrite: bool) -> None:
    with told_as_local_error(target):
        if target.is_dir():
            raise LocalFileError("output_is_folder", path=str(target))
        if overwrite:
            part.replace(target)
            return
        try:
            # A link never replaces a file that another program has made in the meantime.
            os.link(part, target)
        except FileExistsError as error:
            raise LocalFileError("output_exists", path=str(target)) from error
        part.unlink()


def _flushed(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _goes_on(response: httpx.Response, have: int) -> bool:
    return str(response.headers.get("content-range", "")).startswith(f"bytes {have}-")


def _output_url(transport: Transport, url: str) -> str:
    """The output URL made absolute; "" where it is none to be asked."""
    try:
        return _allowed(transport, urljoin(f"{transport.base_url}/", url)) if url else ""
    except ValueError:
        return ""


def _allowed(transport: Transport, url: str) -> str:
    """The URL where it may be asked, else "": a public backend has no business with addresses of this
    machine or its network, wherever it names them.
    """
    if not transport.reaches(url):
        return ""
    if not transport.owns(url) and _internal(url) and not _internal(transport.base_url):
        return ""
    return url


def _internal(url: str) -> bool:
    try:
        host = httpx.URL(url).host
    except httpx.InvalidURL:
        return True
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _safe(ident: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "_-" else "_" for letter in ident)[:64]


__all__ = ["DownloadBroken", "fetch"]
