"""Envelopes and refusals: every JSON answer of the contract has the same outer shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response


class ApiError(RuntimeError):
    """An answer that is an error: HTTP status, the contract's code, and a sentence for the user."""

    def __init__(
        self, status: int, code: int, message: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    def response(self) -> Response:
        return enveloped(None, code=self.code, message=self.message, status=self.status, headers=self.headers)


def enveloped(
    data: Any,
    *,
    code: int = 0,
    message: str = "success",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """`{"code", "message", "data"}` as the contract's rows 1 to 7 want it."""
    return bare({"code": code, "message": message, "data": data}, status=status, headers=headers)


def bare(body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer without an envelope; ASCII only, so that lone surrogates of a client's draft survive."""
    text = json.dumps(body, separators=(",", ":"))
    return Response(text, status, dict(headers or {}), media_type="application/json")


def bad_request(message: str) -> ApiError:
    return ApiError(400, 400, message)


def not_signed_in(message: str = "The token is missing, unknown or expired. Sign in again.") -> ApiError:
    return ApiError(401, 1001, message, headers={"WWW-Authenticate": "Bearer"})


def no_session() -> ApiError:
    return ApiError(404, 1002, "There is no such session.")


def no_credits() -> ApiError:
    return ApiError(402, 2001, "There are not enough credits left.")


def unsupported(message: str) -> ApiError:
    return ApiError(415, 4001, message)


def too_large(message: str) -> ApiError:
    return ApiError(413, 4002, message)


def not_found(message: str) -> ApiError:
    return ApiError(404, 404, message)


def disk_full() -> ApiError:
    return ApiError(
        507, 507, "The studio's disk is full. Free some space and try again; nothing was changed."
    )
