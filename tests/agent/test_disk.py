"""Small files stay whole, private and readable, whatever ends the program."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from agent import disk
from agent.errors import LocalFileError


def test_a_file_is_written_for_its_owner_alone_in_folders_of_his(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "secret"
    disk.write_whole(path, b"x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    disk.write_whole(path, b"old")
    with pytest.raises(TypeError):
        disk.write_whole(path, "text")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (errno.EROFS, "output_read_only"),
        (errno.EACCES, "output_read_only"),
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EISDIR, "output_is_folder"),
        (errno.ENOTDIR, "local_file"),
    ],
)
def test_what_the_system_says_becomes_its_own_sentence(number: int, key: str) -> None:
    error = disk.local_error(OSError(number, os.strerror(number)), Path("me.png"))
    assert (error.key, error.exit_code, error.values["path"]) == (key, 8, "me.png")


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(LocalFileError) as raised, disk.told_as_local_error("/dev/full"):
        Path("/dev/full").write_bytes(b"x")
    assert raised.value.key == "disk_full"


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b'{"a":' * 50_000])
def test_a_damaged_file_is_set_aside_and_counts_as_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content)
    assert disk.read_json(path) is None
    (kept,) = tmp_path.iterdir()
    assert kept.name.startswith("state.json.damaged-")
    assert kept.read_bytes() == content


def test_a_file_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert disk.read_json(tmp_path / "none") is None
    assert disk.read_line(tmp_path / "none") is None


def test_text_that_utf_8_cannot_hold_is_kept_readable(tmp_path: Path) -> None:
    disk.write_json(tmp_path / "a", {"name": "a\udcffb"})
    assert disk.read_json(tmp_path / "a") == {"name": "a\udcffb"}


def test_of_two_that_make_a_file_the_first_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "id"
    found: list[str] = []
    barrier = threading.Barrier(8)

    def make(number: int) -> None:
        barrier.wait()
        found.append(disk.write_new(path, f"id-{number}"))

    threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {disk.read_line(path)}
    assert list(tmp_path.iterdir()) == [path]


def test_a_lock_keeps_other_processes_out_until_its_holder_dies(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    program = (
        "import sys, time; from pathlib import Path; from agent.disk import locked\n"
        "with locked(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(lock)], stdout=subprocess.PIPE, cwd=Path(disk.__file__).parents[1]
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(LocalFileError), disk.locked(lock, seconds=0.1):
        pass
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with disk.locked(lock, seconds=5):
        pass


def test_an_error_inside_a_locked_block_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), disk.locked(tmp_path / "lock"):
        (tmp_path / "nowhere").read_text()


def test_a_kill_at_any_moment_leaves_an_old_or_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    program = (
        "import sys; from pathlib import Path; from agent.disk import write_json\n"
        "for number in range(10**9):\n"
        "    write_json(Path(sys.argv[1]), {'number': number, 'pad': 'x' * 20000})\n"
        "    if number == 0: print('begun', flush=True)"
    )
    for delay in (0.0, 0.01, 0.03):
        writer = subprocess.Popen(
            [sys.executable, "-c", program, str(path)],
            stdout=subprocess.PIPE,
            cwd=Path(disk.__file__).parents[1],
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        threading.Event().wait(delay)
        writer.kill()
        writer.wait()
        writer.stdout.close()
        assert len(json.loads(path.read_bytes())["pad"]) == 20000
