"""Multipart bodies straight to the disk: pushed through the parser as they arrive, hashed on the way.

Memory stays constant however large a file is; a file is cut off as soon as it is too large.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from studio.config import MEBIBYTE, Limits
from studio.files import Files, Incoming
from studio.media import safe_filename
from studio.replies import ApiError, bad_request, too_large

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FIELD = b"files"
HEADER_BYTES = 8_192
OTHER_FIELD_BYTES = 64 * 1024
WRITE_BYTES = MEBIBYTE
DRAIN_BYTES = 64 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Received:
    """A file that arrived whole, under its temporary name."""

    incoming: Incoming
    filename: str
    sha256: str


class Form:
    """Receives one multipart body; use as a context manager, which removes what was not moved away."""

    def __init__(self, content_type: str, files: Files, limits: Limits) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not boundary:
            raise bad_request("The body must be multipart/form-data with a boundary.")
        self._files = files
        self._limits = limits
        self._stack = ExitStack()
        self._parser = MultipartParser(boundary, self._callbacks())
        self._whole = False
        self._header = (bytearray(), bytearray())
        self._disposition = b""
        self._other_bytes = 0
        self._parts = 0
        self._open: tuple[Incoming, str] | None = None
        self._pending: list[tuple[Incoming, bytes]] = []
        self._pending_bytes = 0
        self._ended: list[tuple[Incoming, str]] = []
        self.received: list[Received] = []

    def __enter__(self) -> Form:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    async def receive(self, body: AsyncIterable[bytes]) -> list[Received]:
        """Take the whole body in; raises ApiError 400 for a broken one, 4002 for a file that is too large."""
        chunks = aiter(body)
        try:
            async for chunk in chunks:
                self._feed(chunk)
                if self._pending_bytes >= WRITE_BYTES or self._ended:
                    await self._flush()
        except (ApiError, OSError):
            # A client that still sends would see its connection reset instead of the answer.
            await _drain(chunks)
            raise
        if not self._whole:
            raise bad_request("The upload ended before it was complete.")
        await self._flush()
        if not self.received:
            raise bad_request("The upload holds no file in the field “files”.")
        return self.received

    def _feed(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise bad_request(f"The multipart body is broken: {error}") from error

    async def _flush(self) -> None:
        pending, ended = self._pending, self._ended
        self._pending, self._pending_bytes, self._ended = [], 0, []
        self.received.extend(await asyncio.to_thread(_store, pending, ended))

    def _callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._part_begins,
            "on_header_field": lambda data, start, end: self._header_text(0, data[start:end]),
            "on_header_value": lambda data, start, end: self._header_text(1, data[start:end]),
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": lambda data, start, end: self._data(data[start:end]),
            "on_part_end": self._part_ends,
            "on_end": self._ends,
        }

    def _part_begins(self) -> None:
        self._parts += 1
        if self._parts > self._limits.files:
            raise bad_request(f"At most {self._limits.files} files can be uploaded at once.")
        self._disposition = b""
        self._header = (bytearray(), bytearray())

    def _header_text(self, side: int, data: bytes) -> None:
        self._header[side].extend(data)
        if len(self._header[side]) > HEADER_BYTES:
            raise bad_request("A header of the multipart body is too long.")

    def _header_ends(self) -> None:
        name, value = (bytes(part) for part in self._header)
        if name.lower() == b"content-disposition":
            self._disposition = value
        self._header = (bytearray(), bytearray())

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._disposition)
        if options.get(b"name") == FIELD and b"filename" in options:
            # Browsers and httpx write a quote in a name as %22 (HTML, multipart/form-data encoding).
            name = options[b"filename"].decode("utf-8", "replace").replace("%22", '"')
            incoming = self._stack.enter_context(self._files.incoming())
            self._open = (incoming, safe_filename(name))

    def _data(self, data: bytes) -> None:
        if self._open is None:
            self._other_bytes += len(data)
            if self._other_bytes > OTHER_FIELD_BYTES:
                raise bad_request("The upload holds too much besides its files.")
            return
        incoming, name = self._open
        incoming.expected += len(data)
        if incoming.expected > self._limits.file_bytes:
            raise too_large(f"“{name}” is larger than {self._limits.file_bytes // MEBIBYTE} MB.")
        self._pending.append((incoming, data))
        self._pending_bytes += len(data)

    def _part_ends(self) -> None:
        if self._open is not None:
            self._ended.append(self._open)
            self._open = None

    def _ends(self) -> None:
        self._whole = True


def _store(pending: list[tuple[Incoming, bytes]], ended: list[tuple[Incoming, str]]) -> list[Received]:
    for incoming, data in pending:
        incoming.write(data)
    return [Received(incoming, name, incoming.close()) for incoming, name in ended]


async def _drain(chunks: AsyncIterable[bytes]) -> None:
    left = DRAIN_BYTES
    async for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            return
