"""The MP4 is what players want: H.264 and AAC, exact in length, a key frame each second, index up front."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from studio.render import Output, RenderError, render
from tests.studio.render import material
from tests.studio.render.material import draft, heard, music, pictures, segment, title

Asset = Callable[[str], Path]


def test_a_video_is_h264_and_aac_in_the_right_colours(tmp_path: Path, asset: Asset) -> None:
    out = tmp_path / "a.mp4"
    done = render(draft(segment(1000, motion="zoom-in")), out, Output(), asset=asset)
    with av.open(str(out)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.profile, video.pix_fmt) == ("h264", "High", "yuv420p")
        assert (audio.codec_context.name, audio.rate, audio.layout.name) == ("aac", 48_000, "stereo")
        assert (video.codec_context.colorspace, video.codec_context.color_range) == (1, 1)
        assert (video.width, video.height, video.average_rate) == (96, 96, 30)
    assert (done.format, done.width, done.height, done.duration) == ("mp4", 96, 96, 1.0)
    assert done.bytes == out.stat().st_size


def test_the_index_comes_before_the_media(tmp_path: Path, asset: Asset) -> None:
    render(draft(segment(500)), tmp_path / "a.mp4", Output(), asset=asset)
    data = (tmp_path / "a.mp4").read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize(
    ("ms", "fps"), [(1000, 30), (1017, 30), (733, 25), (2500, 24), (40, 30), (999, 29.97)]
)
@pytest.mark.parametrize("motion", ["none", "zoom-in"])
def test_picture_and_sound_are_as_long_as_the_draft(
    tmp_path: Path, asset: Asset, ms: int, fps: float, motion: str
) -> None:
    out = tmp_path / "a.mp4"
    render(draft(segment(ms, motion=motion), fps=fps, width=32, height=32), out, Output(), asset=asset)
    with av.open(str(out)) as container:
        lengths = [float(stream.duration * stream.time_base) for stream in container.streams]
    assert lengths[0] == pytest.approx(ms / 1000, abs=1 / fps + 0.001)
    assert lengths[1] == pytest.approx(lengths[0], abs=0.025)


def test_a_key_frame_stands_at_each_second(tmp_path: Path, asset: Asset) -> None:
    for motion in ("none", "pan-left"):
        render(draft(segment(3200, motion=motion)), tmp_path / "a.mp4", Output(), asset=asset)
        with av.open(str(tmp_path / "a.mp4")) as container:
            keys = {
                float(packet.pts * packet.time_base)
                for packet in container.demux(video=0)
                if packet.is_keyframe and packet.pts is not None
            }
        assert {0.0, 1.0, 2.0, 3.0} <= keys


def test_a_still_draft_is_encoded_with_few_frames(tmp_path: Path, asset: Asset) -> None:
    render(draft(segment(4000)), tmp_path / "a.mp4", Output(), asset=asset)
    frames = pictures(tmp_path / "a.mp4")
    assert len(frames) <= 12
    assert np.abs(frames[0].astype(int) - frames[-1]).mean() < 2


def test_a_still_draft_moves_where_its_title_fades(tmp_path: Path, asset: Asset) -> None:
    whole = draft(tracks=(title(2000, "Hi", fade_in=300),), width=160, height=160)
    render(whole, tmp_path / "a.mp4", Output(), asset=asset)
    frames = pictures(tmp_path / "a.mp4")
    assert 9 <= len(frames) <= 20
    lower = [float(frame[120:, 40:120].max()) for frame in frames[:10]]
    assert lower[0] < lower[5] <= lower[9] + 3


def test_an_odd_canvas_grows_by_one_pixel(tmp_path: Path, asset: Asset) -> None:
    done = render(draft(segment(200), width=33, height=47), tmp_path / "a.mp4", Output(), asset=asset)
    assert (done.width, done.height) == (34, 48)


def test_silence_is_a_track_too(tmp_path: Path, asset: Asset) -> None:
    render(draft(segment(1000)), tmp_path / "a.mp4", Output(), asset=asset)
    assert np.abs(heard(tmp_path / "a.mp4")).max() < 1e-3


def test_a_draft_of_titles_alone_is_a_video(tmp_path: Path, asset: Asset) -> None:
    whole = draft(tracks=(title(600, "字幕"),), width=160, height=160)
    render(whole, tmp_path / "a.mp4", Output(), asset=asset)
    assert pictures(tmp_path / "a.mp4")[0].max() > 200


def test_the_same_draft_gives_the_same_file(tmp_path: Path, asset: Asset) -> None:
    whole = draft(segment(700, motion="float"), tracks=(music(700), title(700, "Same")))
    for name in ("a.mp4", "b.mp4"):
        render(whole, tmp_path / name, Output(), asset=asset)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_a_crossfade_mixes_both_pictures_and_then_shows_the_second(tmp_path: Path) -> None:
    from PIL import Image

    for name, colour in (("red", (200, 30, 30)), ("blue", (30, 30, 200))):
        Image.new("RGB", (64, 64), colour).save(tmp_path / f"{name}.png")
    asset = material.assets(red=tmp_path / "red.png", blue=tmp_path / "blue.png")
    whole = draft(
        segment(1000, asset="red"), segment(1000, asset="blue", transition={"kind": "crossfade", "d": 400})
    )
    render(whole, tmp_path / "a.mp4", Output(fps=10), asset=asset)
    with av.open(str(tmp_path / "a.mp4")) as container:
        shown = {
            round(float(f.time), 2): f.to_ndarray(format="rgb24")[32, 32].astype(int)
            for f in container.decode(video=0)
        }
    assert shown[0.5][0] > 180 and shown[1.4][2] > 180
    assert shown[1.2] == pytest.approx([115, 30, 115], abs=12)


def test_progress_rises_to_one(tmp_path: Path, asset: Asset) -> None:
    seen: list[float] = []
    whole = draft(segment(12_000, motion="pulse"))
    render(whole, tmp_path / "a.mp4", Output(), asset=asset, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0 and len(seen) > 5


def test_a_failing_listener_stops_the_render_and_leaves_nothing(tmp_path: Path, asset: Asset) -> None:
    class CancelledError(Exception):
        pass

    def stop(_: float) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        render(draft(segment(2000, motion="pulse")), tmp_path / "a.mp4", Output(), asset=asset, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_asset_is_named_by_its_segment(tmp_path: Path, asset: Asset) -> None:
    with pytest.raises(RenderError, match=r"t\[0\]\.sg\[1\].*missing"):
        render(draft(segment(100), segment(100, asset="gone")), tmp_path / "a.mp4", Output(), asset=asset)
    assert list(tmp_path.iterdir()) == []
