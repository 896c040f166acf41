"""What Tab offers: the slash commands, and paths to media files wherever a path is being typed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

_PATH = re.compile(r"(?:^|(?<=\s))(~?\.{0,2}/(?:\\.|[^\s\\])*)$")
_MOST = 200


class ChatCompleter(Completer):
    """Completes `/help` at the start of a line and `~/Pictures/me.jpg` anywhere."""

    def __init__(self, commands: Mapping[str, str], types: Collection[str]) -> None:
        self._commands, self._types = commands, {name.lower() for name in types}

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        text = document.text_before_cursor
        if text.startswith("/") and " " not in text:
            for name, meaning in self._commands.items():
                if name.startswith(text):
                    yield Completion(name, -len(text), display_meta=meaning)
        if complete_event.completion_requested and (found := _PATH.search(text)):
            yield from self._paths(found.group(1))

    def _paths(self, typed: str) -> Iterable[Completion]:
        plain = re.sub(r"\\(.)", r"\1", typed)
        folder, _, start = plain.rpartition("/")
        try:
            entries = sorted(Path(f"{folder}/").expanduser().iterdir())[:_MOST]
        except (OSError, RuntimeError):
            return
        for entry in entries:
            if not entry.name.startswith(start) or (entry.name.startswith(".") and not start):
                continue
            is_folder = entry.is_dir()
            if is_folder or entry.suffix.lstrip(".").lower() in self._types:
                rest = re.sub(r"([\s\\'\"])", r"\\\1", entry.name[len(start) :])
                yield Completion(rest + ("/" if is_folder else ""), 0, display=entry.name)
