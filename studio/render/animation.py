"""Animated GIF and WebP of a draft: a size and rate that suit the web, and a file within a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from PIL import Image

from studio.render import planes
from studio.render.gif import Palette, write_gif
from studio.render.output import Output
from studio.render.planes import U8
from studio.render.stage import Asset, Scenery, Stage
from studio.render.timeline import Timeline

BUDGET = 8 * 1024 * 1024
_SIDE = {"gif": 480, "webp": 640}
_RATE = 15.0
_MOST_FRAMES = 450
_TRIES = 3


def moves(timeline: Timeline) -> bool:
    """Whether a draft shows more than one picture in its time."""
    return any(not shot.still for shot in timeline.shots) or len(timeline.shots) > 1 or any(
        title.fade_in or title.fade_out or title.start > 0 or title.start + title.length < timeline.length
        for title in timeline.titles
    )  # fmt: skip


def write_animation(
    timeline: Timeline, path: Path, output: Output, asset: Asset, told: Callable[[float], None]
) -> Timeline:
    """Write the draft as a looping animation; returns it in the size and rate it was given.

    A size or rate that is not asked for starts at a web one and shrinks until the file keeps to the budget.
    """
    plan = _suited(timeline, output)
    for attempt in range(_TRIES):
        _write(plan, path, output.format, asset, told)
        excess = path.stat().st_size / BUDGET
        if excess <= 1 or output.width or output.height or attempt == _TRIES - 1:
            break
        plan = _scaled(plan, max(0.3, 0.93 / excess**0.5))
    return plan


def _suited(timeline: Timeline, output: Output) -> Timeline:
    rate = output.fps or min(_RATE, float(timeline.fps))
    rate = min(rate, _MOST_FRAMES * 1000 / timeline.length)
    plan = replace(timeline, fps=Fraction(rate).limit_denominator(1001))
    if output.width or output.height:
        return plan
    return _scaled(plan, min(1.0, _SIDE[output.format] / max(plan.width, plan.height)))


def _scaled(plan: Timeline, scale: float) -> Timeline:
    return replace(plan, width=max(16, round(plan.width * scale)), height=max(16, round(plan.height * scale)))


def _write(plan: Timeline, path: Path, name: str, asset: Asset, told: Callable[[float], None]) -> None:
    if name == "gif":
        samples = (0, 0.3, 0.55, 0.8, 0.97)
        stage = Stage(Scenery(plan, planes.RGBA, asset, transparent=True))
        palette = Palette([_drawn(stage, plan.length * share) for share in samples])
        write_gif(path, _frames(plan, asset, told), palette)
        return
    lengths = [length for _, length in _lengths(plan)]
    pictures = (Image.fromarray(rgba, "RGBA") for rgba, _ in _frames(plan, asset, told))
    next(pictures).save(
        path, "WEBP", save_all=True, append_images=pictures, duration=lengths, loop=0,
        quality=80, method=2, alpha_quality=90, minimize_size=False, allow_mixed=False,
    )  # fmt: skip


def _frames(plan: Timeline, asset: Asset, told: Callable[[float], None]) -> Iterator[tuple[U8, int]]:
    stage = Stage(Scenery(plan, planes.RGBA, asset, transparent=True))
    try:
        for moment, length in _lengths(plan):
            yield _drawn(stage, moment), length
            told(0.98 * moment / plan.length)
    finally:
        stage.close()


def _lengths(plan: Timeline) -> Iterator[tuple[float, int]]:
    """The moment of each frame and how long it stays, in ms; together they make the draft's length."""
    total, shown = plan.frames, 0
    for index in range(total):
        end = round(plan.length if index == total - 1 else float((index + 1) * 1000 / plan.fps))
        yield float(index * 1000 / plan.fps), max(1, end - shown)
        shown = end


def _drawn(stage: Stage, ms: float) -> U8:
    frame = planes.blank(planes.RGBA, stage.timeline.width, stage.timeline.height)
    stage.draw(frame, ms)
    return planes.straight(frame[0])
