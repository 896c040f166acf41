"""Signing in, and the claim token that lets a browser page see one session."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from studio import accounts, ledger, sessions
from studio.replies import ApiError, enveloped
from studio.routes.caller import require_owner, studio_of
from studio.routes.common import json_object, signed_in, text_field


async def anonymous_token(request: Request) -> Response:
    """Row 1: a token for a client id; on one's own machine only for who can read the runtime file."""
    studio = studio_of(request)
    config = studio.config
    if not config.open_sign_in:
        require_owner(request)
    issued = await studio.write(accounts.issue, request.headers.get("x-client-id", "").strip(), config.prices)
    balance = await studio.read(ledger.balance, issued.account_id)
    return enveloped(
        {
            "token": issued.token,
            "user_id": issued.account_id,
            "credits": balance.available,
            "expires_at": datetime.fromtimestamp(issued.expires_at / 1000, UTC).isoformat(timespec="seconds"),
        }
    )


async def claim_token(request: Request) -> Response:
    """Row 3: a token that opens one session in a browser, once and within a minute."""
    studio = studio_of(request)
    account = await signed_in(request)
    body = await json_object(request)
    session = await studio.read(sessions.load, account, text_field(body, "session_id"))
    if text_field(body, "task_id") != session.task_id:
        raise ApiError(404, 1002, "There is no such task in this session.")
    claim = await studio.write(accounts.issue_claim, account, session.id)
    return enveloped({"claim_token": claim, "expires_in": accounts.CLAIM_SECONDS})


routes = [
    Route("/api/auth/anonymous-token", anonymous_token, methods=["POST"]),
    Route("/api/auth/claim-token", claim_token, methods=["POST"]),
]
