"""Many photos, one avatar each: the jobs of a batch, from arguments or from JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.errors import AvatarError, UsageError
from agent.naming import safe_stem


@dataclass(frozen=True, slots=True)
class Job:
    """One photo and what is said of it."""

    file: str
    say: str

    def target(self, folder: str, format: str) -> Path:
        """Where its avatar goes: under the photo's own name."""
        return Path(folder).expanduser() / f"{safe_stem(Path(self.file).stem) or 'avatar'}.{format}"


def jobs_for(files: Sequence[str], say: str) -> tuple[Job, ...]:
    """The same words for every file. Raises UsageError."""
    if not files:
        raise UsageError("batch_none")
    if not say.strip():
        raise UsageError("missing_option", option="--say")
    return tuple(Job(file, say) for file in files)


def jobs_in(lines: Iterable[str]) -> Iterator[Job | AvatarError]:
    """The jobs of JSON Lines, as they come; a line that is none is its error, and the others go on."""
    for place, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        file = found.get("file") if isinstance(found, dict) else None
        say = found.get("say") if isinstance(found, dict) else None
        if isinstance(file, str) and file and isinstance(say, str) and say.strip():
            yield Job(file, say)
        else:
            yield UsageError("batch_line", line=place)
