"""Edits on how the avatar looks: shape, background, ring, shadow, style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from studio.draft import Draft
from studio.edits.base import Edit, EditError, changed, within
from studio.edits.make import find
from studio.edits.media import Media
from studio.edits.tracks import Segment, chosen, kind_of, meta
from studio.edits.values import BLUR_AMOUNT, GRADIENT, RANGES, RING_COLOR, RING_WIDTH

Target = tuple[int, ...] | None


def recipes(draft: Draft, target: Sequence[int] | None) -> list[dict[str, Any]]:
    """The `avatar` objects of the chosen segments; raises EditError when none is an avatar or a drawing."""
    found = [s for s in chosen(draft, target) if kind_of(s) in ("avatar", "illustration")]
    if not found:
        raise EditError("not_avatar")
    return [meta(s).setdefault("avatar", {}) for s in found]


def _styled(segment: Segment) -> dict[str, Any]:
    """Where a segment keeps its style: under `avatar` when it is one, else under `m`."""
    if kind_of(segment) in ("avatar", "illustration"):
        return meta(segment).setdefault("avatar", {})  # type: ignore[no-any-return]
    return meta(segment)


@dataclass(frozen=True, kw_only=True)
class SetShape(Edit):
    """The outline the picture is cut to."""

    kind: ClassVar[str] = "shape"
    shape: str
    target: Target = None

    def _run(self, draft: Draft, media: Media) -> None:
        for recipe in recipes(draft, self.target):
            recipe["shape"] = self.shape


@dataclass(frozen=True, kw_only=True)
class SetBackground(Edit):
    """What stands behind the person: transparent, color, gradient, blur, original, image or auto."""

    kind: ClassVar[str] = "background"
    to: str
    colors: tuple[str, ...] = ()
    amount: float | None = None
    asset: str = ""
    target: Target = None

    def _run(self, draft: Draft, media: Media) -> None:
        for recipe in recipes(draft, self.target):
            recipe["background"] = self._value(recipe.get("background") or {}, media)

    def _value(self, now: dict[str, Any], media: Media) -> dict[str, Any]:
        if self.to == "color":
            if not self.colors:
                raise EditError("which_color")
            return {"kind": "color", "color": self.colors[0]}
        if self.to == "gradient":
            return {"kind": "gradient", "colors": _pair(self.colors, now)}
        if self.to == "blur":
            amount = BLUR_AMOUNT if self.amount is None else within("blur", self.amount)
            return {"kind": "blur", "amount": amount}
        if self.to == "image":
            return {"kind": "image", "asset": self.asset, "name": find(media, self.asset).filename}
        return {"kind": self.to}


def _pair(colors: Sequence[str], now: dict[str, Any]) -> list[str]:
    if len(colors) >= 2:
        return list(colors[:3])
    if len(colors) == 1:
        first = colors[0]
        return [first, "#ffffff" if first.lower() != "#ffffff" else GRADIENT[0]]
    if now.get("kind") == "gradient" and now.get("colors"):
        return list(now["colors"])
    return list(GRADIENT)


@dataclass(frozen=True, kw_only=True)
class SetRing(Edit):
    """The ring around the shape: its colour(s) and width, or none at all."""

    kind: ClassVar[str] = "ring"
    off: bool = False
    colors: tuple[str, ...] = ()
    width: float | None = None
    times: float | None = None
    target: Target = None

    def _run(self, draft: Draft, media: Media) -> None:
        for recipe in recipes(draft, self.target):
            recipe["ring"] = None if self.off else self._value(recipe.get("ring"))

    def _value(self, now: dict[str, Any] | None) -> dict[str, Any]:
        if now is None and self.times is not None and self.width is None and not self.colors:
            raise EditError("no_ring")
        ring = dict(now or {"color": RING_COLOR, "width": RING_WIDTH})
        if self.colors:
            ring.pop("colors", None)
            ring["color"] = self.colors[0]
            if len(self.colors) > 1:
                ring["colors"] = list(self.colors[:2])
        ring["width"] = changed("ring", ring.get("width", RING_WIDTH), self.width, self.times, None)
        return ring


@dataclass(frozen=True, kw_only=True)
class SetShadow(Edit):
    """The soft shadow below the shape, on or off."""

    kind: ClassVar[str] = "shadow"
    on: bool
    target: Target = None

    def _run(self, draft: Draft, media: Media) -> None:
        for recipe in recipes(draft, self.target):
            recipe["shadow"] = self.on


@dataclass(frozen=True, kw_only=True)
class SetStyle(Edit):
    """A picture style, its strength, or both; `by` counts steps of strength."""

    kind: ClassVar[str] = "style"
    style: str = ""
    strength: float | None = None
    by: float | None = None
    target: Target = None

    def _run(self, draft: Draft, media: Media) -> None:
        for segment in chosen(draft, self.target):
            holder = _styled(segment)
            if self.style:
                holder["style"] = self.style
            if self.strength is None and self.by is None:
                continue
            if not self.style and holder.get("style", "none") == "none":
                raise EditError("no_style")
            step = None if self.by is None else self.by * RANGES["strength"].step
            holder["strength"] = changed("strength", holder.get("strength", 1.0), self.strength, None, step)
