"""The compiled language data in memory: loaded once, on the first utterance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from intents.automaton import Automaton

Phrases = Mapping[str, tuple[tuple[str, ...], ...]]  # first word → phrases, longest first


def _phrases(sentences: list[list[str]]) -> Phrases:
    found: dict[str, list[tuple[str, ...]]] = {}
    for sentence in sentences:
        found.setdefault(sentence[0], []).append(tuple(sentence))
    return {first: tuple(sorted(all_, key=len, reverse=True)) for first, all_ in found.items()}


class Tables:
    """What the compiled data say, ready for look-ups."""

    def __init__(self, compiled: Mapping[str, Any]) -> None:
        self.tags: list[tuple[str, str, str]] = [tuple(t) for t in compiled["tags"]]
        self.main: tuple[Automaton, ...] = tuple(
            Automaton(packed) for kinds in compiled["main"].values() for packed in kinds.values()
        )
        self.prefix = Automaton(compiled["prefix"])
        self.strong = _phrases(compiled["strong"])
        self.weak = _phrases(compiled["weak"])
        self.after_end = _phrases(compiled["after_end"])
        self.before_end = _phrases(compiled["before_end"])
        self.skip = _phrases(compiled["skip"])
        self.frame = _phrases(compiled["frame"])
        self.deny = frozenset(compiled["deny"])
        self.veto = _phrases([phrase.split(" ") for phrase in compiled["veto"]])
        self.veto_tags: dict[tuple[str, ...], tuple[int, ...]] = {
            tuple(phrase.split(" ")): tuple(tags) for phrase, tags in compiled["veto"].items()
        }
        self.bigrams: dict[str, str] = compiled["bigrams"]
        self.key = frozenset(compiled["key"])
        self.known = frozenset(compiled["known"])
        self.vocabulary = frozenset().union(*(a.vocabulary for a in self.main), self.prefix.vocabulary)

    def match(self, tokens: list[str]) -> int:
        """The tag of the sentence that these tokens are, or -1."""
        for automaton in self.main:
            tag = automaton.match(tokens)
            if tag >= 0:
                return tag
        return -1


@lru_cache(maxsize=1)
def shipped() -> Tables:
    """The tables that ship with the package."""
    path = Path(__file__).parent / "data" / "compiled.json"
    return Tables(json.loads(path.read_bytes()))


def starts(phrases: Phrases, tokens: list[str], at: int, end: int | None = None) -> int:
    """How many tokens (before `end`) the longest phrase covers that stands at `at`; 0 when none does."""
    limit = len(tokens) if end is None else end
    for phrase in phrases.get(tokens[at], ()):
        size = len(phrase)
        if at + size <= limit and (size == 1 or tuple(tokens[at : at + size]) == phrase):
            return size
    return 0


def without(phrases: Phrases, tokens: list[str]) -> list[str]:
    """The tokens that stand in no phrase, scanning for the longest from the left."""
    kept: list[str] = []
    at, size = 0, len(tokens)
    while at < size:
        if tokens[at] in phrases:
            covered = starts(phrases, tokens, at)
            if covered:
                at += covered
                continue
        kept.append(tokens[at])
        at += 1
    return kept
