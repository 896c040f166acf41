"""Drops "I encountered a temporary issue" from the end of a reply: after normal text it means nothing."""

from __future__ import annotations

import re

_MARK = "i encountered a temporary issue"
_SENTENCE_START = re.compile(r"(?:\A|[\n.!?。！？:：*_>#\s])\s*[*_>#\s]*\Z")
# Longer than this it is no bare apology but something to be read.
_LONGEST = 400


class TrailingApology:
    """Passes a reply's text through, less the apology where it trails after normal text."""

    def __init__(self) -> None:
        self._held = ""
        self._pending = ""
        self._spoke = False

    def feed(self, text: str) -> str:
        """What may be shown now."""
        before = ""
        if self._pending and text.strip():
            before, self._pending = f"{self._pending.strip()}\n\n", ""
        self._held += text
        at = self._begins()
        if len(self._held) - at > _LONGEST:
            at = len(self._held)
        shown, self._held = self._held[:at], self._held[at:]
        return self._told(before + shown)

    def end_block(self) -> str:
        """What the end of a block sets free; an apology waits whether another block follows."""
        held, self._held = self._held, ""
        if held.lower().startswith(_MARK) and self._spoke:
            self._pending = held
            return ""
        return self._told(held)

    def _told(self, text: str) -> str:
        self._spoke = self._spoke or bool(text.strip())
        return text

    def _begins(self) -> int:
        """Where the apology, or what may become it, begins; the length of the text where nowhere."""
        low = self._held.lower()
        at = low.find(_MARK)
        while at >= 0:
            if _SENTENCE_START.search(self._held[:at]):
                return at
            at = low.find(_MARK, at + 1)
        for length in range(min(len(_MARK) - 1, len(low)), 0, -1):
            start = len(low) - length
            if low.endswith(_MARK[:length]) and _SENTENCE_START.search(self._held[:start]):
                return start
        return len(self._held)
