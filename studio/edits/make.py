"""Edits that fill the timeline: an avatar, a slideshow, a drawn picture, the same look for every photo."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from studio.draft import VIDEO, Draft
from studio.edits.base import Edit, EditError
from studio.edits.media import Media, MediaItem, images, visuals
from studio.edits.tracks import Segment, check_length, follow, fresh_id, kind_of, main_track, segments
from studio.edits.values import (
    GRADIENT,
    NEUTRAL_ADJUST,
    RATIOS,
    RING_COLOR,
    RING_WIDTH,
    SLIDE_MS,
    STILL_MS,
)


def find(media: Media, asset: str) -> MediaItem:
    """The uploaded file with this hash; raises EditError."""
    for item in media:
        if item.asset == asset:
            return item
    raise EditError("no_photo")


def new_recipe(face: int | None = 0) -> dict[str, Any]:
    """The `avatar` object of a new avatar, every default written out."""
    return {
        "shape": "circle",
        "zoom": 1.0,
        "offset": {"x": 0, "y": 0},
        "face": face,
        "background": {"kind": "gradient", "colors": list(GRADIENT)},
        "ring": {"color": RING_COLOR, "width": RING_WIDTH},
        "shadow": True,
        "style": "none",
        "strength": 1.0,
    }


def set_ratio(draft: Draft, ratio: str) -> None:
    """Give the canvas one of the known ratios at its usual size."""
    canvas = draft.setdefault("m", {})
    canvas["width"], canvas["height"] = RATIOS[ratio]
    canvas["ratio"] = ratio


def _still(draft: Draft, kind: str, name: str, ms: int, **more: Any) -> Segment:
    shared = {
        "adjust": dict(NEUTRAL_ADJUST),
        "motion": "zoom-in",
        "transition": None,
        "source": {"start": 0, "end": ms},
        "speed": 1.0,
    }
    return {
        "d": ms,
        "m": {"id": fresh_id(draft, "s"), "start": 0, "kind": kind, "name": name, **more, **shared},
    }


def _replace(draft: Draft, made: Sequence[Segment]) -> None:
    before = draft.get("d", 0)
    draft["t"] = [t for t in draft.setdefault("t", []) if t.get("tt") != VIDEO]
    track = main_track(draft)
    track["sg"] = list(made)
    at = 0
    for i, segment in enumerate(made):
        segment["m"]["id"] = f"s{i + 1}"
        segment["m"]["start"] = at
        at += segment["d"]
    draft.setdefault("m", {}).setdefault("fps", 30)
    follow(draft, before)


@dataclass(frozen=True, kw_only=True)
class MakeAvatar(Edit):
    """One avatar of the given photo on a square canvas; music and titles stay."""

    kind: ClassVar[str] = "make_avatar"
    asset: str = ""
    face: int | None = None

    def _run(self, draft: Draft, media: Media) -> None:
        pictures = images(media)
        if not pictures:
            raise EditError("no_photo")
        photo = find(pictures, self.asset) if self.asset else pictures[-1]
        face = photo.largest_face if self.face is None else self.face
        recipe = new_recipe(face)
        made = _still(draft, "avatar", photo.filename, STILL_MS, asset=photo.asset, avatar=recipe)
        set_ratio(draft, "1:1")
        _replace(draft, [made])


@dataclass(frozen=True, kw_only=True)
class MakeSlideshow(Edit):
    """The given photos and clips one after another, all of them in upload order when none is named."""

    kind: ClassVar[str] = "make_slideshow"
    assets: tuple[str, ...] = ()
    each: float | None = None
    total: float | None = None

    def _run(self, draft: Draft, media: Media) -> None:
        items = [find(media, asset) for asset in self.assets] or list(visuals(media))
        if not items:
            raise EditError("no_photo")
        lone = STILL_MS if len(items) == 1 else SLIDE_MS
        made = [self._segment(draft, item, self.each or lone) for item in items]
        if self.total:
            share = check_length(self.total) / len(made)
            for i, segment in enumerate(made):
                ms = round(share * (i + 1)) - round(share * i)
                if segment["m"]["kind"] == "clip" and ms > segment["d"]:
                    raise EditError("clip_too_long", seconds=segment["d"] / 1000)
                segment["d"] = ms
                segment["m"]["source"]["end"] = ms
        set_ratio(draft, "9:16")
        _replace(draft, made)

    def _segment(self, draft: Draft, item: MediaItem, ms: float) -> Segment:
        if item.file_type == "video":
            own = max(1, round(item.duration * 1000))
            made = _still(draft, "clip", item.filename, own, asset=item.asset)
            made["m"]["motion"] = "none"
            return made
        made = _still(draft, "photo", item.filename, check_length(ms), asset=item.asset)
        made["m"]["motion"] = "none"
        return made


@dataclass(frozen=True, kw_only=True)
class MakeIllustration(Edit):
    """A picture drawn from words, or initials; no photo is used."""

    kind: ClassVar[str] = "make_illustration"
    style: str = "personas"
    seed: str = ""
    text: str = ""
    traits: Mapping[str, Any] | None = None

    def _run(self, draft: Draft, media: Media) -> None:
        drawing: dict[str, Any] = {"style": self.style, "seed": self.seed}
        if self.style == "initials":
            drawing["text"] = self.text
        else:
            drawing["traits"] = dict(self.traits or {})
        recipe = new_recipe()
        del recipe["face"]
        name = self.text or "drawn portrait"
        made = _still(draft, "illustration", name, STILL_MS, illustration=drawing, avatar=recipe)
        set_ratio(draft, "1:1")
        _replace(draft, [made])


@dataclass(frozen=True, kw_only=True)
class ChangeIllustration(Edit):
    """Other traits, style or letters for the drawn picture that is there; the rest of its recipe stays."""

    kind: ClassVar[str] = "change_illustration"
    style: str = ""
    text: str = ""
    seed: str = ""
    traits: Mapping[str, Any] | None = None

    def _run(self, draft: Draft, media: Media) -> None:
        drawn = [s for s in segments(draft, VIDEO) if kind_of(s) == "illustration"]
        if not drawn:
            raise EditError("not_drawn")
        for segment in drawn:
            drawing = segment["m"].setdefault("illustration", {})
            if self.text:
                drawing["style"] = "initials"
                drawing["text"] = self.text
                segment["m"]["name"] = self.text
            if self.style:
                drawing["style"] = self.style
            if self.seed:
                drawing["seed"] = self.seed
            traits = drawing.setdefault("traits", {})
            for key, value in (self.traits or {}).items():
                if value is None:
                    traits.pop(key, None)
                else:
                    traits[key] = value


@dataclass(frozen=True, kw_only=True)
class EveryPhoto(Edit):
    """The look of the first segment for every uploaded photo, one segment each."""

    kind: ClassVar[str] = "every_photo"

    def _run(self, draft: Draft, media: Media) -> None:
        pictures = images(media)
        if not pictures:
            raise EditError("no_photo")
        models = [s for s in segments(draft, VIDEO) if kind_of(s) == "avatar"]
        used = {
            s["m"].get("avatar", {}).get("background", {}).get("asset")
            for s in models
            if s["m"].get("avatar")
        }
        made: list[Segment] = []
        for photo in pictures:
            if photo.asset in used and len(pictures) > 1:
                continue
            model = models[0] if models else _still(draft, "avatar", "", STILL_MS, avatar=new_recipe())
            segment = copy.deepcopy(model)
            segment["m"].update(name=photo.filename, asset=photo.asset)
            if "avatar" in segment["m"] and segment["m"].get("asset") != model["m"].get("asset"):
                segment["m"]["avatar"]["face"] = photo.largest_face
            made.append(segment)
        if not models:
            set_ratio(draft, "1:1")
        _replace(draft, made)


@dataclass(frozen=True, kw_only=True)
class UsePhoto(Edit):
    """Another photo under the look that is there."""

    kind: ClassVar[str] = "use_photo"
    asset: str
    target: tuple[int, ...] | None = None

    def _run(self, draft: Draft, media: Media) -> None:
        photo = find(media, self.asset)
        found = [s for s in segments(draft, VIDEO) if kind_of(s) in ("avatar", "photo")]
        picked = (
            found if self.target is None else [found[i] for i in self.target if -len(found) <= i < len(found)]
        )
        if not picked:
            raise EditError("nothing_yet")
        for segment in picked:
            segment["m"].update(asset=photo.asset, name=photo.filename)
            if "avatar" in segment["m"]:
                segment["m"]["avatar"]["face"] = photo.largest_face
