"""Frames for light and colour: brightness, contrast, saturation, warmth, sharpness."""

from __future__ import annotations

from studio.brain import scope
from studio.brain.reading import Reading
from studio.brain.scope import Target
from studio.brain.tokens import Clause, Token
from studio.edits import Adjust

FIELDS = ("brightness", "contrast", "saturation", "warmth", "sharpness")


_SHORT = {
    "bright": "brightness",
    "contrast": "contrast",
    "sat": "saturation",
    "warm": "warmth",
    "sharp": "sharpness",
}


_SIGNED = tuple(f"{key}{sign}" for key in _SHORT for sign in "+-")


def adjust(c: Clause, r: Reading, target: Target) -> bool:
    """Light and colour: by name of the field or by words like brighter."""
    if c.targets("title", "ring", "music", "volume", "shadow") and not any(c.targets(f) for f in FIELDS):
        return False
    done = _light(c, r, target) or _colourful(c, r, target)
    for name in FIELDS:
        noun = c.first("t", name)
        if noun is not None:
            done = _named(c, r, noun, name, target) or done
    soft = c.first("cmp", "soft")
    plain = not c.targets("background", "frame", "transition", "motion") and not c.has("motion")
    if soft is not None and plain and not (soft.has("cmp", *_SIGNED)) and (c.has("deg") or c.verb("set")):
        c.use(soft)
        sign = 1 if scope.flipped(c, soft) else -1
        return r.do(Adjust(field="sharpness", steps=sign * scope.degree(c), target=target))
    for token in c.all("cmp", *_SIGNED):
        if not _meant(c, token, r):
            continue
        held = token.get("cmp")
        value = held if isinstance(held, str) else next(v for v in sorted(held) if v in _SIGNED)
        sign = 1 if value.endswith("+") else -1
        if scope.flipped(c, token):
            sign = -sign
        c.use(token)
        r.do(Adjust(field=_SHORT[value[:-1]], steps=sign * _steps(c, 0.15), target=target))
        r.say_all(target)
        done = True
    return done


def _colourful(c: Clause, r: Reading, target: Target) -> bool:
    """Stronger colours, the colours a bit softer: the saturation."""
    spoken = [
        t for t in c.tokens if t.text in ("colors", "colours", "色彩", "颜色", "the colors", "the colours")
    ]
    if not spoken or c.targets("background", "ring", "title") or c.has("color") or c.all("cmp", *_SIGNED):
        return False
    sign = 0
    for t in c.all("cmp", "soft", "up", "down", "strong+", "strong-"):
        sign = 1 if t.has("cmp", "up", "strong+") else -1
        c.use(t)
        sign = -sign if scope.flipped(c, t) else sign
        break
    if not sign:
        return False
    return r.do(Adjust(field="saturation", steps=sign * scope.degree(c), target=target))


def _steps(c: Clause, step: float) -> float:
    number = scope.number(c, "pct")
    if number is not None:
        c.use(number)
        return scope.num(number).value / step
    return scope.degree(c)


def _meant(c: Clause, token: Token, r: Reading) -> bool:
    """Whether a lone adjective compares: 亮一点, 再亮, 太亮; soft words only with a thing they fit."""
    if c.targets("background") and token.has("cmp", "sharp-"):
        return False
    if token.used or (
        token.has("shade") and len(token.text) > 1 and not token.has("cmp", "bright+", "bright-")
    ):
        return False
    if token.has("motion") or (c.targets("background") and token.has("cmp", "bright+", "bright-")):
        return False
    if token.text in ("cool", "smooth", "crisp", "warm", "dim") and not (
        c.verb("set") or c.has("deg") or c.targets("photo") or len(c.tokens) < 3
    ):
        return token.text == "warm" or token.text == "crisp"
    if len(token.text) == 1 and not token.text.isascii():
        return (
            any(t.has("deg") or t.has("too") or t.has("cmp", "up", "down") for t in c.tokens)
            or c.verb("set")
            or len(c.tokens) <= 2
        )
    return True


def _named(c: Clause, r: Reading, noun: Token, name: str, target: Target) -> bool:
    mode = scope.polarity(c, noun)
    if mode == "keep":
        c.use(noun)
        r.plan.kept = True
        return True
    number = scope.number(c, "pct", "")
    if number is not None:
        c.use(noun)
        return _numbered(c, r, number, name, target)
    if any(t.has("v", "restore", "reset") for t in c.tokens) or (
        mode == "remove" and not c.has("cmp", "up", "down")
    ):
        c.use(noun)
        c.use_all(("v",))
        return r.do(Adjust(field=name, to=0, target=target))
    sign = _sign_for(c, noun)
    if not sign:
        return False
    c.use(noun)
    r.do(Adjust(field=name, steps=sign * scope.degree(c), target=target))
    r.say_all(target)
    return True


def _sign_for(c: Clause, noun: Token) -> int:
    """The direction said of one field: the comparison nearest to it."""
    marks: list[tuple[int, Token, int]] = []
    at = c.index(noun)
    for i, t in enumerate(c.tokens):
        if t.negated or t is noun:
            continue
        up = t.has(
            "cmp",
            "up",
            "strong+",
            "size+",
            "contrast+",
            "sat+",
            "warm+",
            "sharp+",
            "bright+",
            "loud+",
            "thick+",
        ) or t.has("dir", "up")
        down = t.has(
            "cmp",
            "down",
            "strong-",
            "size-",
            "contrast-",
            "sat-",
            "warm-",
            "sharp-",
            "bright-",
            "loud-",
            "soft",
            "thick-",
        ) or t.has("dir", "down")
        if up != bool(down):
            marks.append((abs(i - at), t, 1 if up else -1))
    if marks:
        _, token, sign = min(marks, key=lambda m: m[0])
        c.use(token)
        return -sign if scope.flipped(c, token) else sign
    if any(t.has("too", "enough") for t in c.tokens) and any(
        t.has("not") or "不" in t.text or t.text.startswith("not") for t in c.tokens
    ):
        return 1
    if any(t.has("too", "too") for t in c.tokens):
        return -1
    return 1 if c.verb("add", "fix") else 0


def _numbered(c: Clause, r: Reading, number: Token, name: str, target: Target) -> bool:
    value = scope.num(number)
    amount = value.value / 100 if not value.unit and abs(value.value) > 1 else value.value
    moves = [
        t
        for t in c.tokens
        if t.has("cmp", "up", "down", "size+", "size-", "strong+", "strong-") or t.has("v", "add")
    ]
    relative = any(t.text in ("by", "再", "了") for t in c.tokens) or (
        moves and not any(t.text == "to" or t.has("v", "to") or t.text.endswith("到") for t in c.tokens)
    )
    c.use(number, *moves)
    if relative and moves:
        down = any(t.has("cmp", "down", "size-", "strong-") for t in moves)
        amount = -abs(amount) if down else amount
        return r.do(Adjust(field=name, steps=amount / 0.15, target=target))
    return r.do(Adjust(field=name, to=amount, target=target))


def _light(c: Clause, r: Reading, target: Target) -> bool:
    token = c.first("t", "light")
    fix = c.first("v", "fix")
    if fix is not None and (
        token is not None
        or c.targets("brightness")
        or any(t.text in ("colors", "colours", "颜色", "色彩") for t in c.tokens)
    ):
        c.use(token, fix, *c.all("t", *FIELDS))
        r.do(Adjust(auto=True, target=target))
        r.say_all(target)
        return True
    if token is not None and any(t.has("v", "reset", "restore") for t in c.tokens):
        c.use(token)
        return r.do(Adjust(reset=True, target=target))
    if token is not None:
        sign = _sign_for(c, token)
        tone = list(c.all("cmp", *_SIGNED))
        if tone:
            c.use(token)
            return False
        if sign:
            c.use(token)
            return r.do(Adjust(field="brightness", steps=sign * scope.degree(c), target=target))
        if any(t.text in ("better", "bad", "terrible", "不好", "好一点", "差") for t in c.tokens) or c.verb(
            "set", "add"
        ):
            c.use(token)
            return r.do(Adjust(auto=True, target=target))
    return False
