"""A full disk and a read-only folder: one clear answer, and nothing half-written or lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.studio.serving import PORTRAIT, ROOT, StudioProcess, drawing, long_drawing, running, until


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], capture_output=True)
    if done.returncode != 0:
        pytest.skip("a small file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(studio: StudioProcess) -> Path:
    path = studio.data / "ballast"
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return path


def test_a_full_disk_is_said_and_everything_goes_on_when_there_is_room(small_disk: Path) -> None:
    with running(small_disk) as studio:
        caller = studio.caller()
        session_id = caller.portrait()
        before = caller.state(session_id)
        ballast = fill(studio)
        refused = caller.upload(session_id, PORTRAIT)
        assert (refused.status_code, refused.json()["code"]) == (507, 507)
        assert "disk is full" in refused.json()["message"]
        assert not [path for path in (studio.data / "scratch").iterdir() if path.is_file()]
        assert caller.state(session_id) == before
        ballast.unlink()
        assert caller.upload(session_id, PORTRAIT).status_code == 200
        caller.submit(session_id, drawing(), {"format": "png"}, "render_after")
        assert caller.finished("render_after")["status"] == "completed"


def test_a_render_on_a_full_disk_fails_with_the_reason(small_disk: Path) -> None:
    with running(small_disk) as studio:
        caller = studio.caller()
        session_id = caller.portrait()
        caller.submit(session_id, long_drawing(), None, "render_full")
        until(lambda: caller.status("render_full")["status"] == "processing")
        ballast = fill(studio)
        # With no room even for the row that says so, the queue waits; some room, and it tells the reason.
        ballast.write_bytes(b"x" * (ballast.stat().st_size - (64 << 10)))
        told = caller.finished("render_full")
        assert told["status"] == "failed"
        assert "disk is full" in told["error"]
        assert not [path for path in (studio.data / "scratch").iterdir() if path.is_dir()]


def test_a_read_only_disk_is_named(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    command = [sys.executable, "-P", "-m", "studio", "serve", "--data", str(small_disk / "data")]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 8
    assert str(small_disk) in done.stderr
    assert "Traceback" not in done.stderr
