"""What the backend is told of files on this machine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.mentions import by_name

HERE = {"/home/amy/my photo.png", "/home/amy/me.jpg", "C:\\Users\\amy\\logo.png", "me.jpg"}


@pytest.fixture
def exists() -> Callable[[str], bool]:
    return HERE.__contains__


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("turn '/home/amy/my photo.png' into an avatar", 'turn "my photo.png" into an avatar'),
        ("用 '/home/amy/my photo.png' 做个头像", '用 "my photo.png" 做个头像'),
        ("make /home/amy/me.jpg round", "make me.jpg round"),
        (r"use C:\Users\amy\logo.png as it is", "use logo.png as it is"),
        ("make me.jpg round", "make me.jpg round"),
        ('add title "/home/amy/me.jpg and more"', 'add title "/home/amy/me.jpg and more"'),
        ("make /home/amy/absent.jpg round", "make /home/amy/absent.jpg round"),
    ],
)
def test_a_file_is_told_by_its_name(exists: Callable[[str], bool], said: str, told: str) -> None:
    assert by_name(said, exists=exists) == told


@given(st.text(max_size=200))
def test_words_without_files_stay_as_they_are(text: str) -> None:
    assert by_name(text, exists=lambda _: False) == text
