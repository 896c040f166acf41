"""What terminals paste when a file is dropped into them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.ui.paste import files_in


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for name in ("a.jpg", "my photo.jpg", "it's me.png", "我 的.png", "b(1).png"):
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{0}/a.jpg", ["a.jpg"]),
        ("{0}/a.jpg \n", ["a.jpg"]),
        ("'{0}/my photo.jpg'", ["my photo.jpg"]),
        ('"{0}/my photo.jpg"', ["my photo.jpg"]),
        ("{0}/my\\ photo.jpg", ["my photo.jpg"]),
        ("{0}/my photo.jpg", ["my photo.jpg"]),
        ("'{0}/it'\\''s me.png'", ["it's me.png"]),
        ("{0}/it\\'s\\ me.png", ["it's me.png"]),
        ("{0}/b\\(1\\).png", ["b(1).png"]),
        ("file://{0}/my%20photo.jpg", ["my photo.jpg"]),
        ("file://localhost{0}/a.jpg", ["a.jpg"]),
        ("{0}/a.jpg {0}/my\\ photo.jpg '{0}/我 的.png'", ["a.jpg", "my photo.jpg", "我 的.png"]),
        ("{0}/a.jpg\n{0}/my photo.jpg\n", ["a.jpg", "my photo.jpg"]),
    ],
)
def test_every_way_of_quoting_is_read(photos: Path, text: str, names: list[str]) -> None:
    assert files_in(text.replace("{0}", str(photos))) == tuple(str(photos / name) for name in names)


@pytest.mark.parametrize(
    "text",
    ["make it round", "{0}/a.jpg make it round", "{0}/missing.jpg", "", "   ", "'{0}/a.jpg", "{0}", "a\0b"],
)
def test_text_that_is_not_all_files_stays_text(photos: Path, text: str) -> None:
    assert files_in(text.replace("{0}", str(photos))) == ()


def test_windows_paths_are_read_as_they_are() -> None:
    there = {r"C:\Users\amy\me.jpg", r"\\nas\pics\my photo.jpg"}
    assert files_in(r'C:\Users\amy\me.jpg "\\nas\pics\my photo.jpg"', there.__contains__) == (
        r"C:\Users\amy\me.jpg",
        r"\\nas\pics\my photo.jpg",
    )


@given(st.text(max_size=80))
def test_any_text_is_read_or_left(text: str) -> None:
    assert files_in(text, lambda path: False) == ()


@given(st.text(alphabet="ab '\"\\/\n", max_size=200))
def test_every_file_found_is_one_that_exists(text: str) -> None:
    assert all(path.startswith("/") for path in files_in(text, lambda path: path.startswith("/")))
