"""No, the other way; rather not; leave it as it was: what turns the last change round or takes it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studio.brain.reading import TOPICS, Reading
from studio.brain.tokens import Clause, Token
from studio.edits.base import edit_from_json

_SIDES = {
    "pan-left": "pan-right",
    "zoom-in": "zoom-out",
    "top": "bottom",
    "top-left": "top-right",
    "bottom-left": "bottom-right",
}
_OPPOSITE: Mapping[str, str] = _SIDES | {b: a for a, b in _SIDES.items()}
_REMOVALS = frozenset(("remove", "remove_title", "remove_music"))


def turned_round(parts: Sequence[Clause], r: Reading) -> bool:
    """Do the opposite of the last change, when that is all that is asked."""
    words = [t for c in parts for t in c.tokens if not t.is_punct]
    marks = [t for t in words if t.has("mirror")]
    others = [t for t in words if not (t.is_filler or t.has("mirror") or t.has("corr") or t.has("v"))]
    if not marks or others or not r.last:
        return False
    edits = [edit_from_json(_mirrored(last)) for last in r.last]
    if all(edit is None or _mirrored(last) == last for edit, last in zip(edits, r.last, strict=True)):
        return False
    r.go_back()
    for edit in edits:
        if edit is not None:
            r.do(edit)
    return True


def _mirrored(last: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(last)
    for key in ("steps", "by", "x", "y"):
        if isinstance(out.get(key), int | float) and not (key == "by" and last.get("edit") == "trim"):
            out[key] = -out[key]
    if isinstance(out.get("times"), int | float) and out["times"]:
        out["times"] = 1 / out["times"]
    for key in ("motion", "position"):
        out[key] = _OPPOSITE.get(str(out.get(key)), out.get(key))
    if last.get("edit") == "trim":
        out["head"], out["tail"] = last.get("tail", 0), last.get("head", 0)
    if last.get("edit") == "face" and last.get("face") in (0, -1):
        out["face"] = -1 if last["face"] == 0 else 0
    colors = out.get("colors")
    if isinstance(colors, list | tuple) and len(colors) > 1:
        out["colors"] = list(reversed(colors))
    return {key: value for key, value in out.items() if key in last}


def takes_back(tokens: Sequence[Token], r: Reading) -> bool:
    """Rather not; leave the background as it was: the wish for what was before the last change."""
    if not r.last or r.context.previous is None:
        return False
    content = [t for t in tokens if not t.is_punct]
    if spares(tokens, r):
        return True
    plain = [t for t in content if not (t.is_filler or t.has("corr") or t.has("v", "keep"))]
    if any(t.has("rathernot") for t in content):
        return all(t.has("rathernot") or t.has("v", "no") for t in plain)
    before = any(t.has("asitwas") or (t.has("bg", "original") and r.focus == "background") for t in content)
    if not before or not any(t.has("v", "keep", "restore", "set", "undo") or t.has("corr") for t in content):
        return False
    named = {v for t in content if t.has("t") for v in _values(t)}
    topics = {TOPICS.get(str(last.get("edit")), "") for last in r.last}
    rest = [
        t
        for t in plain
        if not (t.has("t") or t.has("asitwas") or t.has("v") or t.has("pron") or t.has("bg", "original"))
    ]
    if not any(t.has("v", "keep", "undo") or t.has("corr") for t in content):
        return False
    return not rest and (not named or bool(named & topics))


def spares(tokens: Sequence[Token], r: Reading) -> bool:
    """Hang on, keep it; 算了,别删; no, don't blur it: what was just done is not wanted."""
    content = [t for t in tokens if not t.is_punct]
    if not r.last or r.context.previous is None:
        return False
    rest = [t for t in content if not (t.is_filler or t.has("corr") or t.has("pron"))]
    if not any(t.has("corr") for t in content) or any(t.has("num") or t.has("quote") for t in rest):
        return False
    removed = any(_gone(last) for last in r.last)
    if rest and all(t.has("v", "keep") for t in rest):
        return removed
    declined = any(t.text in ("别", "不要", "别再") or t.has("v", "no") for t in content)
    told = {str(v) for last in r.last for v in last.values()}
    values = [t.get(kind) for t in rest for kind in ("bg", "style", "shape", "motion") if t.has(kind)]
    return declined and len(values) == len(rest) == 1 and str(values[0]) in told


def _gone(last: Mapping[str, Any]) -> bool:
    return bool(last.get("edit") in _REMOVALS or last.get("off") or last.get("on") is False)


def _values(token: Token) -> frozenset[str]:
    held = token.get("t")
    return held if isinstance(held, frozenset) else frozenset((str(held),))


def brought_back(tokens: Sequence[Token], r: Reading) -> bool:
    """No music — oops, bring it back: what was taken away last is wanted again."""
    marks = ("back", "restore", "回来", "恢复")
    weak = any(t.has("v", "redo") and any(mark in t.text for mark in marks) for t in tokens)
    return weak and any(_gone(last) for last in r.last) and r.context.previous is not None
