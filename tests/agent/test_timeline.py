"""Drafts as one line, exactly as the contract writes it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agent.timeline import exportable, name_of, seconds, summarise

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
TRACK = st.fixed_dictionaries({}, optional={"tt": JSON, "sg": st.lists(JSON, max_size=3) | JSON, "m": JSON})
DRAFT = st.fixed_dictionaries(
    {}, optional={"t": st.lists(TRACK | JSON, max_size=4) | JSON, "d": JSON, "m": JSON}
)


def track(kind: int, *segments: dict[str, Any]) -> dict[str, Any]:
    return {"tt": kind, "sg": list(segments)}


def segment(ms: int, **m: Any) -> dict[str, Any]:
    return {"d": ms, "m": m}


def said(*tracks: dict[str, Any], infos: tuple[dict[str, Any], ...] = ()) -> str:
    return summarise({"t": list(tracks)}, infos).summary


def test_the_contract_s_own_example() -> None:
    assert said(
        track(0, segment(10000, name="city timelapse")),
        track(1, segment(10000, name="Lo-fi", volume=0.35)),
        track(7, segment(3000, text="Urban Dreams")),
    ) == (
        "Timeline (3 tracks): 1. Video: city timelapse (0-10s) 2. BGM: Lo-fi (0-10s, 35%) "
        '3. Title: "Urban Dreams" (0-3s)'
    )


def test_an_empty_draft_has_no_tracks() -> None:
    assert summarise({}).summary == "Timeline (0 tracks)"


def test_segments_follow_each_other_and_are_joined() -> None:
    assert said(track(0, segment(2500, name="a"), segment(3000, name="b"))).endswith(
        "1. Video: a (0-2.5s) + b (2.5-5.5s)"
    )


def test_a_start_of_its_own_places_a_segment() -> None:
    assert said(track(7, segment(2000, text="Hi", start=1500))).endswith('"Hi" (1.5-3.5s)')


def test_what_has_no_name_is_untitled() -> None:
    assert said(track(0, {"d": 1000})).endswith("1. Video: untitled (0-1s)")


def test_a_file_s_name_stands_in_for_a_missing_one() -> None:
    infos = ({"filename": "city.mp4", "file_type": "video", "hash": "h1"},)
    assert "city.mp4 (0-1s)" in said(track(0, segment(1000, asset="h1")), infos=infos)
    assert "city.mp4 (0-1s)" in said(track(0, {"d": 1000}), infos=infos)
    assert "untitled (0-1s)" in said(track(0, segment(1000, asset="other")), infos=infos)


def test_an_audio_track_is_not_named_after_a_picture() -> None:
    infos = ({"filename": "me.jpg", "file_type": "image"}, {"filename": "song.mp3", "file_type": "audio"})
    assert "BGM: song.mp3" in said(track(1, {"d": 1000}), infos=infos)


def test_unknown_track_types_are_shown_as_other() -> None:
    assert said(track(42, segment(1000, name="x"))).endswith("1. Other: x (0-1s)")


def test_tracks_carry_their_numbers_for_scripts() -> None:
    event = summarise({"t": [track(0, segment(2500, name="a"), segment(500, name="b"))]})
    assert event.tracks == ({"number": 1, "type": "Video", "name": "a + b", "start": 0.0, "end": 3.0},)


def test_names_are_cleaned_and_shortened() -> None:
    assert "\x1b" not in said(track(0, segment(1000, name="\x1b]0;owned\x07x")))
    assert len(name_of(segment(1, name="long " * 100))) <= 80


def test_seconds_have_at_most_one_decimal() -> None:
    assert [seconds(ms) for ms in (0, 1000, 1250, 60000)] == ["0", "1", "1.2", "60"]


def test_only_a_track_with_segments_can_be_exported() -> None:
    assert not exportable({})
    assert not exportable({"t": [track(0)]})
    assert exportable({"t": [track(0), track(1, segment(1))]})


@given(DRAFT | JSON, st.lists(JSON, max_size=3))
def test_no_draft_from_outside_makes_it_fail(draft: Any, infos: list[Any]) -> None:
    event = summarise(draft, infos)
    assert event.summary.startswith("Timeline (")
    assert "\n" not in event.summary
    exportable(draft)
