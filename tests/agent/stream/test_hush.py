"""A secret in a stream, cut into pieces anywhere, is as hidden as in the whole text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.stream.hush import MARK, Hush

# Few letters, so that secrets overlap themselves and nearly occur.
PIECES = st.lists(st.text("ab ", max_size=6), max_size=12)


@given(PIECES, st.text("ab", min_size=1, max_size=5))
def test_pieces_are_hidden_as_the_whole_is(pieces: list[str], secret: str) -> None:
    hush = Hush(secret)
    told = "".join(map(hush.feed, pieces)) + hush.close()
    assert told == "".join(pieces).replace(secret, MARK)
    assert secret not in told


@given(PIECES)
def test_without_a_secret_nothing_is_hidden_or_held_back(pieces: list[str]) -> None:
    hush = Hush("")
    assert [hush.feed(piece) for piece in pieces] == pieces
    assert hush.close() == ""


def test_only_what_may_become_the_secret_waits() -> None:
    hush = Hush("nmv_1")
    assert hush.feed("Here: nm") == "Here: "
    assert hush.feed("b, nmv_") == "nmb, "
    assert hush.feed("1.") == f"{MARK}."
