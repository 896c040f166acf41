from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from studio.avatar.photo import MAX_SIDE, PhotoError, load_photo

GRADIENT = np.dstack([np.tile(np.arange(60, dtype=np.uint8) * 4, (40, 1))] * 3)


def kind_of(path: Path) -> str:
    with pytest.raises(PhotoError) as refused:
        load_photo(path)
    return refused.value.kind


def huge_png(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def test_a_text_file_named_jpg_is_unsupported(tmp_path: Path) -> None:
    path = tmp_path / "notes.jpg"
    path.write_text("dear diary")
    assert kind_of(path) == "unsupported"


def test_a_jpeg_cut_short_is_corrupt(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.jpg", tmp_path / "cut.jpg"
    Image.fromarray(np.tile(GRADIENT, (8, 8, 1))).save(whole)
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert kind_of(cut) == "corrupt"


def test_an_empty_file_is_unsupported(tmp_path: Path) -> None:
    path = tmp_path / "empty.png"
    path.touch()
    assert kind_of(path) == "unsupported"


def test_a_png_of_400_megapixels_is_refused_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(huge_png(20_000, 20_000))
    assert kind_of(path) == "too_large"


def test_a_missing_file_stays_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_photo(tmp_path / "nowhere.png")


def test_a_limit_of_ones_own_counts(tmp_path: Path) -> None:
    path = tmp_path / "small.png"
    Image.fromarray(GRADIENT).save(path)
    with pytest.raises(PhotoError) as refused:
        load_photo(path, max_pixels=100)
    assert refused.value.kind == "too_large"


def test_exif_orientation_turns_the_photo_upright(tmp_path: Path) -> None:
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(GRADIENT).save(path, exif=exif)
    assert load_photo(path).shape == (60, 40, 3)


def test_a_long_photo_is_reduced_and_still_turned(tmp_path: Path) -> None:
    path = tmp_path / "long.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (6000, 900), (10, 200, 30)).save(path, exif=exif)
    photo = load_photo(path)
    assert max(photo.shape) == photo.shape[0] <= MAX_SIDE
    assert abs(photo.shape[1] / photo.shape[0] - 900 / 6000) < 0.01


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "1", "I;16", "HSV", "YCbCr"])
def test_every_colour_mode_becomes_rgb(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("odd.tif" if mode in ("CMYK", "HSV", "YCbCr") else "odd.png")
    if mode == "I;16":
        Image.fromarray((np.arange(2400).reshape(40, 60) * 27).astype(np.uint16)).save(path)
    else:
        picture = Image.fromarray(GRADIENT).convert("RGB").convert(mode if mode != "HSV" else "RGB")
        picture.save(path)
    photo = load_photo(path)
    assert photo.shape == (40, 60, 3)
    assert photo.dtype == np.uint8
    assert int(photo.max()) - int(photo.min()) > 100


def test_transparency_lies_on_white(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    Image.new("RGBA", (20, 20), (200, 0, 0, 0)).save(path)
    assert (load_photo(path) == 255).all()


def test_one_pixel_is_a_photo(tmp_path: Path) -> None:
    path = tmp_path / "dot.png"
    Image.new("RGB", (1, 1), (1, 2, 3)).save(path)
    assert load_photo(path).tolist() == [[[1, 2, 3]]]


def test_an_animation_gives_its_first_picture(tmp_path: Path) -> None:
    path = tmp_path / "moves.gif"
    frames = [Image.new("RGB", (30, 30), color) for color in ((255, 0, 0), (0, 0, 255))]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert load_photo(path)[0, 0, 0] > 200


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_refused_or_read_and_nothing_else(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("damaged", numbered=True)
    suffix = data.draw(st.sampled_from([".jpg", ".png", ".webp", ".gif", ".tif", ".bmp"]))
    path = folder / f"x{suffix}"
    Image.fromarray(GRADIENT).save(path)
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(raw[: data.draw(st.integers(1, len(raw)))]))
    try:
        photo = load_photo(path, max_pixels=4_000_000)
    except PhotoError as refused:
        assert refused.kind in {"unsupported", "corrupt", "too_large"}
    else:
        assert photo.ndim == 3
