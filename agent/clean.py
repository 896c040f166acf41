"""Text from outside made fit for a terminal: no control characters, escape sequences or direction overrides.

What a backend, a file name or an error message says must not move the cursor, set a title or hide words.
"""

from __future__ import annotations

import re

# ECMA-48: CSI, then the string sequences (OSC, DCS, SOS, PM, APC) up to ST or BEL, then the short escapes;
# their 8-bit forms too. An unterminated string sequence ends with its line, so that it swallows no more.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]*[0-~]?"
)
# C0 but tab and newline, DEL, C1, LINE and PARAGRAPH SEPARATOR, bidi embeddings, overrides and isolates,
# the interlinear annotation marks. The zero-width joiner and the direction marks stay: emoji and Arabic
# need them.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
_LONE_SURROGATES = re.compile(r"[\ud800-\udfff]")
# What may still turn out to be a longer sequence when a stream goes on.
_UNFINISHED = re.compile(
    r"(?:\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b\x9c\n]*\x1b?|[ -/]*)|\x9b[0-?]*[ -/]*"
    r"|[\x90\x98\x9d\x9e\x9f][^\x07\x1b\x9c\n]*\x1b?|\r)\Z"
)
_LONGEST_SEQUENCE = 4096


def clean(text: str) -> str:
    """`text` without what a terminal would act on; newlines and tabs stay, CR LF becomes a newline."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = _ESCAPES.sub("", text)
    text = _CONTROLS.sub("", text)
    return _LONE_SURROGATES.sub("\ufffd", text)


def clean_line(text: str) -> str:
    """`text` cleaned and on one line, for names, labels and error details."""
    return " ".join(clean(text).split())


def clean_name(name: str) -> str:
    """A file's name or URL cleaned and on one line, its spaces as they are."""
    return clean(name).replace("\n", " ").replace("\t", " ")


class Cleaner:
    """Cleans a stream of pieces in which an escape sequence may be cut anywhere."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """The clean text that `piece` completes."""
        if not self._held and piece.isprintable():
            return piece
        text = self._held + piece
        unfinished = _UNFINISHED.search(text)
        if unfinished is None or len(text) - unfinished.start() > _LONGEST_SEQUENCE:
            self._held = ""
        else:
            self._held = text[unfinished.start() :]
            text = text[: unfinished.start()]
        return clean(text)

    def close(self) -> str:
        """What was held back, cleaned; the cleaner is empty afterwards."""
        held, self._held = self._held, ""
        return clean(held)
