"""The canvas: its ratio, its pixels, what a platform wants, and the project's name."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import ClassVar

from studio.draft import VIDEO, Draft
from studio.edits.base import Edit, EditError, within
from studio.edits.make import set_ratio
from studio.edits.media import Media
from studio.edits.tracks import kind_of, segments
from studio.edits.values import RATIOS, SLIDESHOW_RATIO
from studio.presets import AVATAR_PX

_RATIO = re.compile(r"(\d{1,4}):(\d{1,4})")


def ratio_name(width: int, height: int) -> str:
    """The ratio of a canvas in lowest terms, like 16:9."""
    common = math.gcd(width, height) or 1
    return f"{width // common}:{height // common}"


@dataclass(frozen=True, kw_only=True)
class SetCanvas(Edit):
    """A ratio, a size in pixels, a short side (`lines`, as in 1080p), or the preset of a platform."""

    kind: ClassVar[str] = "canvas"
    ratio: str = ""
    width: int | None = None
    height: int | None = None
    lines: int | None = None
    platform: str = ""

    def _run(self, draft: Draft, media: Media) -> None:
        canvas = draft.setdefault("m", {})
        if self.platform:
            self._preset(draft)
        if self.ratio:
            self._ratio(draft)
        if self.width is not None and self.height is not None:
            canvas["width"] = round(within("canvas", self.width))
            canvas["height"] = round(within("canvas", self.height))
            canvas["ratio"] = ratio_name(canvas["width"], canvas["height"])
        if self.lines is not None:
            short = within("canvas", self.lines)
            now = canvas.get("width", 1080), canvas.get("height", 1080)
            factor = short / min(now)
            width, height = (round(within("canvas", side * factor) / 2) * 2 for side in now)
            canvas["width"], canvas["height"] = max(16, width), max(16, height)

    def _ratio(self, draft: Draft) -> None:
        if self.ratio in RATIOS:
            set_ratio(draft, self.ratio)
            return
        parts = _RATIO.fullmatch(self.ratio)
        across, down = (int(parts[1]), int(parts[2])) if parts else (0, 0)
        if not across or not down:
            raise EditError("ratio", got=self.ratio[:40])
        scale = 1080 / min(across, down)
        width, height = across * scale, down * scale
        canvas = draft.setdefault("m", {})
        canvas["width"] = round(within("canvas", width) / 2) * 2
        canvas["height"] = round(within("canvas", height) / 2) * 2
        canvas["ratio"] = self.ratio

    def _preset(self, draft: Draft) -> None:
        shown = {kind_of(s) for s in segments(draft, VIDEO)}
        drawn = not shown or shown <= {"avatar", "illustration"}
        canvas = draft.setdefault("m", {})
        if drawn and self.platform in AVATAR_PX:
            canvas["width"] = canvas["height"] = AVATAR_PX[self.platform]
            canvas["ratio"] = "1:1"
        elif self.platform in SLIDESHOW_RATIO:
            set_ratio(draft, SLIDESHOW_RATIO[self.platform])
        elif self.platform not in AVATAR_PX:
            raise EditError("platform", got=self.platform[:40])
        else:
            px = AVATAR_PX[self.platform]
            canvas["width"] = canvas["height"] = px
            canvas["ratio"] = "1:1"


@dataclass(frozen=True, kw_only=True)
class Rename(Edit):
    """The project's own name; no picture changes."""

    kind: ClassVar[str] = "rename"
    title: str

    def _run(self, draft: Draft, media: Media) -> None:
        draft.setdefault("m", {})["title"] = self.title[:200]
