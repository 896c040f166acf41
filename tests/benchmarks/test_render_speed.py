"""How near the renderer comes to the encoder alone: ratios within one run, printed with their figures."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from studio.render import Output, planes, preview, render, video
from studio.render.stage import Scenery, Stage
from studio.render.timeline import read
from tests.benchmarks.pairs import Pair, by_turns, cost
from tests.studio.render.material import PORTRAIT, draft, segment, title

pytestmark = pytest.mark.benchmark

ROUNDS = 4


def _encode_only(whole: dict[str, object], out: Path) -> Callable[[], None]:
    """Compose every frame of a draft first; the work returned only encodes them."""
    plan = read(whole)
    stage = Stage(Scenery(plan, planes.YUV, lambda _: PORTRAIT))
    frames = []
    for index in range(plan.frames):
        frame = video.frame_for(
            plan.width, plan.height, round(index * video.TICKS / plan.fps), key=index % 30 == 0
        )
        stage.draw(video.picture_of(frame), float(index * 1000 / plan.fps))
        frames.append(frame)

    def encode() -> None:
        with av.open(str(out), "w", format="mp4", options={"movflags": "+faststart"}) as container:
            stream = video.add_video(container, plan.width, plan.height, plan.fps)
            for frame in frames:
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))

    return encode


# What is aimed at, and what is held on two cores that others use as well.
@pytest.mark.parametrize(("motion", "target", "held"), [("zoom-in", 1.4, 1.6), ("none", 0.5, 0.5)])
def test_ten_seconds_of_an_avatar_cost_little_more_than_their_encoding(
    tmp_path: Path, motion: str, target: float, held: float
) -> None:
    whole = draft(segment(10_000, "avatar", "portrait", motion=motion), width=1080, height=1080)

    def rendered() -> None:
        render(whole, tmp_path / "a.mp4", Output(), asset=lambda _: PORTRAIT)

    rendered()  # the models are loaded and the matte is known from here on
    pair = by_turns(rendered, _encode_only(whole, tmp_path / "b.mp4"), ROUNDS)
    print(f"\n{motion}: render and encode {pair} (target {target}, held {held})")
    assert min(pair.wall, pair.cpu) <= held


def test_after_a_change_of_title_only_its_seconds_are_encoded_again(tmp_path: Path) -> None:
    def said(text: str) -> dict[str, Any]:
        return draft(
            segment(10_000, "avatar", "portrait", motion="zoom-in"),
            tracks=(title(3000, text),), width=1080, height=1080,
        )  # fmt: skip

    turns = iter(range(2 * ROUNDS))

    def exported(text: str) -> None:
        kept = tmp_path / f"cache{next(turns) // 2}"
        render(said(text), tmp_path / "a.mp4", Output(), asset=lambda _: PORTRAIT, cache=kept)

    render(said("warm"), tmp_path / "a.png", Output("png"), asset=lambda _: PORTRAIT)
    pair = by_turns(lambda: exported("Urban Dreams"), lambda: exported("City Lights"), ROUNDS)
    again = Pair(pair.theirs, pair.ours)
    print(f"\nre-export and first export {again} (target 0.4, held 0.45)")
    assert min(again.wall, again.cpu) <= 0.45


def test_a_warm_png_is_there_at_once(tmp_path: Path) -> None:
    whole = draft(segment(1000, "avatar", "portrait"), width=1080, height=1080)

    def rendered() -> None:
        render(whole, tmp_path / "a.png", Output("png"), asset=lambda _: PORTRAIT)

    rendered()
    taken = min(cost(rendered).cpu for _ in range(ROUNDS))
    print(f"\nPNG: {taken:.2f} s of processor time (limit 2)")
    assert taken <= 2


def test_previews_of_a_moving_avatar_run_at_eight_times_real_time() -> None:
    whole = draft(segment(10_000, "avatar", "portrait", motion="zoom-in"), width=1080, height=1080)

    def watched() -> None:
        for index in range(60):
            preview(whole, 360, index * 1000 // 30, asset=lambda _: PORTRAIT)

    watched()
    taken = min(cost(watched).cpu for _ in range(ROUNDS))
    print(f"\npreview: {2 / taken:.1f} times real time by processor time (limit 8)")
    assert 2 / taken >= 8


def test_the_reference_draft_keeps_near_the_encoder_in_time_and_memory(tmp_path: Path) -> None:
    """30 s of five photos, cross-fades, a title, music at 1080×1920, in a process of its own."""
    source = Path(__file__).with_name("reference_draft.py")
    done = subprocess.run(
        [sys.executable, source, tmp_path], capture_output=True, text=True, check=True, cwd=source.parents[2]
    )
    found: dict[str, float] = json.loads(done.stdout)
    print("\n" + ", ".join(f"{name} {value:.2f}" for name, value in found.items()))
    print("targets: wall ratio 1.25 (not held), cpu ratio 1.4 (1.31 to 1.43 measured), megabytes 450 (held)")
    # Neighbours on the same cores lengthen the wall time of one side alone: it is told, and not held.
    assert found["cpu ratio"] <= 1.5
    assert found["megabytes"] <= 450
