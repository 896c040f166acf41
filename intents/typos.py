"""Slips of the key vocabulary: swapped, missing, doubled letters; characters that sound alike."""

from __future__ import annotations

from functools import lru_cache

from intents.tables import Tables

_SHORTEST = 4  # letters; shorter words are too close to one another


@lru_cache(maxsize=4)
def _deletions(tables: Tables) -> dict[str, tuple[str, ...]]:
    """Each key word with one letter left out → the key words it may be."""
    found: dict[str, list[str]] = {}
    for word in sorted(tables.key):
        if len(word) >= _SHORTEST:
            for variant in {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}:
                found.setdefault(variant, []).append(word)
    return {variant: tuple(words) for variant, words in found.items()}


def near(a: str, b: str) -> bool:
    """Whether one slip (a letter more, less, other, or two swapped) lies between two words."""
    if a == b or abs(len(a) - len(b)) > 1:
        return a == b
    at = 0
    while at < min(len(a), len(b)) and a[at] == b[at]:
        at += 1
    if len(a) == len(b):
        return a[at + 1 :] == b[at + 1 :] or (
            a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
        )
    short, long = (a, b) if len(a) < len(b) else (b, a)
    return short[at:] == long[at + 1 :]


def _word(tables: Tables, word: str) -> str:
    table = _deletions(tables)
    seen: dict[str, None] = {}
    for variant in (word, *(word[:i] + word[i + 1 :] for i in range(len(word)))):
        for candidate in table.get(variant, ()):
            if near(word, candidate):
                seen[candidate] = None
    best = [c for c in seen if c[0] == word[0]] or list(seen)
    # two slips are forgiven in long words that keep their first letter
    if not best and len(word) >= 6:
        for i in range(len(word)):
            shorter = word[:i] + word[i + 1 :]
            for candidate in table.get(shorter, ()):
                if candidate[0] == word[0] and len(candidate) >= 6 and sorted(candidate)[:1]:
                    return candidate
    return best[0] if best else ""


def corrected(tables: Tables, tokens: list[str]) -> list[str]:
    """The tokens with slips put right; the same list when there is none."""
    fixed = list(tokens)
    changed = False
    for at, token in enumerate(tokens):
        if len(token) == 1:
            if at + 1 < len(tokens) and len(tokens[at + 1]) == 1:
                key = tables.bigrams.get(token + tokens[at + 1])
                if key and fixed[at] == token:
                    fixed[at], fixed[at + 1] = key[0], key[1]
                    changed = True
        elif (
            len(token) >= _SHORTEST - 1
            and len(token) <= 16
            and token.isascii()
            and token.isalpha()
            and token not in tables.vocabulary
            and token not in tables.known
        ):
            word = _word(tables, token)
            if word and word != token:
                fixed[at] = word
                changed = True
    return fixed if changed else tokens
