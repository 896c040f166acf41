"""Pure edits: every one undoable, none half done, the numbers of the table."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.draft import MOTIONS, POSITIONS, SHAPES, STYLES, Draft, validate
from studio.edits import (
    AddTitle,
    Adjust,
    ChangeTitle,
    Edit,
    EditError,
    EveryPhoto,
    MakeAvatar,
    MakeIllustration,
    MakeSlideshow,
    Move,
    Remove,
    RemoveMusic,
    RemoveTitle,
    Reverse,
    SetBackground,
    SetCanvas,
    SetFade,
    SetLength,
    SetMotion,
    SetMusic,
    SetRing,
    SetSegmentLength,
    SetShadow,
    SetShape,
    SetSpeed,
    SetStyle,
    SetTransition,
    SetVolume,
    SetZoom,
    Shift,
    Swap,
    Trim,
)
from studio.edits.base import edit_from_json
from studio.edits.difference import difference
from tests.studio.brain.drafts import BEACH, CLIP, PHOTOS, PORTRAIT, starts

MEDIA = (*PHOTOS, PORTRAIT, BEACH, CLIP)
colors = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
fraction = st.floats(-0.5, 1.5)
index = st.integers(-4, 4)
edits = st.one_of(
    st.builds(SetShape, shape=st.sampled_from(SHAPES)),
    st.builds(SetBackground, to=st.just("color"), colors=st.tuples(colors)),
    st.builds(SetBackground, to=st.just("gradient"), colors=st.lists(colors, max_size=3).map(tuple)),
    st.builds(SetBackground, to=st.sampled_from(["transparent", "blur", "original", "auto"])),
    st.builds(SetRing, colors=st.lists(colors, max_size=2).map(tuple), width=st.none() | fraction),
    st.builds(SetRing, off=st.just(True)),
    st.builds(SetRing, times=st.floats(0.3, 3)),
    st.builds(SetShadow, on=st.booleans()),
    st.builds(SetStyle, style=st.sampled_from(STYLES), by=st.none() | st.floats(-2, 2)),
    st.builds(SetZoom, times=st.floats(0.5, 2)),
    st.builds(Shift, x=st.floats(-0.3, 0.3), y=st.floats(-0.3, 0.3)),
    st.builds(Adjust, field=st.sampled_from(["brightness", "warmth"]), steps=st.floats(-3, 3)),
    st.builds(Adjust, auto=st.booleans()),
    st.builds(SetMotion, motion=st.sampled_from(MOTIONS)),
    st.builds(SetLength, to=st.floats(0, 700_000)),
    st.builds(SetLength, times=st.floats(0.2, 3)),
    st.builds(SetSegmentLength, to=st.floats(0, 20_000), target=st.none() | st.tuples(index)),
    st.builds(Trim, head=st.floats(0, 5000), tail=st.floats(0, 5000)),
    st.builds(SetSpeed, times=st.floats(0.2, 4), target=st.none() | st.tuples(index)),
    st.builds(SetCanvas, ratio=st.sampled_from(["1:1", "9:16", "16:9", "2:3", "21:9"])),
    st.builds(SetCanvas, platform=st.sampled_from(["discord", "youtube", "tiktok", "shorts"])),
    st.builds(SetCanvas, width=st.integers(0, 5000), height=st.integers(0, 5000)),
    st.builds(SetCanvas, lines=st.integers(100, 3000)),
    st.builds(SetMusic, asset=st.sampled_from(["music:lofi", "music:upbeat"])),
    st.builds(RemoveMusic),
    st.builds(SetVolume, to=fraction),
    st.builds(SetVolume, steps=st.floats(-3, 3)),
    st.builds(SetFade, fade_in=st.none() | st.floats(0, 9000), fade_out=st.none() | st.floats(0, 9000)),
    st.builds(
        AddTitle,
        text=st.text(max_size=20),
        position=st.sampled_from(POSITIONS),
        d=st.none() | st.floats(1, 9e4),
    ),
    st.builds(ChangeTitle, times=st.floats(0.5, 2), tail=st.booleans(), start=st.none() | st.floats(0, 2e4)),
    st.builds(RemoveTitle),
    st.builds(Move, which=index, to=index),
    st.builds(Swap, one=index, other=index),
    st.builds(Remove, which=st.tuples(index), keep=st.booleans()),
    st.builds(Reverse),
    st.builds(SetTransition, d=st.none() | st.floats(0, 3000)),
    st.builds(SetTransition, off=st.just(True)),
    st.builds(MakeAvatar),
    st.builds(MakeSlideshow, each=st.none() | st.floats(500, 5000)),
    st.builds(MakeIllustration, style=st.just("initials"), text=st.just("AB")),
    st.builds(EveryPhoto),
)


@settings(max_examples=20, deadline=None)
@given(st.lists(edits, min_size=200, max_size=200), st.sampled_from(tuple(starts())))
def test_two_hundred_edits_keep_the_draft_valid_and_undo_back_to_the_start(
    said: list[Edit], name: str
) -> None:
    start, own = starts()[name]
    media = (*MEDIA, *(m for m in own if m not in MEDIA))
    versions: list[Draft] = [start]
    for edit in said:
        before = json.dumps(versions[-1])
        try:
            after = edit.apply(versions[-1], media)
        except EditError as error:
            assert error.key
            after = versions[-1]
        assert json.dumps(versions[-1]) == before
        validate(after)
        versions.append(after)
        difference(versions[-2], after)
    assert versions[0] == starts()[name][0]


@given(edits)
def test_an_edit_goes_to_json_and_back(edit: Edit) -> None:
    plain = json.loads(json.dumps(edit.to_json()))
    again = edit_from_json(plain)
    assert again is not None
    assert again.to_json() == edit.to_json()


def test_json_that_is_no_edit_is_none() -> None:
    assert edit_from_json({"edit": "nonsense"}) is None
    assert edit_from_json({"edit": "shape", "form": "star"}) is None
    assert edit_from_json({"edit": "shape"}) is None


def apply(edit: Edit, name: str) -> Draft:
    draft, media = starts()[name]
    return edit.apply(draft, media)


def test_music_and_full_length_titles_follow_the_length_others_are_clipped() -> None:
    draft, media = starts()["full"]
    long = AddTitle(text="All along").apply(draft, media)
    after = SetLength(to=2000).apply(long, media)
    music, titles = after["t"][1]["sg"][0], after["t"][2]["sg"]
    assert (after["d"], music["d"]) == (2000, 2000)
    assert [t["d"] for t in titles] == [2000, 2000]
    assert music["m"]["fade_out"] <= 1000
    grown = SetLength(to=20_000).apply(long, media)
    assert [t["d"] for t in grown["t"][2]["sg"]] == [3000, 20_000]


def test_a_clip_is_never_longer_than_its_source() -> None:
    with pytest.raises(EditError) as caught:
        apply(SetLength(to=40_000), "clip")
    assert caught.value.key == "clip_too_long"
    after = apply(SetLength(to=10_000), "clip")
    assert after["t"][0]["sg"][0]["m"]["source"] == {"start": 0, "end": 10_000}


def test_trimming_counts_in_the_source_s_own_time() -> None:
    draft, media = starts()["clip"]
    fast = SetSpeed(to=2.0).apply(draft, media)
    cut = Trim(head=3000).apply(fast, media)
    segment = cut["t"][0]["sg"][0]
    assert (segment["d"], segment["m"]["source"]["start"]) == (7000, 6000)


def test_trimming_a_slideshow_goes_through_its_pictures() -> None:
    after = apply(Trim(head=5000), "slides")
    assert [(s["m"]["name"], s["d"], s["m"]["start"]) for s in after["t"][0]["sg"]] == [
        ("bridge.jpg", 3000, 0),
        ("market.jpg", 4000, 3000),
    ]


def test_a_crossfade_is_owned_by_the_incoming_segment_and_at_most_half_the_shorter() -> None:
    draft, media = starts()["slides"]
    plain = SetTransition(off=True).apply(draft, media)
    faded = SetTransition().apply(plain, media)
    assert [s["m"]["transition"] for s in faded["t"][0]["sg"]] == [
        None,
        *[{"kind": "crossfade", "d": 500}] * 2,
    ]
    with pytest.raises(EditError, match="range"):
        SetTransition(d=2500).apply(plain, media)
    with pytest.raises(EditError, match="single"):
        apply(SetTransition(), "avatar")


@pytest.mark.parametrize(
    ("edit", "name", "said"),
    [
        (SetVolume(to=9.0), "full", "range"),
        (SetVolume(to=0.5), "avatar", "no_music"),
        (RemoveTitle(), "avatar", "no_title"),
        (ChangeTitle(text="x" * 201), "full", "title_long"),
        (Swap(one=1, other=7), "slides", "no_such_segment"),
        (Trim(head=20_000), "clip", "trim_too_far"),
        (SetShape(shape="star"), "slides", "not_avatar"),
        (SetShape(shape="star"), "empty1", "nothing_yet"),
        (MakeAvatar(), "empty", "no_photo"),
        (SetRing(times=1.5), "avatar", "no_ring"),
        (SetLength(to=100), "full", "range"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(edit: Edit, name: str, said: str) -> None:
    with pytest.raises(EditError) as caught:
        apply(edit, name)
    assert caught.value.key == said


def test_the_same_look_for_every_photo() -> None:
    draft = MakeAvatar().apply(starts()["empty3"][0], PHOTOS)
    star = SetShape(shape="star").apply(draft, PHOTOS)
    every = EveryPhoto().apply(star, PHOTOS)
    found = every["t"][0]["sg"]
    assert [s["m"]["name"] for s in found] == [p.filename for p in PHOTOS]
    assert {s["m"]["avatar"]["shape"] for s in found} == {"star"}
    assert [s["m"]["start"] for s in found] == [0, 5000, 10_000]


@pytest.mark.parametrize(
    ("name", "platform", "size"),
    [
        ("avatar", "youtube", (800, 800)),
        ("avatar", "wechat", (640, 640)),
        ("slides", "youtube", (1920, 1080)),
        ("slides", "instagram", (1080, 1920)),
        ("slides", "discord", (512, 512)),
        ("avatar", "reels", (1080, 1920)),
    ],
)
def test_a_platform_s_name_gives_its_size(name: str, platform: str, size: tuple[int, int]) -> None:
    canvas = apply(SetCanvas(platform=platform), name)["m"]
    assert (canvas["width"], canvas["height"]) == size


def test_edits_do_not_touch_the_draft_they_are_given() -> None:
    draft: Any = starts()["full"][0]
    before = copy.deepcopy(draft)
    SetShape(shape="star").apply(draft)
    assert draft == before
