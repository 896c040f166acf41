"""Objects by content hash: whole or not there, never named by what comes from outside."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.files import Files, digest

DATA = b"some content"
NAME = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "data")


def store(files: Files, data: bytes = DATA) -> str:
    with files.incoming() as incoming:
        incoming.write(data)
        name = incoming.close()
        files.keep(incoming.path, name)
    return name


def test_a_file_lies_under_the_hash_of_its_content(files: Files) -> None:
    assert store(files) == NAME
    assert files.path(NAME).read_bytes() == DATA
    assert files.path(NAME).stat().st_mode & 0o777 == 0o600
    assert files.names() == [NAME]


def test_the_same_content_twice_is_one_file(files: Files) -> None:
    store(files)
    before = files.path(NAME).stat().st_ino
    store(files)
    assert files.path(NAME).stat().st_ino == before
    assert list(files.scratch.iterdir()) == []


def test_a_file_that_is_not_kept_is_gone(files: Files) -> None:
    with pytest.raises(RuntimeError), files.incoming() as incoming:
        incoming.write(DATA)
        raise RuntimeError
    assert list(files.scratch.iterdir()) == []
    assert not files.has(NAME)


@given(st.text(max_size=80))
def test_a_name_that_is_no_hash_is_no_path(name: str) -> None:
    files = Files.__new__(Files)
    files.objects = Path("/nowhere")
    if len(name) != 64:
        with pytest.raises(ValueError, match="hexadecimal"):
            files.path(name)
        assert files.has(name) is False


@pytest.mark.parametrize(
    "name", ["../" * 20 + "etc/passwd", "A" * 64, "٣" * 64, NAME + "\n", f"{NAME[:-1]}/"]
)
def test_a_name_that_only_looks_like_a_hash_is_refused(files: Files, name: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        files.path(name)


def test_what_a_dead_process_left_is_swept_away(files: Files) -> None:
    files.temporary().write_bytes(b"half a file")
    folder = files.temporary()
    folder.mkdir()
    (folder / "part").write_bytes(b"half a render")
    files.sweep(3600)
    assert len(list(files.scratch.iterdir())) == 2
    files.sweep(0)
    assert list(files.scratch.iterdir()) == []


def test_a_workspace_is_gone_with_what_lies_in_it(files: Files) -> None:
    with files.workspace() as folder:
        (folder / "deep").mkdir()
        (folder / "deep" / "file").write_bytes(DATA)
    assert not folder.exists()


def test_a_digest_is_that_of_the_content(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(DATA)
    assert digest(path) == NAME


def test_removing_what_is_not_there_is_no_error(files: Files) -> None:
    files.remove(NAME)
    store(files)
    files.remove(NAME)
    assert files.used_bytes() == 0
