"""Frames for how the avatar looks: shape, ring, shadow, style."""

from __future__ import annotations

from collections.abc import Sequence

from studio.brain import scope
from studio.brain.frames.background import background, ready
from studio.brain.reading import Reading
from studio.brain.scope import Target
from studio.brain.tokens import Clause, Token
from studio.edits import SetCanvas, SetRing, SetShadow, SetShape, SetStyle
from studio.edits.values import RANGES, RING_WIDTHS


def frame(c: Clause, r: Reading) -> bool:
    """Everything a clause says of the look; several things in one clause are all done."""
    target = scope.pictures(c, r) if len(r.video) > 1 else None
    done = False
    for part in (_shadow, _ring, background, _style, _shape):
        done = part(c, r, target) or done
    return done


def _shadow(c: Clause, r: Reading, target: Target) -> bool:
    token = c.first("t", "shadow")
    if token is None or any(t.text in ("lighten", "brighten") for t in c.tokens):
        return False
    mode = scope.polarity(c, token)
    c.use(
        token,
        *c.all("cmp", "soft"),
        *[t for t in c.tokens if t.text in ("soft", "gentle", "drop", "柔和", "淡淡")],
    )
    if mode == "keep":
        r.plan.kept = True
        return True
    if mode == "remove" and r.done and not r.recipe.get("shadow") and any(t.has("v", "no") for t in c.tokens):
        return True
    ready(r)
    c.use_all(("deg",))
    return r.do(SetShadow(on=mode != "remove", target=target))


def _ring(c: Clause, r: Reading, target: Target) -> bool:
    token = _ring_token(c, r)
    if token is None:
        return False
    mode = scope.polarity(c, token)
    if mode == "keep":
        c.use(token)
        r.plan.kept = True
        return True
    colors = scope.attached(c, token)
    gradient = c.first("bg", "gradient") if not c.targets("background") else None
    width, times, off = _ring_width(c, r, token)
    c.use(token, gradient)
    if mode == "remove" and times is None:
        if r.done and not r.recipe.get("ring") and any(t.has("v", "no") for t in c.tokens):
            return True
        return r.do(SetRing(off=True, target=target))
    said = colors or width is not None or times is not None or gradient is not None
    if not said and not c.verb("add", "create") and not _bare_wish(c):
        token.used = bool(c.verb("set"))
        if token.used:
            r.plan.problem("which_color")
        return bool(token.used)
    if gradient is not None and len(colors) < 2:
        colors = [*(colors or ["#4f7bff"]), "#8a4fff"]
    ready(r)
    return r.do(SetRing(colors=tuple(colors[:2]), width=width, times=times, off=off, target=target))


def _ring_token(c: Clause, r: Reading) -> Token | None:
    token = c.first("t", "ring")
    if (
        token is not None
        and token.text in ("圈", "底", "边", "环")
        and not (c.has("color") or c.verb("add", "remove", "no", "set") or c.has("cmp"))
    ):
        return None
    if token is None:
        token = _drawn_around(c)
    if token is None:
        framed = c.first("t", "frame")
        if (
            framed is not None
            and framed.text in ("frame", "框")
            and (c.has("color") or c.has("thickness"))
            and not c.has("cmp", "near+", "near-")
            and not any(t.has("too") for t in c.tokens)
        ):
            framed.senses["t"] = "ring"
            return framed
    return token


def _drawn_around(c: Clause) -> Token | None:
    """A circle of white around it: a ring by another name."""
    around = next(
        (t for t in c.tokens if t.text in ("around", "round", "围", "围上", "surround", "围一圈", "绕")), None
    )
    if around is None or not c.has("color") or c.targets("background", "title"):
        return None
    line = next(
        (t for t in c.tokens if t.has("shape", "circle") or t.text in ("line", "线", "thin line")), None
    )
    if line is None:
        return None
    line.senses = {"t": "ring"}
    return line


def _bare_wish(c: Clause) -> bool:
    return not c.verb("set", "keep", "move") and len([t for t in c.tokens if not t.is_filler]) <= 2


def _ring_width(c: Clause, r: Reading, token: Token) -> tuple[float | None, float | None, bool]:
    number = scope.number(c, "pct")
    pixels = scope.number(c, "px")
    bare = scope.number(c, "")
    value: float | None = None
    if number is not None:
        value = scope.num(number).value
    elif pixels is not None:
        number = pixels
        value = scope.num(pixels).value / 1080
    elif bare is not None and 0 < scope.num(bare).value < 1:
        number = bare
        value = scope.num(bare).value
    c.use(number)
    if value is not None:
        c.use(*c.all("cmp", "thick+", "thick-", "wide"))
        return value, None, False
    times = scope.number(c, "x")
    for cmp in c.all("cmp", "thick+", "thick-", "size+", "size-", "wide", "strong+", "strong-"):
        if cmp.has("thickness") and not _compares(c, cmp):
            continue
        c.use(cmp, times)
        grows = cmp.has("cmp", "thick+", "size+", "wide", "strong+") != scope.flipped(c, cmp)
        step = scope.num(times).value if times is not None else scope.factor(c)
        if step is None:
            step = RANGES["ring"].step ** scope.degree(c)
        elif step < 1:
            grows = True
        return None, step if grows else 1 / step, False
    thickness = c.first("thickness")
    if thickness is not None:
        c.use(thickness)
        held = thickness.get("thickness")
        if scope.flipped(c, thickness):
            return None, RANGES["ring"].step ** (-1 if held == "thick" else 1), False
        return RING_WIDTHS[str(held)], None, False
    said = scope.factor(c)
    if said is not None:
        return None, said, False
    return None, None, False


def _compares(c: Clause, token: Token) -> bool:
    """Whether 粗 is "thicker" (粗一点, 再粗, 太粗) rather than "thick" (粗边)."""
    i = c.index(token)
    around = c.tokens[max(0, i - 2) : i] + c.tokens[i + 1 : i + 2]
    return any(t.has("deg") or t.has("too") or t.has("times") for t in around) or len(token.text) > 1


def _style(c: Clause, r: Reading, target: Target) -> bool:
    found = [t for t in c.all("style") if not _other_sense(c, t)]
    noun = c.first("t", "style")
    strength = _strength(c, r, noun, bool(found))
    if not found and strength is None:
        if noun is None or scope.polarity(c, noun) != "remove" or c.targets("ring", "title", "music"):
            if noun is not None and scope.polarity(c, noun) == "keep":
                c.use(noun)
                r.plan.kept = True
                return True
            return False
        c.use(noun)
        return r.do(SetStyle(style="none", target=target))
    style = ""
    if found:
        token = _chosen(found)
        held = token.get("style")
        style = held if isinstance(held, str) else min(held)
        mode = scope.polarity(c, token)
        c.use(*found, noun)
        if mode == "keep":
            r.plan.kept = True
            return True
        if mode == "remove":
            style = "none"
    ready(r)
    by, to = strength or (None, None)
    if r.do(SetStyle(style=style, strength=to, by=by, target=target)) and not r.has_avatar:
        r.say_all(target)
    return True


def _chosen(found: Sequence[Token]) -> Token:
    """The style meant: a named one before a mere "natural" unless that is what it is to become."""
    return found[-1]


def _other_sense(c: Clause, token: Token) -> bool:
    """Words like ink, pop, comic dots beside a thing they belong to."""
    if token.has("style", "mono") and c.has("bg", "gradient"):
        return True
    if token.has("v", "draw", "create") and c.targets("ring"):
        return True
    if token.text in ("drawing", "pop", "oil", "dots", "pixel", "像素") and c.targets(
        "title", "music", "ring"
    ):
        return True
    if token.text in ("natural", "正常", "自然", "真实", "realistic", "normal") and c.targets(
        "light", "brightness", "saturation"
    ):
        return True
    return bool(token.has("mood") and c.targets("music"))


def _strength(
    c: Clause, r: Reading, noun: Token | None, named: bool
) -> tuple[float | None, float | None] | None:
    speaks = noun is not None or named or c.targets("strength") or r.topic == "style"
    if not speaks or c.targets(
        "contrast", "brightness", "saturation", "warmth", "sharpness", "ring", "title", "music"
    ):
        return None
    number = scope.number(c, "pct")
    if number is not None:
        c.use(number, c.first("t", "strength"))
        return None, scope.num(number).value
    for token in c.all("cmp", "strong+", "strong-", "up", "down"):
        if token.has("v", "remove") and not c.has("deg"):
            continue
        c.use(token, c.first("t", "strength"), noun)
        up = token.has("cmp", "strong+", "up") != scope.flipped(c, token)
        return scope.degree(c) * (1 if up else -1), None
    return None


def _shape(c: Clause, r: Reading, target: Target) -> bool:
    found = c.all("shape")
    found = [t for t in found if not _shape_elsewhere(c, t)]
    if not found:
        return False
    token = found[-1]
    turned = any(t.has("v", "to") or t.text in ("to", "into") for t in c.before(token))
    if token.has("shape", "square") and c.has("shape", "rounded") and (not turned or len(found) > 1):
        token = next(t for t in found if t.has("shape", "rounded"))
    held = token.get("shape")
    shape = held if isinstance(held, str) else min(held)
    mode = scope.polarity(c, token)
    if mode == "keep":
        c.use(*found)
        r.plan.kept = True
        return True
    if mode == "remove":
        return False
    c.use(*found, *c.all("t", "shape"))
    if shape == "square" and ((not r.has_avatar and r.video) or _not_square_canvas(r)):
        return r.do(SetCanvas(ratio="1:1"))
    ready(r)
    return r.do(SetShape(shape=shape, target=target))


def _not_square_canvas(r: Reading) -> bool:
    canvas = r.now.get("m", {})
    return bool(r.video) and canvas.get("width", 1) != canvas.get("height", 1)


def _shape_elsewhere(c: Clause, token: Token) -> bool:
    if token.text in (
        "心",
        "星",
        "圆",
        "星星",
        "hearts",
        "stars",
        "round",
        "box",
        "方框",
        "圆圈",
        "round one",
    ):
        beside = c.near(token, 1)
        if (
            token.text == "round"
            and beside is not None
            and beside.text in ("picture", "photo", "it", "edge")
            and c.targets("ring")
        ):
            return True
        if token.text in ("hearts", "stars") and not c.verb("set"):
            return True
    return (
        c.targets("music") and not c.targets("avatar", "shape") and token.text in ("round", "star", "stars")
    )
