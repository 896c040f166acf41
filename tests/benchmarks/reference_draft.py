"""Renders the 30 s reference draft and encodes its ready-made frames; prints both costs and peak memory."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from PIL import Image

from studio.render import Output, planes, render, video
from studio.render.stage import Scenery, Stage
from studio.render.timeline import Timeline, read
from tests.benchmarks.pairs import Cost, Pair, cost, spent
from tests.studio.render.material import draft, music, segment, title

MOTIONS = ("zoom-in", "pan-left", "zoom-out", "pan-right", "zoom-in")
PIECE = 100
ROUNDS = 2


def reference() -> dict[str, object]:
    """Five photos of six seconds, four cross-fades, a two-line title in two languages, music."""
    fade: dict[str, Any] = {"kind": "crossfade", "d": 500}
    shots = [
        segment(6000, asset=str(index), motion=motion, transition=fade if index else None)
        for index, motion in enumerate(MOTIONS)
    ]
    words = title(30_000, "Urban Dreams\n城市梦想", fade_in=300, fade_out=300)
    tune = music(30_000, "music:lofi", volume=0.35, fade_in=500, fade_out=1000)
    return draft(*shots, tracks=(tune, words), width=1080, height=1920)


def save_scene(path: Path, width: int, height: int, seed: int) -> None:
    """A picture with detail at all scales, as photos have it: octaves of noise, the finer the fainter."""
    random = np.random.default_rng(seed)
    scene = np.zeros((height, width, 3), np.float32)
    for octave in range(2, 11):
        side = 1 << octave
        noise = random.standard_normal((side * height // width + 1, side, 3)).astype(np.float32)
        scene += cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC) * np.float32(
            45 * 0.62**octave * 2
        )
    Image.fromarray(np.clip(scene + 120, 0, 255).astype(np.uint8)).save(path, quality=92)


def peak_megabytes() -> float:
    """The most memory this process has held, not counting the one it was started from."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def encode_only(plan: Timeline, folder: Path) -> Cost:
    """What encoding costs when the frames are ready; they are made in pieces, whose time does not count."""
    stage = Stage(Scenery(plan, planes.YUV, lambda key: folder / f"{key}.jpg"))
    total = Cost(0, 0)
    with av.open(str(folder / "b.mp4"), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = video.add_video(container, plan.width, plan.height, plan.fps)
        for first in range(0, plan.frames, PIECE):
            frames = []
            for index in range(first, min(first + PIECE, plan.frames)):
                frame = video.frame_for(
                    plan.width, plan.height, video.ticks(index, plan.fps), key=index % 30 == 0
                )
                stage.draw(video.picture_of(frame), float(index * 1000 / plan.fps))
                frames.append(frame)
            before = spent()
            for frame in frames:
                container.mux(stream.encode(frame))
            if first + PIECE >= plan.frames:
                container.mux(stream.encode(None))
            total += spent() - before
    return total


def main() -> None:
    """Do both by turns and print the figures as JSON."""
    folder = Path(sys.argv[1])
    for index in range(len(MOTIONS)):
        save_scene(folder / f"{index}.jpg", 1500 + 90 * index, 2400, seed=index)

    def rendered() -> None:
        render(reference(), folder / "a.mp4", Output(), asset=lambda key: folder / f"{key}.jpg")

    ours = cost(rendered)
    megabytes = peak_megabytes()
    pair = Pair(ours, encode_only(read(reference()), folder))
    for _ in range(ROUNDS - 1):
        pair = Pair(pair.ours.best(cost(rendered)), pair.theirs.best(encode_only(read(reference()), folder)))
    print(
        json.dumps(
            {
                "wall ratio": pair.wall,
                "cpu ratio": pair.cpu,
                "megabytes": megabytes,
                "render wall": pair.ours.wall,
                "encode wall": pair.theirs.wall,
                "render cpu": pair.ours.cpu,
                "encode cpu": pair.theirs.cpu,
            }
        )
    )


if __name__ == "__main__":
    main()
