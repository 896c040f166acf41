from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.avatar.__main__ import main
from tests.studio.avatar.conftest import PORTRAITS, ROOT

HOPPER = str(PORTRAITS["grace_hopper"])


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.load()
        return image


def test_it_runs_as_a_module(tmp_path: Path) -> None:
    out = tmp_path / "avatar.png"
    command = [sys.executable, "-m", "studio.avatar", "make", HOPPER, str(out), "--size", "200"]
    subprocess.run(command, cwd=ROOT, check=True)
    assert opened(out).size == (200, 200)


def test_cutout_keeps_the_photos_size_and_clears_the_flag(tmp_path: Path) -> None:
    out = tmp_path / "cut.png"
    assert main(["cutout", HOPPER, str(out)]) == 0
    picture = np.asarray(opened(out))
    assert picture.shape == (600, 512, 4)
    assert picture[230, 260, 3] == 255
    assert picture[140, 60, 3] < 20
    assert picture[60, 470, 3] < 20


def test_frame_tells_faces_landmarks_roll_and_the_crop(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frame", HOPPER]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["chosen"] == 0
    assert len(told["faces"][0]["landmarks"]) == 468
    assert abs(told["faces"][0]["roll"]) < 8
    assert told["crop"]["eye_line"] == pytest.approx(0.44, abs=0.03)
    assert told["crop"]["face_centre"] == pytest.approx(0.5, abs=0.03)
    assert 0.34 <= told["crop"]["face_height"] <= 0.44


def test_styles_writes_one_file_each(tmp_path: Path) -> None:
    assert main(["styles", HOPPER, str(tmp_path / "all"), "--size", "96"]) == 0
    assert {path.stem for path in (tmp_path / "all").iterdir()} >= {"none", "toon", "ink", "pixel", "sheet"}


def test_platforms_writes_every_preset(tmp_path: Path) -> None:
    assert main(["platforms", HOPPER, str(tmp_path)]) == 0
    assert opened(tmp_path / "discord-512.png").size == (512, 512)
    assert opened(tmp_path / "tiktok-200.png").mode == "RGBA"
    assert len(list(tmp_path.glob("*-*.png"))) == 14


def test_variants_differ_and_come_with_a_sheet(tmp_path: Path) -> None:
    assert main(["variants", HOPPER, str(tmp_path), "--count", "4", "--size", "128"]) == 0
    pictures = [np.asarray(opened(path)) for path in tmp_path.glob("*.png") if path.stem != "sheet"]
    assert len(pictures) == 4
    for index, first in enumerate(pictures):
        for second in pictures[index + 1 :]:
            assert np.abs(first.astype(int) - second.astype(int)).mean() > 8
    assert opened(tmp_path / "sheet.png").width > 500


@pytest.mark.parametrize(
    "arguments",
    [
        ["make", HOPPER, "out.tga"],
        ["make", HOPPER, "out.png", "--size", "5000"],
        ["make", HOPPER, "out.png", "--recipe", '{"zoom": 99}'],
        ["make", HOPPER, "out.png", "--recipe", "{"],
        ["make", "nowhere.jpg", "out.png"],
        ["variants", HOPPER, "out", "--count", "99"],
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Traceback" not in said


def test_draw_makes_a_picture_from_traits_and_names_its_maker(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawing = '{"style": "personas", "seed": "x", "traits": {"glasses": "glasses"}}'
    assert main(["draw", drawing, str(tmp_path / "a.png"), "--size", "128"]) == 0
    assert "Draftbit" in capsys.readouterr().out
    assert opened(tmp_path / "a.png").size == (128, 128)
