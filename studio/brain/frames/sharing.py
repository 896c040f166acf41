"""What clauses lend each other: verbs, things, "it"."""

from __future__ import annotations

from collections.abc import Callable

from studio.brain import scope
from studio.brain.reading import TOPICS, Reading
from studio.brain.tokens import Clause, Token

# What a bare attribute can be said of, and the thing it goes to when nothing is named.
_FITS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("color", ("ring", "title", "background")),
    ("pos", ("title",)),
    ("fade", ("music", "title")),
)


_SIZES = (
    "title",
    "ring",
    "music",
    "style",
    "background",
    "transition",
    "brightness",
    "contrast",
    "saturation",
    "warmth",
    "sharpness",
    "speed",
    "length",
    "frame",
    "volume",
)


def things_of(c: Clause) -> list[Token]:
    """The things a clause names that something can be done to."""
    return [
        t for t in c.tokens if t.has("t") and not t.used and not t.has("t", "video", "timeline", "avatar")
    ]


def says_how(c: Clause) -> bool:
    """Whether a clause says what is to happen, in a value or a verb."""
    return any(
        (
            t.has("color")
            or t.has("cmp")
            or t.has("num")
            or t.has("shape")
            or t.has("style")
            or t.has("bg")
            or t.has("pos")
            or t.has("quote")
            or t.has("times")
            or t.has("v", "remove", "no", "add", "keep", "restore", "fix", "mute", "trim", "move", "swap")
            or t.has("fade")
            or t.has("mood")
            or t.has("motion")
            or t.has("fileref")
            or t.has("filestem")
            or t.has("thickness")
            or t.has("dir")
        )
        and t.text != "with"
        for t in c.tokens
    )


def shares_next(c: Clause, later: Clause | None, r: Reading) -> bool:
    """Brightness and contrast up: a thing without a word what to do waits for the next clause's."""
    things = things_of(c)
    if any(t.stands_out for t in c.tokens):
        return False
    if (
        later is not None
        and things
        and not says_how(c)
        and not things_of(later)
        and any(t.has("v", "fix", "remove") or t.has("cmp") for t in later.tokens)
    ):
        later.tokens.insert(0, _copy(things[-1]))
        for t in c.tokens:
            t.used = True
        return True
    if later is None or not later.joined:
        return False
    if not things or says_how(c) or not says_how(later) or not things_of(later):
        return False
    waiting = Clause(_exchange(later, things[-1]))
    later_first = list(c.before(things[-1]))
    waiting.tokens = [_copy(t) for t in later_first if t.has("v")] + waiting.tokens
    c.tokens = waiting.tokens
    return False


def shares_before(
    c: Clause, before: Clause | None, r: Reading, frames: Callable[[Clause, Reading], bool]
) -> bool:
    """Remove the ring and the shadow: the verb of the clause before holds here too."""
    things = things_of(c)
    if before is None or not things or says_how(c) or any(t.stands_out for t in c.tokens):
        return False
    pattern = Clause(before.pattern or before.tokens)
    if not says_how(pattern):
        return False
    swapped = Clause(_exchange(pattern, things[0]))
    c.pattern = [_copy(t) for t in swapped.tokens]
    if frames(swapped, r):
        for t in c.tokens:
            t.used = True
        return True
    return False


def _exchange(pattern: Clause, thing: Token) -> list[Token]:
    """The pattern's tokens with its thing replaced by another."""
    out: list[Token] = []
    replaced = False
    for t in pattern.tokens:
        if t.has("t") and not t.has("t", "video", "timeline") and not replaced:
            out.append(_copy(thing))
            replaced = True
        else:
            out.append(_copy(t))
    if not replaced:
        out.append(_copy(thing))
    return out


def _copy(t: Token) -> Token:
    return Token(t.start, t.end, t.text, t.raw, dict(t.senses), False, t.negated)


def inherit(c: Clause, before: Clause | None, r: Reading) -> None:
    """Give a clause that names nothing the thing spoken of: colours, places, sizes, amounts, "it"."""
    named = [
        t
        for t in c.tokens
        if t.has("t") and not t.has("t", "size", "width", "strength", "video", "timeline", "one", "bgloc")
    ]
    if named and not (len(named) == 1 and named[0].has("t", "photo") and r.has_avatar and not c.has("ord")):
        return
    topic = r.topic or (r.focus if _points_back(c, r) else "")
    if topic == "adjust":
        topic = r.focus_field or "brightness"
    if r.correcting and not r.topic and not (topic and _compatible(c, topic, r)):
        topic = next((t for t in _spoken_of(r) if _compatible(c, t, r)), topic)
    if not topic or _self_contained(c, topic):
        return
    if _compatible(c, topic, r):
        c.tokens.insert(0, Token(0, 0, topic, "", {"t": topic}))


def _spoken_of(r: Reading) -> list[str]:
    """What the last edits were about, the latest first."""
    return [TOPICS[kind] for last in reversed(r.last) if (kind := str(last.get("edit", ""))) in TOPICS]


def _points_back(c: Clause, r: Reading) -> bool:
    short = len([t for t in c.tokens if not t.is_filler]) <= 4
    return r.correcting or any(t.has("pron") for t in c.tokens) or short


def _self_contained(c: Clause, topic: str) -> bool:
    if any(
        t.has(k)
        for t in c.tokens
        for k in (
            "shape",
            "style",
            "quote",
            "fileref",
            "filestem",
            "platform",
            "ratio",
            "fit",
            "size",
            "trait",
        )
    ):
        return not (topic == "title" and c.has("pos"))
    if topic != "motion" and any(t.has("motion") and not t.has("cmp") for t in c.tokens):
        return True
    if c.has("bg") and not (topic == "ring" and c.has("bg", "gradient")):
        return topic != "background"
    return False


def _compatible(c: Clause, topic: str, r: Reading) -> bool:
    for kind, fits in _FITS:
        if c.has(kind) and topic in fits:
            return True
    if topic == "background" and c.has("cmp", "bright+", "bright-"):
        shade = any(
            t.text.startswith(("darker", "lighter", "浅", "深", "变浅", "变深", "paler", "deeper"))
            for t in c.tokens
        )
        return shade or any(t.has("pron") for t in c.tokens) or r.topic == "background"
    if topic == "title" and (
        c.has("cmp", "size+", "size-") or c.has("when", "whole") or (c.has("times") and not c.has("cmp"))
    ):
        return True
    if topic == "title" and c.has("dir", "up", "down") and not c.has("cmp", "up", "down"):
        return True
    if topic == "title" and any(scope.num(t).unit == "s" for t in c.all("num")):
        return any(
            t.has("ord", "1", "-1")
            or t.has("rel", "for", "at", "from")
            or t.has("when")
            or t.text in ("显示", "出现", "持续")
            for t in c.tokens
        ) and not any(t.text == "long" for t in c.tokens)
    if topic == "ring" and (
        c.targets("width")
        or c.has("cmp", "thick+", "thick-", "wide", "size+", "size-")
        or c.has("thickness")
        or _amount(c)
    ):
        return not c.has("cmp", "near+", "near-") and not any(scope.num(t).unit == "s" for t in c.all("num"))
    if topic == "music":
        loud = c.has("cmp", "up", "down", "loud+", "loud-", "size+", "size-", "soft") or c.has("times")
        amount = any(scope.num(t).unit in ("pct", "") for t in c.all("num"))
        return loud or amount or c.has("fade") or c.has("mood")
    if topic in ("transition",) and (c.has("num") or c.has("cmp", "long+", "long-")):
        return True
    if topic in ("style",) and c.has("cmp", "strong+", "strong-", "up", "down"):
        return True
    if topic in ("brightness", "contrast", "saturation", "warmth", "sharpness"):
        return c.has("cmp", "up", "down", "strong+", "strong-") or any(
            scope.num(t).unit in ("pct", "") for t in c.all("num")
        )
    if topic == "person":
        return c.has("ord") or c.has("dir", "left", "right") or c.has("pos", "center")
    if topic == "speed" and (c.has("cmp", "up", "down") or c.has("num")):
        return not any(scope.num(t).unit in ("s", "px") for t in c.all("num"))
    if topic == "length" and c.has("times"):
        return True
    if topic == "length" and c.has("num") and any(not scope.num(t).unit for t in c.all("num")):
        return True
    if topic == "background" and c.has("cmp", "up", "down", "strong+", "strong-"):
        return (r.recipe.get("background") or {}).get("kind") == "blur"
    return bool(topic == "frame" and c.has("cmp", "up", "down", "size+", "size-"))


def _amount(c: Clause) -> bool:
    return any(scope.num(t).unit in ("", "pct") for t in c.all("num"))
