"""One render from draft to file: reads the draft, draws, encodes, and moves the finished file into place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import av

from studio.render import pictures, planes, timeline, video
from studio.render.animation import moves, write_animation
from studio.render.atomic import replacing
from studio.render.errors import RenderError
from studio.render.glance import snapshot
from studio.render.output import Output, Rendered
from studio.render.schedule import beats, poster
from studio.render.segments import Encoder, cut
from studio.render.sound.mix import Mix
from studio.render.stage import Scenery, Stage
from studio.render.timeline import Timeline

Asset = Callable[[str], Path]
Progress = Callable[[float], None]


def run(
    draft: Mapping[str, Any],
    out: Path,
    output: Output,
    *,
    asset: Asset,
    progress: Progress | None = None,
    cache: Path | None = None,
) -> Rendered:
    """Render the draft to `out`; see studio.render.render."""
    told = progress or _silent
    plan = timeline.read(draft, output)
    try:
        with replacing(out) as part:
            moving = output.format == "mp4" or _animated(plan, output)
            if output.format == "mp4":
                done = _video(plan, part, asset, told, cache)
            elif moving:
                done = write_animation(plan, part, output, asset, told)
            else:
                done = _still(plan, part, asset, output)
            size = part.stat().st_size
    except RenderError:
        raise
    except MemoryError as error:
        raise RenderError("the picture needs more memory than there is") from error
    except (OSError, av.error.FFmpegError) as error:
        raise RenderError(
            f"the file cannot be written: {getattr(error, 'strerror', None) or error}"
        ) from error
    told(1.0)
    return Rendered(output.format, done.width, done.height, plan.seconds if moving else 0.0, size)


def _animated(plan: Timeline, output: Output) -> bool:
    return output.format in ("gif", "webp") and output.at is None and moves(plan)


def _video(plan: Timeline, part: Path, asset: Asset, told: Progress, cache: Path | None) -> Timeline:
    plan = replace(plan, width=plan.width + plan.width % 2, height=plan.height + plan.height % 2)
    scenery = Scenery(plan, planes.YUV, asset)
    sound = Mix(plan, asset)
    schedule = list(beats(plan, Stage(scenery).look))
    times = [video.ticks(beat.index, plan.fps) for beat in schedule] + [video.ticks(plan.frames, plan.fps)]
    encoder = Encoder(lambda: Stage(scenery), plan, cache)
    stretches = cut(schedule, float(plan.fps))

    def packets() -> Iterator[tuple[int, bytes]]:
        coded = encoder.run(stretches, lambda done: told(0.99 * done / len(schedule)))
        for stretch, found in zip(stretches, coded, strict=True):
            first = video.ticks(stretch[0].index, plan.fps)
            yield from ((first + shown, data) for shown, data in found.packets)

    video.write_mp4(part, (plan.width, plan.height), plan.fps, packets(), times, sound.blocks())
    return plan


def _still(plan: Timeline, part: Path, asset: Asset, output: Output) -> Timeline:
    moment = poster(plan) if output.at is None else float(output.at)
    pictures.write_still(part, snapshot(plan, asset, moment), output.format)
    return plan


def _silent(_: float) -> None:
    return None
