"""Frames for the picture itself: which person, where in the frame, light and colour, motion."""

from __future__ import annotations

from studio.brain import scope
from studio.brain.reading import Reading
from studio.brain.tokens import Clause, Token
from studio.edits import Adjust, SetFace, SetMotion, SetZoom, Shift
from studio.edits.values import RANGES, SHOULDERS_ZOOM

Target = tuple[int, ...] | None
_FIELDS = ("brightness", "contrast", "saturation", "warmth", "sharpness")
_SHORT = {
    "bright": "brightness",
    "contrast": "contrast",
    "sat": "saturation",
    "warm": "warmth",
    "sharp": "sharpness",
}
_SIGNED = tuple(f"{key}{sign}" for key in _SHORT for sign in "+-")
_OFFSET = RANGES["offset"].step


def frame(c: Clause, r: Reading) -> bool:
    """Everything a clause says of the picture; several things in one clause are all done."""
    target = scope.pictures(c, r) if len(r.video) > 1 else None
    done = False
    for part in (face, motion, adjust, framing):
        done = part(c, r, target) or done
    return done


def face(c: Clause, r: Reading, target: Target) -> bool:
    """Which person of the photo: by place, by number, the other one, everyone."""
    token = c.first("t", "person")
    whom = (
        token
        or c.first("t", "one")
        or next((t for t in c.tokens if t.text in ("那个", "那位", "那人")), None)
    )
    everyone = [t for t in c.tokens if t.text in ("everyone", "everybody", "所有人", "大家", "全员", "每人")]
    if everyone and "avatar" in r.kinds and not c.targets("title", "photo"):
        c.use(*everyone, token)
        c.use_all(("v",))
        return r.do(SetFace(everyone=True, target=target))
    if whom is None or "avatar" not in r.kinds or c.targets("title", "music", "background", "ring"):
        return False
    if c.targets("photo") and (
        token is None or any(scope.is_picture_ordinal(c, t) for t in scope.ordinals(c))
    ):
        return False
    plural = token is not None and token.text in (
        "people",
        "persons",
        "faces",
        "guys",
        "girls",
        "men",
        "women",
        "人",
    )
    if token is not None and c.has("all") and (plural or c.verb("set", "add", "keep")):
        c.use(token, *c.all("all"))
        return r.do(SetFace(everyone=True, target=target))
    if c.verb("move") and not c.verb("set") or c.has("cmp"):
        return False
    side = c.first("dir", "left", "right")
    numbered = [t for t in scope.ordinals(c) if t.has("ord") or t.has("num")]
    from_side = side is not None and any(t.text in ("from", "数", "起", "从") for t in c.tokens)
    if numbered and (token is not None or side is not None):
        index = scope.position(numbered[0], 0) if not numbered[0].has("ord", "mid") else 1
        c.use(numbered[0], side, whom)
        if side is not None and side.has("dir", "right") and (from_side or index >= 0):
            index = -1 - index
        return _pick(c, r, index, target)
    if side is not None:
        c.use(side, whom)
        return _pick(c, r, 0 if side.has("dir", "left") else -1, target)
    middle = c.first("pos", "center") or c.first("ord", "mid")
    if middle is not None and token is not None and not c.verb("move"):
        c.use(middle, token)
        faces = next(
            (m.faces for m in r.context.media if m.asset == r.video[0].get("m", {}).get("asset")), None
        )
        return _pick(c, r, len(faces) // 2 if faces else 1, target)
    other = c.first("ord", "other") or next(
        (t for t in c.tokens if t.text in ("else", "different", "换个", "换", "换一个")), None
    )
    if other is not None and (token is not None or c.verb("set")):
        c.use(other, whom)
        c.use_all(("v",))
        return r.do(SetFace(relative=1, target=target))
    return False


def _pick(c: Clause, r: Reading, index: int, target: Target) -> bool:
    c.use_all(("v", "t"))
    return r.do(SetFace(face=index, target=target))


def framing(c: Clause, r: Reading, target: Target) -> bool:
    """Closer, wider, to a side, the shoulders, back to the middle."""
    done = False
    shoulders = c.first("cmp", "shoulders")
    if shoulders is not None and not c.targets("title"):
        if c.verb("no", "remove"):
            c.use_all(("v",))
            c.use(shoulders)
            return r.do(SetZoom(times=RANGES["zoom"].step, target=target))
        c.use(shoulders, *c.all("cmp", "near-", "near+"))
        c.use_all(("v",))
        return r.do(SetZoom(to=SHOULDERS_ZOOM, target=target))
    if _centred(c, r, target):
        return True
    done = _closer(c, r, target) or done
    return _shifted(c, r, target) or done


def _centred(c: Clause, r: Reading, target: Target) -> bool:
    token = c.first("pos", "center")
    if token is None or c.targets("title", "transition", "photo") or not r.has_avatar:
        return False
    if not (
        c.targets("person", "frame", "avatar")
        or any(
            t.text in ("me", "him", "her", "it", "我", "居中", "centered", "center", "centre")
            for t in c.tokens
        )
    ):
        return False
    c.use(token, *c.all("t", "person", "frame"))
    return r.do(Shift(center=True, target=target))


def _closer(c: Clause, r: Reading, target: Target) -> bool:
    about_face = c.targets("person", "frame", "zoom", "avatar") or any(
        t.text in ("me", "my face", "我") for t in c.tokens
    )
    zooms = [t for t in c.all("motion", "zoom-in", "zoom-out", "zoom-any") if about_face]
    near = c.all("cmp", "near+", "near-")
    near += [
        t
        for t in c.all("cmp", "wide", "size+", "size-")
        if about_face and not c.targets("title", "ring", "music")
    ]
    near = [t for t in near if not t.used and not t.has("shade")]
    if c.has("dir", "left", "right"):
        c.use(*[t for t in near if t.text in ("further", "farther")])
        near = [t for t in near if not t.used]
    number = scope.number(c, "x", "pct") if (c.targets("zoom") or near) else None
    if number is None and c.targets("zoom"):
        number = scope.number(c, "")
    if number is not None and c.targets("zoom"):
        c.use(number, *near, *c.all("t", "zoom"))
        return r.do(SetZoom(to=scope.num(number).value, target=target))
    if (
        zooms
        and not c.has("deg", "slow")
        and not any(t.text.startswith(("slow", "慢", "缓", "逐", "渐")) for t in zooms)
    ):
        token = zooms[-1]
        c.use(*zooms, *near)
        grows = token.has("motion", "zoom-in") or (token.has("motion", "zoom-any") and token.text == "放大")
        return _zoom(c, r, grows, target)
    if near:
        token = near[-1]
        grows = token.has("cmp", "near+", "size+")
        c.use(*near)
        if number is not None:
            c.use(number)
            value = scope.num(number)
            times = value.value if value.unit == "x" else 1 + value.value
            return r.do(SetZoom(times=times if grows else 1 / times, target=target))
        if scope.flipped(c, token):
            grows = not grows
        return _zoom(c, r, grows, target)
    if c.targets("zoom", "frame") and (sign := scope.direction(c)):
        return _zoom(c, r, sign > 0, target)
    return False


def _zoom(c: Clause, r: Reading, grows: bool, target: Target) -> bool:
    c.use(*c.all("t", "person", "frame", "zoom"))
    times = scope.factor(c)
    if times is not None:
        return r.do(SetZoom(times=times if grows or times < 1 else 1 / times, target=target))
    step = RANGES["zoom"].step ** scope.degree(c)
    return r.do(SetZoom(times=step if grows else 1 / step, target=target))


def _shifted(c: Clause, r: Reading, target: Target) -> bool:
    ways = c.all("dir")
    if not ways or c.targets("title", "music", "volume", "photo", "length", "motion") or not r.has_avatar:
        return False
    if (
        c.targets(*_FIELDS, "speed", "strength", "ring", "size")
        or c.has("cmp", "up", "down")
        and not c.verb("move")
    ):
        return False
    steps = scope.degree(c)
    number = scope.number(c, "pct")
    size = scope.num(number).value if number is not None else _OFFSET * steps
    x = sum(size if t.has("dir", "right") else -size for t in ways if t.has("dir", "left", "right"))
    y = sum(size if t.has("dir", "down") else -size for t in ways if t.has("dir", "up", "down"))
    if any(t.has("too") for t in c.tokens):
        x, y = -x, -y
    c.use(number, *ways, *c.all("t", "person", "frame", "avatar"))
    c.use_all(("v",))
    return r.do(Shift(x=x, y=y, target=target))


def adjust(c: Clause, r: Reading, target: Target) -> bool:
    """Light and colour: by name of the field or by words like brighter."""
    if c.targets("title", "ring", "music", "volume", "shadow") and not any(c.targets(f) for f in _FIELDS):
        return False
    done = _light(c, r, target) or _colourful(c, r, target)
    for name in _FIELDS:
        noun = c.first("t", name)
        if noun is not None:
            done = _named(c, r, noun, name, target) or done
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
    if (
        token.used
        or token.has("shade")
        and len(token.text) > 1
        and not token.has("cmp", "bright+", "bright-")
    ):
        return False
    if token.has("motion") or c.targets("background") and token.has("cmp", "bright+", "bright-"):
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
    if (
        any(t.has("v", "restore", "reset") for t in c.tokens)
        or mode == "remove"
        and not c.has("cmp", "up", "down")
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
        c.use(token, fix, *c.all("t", *_FIELDS))
        r.do(Adjust(auto=True, target=target))
        r.say_all(target)
        return True
    if token is not None and any(t.has("v", "reset", "restore") for t in c.tokens):
        c.use(token)
        return r.do(Adjust(reset=True, target=target))
    if token is not None:
        sign = _sign_for(c, token)
        tone = [t for t in c.all("cmp", *_SIGNED)]
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


def motion(c: Clause, r: Reading, target: Target) -> bool:
    """How the picture moves: named motions, none, or a pan whose side is said."""
    noun = c.first("t", "motion")
    found = [t for t in c.all("motion") if not _framing_zoom(c, t)]
    if c.targets("music", "volume") or c.targets("title") and not noun:
        return False
    if not found and noun is None:
        return False
    if noun is not None and scope.polarity(c, noun) == "keep":
        c.use(noun, *found)
        r.plan.kept = True
        return True
    value = _motion_value(c, found)
    if value is None:
        if noun is None:
            return False
        if scope.polarity(c, noun) != "remove":
            return _some_motion(c, r, noun, target)
        value = "none"
    elif (
        value != "none"
        and any(t.has("v", "no", "remove") for t in c.tokens)
        and scope.polarity(c, found[-1]) == "remove"
    ):
        value = "none"
    c.use(noun, *found, *c.all("dir"), *c.all("t", "video"))
    c.use_all(("deg", "all"))
    r.do(SetMotion(motion=value, target=target))
    r.say_all(target)
    return True


def _some_motion(c: Clause, r: Reading, noun: Token, target: Target) -> bool:
    if not c.verb("add", "create") or noun.text in ("动作", "镜头"):
        return False
    c.use(noun)
    r.do(SetMotion(motion="zoom-in", target=target))
    r.say_all(target)
    return True


def _framing_zoom(c: Clause, token: Token) -> bool:
    """Zooming the face or the crop is framing; slow zooms and zooms of the picture are motion."""
    if not token.has("motion", "zoom-in", "zoom-out", "zoom-any"):
        return False
    slow = any(
        t.text in ("slow", "slowly", "gradually", "慢慢", "缓缓", "缓慢", "gentle", "gently")
        for t in c.tokens
    ) or token.text.startswith(("slow", "慢", "缓", "逐", "渐"))
    if slow or c.targets("motion", "video"):
        return False
    if token.has("cmp", "near+", "near-"):
        return True
    if token.has("motion", "zoom-any"):
        return True
    return c.targets("person", "frame") or c.has("cmp", "near+", "near-") and not token.has("cmp")


def _motion_value(c: Clause, found: list[Token]) -> str | None:
    if not found:
        return None
    token = found[-1]
    held = token.get("motion")
    value = held if isinstance(held, str) else min(held)
    if value == "pan":
        side = c.last("dir", "left", "right")
        return "pan-right" if side is not None and side.has("dir", "right") else "pan-left"
    if value == "zoom-any":
        return "zoom-in" if "放" in token.text else "zoom-out"
    if token.text == "still" and len(found) > 1:
        return str(found[0].get("motion"))
    return value
