"""From a photo to an avatar through the whole chain: terminal, router, HTTP, studio, renderer, file."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from studio.avatar.face import detect_faces
from tests.e2e.user import HOPPER, PORTRAIT, Home

MAIN_JOB = "generate a circular avatar icon from my photo for a profile picture"
TO_VIDEO = "generate a front-facing portrait photo into a 1080p MP4"


def picture(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        assert image.mode == "RGBA"
        return np.asarray(image)


@pytest.mark.parametrize("photo", [PORTRAIT, HOPPER], ids=["astronaut", "hopper"])
def test_a_photo_and_a_sentence_become_a_round_icon(home: Home, photo: Path) -> None:
    out = home.work / f"{photo.stem}.png"
    ran = home.avatar(MAIN_JOB, str(photo), "-o", str(out))
    assert ran.exit == 0, ran.err
    pixels = picture(out)
    height, width = pixels.shape[:2]
    assert width == height >= 1024
    assert all(pixels[y, x, 3] == 0 for y in (0, -1) for x in (0, -1))
    assert pixels[height // 2, width // 2, 3] == 255
    (face,) = detect_faces(np.ascontiguousarray(pixels[..., :3]))
    assert abs(face.x + face.w / 2 - 0.5) < 0.06
    assert 0.36 < sum(y for _, y in face.eyes) / len(face.eyes) < 0.52


def test_the_first_suggestion_ends_in_a_1080p_video(home: Home) -> None:
    out = home.work / "first.mp4"
    ran = home.avatar(TO_VIDEO, str(PORTRAIT), "-o", str(out), "--json")
    assert ran.exit == 0, ran.out
    (exported,) = ran.of("exported")
    (said,) = ran.of("text")
    assert "portrait.png" in said["text"]
    assert said["text"][0].isupper()
    with av.open(str(out)) as media:
        video, audio = media.streams.video[0], media.streams.audio[0]
        assert (video.codec_context.width, video.codec_context.name, audio.codec_context.name) == (
            1080,
            "h264",
            "aac",
        )
        assert video.codec_context.pix_fmt == "yuv420p"
        assert media.duration is not None
        assert media.duration / 1e6 == pytest.approx(5.0, abs=0.1)
    assert exported["duration"] == pytest.approx(5.0, abs=0.1)
    assert exported["bytes"] == out.stat().st_size


def test_an_export_acts_on_the_session_before(home: Home) -> None:
    assert home.avatar(MAIN_JOB, str(PORTRAIT), "-o", "again.png").exit == 0
    ran = home.avatar("export", "-o", "again.webp")
    assert ran.exit == 0, ran.err
    with Image.open(home.work / "again.webp") as image:
        assert image.format == "WEBP"


def test_chinese_is_spoken_from_the_first_word_to_the_file(home: Home) -> None:
    ran = home.avatar("用我的照片做一个圆形头像", str(PORTRAIT), "-o", "头像.png", "--json")
    assert ran.exit == 0, ran.out
    said = " ".join(event["text"] for event in ran.of("text"))
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said)
    assert picture(home.work / "头像.png").shape[0] >= 1024


def test_piped_lines_are_said_one_after_the_other(home: Home) -> None:
    lines = f"{MAIN_JOB} {PORTRAIT}\nadd a thick gold ring\nundo\nexport to piped.png\n"
    ran = home.avatar("--json", stdin=lines)
    assert ran.exit == 0, ran.out
    assert len(ran.of("changed")) + len(ran.of("text")) >= 3
    assert (home.work / "piped.png").is_file()


def test_a_file_that_exists_is_never_overwritten_unasked(home: Home) -> None:
    (home.work / "mine.png").write_bytes(b"precious")
    ran = home.avatar(MAIN_JOB, str(PORTRAIT), "-o", "mine.png", "--json")
    assert ran.exit == 0, ran.out
    assert (home.work / "mine.png").read_bytes() == b"precious"
    assert Path(ran.of("exported")[0]["path"]).name == "mine-2.png"
