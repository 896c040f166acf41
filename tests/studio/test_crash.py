"""The crash matrix: whatever is killed or frozen, every accepted render is finished once."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.studio.serving import PORTRAIT_HASH, ROOT, Caller, StudioProcess, drawing, running

pytestmark = pytest.mark.slow


def submit_all(caller: Caller, session_id: str, count: int) -> None:
    for number in range(count):
        draft = drawing(length(number), "zoom-in", width=720, height=720)
        assert caller.submit(session_id, draft, None, f"render_{number}").status_code == 200


def check_all(studio: StudioProcess, caller: Caller, count: int) -> None:
    """Every render is completed with a file of its own that is whole, and nothing else was stored."""
    made: set[str] = set()
    for number in range(count):
        told = caller.finished(f"render_{number}", seconds=300)
        assert told["status"] == "completed", told["error"]
        assert told["output"]["duration"] == pytest.approx(length(number) / 1000, abs=0.1)
        content = caller.http.get(f"/api/render/proxy/render_{number}/download").content
        assert len(content) == told["output"]["size"]
        made.add(hashlib.sha256(content).hexdigest())
    assert len(made) == count
    assert {path.name for path in (studio.data / "objects").glob("??/*")} == {PORTRAIT_HASH, *made}


def length(number: int) -> int:
    return 2000 + number * 20


def test_fifty_renders_survive_ten_kills_of_the_server(tmp_path: Path) -> None:
    chance = random.Random(5)
    with running(tmp_path) as studio:
        caller = studio.caller("crash")
        submit_all(caller, caller.portrait(), 50)
        for _ in range(10):
            time.sleep(chance.uniform(0.2, 2.5))
            studio.kill()
            studio.start()
        check_all(studio, studio.caller("crash"), 50)


def test_fifty_renders_survive_kills_and_a_freeze_among_several_workers(
    tmp_path: Path, postgres_server: str
) -> None:
    chance = random.Random(7)
    url = f"{postgres_server}/postgres"
    with running(tmp_path, "--database-url", url) as studio:
        caller = studio.caller("cluster")
        submit_all(caller, caller.portrait(), 50)
        workers = [start_worker(studio, url) for _ in range(2)]
        try:
            frozen = workers[0]
            time.sleep(2)
            frozen.send_signal(signal.SIGSTOP)
            for turn in range(9):
                time.sleep(chance.uniform(0.5, 2.5))
                if turn % 3 == 2:
                    studio.kill()
                    studio.start()
                else:
                    workers[1].kill()
                    workers[1].wait()
                    workers[1] = start_worker(studio, url)
                if turn == 6:
                    frozen.send_signal(signal.SIGCONT)
            check_all(studio, studio.caller("cluster"), 50)
        finally:
            for worker in workers:
                worker.send_signal(signal.SIGCONT)
                worker.terminate()
            assert [worker.wait(timeout=30) for worker in workers] == [0, 0]


def test_copies_of_the_folder_taken_at_any_moment_open_and_go_on(tmp_path: Path) -> None:
    chance = random.Random(9)
    copies = []
    with running(tmp_path) as studio:
        caller = studio.caller("copied")
        session_id = caller.portrait()
        for number in range(8):
            caller.submit(
                session_id, drawing(length(number), "zoom-in", width=720, height=720), None, f"r{number}"
            )
            caller.say(session_id, "make a circular avatar")
            time.sleep(chance.uniform(0.05, 0.6))
            copies.append((tmp_path / f"copy{number}", number, caller.draft(session_id)))
            subprocess.run(["cp", "-a", studio.data, copies[-1][0]], check=False, capture_output=True)
    for folder, number, draft in copies[::2]:
        home = tmp_path / f"home{number}"
        home.mkdir()
        folder.rename(home / "data")
        with running(home) as copied:
            again = copied.caller("copied")
            assert again.draft(session_id) == draft
            for one in range(number + 1):
                assert again.finished(f"r{one}", seconds=120)["status"] == "completed"


def start_worker(studio: StudioProcess, url: str) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-P",
        "-m",
        "studio",
        "work",
        "--database-url",
        url,
        "--data",
        str(studio.data),
    ]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)})
