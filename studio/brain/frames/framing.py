"""Frames for which person is shown and where in the frame."""

from __future__ import annotations

from studio.brain import scope
from studio.brain.frames.light import FIELDS
from studio.brain.reading import Reading
from studio.brain.scope import Target
from studio.brain.tokens import Clause
from studio.edits import SetFace, SetZoom, Shift
from studio.edits.values import RANGES, SHOULDERS_ZOOM

_OFFSET = RANGES["offset"].step


# A side with one of these is a way to go, not a place where somebody stands.
_TOWARDS = ("to ", "towards", "靠", "偏", "往", "向", "朝")


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
    if (c.verb("move") and not c.verb("set")) or c.has("cmp"):
        return False
    if c.verb("add") and not c.verb("set"):
        return False
    side = c.first("dir", "left", "right")
    if side is not None and side.text.startswith(_TOWARDS) and any(t.has("deg") for t in c.tokens):
        return False
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
    if middle is not None and middle.text in ("center", "centre", "centered", "centred", "居中"):
        middle = None
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
        t.text in ("me", "my face", "我", "more", "further") or t.has("deg", "small", "big") for t in c.tokens
    )
    zooms = [t for t in c.all("motion", "zoom-in", "zoom-out", "zoom-any") if about_face]
    near = c.all("cmp", "near+", "near-")
    near += [
        t
        for t in c.all("cmp", "wide", "size+", "size-")
        if about_face and not c.targets("title", "ring", "music")
    ]
    if not c.targets("ring", "canvas", "ratio", "background", "shadow", "title", "video"):
        near += c.all("cmp", "wide")
    near = [t for t in dict.fromkeys(near) if not t.used and not t.has("shade")]
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
    if c.targets("zoom", "frame") and not c.has("dir") and (sign := scope.direction(c)):
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
    sideways = c.has("dir", "left", "right")
    if c.targets(*FIELDS, "speed", "strength", "ring", "size"):
        return False
    if c.has("cmp", "up", "down") and not (c.verb("move") or sideways or c.targets("frame", "person")):
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
