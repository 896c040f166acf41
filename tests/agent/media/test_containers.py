"""What files are by their bytes, and whether they are all there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.media.containers import HEAD_BYTES, sniff, whole
from tests.agent import samples

CHECKED = ("png", "jpg", "gif", "webp", "mp4", "mov", "m4a", "avi")


@pytest.mark.parametrize("kind", samples.EVERY)
def test_every_accepted_format_is_told_by_its_bytes_and_is_whole(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(samples.EVERY[kind])
    assert sniff(samples.EVERY[kind][:HEAD_BYTES]) == kind
    assert whole(path, kind)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (samples.HEIC, "heic"),
        (samples.AVIF, "avif"),
        (samples.BARE_MP3, "mp3"),
        (b"\0\0\1\0\1\0", "ico"),
        (b"plain text", ""),
        (b"", ""),
        (b"\xff", ""),
        (b"%PDF-1.7", ""),
        (b"<svg xmlns=", ""),
        ("\ufeffutf-16".encode("utf-16"), ""),
        (b"RIFF\0\0\0\0OTHR", ""),
    ],
)
def test_other_bytes_are_told_apart(head: bytes, kind: str) -> None:
    assert sniff(head[:HEAD_BYTES]) == kind


@pytest.mark.parametrize("kind", CHECKED)
def test_a_file_cut_short_is_not_whole(tmp_path: Path, kind: str) -> None:
    data = samples.EVERY[kind]
    path = tmp_path / "file"
    for size in {len(data) // 2, len(data) * 3 // 4, len(data) - 1, 12}:
        if kind in ("webp", "avi") and size == len(data) - 1:
            continue  # A missing padding byte is forgiven.
        path.write_bytes(data[:size])
        assert not whole(path, kind), size


def test_a_photo_whose_preview_is_whole_but_whose_picture_is_not_is_not_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(samples.JPEG[: samples.JPEG.rindex(b"\xff\xd9")])
    assert not whole(path, "jpg")


@pytest.mark.parametrize("kind", ["png", "jpg", "gif"])
def test_bytes_after_the_end_are_forgiven(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(samples.EVERY[kind] + b"\0\0\0")
    assert whole(path, kind)


@given(data=st.binary(max_size=80), kind=st.sampled_from(list(samples.EVERY)))
def test_no_bytes_break_the_checks(data: bytes, kind: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "random"
    path.write_bytes(samples.EVERY[kind][:16] + data)
    assert whole(path, kind) in (True, False)
    assert isinstance(sniff(data), str)
