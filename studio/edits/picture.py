"""Edits on the picture itself: where the person stands in the frame, light and colour, how it moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from studio.draft import MAX_FACE, Draft
from studio.edits.base import Edit, EditError, changed
from studio.edits.look import Target, recipes
from studio.edits.media import Media
from studio.edits.tracks import chosen, kind_of, meta
from studio.edits.values import RANGES


@dataclass(frozen=True, kw_only=True)
class SetZoom(Edit):
    """How close the frame is to the face; 1 is the usual head and shoulders."""

    kind: ClassVar[str] = "zoom"
    to: float | None = None
    times: float | None = None
    target: Target = None

    def _run(self, draft: Draft, media: Media) -> None:
        for recipe in recipes(draft, self.target):
            recipe["zoom"] = changed("zoom", recipe.get("zoom", 1.0), self.to, self.times, None)


@dataclass(frozen=True, kw_only=True)
class Shift(Edit):
    """Move the person in the frame by fractions of it, +x right and +y down, or back to the middle."""

    kind: ClassVar[str] = "shift"
    x: float = 0.0
    y: float = 0.0
    center: bool = False
    target: Target = None

    def _run(self, draft: Draft, media: Media) -> None:
        for recipe in recipes(draft, self.target):
            now = {"x": 0, "y": 0} if self.center else dict(recipe.get("offset") or {"x": 0, "y": 0})
            now["x"] = changed("offset", now.get("x", 0), None, None, self.x)
            now["y"] = changed("offset", now.get("y", 0), None, None, self.y)
            recipe["offset"] = now


@dataclass(frozen=True, kw_only=True)
class SetFace(Edit):
    """Which person of the photo: index from the left, −1 the rightmost, or everyone."""

    kind: ClassVar[str] = "face"
    face: int = 0
    everyone: bool = False
    relative: int = 0
    target: Target = None

    def _run(self, draft: Draft, media: Media) -> None:
        known = {item.asset: item.faces for item in media}
        found = [s for s in chosen(draft, self.target) if kind_of(s) == "avatar"]
        if not found:
            raise EditError("not_avatar")
        for segment in found:
            recipe = meta(segment).setdefault("avatar", {})
            faces = known.get(meta(segment).get("asset", ""))
            recipe["face"] = None if self.everyone else self._index(recipe.get("face"), faces)

    def _index(self, now: int | None, faces: tuple[object, ...] | None) -> int:
        face = self.face
        if self.relative:
            face = (now or 0) + self.relative
            if faces:
                face %= len(faces)
            elif face < 0:
                face = 1
        if faces is not None and not -max(1, len(faces)) <= face < max(1, len(faces)):
            raise EditError("no_such_face", number=face + 1 if face >= 0 else -face, count=len(faces))
        if face < -1 and faces:
            face += len(faces)
        if not -1 <= face <= MAX_FACE:
            raise EditError("faces_uncounted")
        return face


@dataclass(frozen=True, kw_only=True)
class Adjust(Edit):
    """One of the five adjustments set to a value or moved by steps; `auto` fixes the light."""

    kind: ClassVar[str] = "adjust"
    field: str = ""
    to: float | None = None
    steps: float | None = None
    auto: bool | None = None
    reset: bool = False
    target: Target = None

    def _run(self, draft: Draft, media: Media) -> None:
        for segment in chosen(draft, self.target):
            values = meta(segment).setdefault("adjust", {})
            if self.reset:
                values.update(dict.fromkeys((k for k in values if k != "auto"), 0))
                values.pop("auto", None)
            if self.auto is not None:
                values["auto"] = self.auto
            if self.field:
                by = None if self.steps is None else self.steps * RANGES["adjust"].step
                values[self.field] = changed(
                    "adjust", values.get(self.field, 0), self.to, None, by, self.field
                )


@dataclass(frozen=True, kw_only=True)
class SetMotion(Edit):
    """How a picture moves while it is shown."""

    kind: ClassVar[str] = "motion"
    motion: str
    target: Target = None

    def _run(self, draft: Draft, media: Media) -> None:
        for segment in chosen(draft, self.target):
            meta(segment)["motion"] = self.motion
