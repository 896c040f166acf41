"""Language, both ways: what the user asks for (`route`), and what the backend's talk means (`translate`).

`route` answers with intents in the order they are to be carried out. A wish that names its result as a
file ("generate a portrait into a 1080p MP4") is one `sse` intent with the slot
`deliver` = {"format": "mp4", "size": "1080p"}: the words go to the backend, the file is made after the turn.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from intents.intent import ACTIONS, KINDS, Action, Intent, Kind, Translation

__all__ = [
    "ACTIONS",
    "KINDS",
    "Action",
    "Intent",
    "Kind",
    "Translation",
    "Translator",
    "explain",
    "route",
    "translate",
]


def route(
    text: str,
    *,
    exists: Callable[[str], bool] = os.path.exists,
    cwd: str | None = None,
    memory: Mapping[str, Any] | None = None,
) -> list[Intent]:
    """The intents of one utterance, in order; never empty, never raises.

    `exists` is asked about names that look like files, relative ones below `cwd` when it is given. `memory`
    may hold `asked`: the kind of intent that the last turn proposed, so that a bare "yes" means it.
    """
    from intents.router import route as run

    return run(text, exists=exists, cwd=cwd, memory=memory)


def explain(text: str, *, exists: Callable[[str], bool] = os.path.exists) -> list[tuple[str, str, str]]:
    """Clause by clause: kind (also `idle` and `dropped`), words, and what decided it."""
    from intents.router import explain as run

    return run(text, exists=exists)


def translate(text: str) -> Translation:
    """The backend's text without GUI instructions, and the actions these ask for."""
    from intents.gui import translate as run

    return run(text)


def __getattr__(name: str) -> Any:
    if name == "Translator":
        from intents.gui import Translator

        return Translator
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
