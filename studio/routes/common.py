"""What every endpoint needs: the caller's account, and bodies that are what they claim to be."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from starlette.requests import Request

from studio import accounts
from studio.replies import ApiError, bad_request, not_signed_in
from studio.routes.caller import studio_of

NAME_CHARS = 200
LANGUAGE_CHARS = 35


async def signed_in(request: Request) -> str:
    """The account the bearer token speaks for; raises ApiError 1001."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise not_signed_in()
    account = await studio_of(request).read(accounts.account_of, token.strip())
    if account is None:
        raise not_signed_in()
    return account


async def json_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object, read no further than the limit; raises ApiError 400 and 413."""
    limit = studio_of(request).config.limits.json_bytes
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise ApiError(413, 413, f"The body is larger than {limit // 1024} KB.")
    try:
        value = json.loads(bytes(body), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise bad_request("The body is not JSON.") from error
    if not isinstance(value, dict):
        raise bad_request("The body must be a JSON object.")
    return value


def text_field(
    body: dict[str, Any], name: str, *, longest: int = NAME_CHARS, default: str | None = None
) -> str:
    """A string of the body without what databases cannot hold; raises ApiError 400."""
    value = body.get(name, default)
    if not isinstance(value, str):
        raise bad_request(f"“{name}” must be a string.")
    if len(value) > longest:
        raise bad_request(f"“{name}” is longer than {longest} characters.")
    return storable(value)


def storable(text: str) -> str:
    """Text without NUL (PostgreSQL) and lone surrogates (UTF-8)."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def number_query(request: Request, name: str, default: int, least: int, most: int) -> int:
    """A whole number of the query; raises ApiError 400 with the range."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not least <= int(text) <= most:
        raise bad_request(f"“{name}” must be a whole number from {least} to {most}.")
    return int(text)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
