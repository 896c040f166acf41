"""text/event-stream bytes → server-sent events, by the rules of the WHATWG HTML standard, §9.2.6.

httpx-sse decodes text that httpx has already decoded by the header's charset, keeps a byte order mark,
forgets an id set by a lone `id:` block and knows no limit; this decoder reads the bytes and yields the same
`ServerSentEvent`.
"""

from __future__ import annotations

import re

from httpx_sse import ServerSentEvent

from agent.errors import TurnFailed

MAX_EVENT_BYTES = 16 * 1024**2
_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n?|\n")
_DIGITS = re.compile(r"[0-9]+\Z", re.ASCII)


class StreamTooLarge(TurnFailed):
    """One event, or one turn, holds more than is taken."""

    kind = "stream_too_large"
    default_key = "failed"


class SseDecoder:
    """Feed it bytes cut anywhere; `comments` counts the comment lines seen so far."""

    def __init__(self, *, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max = max_event_bytes
        self._line = bytearray()
        self._size = 0
        self._skip_lf = False
        self._first = True
        self._data: list[str] = []
        self._event = ""
        self._id = ""
        self._retry: int | None = None
        self.comments = 0

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """The events these bytes complete. Raises StreamTooLarge."""
        if self._skip_lf and chunk:
            # A CR ended a line at once, since waiting for its LF could hold an event back for minutes.
            self._skip_lf = False
            if chunk[0] == 0x0A:
                chunk = chunk[1:]
        found: list[ServerSentEvent] = []
        start = 0
        for end in _LINE_END.finditer(chunk):
            if self._line:
                self._line += chunk[start : end.start()]
                line = bytes(self._line)
                self._line.clear()
            else:
                line = chunk[start : end.start()]
            start = end.end()
            event = self._take(line)
            if event is not None:
                found.append(event)
        if start < len(chunk):
            self._line += chunk[start:] if start else chunk
            self._limit(len(self._line))
        elif chunk.endswith(b"\r"):
            self._skip_lf = True
        return found

    def _take(self, raw: bytes) -> ServerSentEvent | None:
        """One whole line; the event, when it was the blank line that ends one."""
        if self._first:
            self._first = False
            raw = raw.removeprefix(_BOM)
        if not raw:
            return self._dispatch()
        if raw[0] == 0x3A:
            self.comments += 1
            return None
        name, _, rest = raw.partition(b":")
        value = (rest[1:] if rest[:1] == b" " else rest).decode("utf-8", "replace")
        if name == b"data":
            self._size += len(rest) + 1
            self._limit(self._size)
            self._data.append(value)
        elif name == b"event":
            self._event = value
        elif name == b"id":
            if "\0" not in value:
                self._id = value
        elif name == b"retry" and _DIGITS.match(value) and len(value) < 16:
            self._retry = int(value)
        return None

    def _dispatch(self) -> ServerSentEvent | None:
        data, event = self._data, self._event
        self._data, self._event, self._size = [], "", 0
        if not data:
            return None
        return ServerSentEvent(event or "message", "\n".join(data), self._id, self._retry)

    def _limit(self, size: int) -> None:
        if size > self._max:
            raise StreamTooLarge(detail=f"one event of the stream is larger than {self._max // 1024**2} MB")
