"""A signed-in conversation with one backend: whose token, which client id, which session, which language.

The user's own token and the client id of the family of skills go to the hosted service alone; every other
backend knows this machine by an id and a token of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlsplit

from agent import log
from agent.client import Client
from agent.client_errors import BadRequest
from agent.config import Settings
from agent.disk import told_as_local_error
from agent.errors import ConfigError, NotSignedIn, RateLimited, SessionGone, Unreachable
from agent.local import BackendAddress, ensure_studio
from agent.locks import try_lock
from agent.models import RenderStatus, Session, State, Token
from agent.skill import Skill, shipped_skill
from agent.store import Store, client_id, replace_client_id
from agent.stream_events import StreamEvent

T = TypeVar("T")
LONGEST_WAIT = 120.0
TOKEN_LIFE = timedelta(days=7)
OnWait = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the agent is to one backend; `key` is what its token and sessions are kept under."""

    key: str
    own_token: str
    client_id: str
    client_id_file: Path


class Connection:
    """One backend, signed in, with a session; `resumed` when the session was there before.

    `lost` tells that the last session was to be resumed and is gone; `state` is what a resumed session held.
    `on_wait` is told the seconds before a pause that a rate limit asks for.
    """

    def __init__(
        self, client: Client, store: Store, identity: Identity, *, label: str, language: str
    ) -> None:
        self.client = client
        self.store = store
        self.language = language
        self.backend_label = label
        self.session = Session("")
        self.resumed = False
        self.lost = False
        self.state: State | None = None
        self.on_wait: OnWait | None = None
        self._who = identity
        self._settings: Settings | None = None

    @classmethod
    async def connect(
        cls,
        settings: Settings,
        skill: Skill,
        store: Store,
        address: BackendAddress,
        *,
        which_session: str = "",
        text_hint: str = "",
        on_wait: OnWait | None = None,
    ) -> Connection:
        """Sign in and open a session: `which_session` is "last", "new" (or ""), an id, or "none" for none.

        Raises SessionGone when a session named by its id is unknown, and what signing in raises.
        """
        log.start(settings.state_dir / "avatar.log", debug=settings.debug)
        who = identity(settings, store, address)
        client = Client(
            address.url,
            headers=skill.headers(settings.skill_source),
            secret=address.secret,
            is_studio=address.is_studio,
            web_url=settings.web_url,
            session_path=settings.session_path,
            types=skill.types,
            stream_timeout=settings.stream_timeout,
            idle_timeout=settings.idle_timeout,
        )
        self = cls(
            client, store, who, label=label(settings, address), language=language_for(settings, text_hint)
        )
        self.on_wait = on_wait
        self._settings = settings if address.is_studio else None
        try:
            await self._sign_in()
            await self._find_out(settings)
            await self._open(which_session)
        except BaseException:
            await client.aclose()
            raise
        return self

    @property
    def backend(self) -> str:
        """The key under which the store keeps what belongs to this backend."""
        return self._who.key

    @property
    def is_studio(self) -> bool:
        return self.client.is_studio

    async def authed(self, call: Callable[[], Awaitable[T]]) -> T:
        """Make a call; after 1001 (signed in again) or 429 (waited) once more: nothing had run."""
        signed, waited, moved = False, False, False
        while True:
            token = self.client.token
            try:
                return await call()
            except Unreachable:
                if moved or not await self._studio_again():
                    raise
                moved = True
            except NotSignedIn as error:
                if signed:
                    raise
                signed = True
                await self._sign_in_again(error, token)
            except RateLimited as error:
                if waited:
                    raise
                waited = True
                await self._wait(error)

    async def run(self, text: str) -> AsyncGenerator[StreamEvent]:
        """Say `text` in the session; sent once more only where the backend refused it before it began."""
        signed, waited, moved = False, False, False
        while True:
            stream = self.client.run_sse(self.session.session_id, text)
            begun, token = False, self.client.token
            try:
                async for event in stream:
                    begun = True
                    yield event
            except Unreachable:
                if moved or not await self._studio_again():
                    raise
                moved = True
            except NotSignedIn as error:
                if begun or signed:
                    raise
                signed = True
                await self._sign_in_again(error, token)
            except RateLimited as error:
                if begun or waited:
                    raise
                waited = True
                await self._wait(error)
            else:
                return
            finally:
                await stream.aclose()

    async def new_session(self) -> Session:
        """Begin a new session and go on in it."""
        self.session = await self.authed(lambda: self.client.create_session(self.language))
        self.resumed, self.state = False, None
        self.store.keep_session(self.backend, self.session, language=self.language)
        return self.session

    async def resume(self, session_id: str) -> State:
        """Go on in a session of this backend. Raises SessionGone."""
        state = await self.authed(lambda: self.client.state(session_id))
        self.session = Session(session_id, state.task_id, state.user_id)
        self.resumed, self.state = True, state
        self.store.keep_session(self.backend, self.session, language=self.language)
        return state

    async def render_status(self, render_id: str, owner: Token | None = None) -> RenderStatus:
        """A render, asked for with the token that submitted it, else with this account's newer one."""
        token = self.client.token
        if owner is not None and (token is None or owner.value != token.value):
            try:
                return await self.client.render_status(render_id, owner)
            except NotSignedIn:
                pass
        return await self.authed(lambda: self.client.render_status(render_id))

    async def claim_link(self) -> str:
        """A browser link to the session; it carries a claim token, never the bearer token."""
        token = await self.authed(
            lambda: self.client.claim_token(self.session.task_id, self.session.session_id)
        )
        base = self.client.base_url if self.is_studio else self.client.web_url
        return f"{base}/workspace/claim?ct={quote(token, safe='')}"

    async def aclose(self) -> None:
        await self.client.aclose()

    async def _open(self, which: str) -> None:
        if which == "last":
            note = self.store.last_session(self.backend)
            if note is not None:
                try:
                    await self.resume(note.session_id)
                except SessionGone:
                    self.lost = True
                    self.store.forget_session(self.backend, note.session_id)
                else:
                    return
        elif which == "none":
            return
        elif which not in ("", "new"):
            await self.resume(which)
            return
        await self.new_session()

    async def _find_out(self, settings: Settings) -> None:
        """Ask a backend given by its URL whether it is a studio; the hosted service is none."""
        if not self.client.is_studio and settings.backend not in ("studio", "hosted"):
            self.client.is_studio = await self.client.health() is not None

    async def _studio_again(self) -> bool:
        """Find or start the embedded studio anew: it stops when nobody has needed it for a while."""
        if self._settings is None:
            return False
        address = await ensure_studio(self._settings)
        self.client.move(address.url, address.secret)
        return True

    async def _sign_in(self, refused: Token | None = None) -> None:
        """Take the user's own token, the one kept, or a new one; two terminals never ask for two."""
        if self._who.own_token:
            self.client.token = Token(self._who.own_token, own=True)
            return
        who = self._who.client_id or await asyncio.to_thread(client_id, self._who.client_id_file)
        with ExitStack() as stack:
            await self._locked(stack)
            kept = self.store.tokens.get(self.backend, who)
            if kept is None or (refused is not None and kept.value == refused.value):
                kept = await self._new_token(who, again=refused is not None)
        self.client.token = kept

    async def _locked(self, stack: ExitStack) -> None:
        """Hold the token's lock, or go on without it when another terminal keeps it too long."""
        path = self.store.tokens.lock_file(self.backend)
        for _ in range(1200):
            attempt = ExitStack()
            with told_as_local_error(path):
                if attempt.enter_context(try_lock(path)):
                    stack.push(attempt)
                    return
            attempt.close()
            await asyncio.sleep(0.05)

    async def _new_token(self, who: str, *, again: bool) -> Token:
        try:
            token = await self._asked(who, again=again)
        except BadRequest:
            # The backend does not take this client id: it gets one made for it alone.
            path = self.store.client_id_file(self.backend)
            other = await asyncio.to_thread(client_id, path)
            if other == who:
                other = await asyncio.to_thread(replace_client_id, path)
            who, self._who = other, Identity(self._who.key, "", "", path)
            kept = self.store.tokens.get(self.backend, who)
            if kept is not None and not again:
                return kept
            token = await self._asked(who, again=again)
        self.store.tokens.keep(self.backend, token, who)
        return token

    async def _asked(self, who: str, *, again: bool) -> Token:
        try:
            return await self.client.anonymous_token(who)
        except RateLimited as error:
            if again or error.seconds > LONGEST_WAIT:
                raise self._not_yet(error) from error
            await self._wait(error)
            return await self.client.anonymous_token(who)

    def _not_yet(self, error: RateLimited) -> NotSignedIn:
        """429 to a sign-in: the date from which a new token can be had, where it is known."""
        issued = self.store.tokens.issued_at(self.backend)
        if error.seconds > LONGEST_WAIT:
            until = datetime.now(UTC) + timedelta(seconds=min(error.seconds, TOKEN_LIFE.total_seconds()))
        elif issued is not None:
            until = issued + TOKEN_LIFE
        else:
            return NotSignedIn(code=error.code, detail=error.detail)
        return NotSignedIn("token_wait", code=error.code, detail=error.detail, until=f"{until:%Y-%m-%d}")

    async def _sign_in_again(self, error: NotSignedIn, refused: Token | None) -> None:
        """Once, with the same client id; a token of the user's own is not replaced behind their back.

        Another task of this conversation may have done so while this one's call was under way.
        """
        if self._who.own_token:
            raise NotSignedIn("own_token_refused", code=error.code, detail=error.detail) from error
        if self.client.token == refused:
            await self._sign_in(refused)

    async def _wait(self, error: RateLimited) -> None:
        if error.seconds > LONGEST_WAIT:
            raise error
        if self.on_wait is not None:
            self.on_wait(error.seconds)
        await asyncio.sleep(error.seconds)


def identity(settings: Settings, store: Store, address: BackendAddress) -> Identity:
    """Who the agent is to this backend. Raises ConfigError for a URL that is none."""
    key = "studio" if address.is_studio else origin(address.url)
    if not address.is_studio and key in home_origins(settings):
        return Identity(key, settings.token, settings.client_id, settings.client_id_file)
    return Identity(key, "", "", store.client_id_file(key))


def home_origins(settings: Settings) -> frozenset[str]:
    """Where the user's token may go: the hosted service, and the API address the user has set themselves.

    Not the address of any skill file: a foreign one could name a place of its own.
    """
    found = {origin(shipped_skill().api_url)}
    if settings.origins.get("api_url") != "skill":
        found.add(origin(settings.api_url))
    return frozenset(found)


def origin(url: str) -> str:
    """`scheme://host:port` of a URL. Raises ConfigError."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        if not parts.hostname:
            raise ValueError("no host")
    except (ValueError, KeyError) as error:
        raise ConfigError("config_value", setting="backend", value=url, detail="an http(s) URL") from error
    return f"{parts.scheme}://{parts.hostname}:{port}"


def label(settings: Settings, address: BackendAddress) -> str:
    """How the backend is called to the user: studio, hosted, or its URL."""
    if address.is_studio:
        return "studio"
    return "hosted" if settings.backend == "hosted" else address.url


def language_for(settings: Settings, text: str) -> str:
    """The session's language: the setting, else that of the first words, else the system's."""
    if settings.language != "auto":
        return settings.language
    if text.strip():
        from intents.language import detect

        return detect(text)
    return settings.system_language


connect = Connection.connect
