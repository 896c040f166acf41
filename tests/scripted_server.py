"""A backend that does what a test scripts, on a real socket: typed events and shape B of the render replies.

It keeps accounts, sessions, drafts and renders as the contract says, charges for turns, and records every
request. Any endpoint can be told to fail (`fail`), any turn what to say (`say`).
"""

from __future__ import annotations

import json
import re
import struct
import threading
import uuid
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.scripted_http import HttpServer, Reply, Request, json_reply

ROUTES = (
    ("token", "POST", r"/api/auth/anonymous-token"),
    ("session", "POST", r"/api/tasks/me/with-session/nemo_agent"),
    ("claim", "POST", r"/api/auth/claim-token"),
    ("run_sse", "POST", r"/run_sse"),
    ("upload", "POST", r"/api/upload-video/nemo_agent/me/(?P<id>[^/]+)"),
    ("credits", "GET", r"/api/credits/balance/simple"),
    ("state", "GET", r"/api/state/nemo_agent/me/(?P<id>[^/]+)/latest"),
    ("submit", "POST", r"/api/render/proxy/lambda"),
    ("render", "GET", r"/api/render/proxy/lambda/(?P<id>[^/]+)"),
    ("cancel", "POST", r"/api/render/proxy/lambda/(?P<id>[^/]+)/cancel"),
    ("download", "GET", r"/api/render/proxy/(?P<id>[^/]+)/download"),
)
ATTRIBUTION = ("x-skill-source", "x-skill-version", "x-skill-platform")


def box(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


MP4 = (
    box(b"ftyp", b"isom\0\0\2\0isommp42") + box(b"moov", box(b"mvhd", bytes(100))) + box(b"mdat", bytes(4000))
)


def draft_of(*segments: Mapping[str, Any]) -> dict[str, Any]:
    """A draft with one video track of these segments."""
    return {"t": [{"tt": 0, "sg": list(segments)}]}


AVATAR = draft_of({"d": 5000, "m": {"name": "avatar"}})


@dataclass
class Turn:
    """What one message brings: events on the stream, and the draft that it leaves behind."""

    events: Sequence[Mapping[str, Any] | bytes | float] = ()
    draft: Mapping[str, Any] | None = None
    reply: Reply | None = None


@dataclass
class Account:
    user_id: str
    token: str
    available: float = 100.0


@dataclass
class Job:
    body: Mapping[str, Any]
    owner: str
    polls: int = 0
    status: str = "pending"


@dataclass
class _Session:
    owner: str
    draft: Mapping[str, Any] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)


class ScriptedServer:
    """The backend; `url` is its base URL, `cdn.url` where its output URLs point."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.accounts: dict[str, Account] = {}
        self.tokens: dict[str, str] = {}
        self.sessions: dict[str, _Session] = {}
        self.jobs: dict[str, Job] = {}
        self.turns: deque[Turn] = deque()
        self.faults: dict[str, deque[Reply | None]] = defaultdict(deque)
        self.output = MP4
        self.polls_needed = 1
        self.fail_render: deque[str] = deque()
        self.on_cdn: deque[Reply] = deque()
        self.cdn = HttpServer(self._serve_output)
        self._http = HttpServer(self._handle)
        self.url = self._http.url
        self.requests = self._http.requests

    def say(self, *events: Mapping[str, Any] | bytes | float, draft: Mapping[str, Any] | None = None) -> None:
        """Script the next turn: typed events, raw bytes or pauses in seconds, and the draft afterwards."""
        self.turns.append(Turn(events, draft))

    def answer(self, reply: Reply, draft: Mapping[str, Any] | None = None) -> None:
        """Script the next turn's whole answer."""
        self.turns.append(Turn((), draft, reply))

    def fail(self, route: str, *replies: Reply | None) -> None:
        """Answer the next calls of a route so; None lets one pass."""
        assert route in {name for name, _, _ in ROUTES}
        self.faults[route].extend(replies)

    def refuse(
        self, route: str, code: int, message: str = "no", *, status: int = 200, **headers: str
    ) -> None:
        """Refuse the next call of a route with this code."""
        self.fail(route, json_reply({"code": code, "message": message}, status, **headers))

    def seen(self, route: str) -> list[Request]:
        """The requests that came for a route."""
        return [request for request in list(self.requests) if _route(request)[0] == route]

    def expire_tokens(self) -> None:
        self.tokens.clear()

    def close(self) -> None:
        self._http.close()
        self.cdn.close()

    def __enter__(self) -> ScriptedServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _handle(self, request: Request) -> Reply:
        with self._lock:
            name, ident = _route(request)
            if self.faults[name] and (fault := self.faults[name].popleft()) is not None:
                return fault
            if name == "":
                return json_reply({"detail": "Not Found"}, 404)
            if name == "token":
                return self._token(request)
            owner = self.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
            if owner is None:
                return json_reply({"code": 1001, "message": "invalid token"}, 401)
            reply: Reply = getattr(self, f"_{name}")(request, self.accounts[owner], ident)
            return reply

    def _token(self, request: Request) -> Reply:
        client = request.headers.get("x-client-id", "")
        if not client or len(client) > 64:
            return json_reply({"code": 400, "message": "X-Client-Id is missing"}, 400)
        token = f"nmv_usr_{uuid.uuid4().hex}"
        account = self.accounts.setdefault(client, Account(f"anon_{len(self.accounts)}", token))
        account.token = token
        self.tokens[token] = client
        return enveloped(
            {"token": token, "user_id": account.user_id, "credits": 100, "expires_at": "2099-01-01T00:00:00Z"}
        )

    def own_account(self, token: str, user_id: str = "user_1") -> Account:
        """A registered account with a token of its own."""
        account = self.accounts[token] = Account(user_id, token)
        self.tokens[token] = token
        return account

    def _session(self, request: Request, account: Account, _: str) -> Reply:
        ident = f"s{len(self.sessions) + 1}"
        self.sessions[ident] = _Session(account.user_id)
        return enveloped({"task_id": f"t-{ident}", "session_id": ident, "user_id": account.user_id})

    def _claim(self, request: Request, account: Account, _: str) -> Reply:
        return enveloped({"claim_token": "clm_1", "expires_in": 604800})

    def _run_sse(self, request: Request, account: Account, _: str) -> Reply:
        body = request.json()
        session = self.sessions.get(body["session_id"])
        if session is None:
            return _no_session()
        if account.available < 1:
            return json_reply({"code": 2001, "message": "insufficient credits"}, 402)
        account.available -= 1
        session.heard.append(body["new_message"]["parts"][0]["text"])
        turn = self.turns.popleft() if self.turns else Turn([{"type": "text", "content": "Done."}], AVATAR)
        if turn.draft is not None:
            session.draft = turn.draft
        if turn.reply is not None:
            return turn.reply
        return Reply(
            body=[part if isinstance(part, bytes | float) else event(part) for part in turn.events],
            content_type="text/event-stream",
            framing="chunked",
        )

    def _upload(self, request: Request, account: Account, ident: str) -> Reply:
        session = self.sessions.get(ident)
        if session is None:
            return _no_session()
        if request.headers["content-type"].startswith("application/json"):
            names = [url.rpartition("/")[2] for url in request.json()["urls"]]
        else:
            found = re.findall(rb'name="files"; filename="((?:\\.|[^"\\])*)"', request.body)
            names = [re.sub(r"\\(.)", r"\1", name.decode()) for name in found]
        files = [
            {"filename": name, "file_type": "image", "cdn_url": f"{self.cdn.url}/{name}", "duration": 0}
            | {"width": 640, "height": 640, "fps": 0, "hash": f"h{len(session.files) + place}"}
            for place, name in enumerate(names)
        ]
        session.files += files
        return enveloped({"files": files, "session_state_applied": True})

    def _credits(self, request: Request, account: Account, _: str) -> Reply:
        return enveloped({"available": account.available, "frozen": 0, "total": account.available})

    def _state(self, request: Request, account: Account, ident: str) -> Reply:
        session = self.sessions.get(ident)
        if session is None:
            return _no_session()
        inner = {"draft": session.draft, "video_infos": session.files, "generated_media": []}
        return enveloped(
            {"session_id": ident, "task_id": f"t-{ident}", "user_id": account.user_id, "state": inner}
        )

    def _submit(self, request: Request, account: Account, _: str) -> Reply:
        if any(name not in request.headers for name in ATTRIBUTION):
            return json_reply({"code": 402, "message": "attribution headers are missing"}, 402)
        body = request.json()
        if body["sessionId"] not in self.sessions:
            return _no_session()
        job = self.jobs.setdefault(body["id"], Job(body, account.token))
        if job.body != body:
            return json_reply({"code": 400, "message": "this id was used for another render"}, 400)
        return self._shape_b(body["id"], job)

    def _render(self, request: Request, account: Account, ident: str) -> Reply:
        job = self.jobs.get(ident)
        if job is None:
            return json_reply({"code": 404, "message": "no such render"}, 404)
        job.polls += 1
        if job.status in ("pending", "processing"):
            job.status = "processing"
            if job.polls >= self.polls_needed:
                job.status = "failed" if self.fail_render else "completed"
                if self.fail_render:
                    self.fail_render.popleft()
        return self._shape_b(ident, job)

    def _cancel(self, request: Request, account: Account, ident: str) -> Reply:
        job = self.jobs.get(ident)
        if job is None:
            return json_reply({"code": 404, "message": "no such render"}, 404)
        job.status = "failed"
        return self._shape_b(ident, job)

    def _download(self, request: Request, account: Account, ident: str) -> Reply:
        if ident not in self.jobs:
            return json_reply({"code": 404, "message": "no such render"}, 404)
        return ranged(request, self.output)

    def _serve_output(self, request: Request) -> Reply:
        return self.on_cdn.popleft() if self.on_cdn else ranged(request, self.output)

    def _shape_b(self, ident: str, job: Job) -> Reply:
        progress = {"pending": 0, "processing": 50}.get(job.status, 100)
        data: dict[str, Any] = {"id": ident, "status": job.status, "progress": progress, "error": None}
        if job.status == "completed":
            data["outputUrl"] = f"{self.cdn.url}/{ident}.mp4"
        if job.status == "failed":
            data["error"] = "the encoder fell over"
        return json_reply({"success": True, "data": data})


def enveloped(data: Mapping[str, Any]) -> Reply:
    return json_reply({"code": 0, "message": "ok", "data": data})


def event(payload: Mapping[str, Any]) -> bytes:
    """One typed event as it goes over the wire."""
    return b"data: " + json.dumps(payload, ensure_ascii=False).encode() + b"\n\n"


def ranged(request: Request, data: bytes) -> Reply:
    """The file, or the rest of it that a Range header asks for."""
    found = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
    headers = {"etag": f'"{len(data)}"', "accept-ranges": "bytes"}
    if found is None:
        return Reply(body=data, headers=headers, content_type="video/mp4")
    start = int(found[1])
    if start >= len(data):
        return Reply(416, b"", {"content-range": f"bytes */{len(data)}"}, "video/mp4")
    headers["content-range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
    return Reply(206, data[start:], headers, "video/mp4")


def _no_session() -> Reply:
    return json_reply({"code": 1002, "message": "session not found"}, 404)


def _route(request: Request) -> tuple[str, str]:
    for name, method, pattern in ROUTES:
        found = re.fullmatch(pattern, request.path)
        if found and method == request.method:
            return name, found.groupdict().get("id") or ""
    return "", ""
