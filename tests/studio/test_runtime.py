"""The runtime file: whole, the user's alone, and taken away only by who wrote it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio import runtime


def test_what_is_written_is_read_and_nobody_else_can(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "runtime.json"
    runtime.write(path, {"url": "http://127.0.0.1:1", "pid": 5})
    assert runtime.read(path) == {"url": "http://127.0.0.1:1", "pid": 5}
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["runtime.json"]


@pytest.mark.parametrize("content", ["", "{", "[]", '"text"', "\x00", "\udcff"])
def test_a_broken_file_tells_nothing(tmp_path: Path, content: str) -> None:
    path = tmp_path / "runtime.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    assert runtime.read(path) is None
    assert runtime.read(tmp_path / "missing") is None


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file to another user")
def test_another_users_file_tells_nothing(tmp_path: Path) -> None:
    path = tmp_path / "runtime.json"
    runtime.write(path, {"pid": 5})
    os.chown(path, 12345, 12345)
    assert runtime.read(path) is None


def test_only_its_own_process_takes_it_away(tmp_path: Path) -> None:
    path = tmp_path / "runtime.json"
    runtime.write(path, {"pid": 5})
    runtime.remove(path, 6)
    assert path.exists()
    runtime.remove(path, 5)
    assert not path.exists()
    runtime.remove(path, 5)


def test_a_lock_is_held_by_one_until_it_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with runtime.sole(path) as first, runtime.sole(path) as second:
        assert (first, second) == (True, False)
    with runtime.sole(path) as third:
        assert third is True


def test_secrets_are_long_and_never_the_same() -> None:
    secrets = {runtime.new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert min(map(len, secrets)) >= 40
