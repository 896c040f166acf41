"""Columns, not characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.ui.width import clip, hang, width_of, wrap


def test_chinese_takes_two_columns() -> None:
    assert width_of("头像ab") == 6
    assert width_of("e\u0301") == 1


def test_a_long_line_is_clipped_by_columns() -> None:
    assert clip("圆形头像", 5) == "圆形…"
    assert clip("short", 5) == "short"
    assert clip("anything", 0) == ""


def test_lines_break_between_words_and_between_chinese_characters() -> None:
    assert wrap("make it a little rounder", 10) == ["make it a", "little", "rounder"]
    assert wrap("用照片做头像，好看", 12) == ["用照片做头", "像，好看"]


def test_no_line_begins_with_a_comma() -> None:
    assert not any(line.startswith(("，", "。")) for line in wrap("头像，" * 20, 9))


def test_a_bullet_hangs() -> None:
    assert hang("  · make it a little rounder", 16) == ["  · make it a", "    little", "    rounder"]


@given(st.text(max_size=60), st.integers(2, 40))
def test_nothing_but_space_is_lost(text: str, columns: int) -> None:
    assert "".join("".join(wrap(text, columns)).split()) == "".join(text.split())


@given(st.text(max_size=60), st.integers(1, 40))
def test_a_clipped_line_fits(text: str, columns: int) -> None:
    assert width_of(clip(text, columns)) <= columns
