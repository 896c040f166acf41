from __future__ import annotations

import cv2
import numpy as np
import pytest

from studio.avatar import subject
from studio.avatar.engine import layers
from studio.avatar.pixels import U8
from studio.avatar.recipe import read_recipe
from studio.avatar.subject import choose_frame, cut_out, find_subject

LOOK = {
    "background": {"kind": "gradient", "colors": ["#4f7bff", "#8a4fff"]},
    "ring": {"color": "#ffffff", "width": 0.03},
}


@pytest.fixture(scope="module")
def pair(collins: U8, hopper: U8) -> U8:
    small = np.asarray(cv2.resize(hopper[88:], (400, 400)), np.uint8)
    canvas = np.full((512, 912, 3), 128, np.uint8)
    canvas[:, :512] = collins
    canvas[112:, 512:] = small
    return canvas


def centre_of(photo: U8, face: object) -> float:
    recipe = read_recipe({"face": face})
    who = find_subject(photo, recipe, "pair")
    cutout = cut_out(photo, who, 1.0, 64, key="pair", quick=True)
    return choose_frame(photo, who, "circle", cutout).x


def test_the_face_is_chosen_by_index_from_either_side_or_all(pair: U8) -> None:
    left, right = centre_of(pair, 0), centre_of(pair, 1)
    assert left < 300 < 600 < right
    assert centre_of(pair, -1) == right
    assert centre_of(pair, -2) == left
    assert centre_of(pair, 7) == right
    assert left < centre_of(pair, None) < right


def test_a_new_colour_does_not_find_the_person_again(collins: U8, monkeypatch: pytest.MonkeyPatch) -> None:
    layers(collins, LOOK, 128, 128, cache_key="once")

    def never(*_: object) -> None:
        raise AssertionError("the matte was made again")

    monkeypatch.setattr(subject, "_cut", never)
    monkeypatch.setattr(subject, "detect_faces", never)
    layers(collins, {**LOOK, "ring": None, "style": "mono", "zoom": 1.5}, 200, 200, cache_key="once")
    with pytest.raises(AssertionError):
        layers(collins, LOOK, 128, 128, cache_key="another")


def test_everybody_in_the_picture_is_cut_out(pair: U8) -> None:
    who = find_subject(pair, read_recipe({"face": None}), "pair")
    cutout = cut_out(pair, who, 1.0, 256, key="pair")
    for mesh in who.meshes:
        x, y = (mesh.eye_centre - np.array([cutout.x, cutout.y])) * cutout.scale
        assert cutout.alpha[int(y), int(x)] > 240


def test_old_cutouts_make_room_for_new_ones() -> None:
    memory = subject._Memory(10, lambda value: int(value))
    assert [memory.get((name,), lambda size=size: size) for name, size in (("a", 4), ("b", 4), ("c", 4))] == [
        4,
        4,
        4,
    ]
    assert memory.get(("a",), lambda: 5) == 5
    assert memory.get(("c",), lambda: 9) == 4
    assert memory.get(("",), lambda: 1) == 1
    assert memory.get(("",), lambda: 2) == 2
