"""A real studio process on a real port for the tests, and clients that speak to it."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

ROOT = Path(__file__).resolve().parents[2]
PORTRAIT = ROOT / "tests" / "data" / "photos" / "grace_hopper.jpg"
PORTRAIT_HASH = hashlib.sha256(PORTRAIT.read_bytes()).hexdigest()
ATTRIBUTION = {
    "X-Skill-Source": "avatar-icon-generator",
    "X-Skill-Version": "1.0.0",
    "X-Skill-Platform": "unknown",
}
START_SECONDS = 30.0
T = TypeVar("T")


class StudioProcess:
    """`python -m studio serve` on a data folder; may be killed and started again on the same one."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.data = folder / "data"
        self.runtime = folder / "runtime.json"
        self.options = options
        self.process: subprocess.Popen[bytes] | None = None
        self._clients: list[httpx.Client] = []

    def start(self) -> StudioProcess:
        command = [sys.executable, "-P", "-m", "studio", "serve", *self.options]
        command += ["--data", str(self.data), "--runtime", str(self.runtime)]
        self.process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)})
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.runtime.exists() and self.told["pid"] == self.process.pid:
                return self
            assert self.process.poll() is None, "the studio ended while it started"
            time.sleep(0.01)
        raise AssertionError("the studio did not start")

    @property
    def told(self) -> dict[str, Any]:
        return dict(json.loads(self.runtime.read_text("utf-8")))

    @property
    def url(self) -> str:
        return str(self.told["url"])

    @property
    def owner(self) -> dict[str, str]:
        return {"X-Studio-Secret": str(self.told["secret"])}

    def kill(self) -> None:
        """kill -9, as a crash or the system would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        for client in self._clients:
            client.close()
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(timeout=30)

    def http(self, **options: Any) -> httpx.Client:
        """A client with the attribution headers and no token."""
        client = httpx.Client(
            base_url=self.url, headers={**ATTRIBUTION, **options.pop("headers", {})}, timeout=60, **options
        )
        self._clients.append(client)
        return client

    def caller(self, client_id: str = "") -> Caller:
        """A signed-in client, by default with an account of its own."""
        http = self.http()
        reply = http.post(
            "/api/auth/anonymous-token",
            headers={"X-Client-Id": client_id or str(uuid.uuid4()), **self.owner},
        )
        http.headers["Authorization"] = f"Bearer {reply.json()['data']['token']}"
        return Caller(http)


class Remote(StudioProcess):
    """A studio that somebody else runs, by its address and, where it asks for one, its secret."""

    def __init__(self, url: str, secret: str) -> None:
        super().__init__(Path())
        self._told = {"url": url.rstrip("/"), "secret": secret, "port": httpx.URL(url).port}

    @property
    def told(self) -> dict[str, Any]:
        return self._told

    def close(self) -> None:
        for client in self._clients:
            client.close()


class Caller:
    """The contract's calls, as short as tests want them."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def session(self, language: str = "en") -> str:
        reply = self.http.post(
            "/api/tasks/me/with-session/nemo_agent", json={"task_name": "project", "language": language}
        )
        return str(reply.json()["data"]["session_id"])

    def upload(self, session_id: str, *paths: Path) -> httpx.Response:
        files = [("files", (path.name, path.read_bytes())) for path in paths]
        return self.http.post(f"/api/upload-video/nemo_agent/me/{session_id}", files=files)

    def say(self, session_id: str, text: str) -> list[dict[str, Any]]:
        """One turn; its events in order."""
        with self.http.stream("POST", "/run_sse", json=message(session_id, text)) as reply:
            reply.raise_for_status()
            return [json.loads(line[6:]) for line in reply.iter_lines() if line.startswith("data: ")]

    def state(self, session_id: str) -> dict[str, Any]:
        reply = self.http.get(f"/api/state/nemo_agent/me/{session_id}/latest")
        return dict(reply.json()["data"])

    def draft(self, session_id: str) -> dict[str, Any]:
        return dict(self.state(session_id)["state"]["draft"])

    def submit(
        self, session_id: str, draft: Any, output: Any | None = None, render_id: str = ""
    ) -> httpx.Response:
        body = {
            "id": render_id or f"render_{time.time_ns() // 1000}",
            "sessionId": session_id,
            "draft": draft,
            "output": {"format": "mp4"} if output is None else output,
        }
        return self.http.post("/api/render/proxy/lambda", json=body)

    def status(self, render_id: str) -> dict[str, Any]:
        return dict(self.http.get(f"/api/render/proxy/lambda/{render_id}").json())

    def finished(self, render_id: str, seconds: float = 60) -> dict[str, Any]:
        """The status of a render once it is completed or failed."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            told = self.status(render_id)
            if told["status"] in ("completed", "failed"):
                return told
            time.sleep(0.05)
        raise AssertionError("the render did not end")

    def portrait(self) -> str:
        """A session with the portrait uploaded, which `drawing()` shows."""
        session_id = self.session()
        self.upload(session_id, PORTRAIT).raise_for_status()
        return session_id

    def avatar(self) -> str:
        """A session with a circular avatar in it."""
        session_id = self.portrait()
        self.say(session_id, "generate a circular avatar icon from my photo for a profile picture")
        return session_id


def message(session_id: str, text: str) -> dict[str, Any]:
    return {
        "app_name": "nemo_agent",
        "user_id": "me",
        "session_id": session_id,
        "new_message": {"role": "user", "parts": [{"text": text}]},
    }


def drawing(duration: int = 1000, motion: str = "none", **meta: Any) -> dict[str, Any]:
    """A draft that shows the portrait, small and quick to render where nothing moves."""
    shown = {"id": "s1", "start": 0, "kind": "photo", "asset": PORTRAIT_HASH, "motion": motion}
    canvas = {"width": 256, "height": 256, "fps": 30, "ratio": "1:1", **meta}
    segments = [{"d": duration, "m": shown}]
    return {"d": duration, "m": canvas, "t": [{"tt": 0, "m": {"id": "v1"}, "sg": segments}]}


def at_once(count: int, work: Callable[[int], T]) -> list[T]:
    """Run `work(0)`, `work(1)`, … in as many threads; their results in order, or the first failure."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.02)


def long_drawing(seconds: int = 30) -> dict[str, Any]:
    """A draft whose every frame differs, so that its render takes a while."""
    return drawing(seconds * 1000, "zoom-in", width=1080, height=1080)


@contextmanager
def running(folder: Path, *options: str) -> Iterator[StudioProcess]:
    studio = StudioProcess(folder, *options).start()
    try:
        yield studio
    finally:
        studio.stop()
