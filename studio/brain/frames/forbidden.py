"""Don't make it square, 别调亮: what is forbidden is not done, and nothing else is touched for it."""

from __future__ import annotations

from collections.abc import Sequence

from studio.brain.reading import Reading
from studio.brain.tokens import Clause, Token

_DONT = frozenset(
    (
        "don't",
        "do not",
        "don't let",
        "do not let",
        "don't put",
        "do not put",
        "don't use",
        "do not use",
        "never",
    )
) | frozenset(("别", "不要", "勿", "不许", "不准", "别用", "不要再", "别再", "不用", "不必"))
# Together with a direction this is no order to hold still.
_STILL = frozenset(("don't move", "do not move"))
_WITH_VERB = frozenset(("don't put", "do not put", "don't use", "do not use", "别用"))
_OPEN_VERBS = frozenset(("要", "用", "是", "还是", "喜欢", "想要", "有", "have", "need", "get", "want"))
_VALUES = ("color", "shape", "pos", "cmp", "num", "dir", "size", "ratio", "bg", "thickness", "fit", "times")
_DEGREES = frozenset(("so", "as", "that", "too", "than"))
_ELSEWHERE = frozenset(("style", "motion", "fade", "quote"))


def forbidden(c: Clause, r: Reading) -> bool:
    """Whether the clause only says what not to do; it is answered and leaves the draft alone."""
    if _bare_color(c):
        c.use(*c.tokens)
        r.plan.problem("not_done")
        return True
    i = next((i for i, t in enumerate(c.tokens) if t.text in _DONT | _STILL and not t.used), None)
    if i is None:
        return False
    mark, rest = c.tokens[i], c.tokens[i + 1 :]
    so = next((t for t in rest if t.text in ("so", "that", "quite")), None)
    if so is not None and c.near(so, 1) is not None and any(t.has("v", "set", "create") for t in rest):
        # "Don't make it so thick" says that it is too thick.
        so.senses = {"too": "too"}
        c.tokens = [t for t in c.tokens[:i] + rest if not t.has("v", "set", "create") or t.has("t")]
        return False
    if any(t.has(kind) for t in rest for kind in _ELSEWHERE) or any(t.negated for t in c.tokens):
        return False
    if any(t.has("too") or t.text in _DEGREES or t.text.startswith(("那么", "这么", "太")) for t in rest):
        return False
    if not any(t.has(kind) for t in rest for kind in _VALUES) or any(t.has("v", "keep", "no") for t in rest):
        return False
    if mark.text in _STILL and not any(t.has("dir") for t in rest):
        return False
    if mark.text not in _WITH_VERB | _STILL and not _ordered(rest):
        return False
    for t in c.tokens:
        t.used = True
    r.plan.problem("not_done")
    return True


def _bare_color(c: Clause) -> bool:
    """No gold, 不要红色背景: a colour turned down with none in its place."""
    said = [t for t in c.tokens if (not t.is_filler or t.has("v", "no")) and t.text != "more"]
    if len(said) < 2 or any(t.negated for t in c.tokens) or said[0].text not in ("no", "no more", "不要"):
        return False
    return said[1].has("color") and all(
        set(t.senses) <= {"color", "shade", "word"} or t.has("t", "background") for t in said[1:]
    )


def _ordered(rest: Sequence[Token]) -> bool:
    """Whether a verb of change follows, or a word that changes by itself like 调亮."""
    for t in rest:
        if t.text in _OPEN_VERBS:
            return False
        if t.has("cmp") and not t.text.isascii() and len(t.text) > 1:
            return True
        if t.has("v", "set", "create", "move", "to"):
            return True
        if not (t.is_filler or t.has("t")):
            return False
    return False
