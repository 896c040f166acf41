"""A multipart/form-data body streamed from disk: constant memory, a known length, progress per file."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence

from agent.clean import clean_name
from agent.errors import FileCorrupt, FileMissing
from agent.models import Attachment

_BLOCK = 512 * 1024
OnProgress = Callable[[str, int, int], None]


class MultipartBody:
    """The files of one upload as a request body; iterate it once. Raises FileMissing, FileCorrupt."""

    def __init__(self, attachments: Sequence[Attachment], on_progress: OnProgress | None = None) -> None:
        boundary = f"----avatar{secrets.token_hex(16)}"
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._on_progress = on_progress
        self._parts = [(_head(boundary, attachment), attachment) for attachment in attachments]
        self._tail = f"--{boundary}--\r\n".encode()
        self.length = sum(len(head) + item.size + 2 for head, item in self._parts) + len(self._tail)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for head, attachment in self._parts:
            yield head
            async for block in self._blocks(attachment):
                yield block
            yield b"\r\n"
        yield self._tail

    async def _blocks(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The file's bytes, exactly as many as were promised in Content-Length."""
        path, name = attachment.path, attachment.upload_name
        assert path is not None
        try:
            file = await asyncio.to_thread(path.open, "rb")
        except OSError as error:
            raise FileMissing("file_unreadable", file=name, detail=error.strerror or str(error)) from error
        with file:
            sent = 0
            self._tell(name, sent, attachment.size)
            while sent < attachment.size:
                block = await asyncio.to_thread(file.read, min(_BLOCK, attachment.size - sent))
                if not block:
                    raise FileCorrupt(file=name, detail="it became shorter while it was sent")
                yield block
                sent += len(block)
                self._tell(name, sent, attachment.size)

    def _tell(self, name: str, sent: int, total: int) -> None:
        if self._on_progress is not None:
            self._on_progress(name, sent, total)


def _head(boundary: str, attachment: Attachment) -> bytes:
    # Quotes are escaped by a backslash (RFC 2183), as the multipart parsers of Python servers read them.
    name = clean_name(attachment.upload_name).replace("\\", "\\\\").replace('"', '\\"')
    return (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n'
        f"Content-Type: {attachment.media_type}\r\n\r\n"
    ).encode()
