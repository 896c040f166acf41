"""What a reply's code, status or body means, as the error that the caller can act on."""

from __future__ import annotations

import email.utils
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

from agent.clean import clean_line
from agent.errors import (
    AvatarError,
    CreditsExhausted,
    FileCorrupt,
    FileTooLarge,
    FileUnsupported,
    InputFileError,
    NotSignedIn,
    PlanRequired,
    RateLimited,
    SessionGone,
    TurnFailed,
)

DEFAULT_WAIT = 30.0
_LONGEST_DETAIL = 500
_DAMAGE = re.compile(
    r"damage|corrupt|broken|truncated|cut short|incomplete|\bempty\b|(?:can ?not|could not|unable to) "
    r"(?:be )?(?:read|decode|open)|损坏|损毁|不完整|空文件|損壞|損毀|毀損|空檔案",
    re.IGNORECASE,
)
_TYPE = re.compile(r"\btypes?\b|format|support|accept|extension|格式|类型|支持|類型|支援", re.IGNORECASE)


class ServerError(TurnFailed):
    """The backend failed at its side (HTTP 5xx); an idempotent call may be made again."""

    kind = "server_error"
    default_key = "failed"


class NotFound(TurnFailed):
    """404 for something other than a session: an unknown render id, an endpoint this backend lacks."""

    kind = "not_found"
    default_key = "failed"


class BadRequest(TurnFailed):
    """400: the backend did not understand, or a client id is missing, or a render id was used before."""

    kind = "bad_request"
    default_key = "failed"


def error_for(
    code: int | None, detail: str = "", *, retry_after: float | None = None, session_scoped: bool = False
) -> AvatarError:
    """The error for a backend code or HTTP status; `session_scoped` calls name a session, so 404 means it."""
    detail = clean_line(detail)[:_LONGEST_DETAIL]
    if code in (1001, 401):
        return NotSignedIn(code=code, detail=detail)
    if code == 1002 or (code == 404 and session_scoped and "session" in detail.lower()):
        return SessionGone(code=code, detail=detail)
    if code == 2001:
        return CreditsExhausted(code=code, detail=detail)
    if code in (4001, 415):
        return FileUnsupported(code=code, detail=detail, file="", types="")
    if code in (4002, 413):
        # Here the limit of bytes was kept: it is the backend's own word what is too large about it.
        return FileTooLarge("file_refused_large", code=code, detail=detail, file="")
    if code == 402:
        return PlanRequired(code=code, detail=detail)
    if code == 429:
        return RateLimited(
            seconds=DEFAULT_WAIT if retry_after is None else retry_after, code=code, detail=detail
        )
    kind = TurnFailed
    if code == 400:
        kind = BadRequest
    elif code == 404:
        kind = NotFound
    elif code is not None and 500 <= code < 600:
        kind = ServerError
    return kind(code=code, detail=detail or (f"code {code}" if code is not None else ""))


def refused_file(error: InputFileError, names: Sequence[str], types: Sequence[str]) -> InputFileError:
    """A 4001 or 4002 completed by what was sent: the backend's own reason, the types where they matter."""
    detail = error.detail
    # A file's own name must not be taken for the reason, and the reason names which of several it was.
    said = detail
    for name in names:
        said = said.replace(clean_line(name), " ")
    named = [name for name in names if clean_line(name) in detail]
    file = ", ".join(named or names)
    values: dict[str, Any] = {"file": file, "types": ", ".join(types)}
    values["reason"] = detail if named or not file else f"{file}: {detail}" if detail else file
    if not names:
        return type(error)(
            "file_refused", code=error.code, detail=detail, **values | {"reason": detail or "–"}
        )
    if isinstance(error, FileTooLarge):
        return FileTooLarge(error.key, code=error.code, detail=detail, **values)
    if _DAMAGE.search(said):
        return FileCorrupt("file_damaged", code=error.code, detail=detail, **values)
    if not said.strip() or _TYPE.search(said):
        return FileUnsupported(code=error.code, detail=detail, **values)
    return FileUnsupported("file_refused", code=error.code, detail=detail, **values)


def failure_of(code: int | str | None, message: str) -> AvatarError:
    """The error for a failure told inside a stream, under HTTP 200: its number, or the name ADK gives it."""
    if isinstance(code, str) and code.strip().isascii() and code.strip().isdigit():
        code = int(code.strip()[:9])
    if code == "RESOURCE_EXHAUSTED" and "credit" in message.lower():
        code = 2001
    return error_for(code if isinstance(code, int) else None, message, session_scoped=True)


def code_of(body: Mapping[str, Any]) -> int | None:
    """The envelope's `code`; None where the reply is bare."""
    code = body.get("code")
    if isinstance(code, str) and code.strip().lstrip("-").isdecimal() and len(code) < 10:
        code = int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def message_of(body: Mapping[str, Any]) -> str:
    """What a reply says went wrong, wherever it says it."""
    for key in ("message", "detail", "error", "errorMessage", "msg"):
        value = body.get(key)
        if isinstance(value, Mapping):
            value = value.get("message") or value.get("detail")
        if isinstance(value, str) and value:
            return value
    return ""


def retry_after(value: str | None) -> float | None:
    """Seconds a Retry-After header asks for, as a number or an HTTP date; None where there is none."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.replace(".", "", 1).isdigit() and len(value) < 12:
        return float(value)
    try:
        when = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    return max(0.0, when.timestamp() - time.time())
