"""Signing in to one backend: the user's own token, the one kept, or a new one for this client id."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from agent.client import Client
from agent.client.errors import BadRequest
from agent.disk import told_as_local_error
from agent.errors import NotSignedIn, RateLimited
from agent.identity import Identity
from agent.locks import try_lock
from agent.models import Token
from agent.store import Store, client_id, replace_client_id

TOKEN_LIFE = timedelta(days=7)
LONGEST_WAIT = 120.0
_LOCK_TRIES, _LOCK_PAUSE = 1200, 0.05
Wait = Callable[[RateLimited], Awaitable[None]]


class SignIn:
    """Gives `client` its token; `wait` sits out a rate limit, or raises it where it is too long."""

    def __init__(self, client: Client, store: Store, identity: Identity, wait: Wait) -> None:
        self._client = client
        self._store = store
        self._who = identity
        self._wait = wait

    async def first(self, refused: Token | None = None) -> None:
        """Sign in; two terminals never ask for two tokens. Raises NotSignedIn, RateLimited, OutOfReach."""
        if self._who.own_token:
            self._client.token = Token(self._who.own_token, own=True)
            return
        who = self._who.client_id or await asyncio.to_thread(client_id, self._who.client_id_file)
        with ExitStack() as stack:
            await self._locked(stack)
            kept = self._store.tokens.get(self._who.key, who)
            if kept is None or (refused is not None and kept.value == refused.value):
                kept = await self._new_token(who, again=refused is not None)
        self._client.token = kept

    async def again(self, error: NotSignedIn, refused: Token | None) -> None:
        """Once, with the same client id; a token of the user's own is not replaced behind their back.

        Another task of this conversation may have done so while this one's call was under way.
        """
        if self._who.own_token:
            raise NotSignedIn("own_token_refused", code=error.code, detail=error.detail) from error
        if self._client.token == refused:
            await self.first(refused)

    async def _locked(self, stack: ExitStack) -> None:
        """Hold the token's lock, or go on without it when another terminal keeps it too long."""
        path = self._store.tokens.lock_file(self._who.key)
        for _ in range(_LOCK_TRIES):
            attempt = ExitStack()
            with told_as_local_error(path):
                if attempt.enter_context(try_lock(path)):
                    stack.push(attempt)
                    return
            attempt.close()
            await asyncio.sleep(_LOCK_PAUSE)

    async def _new_token(self, who: str, *, again: bool) -> Token:
        try:
            token = await self._asked(who, again=again)
        except BadRequest:
            # The backend does not take this client id: it gets one made for it alone.
            path = self._store.client_id_file(self._who.key)
            other = await asyncio.to_thread(client_id, path)
            if other == who:
                other = await asyncio.to_thread(replace_client_id, path)
            who, self._who = other, Identity(self._who.key, "", "", path)
            kept = self._store.tokens.get(self._who.key, who)
            if kept is not None and not again:
                return kept
            token = await self._asked(who, again=again)
        self._store.tokens.keep(self._who.key, token, who)
        return token

    async def _asked(self, who: str, *, again: bool) -> Token:
        try:
            return await self._client.anonymous_token(who)
        except RateLimited as error:
            if again or error.seconds > LONGEST_WAIT:
                raise self._not_yet(error) from error
            await self._wait(error)
            return await self._client.anonymous_token(who)

    def _not_yet(self, error: RateLimited) -> NotSignedIn:
        """429 to a sign-in: the date from which a new token can be had, where it is known."""
        issued = self._store.tokens.issued_at(self._who.key)
        if error.seconds > LONGEST_WAIT:
            until = datetime.now(UTC) + timedelta(seconds=min(error.seconds, TOKEN_LIFE.total_seconds()))
        elif issued is not None:
            until = issued + TOKEN_LIFE
        else:
            return NotSignedIn(code=error.code, detail=error.detail)
        return NotSignedIn("token_wait", code=error.code, detail=error.detail, until=f"{until:%Y-%m-%d}")
