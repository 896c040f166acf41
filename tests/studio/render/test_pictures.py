"""Stills and animations: the right format, size and length, transparent where the avatar is cut out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.render import Output, RenderError, animation, preview, render
from studio.render.gif import Palette
from studio.render.scenes import focus
from studio.render.schedule import poster
from studio.render.timeline import read
from tests.studio.render.material import PORTRAIT, draft, segment, title

Asset = Callable[[str], Path]


@pytest.mark.parametrize(
    ("name", "kind"), [("png", "PNG"), ("webp", "WEBP"), ("gif", "GIF"), ("jpg", "JPEG")]
)
def test_a_still_is_written_in_its_format_and_size(
    tmp_path: Path, asset: Asset, name: str, kind: str
) -> None:
    done = render(draft(segment(1000), width=80, height=60), tmp_path / "a", Output(name), asset=asset)
    with Image.open(tmp_path / "a") as image:
        assert (image.format, image.size, getattr(image, "n_frames", 1)) == (kind, (80, 60), 1)
    assert (done.width, done.height, done.duration) == (80, 60, 0)


def test_an_icon_holds_the_usual_sizes(tmp_path: Path, asset: Asset) -> None:
    render(draft(segment(1000), width=80, height=80), tmp_path / "a.ico", Output("ico"), asset=asset)
    with Image.open(tmp_path / "a.ico") as image:
        assert image.format == "ICO" and {(16, 16), (32, 32), (64, 64)} <= set(image.info["sizes"])


@pytest.mark.parametrize("name", ["webp", "gif"])
def test_a_moving_draft_becomes_an_animation_as_long_as_it_is(
    tmp_path: Path, asset: Asset, name: str
) -> None:
    done = render(draft(segment(1130, motion="zoom-in")), tmp_path / "a", Output(name), asset=asset)
    total, frames = _length(tmp_path / "a")
    assert total == pytest.approx(1130, abs=10)
    assert 8 <= frames <= 17 and done.duration == pytest.approx(1.13, abs=0.07)


@pytest.mark.parametrize("name", ["webp", "gif"])
def test_a_moment_asked_for_is_a_still(tmp_path: Path, asset: Asset, name: str) -> None:
    render(draft(segment(1000, motion="zoom-in")), tmp_path / "a", Output(name, at=500), asset=asset)
    assert _length(tmp_path / "a")[1] == 1


def test_a_png_shows_the_moment_asked_for(tmp_path: Path, asset: Asset) -> None:
    whole = draft(segment(500), segment(500, asset="second"))
    shown = []
    for at in (100, 900, 600_000):
        render(whole, tmp_path / "a.png", Output("png", at=at), asset=asset)
        shown.append(np.asarray(Image.open(tmp_path / "a.png")).astype(int))
    assert np.abs(shown[0] - shown[1]).mean() > 10
    assert np.array_equal(shown[1], shown[2])


def test_a_png_without_a_moment_shows_the_title_in_full(tmp_path: Path, asset: Asset) -> None:
    whole = draft(segment(2000), tracks=(title(2000, "Hi", fade_in=400),))
    assert poster(read(whole)) == 400


@pytest.mark.parametrize("name", ["webp", "gif"])
def test_an_animated_avatar_is_transparent_round_its_shape(tmp_path: Path, asset: Asset, name: str) -> None:
    whole = draft(segment(400, "avatar", "portrait", motion="zoom-in"), width=120, height=120)
    render(whole, tmp_path / "a", Output(name, fps=10), asset=asset)
    with Image.open(tmp_path / "a") as image:
        for index in range(image.n_frames):
            image.seek(index)
            alpha = np.asarray(image.convert("RGBA"))[..., 3]
            assert alpha[0, 0] == 0 and alpha[60, 60] == 255


def test_an_animation_has_a_size_for_the_web_unless_another_is_asked_for(
    tmp_path: Path, asset: Asset
) -> None:
    whole = draft(segment(200, motion="zoom-in"), width=1080, height=1920)
    assert render(whole, tmp_path / "a", Output("gif", fps=5), asset=asset).height == 480
    assert render(whole, tmp_path / "a", Output("gif", fps=5, height=720), asset=asset).height == 720


def test_an_animation_shrinks_until_it_keeps_to_the_budget(
    tmp_path: Path, asset: Asset, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = draft(segment(800, motion="zoom-in"), width=240, height=240)
    before = render(whole, tmp_path / "a", Output("gif"), asset=asset)
    monkeypatch.setattr(animation, "BUDGET", before.bytes // 2)
    after = render(whole, tmp_path / "a", Output("gif"), asset=asset)
    assert after.bytes <= before.bytes // 2 and after.width < before.width


def test_a_palette_comes_close_to_every_colour_of_a_gradient() -> None:
    y, x = np.mgrid[0:64, 0:64]
    rgba = np.dstack([x * 4, y * 4, np.full_like(x, 90), np.full_like(x, 255)]).astype(np.uint8)
    mapped = np.asarray(Palette([rgba]).map(rgba).convert("RGB")).astype(int)
    blocks = np.abs((mapped - rgba[..., :3]).reshape(8, 8, 8, 8, 3).mean(axis=(1, 3)))
    assert blocks.mean() < 6


def test_a_long_draft_becomes_a_slower_animation(asset: Asset) -> None:
    plan = animation._suited(read(draft(segment(600_000, motion="zoom-in"))), Output("gif"))
    assert plan.frames <= 450


def _length(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        count = getattr(image, "n_frames", 1)
        total = 0
        for index in range(count):
            image.seek(index)
            image.load()
            total += image.info.get("duration", 0)
    return total, count


@pytest.mark.parametrize("kind", ["photo", "clip"])
def test_style_and_light_work_on_photos_and_clips(tmp_path: Path, asset: Asset, kind: str) -> None:
    name = "portrait" if kind == "photo" else "mute"
    for meta, expected in (
        ({"style": "mono"}, "grey"),
        ({"adjust": {"brightness": 0.8}}, "bright"),
        ({}, "plain"),
    ):
        whole = draft(segment(1000, kind, name, **meta), width=64, height=64)
        render(whole, tmp_path / f"{expected}.png", Output("png", at=500), asset=asset)
    shown = {
        name: np.asarray(Image.open(tmp_path / f"{name}.png")).astype(int)[..., :3]
        for name in ("grey", "bright", "plain")
    }
    assert np.ptp(shown["grey"], axis=2).max() <= 6
    assert shown["bright"].mean() > shown["plain"].mean() + 8


@pytest.mark.parametrize("kind", ["photo", "clip"])
def test_a_style_that_is_not_there_is_named_with_its_segment(tmp_path: Path, asset: Asset, kind: str) -> None:
    with pytest.raises(RenderError, match=r"t\[0\]\.sg\[0\].*style"):
        render(
            draft(segment(100, kind, kind, style="baroque")), tmp_path / "a.png", Output("png"), asset=asset
        )


def test_a_photo_that_is_cropped_keeps_its_face_in_view(tmp_path: Path) -> None:
    with Image.open(PORTRAIT) as portrait:
        wide = Image.new("RGB", (1000, 512), (90, 120, 90))
        wide.paste(portrait.convert("RGB"), (488, 0))
    wide.save(tmp_path / "wide.png")
    left, top = focus(np.asarray(wide), 600, 512)
    assert left == pytest.approx((488 + 225) / 1000, abs=0.05) and top < 0.5
    assert focus(np.asarray(wide)[:, :400], 300, 512) == (0.5, 0.5)


def test_previews_in_a_row_prepare_the_draft_once(asset: Asset, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = draft(segment(900, motion="zoom-in"))
    first = preview(whole, 48, 0, asset=asset)
    monkeypatch.setattr("studio.render.stage.build", None)
    assert not np.array_equal(preview(whole, 48, 800, asset=asset), first)


@pytest.mark.parametrize("px", [0, -5, 100_000])
def test_a_preview_of_an_absurd_size_is_refused(asset: Asset, px: int) -> None:
    with pytest.raises(RenderError, match="preview"):
        preview(draft(segment(900)), px, 0, asset=asset)
