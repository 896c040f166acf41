"""The studio as a process: it starts once, tells where, survives kill -9, and stops in order."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from tests.studio.serving import PORTRAIT, ROOT, Caller, long_drawing, message, running, until

PNG = {"format": "png", "width": 64, "height": 64}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "studio", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def folders(tmp_path: Path) -> list[str]:
    return ["--data", str(tmp_path / "data"), "--runtime", str(tmp_path / "runtime.json")]


def test_the_runtime_file_is_its_users_alone_and_gone_after_the_stop(tmp_path: Path) -> None:
    with running(tmp_path) as studio:
        assert studio.runtime.stat().st_mode & 0o777 == 0o600
        assert set(studio.told) == {"url", "port", "pid", "secret", "version", "started"}
        assert studio.url == f"http://127.0.0.1:{studio.told['port']}"
        assert studio.stop() == 0
        assert not studio.runtime.exists()


def test_everything_it_keeps_is_its_users_alone(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)
    with running(tmp_path) as studio:
        studio.caller().portrait()
        everything = [studio.data, *studio.data.rglob("*")]
        modes = {path: path.stat().st_mode & 0o077 for path in everything}
    assert modes
    assert [path for path, mode in modes.items() if mode] == []


def test_a_port_that_is_taken_is_named_and_ends_with_6(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port), *folders(tmp_path))
    assert done.returncode == 6
    assert f"Port {port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_is_named_and_ends_with_8(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, no folder")
    done = run("serve", *folders(tmp_path))
    assert done.returncode == 8
    assert str(tmp_path / "data") in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_database_is_named_and_nothing_is_overwritten(tmp_path: Path) -> None:
    database = tmp_path / "data" / "studio.sqlite3"
    database.parent.mkdir()
    database.write_bytes(b"this is no database" * 100)
    done = run("serve", *folders(tmp_path))
    assert done.returncode == 8
    assert "cannot be opened" in done.stderr
    assert "Traceback" not in done.stderr
    assert database.read_bytes() == b"this is no database" * 100


def test_a_runtime_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "runtime.json").mkdir()
    done = run("serve", *folders(tmp_path))
    assert done.returncode == 8
    assert str(tmp_path / "runtime.json") in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_one_on_the_same_data_leaves_the_first_alone(tmp_path: Path) -> None:
    with running(tmp_path) as studio:
        done = run("serve", *folders(tmp_path))
        assert done.returncode == 0
        assert studio.url in done.stderr
        assert httpx.get(studio.url + "/health").json()["ok"] is True


def test_status_and_stop_speak_to_the_one_that_runs(tmp_path: Path) -> None:
    with running(tmp_path) as studio:
        told = run("status", *folders(tmp_path))
        assert told.returncode == 0
        assert f'"pid": {studio.told["pid"]}' in told.stdout
        assert run("stop", *folders(tmp_path)).returncode == 0
        assert studio.process is not None
        assert studio.process.wait(timeout=10) == 0
        assert run("status", *folders(tmp_path)).returncode == 6


def test_it_stops_by_itself_when_nobody_asks_for_anything(tmp_path: Path) -> None:
    with running(tmp_path, "--idle", "1") as studio:
        assert studio.process is not None
        assert studio.process.wait(timeout=20) == 0
        assert not studio.runtime.exists()


def test_it_does_not_stop_while_a_render_runs(tmp_path: Path) -> None:
    with running(tmp_path, "--idle", "0.5") as studio:
        caller = studio.caller()
        caller.submit(caller.portrait(), long_drawing(3), None, "render_idle")
        assert studio.process is not None
        assert studio.process.wait(timeout=60) == 0
        assert not list((studio.data / "scratch").iterdir())
        studio.options = ()
        studio.start()
        again = studio.caller()
        assert again.http.get("/health").status_code == 200
        made = list((studio.data / "objects").glob("??/*"))
        assert len(made) == 2, "the portrait and the finished render"


def test_a_restart_loses_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as studio:
        caller = studio.caller("one-and-the-same")
        session_id = caller.avatar()
        before = caller.state(session_id)
        caller.submit(session_id, before["state"]["draft"], PNG, "render_kept")
        kept = caller.finished("render_kept")
        studio.kill()
        studio.start()
        again = studio.caller("one-and-the-same")
        after = again.state(session_id)
        assert after["state"]["draft"] == before["state"]["draft"]
        assert [one["hash"] for one in after["state"]["video_infos"]] == [
            one["hash"] for one in before["state"]["video_infos"]
        ]
        assert again.status("render_kept")["output"]["size"] == kept["output"]["size"]
        assert again.http.get("/api/render/proxy/render_kept/download").status_code == 200
        token = caller.http.headers["Authorization"]
        reply = studio.http().get("/api/sessions", headers={"Authorization": token})
        assert reply.status_code == 200, "a token outlives the process that issued it"


def test_a_render_under_way_at_kill_9_is_made_once_after_the_restart(tmp_path: Path) -> None:
    with running(tmp_path) as studio:
        caller = studio.caller("crash")
        caller.submit(caller.portrait(), long_drawing(3), None, "render_crash")
        until(lambda: is_processing(caller, "render_crash"))
        studio.kill()
        studio.start()
        told = studio.caller("crash").finished("render_crash")
        assert told["status"] == "completed"
        assert told["output"]["duration"] == pytest.approx(3, abs=0.1)
        assert len(list((studio.data / "objects").glob("??/*"))) == 2
        until(lambda: not list((studio.data / "scratch").iterdir()))


def test_workers_end_with_a_server_that_was_killed(tmp_path: Path) -> None:
    with running(tmp_path) as studio:
        caller = studio.caller()
        caller.submit(caller.portrait(), long_drawing(), None, "render_orphan")
        until(lambda: is_processing(caller, "render_orphan"))
        assert studio.process is not None
        workers = _children(studio.process.pid)
        assert workers
        studio.kill()
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), 5)


def test_a_worker_that_is_killed_or_frozen_is_replaced_and_the_render_finished(tmp_path: Path) -> None:
    with running(tmp_path) as studio:
        caller = studio.caller()
        caller.submit(caller.portrait(), long_drawing(3), None, "render_worker")
        until(lambda: is_processing(caller, "render_worker", progress=5))
        assert studio.process is not None
        for pid in _children(studio.process.pid):
            os.kill(pid, signal.SIGKILL)
        assert caller.finished("render_worker")["status"] == "completed"


def test_a_stop_gives_a_render_back_for_the_next_start(tmp_path: Path) -> None:
    with running(tmp_path) as studio:
        caller = studio.caller("stop")
        caller.submit(caller.portrait(), long_drawing(), None, "render_stop")
        until(lambda: is_processing(caller, "render_stop"))
        assert studio.stop() == 0
        assert not list((studio.data / "scratch").iterdir())
        studio.start()
        assert studio.caller("stop").status("render_stop")["status"] in ("pending", "processing")


def test_a_turn_goes_on_when_its_listener_hangs_up(tmp_path: Path) -> None:
    with running(tmp_path) as studio:
        caller = studio.caller()
        session_id = caller.portrait()
        body = message(session_id, "make a circular avatar")
        with caller.http.stream("POST", "/run_sse", json=body) as reply:
            assert reply.status_code == 200
        until(lambda: caller.draft(session_id)["t"])


def test_turns_of_one_session_follow_each_other(tmp_path: Path) -> None:
    with running(tmp_path) as studio:
        caller = studio.caller()
        session_id = caller.avatar()
        words = [f'add title "Number {n}"' for n in range(6)]
        threads = [threading.Thread(target=caller.say, args=(session_id, text)) for text in words]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        listed = caller.http.get(f"/api/versions/{session_id}").json()["data"]["versions"]
        assert [one["parent"] for one in listed] == [None, *(one["version"] for one in listed[:-1])]


def test_several_terminals_share_it(tmp_path: Path) -> None:
    with running(tmp_path) as studio:
        callers = [studio.caller("terminal") for _ in range(4)]
        session_id = callers[0].session()
        assert callers[3].upload(session_id, PORTRAIT).status_code == 200
        assert len(callers[2].state(session_id)["state"]["video_infos"]) == 1


def is_processing(caller: Caller, render_id: str, progress: int = 0) -> bool:
    told = caller.status(render_id)
    assert told["status"] in ("pending", "processing"), told["error"]
    return bool(told["status"] == "processing" and told["progress"] >= progress)


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]
