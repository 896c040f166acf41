"""Sizes and lengths read from real files, as other programs write them."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from agent.media.facts import Facts, read_facts


@pytest.mark.parametrize("format", ["png", "jpg", "gif", "webp"])
def test_a_still_picture_tells_its_size(tmp_path: Path, format: str) -> None:
    path = tmp_path / f"a.{format}"
    Image.new("RGB", (37, 21), "teal").save(path)
    assert read_facts(path) == Facts(format, 37, 21)


@pytest.mark.parametrize(("format", "side"), [("avif", 40), ("ico", 64), ("ico", 256)])
def test_an_avif_and_an_icon_tell_their_size(tmp_path: Path, format: str, side: int) -> None:
    path = tmp_path / f"a.{format}"
    Image.new("RGB", (side, side), "teal").save(path)
    assert read_facts(path) == Facts(format, side, side)


def test_a_webp_with_transparency_tells_its_size(tmp_path: Path) -> None:
    path = tmp_path / "a.webp"
    Image.new("RGBA", (640, 360), (1, 2, 3, 4)).save(path, lossless=True)
    assert read_facts(path) == Facts("webp", 640, 360)


@pytest.mark.parametrize("format", ["gif", "webp"])
def test_a_moving_picture_tells_its_length(tmp_path: Path, format: str) -> None:
    frames = [Image.new("RGB", (20, 10), color) for color in ("red", "green", "blue")]
    path = tmp_path / f"a.{format}"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=500)
    assert read_facts(path) == Facts(format, 20, 10, 1.5)


@pytest.mark.parametrize("options", [{}, {"movflags": "faststart"}])
def test_an_mp4_tells_both(tmp_path: Path, options: dict[str, str]) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(10):
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    facts = read_facts(path)
    assert (facts.format, facts.width, facts.height) == ("mp4", 64, 48)
    assert facts.duration == pytest.approx(1.0, abs=0.11)


def test_a_missing_file_tells_nothing(tmp_path: Path) -> None:
    assert read_facts(tmp_path / "none.png") == Facts()


HEADS = (b"\0\0\0\x08ftyp", b"\0\0\0\x08ftypavif", b"\0\0\1\0")
MAGIC = (b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"\xff\xd8\xff", *HEADS)


@given(st.sampled_from(MAGIC), st.binary(max_size=200))
def test_damaged_files_tell_nothing_or_something_but_never_fail(
    tmp_path_factory: pytest.TempPathFactory, magic: bytes, rest: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(magic + rest)
    assert isinstance(read_facts(path), Facts)
