"""The words of both languages in one dictionary, plurals and one-letter typos included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from studio.brain import colors
from studio.brain.data import load
from studio.brain.language import has_chinese
from studio.brain.script import fold

Senses = dict[str, Any]
_ATOM = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+|[&/+#]")
# One character that names a colour stands for it only in company: see Lexicon.chinese.
LONE_COLORS = frozenset("白黑灰红橙橘黄金绿青蓝靛紫粉棕褐米银桃杏驼")
_COLOR_COMPANY = frozenset("色边框圈环底字背到的渐和与、,。.!?;吧了呢嘛线描外 至")


class Lexicon:
    """Phrases by their atoms (English) and characters (Chinese), each with all its senses."""

    def __init__(self) -> None:
        self.english: dict[str, Senses] = {}
        self.chinese: dict[str, Senses] = {}
        for language in ("en", "zh"):
            for kind, value, phrase in _entries(language):
                self._add(kind, value, phrase)
        self.longest_zh = max(map(len, self.chinese))
        self.longest_en = max(key.count(" ") + 1 for key in self.english)
        self._typos = _deletions(w for w, s in self.english.items() if " " not in w and len(w) > 4)

    def _add(self, kind: str, value: Any, phrase: str) -> None:
        phrase = fold(phrase.strip()).lower()
        if not phrase:
            return
        if has_chinese(phrase):
            senses = self.chinese.setdefault(phrase, {})
        else:
            senses = self.english.setdefault(" ".join(atoms(phrase)), {})
        held = senses.get(kind)
        if held is None:
            senses[kind] = value
        elif held != value:
            senses[kind] = frozenset({value}) | (held if isinstance(held, frozenset) else {held})

    def word(self, word: str, *, guess: bool = True) -> Senses | None:
        """Senses of one English word: as it stands, without its ending, or with one letter wrong."""
        if word in self.english:
            return self.english[word]
        for stem in _stems(word):
            if stem in self.english:
                return self.english[stem]
        if guess and len(word) > 4 and word.isalpha():
            return self._nearest(word)
        return None

    def _nearest(self, word: str) -> Senses | None:
        for key in (word, *_without_one(word)):
            for candidate in self._typos.get(key, ()):
                if candidate[0] == word[0] and _one_apart(candidate, word):
                    return self.english[candidate]
        return None


def atoms(text: str) -> list[str]:
    """English words, digit runs and the few symbols phrases hold; hyphens and spaces part them."""
    return _ATOM.findall(text)


@cache
def lexicon() -> Lexicon:
    """The one lexicon, built on first use."""
    return Lexicon()


def _entries(language: str) -> Iterator[tuple[str, Any, str]]:
    for kind, table in load(language, "lexicon").items():
        for value, phrases in (table or {}).items():
            for phrase in phrases.split("|"):
                yield kind, str(value), phrase
    for trait, table in load(language, "traits").items():
        for value, phrases in table.items():
            for phrase in phrases.split("|"):
                yield "trait", (trait, value), phrase
    for name, value in colors.names(language).items():
        yield "color", value, name


def _stems(word: str) -> Iterator[str]:
    if word.endswith("'s"):
        yield word[:-2]
    if word.endswith("ies") and len(word) > 4:
        yield word[:-3] + "y"
    for ending in ("es", "s", "ed", "d", "ing", "ly"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            stem = word[: -len(ending)]
            yield stem
            if ending in ("ed", "ing"):
                yield stem + "e"
                if len(stem) > 3 and stem[-1] == stem[-2]:
                    yield stem[:-1]


def _without_one(word: str) -> Iterator[str]:
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]


def _deletions(words: Iterator[str]) -> Mapping[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for word in words:
        if not word.isalpha():
            continue
        for key in (word, *_without_one(word)):
            table[key] = (*table.get(key, ()), word)
    return table


def _one_apart(a: str, b: str) -> bool:
    """Whether one insertion, deletion, substitution or swap of neighbours turns one word into the other."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    if len(a) == len(b):
        return a[i + 1 :] == b[i + 1 :] or (a[i : i + 2] == b[i : i + 2][::-1] and a[i + 2 :] == b[i + 2 :])
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[i + 1 :] == shorter[i:]


def lone_color_counts(text: str, at: int, end: int, before: Senses | None) -> bool:
    """Whether a one-character colour name at this place of folded text is meant as a colour."""
    after = text[end] if end < len(text) else " "
    if after in _COLOR_COMPANY or after in LONE_COLORS:
        return True
    return bool(before and ({"color", "shade"} & set(before)))
