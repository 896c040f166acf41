"""The backend's HTTP API, one method per endpoint; every failure is an AvatarError."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from agent.client import replies
from agent.client.download import fetch
from agent.client.errors import BadRequest, NotFound, failure_of, refused_file
from agent.client.http import Transport
from agent.client.turns import run_stream
from agent.client.uploads import MultipartBody, OnProgress
from agent.errors import AvatarError, CreditsExhausted, FileTooLarge, FileUnsupported
from agent.models import (
    Attachment,
    Balance,
    Draft,
    MediaInfo,
    OutputSpec,
    RenderStatus,
    Session,
    State,
    Token,
)
from agent.stream import StreamEvent, StreamFailure, StreamText

APP = "nemo_agent"
USER = "me"
UPLOAD_TIMEOUT = 600.0


class Client:
    """One backend. `secret` opens the embedded studio's tokens; times are in seconds."""

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str],
        token: Token | None = None,
        secret: str = "",
        is_studio: bool = False,
        web_url: str = "",
        session_path: str = "",
        types: Sequence[str] = (),
        stream_timeout: float = 900.0,
        idle_timeout: float = 600.0,
        timeout: float = 60.0,
        backoff: float = 0.5,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.web_url = web_url
        self.is_studio = is_studio
        self._types = tuple(types)
        self.user_id = token.user_id if token else ""
        self._secret = secret
        self._session_path = session_path
        self._stream_timeout = stream_timeout
        self._idle_timeout = idle_timeout
        self._transport = Transport(base_url, headers, local=is_studio, timeout=timeout, backoff=backoff)
        self._transport.token = token

    def move(self, base_url: str, secret: str) -> None:
        """Go on with the same studio at another address, as after its restart."""
        self.base_url = self._transport.base_url = base_url.rstrip("/")
        self._secret = secret

    @property
    def token(self) -> Token | None:
        return self._transport.token

    @token.setter
    def token(self, token: Token | None) -> None:
        self._transport.token = token
        if token is not None and token.user_id:
            self.user_id = token.user_id

    async def anonymous_token(self, client_id: str) -> Token:
        """A new token for this client id (row 1). Raises BadRequest, RateLimited with its wait."""
        headers = {"X-Client-Id": client_id}
        if self._secret:
            headers["X-Studio-Secret"] = self._secret
        body, _ = await self._call("POST", "/api/auth/anonymous-token", headers=headers, signed=False)
        return replies.token(body)

    async def create_session(self, language: str, task_name: str = "project") -> Session:
        """A new session in the user's language (row 2)."""
        body, _ = await self._call(
            "POST",
            self._session_path or f"/api/tasks/me/with-session/{APP}",
            body={"task_name": task_name, "language": language},
        )
        session = replies.session(body)
        self.user_id = session.user_id or self.user_id
        return session

    async def claim_token(self, task_id: str, session_id: str) -> str:
        """A short-lived token for the browser link (row 3): the bearer token never goes into a URL."""
        body, _ = await self._call(
            "POST", "/api/auth/claim-token", body={"task_id": task_id, "session_id": session_id}
        )
        return replies.claim_token(body)

    async def run_sse(self, session_id: str, text: str) -> AsyncGenerator[StreamEvent]:
        """Say `text` and yield what comes (row 4); it is never sent a second time from here.

        Raises Unreachable when nothing was sent, an error of the table when it was refused, and Dropped or
        TimedOut when the outcome is unknown: then the message must not be sent again.
        """
        body = {
            "app_name": APP,
            "user_id": USER,
            "session_id": session_id,
            "new_message": {"role": "user", "parts": [{"text": text}]},
        }
        stream = run_stream(
            self._transport, "/run_sse", body, total=self._stream_timeout, idle=self._idle_timeout
        )
        try:
            with self._told():
                async for event in stream:
                    yield self._hushed(event)
        finally:
            await stream.aclose()

    def failure(self, event: StreamFailure) -> AvatarError:
        """The error that a failure told inside a stream stands for."""
        try:
            with self._told():
                raise failure_of(event.code, event.message)
        except AvatarError as error:
            return error

    async def upload_files(
        self, session_id: str, attachments: Sequence[Attachment], on_progress: OnProgress | None = None
    ) -> tuple[MediaInfo, ...]:
        """Upload local files in one request, streamed from disk (row 5)."""
        body = MultipartBody(attachments, on_progress)
        headers = {"Content-Type": body.content_type, "Content-Length": str(body.length)}
        path = f"/api/upload-video/{APP}/{USER}/{_part(session_id)}"
        with self._told([item.upload_name for item in attachments]):
            async with self._transport.open(
                "POST", path, content=body, headers=headers, timeout=UPLOAD_TIMEOUT
            ) as response:
                return replies.media(await self._transport.answer(response, session_scoped=True))

    async def upload_urls(self, session_id: str, urls: Sequence[str]) -> tuple[MediaInfo, ...]:
        """Have the backend fetch these URLs (row 5)."""
        path = f"/api/upload-video/{APP}/{USER}/{_part(session_id)}"
        with self._told(urls):
            body, _ = await self._call(
                "POST", path, body={"urls": list(urls), "source_type": "url"}, session_scoped=True
            )
        return replies.media(body)

    async def balance(self) -> Balance:
        """The account's credits (row 6)."""
        body, _ = await self._call("GET", "/api/credits/balance/simple", repeatable=True)
        return replies.balance(body)

    async def state(self, session_id: str) -> State:
        """The session's latest state (row 7)."""
        path = f"/api/state/{APP}/{USER}/{_part(session_id)}/latest"
        if self._session_path:
            # A server that makes sessions elsewhere, as ADK's own, keeps their state there too.
            path = f"{self._session_path.rstrip('/')}/{_part(session_id)}"
        body, _ = await self._call("GET", path, repeatable=True, session_scoped=True)
        state = replies.state(body, session_id)
        self.user_id = state.user_id or self.user_id
        return state

    async def submit_render(
        self, render_id: str, session_id: str, draft: Draft, output: OutputSpec
    ) -> RenderStatus:
        """Submit a render (row 8); the same id and body again are the same job."""
        body, headers = await self._call(
            "POST",
            "/api/render/proxy/lambda",
            body={"id": render_id, "sessionId": session_id, "draft": draft, "output": output.as_json()},
            session_scoped=True,
        )
        return self._render(body, headers, render_id)

    async def render_status(self, render_id: str, token: Token | None = None) -> RenderStatus:
        """How far a render is (row 9); `token` is the one that submitted it, where it is another."""
        path = f"/api/render/proxy/lambda/{_part(render_id)}"
        body, headers = await self._call("GET", path, repeatable=True, token=token)
        return self._render(body, headers, render_id)

    async def cancel_render(self, render_id: str) -> RenderStatus:
        """Cancel a render (row 10)."""
        path = f"/api/render/proxy/lambda/{_part(render_id)}/cancel"
        body, headers = await self._call("POST", path, repeatable=True)
        return self._render(body, headers, render_id)

    async def download(
        self, status: RenderStatus, target: Path, on_progress: OnProgress | None = None, **how: Any
    ) -> int:
        """Fetch a completed render to `target`, which appears only when it is whole; its size in bytes."""
        return await fetch(self._transport, status, target, on_progress, **how)

    async def preview(
        self, session_id: str, px: int, at: int | None = None, format: str = "png"
    ) -> bytes | None:
        """A picture of the draft, px × px; `rgb` is px·px·3 raw bytes. None where the backend has none."""
        if not self.is_studio:
            return None
        params = {"px": str(px), "format": format, **({} if at is None else {"at": str(at)})}
        try:
            async with self._transport.open(
                "GET",
                f"/api/preview/{_part(session_id)}",
                params=params,
                headers={"Accept": "*/*"},
                kept=True,
            ) as response:
                data = await self._transport.body(response)
                if response.status_code == 200 and not _is_json(response.headers.get("content-type", "")):
                    return data
                self._transport.checked(response, data)
        except (NotFound, BadRequest):
            return None
        return None

    async def sessions(self) -> tuple[Mapping[str, Any], ...]:
        """This account's sessions (studio only)."""
        body, _ = await self._call("GET", "/api/sessions", repeatable=True)
        return replies.rows(body, "sessions")

    async def delete_session(self, session_id: str) -> None:
        """Delete a session and the media no other session uses (studio only)."""
        await self._call("DELETE", f"/api/sessions/{_part(session_id)}", repeatable=True, session_scoped=True)

    async def versions(self, session_id: str) -> tuple[Mapping[str, Any], ...]:
        """The draft's versions (studio only)."""
        body, _ = await self._call(
            "GET", f"/api/versions/{_part(session_id)}", repeatable=True, session_scoped=True
        )
        return replies.rows(body, "versions")

    async def step_version(self, session_id: str, step: str) -> Mapping[str, Any]:
        """Go to a version: `undo`, `redo` or its number (studio only)."""
        path = f"/api/versions/{_part(session_id)}/{_part(step)}"
        body, _ = await self._call("POST", path, session_scoped=True)
        return replies.data(body)

    async def health(self) -> Mapping[str, Any] | None:
        """What the studio says of itself without a token; None when this is no studio."""
        try:
            body, _ = await self._call("GET", "/health", signed=False)
        except AvatarError:
            return None
        return body if body.get("ok") is True else None

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def _call(self, method: str, path: str, **how: Any) -> tuple[dict[str, Any], Mapping[str, str]]:
        with self._told():
            return await self._transport.call(method, path, **how)

    def _render(self, body: Mapping[str, Any], headers: Mapping[str, str], render_id: str) -> RenderStatus:
        status = replies.render(body, headers, render_id)
        return replace(status, error=self._transport.without_token(status.error))

    def _hushed(self, event: StreamEvent) -> StreamEvent:
        """What is said goes into a transcript: should it repeat the token, then without it."""
        if isinstance(event, StreamText):
            text = self._transport.without_token(event.text)
            return event if text == event.text else replace(event, text=text)
        if isinstance(event, StreamFailure):
            return replace(event, message=self._transport.without_token(event.message))
        return event

    @contextmanager
    def _told(self, files: Sequence[str] = ()) -> Iterator[None]:
        """Complete an error by what only this client knows: whose credits, which file."""
        try:
            yield
        except CreditsExhausted as error:
            if self.user_id.startswith("anon_") and error.key != "credits_anonymous":
                link = f"{self.web_url}/register?bind={quote(self.user_id, safe='')}"
                raise CreditsExhausted(
                    "credits_anonymous", code=error.code, detail=error.detail, url=link
                ) from error
            raise
        except (FileUnsupported, FileTooLarge) as error:
            raise refused_file(error, files, self._types) from error


def _part(ident: str) -> str:
    """An id as one path segment, whatever it holds."""
    return quote(ident, safe="") if ident not in (".", "..") else "%2E" * len(ident)


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "application/json"
