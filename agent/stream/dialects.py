"""The two dialects of `/run_sse` payloads → StreamEvents.

ADK events repeat at their end the text that came in partial events: what was shown is remembered, so that
text is neither doubled nor lost. Typed events (`{"type": …}`) carry plain increments.
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from agent.stream.events import (
    Heartbeat,
    InlineImage,
    StreamEvent,
    StreamFailure,
    StreamText,
    ToolCall,
    ToolResult,
)
from agent.stream.increments import Increments

_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_log = logging.getLogger(__name__)


class Dialects:
    """Reads one turn's payloads, whichever dialect each is written in."""

    def __init__(self) -> None:
        self._shown: dict[str, Increments] = {}
        self._typed_open = False
        self._calls: Counter[str] = Counter()

    @property
    def unfinished(self) -> bool:
        return bool(self._shown) or bool(self._calls)

    def read(self, payload: Mapping[str, Any]) -> Iterator[StreamEvent]:
        """The events of one payload; what is unknown is ignored and logged."""
        kind = payload.get("type")
        if isinstance(kind, str):
            yield from self._typed(kind, payload)
        else:
            yield from self._adk(payload)

    def close(self) -> Iterator[StreamEvent]:
        """End the block that is still open, if any."""
        if self._typed_open or self._shown:
            self._typed_open = False
            yield StreamText("", final=True)

    def _typed(self, kind: str, payload: Mapping[str, Any]) -> Iterator[StreamEvent]:
        if kind == "text":
            text = _text(payload.get("content", payload.get("text")))
            if text:
                self._typed_open = True
                yield StreamText(text)
        elif kind == "heartbeat":
            yield Heartbeat()
        elif kind == "error":
            yield _failure(payload.get("message"), payload.get("code"))
        elif kind in ("tool_call", "tool_result"):
            if self._typed_open:
                self._typed_open = False
                yield StreamText("", final=True)
            name, call = _text(payload.get("name")), _text(payload.get("id"))
            yield self._called(name, call) if kind == "tool_call" else self._answered(name, call)
        else:
            _log.info("ignored an event of the unknown type %.40r", kind)

    def _adk(self, event: Mapping[str, Any]) -> Iterator[StreamEvent]:
        error = event.get("error")
        code, message = _either(event, "errorCode"), _either(event, "errorMessage")
        content = event.get("content")
        parts = content.get("parts") if isinstance(content, Mapping) else None
        parts = [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []
        author = _text(event.get("author"))
        if author != "user":
            long_running = _either(event, "longRunningToolIds")
            yield from self._said(author, parts, partial=event.get("partial") is True)
            yield from self._done(parts, long_running if isinstance(long_running, list) else [])
        if error:
            yield _failure(error, None)
        elif code or message:
            yield _failure(message or code, code)

    def _said(self, author: str, parts: list[Mapping[str, Any]], *, partial: bool) -> Iterator[StreamEvent]:
        text = "".join(_text(part.get("text")) for part in parts if part.get("thought") is not True)
        if partial:
            if text:
                self._shown.setdefault(author, Increments()).add(text)
                yield StreamText(text)
            return
        if text:
            shown = self._shown.pop(author, None)
            yield StreamText(shown.unseen(text) if shown else text, final=True)
        elif author in self._shown and any(_either(part, "functionCall") for part in parts):
            # Some versions close streamed text with the tool call alone.
            del self._shown[author]
            yield StreamText("", final=True)

    def _done(self, parts: list[Mapping[str, Any]], long_running: list[Any]) -> Iterator[StreamEvent]:
        """Tool calls, their results and pictures; a long-running tool's result is not waited for."""
        for part in parts:
            call, result = _either(part, "functionCall"), _either(part, "functionResponse")
            inline = _either(part, "inlineData")
            if isinstance(call, Mapping):
                name, ident = _text(call.get("name")), _text(call.get("id"))
                if ident and ident in long_running:
                    yield ToolCall(name, ident)
                else:
                    yield self._called(name, ident)
            elif isinstance(result, Mapping):
                yield self._answered(_text(result.get("name")), _text(result.get("id")))
            elif isinstance(inline, Mapping) and part.get("thought") is not True:
                yield from _picture(inline)

    def _called(self, name: str, ident: str) -> ToolCall:
        self._calls[ident or name] += 1
        return ToolCall(name, ident)

    def _answered(self, name: str, ident: str) -> ToolResult:
        key = ident if ident in self._calls else name
        self._calls[key] -= 1
        if self._calls[key] <= 0:
            del self._calls[key]
        return ToolResult(name, ident)


def _picture(inline: Mapping[str, Any]) -> Iterator[StreamEvent]:
    media_type = _text(_either(inline, "mimeType")).lower()
    data = inline.get("data")
    if not media_type.startswith("image/") or not isinstance(data, str):
        _log.info("ignored inline data of type %.40r", media_type)
        return
    # ADK writes the URL-safe alphabet, others the plain one, with or without padding and line breaks.
    plain = _NOT_BASE64.sub("", data.replace("-", "+").replace("_", "/"))
    try:
        yield InlineImage(media_type, base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True))
    except (ValueError, binascii.Error):
        _log.info("ignored an inline image whose base64 is damaged")


def _failure(message: object, code: object) -> StreamFailure:
    if isinstance(message, Mapping):
        code = code or message.get("code")
        message = message.get("message") or message.get("detail") or ""
    if isinstance(code, bool) or not isinstance(code, int | str):
        code = None
    return StreamFailure(_text(message) or "the backend reported an error", code)


def _either(table: Mapping[str, Any], camel: str) -> Any:
    """A field under its camelCase name or its snake_case one."""
    value = table.get(camel)
    if value is None:
        value = table.get(_snake(camel))
    return value


def _snake(camel: str) -> str:
    return _SNAKE.get(camel) or re.sub(r"(?=[A-Z])", "_", camel).lower()


_SNAKE = {
    "functionCall": "function_call",
    "functionResponse": "function_response",
    "inlineData": "inline_data",
    "mimeType": "mime_type",
    "errorCode": "error_code",
    "errorMessage": "error_message",
    "longRunningToolIds": "long_running_tool_ids",
}


def _text(value: object) -> str:
    """Text as valid Unicode; half a surrogate pair, which JSON can carry and UTF-8 cannot, is replaced."""
    if not isinstance(value, str):
        return ""
    return value if value.isascii() else _SURROGATES.sub("\ufffd", value)
