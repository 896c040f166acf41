"""A turn's stream, bytes → StreamEvents: decoding, both dialects, and how far a turn was when it ended."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

from agent.stream.dialects import Dialects
from agent.stream.events import (
    Heartbeat,
    InlineImage,
    StreamEvent,
    StreamFailure,
    StreamText,
    ToolCall,
    ToolResult,
)
from agent.stream.sse import SseDecoder, StreamTooLarge

MAX_TURN_BYTES = 64 * 1024**2
_HEARTBEAT = Heartbeat()
_log = logging.getLogger(__name__)


class StreamReader:
    """Turns the bytes of one `/run_sse` answer into events."""

    def __init__(self, *, max_turn_bytes: int = MAX_TURN_BYTES) -> None:
        self._decoder = SseDecoder()
        self._dialects = Dialects()
        self._max = max_turn_bytes
        self._bytes = 0

    def feed(self, chunk: bytes) -> Iterator[StreamEvent]:
        """The events these bytes complete. Raises StreamTooLarge."""
        self._bytes += len(chunk)
        if self._bytes > self._max:
            raise StreamTooLarge(detail=f"the answer is larger than {self._max // 1024**2} MB")
        comments = self._decoder.comments
        for event in self._decoder.feed(chunk):
            yield from self._payload(event.data)
        if self._decoder.comments > comments:
            yield _HEARTBEAT

    def close(self) -> Iterator[StreamEvent]:
        """What is still to be said when the stream has ended."""
        yield from self._dialects.close()

    @property
    def unfinished(self) -> bool:
        """Partial text without its closing event, or a tool call without its result, is still open."""
        return self._dialects.unfinished

    def _payload(self, data: str) -> Iterator[StreamEvent]:
        if not data.strip():
            yield _HEARTBEAT
            return
        try:
            payload = json.loads(data)
        except (ValueError, RecursionError):
            payload = None
        if isinstance(payload, dict):
            yield from self._dialects.read(payload)
        else:
            _log.info("ignored a payload that is no JSON object: %.80r", data)


__all__ = [
    "MAX_TURN_BYTES",
    "Heartbeat",
    "InlineImage",
    "StreamEvent",
    "StreamFailure",
    "StreamReader",
    "StreamText",
    "StreamTooLarge",
    "ToolCall",
    "ToolResult",
]
