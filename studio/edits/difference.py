"""What differs between two drafts, as facts to be put into words: the truth a reply is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from studio.draft import AUDIO, TEXT, VIDEO
from studio.edits.tracks import Segment, length, segments, starts
from studio.edits.values import NEUTRAL_ADJUST


@dataclass(frozen=True)
class Change:
    """One fact: `key` names the sentence, `values` fill it, `where` are the pictures it holds for."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    where: tuple[int, ...] = ()


# Lengths that part a whole evenly may differ by this much, in milliseconds.
_A_FRAME = 1000 / 24
Facts = list[tuple[str, dict[str, Any]]]


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Everything a person would notice between two drafts, in the order of the timeline."""
    out = [*_pictures(before, after), *_music(before, after), *_titles(before, after)]
    old, new = before.get("m", {}), after.get("m", {})
    made = any(change.key.startswith("made") for change in out)
    size = tuple(new.get(k) for k in ("width", "height"))
    if size != tuple(old.get(k) for k in ("width", "height")):
        out.append(Change("canvas", {"width": size[0], "height": size[1], "ratio": new.get("ratio", "")}))
    if length(before) != length(after) and not made and segments(after, VIDEO):
        # What holds for the whole says it: no need to repeat it for every picture.
        shown = [change.values["ms"] for change in out if change.key == "shown"]
        even = len(shown) < 2 or max(shown) - min(shown) <= _A_FRAME
        every = sum(len(change.where) for change in out if change.key == "shown")
        if even and every in (0, len(segments(after, VIDEO))):
            out = [change for change in out if change.key != "shown"]
        out.append(Change("length", {"ms": length(after)}))
    if old.get("title") != new.get("title") and new.get("title"):
        out.append(Change("project", {"title": new["title"]}))
    return tuple(out)


def _names(found: Sequence[Segment]) -> list[str]:
    names: list[str] = []
    for segment in found:
        m = segment.get("m", {})
        base = str(m.get("id") or m.get("name") or "segment")
        while base in names:
            base += "'"
        names.append(base)
    return names


def _pictures(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    old, new = segments(before, VIDEO), segments(after, VIDEO)
    if not new:
        return [Change("cleared")] if old else []
    a, b = _names(old), _names(new)
    kinds_old = {s.get("m", {}).get("kind") for s in old}
    kinds_new = {s.get("m", {}).get("kind") for s in new}
    if not old or kinds_old.isdisjoint(kinds_new) or not set(a) & set(b):
        return [_made(new)]
    out: list[Change] = []
    gone = [i for i, name in enumerate(a) if name not in b]
    fresh = [i for i, name in enumerate(b) if name not in a]
    if gone:
        out.append(
            Change("removed", {"names": [_label(old[i]) for i in gone], "left": len(new)}, tuple(gone))
        )
    if fresh:
        out.append(
            Change("added", {"names": [_label(new[i]) for i in fresh], "count": len(new)}, tuple(fresh))
        )
    shared = [name for name in a if name in b]
    if shared != [name for name in b if name in a]:
        out.append(Change("order", {"names": [_label(s) for s in new]}))
    return out + _grouped(a, old, b, new)


def _label(segment: Segment) -> str:
    m = segment.get("m", {})
    return str(m.get("name") or m.get("id") or "untitled")


def _made(new: Sequence[Segment]) -> Change:
    kind = new[0].get("m", {}).get("kind", "photo")
    if kind == "avatar" and len(new) > 1:
        kind = "avatars"
    elif kind in ("photo", "clip") and len(new) == 1:
        kind = "still" if kind == "photo" else "clip"
    elif kind in ("photo", "clip"):
        kind = "slideshow"
    values = {
        "names": [_label(s) for s in new],
        "count": len(new),
        "ms": sum(s.get("d", 0) for s in new),
        "m": new[0].get("m", {}),
    }
    return Change(f"made_{kind}", values)


def _grouped(a: list[str], old: list[Segment], b: list[str], new: list[Segment]) -> list[Change]:
    """The same change on several pictures said once."""
    found: list[tuple[str, dict[str, Any], list[int]]] = []
    for index, name in enumerate(b):
        if name not in a:
            continue
        for key, values in _one(old[a.index(name)], new[index]):
            same = [f for f in found if f[0] == key and f[1] == values]
            if same:
                same[0][2].append(index)
            else:
                found.append((key, values, [index]))
    return [
        Change(key, values, () if len(where) == len(new) else tuple(where)) for key, values, where in found
    ]


def _one(old: Segment, new: Segment) -> Facts:
    a, b = old.get("m", {}), new.get("m", {})
    out: Facts = []
    if a.get("asset") != b.get("asset") and b.get("asset"):
        out.append(("photo", {"name": _label(new)}))
    out += _recipe(a.get("avatar") or {}, b.get("avatar") or {})
    if a.get("style", "none") != b.get("style", "none"):
        out.append(("style", {"style": b.get("style", "none")}))
    if a.get("strength", 1) != b.get("strength", 1):
        out.append(("strength", {"value": b.get("strength", 1)}))
    x, y = a.get("adjust") or {}, b.get("adjust") or {}
    for key in NEUTRAL_ADJUST:
        if x.get(key, 0) != y.get(key, 0):
            now = y.get(key, 0)
            out.append(("adjust", {"field": key, "value": now, "up": now > x.get(key, 0)}))
    if bool(x.get("auto")) != bool(y.get("auto")):
        out.append(("auto" if y.get("auto") else "auto_off", {}))
    if a.get("motion", "none") != b.get("motion", "none"):
        out.append(("motion", {"motion": b.get("motion", "none")}))
    if (a.get("transition") or None) != (b.get("transition") or None):
        now = b.get("transition")
        out.append(("transition", {"ms": now.get("d", 0)}) if now else ("transition_off", {}))
    if a.get("speed", 1) != b.get("speed", 1):
        out.append(("speed", {"value": b.get("speed", 1)}))
    if old.get("d") != new.get("d"):
        out.append(("shown", {"ms": new.get("d", 0)}))
    if (a.get("source") or {}).get("start", 0) != (b.get("source") or {}).get("start", 0):
        out.append(("source", {"ms": (b.get("source") or {}).get("start", 0)}))
    if (a.get("illustration") or {}) != (b.get("illustration") or {}):
        out.append(("drawing", {"drawing": b.get("illustration") or {}}))
    return out


def _recipe(a: Mapping[str, Any], b: Mapping[str, Any]) -> Facts:
    out: Facts = []
    if a.get("shape") != b.get("shape") and b.get("shape"):
        out.append(("shape", {"shape": b["shape"]}))
    if (a.get("background") or {}) != (b.get("background") or {}):
        out.append(("background", {"background": b.get("background") or {}}))
    if (a.get("ring") or None) != (b.get("ring") or None):
        out.append(("ring", {"ring": b["ring"]}) if b.get("ring") else ("ring_off", {}))
    if bool(a.get("shadow")) != bool(b.get("shadow")):
        out.append(("shadow" if b.get("shadow") else "shadow_off", {}))
    if a.get("style", "none") != b.get("style", "none"):
        out.append(("style", {"style": b.get("style", "none")}))
    if a.get("strength", 1) != b.get("strength", 1):
        out.append(("strength", {"value": b.get("strength", 1)}))
    if a.get("zoom", 1) != b.get("zoom", 1):
        out.append(("zoom", {"value": b.get("zoom", 1), "closer": b.get("zoom", 1) > a.get("zoom", 1)}))
    here, there = a.get("offset") or {}, b.get("offset") or {}
    dx, dy = there.get("x", 0) - here.get("x", 0), there.get("y", 0) - here.get("y", 0)
    if dx or dy:
        out.append(("offset", {"dx": dx, "dy": dy, "x": there.get("x", 0), "y": there.get("y", 0)}))
    if a.get("face", 0) != b.get("face", 0):
        out.append(("face", {"face": b.get("face", 0)}))
    return out


def _music(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    old, new = segments(before, AUDIO), segments(after, AUDIO)
    if not new:
        return [Change("music_off")] if old else []
    b = new[0].get("m", {})
    if not old:
        return [Change("music", {"name": _label(new[0]), "volume": b.get("volume", 1)})]
    a = old[0].get("m", {})
    out: list[Change] = []
    if a.get("asset") != b.get("asset"):
        out.append(Change("music_changed", {"name": _label(new[0])}))
    if a.get("volume", 1) != b.get("volume", 1):
        out.append(
            Change("volume", {"value": b.get("volume", 1), "up": b.get("volume", 1) > a.get("volume", 1)})
        )
    for key in ("fade_in", "fade_out"):
        if a.get(key, 0) != b.get(key, 0):
            out.append(Change(f"music_{key}", {"ms": b.get(key, 0)}))
    return out


def _titles(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    old, new = segments(before, TEXT), segments(after, TEXT)
    a, b = _names(old), _names(new)
    out = [
        Change("title_off", {"text": s.get("m", {}).get("text", "")})
        for s, n in zip(old, a, strict=True)
        if n not in b
    ]
    begin = dict(zip(b, starts(after, TEXT), strict=True))
    began = dict(zip(a, starts(before, TEXT), strict=True))
    for segment, name in zip(new, b, strict=True):
        m = segment.get("m", {})
        span = {"start": begin[name], "end": begin[name] + segment.get("d", 0)}
        whole = span["start"] == 0 and span["end"] >= length(after)
        if name not in a:
            values = {"text": m.get("text", ""), "position": m.get("position", "bottom"), "whole": whole}
            out.append(Change("title", {**values, **span, "color": m.get("color", "#ffffff")}))
            continue
        was = old[a.index(name)]
        x = was.get("m", {})
        for key, default in (("text", ""), ("position", "bottom"), ("color", "#ffffff"), ("size", 0.07)):
            if x.get(key, default) != m.get(key, default):
                bigger = key == "size" and m.get(key, default) > x.get(key, default)
                out.append(Change(f"title_{key}", {"value": m.get(key, default), "up": bigger}))
        if began[name] != begin[name] or (was.get("d") != segment.get("d") and not whole):
            out.append(Change("title_time", span))
        elif was.get("d") != segment.get("d") and length(before) == length(after):
            out.append(Change("title_whole"))
    return out
