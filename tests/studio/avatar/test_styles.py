from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest

from studio.avatar.engine import flatten, layers
from studio.avatar.face import detect_faces, largest
from studio.avatar.mesh import Mesh, find_mesh
from studio.avatar.pixels import AREA, U8, resize_u8
from studio.avatar.styles import NAMES

LOOK = {"background": {"kind": "gradient", "colors": ["#4f7bff", "#8a4fff"]}, "shadow": False}
DRAWN = [name for name in NAMES if name != "none"]


@pytest.fixture(scope="module")
def drawn(portrait: tuple[str, U8], keep: Callable[[str, U8], None]) -> dict[str, U8]:
    name, photo = portrait
    made = {}
    for style in NAMES:
        picture = flatten(layers(photo, {**LOOK, "style": style}, 768, 768, cache_key=name))
        keep(f"{style} {name}", picture)
        made[style] = picture[..., :3]
    return made


def small_mesh(picture: U8) -> Mesh:
    small = resize_u8(np.ascontiguousarray(picture), 256, 256, AREA)
    faces = detect_faces(small)
    assert faces, "the face is not found again"
    return find_mesh(small, faces[largest(faces)])


def test_every_style_keeps_the_likeness(drawn: dict[str, U8]) -> None:
    plain = small_mesh(drawn["none"])
    for style in DRAWN:
        moved = np.linalg.norm(small_mesh(drawn[style]).points - plain.points, axis=1)
        assert float(moved.mean()) < 0.05 * plain.width, style


def test_every_style_differs_from_none_and_from_every_other(
    portrait: tuple[str, U8], drawn: dict[str, U8]
) -> None:
    alone = layers(portrait[1], {"background": {"kind": "transparent"}}, 768, 768, cache_key=portrait[0])
    person = (alone.mask > 250) & (alone.content[..., 3] > 128)
    pictures = {name: picture.astype(np.float32) / 255 for name, picture in drawn.items()}
    for first, second in combinations(NAMES, 2):
        apart = np.abs(pictures[first] - pictures[second])
        # Drawings leave the chosen backdrop clean: the person alone must show the difference.
        assert apart[person].mean() >= 0.08, (first, second)


def test_half_strength_lies_between(collins: U8, drawn: dict[str, U8]) -> None:
    half = layers(collins, {**LOOK, "style": "sketch", "strength": 0.5}, 128, 128, cache_key="portrait")
    full = layers(collins, {**LOOK, "style": "sketch"}, 128, 128, cache_key="portrait")
    none = layers(collins, {**LOOK, "style": "none"}, 128, 128, cache_key="portrait")
    mean = (full.content.astype(int) + none.content.astype(int)) / 2
    assert float(np.abs(half.content - mean).mean()) < 1.5


def test_black_and_white_has_no_colour(drawn: dict[str, U8]) -> None:
    grey = drawn["mono"].astype(int)
    assert int((grey.max(axis=2) - grey.min(axis=2)).max()) == 0


def test_the_chosen_backdrop_stays_clean_behind_a_drawing(drawn: dict[str, U8]) -> None:
    for style in ("toon", "sketch", "ink", "pop", "painting"):
        assert np.abs(drawn[style][384, 60].astype(int) - drawn["none"][384, 60].astype(int)).max() <= 1, (
            style
        )


@pytest.mark.parametrize("style", NAMES)
def test_a_transparent_background_stays_transparent(collins: U8, style: str) -> None:
    look = {"background": {"kind": "transparent"}, "style": style}
    content = layers(collins, look, 128, 128, cache_key="portrait").content
    assert content[64, 8, 3] < 20
    assert content[64, 64, 3] == 255


@pytest.mark.parametrize("size", [16, 40])
def test_styles_work_at_icon_size(collins: U8, size: int) -> None:
    for style in NAMES:
        assert flatten(layers(collins, {**LOOK, "style": style}, size, size, cache_key="portrait")).any()


def test_every_style_works_on_a_picture_without_a_face() -> None:
    y, x = np.mgrid[:90, :120]
    photo = np.dstack([x * 2, y * 2, x + y]).astype(np.uint8)
    for style in NAMES:
        made = layers(photo, {"style": style}, 64, 64, cache_key="nobody")
        assert made.content.shape == (64, 64, 4)
