"""What a correction leaves standing: of several things done at once only the one put right is done anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studio.brain.reading import TOPICS, Reading
from studio.edits import EditError
from studio.edits.base import edit_from_json

# Kinds that put each other right though they are about different fields.
_ALIKE: Mapping[str, str] = {
    "remove_title": "title",
    "remove_music": "music",
    "speed": "time",
    "length": "time",
    "trim": "time",
    "segment_length": "time",
    "motion": "frame",
    "zoom": "frame",
    "shift": "frame",
    "face": "frame",
    "make_slideshow": "make",
    "make_avatar": "make",
    "make_illustration": "make",
    "every_photo": "make",
}
_ABOUT = frozenset(("edit", "target"))
_PLAIN = frozenset(("no", "nope", "nah", "no no", "不", "不不", "wait", "hold on", "hang on"))


def footing(r: Reading) -> Mapping[str, Any] | None:
    """The draft a correction is to be read on anew, None when it was read on the right one."""
    if not r.done:
        return r.context.draft
    kept = [last for last in r.last if not _replaced(last, r)]
    if not kept:
        return None
    if len(kept) == len(r.last):
        # "I meant the ring" takes back what was done to another thing; a bare "no" does not.
        return None if len(r.last) == 1 and r.marks - _PLAIN else r.context.draft
    now: Mapping[str, Any] = r.context.previous or r.context.draft
    for last in kept:
        edit = edit_from_json(last)
        if edit is None:
            return r.context.draft
        try:
            now = edit.apply(now, r.context.media)
        except EditError:
            return r.context.draft
    return now


def _replaced(last: Mapping[str, Any], r: Reading) -> bool:
    if any(last is moved for moved in r.moved):
        return True
    kind = str(last.get("edit", ""))
    lights = sum(e.get("edit") == "adjust" for e in r.last)
    for edit in r.done:
        if kind == edit.kind == "adjust":
            if lights == 1 or last.get("field") == getattr(edit, "field", ""):
                return True
        elif _group(kind) == _group(edit.kind) and not _adds_to(last, edit.to_json()):
            return True
    return False


def _adds_to(last: Mapping[str, Any], edit: Mapping[str, Any]) -> bool:
    """A thinner ring is still the gold one, a title moved still the one that was added."""
    kinds = {last.get("edit"), edit.get("edit")}
    if kinds == {"add_title", "change_title"}:
        return last.get("edit") == "add_title"
    if kinds not in ({"ring"}, {"change_title"}):
        return False
    said = [{k for k, v in e.items() if v not in (None, (), [], False)} - _ABOUT for e in (last, edit)]
    return not said[0] & said[1]


def _group(kind: str) -> str:
    return _ALIKE.get(kind) or TOPICS.get(kind, kind)
