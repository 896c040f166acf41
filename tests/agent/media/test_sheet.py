"""Contact sheets, opened by another program."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from agent.media.sheet import GAP, contact_sheet

SIDE = 8


def square(r: int, g: int, b: int) -> bytes:
    return bytes((r, g, b)) * (SIDE * SIDE)


def test_every_picture_stands_in_its_place() -> None:
    png = contact_sheet([square(255, 0, 0), square(0, 255, 0), square(0, 0, 255)], SIDE)
    with Image.open(io.BytesIO(png)) as image:
        assert image.size == (2 * SIDE + 3 * GAP, 2 * SIDE + 3 * GAP)
        middle = SIDE // 2
        step = SIDE + GAP
        assert image.getpixel((GAP + middle, GAP + middle)) == (255, 0, 0)
        assert image.getpixel((GAP + step + middle, GAP + middle)) == (0, 255, 0)
        assert image.getpixel((GAP + middle, GAP + step + middle)) == (0, 0, 255)
        assert image.getpixel((GAP + step + middle, GAP + step + middle)) == (0, 0, 0)


@pytest.mark.parametrize("pictures", [[], [b"short"]])
def test_what_is_no_picture_is_refused(pictures: list[bytes]) -> None:
    with pytest.raises(ValueError, match="RGB"):
        contact_sheet(pictures, SIDE)
