"""What happens in a session, as it happens: drafts, media, renders."""

from __future__ import annotations

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from studio import sessions
from studio.routes.caller import studio_of
from studio.routes.common import signed_in
from studio.sse import EventStream


class SessionEvents:
    """Streams `{"type": "draft" | "media" | "render" | "deleted", …}` until one of the two goes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        studio = studio_of(request)
        account = await signed_in(request)
        session = await studio.read(sessions.load, account, scope["path_params"]["session_id"])
        stream_seconds = studio.config.heartbeat_seconds
        with studio.hub.listening(session.id) as queue:
            first = {"type": "draft", "version": session.position}
            await EventStream(queue, stream_seconds, first=first)(scope, receive, send)


routes = [Route("/api/events/{session_id}", SessionEvents(), methods=["GET"])]
