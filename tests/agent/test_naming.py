"""Where exports go, and that nothing is written over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import LocalFileError
from agent.naming import check_writable, destination, free_name, safe_stem, speaking_name


def test_an_export_is_called_after_the_photo() -> None:
    assert speaking_name(["me.jpg", "you.jpg"], "png") == "me-avatar.png"
    assert speaking_name(["my avatar.png"], "mp4") == "my avatar.mp4"
    assert speaking_name([], "mp4") == "avatar.mp4"


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("con", "_con"),
        ("a\x1b[31mb", "ab"),
        ("...", ""),
        ("头像", "头像"),
    ],
)
def test_a_name_from_outside_is_made_harmless(text: str, stem: str) -> None:
    assert safe_stem(text) == stem


@given(st.text(max_size=300))
def test_any_text_becomes_one_file_name(text: str) -> None:
    stem = safe_stem(text)
    assert "/" not in stem
    assert "\0" not in stem
    assert stem not in (".", "..")
    assert len(stem.encode()) <= 200


def test_a_taken_name_is_counted_up(tmp_path: Path) -> None:
    assert free_name(tmp_path / "me.png") == tmp_path / "me.png"
    (tmp_path / "me.png").touch()
    (tmp_path / "me-2.png").symlink_to("nowhere")
    assert free_name(tmp_path / "me.png") == tmp_path / "me-3.png"


def test_a_folder_gets_the_speaking_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    assert destination("out", "", "me-avatar.png") == tmp_path / "out" / "me-avatar.png"
    assert destination("new/", "", "x.png") == tmp_path / "new" / "x.png"
    assert destination("me.png", "elsewhere", "x.png") == tmp_path / "me.png"
    assert destination("", "elsewhere", "x.png") == tmp_path / "elsewhere" / "x.png"
    assert destination("~/me.png", "", "x.png") == Path.home() / "me.png"


def test_a_new_folder_is_made(tmp_path: Path) -> None:
    check_writable(tmp_path / "a" / "b" / "me.png")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_place_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LocalFileError):
        check_writable(tmp_path / "file" / "me.png")


def test_a_place_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    # Root may write anywhere but into the kernel's own file systems.
    target = Path("/sys/me.png") if os.geteuid() == 0 else folder / "me.png"
    with pytest.raises(LocalFileError) as caught:
        check_writable(target)
    assert caught.value.exit_code == 8


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "me.png").mkdir()
    with pytest.raises(LocalFileError) as caught:
        check_writable(tmp_path / "me.png")
    assert caught.value.key == "output_is_folder"
