from __future__ import annotations

import cv2
import numpy as np
import pytest

from studio.avatar.face import Face, detect_faces, largest
from studio.avatar.mesh import find_mesh
from studio.avatar.pixels import U8, resize_u8


def turned(photo: U8, degrees: float) -> U8:
    height, width = photo.shape[:2]
    side = int(np.hypot(height, width))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    matrix[:, 2] += (side - width) / 2, (side - height) / 2
    return np.asarray(cv2.warpAffine(photo, matrix, (side, side), borderMode=cv2.BORDER_REFLECT), np.uint8)


def group(heads: list[U8], count: int, size: int, canvas: tuple[int, int] = (1200, 1600)) -> U8:
    """`count` heads of `size` pixels on a grey canvas, in rows."""
    picture = np.full((*canvas, 3), 120, np.uint8)
    columns = int(np.ceil(np.sqrt(count * canvas[1] / canvas[0])))
    rows = int(np.ceil(count / columns))
    for index in range(count):
        y, x = (index // columns) * (canvas[0] // rows), (index % columns) * (canvas[1] // columns)
        picture[y : y + size, x : x + size] = resize_u8(heads[index % len(heads)], size, size)
    return picture


@pytest.fixture(scope="module")
def heads(collins: U8, hopper: U8) -> list[U8]:
    return [np.ascontiguousarray(collins[0:330, 60:390]), np.ascontiguousarray(hopper[100:480, 70:450])]


def test_the_one_face_of_each_portrait_is_found(portrait: tuple[str, U8]) -> None:
    _, photo = portrait
    (face,) = detect_faces(photo)
    assert face.score > 0.7
    left, right = face.eyes
    assert left[0] < face.nose[0] < right[0]
    assert left[1] < face.nose[1] < face.mouth[1]
    assert face.x < left[0] and right[0] < face.x + face.w


@pytest.mark.parametrize("degrees", [-45, -30, 30, 45])
def test_a_tilted_head_is_found_and_its_tilt_measured(portrait: tuple[str, U8], degrees: float) -> None:
    photo = turned(portrait[1], degrees)
    faces = detect_faces(photo)
    assert len(faces) == 1
    assert find_mesh(photo, faces[0]).roll == pytest.approx(-degrees, abs=7)


@pytest.mark.parametrize("light", [0.35, 0.1, 0.05])
def test_a_dark_photo_still_shows_its_face(portrait: tuple[str, U8], light: float) -> None:
    assert len(detect_faces((portrait[1] * light).astype(np.uint8))) == 1


@pytest.mark.parametrize("side", [400, 120, 48])
def test_a_small_photo_still_shows_its_face(portrait: tuple[str, U8], side: int) -> None:
    photo = portrait[1]
    assert len(detect_faces(resize_u8(photo, side, side * photo.shape[0] // photo.shape[1]))) == 1


@pytest.mark.parametrize(("count", "size"), [(2, 500), (6, 300), (12, 200), (30, 150)])
def test_everybody_in_a_group_is_found_from_left_to_right(heads: list[U8], count: int, size: int) -> None:
    faces = detect_faces(group(heads, count, size))
    assert len(faces) == count
    middles = [face.centre[0] for face in faces]
    assert middles == sorted(middles)


def test_nobody_is_seen_where_nobody_is(collins: U8) -> None:
    random = np.random.default_rng(4)
    noise = resize_u8(random.integers(0, 255, (24, 32, 3), dtype=np.uint8), 640, 480)
    for empty in (
        noise,
        np.zeros((300, 300, 3), np.uint8),
        np.full((200, 1800, 3), 128, np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.ascontiguousarray(collins[:, :110]),
        np.ascontiguousarray(collins[290:]),
    ):
        assert detect_faces(empty) == ()


def test_the_largest_is_a_large_face_near_the_middle() -> None:
    def face(x: float, size: float) -> Face:
        return Face(x, 0.4, size, size, 0.9, ((x, 0.4), (x, 0.4)), (x, 0.4), (x, 0.4))

    assert largest((face(0.1, 0.1), face(0.4, 0.3), face(0.8, 0.2))) == 1
    assert largest((face(0.0, 0.2), face(0.4, 0.2))) == 1
    with pytest.raises(ValueError, match="no face"):
        largest(())
