"""Undo, redo, start over: recognised only when nothing else is asked."""

from __future__ import annotations

from collections.abc import Sequence

from studio.brain.reading import Reading
from studio.brain.tokens import Num, Token

_STEPS = ("reset", "redo", "undo")
# Things whose restoring or resetting is an edit of its own.
_OWN = (
    "background",
    "brightness",
    "contrast",
    "saturation",
    "warmth",
    "sharpness",
    "light",
    "zoom",
    "frame",
    "speed",
    "style",
    "shape",
    "volume",
    "ring",
    "shadow",
    "motion",
    "ratio",
    "canvas",
)


def step_of(tokens: Sequence[Token], r: Reading) -> str:
    """undo, redo, reset, or empty."""
    found = ""
    for step in _STEPS:
        marks = [t for t in tokens if t.has("v", step)]
        if marks:
            found = found or step
    if not found or any(t.text in ("nothing", "don't undo", "别撤销", "不用撤销") for t in tokens):
        return ""
    redo = [t for t in tokens if t.has("v", "redo")]
    undo = [t for t in tokens if t.has("v", "undo") and not t.has("v", "redo")]
    if redo and undo and found == "redo":
        longest = max([*redo, *undo], key=lambda t: len(t.text))
        found = "redo" if longest in redo else "undo"
    for token in tokens:
        if token.is_punct or token.is_filler or token.has("v") or token.has("corr") or token.has("unknown"):
            continue
        if found == "reset" and token.has("t", "timeline", "photo", "avatar", "video"):
            continue
        weak = (
            token.has("t", "photo", "one", "timeline")
            or token.has("ord")
            or token.has("when")
            or token.has("num")
        )
        if weak and found != "reset":
            continue
        if token.has("t", *_OWN) or token.has("color") or token.has("shape") or token.has("style"):
            return "" if not _taken_back(tokens, found) else found
        if token.has("t") or token.has("quote") or token.has("mood") or token.has("cmp") or token.has("bg"):
            return found if _taken_back(tokens, found) else ""
    if sum(t.has("unknown") for t in tokens) > 2:
        return ""
    return found


MAX_STEPS = 200
_TIMES = {"double": 2, "triple": 3}


def count_of(tokens: Sequence[Token]) -> int:
    """How many steps: undo twice, 撤销两次, go back three steps; one where no number is said."""
    if any(t.has("t") and not t.has("t", "photo", "one", "timeline") for t in tokens):
        return 1
    for token in tokens:
        number = token.get("num")
        if isinstance(number, Num) and number.unit in ("", "x") and number.value >= 1:
            return min(int(number.value), MAX_STEPS)
    for token in tokens:
        held = token.get("times")
        if token.has("times", *_TIMES):
            return next(n for value, n in _TIMES.items() if token.has("times", value))
        if held is None and token.text in ("both", "俩"):
            return 2
    return 1


def _taken_back(tokens: Sequence[Token], found: str) -> bool:
    """Undo the title change, 撤销刚才的背景: naming what is taken back does not make it an edit."""
    return found != "reset" and any(
        t.text in ("undo", "redo", "undid", "撤销", "撤回", "撤消", "重做", "取消撤销") for t in tokens
    )
