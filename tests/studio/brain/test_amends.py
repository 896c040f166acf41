"""A correction does anew what it puts right, and leaves the rest of the last change standing."""

from __future__ import annotations

from typing import Any

import pytest

from studio.brain import Context, respond
from tests.studio.brain.drafts import starts

MANY = "add title “Ann” at the bottom, gold ring and make it a bit brighter"
GOLD, SILVER = "#d4af37", "#c0c0c0"


def _said(*texts: str) -> dict[str, Any]:
    """Ring, title, brightness and shape after the texts, said one after the other on a plain avatar."""
    draft, media = starts()["avatar"]
    versions: list[Any] = [draft]
    for text in texts:
        previous = versions[-2] if len(versions) > 1 else None
        reply = respond(text, Context(versions[-1], media, previous=previous))
        assert reply.draft is not None, (text, reply.text)
        versions.append(reply.draft)
    tracks = {track["tt"]: track["sg"] for track in versions[-1]["t"]}
    m = tracks[0][0]["m"]
    return {
        "ring": (m["avatar"]["ring"] or {}).get("color"),
        "width": (m["avatar"]["ring"] or {}).get("width"),
        "title": [(t["m"]["text"], t["m"]["position"]) for t in tracks.get(7, [])],
        "brightness": m["adjust"]["brightness"],
        "warmth": m["adjust"]["warmth"],
        "shape": m["avatar"]["shape"],
        "background": m["avatar"]["background"],
    }


@pytest.mark.parametrize(
    ("correction", "changed"),
    [
        ("no, silver", {"ring": SILVER}),
        ("I meant silver", {"ring": SILVER}),
        ("no, at the top", {"title": [("Ann", "top")]}),
        ("no, I meant at the top", {"title": [("Ann", "top")]}),
        ("no, make it a heart", {"shape": "heart"}),
        ("no, a star shape", {"shape": "star"}),
        ("no, thinner", {"width": 0.02}),
        ("不对，银色", {"ring": SILVER}),
        ("不，放上面", {"title": [("Ann", "top")]}),
    ],
)
def test_only_what_is_put_right_changes(correction: str, changed: dict[str, Any]) -> None:
    before, after = _said(MANY), _said(MANY, correction)
    assert after == {**before, **changed}


def test_a_plain_no_with_a_wish_of_another_kind_keeps_what_was_done() -> None:
    assert _said("gold ring", "no, make it a heart")["ring"] == GOLD


def test_what_was_meant_for_another_thing_is_carried_over_to_it() -> None:
    after = _said("gold ring", "I meant the background")
    assert after["ring"] is None
    assert after["background"] == {"kind": "color", "color": GOLD}


def test_one_light_for_another_replaces_it() -> None:
    after = _said("brighter", "no, warmer")
    assert after["brightness"] == 0
    assert after["warmth"] > 0


@pytest.mark.parametrize("text", ["don't make the ring so thick", "not so thick a ring"])
def test_not_so_thick_is_thinner(text: str) -> None:
    assert _said("gold ring", text)["width"] < _said("gold ring")["width"]
