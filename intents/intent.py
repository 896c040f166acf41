"""What the two directions yield: an Intent of the user's words, a Translation of the backend's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["upload", "export", "credits", "status", "sse"]
Action = Literal["export", "state", "edit", "summary", "credits", "upload"]

KINDS: tuple[Kind, ...] = ("upload", "export", "credits", "status", "sse")
ACTIONS: tuple[Action, ...] = ("export", "state", "edit", "summary", "credits", "upload")


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing the user wants; `text` is a slice of the utterance, `why` tells how it was understood.

    Slots, all optional: `paths` and `urls` (tuples of str, unquoted and unescaped) on upload;
    `destination`, `name`, `format`, `size`, `fps` on export; `deliver` (a mapping with `format`, `size`)
    on an sse whose result is asked for as a file, and `face` on an sse that tells one ("the second
    face"): counted from 1 at the left, -1 for the rightmost.
    """

    kind: Kind
    text: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    why: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Translation:
    """Backend text without its GUI instructions, and the actions they stood for, in order."""

    text: str
    actions: tuple[Action, ...]
