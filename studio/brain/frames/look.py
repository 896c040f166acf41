"""Frames for how the avatar looks: shape, background, ring, shadow, style."""

from __future__ import annotations

from collections.abc import Sequence

from studio.brain import scope
from studio.brain.colors import SHIFT, shift
from studio.brain.reading import Reading
from studio.brain.tokens import Clause, Token
from studio.edits import MakeAvatar, SetBackground, SetCanvas, SetRing, SetShadow, SetShape, SetStyle, images
from studio.edits.values import RANGES, RING_WIDTHS

Target = tuple[int, ...] | None
_BG_VALUES = ("transparent", "blur", "original", "auto", "gradient")


def frame(c: Clause, r: Reading) -> bool:
    """Everything a clause says of the look; several things in one clause are all done."""
    target = scope.pictures(c, r) if len(r.video) > 1 else None
    done = False
    for part in (_shadow, _ring, _background, _style, _shape):
        done = part(c, r, target) or done
    return done


def _ready(r: Reading) -> None:
    """With a photo given and nothing on the timeline, a look is asked of a new avatar."""
    if not r.video and images(r.context.media):
        r.do(MakeAvatar())


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
    _ready(r)
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
    if mode == "remove" and not colors and times is None:
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
    _ready(r)
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
        framed = c.first("t", "frame")
        if (
            framed is not None
            and framed.text in ("frame", "框")
            and (c.has("color") or c.has("thickness"))
            and not c.has("cmp", "near+", "near-")
        ):
            framed.senses["t"] = "ring"
            return framed
    return token


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


def _background(c: Clause, r: Reading, target: Target) -> bool:
    value = c.last("bg")
    token = c.first("t", "background") or (None if c.targets("music") else c.first("t", "bgloc"))
    if token is not None and scope.polarity(c, token) == "keep" and value is None:
        c.use(token)
        r.plan.kept = True
        return True
    anchor = token or (value if value is not None and value.has("bg", "gradient") else None)
    colors = _background_colors(c, r, token, value)
    image = _image(c, r, token)
    if image is not None:
        c.use(token)
        _ready(r)
        return r.do(image)
    if value is not None and value.has("bg", "transparent") and not colors:
        c.use(value, token)
        c.use_all(("v",))
        _ready(r)
        return r.do(SetBackground(to="transparent", target=target))
    if token is None and value is None and not colors:
        return False
    if token is None and value is not None and not colors and _elsewhere(c, value):
        return False
    if colors:
        c.use(token, *c.all("bg"))
        _ready(r)
        kind = (
            "gradient" if (value is not None and value.has("bg", "gradient")) or len(colors) > 1 else "color"
        )
        return r.do(SetBackground(to=kind, colors=tuple(colors), target=target))
    if value is not None:
        return _kind(c, r, value, token, target)
    return _bare(c, r, anchor, target)


def _elsewhere(c: Clause, value: Token) -> bool:
    """Whether a word like original or soft belongs to something else in the clause."""
    return c.targets("style", "title", "music", "ring", "size", "ratio", "canvas", "sharpness", "length") or (
        value.has("bg", "original")
        and not c.targets("background")
        and not c.verb("restore", "set")
        and not ("background" in value.text or "背景" in value.text)
    )


def _kind(c: Clause, r: Reading, value: Token, token: Token | None, target: Target) -> bool:
    held = value.get("bg")
    kind = held if isinstance(held, str) else next(k for k in _BG_VALUES if k in held)
    negative = scope.polarity(c, value) == "remove"
    c.use(value, token)
    if negative:
        now = (r.recipe.get("background") or {}).get("kind")
        if kind != now:
            return True
        kind = "original"
        c.use_all(("v",))
    amount = _blur_amount(c, r) if kind == "blur" else None
    _ready(r)
    return r.do(SetBackground(to=kind, amount=amount, target=target))


def _blur_amount(c: Clause, r: Reading) -> float | None:
    token = scope.number(c, "pct")
    if token is not None:
        c.use(token)
        return scope.num(token).value
    now = r.recipe.get("background") or {}
    if now.get("kind") != "blur":
        return None
    sign = scope.direction(c)
    amount = float(now.get("amount", 0.5)) + sign * 0.2 * scope.degree(c)
    return round(min(1.0, max(0.0, amount)), 3) if sign else None


def _background_colors(c: Clause, r: Reading, token: Token | None, value: Token | None) -> list[str]:
    if token is not None:
        found = scope.attached(c, token)
        if found:
            return found
    if value is not None and value.has("bg", "gradient") or c.has("rel", "on"):
        loose = [g for g in scope.groups(c) if scope.owner(c, g) is None]
        backed = value is not None and value.has("bg", "gradient") or (loose and _stands_on(c, loose[-1][0]))
        if loose and backed:
            c.use(*loose[-1])
            return [scope.shaded(c, t) for t in loose[-1]]
    return []


def _stands_on(c: Clause, color: Token) -> bool:
    """On orange, against a deep blue."""
    before = [t for t in c.before(color)[-4:]]
    return any(t.has("rel", "on") for t in before)


def _image(c: Clause, r: Reading, token: Token | None) -> SetBackground | None:
    files = [t for t in c.tokens if (t.has("fileref") or t.has("filestem")) and not t.used]
    if token is None:
        shown = {s.get("m", {}).get("asset") for s in r.video}
        standing = any(
            (t.has("rel", "on") and t.text != "on") or t.text in ("后面", "后边") for t in c.tokens
        )
        if not files or not r.has_avatar or not (c.verb("set", "add") or standing) or c.targets("music"):
            return None
        if c.targets("photo", "avatar") and not standing:
            return None
        item = files[-1].get("fileref") or files[-1].get("filestem")
        if item.asset in shown or item.file_type != "image":
            return None
        c.use(files[-1])
        r.plan.note("chose", word=item.filename, meaning=_words(r, "background"))
        return SetBackground(to="image", asset=item.asset)
    if scope.polarity(c, token) == "remove":
        return None
    picture = any(scope.is_picture_ordinal(c, t) for t in scope.ordinals(c))
    if not files and not picture:
        return None
    item = scope.media_item(c, r)
    if item is None or item.file_type != "image":
        return None
    c.use(*[t for t in c.tokens if t.has("t", "photo", "one")])
    return SetBackground(to="image", asset=item.asset)


def _words(r: Reading, kind: str) -> str:
    return {"en": "the background"}.get(r.plan.language, "背景" if r.plan.language != "en" else kind)


def _bare(c: Clause, r: Reading, token: Token | None, target: Target) -> bool:
    """Only the word background: removed, made darker, brought back, or not said how."""
    if token is None:
        return False
    if scope.polarity(c, token) == "remove":
        c.use(token)
        _ready(r)
        return r.do(SetBackground(to="transparent", target=target))
    if any(t.has("v", "restore") for t in c.tokens):
        c.use(token)
        return r.do(SetBackground(to="original", target=target))
    tone = c.first("cmp", "bright+", "bright-")
    now = r.recipe.get("background") or {}
    colors = [now["color"]] if now.get("kind") == "color" else list(now.get("colors") or ())
    if tone is not None and colors:
        up = tone.has("cmp", "bright+") != scope.flipped(c, tone)
        by = SHIFT * scope.degree(c) * (1 if up else -1)
        c.use(tone, token)
        return r.do(SetBackground(to=now["kind"], colors=tuple(shift(v, by) for v in colors), target=target))
    return False


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
    _ready(r)
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
    if shape == "square" and (not r.has_avatar and r.video or _not_square_canvas(r)):
        return r.do(SetCanvas(ratio="1:1"))
    _ready(r)
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
