"""Too dark, it looks dull, not loud enough: a judgement that asks for its opposite."""

from __future__ import annotations

from studio.brain import scope
from studio.brain.tokens import Clause, Token


def is_complaint(c: Clause, later: Clause | None) -> bool:
    """Too bright, make it darker: the complaint is what the next clause puts right."""
    if later is None or not any(t.has("too") for t in c.tokens) or c.verb("add", "remove"):
        return False
    mine = {str(t.get("cmp"))[:-1] for t in c.tokens if t.has("cmp") and isinstance(t.get("cmp"), str)}
    theirs = {str(t.get("cmp"))[:-1] for t in later.tokens if t.has("cmp") and isinstance(t.get("cmp"), str)}
    if any(t.has("too") for t in later.tokens):
        return False
    if any(t.has("num") for t in c.tokens):
        return False
    if mine and not any(t.has("t") for t in later.tokens) and any(t.has("num") for t in later.tokens):
        return True
    things = {str(t.get("t")) for t in later.tokens if t.has("t")} - {
        str(t.get("t")) for t in c.tokens if t.has("t")
    }
    both_any = any(isinstance(t.get("cmp"), frozenset) for t in [*c.tokens, *later.tokens] if t.has("cmp"))
    return bool(theirs or both_any) and (bool(mine & theirs) or both_any or not things)


def complaining(c: Clause) -> None:
    """In "too dark" and "not loud enough" plain adjectives compare."""
    for a, b in zip(c.tokens, c.tokens[1:], strict=False):
        # 要细的 is thin, 细一点 thinner.
        if b.text == "的" and a.has("thickness") and len(a.text) == 1 and not c.has("deg", "small", "big"):
            a.senses.pop("cmp", None)
    if any(t.has("t", "brightness", "contrast", "saturation", "warmth", "sharpness") for t in c.tokens):
        for t in c.tokens:
            if t.text == "further":
                t.senses["cmp"] = "up"
    verdict = _verdict(c)
    as_much = any(t.has("times") or (t.has("num") and scope.num(t).unit == "x") for t in c.tokens)
    so = any(
        a.has("not") and b.text in ("so", "as", "that", "quite")
        for a, b in zip(c.tokens, c.tokens[1:], strict=False)
    )
    if not any(t.has("too") for t in c.tokens) and not verdict and not as_much and not so:
        return
    if verdict:
        c.tokens.insert(0, Token(0, 0, "too", "", {"too": "too"}))
        _beside(c)
    for t in c.tokens:
        if t.has("adj") and not t.has("cmp"):
            t.senses["cmp"] = t.get("adj")
            t.senses.pop("color", None)
            t.senses.pop("mood", None)


def _verdict(c: Clause) -> bool:
    """The colours look dull, it is dark: a plain judgement asks for its opposite."""
    if c.verb("add", "remove", "no", "keep") or any(
        t.text in ("make", "should", "make it", "want", "like") for t in c.tokens
    ):
        return False
    if any((t.has("cmp") and not t.has("adj")) or t.has("num") or t.has("too") for t in c.tokens):
        return False
    if c.has("quote"):
        return False
    says = [
        i
        for i, t in enumerate(c.tokens)
        if t.text in ("is", "are", "look", "looks", "it's", "seems", "feels", "sounds", "看起来", "显得")
    ]
    return bool(says) and any(t.has("adj") and not t.has("color") for t in c.tokens[says[0] + 1 :][:3])


def _beside(c: Clause) -> None:
    """Move the mark of too much to the word it judges."""
    mark = c.tokens.pop(0)
    at = next(i for i, t in enumerate(c.tokens) if t.has("adj"))
    c.tokens.insert(at, mark)
