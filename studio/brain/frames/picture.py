"""Frames for the picture as a whole, and how it moves."""

from __future__ import annotations

from studio.brain import scope
from studio.brain.frames.framing import face, framing
from studio.brain.frames.light import adjust
from studio.brain.reading import Reading
from studio.brain.scope import Target
from studio.brain.tokens import Clause, Token
from studio.edits import SetMotion


def frame(c: Clause, r: Reading) -> bool:
    """Everything a clause says of the picture; several things in one clause are all done."""
    target = scope.pictures(c, r) if len(r.video) > 1 else None
    done = False
    for part in (face, motion, adjust, framing):
        done = part(c, r, target) or done
    return done


def motion(c: Clause, r: Reading, target: Target) -> bool:
    """How the picture moves: named motions, none, or a pan whose side is said."""
    noun = c.first("t", "motion")
    found = [t for t in c.all("motion") if not _framing_zoom(c, t)]
    found = [t for t in found if not (t.text == "still" and any(x.has("cmp") for x in c.tokens))]
    if c.targets("music", "volume") or (c.targets("title") and not noun):
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
    if slow or (c.targets("motion", "video") and not token.has("cmp", "near+", "near-")):
        return False
    if any(t.has("cmp", "shoulders") for t in c.tokens):
        return True
    if token.has("cmp", "near+", "near-"):
        return not token.text.startswith("镜头") or any(t.has("deg") for t in c.tokens)
    if token.has("motion", "zoom-any"):
        return True
    return (
        _somewhat(c)
        or c.targets("person", "frame")
        or (c.has("cmp", "near+", "near-") and not token.has("cmp"))
    )


def _somewhat(c: Clause) -> bool:
    """Zoom in a little: an amount is one of the frame; a motion has none."""
    return any(t.has("deg", "small", "big") or t.text in ("more", "further") for t in c.tokens)


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
