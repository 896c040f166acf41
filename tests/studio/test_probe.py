"""Uploaded files are told apart by their bytes, and what is broken or hostile says so in one word."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio.probe import Probe, ProbeError, probe, sniff
from tests.studio.render import material


def test_a_photo_has_its_size_and_no_length() -> None:
    assert probe(material.PORTRAIT) == Probe("image", "image/png", 512, 512)


def test_a_photo_taken_sideways_is_measured_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 30), "red").save(tmp_path / "a.jpg", exif=exif)
    found = probe(tmp_path / "a.jpg")
    assert (found.width, found.height, found.media_type) == (30, 40, "image/jpeg")


def test_a_clip_has_size_length_and_rate(tmp_path: Path) -> None:
    found = probe(material.save_clip(tmp_path / "a.mp4", seconds=1.5, fps=20, tone=300))
    assert (found.file_type, found.width, found.height, found.fps) == ("video", 64, 48, 20)
    assert found.duration == pytest.approx(1.5, abs=0.03)


@pytest.mark.parametrize(
    ("name", "media_type"), [("a.mkv", "video/webm"), ("a.avi", "video/x-msvideo"), ("a.mov", "video/mp4")]
)
def test_the_usual_containers_are_clips(tmp_path: Path, name: str, media_type: str) -> None:
    assert probe(material.save_clip(tmp_path / name, seconds=0.5)).media_type == media_type


def test_a_sound_has_a_length_and_no_size(tmp_path: Path) -> None:
    found = probe(material.save_sound(tmp_path / "a.wav", material.sine(440, 1.25)))
    assert found == Probe("audio", "audio/wav", duration=1.25)


@pytest.mark.parametrize(("name", "codec"), [("a.m4a", "aac"), ("a.mp3", "libmp3lame"), ("a.aac", "aac")])
def test_compressed_sounds_are_sounds(tmp_path: Path, name: str, codec: str) -> None:
    with av.open(str(tmp_path / name), "w") as container:
        stream = container.add_stream(codec, rate=44_100, layout="stereo")
        frame = av.AudioFrame(stream.format.name, "stereo", 44_100)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate = 44_100
        resampler = av.AudioResampler(
            stream.format, "stereo", 44_100, frame_size=1152 if "mp3" in name else 1024
        )
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    found = probe(tmp_path / name)
    assert found.file_type == "audio"
    assert found.duration == pytest.approx(1.0, abs=0.15)


def test_an_empty_file_is_corrupt(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    assert _kind(tmp_path / "a.jpg") == "corrupt"


def test_a_text_called_jpg_is_unsupported(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("hello")
    assert _kind(tmp_path / "a.jpg") == "unsupported"


def test_a_jpeg_cut_short_is_corrupt(tmp_path: Path) -> None:
    material.save_photo(tmp_path / "whole.png", 300, 300)
    Image.open(tmp_path / "whole.png").save(tmp_path / "whole.jpg", quality=95)
    data = (tmp_path / "whole.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(data[: len(data) // 2])
    assert _kind(tmp_path / "a.jpg") == "corrupt"


def test_a_clip_cut_short_is_corrupt(tmp_path: Path) -> None:
    data = material.save_clip(tmp_path / "whole.mp4").read_bytes()
    (tmp_path / "a.mp4").write_bytes(data[: len(data) // 2])
    assert _kind(tmp_path / "a.mp4") == "corrupt"


def test_a_picture_of_400_megapixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    body = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )
    (tmp_path / "a.png").write_bytes(body)
    assert _kind(tmp_path / "a.png") == "too_large"


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '/etc/passwd'\n",
        "<MPD><BaseURL>http://127.0.0.1/</BaseURL></MPD>",
    ],
)
def test_a_playlist_is_never_followed(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.mp4").write_text(text)
    assert _kind(tmp_path / "a.mp4") == "unsupported"


def test_a_missing_file_is_the_systems_own_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        probe(tmp_path / "nothing")


@given(
    st.binary(max_size=600),
    st.sampled_from(
        [
            b"",
            b"\x1a\x45\xdf\xa3",
            b"RIFF\0\0\0\0AVI ",
            b"\0\0\0 ftypisom",
            b"ID3",
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
        ]
    ),
)
def test_noise_is_refused_and_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, head: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "noise"
    path.write_bytes(head + noise)
    try:
        found = probe(path)
    except ProbeError as error:
        assert error.kind in ("unsupported", "corrupt", "too_large")
    else:
        assert found.duration >= 0


@given(st.binary(max_size=64))
def test_any_head_is_sniffed(head: bytes) -> None:
    assert isinstance(sniff(head), str)


def _kind(path: Path) -> str:
    with pytest.raises(ProbeError) as caught:
        probe(path)
    return caught.value.kind
