"""Walks a compiled automaton over tokens: one dictionary look-up a token; rows unfold when first needed."""

from __future__ import annotations

import array
import base64
import sys
import zlib
from collections.abc import Mapping, Sequence
from typing import Any


def _numbers(packed: str) -> array.array[int]:
    values = array.array("H", zlib.decompress(base64.b64decode(packed)))
    if sys.byteorder == "big":
        values.byteswap()
    return values


class Automaton:
    """A compiled set of sentences; a token it does not know is class 0, no answer is -1."""

    __slots__ = ("_accepts", "_defaults", "_flat", "_number", "_rows", "_sets", "_starts", "vocabulary")

    def __init__(self, compiled: Mapping[str, Any]) -> None:
        self.vocabulary: dict[str, int] = compiled["vocabulary"]
        self._number = self.vocabulary.get("{number}", 0)  # any token that begins with a digit
        self._flat = _numbers(compiled["rows"])
        self._starts: list[int] = []
        at, size = 0, len(self._flat)
        while at < size:
            self._starts.append(at)
            at += 1 + 2 * self._flat[at]
        flat = _numbers(compiled["sets"])
        self._sets: list[array.array[int]] = []
        at, size = 0, len(flat)
        while at < size:
            self._sets.append(flat[at + 1 : at + 1 + flat[at]])
            at += 1 + flat[at]
        self._rows: dict[int, dict[int, int]] = {}
        self._defaults: dict[int, int] = dict(compiled["defaults"])
        self._accepts: dict[int, int] = {state: tags[0] for state, tags in compiled["accepts"]}

    def _row(self, state: int) -> dict[int, int]:
        at = self._starts[state]
        row: dict[int, int] = {}
        for k in range(at + 1, at + 1 + 2 * self._flat[at], 2):
            row.update(dict.fromkeys(self._sets[self._flat[k]], self._flat[k + 1]))
        self._rows[state] = row
        return row

    def match(self, tokens: Sequence[str]) -> int:
        """The tag of the sentence that is exactly these tokens, or -1."""
        state, rows, known = 1, self._rows, self.vocabulary
        for token in tokens:
            row = rows.get(state) or self._row(state)
            number = known.get(token)
            if number is None:
                number = self._number if token[0] <= "9" else 0
            state = row.get(number, 0) or self._defaults.get(state, 0)
            if not state:
                return -1
        return self._accepts.get(state, -1)

    def prefixes(self, tokens: Sequence[str]) -> list[tuple[int, int]]:
        """Where the sentences end that these tokens begin with and their tags, shortest first."""
        state, found = 1, []
        for at, token in enumerate(tokens, 1):
            row = self._rows.get(state) or self._row(state)
            state = row.get(self.vocabulary.get(token, 0), 0) or self._defaults.get(state, 0)
            if not state:
                break
            tag = self._accepts.get(state, -1)
            if tag >= 0:
                found.append((at, tag))
        return found
