"""A video is encoded in seconds of its own that fit together; what did not change is not encoded again."""

from __future__ import annotations

import copy
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from studio.render import Output, render
from studio.render.schedule import beats
from studio.render.segments import Coded, Encoder, cut, dump, load, trim
from studio.render.stage import Stage
from studio.render.timeline import read
from tests.studio.render.material import draft, pictures, segment, title

Asset = Callable[[str], Path]


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The first frame of each stretch that is really encoded."""
    seen: list[int] = []
    encode = Encoder._encode

    def watched(self: Encoder, stage: Stage, stretch: tuple[Any, ...]) -> Coded:
        seen.append(stretch[0].index)
        return encode(self, stage, stretch)

    monkeypatch.setattr(Encoder, "_encode", watched)
    return seen


def _moving(tracks: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return draft(
        segment(3000, motion="zoom-in"), segment(2000, asset="second", motion="pan-left"), tracks=tracks
    )


def test_stretches_begin_with_the_key_frame_of_a_second() -> None:
    plan = read(_moving())
    stretches = cut(list(beats(plan, lambda ms: ms)), 30)
    assert [stretch[0].index for stretch in stretches] == [0, 30, 60, 90, 120]
    assert all(stretch[0].key for stretch in stretches)
    assert sum(beat.count for stretch in stretches for beat in stretch) == 150


def test_a_second_render_of_the_same_draft_encodes_nothing(
    tmp_path: Path, asset: Asset, encoded: list[int]
) -> None:
    for name in ("a.mp4", "b.mp4"):
        render(_moving(), tmp_path / name, Output(), asset=asset, cache=tmp_path / "cache")
    assert sorted(encoded) == [0, 30, 60, 90, 120]
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_another_title_encodes_only_its_own_seconds(tmp_path: Path, asset: Asset, encoded: list[int]) -> None:
    for text in ("One", "Two"):
        whole = _moving((title(1500, text),))
        render(whole, tmp_path / "a.mp4", Output(), asset=asset, cache=tmp_path / "cache")
    assert sorted(encoded[5:]) == [0, 30]


def test_another_tune_encodes_no_picture(tmp_path: Path, asset: Asset, encoded: list[int]) -> None:
    render(_moving(), tmp_path / "a.mp4", Output(), asset=asset, cache=tmp_path / "cache")
    tune = {"tt": 1, "sg": [{"d": 5000, "m": {"asset": "music:upbeat"}}]}
    render(_moving((tune,)), tmp_path / "a.mp4", Output(), asset=asset, cache=tmp_path / "cache")
    assert len(encoded) == 5


@pytest.mark.parametrize(
    "change",
    [{"motion": "zoom-out"}, {"asset": "second"}, {"adjust": {"brightness": 0.3}}, {"style": "mono"}],
)
def test_whatever_changes_a_segment_encodes_it_again(
    tmp_path: Path, asset: Asset, encoded: list[int], change: dict[str, Any]
) -> None:
    whole = _moving()
    render(whole, tmp_path / "a.mp4", Output(), asset=asset, cache=tmp_path / "cache")
    changed = copy.deepcopy(whole)
    changed["t"][0]["sg"][0]["m"].update(change)
    render(changed, tmp_path / "a.mp4", Output(), asset=asset, cache=tmp_path / "cache")
    assert sorted(encoded[5:]) == [0, 30, 60]


def test_a_damaged_stretch_is_encoded_again(tmp_path: Path, asset: Asset, encoded: list[int]) -> None:
    cache = tmp_path / "cache"
    render(_moving(), tmp_path / "a.mp4", Output(), asset=asset, cache=cache)
    for index, path in enumerate(sorted(cache.iterdir())):
        path.write_bytes(
            [b"", path.read_bytes()[:-9], b"STR1" + bytes(40), path.read_bytes()[:-1] + b"?", b"x"][index]
        )
    render(_moving(), tmp_path / "b.mp4", Output(), asset=asset, cache=cache)
    assert len(encoded) == 10
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_joins_show_every_frame_once_and_in_order(tmp_path: Path, asset: Asset) -> None:
    whole = draft(segment(3000, motion="zoom-in"), segment(1500), segment(1500, motion="float"))
    render(whole, tmp_path / "a.mp4", Output(), asset=asset)
    with av.open(str(tmp_path / "a.mp4")) as container:
        packets = [packet for packet in container.demux(video=0) if packet.dts is not None]
    decoding = [packet.dts for packet in packets]
    shown = [float(packet.pts * packet.time_base) for packet in packets]
    assert decoding == sorted(set(decoding))
    assert all(packet.dts <= packet.pts for packet in packets)
    frames = read(whole).frames
    grid = [round(time_ * 30, 3) for time_ in sorted(shown)]
    assert grid[0] == 0 and grid[-1] == frames - 1 and all(place == round(place) for place in grid)


def test_no_picture_flashes_at_a_join(tmp_path: Path, asset: Asset) -> None:
    render(draft(segment(3000, motion="zoom-in")), tmp_path / "a.mp4", Output(), asset=asset)
    frames = [frame.astype(int) for frame in pictures(tmp_path / "a.mp4")]
    steps = [float(np.abs(a - b).mean()) for a, b in pairwise(frames)]
    assert len(frames) == 90
    assert max(steps) < 5


def test_a_stretch_survives_its_file(tmp_path: Path) -> None:
    coded = Coded(b"head", ((0, b"abc"), (9000, b""), (3000, bytes(range(256)))))
    (tmp_path / "x").write_bytes(dump(coded))
    assert load(tmp_path / "x") == coded
    assert load(tmp_path / "missing") is None


def test_the_cache_keeps_what_was_used_last(tmp_path: Path) -> None:
    for index in range(5):
        (tmp_path / f"{index}").write_bytes(bytes(100))
        os.utime(tmp_path / f"{index}", (index, index))
    (tmp_path / ".left.part").write_bytes(bytes(100))
    os.utime(tmp_path / ".left.part", (0, 0))
    load(tmp_path / "0")
    trim(tmp_path, 250)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "4"]


def test_a_killed_render_goes_on_from_its_finished_seconds(
    tmp_path: Path, asset: Asset, encoded: list[int]
) -> None:
    code = """
        import sys
        from pathlib import Path
        from studio.render import Output, render
        from tests.studio.render.material import draft, segment
        whole = draft(segment(20_000, motion="zoom-in"), width=480, height=480)
        photo, out, cache = map(Path, sys.argv[1:])
        render(whole, out, Output(), asset=lambda _: photo, cache=cache)
    """
    whole = draft(segment(20_000, motion="zoom-in"), width=480, height=480)
    cache = tmp_path / "cache"
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), asset("photo"), tmp_path / "a.mp4", cache],
        cwd=Path(__file__).parents[3],
    )
    while not cache.is_dir() or sum(1 for path in cache.iterdir() if not path.name.startswith(".")) < 4:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    render(whole, tmp_path / "b.mp4", Output(), asset=asset, cache=cache)
    assert 1 <= len(encoded) <= 16
    assert len(pictures(tmp_path / "b.mp4")) == 600


def test_a_cache_that_cannot_be_written_costs_no_video(tmp_path: Path, asset: Asset) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    render(_moving(), tmp_path / "a.mp4", Output(), asset=asset, cache=tmp_path / "cache")
    assert len(pictures(tmp_path / "a.mp4")) == 150
