"""The apology at the end of a reply: dropped after normal text, kept where it is all there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.stream.trailing import TrailingApology

SORRY = "I encountered a temporary issue. Please try again later."


def said(*blocks: str, size: int = 1000) -> str:
    apology, shown = TrailingApology(), ""
    for block in blocks:
        for at in range(0, len(block), size):
            shown += apology.feed(block[at : at + size])
        shown += apology.end_block()
    return shown


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_after_normal_text_it_is_dropped(size: int) -> None:
    assert said(f"The title is on. {SORRY}", size=size).strip() == "The title is on."


def test_in_a_block_of_its_own_it_is_dropped_too() -> None:
    assert said("The title is on.", SORRY) == "The title is on."


def test_alone_it_is_shown() -> None:
    assert said(SORRY) == SORRY


def test_when_the_reply_goes_on_it_was_not_trailing() -> None:
    shown = said("Working.", SORRY, "Now it is done.")
    assert "temporary issue" in shown
    assert shown.endswith("Now it is done.")


def test_in_the_middle_of_a_sentence_it_is_content() -> None:
    text = 'I added the text "Yesterday-I encountered a temporary issue" as you wished.'
    assert said(text) == text


@given(st.text(alphabet="I encoutrdampsy.\n", max_size=60), st.integers(1, 9))
def test_other_text_passes_unchanged_however_it_is_cut(text: str, size: int) -> None:
    if "i encountered a temporary issue" not in text.lower():
        assert said(text, size=size) == text
