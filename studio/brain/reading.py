"""The state of reading one utterance: the draft so far, what is spoken of, what was done and refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studio.brain.context import Context
from studio.brain.plan import Plan
from studio.draft import AUDIO, TEXT, VIDEO
from studio.edits import Edit, EditError
from studio.edits.tracks import Segment, kind_of, segments

# Which thing an edit is about, for "it" in the next utterance.
TOPICS: Mapping[str, str] = {
    "ring": "ring",
    "background": "background",
    "shadow": "shadow",
    "shape": "shape",
    "style": "style",
    "add_title": "title",
    "change_title": "title",
    "music": "music",
    "volume": "music",
    "fade": "music",
    "motion": "motion",
    "length": "length",
    "speed": "speed",
    "canvas": "canvas",
    "zoom": "frame",
    "shift": "frame",
    "face": "person",
    "transition": "transition",
    "move": "photo",
    "remove": "photo",
    "swap": "photo",
    "append": "photo",
    "segment_length": "photo",
    "trim": "trim",
    "change_illustration": "drawing",
    "make_illustration": "drawing",
}


class Reading:
    """Edits are tried as they are read, so that later clauses see what earlier ones made."""

    def __init__(
        self, context: Context, plan: Plan, said: str, footing: Mapping[str, Any] | None = None
    ) -> None:
        self.context = context
        self.plan = plan
        self.said = said
        self.now: Mapping[str, Any] = context.draft
        self.done: list[Edit] = []
        self.refused: list[EditError] = []
        self.last: tuple[Mapping[str, Any], ...] = tuple(
            e for e in context.draft.get("m", {}).get("said", ()) if isinstance(e, dict)
        )
        self.topic = ""
        self.focus, self.focus_field = self._focus()
        self.correcting = False
        self.turned_down: set[str] = set()
        # What a correction is read on, its words, whether it went back, and the edits it carries elsewhere.
        self.footing = footing
        self.marks: set[str] = set()
        self.went_back = False
        self.moved: list[Mapping[str, Any]] = []
        self.variants: tuple[Mapping[str, Any], ...] = ()

    def _focus(self) -> tuple[str, str]:
        for edit in reversed(self.last):
            kind = str(edit.get("edit", ""))
            if kind == "adjust":
                return "adjust", str(edit.get("field", ""))
            if kind in TOPICS:
                return TOPICS[kind], ""
        return "", ""

    def do(self, edit: Edit) -> bool:
        """Apply an edit to the draft so far; a refusal is kept to be told."""
        try:
            self.now = edit.apply(self.now, self.context.media)
        except EditError as error:
            if all(error.key != e.key or error.values != e.values for e in self.refused):
                self.refused.append(error)
            return True
        self.done.append(edit)
        if edit.kind in TOPICS:
            self.topic = TOPICS[edit.kind]
        elif edit.kind == "adjust":
            self.topic = str(getattr(edit, "field", "")) or "light"
        return True

    def go_back(self) -> None:
        """Take the version before as the starting point: a correction replaces what it corrects."""
        if self.context.previous is not None and not self.done:
            self.now = self.context.previous if self.footing is None else self.footing
            self.went_back = True

    @property
    def video(self) -> list[Segment]:
        """The picture segments as they are now."""
        return segments(self.now, VIDEO)

    @property
    def titles(self) -> list[Segment]:
        """The titles as they are now."""
        return segments(self.now, TEXT)

    @property
    def sounds(self) -> list[Segment]:
        """The audio segments as they are now."""
        return segments(self.now, AUDIO)

    @property
    def kinds(self) -> set[str]:
        """The kinds of picture on the timeline."""
        return {kind_of(s) for s in self.video}

    @property
    def has_avatar(self) -> bool:
        """Whether an avatar or a drawing is on the timeline."""
        return bool(self.kinds & {"avatar", "illustration"})

    @property
    def recipe(self) -> Mapping[str, Any]:
        """The first avatar's recipe, empty when there is none."""
        for segment in self.video:
            if kind_of(segment) in ("avatar", "illustration"):
                found: Mapping[str, Any] = segment.get("m", {}).get("avatar") or {}
                return found
        return {}

    def say_all(self, target: Sequence[int] | None) -> None:
        """Tell that an edit without a target went to every picture of a slideshow."""
        if target is None and len(self.video) > 1:
            self.plan.note("all_pictures", count=len(self.video))
