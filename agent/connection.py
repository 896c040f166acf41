"""A signed-in conversation with one backend: which session, which language, what may be said once more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TypeVar
from urllib.parse import quote

from agent import log
from agent.client import Client
from agent.config import Settings
from agent.errors import NotSignedIn, RateLimited, SessionGone, Unreachable
from agent.identity import Identity, identity, label, language_for
from agent.local import BackendAddress, ensure_studio
from agent.models import RenderStatus, Session, State, Token
from agent.sign_in import LONGEST_WAIT, SignIn
from agent.skill import Skill
from agent.store import Store
from agent.stream.events import StreamEvent

T = TypeVar("T")
OnWait = Callable[[float], None]


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
        self._sign_in = SignIn(client, store, identity, self._wait)
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
            await self._sign_in.first()
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
                await self._sign_in.again(error, token)
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
                await self._sign_in.again(error, token)
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
        """Begin a new session and go on in it; it is remembered only once it holds something."""
        self.session = await self.authed(lambda: self.client.create_session(self.language))
        self.resumed, self.state = False, None
        return self.session

    def keep(self, title: str = "", language: str = "") -> None:
        """Remember the session as the one used last. Raises LocalFileError."""
        self.store.keep_session(self.backend, self.session, language=language or self.language, title=title)

    async def resume(self, session_id: str) -> State:
        """Go on in a session of this backend. Raises SessionGone when there is none of this name."""
        try:
            state = await self.authed(lambda: self.client.state(session_id))
        except SessionGone as error:
            raise SessionGone("session_unknown", code=error.code, session=session_id) from error
        self.session = Session(session_id, state.task_id, state.user_id)
        self.resumed, self.state = True, state
        self.keep()
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

    async def _wait(self, error: RateLimited) -> None:
        if error.seconds > LONGEST_WAIT:
            raise error
        if self.on_wait is not None:
            self.on_wait(error.seconds)
        await asyncio.sleep(error.seconds)


connect = Connection.connect
