"""An avatar moves inside its shape: the ring, the shadow and what lies around stand still."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.avatar.engine import flatten, layers
from studio.avatar.photo import load_photo
from studio.render import Output, preview, render
from studio.render.cutout import bleed
from tests.studio.render.material import AVATAR, PORTRAIT, draft, pictures, segment

Asset = Callable[[str], Path]


def test_a_png_is_the_engines_own_picture(tmp_path: Path, asset: Asset) -> None:
    whole = draft(segment(1000, "avatar", "portrait", motion="zoom-in"), width=256, height=256)
    render(whole, tmp_path / "a.png", Output("png"), asset=asset)
    ours = np.asarray(Image.open(tmp_path / "a.png")).astype(int)
    theirs = flatten(layers(load_photo(PORTRAIT), AVATAR, 256, 256, cache_key="portrait")).astype(int)
    weight = theirs[..., 3:] / 255  # a shadow of 1 in 255 has no colour to speak of
    assert (np.abs(ours - theirs) * weight).max() <= 3
    assert np.abs(ours[..., 3] - theirs[..., 3]).max() <= 2


@pytest.mark.parametrize(
    "background", [{"kind": "gradient", "colors": ["#4f7bff", "#8a4fff"]}, {"kind": "transparent"}]
)
def test_ring_and_surroundings_stand_still_while_the_person_moves(
    tmp_path: Path, asset: Asset, background: dict[str, object]
) -> None:
    recipe = {**AVATAR, "background": background}
    whole = draft(segment(1500, "avatar", "portrait", motion="zoom-in", avatar=recipe), width=240, height=240)
    render(whole, tmp_path / "a.mp4", Output(), asset=asset)
    frames = [frame.astype(int) for frame in pictures(tmp_path / "a.mp4")]
    ring_and_outside = layers(load_photo(PORTRAIT), recipe, 240, 240, cache_key="portrait").mask == 0
    change = np.abs(frames[0] - frames[-1]).mean(axis=2)
    assert change[ring_and_outside].mean() < 1.5
    assert change[80:160, 80:160].mean() > 6


def test_the_video_has_a_soft_backdrop_of_the_avatars_own_colours(tmp_path: Path, asset: Asset) -> None:
    for colour, channel in (("#e53935", 0), ("#1e88e5", 2)):
        recipe = {**AVATAR, "background": {"kind": "color", "color": colour}}
        whole = draft(segment(100, "avatar", "portrait", avatar=recipe))
        render(whole, tmp_path / "a.mp4", Output(), asset=asset)
        corner = pictures(tmp_path / "a.mp4")[0][2, 2]
        assert corner.argmax() == channel


def test_a_vertical_video_keeps_the_avatar_whole_and_centred(tmp_path: Path, asset: Asset) -> None:
    whole = draft(segment(100, "avatar", "portrait"), width=108, height=192)
    render(whole, tmp_path / "a.mp4", Output(), asset=asset)
    frame = pictures(tmp_path / "a.mp4")[0]
    white = np.argwhere(frame.min(axis=2) > 225)
    assert white.mean(axis=0) == pytest.approx([96, 54], abs=6)


def test_what_surrounds_the_shape_is_transparent_in_a_png(tmp_path: Path, asset: Asset) -> None:
    render(draft(segment(1000, "avatar", "portrait")), tmp_path / "a.png", Output("png"), asset=asset)
    alpha = np.asarray(Image.open(tmp_path / "a.png"))[..., 3]
    assert alpha[0, 0] == alpha[0, -1] == alpha[-1, 0] == alpha[-1, -1] == 0
    assert alpha[48, 48] == 255


def test_a_preview_is_the_same_picture_at_another_size(asset: Asset) -> None:
    whole = draft(segment(1000, "avatar", "portrait"), width=200, height=200)
    small, large = (preview(whole, px, 0, asset=asset) for px in (64, 128))
    assert small.shape == (64, 64, 4) and small.dtype == np.uint8
    shrunk = np.asarray(Image.fromarray(large).resize((64, 64), Image.Resampling.BOX)).astype(int)
    assert np.abs(shrunk - small)[16:48, 16:48].mean() < 6


def test_a_preview_of_a_vertical_draft_is_centred_in_a_square(asset: Asset) -> None:
    shown = preview(draft(segment(1000), width=90, height=160), 64, 0, asset=asset)
    assert shown[32, 32, 3] == 255 and shown[32, 2, 3] == 0 and shown[2, 32, 3] == 255


def test_transparent_pixels_take_their_neighbours_colour() -> None:
    picture = np.zeros((40, 40, 4), np.uint8)
    picture[10:30, 10:30] = (200, 100, 50, 255)
    assert bleed(picture)[8, 20].tolist() == pytest.approx([200, 100, 50], abs=2)


def test_motion_in_the_finished_video_is_smooth(tmp_path: Path, asset: Asset) -> None:
    """Phase correlation of a patch from frame to frame: its second difference stays under 0.05 px."""
    import cv2

    whole = draft(segment(3000, "photo", "portrait", motion="pan-right"), width=480, height=480)
    render(whole, tmp_path / "a.mp4", Output(), asset=asset)
    grey = [
        cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(np.float32)[96:384, 96:384]
        for frame in pictures(tmp_path / "a.mp4")
    ]
    window = cv2.createHanningWindow(grey[0].shape[::-1], cv2.CV_32F)
    moves = [cv2.phaseCorrelate(a, b, window)[0][0] for a, b in zip(grey[::10], grey[10::10], strict=False)]
    assert np.abs(np.diff(moves)).max() < 0.5
    assert np.abs(np.diff(moves)).mean() / 10 < 0.05
