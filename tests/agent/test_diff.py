"""What changed between two drafts, as a person would say it."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given

from agent.diff import diff, diff_drafts
from agent.models import State
from tests.agent.test_timeline import DRAFT, JSON


def avatar(**changes: Any) -> dict[str, Any]:
    look = {
        "shape": "circle",
        "background": {"kind": "gradient", "colors": ["#4f7bff", "#8a4fff"]},
        "ring": {"color": "#ffffff", "width": 0.03},
        "shadow": True,
        "style": "none",
    }
    own = {"id": "s1", "start": 0, "kind": "avatar", "name": "me.jpg", "avatar": {**look, **changes}}
    return {
        "d": 5000,
        "m": {"width": 1080, "height": 1080, "ratio": "1:1", "version": 1},
        "t": [{"tt": 0, "m": {"id": "v1"}, "sg": [{"d": 5000, "m": own}]}],
    }


def with_track(draft: dict[str, Any], kind: int, ms: int, **m: Any) -> dict[str, Any]:
    after = copy.deepcopy(draft)
    after["t"].append({"tt": kind, "sg": [{"d": ms, "m": m}]})
    after["m"]["version"] += 1
    return after


def state(draft: dict[str, Any], *files: str, pictures: int = 0) -> State:
    infos = tuple({"filename": name} for name in files)
    return State("s", "t", "u", draft, infos, tuple({"url": str(i)} for i in range(pictures)))


def test_a_title_is_told_with_its_words_and_its_time() -> None:
    after = with_track(avatar(), 7, 3000, id="c1", text="Paradise Found")
    assert diff_drafts(avatar(), after, "en") == ('Title added: "Paradise Found" (0-3s)',)


def test_music_is_told_with_its_volume() -> None:
    after = with_track(avatar(), 1, 5000, id="b1", name="Lo-fi", volume=0.35)
    assert diff_drafts(avatar(), after, "en") == ("Music: Lo-fi at 35 %",)
    assert diff_drafts(avatar(), after, "zh") == ("音乐：Lo-fi，音量 35%",)


def test_what_is_taken_away_is_told() -> None:
    before = with_track(avatar(), 1, 5000, id="b1", name="Lo-fi", volume=0.35)
    assert diff_drafts(before, avatar(), "en") == ("Music removed: Lo-fi",)


def test_a_new_length_is_told_once_for_all_tracks() -> None:
    before, after = avatar(), avatar()
    after["d"] = after["t"][0]["sg"][0]["d"] = 15000
    assert diff_drafts(before, after, "en") == ("Length 5 s → 15 s",)


def test_the_length_of_a_draft_that_tells_none_is_that_of_its_segments() -> None:
    before = {"t": [{"tt": 0, "sg": [{"d": 10000}]}]}
    after = {"t": [{"tt": 0, "sg": [{"d": 15000}]}]}
    assert diff_drafts(before, after, "en") == ("Length 10 s → 15 s",)


def test_another_shape_names_the_photo_and_both_shapes() -> None:
    assert diff_drafts(avatar(), avatar(shape="hexagon"), "en") == ("me.jpg: shape circle → hexagon",)


def test_a_ring_taken_off_is_none() -> None:
    assert diff_drafts(avatar(), avatar(ring=None), "en") == ("me.jpg: ring white 3 % → none",)


def test_values_are_told_in_words() -> None:
    ring = {"color": "#d4af37", "width": 0.06}
    assert diff_drafts(avatar(), avatar(ring=ring), "en") == ("me.jpg: ring white 3 % → gold 6 %",)
    assert diff_drafts(avatar(), avatar(ring=ring), "zh") == ("me.jpg：边框 白色 3% → 金色 6%",)
    blurred = avatar(background={"kind": "blur", "strength": 0.5}, zoom=1.0954)
    assert diff_drafts(avatar(zoom=1), blurred, "en") == (
        "me.jpg: background gradient #4f7bff–#8a4fff → blurred 50 %",
        "me.jpg: framing 100 % → 109.5 %",
    )


def test_another_file_is_told_by_its_name_and_not_by_its_hash() -> None:
    before, after = avatar(), avatar()
    before["t"][0]["sg"][0]["m"]["asset"] = "a" * 64
    after["t"][0]["sg"][0]["m"] |= {"asset": "b" * 64, "name": "you.jpg"}
    assert diff_drafts(before, after, "en") == ("you.jpg: name me.jpg → you.jpg",)


def test_a_switch_is_on_or_off() -> None:
    assert diff_drafts(avatar(), avatar(shadow=False), "zh") == ("me.jpg：阴影 开 → 关",)


def test_a_new_frame_is_told_as_its_size() -> None:
    after = avatar()
    after["m"] |= {"width": 1080, "height": 1920, "ratio": "9:16"}
    assert diff_drafts(avatar(), after, "en") == ("Size 1080×1080 (1:1) → 1080×1920 (9:16)",)


def test_the_first_avatar_is_an_addition() -> None:
    assert diff_drafts({}, avatar(), "en") == ("Video added: me.jpg (0-5s)",)


def test_another_order_is_told_as_such() -> None:
    def slideshow(*names: str) -> dict[str, Any]:
        sg = [{"d": 3000, "m": {"id": name, "name": name}} for name in names]
        return {"t": [{"tt": 0, "sg": sg}]}

    assert diff_drafts(slideshow("a", "b"), slideshow("b", "a"), "en") == ("Order: a, b → b, a",)


def test_unknown_keys_are_told_by_their_path() -> None:
    before, after = avatar(), avatar()
    after["x"] = {"y": [1]}
    assert diff_drafts(before, after, "en") == ("x: none → 1",)
    after["m"]["mood"] = "calm"
    assert "m.mood: none → calm" in diff_drafts(before, after, "en")


def test_a_version_alone_is_still_a_change() -> None:
    after = avatar()
    after["m"]["version"] = 2
    assert diff_drafts(avatar(), after, "en") == ("m.version: 1 → 2",)


def test_files_and_pictures_count_too() -> None:
    before, after = state({}), state({}, "me.jpg", pictures=4)
    assert diff(before, after, "en") == ("File added: me.jpg", "New pictures: 4")
    assert diff(after, after, "en") == ()


def test_hostile_names_are_cleaned() -> None:
    after = with_track(avatar(), 7, 1000, id="c", text="\x1b[2Jgone")
    assert "\x1b" not in "".join(diff_drafts(avatar(), after, "en"))


@given(DRAFT, DRAFT)
def test_any_two_drafts_differ_in_words_exactly_when_they_differ(before: Any, after: Any) -> None:
    assert (diff_drafts(before, after, "en") == ()) == (before == after)


@given(DRAFT)
def test_a_draft_does_not_differ_from_itself(draft: Any) -> None:
    assert diff_drafts(draft, copy.deepcopy(draft), "zh") == () or draft != copy.deepcopy(draft)


@given(JSON, JSON)
def test_a_changed_value_anywhere_never_raises(one: Any, other: Any) -> None:
    before, after = avatar(), avatar()
    before["t"][0]["sg"][0]["m"]["avatar"], after["t"][0]["sg"][0]["m"]["avatar"] = one, other
    assert bool(diff_drafts(before, after, "en")) == (before != after)


def test_what_the_backend_notes_for_itself_is_not_news() -> None:
    after = avatar(shape="heart")
    after["m"] |= {"version": 9, "said": [{"edit": "shape"}]}
    assert diff_drafts(avatar(), after, "en") == ("me.jpg: shape circle → heart",)
