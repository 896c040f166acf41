"""Simplified and Traditional Chinese: folding what people type, and turning our own sentences round."""

from __future__ import annotations

from functools import cache

from studio.brain.data import load

# Characters that stand for themselves in Traditional text too, so the catalogue keeps them.
_KEPT = frozenset("台只才干系制卷布占采沉郁面松范胡须杠朴借杯")


@cache
def _folds() -> dict[int, str]:
    return {ord(form): pair[0] for pair in _pairs() for form in pair[1:] if form != pair[0]}


@cache
def _unfolds() -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in reversed(_pairs()) if pair[0] not in _KEPT}


@cache
def _pairs() -> tuple[str, ...]:
    text: str = load("zh", "script")["pairs"]
    return tuple(text.split())


@cache
def _phrases() -> tuple[tuple[str, str], ...]:
    table: dict[str, str] = load("zh", "script")["phrases"]
    return tuple(sorted(table.items(), key=lambda item: -len(item[0])))


def fold(text: str) -> str:
    """Traditional characters as Simplified ones; same length, position by position."""
    return text.translate(_folds())


def to_traditional(text: str) -> str:
    """One of our own sentences in Traditional characters."""
    for simplified, traditional in _phrases():
        text = text.replace(simplified, traditional)
    return text.translate(_unfolds())


def is_traditional(text: str) -> bool | None:
    """True or False for text in one script alone, None where the characters do not tell."""
    traditional = sum(ord(c) in _folds() for c in text)
    simplified = sum(ord(c) in _unfolds() for c in text)
    if traditional == simplified:
        return None
    return traditional > simplified
