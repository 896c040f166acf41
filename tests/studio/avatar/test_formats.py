from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.avatar.formats import FORMATS, encoded, format_of, write
from studio.avatar.photo import load_photo

PICTURE = np.zeros((64, 64, 4), np.uint8)
PICTURE[8:-8, 8:-8] = (200, 40, 60, 255)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_read_back(name: str) -> None:
    image = Image.open(io.BytesIO(encoded(PICTURE, name)))
    assert image.format == {"jpeg": "JPEG"}.get(name, name.upper())
    color = image.convert("RGBA").resize((64, 64)).getpixel((32, 32))
    assert isinstance(color, tuple)
    assert np.allclose(color, (200, 40, 60, 255), atol=6)


@pytest.mark.parametrize("name", ["png", "webp", "avif", "ico"])
def test_transparency_is_kept(name: str) -> None:
    corner = Image.open(io.BytesIO(encoded(PICTURE, name))).convert("RGBA").getpixel((0, 0))
    assert isinstance(corner, tuple) and corner[3] == 0


def test_a_jpeg_lies_on_the_colour_asked_for() -> None:
    corner = Image.open(io.BytesIO(encoded(PICTURE, "jpeg", matte="#009688"))).getpixel((1, 1))
    assert isinstance(corner, tuple)
    assert np.allclose(corner, (0, 150, 136), atol=8)


def test_files_say_they_are_srgb() -> None:
    assert b"sRGB" in encoded(PICTURE, "png")
    for name in ("jpeg", "webp", "avif"):
        assert Image.open(io.BytesIO(encoded(PICTURE, name))).info["icc_profile"]


def test_nothing_of_the_photos_metadata_is_carried_over(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCam"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (80, 80), (90, 120, 150)).save(tmp_path / "in.jpg", exif=exif, comment=b"at home")
    photo = load_photo(tmp_path / "in.jpg")
    rgba = np.dstack([photo, np.full(photo.shape[:2], 255, np.uint8)])
    for name in FORMATS:
        data = encoded(rgba, name)
        assert b"SecretCam" not in data
        assert b"at home" not in data
        assert not Image.open(io.BytesIO(data)).getexif()


def test_an_icon_holds_the_small_sizes() -> None:
    sizes = Image.open(io.BytesIO(encoded(np.zeros((256, 256, 4), np.uint8), "ico"))).info["sizes"]
    assert {(16, 16), (32, 32), (48, 48), (256, 256)} <= sizes


def test_writing_leaves_no_draft_behind(tmp_path: Path) -> None:
    write(PICTURE, tmp_path / "头像 1.webp")
    assert [path.name for path in tmp_path.iterdir()] == ["头像 1.webp"]


def test_an_unknown_ending_is_refused() -> None:
    with pytest.raises(ValueError, match="endings"):
        format_of(Path("avatar.tga"))
    with pytest.raises(ValueError, match="unknown format"):
        encoded(PICTURE, "tga")
