"""A draft is read into times and types; what is wrong is named by its JSON path."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.render.errors import RenderError
from studio.render.output import Output
from studio.render.timeline import read
from tests.studio.render.material import draft, music, segment, title


def test_segments_without_a_start_follow_each_other() -> None:
    plan = read({"t": [{"tt": 0, "sg": [{"d": 1000}, {"d": 500}]}]})
    assert [(shot.start, shot.end) for shot in plan.shots] == [(0, 1000), (1000, 1500)]
    assert plan.length == 1500


def test_the_drafts_own_length_wins() -> None:
    assert read({**draft(segment(1000)), "d": 4000}).length == 4000


def test_the_canvas_defaults_to_a_square_of_1080() -> None:
    plan = read({"t": [{"tt": 0, "sg": [{"d": 1000}]}]})
    assert (plan.width, plan.height, plan.fps) == (1080, 1080, 30)


def test_one_side_asked_for_keeps_the_ratio() -> None:
    plan = read(draft(segment(1000), width=1080, height=1920), Output("png", width=540))
    assert (plan.width, plan.height) == (540, 960)


def test_a_crossfade_belongs_to_the_incoming_segment_and_keeps_the_other_on_screen() -> None:
    plan = read(draft(segment(2000), segment(1000, transition={"kind": "crossfade", "d": 400})))
    assert (plan.shots[0].tail, plan.shots[1].crossfade) == (400, 400)


def test_a_crossfade_takes_no_more_than_half_of_the_shorter_neighbour() -> None:
    plan = read(draft(segment(2000), segment(600, transition={"kind": "crossfade", "d": 5000})))
    assert plan.shots[1].crossfade == 300


def test_the_first_segment_fades_from_nothing() -> None:
    assert read(draft(segment(2000, transition={"kind": "crossfade", "d": 400}))).shots[0].crossfade == 0


def test_unknown_tracks_and_keys_are_passed_over() -> None:
    plan = read(
        {"t": [{"tt": 99, "sg": [{"d": "?"}]}, {"tt": 0, "sg": [{"d": 10, "zz": []}], "q": 1}], "x": 2}
    )
    assert len(plan.shots) == 1


def test_a_title_fades_in_and_out_and_is_gone_at_its_end() -> None:
    plan = read(draft(segment(2000), tracks=(title(1000, "Hi", fade_in=200, fade_out=400),)))
    found = [round(plan.titles[0].opacity(ms), 3) for ms in (0, 100, 500, 800, 1000)]
    assert found == [0, 0.5, 1, 0.5, 0]


def test_an_empty_timeline_has_nothing_to_render() -> None:
    with pytest.raises(RenderError, match="nothing on the timeline"):
        read({"t": []})


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"t": 5}, "t"),
        ({"t": [{"tt": 0, "sg": {}}]}, "t[0].sg"),
        ({"t": [{"tt": 0, "sg": [{"d": -1}]}]}, "t[0].sg[0].d"),
        ({"t": [{"tt": 0, "sg": [{"d": "1000"}]}]}, "t[0].sg[0].d"),
        ({"t": [{"tt": 0, "sg": [{"d": float("inf")}]}]}, "t[0].sg[0].d"),
        ({"t": [{"tt": 0, "sg": [{"d": 1000, "m": {"motion": "spin"}}]}]}, "t[0].sg[0].m.motion"),
        ({"t": [{"tt": 0, "sg": [{"d": 1000, "m": {"kind": "hologram"}}]}]}, "t[0].sg[0].m.kind"),
        ({"t": [{"tt": 0, "sg": [{"d": 1000, "m": {"speed": 90}}]}]}, "t[0].sg[0].m.speed"),
        ({"t": [{"tt": 0, "sg": [{"d": 1000, "m": {"transition": 3}}]}]}, "t[0].sg[0].m.transition"),
        ({"t": [{"tt": 1, "sg": [{"d": 1000, "m": {"volume": 9}}]}]}, "t[0].sg[0].m.volume"),
        ({"t": [{"tt": 7, "sg": [{"d": 1000, "m": {"text": "x" * 5000}}]}]}, "t[0].sg[0].m.text"),
        (
            {"t": [{"tt": 7, "sg": [{"d": 1000, "m": {"text": "x", "color": "red; drop"}}]}]},
            "t[0].sg[0].m.color",
        ),
        (
            {"t": [{"tt": 7, "sg": [{"d": 1000, "m": {"text": "x", "position": "left"}}]}]},
            "t[0].sg[0].m.position",
        ),
        ({"m": {"width": 100_000}, "t": [{"tt": 0, "sg": [{"d": 1}]}]}, "m.width"),
        ({"m": {"fps": 1000}, "t": [{"tt": 0, "sg": [{"d": 1}]}]}, "m.fps"),
        ({"d": 700_000, "t": [{"tt": 0, "sg": [{"d": 1}]}]}, "draft.d"),
        ({"t": [{"tt": 0, "sg": [{"d": 1}] * 201}]}, "t[0].sg"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(RenderError) as caught:
        read(wrong)
    assert caught.value.path == path


_LEAVES = st.none() | st.booleans() | st.integers(-10, 10_000) | st.floats() | st.text(max_size=8)
_KEYS = [
    "t",
    "tt",
    "sg",
    "d",
    "m",
    "start",
    "kind",
    "asset",
    "motion",
    "transition",
    "text",
    "size",
    "color",
    "volume",
    "width",
    "fps",
    "source",
    "speed",
]
_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=6),
    max_leaves=40,
)


@given(_JSON)
def test_any_json_is_a_timeline_or_a_render_error(value: Any) -> None:
    try:
        plan = read(value)
    except RenderError as error:
        assert str(error)
    else:
        assert plan.frames >= 1


def test_a_whole_draft_survives_its_way_through_json() -> None:
    whole = draft(segment(1000, "avatar"), tracks=(title(1000, "城市"), music(1000)))
    plan = read(json.loads(json.dumps(whole)))
    assert (len(plan.shots), len(plan.titles), len(plan.sounds)) == (1, 1, 1)
