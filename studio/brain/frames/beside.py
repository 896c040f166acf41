"""The one before it; not blue, purple; keep it square: what is said beside the last change."""

from __future__ import annotations

from collections.abc import Sequence

from studio.brain import scope
from studio.brain.reading import Reading
from studio.brain.tokens import Clause
from studio.edits import Edit, Remove, SetFade, SetSegmentLength, Trim
from studio.edits.base import edit_from_json

_BESIDE = ("前面", "后面", "next")


def recoloured(c: Clause, r: Reading) -> bool:
    """Not blue, purple: one colour of the last gradient is another."""
    last = r.last[-1] if r.last else {}
    colors = list(last.get("colors") or ())
    out = r.turned_down
    new = c.all("color")
    if r.correcting and last.get("edit") == "ring" and len(new) == len(colors) == 1:
        plain = all(t.is_filler or t.has("color") or t.has("v") for t in c.tokens if not t.used)
        edit = edit_from_json({**last, "colors": [scope.shaded(c, new[0])]})
        if plain and edit is not None:
            c.use(*new)
            return r.do(edit)
    if len(colors) < 2 or len(new) != 1 or not any(color in out for color in colors):
        return False
    c.use(*new)
    c.use_all(("v",))
    changed = {**last, "colors": [scope.shaded(c, new[0]) if color in out else color for color in colors]}
    edit = edit_from_json(changed)
    return edit is not None and r.do(edit)


def shown_too(c: Clause, r: Reading) -> bool:
    """And the second for 3: as long as said, after the time of another picture."""
    last = r.last[-1] if r.last else {}
    number = next(
        (t for t in c.all("num") if scope.num(t).unit in ("", "s") and not (t.has("ord") or t.has("t"))), None
    )
    marks = [t for t in scope.ordinals(c) if t is not number]
    if last.get("edit") != "segment_length" or number is None or not marks or c.has("cmp"):
        return False
    if c.verb("remove", "move", "swap") or not any(t.has("rel", "for") or t.has("v") for t in c.tokens):
        return False
    value = scope.num(number).value * (1 if scope.num(number).unit else 1000)
    c.use(number, *marks)
    target = tuple(scope.position(t, len(r.video)) for t in marks)
    return r.do(SetSegmentLength(to=value, target=target))


def fade_over(c: Clause, r: Reading) -> bool:
    """Over three seconds, said after a fade."""
    last = r.last[-1] if r.last else {}
    number = scope.number(c, "s")
    plain = all(t.is_filler or t is number for t in c.tokens)
    if last.get("edit") != "fade" or number is None or not plain:
        return False
    if not any(t.text in ("over", "for", "用", "持续") for t in c.tokens):
        return False
    c.use(number)
    ms = scope.num(number).value
    return r.do(SetFade(fade_in=last.get("fade_in") and ms, fade_out=last.get("fade_out") and ms))


def denies_last(parts: Sequence[Clause], r: Reading) -> bool:
    """4, not 5: what is turned down is what was just done."""
    told = [v for last in r.last for v in last.values()]
    return any(
        t.negated and t.has("num") and any(scope.num(t).value * by in told for by in (1, 1000, 0.01))
        for c in parts
        for t in c.tokens
    )


def each_again(c: Clause, r: Reading) -> bool:
    """4 actually, 还是4秒吧: another time for every picture, after one for every picture."""
    last = r.last[-1] if r.last else {}
    number = scope.number(c, "s", "")
    kinds = {"segment_length": "to", "transition": "d", "make_slideshow": ""}
    key = kinds.get(str(last.get("edit")))
    plain = all(t.is_filler or t is number or t.has("corr") or t.has("v", "set") for t in c.tokens)
    if not key or number is None or not plain or not last.get(key):
        return False
    if not (r.correcting or any(t.has("corr") or t.has("pron") for t in c.tokens)):
        return False
    ms = scope.num(number).value * (1 if scope.num(number).unit else 1000)
    edit = edit_from_json({**last, key: ms})
    c.use(number)
    return edit is not None and r.do(edit)


def trim_too(c: Clause, r: Reading) -> bool:
    """And the last 2: as much cut from the other end."""
    last = r.last[-1] if r.last else {}
    number = scope.number(c, "s", "")
    end = c.first("ord", "-1") or c.first("when", "end")
    plain = all(
        t.is_filler or t in (number, end) or t.has("v", "trim", "remove") or t.has("t", "clip")
        for t in c.tokens
    )
    if last.get("edit") != "trim" or number is None or end is None or not plain or r.correcting:
        return False
    ms = scope.num(number).value * (1 if scope.num(number).unit else 1000)
    c.use(number, end)
    return r.do(Trim(tail=ms))


def beside(c: Clause, r: Reading) -> bool:
    """Whatever only the last change explains."""
    return fade_over(c, r) or shown_too(c, r) or each_again(c, r) or trim_too(c, r)


def kept_as(c: Clause) -> None:
    """Forget that, keep it square: beside a correction the value kept is one to go back to."""
    valued = any(t.has(kind) for t in c.tokens for kind in ("shape", "fit", "style", "motion", "color"))
    if valued and any(t.has("pron") for t in c.tokens):
        for t in c.tokens:
            if t.has("v", "keep"):
                t.senses["v"] = "set"


def neighbour(c: Clause, r: Reading) -> bool:
    """The one before it, 它后面那张: the picture beside the one spoken of last."""
    last = r.last[-1] if r.last else {}
    held = last.get("which") if last.get("edit") in ("remove", "move") else last.get("target")
    near = next((t for t in c.tokens if t.has("rel", "before", "after", "behind") or t.text in _BESIDE), None)
    spoken = c.targets("one", "photo") or any(t.text in ("那张", "那个", "这张") for t in c.tokens)
    if held in (None, [], ()) or near is None or not spoken or not any(t.has("pron") for t in c.tokens):
        return False
    gone = last.get("edit") == "remove"
    first = held[0] if isinstance(held, list | tuple) else held
    count = len(r.video) + (len(held) if gone and isinstance(held, list | tuple) else 0)
    at = first if first >= 0 else first + count
    earlier = near.has("rel", "before") or near.text == "前面"
    index = at - 1 if earlier else at if gone else at + 1
    if not 0 <= index < len(r.video):
        r.plan.problem("no_such_segment", number=index + 1, count=len(r.video))
        return True
    for t in c.tokens:
        t.used = t.used or t is near or t.has("pron") or t.has("t", "one", "photo")
    if c.verb("remove", "no") or (
        gone and not (c.verb("set", "add", "move") or c.has("cmp") or c.has("style") or c.has("color"))
    ):
        c.use_all(("v",))
        return r.do(Remove(which=(index,)))
    if "target" in fields_of(last) and not c.verb("set", "add", "move"):
        edit = edit_from_json({**last, "target": [index]})
        return edit is not None and r.do(edit)
    return False


def fields_of(last: object) -> Sequence[str]:
    kind = last.get("edit") if isinstance(last, dict) else None
    known = Edit.registry.get(str(kind))
    return tuple(known.__dataclass_fields__) if known else ()
