"""Reads labelled rows and holds a draft to them: what a row names must be so, everything else as it was.

A row is `draft | say // say | fact; fact`. Facts: `shape=star`, `zoom>`, `bri<@1` (picture 2), `same`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.brain import colors
from studio.brain.__main__ import converse
from studio.edits import MediaItem
from tests.studio.brain.drafts import starts

HERE = Path(__file__).parent
_ADJUST = {
    "bri": "brightness",
    "con": "contrast",
    "sat": "saturation",
    "warm": "warmth",
    "sharp": "sharpness",
}
# Naming one of these fills the timeline anew: the rest is not held to the start.
_MAKES = ("kind", "n", "text")
_FOLLOWS = {
    "d": ("order_d", "speed", "td"),
    "speed": ("d", "order_d"),
    "order": ("d", "trans"),
    "n": (),
    "td": ("tstart",),
}


@dataclass(frozen=True)
class Row:
    """One labelled utterance, or several said one after the other."""

    number: int
    kind: str
    draft: str
    says: tuple[str, ...]
    facts: tuple[str, ...]


def rows(name: str) -> Iterator[Row]:
    """The rows of a file; a line `# kind` starts a kind."""
    kind = ""
    for number, line in enumerate((HERE / name).read_text("utf-8").splitlines(), 1):
        if line.startswith("#"):
            kind = line.strip("# ")
        elif line.strip():
            draft, says, facts = (part.strip() for part in line.split(" | "))
            yield Row(
                number,
                kind,
                draft,
                tuple(s.strip() for s in says.split(" // ")),
                tuple(f.strip() for f in facts.split(";")),
            )


def _row_media(item: MediaItem) -> dict[str, Any]:
    return {
        "filename": item.filename,
        "file_type": item.file_type,
        "duration": item.duration,
        "width": item.width,
        "height": item.height,
        "hash": item.asset,
    }


def said(row: Row) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The start draft and what came of it."""
    draft, media = starts()[row.draft]
    given = {
        "id": row.number,
        "draft": draft,
        "media": [_row_media(m) for m in media],
        "text": list(row.says),
    }
    return json.loads(json.dumps(draft)), converse(given)


def facts(draft: Mapping[str, Any]) -> dict[str, Any]:
    """A draft as flat facts."""
    video = [s for t in draft["t"] if t["tt"] == 0 for s in t["sg"]]
    audio = [s for t in draft["t"] if t["tt"] == 1 for s in t["sg"]]
    titles = [s for t in draft["t"] if t["tt"] == 7 for s in t["sg"]]
    out: dict[str, Any] = {
        "d": draft["d"],
        "size": f"{draft['m'].get('width')}x{draft['m'].get('height')}",
        "order": [s["m"].get("name") for s in video],
        "order_d": [s["d"] for s in video],
        "n": len(video),
        "kind": [s["m"].get("kind") for s in video],
    }
    for key, of in _PICTURE.items():
        out[key] = [of(s["m"]) for s in video]
    out["music"] = audio[0]["m"].get("asset", audio[0]["m"].get("name")) if audio else None
    m = audio[0]["m"] if audio else {}
    out |= {"vol": m.get("volume"), "fin": m.get("fade_in"), "fout": m.get("fade_out")}
    out["titles"] = len(titles)
    t = titles[-1] if titles else {"m": {}}
    out |= {
        "title": t["m"].get("text"),
        "tpos": t["m"].get("position", "bottom"),
        "tcolor": t["m"].get("color", "#ffffff"),
        "tsize": t["m"].get("size", 0.07),
        "td": t.get("d"),
        "tstart": t["m"].get("start", 0),
    }
    return out


def _look(m: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = m.get("avatar") or {}
    return found


_PICTURE: Mapping[str, Any] = {
    "shape": lambda m: _look(m).get("shape"),
    "bg": lambda m: (_look(m).get("background") or {}).get("kind"),
    "bgc": lambda m: _colors(_look(m).get("background") or {}),
    "bgname": lambda m: (_look(m).get("background") or {}).get("name"),
    "ring": lambda m: _colors(_look(m).get("ring") or {}) or None,
    "ringw": lambda m: (_look(m).get("ring") or {}).get("width"),
    "shadow": lambda m: bool(_look(m).get("shadow")),
    "style": lambda m: _look(m).get("style") or m.get("style", "none"),
    "strength": lambda m: _look(m).get("strength", m.get("strength", 1)),
    "zoom": lambda m: _look(m).get("zoom", 1),
    "x": lambda m: (_look(m).get("offset") or {}).get("x", 0),
    "y": lambda m: (_look(m).get("offset") or {}).get("y", 0),
    "face": lambda m: _look(m).get("face", 0),
    "motion": lambda m: m.get("motion", "none"),
    "speed": lambda m: m.get("speed", 1),
    "trans": lambda m: (m.get("transition") or {}).get("d"),
    "src": lambda m: (m.get("source") or {}).get("start", 0),
    "auto": lambda m: bool((m.get("adjust") or {}).get("auto")),
    "traits": lambda m: (m.get("illustration") or {}).get("traits"),
    "text": lambda m: (m.get("illustration") or {}).get("text"),
    **{short: (lambda m, f=full: (m.get("adjust") or {}).get(f, 0)) for short, full in _ADJUST.items()},
}


def _colors(value: Mapping[str, Any]) -> list[str]:
    if value.get("colors"):
        return list(value["colors"])
    return [value["color"]] if value.get("color") else []


def complaints(row: Row, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What is not as the row says; empty when all is right."""
    old, new = facts(before), facts(after)
    out: list[str] = []
    named: set[str] = set()
    for fact in row.facts:
        if fact == "same":
            continue
        key = _key(fact)
        named.add(key)
        if not _holds(fact, key, old, new):
            out.append(f"{fact}: {old.get(key)} -> {new.get(key)}")
    if named & set(_MAKES) or "any" in named:
        return out
    free = set(named) | {f for key in named for f in _FOLLOWS.get(key, ())}
    if "title" in free:
        free |= (
            {"titles", "tpos", "tcolor", "tsize", "td", "tstart"} - named
            if new["titles"] != old["titles"]
            else set()
        )
    if "music" in free:
        free |= {"vol", "fin", "fout"}
    if "ring" in free and (
        old["ring"] == [None] * len(old["ring"]) or new["ring"] == [None] * len(new["ring"])
    ):
        free.add("ringw")
    if "bg" in free or "bgc" in free or "bgname" in free:
        free |= {"bg", "bgc", "bgname"}
    if "order" in free or "n" in free:
        free |= {*_PICTURE, "order", "n", "kind", "order_d", "d"}
    out += [
        f"{key} changed: {old[key]} -> {new[key]}" for key in old if key not in free and old[key] != new[key]
    ]
    return out


def _key(fact: str) -> str:
    name = fact.split("@")[0]
    for mark in ("=", ">", "<"):
        name = name.split(mark)[0]
    return name


def _holds(fact: str, key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    if key == "any":
        return old != new
    fact, _, only = fact.partition("@")
    was, now = old.get(key), new.get(key)
    if key in ("order", "kind") and "=" in fact:
        return _listed(fact.split("=")[1].split(","), now)
    if key in _PICTURE:
        if only:
            others = [i for i in range(len(now)) if i != int(only)]
            if any(was[i] != now[i] for i in others):
                return False
            return _one(fact, key, was[int(only)], now[int(only)])
        begin = was if len(was) == len(now) else [None] * len(now)
        if key == "trans" and len(now) > 1:
            return all(_one(fact, key, a, b) for a, b in list(zip(begin, now, strict=True))[1:])
        return bool(now) and all(_one(fact, key, a, b) for a, b in zip(begin, now, strict=True))
    return _one(fact, key, was, now)


def _listed(wanted: list[str], now: list[str]) -> bool:
    return len(wanted) == len(now) and all(str(b).startswith(a) for a, b in zip(wanted, now, strict=True))


def _one(fact: str, key: str, was: Any, now: Any) -> bool:
    if fact.endswith(">"):
        return now is not None and now > (was or 0) + 1e-9
    if fact.endswith("<"):
        return now is not None and now < (was or 0) - 1e-9
    if "=" not in fact:
        return bool(now)
    wanted = fact.split("=", 1)[1]
    if wanted == "none" and key not in ("style", "motion"):
        return now is None or now == []
    if key in ("bgc", "ring", "tcolor"):
        have = now if isinstance(now, list) else [now]
        return bool(have) and all(any(_near(h, _value(w)) for h in have if h) for w in wanted.split(","))
    if key == "traits":
        return all(str((now or {}).get(p.split(":")[0])) == p.split(":")[1] for p in wanted.split(","))
    if isinstance(now, bool):
        return now == (wanted in ("on", "true"))
    if isinstance(now, int | float):
        return wanted != "none" and abs(now - float(wanted)) <= 0.011 * max(1, abs(float(wanted)))
    return str(now) == wanted


def _value(name: str) -> str:
    return name if name.startswith("#") else colors.names("en")[name]


def _near(a: str, b: str) -> bool:
    one, two = ([int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (a, b))
    return math.dist(one, two) <= 60
