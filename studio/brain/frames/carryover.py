"""The last change carried over to another thing: no, I meant the ring; the title as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.brain.frames.sharing import says_how, things_of
from studio.brain.reading import Reading
from studio.brain.tokens import Clause
from studio.edits import (
    Adjust,
    ChangeTitle,
    Edit,
    RemoveMusic,
    RemoveTitle,
    SetBackground,
    SetRing,
    SetShadow,
    SetStyle,
)

_ALSO = frozenset(("as well", "also", "too", "也", "也是", "同样", "一样", "likewise"))
_FIELDS = ("brightness", "contrast", "saturation", "warmth", "sharpness")
_REMOVALS = ("remove_title", "remove_music")


def only_names(c: Clause) -> bool:
    """Whether a clause names a thing and says nothing of it."""
    return bool(things_of(c)) and not says_how(c)


def carried(c: Clause, r: Reading) -> bool:
    """Do to the thing named what was done last to another, when the words point back at that."""
    on = r.said.strip().lower().startswith(("and ", "plus ", "还有", "再加上")) and not r.done
    points_back = r.correcting or on or any(t.text in _ALSO or t.has("same") for t in c.tokens)
    if not r.last or not points_back or not only_names(c):
        return False
    done = False
    for thing in things_of(c):
        if any(t.has("not") or t.has("v", "no") for t in c.before(thing)[-2:]):
            thing.used = True
            continue
        names = thing.get("t")
        name = names if isinstance(names, str) else min(names)
        for last in r.last:
            edit = _moved(last, name)
            if edit is not None:
                thing.used = True
                r.moved.append(last)
                done = r.do(edit) or done
    if done:
        for t in c.tokens:
            t.used = True
    return done


def _moved(last: Mapping[str, Any], name: str) -> Edit | None:
    kind = last.get("edit")
    colors = tuple(last.get("colors") or ([last["color"]] if last.get("color") else ()))
    if colors:
        return {
            "ring": SetRing(colors=colors),
            "background": SetBackground(to="gradient" if len(colors) > 1 else "color", colors=colors),
            "title": ChangeTitle(color=colors[0]),
        }.get(name)
    gone = kind in _REMOVALS or last.get("off") or last.get("on") is False or last.get("to") == "transparent"
    if gone or (kind == "style" and last.get("style") == "none"):
        return {
            "ring": SetRing(off=True),
            "background": SetBackground(to="transparent"),
            "title": RemoveTitle(),
            "music": RemoveMusic(),
            "shadow": SetShadow(on=False),
            "style": SetStyle(style="none"),
        }.get(name)
    if kind == "adjust" and name in _FIELDS:
        return Adjust(field=name, to=last.get("to"), steps=last.get("steps"))
    return None
