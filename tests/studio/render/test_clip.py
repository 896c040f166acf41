"""Clips are shown upright, from where they are trimmed, at their speed, with their own sound."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from studio.render import Output, RenderError, preview, render
from tests.studio.render import material
from tests.studio.render.material import draft, heard, music, pictures, segment

Asset = Callable[[str], Path]


def _greys(path: Path) -> list[float]:
    return [float(frame[frame.shape[0] // 2, frame.shape[1] // 2].mean()) for frame in pictures(path)]


def test_a_clip_plays_at_its_own_speed(tmp_path: Path, asset: Asset) -> None:
    render(
        draft(segment(1000, "clip", "clip"), width=64, height=48),
        tmp_path / "a.mp4",
        Output(fps=20),
        asset=asset,
    )
    assert _greys(tmp_path / "a.mp4")[::5] == pytest.approx([255 * i / 19 for i in (0, 5, 10, 15)], abs=8)


def test_a_trimmed_clip_begins_later(tmp_path: Path, asset: Asset) -> None:
    whole = draft(segment(400, "clip", "mute", source={"start": 1000, "end": 1400}))
    render(whole, tmp_path / "a.mp4", Output(fps=10), asset=asset)
    assert _greys(tmp_path / "a.mp4")[0] == pytest.approx(255 * 20 / 39, abs=10)


@pytest.mark.parametrize(("speed", "ms"), [(2.0, 500), (0.5, 1000), (4.0, 250), (0.25, 2000)])
def test_a_faster_clip_covers_more_and_keeps_its_pitch(
    tmp_path: Path, asset: Asset, speed: float, ms: int
) -> None:
    whole = draft(segment(ms, "clip", "clip", speed=speed, volume=1.0))
    render(whole, tmp_path / "a.mp4", Output(fps=20), asset=asset)
    assert _greys(tmp_path / "a.mp4")[-1] == pytest.approx(255 * min(1, (ms - 50) * speed / 950), abs=16)
    sound = heard(tmp_path / "a.mp4")[4800:-4800, 0]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 96_000))
    assert spectrum.argmax() / 2 == pytest.approx(440, abs=12)


def test_past_its_end_the_last_frame_stays(tmp_path: Path, asset: Asset) -> None:
    render(draft(segment(1500, "clip", "clip")), tmp_path / "a.mp4", Output(fps=10), asset=asset)
    assert _greys(tmp_path / "a.mp4")[-1] == pytest.approx(255, abs=6)


def test_a_clip_can_be_looked_at_anywhere(asset: Asset) -> None:
    whole = draft(segment(2000, "clip", "mute"))
    tones = [float(preview(whole, 32, at, asset=asset)[16, 16, 0]) for at in (1500, 200)]
    assert tones == pytest.approx([255 * 30 / 39, 255 * 4 / 39], abs=12)


def test_a_clip_filmed_sideways_is_turned_upright(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        picture = np.zeros((64, 96, 3), np.uint8)
        picture[:, :48] = 255
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        container.mux(stream.encode(None))
    data = bytearray(path.read_bytes())
    matrix = data.index(b"tkhd") + 4 + 40
    quarter = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 64 << 16, 0, 0x40000000)
    data[matrix : matrix + 36] = quarter
    path.write_bytes(data)
    shown = preview(
        draft(segment(500, "clip", "a"), width=64, height=96), 96, 0, asset=material.assets(a=path)
    )
    assert shown[10, 48, 0] > 230 and shown[85, 48, 0] < 25


@pytest.mark.parametrize(("width", "height"), [(48, 64), (30, 90), (200, 40), (33, 17)])
def test_a_clip_fits_any_canvas(tmp_path: Path, asset: Asset, width: int, height: int) -> None:
    done = render(
        draft(segment(300, "clip", "mute"), width=width, height=height),
        tmp_path / "a.mp4",
        Output(),
        asset=asset,
    )
    assert done.width >= width and done.height >= height


def test_music_steps_back_while_a_clip_speaks(tmp_path: Path, asset: Asset) -> None:
    whole = draft(
        segment(1000),
        segment(1000, "clip", "clip", volume=0.2),
        segment(1000),
        tracks=(music(3000, volume=0.5),),
    )
    whole["t"][0]["sg"][1]["m"]["asset"] = "clip"
    render(whole, tmp_path / "a.mp4", Output(fps=10), asset=asset)
    sound = heard(tmp_path / "a.mp4")[:, 0]
    spectrum = [np.abs(np.fft.rfft(sound[i * 48_000 : (i + 1) * 48_000])) for i in range(3)]
    low = [float(np.sqrt((s[40:200] ** 2).sum())) for s in spectrum]
    assert low[1] < 0.6 * low[0]


def test_a_clip_and_its_neighbour_crossfade(tmp_path: Path, asset: Asset) -> None:
    whole = draft(
        segment(600, "clip", "mute"), segment(600, "clip", "clip", transition={"kind": "crossfade", "d": 300})
    )
    render(whole, tmp_path / "a.mp4", Output(fps=20), asset=asset)
    greys = _greys(tmp_path / "a.mp4")
    assert greys[11] > 60 and greys[15] < greys[11] and greys[20] == pytest.approx(255 * 8 / 19, abs=14)


def test_a_damaged_clip_is_named_with_its_segment(tmp_path: Path, asset: Asset) -> None:
    data = bytearray(asset("clip").read_bytes())
    for name, damaged in (("cut", data[: len(data) // 2]), ("text", b"not a clip"), ("none", b"")):
        (tmp_path / name).write_bytes(damaged)
        files = material.assets(photo=asset("photo"), bad=tmp_path / name)
        with pytest.raises(RenderError, match=r"t\[0\]\.sg\[1\]"):
            render(
                draft(segment(100), segment(100, "clip", "bad")), tmp_path / "a.mp4", Output(), asset=files
            )


def test_a_sound_as_a_clip_has_no_picture(tmp_path: Path) -> None:
    path = material.save_sound(tmp_path / "a.wav", material.sine(440, 0.2))
    with pytest.raises(RenderError, match="no picture"):
        render(draft(segment(100, "clip", "a")), tmp_path / "a.mp4", Output(), asset=material.assets(a=path))
