"""Edits on the order of things: move, swap, remove, what happens between two pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from studio.draft import Draft
from studio.edits.base import Edit, EditError
from studio.edits.look import Target
from studio.edits.make import MakeSlideshow, find
from studio.edits.media import Media
from studio.edits.tracks import chosen, main_track, meta, reflow, video
from studio.edits.values import CROSSFADE_MS


def _index(draft: Draft, index: int) -> int:
    count = len(main_track(draft)["sg"])
    if not -count <= index < count:
        raise EditError("no_such_segment", number=index + 1, count=count)
    return index % count


@dataclass(frozen=True, kw_only=True)
class Move(Edit):
    """Put one segment at another place; `before` and `after` name the segment it goes next to."""

    kind: ClassVar[str] = "move"
    which: int
    to: int | None = None
    before: int | None = None
    after: int | None = None
    by: int = 0

    def _run(self, draft: Draft, media: Media) -> None:
        video(draft)
        order = main_track(draft)["sg"]
        which = _index(draft, self.which)
        anchor = self.before if self.before is not None else self.after
        neighbour = order[_index(draft, anchor)] if anchor is not None else None
        target = (
            _index(draft, self.to) if self.to is not None else max(0, min(len(order) - 1, which + self.by))
        )
        segment = order.pop(which)
        if neighbour is not None and neighbour is not segment:
            at = next(i for i, s in enumerate(order) if s is neighbour)
            order.insert(at if self.before is not None else at + 1, segment)
        else:
            order.insert(which if neighbour is segment else target, segment)
        reflow(draft)


@dataclass(frozen=True, kw_only=True)
class Swap(Edit):
    """Two segments change places."""

    kind: ClassVar[str] = "swap"
    one: int
    other: int

    def _run(self, draft: Draft, media: Media) -> None:
        video(draft)
        order = main_track(draft)["sg"]
        a, b = _index(draft, self.one), _index(draft, self.other)
        order[a], order[b] = order[b], order[a]
        reflow(draft)


@dataclass(frozen=True, kw_only=True)
class Reverse(Edit):
    """The segments in the opposite order."""

    kind: ClassVar[str] = "reverse"

    def _run(self, draft: Draft, media: Media) -> None:
        video(draft)
        main_track(draft)["sg"].reverse()
        reflow(draft)


@dataclass(frozen=True, kw_only=True)
class Remove(Edit):
    """Take segments out; the last one of a timeline may go too. `keep` turns it round: only these stay."""

    kind: ClassVar[str] = "remove"
    which: tuple[int, ...]
    keep: bool = False

    def _run(self, draft: Draft, media: Media) -> None:
        video(draft)
        order = main_track(draft)["sg"]
        named = {_index(draft, index) for index in self.which}
        doomed = set(range(len(order))) - named if self.keep else named
        main_track(draft)["sg"] = [s for i, s in enumerate(order) if i not in doomed]
        reflow(draft)


@dataclass(frozen=True, kw_only=True)
class Append(Edit):
    """One more uploaded photo or clip, at the end or at a place."""

    kind: ClassVar[str] = "append"
    asset: str
    at: int | None = None

    def _run(self, draft: Draft, media: Media) -> None:
        item = find(media, self.asset)
        one = MakeSlideshow(assets=(item.asset,), each=3000).apply(
            {"m": dict(draft.get("m", {})), "t": []}, media
        )
        segment = main_track(one)["sg"][0]
        order = main_track(draft)["sg"]
        used = {s.get("m", {}).get("id") for s in order}
        segment["m"]["id"] = next(f"s{n}" for n in range(1, len(order) + 2) if f"s{n}" not in used)
        order.insert(len(order) if self.at is None else max(0, min(self.at, len(order))), segment)
        reflow(draft)


@dataclass(frozen=True, kw_only=True)
class SetTransition(Edit):
    """A crossfade into each chosen segment, owned by the incoming one, or a plain cut for `off`."""

    kind: ClassVar[str] = "transition"
    off: bool = False
    d: float | None = None
    times: float | None = None
    target: Target = None

    def _run(self, draft: Draft, media: Media) -> None:
        order = video(draft)
        wanted = chosen(draft, self.target)
        if self.off:
            for segment in wanted:
                if "transition" in meta(segment):
                    meta(segment)["transition"] = None
            return
        if len(order) < 2:
            raise EditError("single")
        for i, segment in enumerate(order):
            if not any(segment is w for w in wanted):
                continue
            owned = meta(segment).get("transition")
            if i == 0 and not owned:
                continue
            neighbour = order[i - 1] if i else order[1]
            limit = min(segment.get("d", 0), neighbour.get("d", 0)) / 2
            now = owned.get("d", CROSSFADE_MS) if owned else CROSSFADE_MS
            ms = self.d if self.d is not None else now * (self.times or 1)
            if (self.d is not None or self.times) and not 0 < ms <= limit:
                raise EditError("range", field="crossfade", low=0.1, high=limit / 1000, got=ms / 1000)
            meta(segment)["transition"] = {"kind": "crossfade", "d": round(min(ms, limit))}
