"""The draft at one moment: as a still's pixels, and small and quick for previews one after another."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from studio.render import planes, timeline
from studio.render.errors import RenderError
from studio.render.output import MAX_SIDE
from studio.render.planes import U8
from studio.render.stage import Asset, Scenery, Stage
from studio.render.timeline import Timeline

_KEPT = 2


def glance(draft: Mapping[str, Any], px: int, at: int, *, asset: Asset) -> U8:
    """The draft at a moment in a px × px picture; see studio.render.preview."""
    if not 1 <= px <= MAX_SIDE:
        raise RenderError(f"a preview of {px} pixels is outside 1 to {MAX_SIDE}")
    plan = timeline.read(draft)
    scale = px / max(plan.width, plan.height)
    small = replace(plan, width=max(1, round(plan.width * scale)), height=max(1, round(plan.height * scale)))
    shown = _drawn(_recent.scenery(small, asset), at)
    square = np.zeros((px, px, 4), np.uint8)
    top, left = (px - small.height) // 2, (px - small.width) // 2
    square[top : top + small.height, left : left + small.width] = shown
    return square


def snapshot(plan: Timeline, asset: Asset, ms: float) -> U8:
    """The draft at `ms` as h×w×4 RGBA uint8, straight alpha."""
    return _drawn(Scenery(plan, planes.RGBA, asset, transparent=True), ms)


def _drawn(scenery: Scenery, ms: float) -> U8:
    plan = scenery.timeline
    frame = planes.blank(planes.RGBA, plan.width, plan.height)
    stage = Stage(scenery)
    try:
        stage.draw(frame, min(ms, plan.length - 1))
    finally:
        stage.close()
    return planes.straight(frame[0])


class _Recent:
    """The scenery of the drafts looked at last, for someone who drags along the timeline."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Scenery] = OrderedDict()
        self._lock = threading.Lock()

    def scenery(self, plan: Timeline, asset: Asset) -> Scenery:
        """The prepared draft, anew when it or one of its files has changed."""
        fresh = Scenery(plan, planes.RGBA, asset, transparent=True)
        stage = Stage(fresh)
        files = [stage.files(shot) for shot in plan.shots]
        shots = [(repr(shot), json.dumps(shot.meta, sort_keys=True, default=repr)) for shot in plan.shots]
        key = repr((plan.width, plan.height, plan.length, shots, plan.titles, files))
        with self._lock:
            found = self._kept.setdefault(key, fresh)
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found


_recent = _Recent()
