"""Reply bodies → models. Nothing in them is trusted: a wrong type counts as absent."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from agent.client.errors import ServerError, retry_after
from agent.models import Balance, MediaInfo, RenderStatus, Session, State, Token

_MISSING = "the answer lacks `{}`"
_STATUSES = ("pending", "processing", "completed", "failed", "cancelled")


def data(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The envelope's `data`; the body itself where it is bare."""
    inner = body.get("data")
    return inner if isinstance(inner, Mapping) else body


def token(body: Mapping[str, Any]) -> Token:
    """Row 1."""
    found = data(body)
    value = _need(found, "token")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ServerError(detail="the token holds characters that no header may carry")
    return Token(value, _text(found, "user_id"), _moment(found.get("expires_at")))


def session(body: Mapping[str, Any]) -> Session:
    """Row 2; a bare `{"id": …}` is ADK's own server."""
    found = data(body)
    ident = _text(found, "session_id") or _text(found, "id") or _need(found, "session_id")
    return Session(ident, _text(found, "task_id"), _text(found, "user_id") or _text(found, "userId"))


def claim_token(body: Mapping[str, Any]) -> str:
    """Row 3."""
    return _need(data(body), "claim_token")


def media(body: Mapping[str, Any]) -> tuple[MediaInfo, ...]:
    """Row 5."""
    return tuple(
        MediaInfo(
            filename=_text(item, "filename"),
            file_type=_text(item, "file_type"),
            width=int(_number(item, "width")),
            height=int(_number(item, "height")),
            duration=_number(item, "duration"),
            url=_text(item, "cdn_url") or _text(item, "url"),
            hash=_text(item, "hash"),
        )
        for item in _objects(data(body).get("files"))
    )


def balance(body: Mapping[str, Any]) -> Balance:
    """Row 6; the total is worked out where it is missing."""
    found = data(body)
    if not any(isinstance(found.get(key), int | float) for key in ("available", "total")):
        raise ServerError(detail=_MISSING.format("available"))
    frozen = _number(found, "frozen")
    total = found.get("total")
    available = _number(found, "available") if "available" in found else _number(found, "total") - frozen
    return Balance(available, frozen, _number(found, "total") if total is not None else available + frozen)


def state(body: Mapping[str, Any], session_id: str) -> State:
    """Row 7."""
    found = data(body)
    inner = found.get("state")
    if not isinstance(inner, Mapping):
        raise ServerError(detail=_MISSING.format("state"))
    draft = inner.get("draft")
    return State(
        session_id=_text(found, "session_id") or session_id,
        task_id=_text(found, "task_id"),
        user_id=_text(found, "user_id"),
        draft=draft if isinstance(draft, Mapping) else {},
        video_infos=_objects(inner.get("video_infos")),
        generated_media=_objects(inner.get("generated_media")),
    )


def render(body: Mapping[str, Any], headers: Mapping[str, str], render_id: str) -> RenderStatus:
    """Rows 8–10: shape A is bare with `output`, shape B wraps `data` with `outputUrl`."""
    found = data(body)
    status = _text(found, "status").lower()
    if not status and body.get("success") is False:
        status = "failed"
    if status not in _STATUSES:
        raise ServerError(detail=_MISSING.format("status"))
    output = found.get("output")
    output = output if isinstance(output, Mapping) else {}
    return RenderStatus(
        id=_text(found, "id") or _text(found, "taskId") or render_id,
        status=status,
        progress=_progress(found.get("progress")),
        url=_text(output, "url") or _text(found, "outputUrl") or _text(found, "url"),
        duration=_number(output, "duration") or _number(found, "duration"),
        size=int(_number(output, "size") or _number(found, "size")),
        error=_error(status, found.get("error") or body.get("error") or body.get("message")),
        retry_after=retry_after(headers.get("retry-after")),
    )


def rows(body: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], ...]:
    """A list of objects, bare or under `name`."""
    inner = body.get("data")
    if isinstance(inner, list):
        return _objects(inner)
    return _objects(data(body).get(name))


def _need(found: Mapping[str, Any], key: str) -> str:
    value = _text(found, key)
    if not value:
        raise ServerError(detail=_MISSING.format(key))
    return value


def _text(found: Mapping[str, Any], key: str) -> str:
    value = found.get(key)
    return value if isinstance(value, str) else ""


def _number(found: Mapping[str, Any], key: str) -> float:
    value = found.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        return 0.0
    return float(value)


def _progress(value: object) -> float:
    """Percent."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return min(100.0, max(0.0, float(value)))


def _objects(value: object) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(item for item in value if isinstance(item, Mapping))


def _moment(value: object) -> datetime | None:
    """An ISO-8601 time; without an offset it is UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _error(status: str, value: object) -> str:
    if status != "failed":
        return ""
    if isinstance(value, Mapping):
        value = value.get("message") or value.get("detail")
    return value if isinstance(value, str) else ""
