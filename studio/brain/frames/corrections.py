"""No, I meant; not red, blue; too dark: what puts right something said before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from studio.brain import scope
from studio.brain.frames.beside import denies_last, fields_of, neighbour, recoloured
from studio.brain.frames.carryover import carried, only_names
from studio.brain.reading import Reading
from studio.brain.tokens import Clause, Token
from studio.edits import (
    SetFace,
    SetLength,
    SetMotion,
    SetRing,
    SetSpeed,
    SetVolume,
    Shift,
    Trim,
)
from studio.edits.base import edit_from_json
from studio.edits.values import RANGES

# Edits that build on what was there: putting them right starts from the version before.
_BUILDING = frozenset(
    [
        "adjust",
        "zoom",
        "shift",
        "volume",
        "length",
        "remove",
        "move",
        "swap",
        "reverse",
        "trim",
        "speed",
        "segment_length",
        "append",
        "every_photo",
        "make_avatar",
        "make_slideshow",
        "make_illustration",
        "remove_title",
        "remove_music",
        "style",
        "ring",
    ]
)


def corrections(parts: list[Clause], r: Reading) -> list[Clause]:
    """Take "no," and "I meant" off the front; negate what "not red" and "instead of blue" turn down."""
    strong = False
    if len(parts) > 1 and len(parts[0].tokens) <= 4 and _mere(parts[-1]) and not _mere(parts[0]):
        # "Right, sorry": the mark of a correction may also come behind it.
        parts = [parts[-1], *parts[:-1]]
    while len(parts) > 1 and any(t.has("corr", "weak") for t in parts[0].tokens) and _mere(parts[0]):
        parts = parts[1:]
    for c in parts:
        content = [t for t in c.tokens if not t.is_filler and not t.has("corr", "strong")]
        marks = [t for t in c.tokens if t.has("corr", "strong")]
        r.marks.update(t.text for t in marks)
        first = c.tokens[0] if c.tokens else None
        # "No shadow" is a wish, "no, a shadow" a correction.
        plain_no = first is not None and first.text in ("no", "不") and len(marks) == 1
        lead = first is not None and not plain_no and (first.has("corr", "strong") or first.has("not"))
        alone = bool(marks) and not content
        if (alone and c is parts[0]) or (
            lead and c is parts[0] and (len(parts) > 1 or c.tokens[0].has("corr", "strong"))
        ):
            strong = strong or bool(r.last)
        if alone or (
            lead and c.tokens[0].has("corr", "strong") and c.tokens[0].text not in ("no", "不", "wrong")
        ):
            for t in marks:
                t.used = True
    for c, later in zip(parts, [*parts[1:], None], strict=False):
        _negate(c)
        _not_that(c)
        _turned_down(c, later)
        if later is None or all(t.is_filler for t in later.tokens):
            _only_negated(c)
    for earlier, c in pairwise(parts):
        if not any(t.has("v", "to", "set") for t in c.tokens if not t.has("v", "no")):
            _turned_down(c, earlier)
    strong = strong or denies_last(parts, r)
    parts = [c for i, c in enumerate(parts) if not _replaced(parts, i)]
    r.turned_down = {str(t.get("color")) for c in parts for t in c.tokens if t.negated and t.has("color")}
    kept = [c for c in parts if not all(t.used or t.is_punct for t in c.tokens)]
    if strong and kept:
        r.correcting = True
        if any(_builds(last) for last in r.last) or only_names(kept[0]):
            r.go_back()
    return kept


_VALUES = ("color", "shape", "style", "mood", "motion", "pos", "dir", "thickness")


def _replaced(parts: Sequence[Clause], i: int) -> bool:
    """A gold, no, silver ring: a value that names nothing is put right in the same breath."""
    rest = parts[i + 1 :]
    if len(rest) < 2 or not rest[0].tokens or not _mere(rest[0]):
        return False
    if not any(t.has("corr", "strong") for t in rest[0].tokens) or any(t.has("t") for t in parts[i].tokens):
        return False
    kinds = {kind for kind in _VALUES for t in parts[i].tokens if t.has(kind)}
    return bool(kinds) and all(any(t.has(kind) for t in rest[1].tokens) for kind in kinds)


def _builds(last: Mapping[str, Any]) -> bool:
    return last.get("edit") in _BUILDING or any(last.get(key) for key in ("times", "steps", "by"))


def _mere(c: Clause) -> bool:
    return all(t.is_filler or t.has("corr") for t in c.tokens)


def _negate(c: Clause) -> None:
    for i, t in enumerate(c.tokens):
        if not t.has("not"):
            continue
        if any(x.has("too") or x.text in ("so", "as", "that") for x in c.tokens[i + 1 : i + 2]):
            continue
        instead = t.text in ("instead of", "rather than")
        for other in c.tokens[i + 1 : i + 5]:
            if other.has("v", "to") or other.text in ("but", "而是", "要", "是"):
                break
            if (
                other.has("color")
                or other.has("shape")
                or other.has("style")
                or other.has("mood")
                or other.has("num")
                or other.has("pos")
                or other.has("motion")
                or other.has("bg")
                or other.has("dir")
                or other.has("thickness")
            ):
                other.negated = True
                other.used = True
                t.used = True
                if not other.has("color") or instead:
                    break


def _not_that(c: Clause) -> None:
    """要蓝色不要绿色: of two values in one clause the one turned down."""
    for i, t in enumerate(c.tokens):
        if t.text not in ("不要", "不是", "别用", "不用") or i + 1 >= len(c.tokens):
            continue
        other = c.tokens[i + 1]
        for kind in ("color", "style", "shape", "mood", "motion"):
            if other.has(kind) and any(x.has(kind) for x in c.tokens[:i]):
                other.negated = other.used = t.negated = t.used = True


def _turned_down(c: Clause, later: Clause | None) -> None:
    """Not red but the next clause says which: 不要红色,要绿色."""
    if (
        later is None
        or not any(t.has("v", "no") for t in c.tokens)
        or any(t.has("v", "no", "remove") for t in later.tokens)
    ):
        return
    if any(t.has("t") and not t.has("thickness") for t in later.tokens):
        return
    for kind in ("color", "shape", "style", "mood", "motion", "pos", "thickness"):
        if c.has(kind) and later.has(kind):
            for t in c.tokens:
                if t.has(kind):
                    t.negated = t.used = True


def limited(parts: list[Clause]) -> list[Clause]:
    """ "Make it mono, the second photo only": a clause that only names pictures limits the one before."""
    out: list[Clause] = []
    for c in parts:
        content = [t for t in c.tokens if not t.is_filler or t.has("ord")]
        names = all(
            t.has("ord") or t.has("t", "photo", "one", "clip") or t.has("rel", "only") or t.has("fileref")
            for t in content
        )
        # "Skip the intro, first 6 seconds": how much is to be cut.
        amount = bool(out) and any(t.has("v", "trim") for t in out[-1].tokens) and _amount_only(c)
        if amount and not any(t.has("num") for t in out[-1].tokens):
            out[-1].tokens = [t for t in out[-1].tokens if not t.stands_out] + c.tokens
            continue
        refers = any(t.has("ord") or t.has("fileref") for t in content) and any(
            t.has("rel", "only") for t in c.tokens
        )
        if out and content and names and refers and not any(t.has("ord") for t in out[-1].tokens):
            out[-1].tokens += c.tokens
            continue
        out.append(c)
    return out


def _amount_only(c: Clause) -> bool:
    timed = any(t.has("num") and scope.num(t).unit == "s" for t in c.tokens)
    placed = any(t.has("ord", "1", "-1") or t.has("when") for t in c.tokens)
    return (
        timed
        and placed
        and all(t.is_filler or t.has("num") or t.has("ord") or t.has("when") for t in c.tokens)
    )


def negated(c: Clause, later: Clause | None) -> bool:
    """Whether a clause only turns something down that the next one puts right."""
    if c.tokens and c.tokens[0].has("not") and only_names(c):
        for t in c.tokens:
            t.used = True
        return True
    if not any(t.negated for t in c.tokens):
        return False
    return all(t.used or t.is_filler or t.has("not") or t.has("v") or t.has("t") for t in c.tokens)


def _only_negated(c: Clause) -> None:
    """Not cartoon, with nothing in its place: the style is to go."""
    if c.has("style"):
        return
    for t in c.tokens:
        if t.negated and t.has("style"):
            t.negated = t.used = False
            c.tokens.insert(0, Token(0, 0, "no", "", {"v": "no"}))
            return


def corrected(c: Clause, r: Reading) -> bool:
    """A correction that only makes sense beside what it corrects: no, left; no, the second one."""
    if carried(c, r) or recoloured(c, r) or neighbour(c, r):
        return True
    if not r.correcting or any(
        t.has("t") and not t.has("t", "photo", "one", "clip", "person") for t in c.tokens
    ):
        return False
    if c.has("color") or c.has("shape") or c.has("style") or c.has("cmp") or c.has("mood"):
        return False
    return meant(c, r) or replay(c, r) or numbers(c, r)


def meant(c: Clause, r: Reading) -> bool:
    """I meant right: the other side of the last pan, shift or choice of person."""
    side = c.first("dir")
    last = r.last[-1] if r.last else {}
    if last.get("edit") == "trim" and c.has("when", "start", "end"):
        ms = max(float(last.get("head", 0)), float(last.get("tail", 0)))
        at_start = c.has("when", "start")
        c.use_all(("when", "rel"))
        return r.do(Trim(head=ms if at_start else 0, tail=0 if at_start else ms))
    if side is None or not last:
        return False
    way = str(side.get("dir"))
    kind = last.get("edit")
    if kind == "motion" and way in ("left", "right"):
        c.use(side)
        return r.do(SetMotion(motion=f"pan-{way}"))
    if kind == "face":
        c.use(side)
        return r.do(SetFace(face=0 if way == "left" else -1))
    if kind == "shift":
        c.use(side)
        step = max(abs(float(last.get("x", 0))), abs(float(last.get("y", 0)))) or RANGES["offset"].step
        x = step if way == "right" else -step if way == "left" else 0.0
        y = step if way == "down" else -step if way == "up" else 0.0
        return r.do(Shift(x=x, y=y))
    return False


def numbers(c: Clause, r: Reading) -> bool:
    """Not 14, 16: a number that takes the place of the last one."""
    token = c.first("num")
    last = r.last[-1] if r.last else {}
    if token is None or not last:
        return False
    value = scope.num(token)
    kind = last.get("edit")
    amount = value.value / 100 if not value.unit and value.value > 1 else value.value
    if kind == "length" and value.unit in ("", "s"):
        c.use(token)
        return r.do(SetLength(to=value.value if value.unit else value.value * 1000))
    if kind in ("volume", "music") and value.unit in ("", "pct"):
        c.use(token)
        return r.do(SetVolume(to=amount))
    if kind == "speed" and value.unit in ("", "x"):
        c.use(token)
        return r.do(SetSpeed(to=value.value))
    if kind == "ring" and value.unit in ("", "pct"):
        c.use(token)
        return r.do(SetRing(width=amount))
    if kind in ("trim", "segment_length", "transition", "change_title", "add_title") and value.unit in (
        "",
        "s",
    ):
        c.use(token)
        ms = value.value if value.unit else value.value * 1000
        changed = {**last, **{k: ms for k in ("to", "d", "head", "tail") if last.get(k)}}
        edit = edit_from_json(changed)
        return edit is not None and r.do(edit)
    return False


def replay(c: Clause, r: Reading) -> bool:
    """No, the third one; the same for all of them: the last edit again with another target."""
    if not r.last:
        return False
    every = any(t.has("all") for t in c.tokens) and any(t.has("same") or t.has("pron") for t in c.tokens)
    marks = list(c.pictures or ()) or [scope.position(t, len(r.video)) for t in scope.ordinals(c)]
    if not every and not (
        marks
        and (
            r.correcting or any(t.has("same") or t.text in ("also", "too", "as well", "也") for t in c.tokens)
        )
    ):
        return False
    done = False
    for last in r.last:
        changed = dict(last)
        if last.get("edit") == "swap" and len(marks) > 1:
            changed.update(one=marks[0], other=marks[1])
        elif last.get("edit") == "face" and marks:
            changed["face"] = marks[0]
        elif last.get("edit") in ("change_title", "remove_title"):
            changed["target"] = marks[0] if marks else -1
        elif "target" in fields_of(last) and (every or marks):
            changed["target"] = None if every else list(marks)
        elif last.get("edit") == "remove" and marks:
            changed["which"] = list(marks)
        elif last.get("edit") == "move" and marks:
            # Second to the front — sorry, third: a bare ordinal is the one that was spoken.
            ends = last.get("to") in (0, -1) and not c.verb("move", "add") and marks[0] not in (0, -1)
            named = ends or any(scope.is_picture_ordinal(c, t) for t in scope.ordinals(c))
            changed.update({"which": marks[0]} if named else {"to": marks[0], "before": None, "after": None})
        else:
            continue
        edit = edit_from_json(changed)
        done = (edit is not None and r.do(edit)) or done
    if done:
        c.use_all(("all", "same", "t", "ord"))
    return done
