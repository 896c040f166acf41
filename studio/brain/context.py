"""What the brain is given and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.draft import Draft
from studio.edits import Media


@dataclass(frozen=True)
class Context:
    """A session as the brain sees it; `previous` is the version before the current one, for corrections."""

    draft: Mapping[str, Any]
    media: Media = ()
    language: str = "en"
    variants: tuple[Mapping[str, Any], ...] = ()
    previous: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Reply:
    """What to tell the user, the draft that follows (None: no change), and the edits that were done.

    `step` is to be walked `steps` times, and told in `language`, the utterance's own.
    """

    text: str
    draft: Draft | None = None
    step: str = ""
    variants: tuple[Mapping[str, Any], ...] = ()
    edits: tuple[Mapping[str, Any], ...] = ()
    steps: int = 1
    language: str = "en"
