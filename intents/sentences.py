"""Cuts a growing text into sentences; quotations stay whole, and how it was fed makes no difference."""

from __future__ import annotations

import re
from collections.abc import Iterator

QUOTES = {'"': '"', "\u201c": "\u201d", "\u300c": "\u300d", "\u300e": "\u300f", "\u300a": "\u300b"}
_LONGEST_QUOTE = 200  # characters; a mark without its partner within them is just a character
_LONGEST = 2000  # characters of a "sentence" without an end; then it is cut where it stands
_STOP = re.compile('[\n.!?\u3002\uff01\uff1f"\u201c\u300c\u300e\u300a]')
_CLOSING = "\"'\u201d\u2019\u300d\u300f\u300b)*_`\uff09"
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|mr|mrs|ms|dr|no|st|approx)|\b[A-Za-z]|^\s*\d{1,2})$", re.I
)


class Sentences:
    """Feed text, take out finished sentences with the white space that follows them."""

    def __init__(self) -> None:
        self.rest = ""

    def feed(self, piece: str) -> Iterator[str]:
        """The sentences that this piece completes."""
        self.rest += piece
        yield from self._take(final=False)

    def close(self) -> Iterator[str]:
        """What was still held."""
        yield from self._take(final=True)
        if self.rest:
            yield self.rest
        self.rest = ""

    def _take(self, *, final: bool) -> Iterator[str]:
        while self.rest:
            end = self._end(final)
            if end <= 0:
                return
            yield self.rest[:end]
            self.rest = self.rest[end:]

    def _end(self, final: bool) -> int:
        """Where the first sentence ends; 0: nowhere, or not to be told yet."""
        text, at = self.rest, 0
        while True:
            match = _STOP.search(text, at)
            if match is None or match.start() >= _LONGEST:
                return (
                    _LONGEST
                    if len(text) > _LONGEST + _LONGEST_QUOTE or (final and len(text) > _LONGEST)
                    else 0
                )
            mark, at = match.group(), match.end()
            if mark == "\n":
                return at
            if mark in QUOTES:
                line = text.find("\n", at, at + _LONGEST_QUOTE)
                limit = line if line >= 0 else at + _LONGEST_QUOTE
                close = text.find(QUOTES[mark], at, limit)
                if close >= 0:
                    at = close + 1
                    inner = text[close - 1 : close]
                    if (
                        inner in ("\u3002", "\uff01", "\uff1f")
                        and mark != '"'
                        and close + 1 >= len(text)
                        and not final
                    ):
                        return 0
                elif not final and len(text) < limit:
                    return 0
                continue
            while at < len(text) and text[at] in _CLOSING:
                at += 1
            if at >= len(text):
                return at if final else 0
            if mark in "\u3002\uff01\uff1f":
                return self._spaces(at, final)
            if text[at].isspace() and not (
                mark == "." and _ABBREVIATION.search(text[max(0, match.start() - 8) : match.start()])
            ):
                return self._spaces(at, final)

    def _spaces(self, at: int, final: bool) -> int:
        """`at` moved over blanks and one line end; 0 when more blanks may come."""
        text = self.rest
        while at < len(text) and text[at] in " \t":
            at += 1
        if at >= len(text):
            return at if final else 0
        return at + 1 if text[at] == "\n" else at
