"""What there is to say beside the edits: notes, answers, problems, what was not understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Note = tuple[str, Mapping[str, Any]]


@dataclass
class Plan:
    """Filled while reading; `near` names the kinds of edit to offer where something was not understood."""

    language: str = "en"
    step: str = ""
    steps: int = 1
    notes: list[Note] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    variants: int = 0
    kept: bool = False

    def note(self, key: str, **values: Any) -> None:
        """Something to say beside the change, once."""
        if (key, values) not in self.notes:
            self.notes.append((key, values))

    def problem(self, key: str, **values: Any) -> None:
        """Something that cannot be done, once."""
        if (key, values) not in self.problems:
            self.problems.append((key, values))
