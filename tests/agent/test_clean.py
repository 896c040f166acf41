"""What a terminal would act on is gone, what a person reads stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.clean import Cleaner, clean, clean_line, clean_name

HOSTILE = [
    ("\x1b[31mred\x1b[0m", "red"),
    ("\x1b[2J\x1b[Hgone", "gone"),
    ("\x1b]0;title\x07text", "text"),
    ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
    ("\x1bPq#0;2\x1b\\sixel", "sixel"),
    ("\x1b_Gkitty\x1b\\on", "on"),
    ("\x9b31mred", "red"),
    ("\x9d0;title\x9ctext", "text"),
    ("\x1bcreset", "reset"),
    ("\x1b(0lines", "lines"),
    ("a\x1b", "a"),
    ("never ends \x1b]0;swallowed\nnext line", "never ends \nnext line"),
    ("a\x08b\x07c\x00d\x7fe", "abcde"),
    ("over\rwritten", "overwritten"),
    ("two\r\nlines", "two\nlines"),
    ("gpj\u202e.exe", "gpj.exe"),
    ("a\u2066b\u2069c", "abc"),
    ("half \ud83d pair", "half \ufffd pair"),
    ("line\u2028sep", "line\nsep"),
]


@pytest.mark.parametrize(("text", "left"), HOSTILE)
def test_what_a_terminal_acts_on_is_removed(text: str, left: str) -> None:
    assert clean(text) == left


@pytest.mark.parametrize(
    "text", ["plain", "tab\tand\nline", "日本語 🎬", "👩‍👩‍👧", "نص عربي\u200f", "[bold]markup[/bold]", "café"]
)
def test_what_a_person_reads_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(("text", "left"), HOSTILE)
@pytest.mark.parametrize("width", [1, 2, 3])
def test_a_stream_cut_inside_a_sequence_is_as_clean(text: str, left: str, width: int) -> None:
    cleaner = Cleaner()
    pieces = [cleaner.feed(text[place : place + width]) for place in range(0, len(text), width)]
    assert "".join(pieces) + cleaner.close() == left


@given(st.text(), st.lists(st.integers(0, 40)))
def test_streamed_and_whole_text_come_out_alike(text: str, places: list[int]) -> None:
    cuts = sorted({place for place in places if place < len(text)})
    cleaner = Cleaner()
    pieces = [cleaner.feed(text[a:b]) for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert "".join(pieces) + cleaner.close() == clean(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x2100)))
def test_nothing_that_controls_is_ever_left(text: str) -> None:
    left = clean(text)
    assert not any(
        (ord(letter) < 32 and letter not in "\n\t") or 0x7F <= ord(letter) < 0xA0 for letter in left
    )
    assert clean(left) == left


def test_a_sequence_that_never_ends_is_not_held_for_ever() -> None:
    cleaner = Cleaner()
    for _ in range(3000):
        cleaner.feed("\x1b]0;" if _ == 0 else "xx")
    assert cleaner.feed("text\n").endswith("\n")


def test_names_keep_their_spaces_and_lines_do_not() -> None:
    assert clean_name("my  photo\n\x1b[31m.jpg") == "my  photo .jpg"
    assert clean_line("an\n  error\twith   space") == "an error with space"
