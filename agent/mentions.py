"""Files named in an utterance are told to the backend by their names: where they lie is nobody's business."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from intents.paths import find

_FOLDERS = re.compile(r"[\\/]")


def by_name(text: str, *, exists: Callable[[str], bool] = os.path.exists) -> str:
    """The text with each local path that exists replaced by the file's name, quoted where it holds spaces."""
    told, done = [], 0
    for span in find(text, exists, None):
        if span.kind != "path" or "://" in span.value or not _FOLDERS.search(span.value):
            continue
        if not exists(span.value):
            continue
        name = _FOLDERS.split(span.value.rstrip("\\/"))[-1]
        told += [text[done : span.start], f'"{name}"' if " " in name else name]
        done = span.end
    return "".join(told) + text[done:]
