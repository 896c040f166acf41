"""Cuts an utterance into clauses and finds what each asks for, with its negation and its place in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from intents.compile_names import AFTER, BEFORE, FIRST, KEEP, NEGATE
from intents.learner import Learner
from intents.slots import deliver
from intents.tables import Tables, starts, without
from intents.typos import corrected

PieceKind = Literal["upload", "export", "credits", "status", "sse", "idle", "dropped"]
LOCAL = frozenset(("upload", "export", "credits", "status"))
_LONGEST = 48  # tokens of a clause that can still be a sentence of ours
_CLAUSE = 120  # tokens between two breaks; beyond, it is prose
_DEPTH = 6
_PEELS = 4
_RUN = 24  # tokens of a clause that is searched for a request at its end
_TAIL = 8  # tokens of such a request
_DENIAL_LEADS = 2  # a "no" among the first words of a question denies the whole of it


@dataclass(slots=True)
class Piece:
    """Tokens [lo, hi) and what they ask for; `early` is carried out before what was said before it."""

    kind: PieceKind
    lo: int
    hi: int
    why: str
    early: bool = False


class Reader:
    """Reads the tokens of one utterance."""

    def __init__(self, tables: Tables, learner: Learner, words: list[str]) -> None:
        self.tables = tables
        self.learner = learner
        self.words = words

    def sentence(self, words: list[str]) -> tuple[PieceKind, str] | None:
        """What a whole clause is by the templates, slips forgiven; None when no template has it."""
        found = self._exact(words)
        if found or len(words) > _LONGEST:
            return found
        right = corrected(self.tables, words)
        if right is words:
            return None
        found = self._exact(right)
        if found and found[0] in LOCAL and not self.vetoed(found[0], right):
            return found[0], found[1] + ", slip forgiven"
        return None

    def _exact(self, words: list[str]) -> tuple[PieceKind, str] | None:
        tables = self.tables
        if len(words) > _LONGEST:
            return None
        core = words
        tag = tables.match(words)
        if tag < 0:
            core = without(tables.skip, words)
            if not core:
                return "idle", "nothing but courtesy"
            if len(core) != len(words):
                tag = tables.match(core)
                if tag < 0:
                    tag = self._peeled(words)
        if tag >= 0:
            kind, where, text = tables.tags[tag]
            return kind, f"{where} {text}"  # type: ignore[return-value]
        return self._marked(core) or (self._marked(words) if core is not words else None)

    def _peeled(self, words: list[str]) -> int:
        """The tag after courtesy is taken off the front and the end, a phrase at a time."""
        tables, lo, hi = self.tables, 0, len(words)
        while hi > 1 and words[hi - 1] in tables.skip and starts(tables.skip, words, hi - 1, hi):
            hi -= 1
        for _ in range(_PEELS):
            size = starts(tables.skip, words, lo)
            if not size or lo + size >= hi:
                return tables.match(words[lo:hi]) if hi < len(words) else -1
            if hi < len(words):
                tag = tables.match(words[lo:hi])
                if tag >= 0:
                    return tag
            lo += size
            for end in dict.fromkeys((len(words), hi)):
                tag = tables.match(words[lo:end])
                if tag >= 0:
                    return tag
        return -1

    def _marked(self, words: list[str]) -> tuple[PieceKind, str] | None:
        """A clause whose first or last words say no, not yet, or after."""
        tables = self.tables
        for end, mark in reversed(tables.prefix.prefixes(words)):
            rest = words[end:]
            if not rest:
                return ("idle", "a bare mark") if mark != KEEP else None
            inner = self._exact(rest)
            if inner is None:
                continue
            kind, why = inner
            if mark == NEGATE:
                if kind in LOCAL:
                    return "dropped", f"negated: {why}"
                if kind == "dropped":
                    return inner
                continue
            if mark == BEFORE:
                return ("dropped", f"not before something else: {why}") if kind in LOCAL else None
            if mark in (KEEP, AFTER, FIRST):
                return kind, why
        for phrases, drop in ((tables.after_end, False), (tables.before_end, True)):
            for size in (3, 2, 1):
                if len(words) > size and starts(phrases, words, len(words) - size) == size:
                    inner = self._exact(words[:-size])
                    if inner:
                        if drop and inner[0] in LOCAL:
                            return "dropped", f"not before something else: {inner[1]}"
                        return inner
        return None

    def early(self, words: list[str]) -> bool:
        """Whether a clause says that it comes before what was said before it."""
        prefixes = self.tables.prefix.prefixes
        marks = {mark for _, mark in prefixes(words)}
        return FIRST in marks or AFTER in marks or (1, FIRST) in prefixes(words[-1:])

    def vetoed(self, kind: str, words: list[str]) -> bool:
        """Whether words stand here that speak against the intent."""
        tables = self.tables
        for at in range(len(words)):
            if words[at] in tables.veto:
                for phrase in tables.veto[words[at]]:
                    if tuple(words[at : at + len(phrase)]) == phrase and any(
                        tables.tags[t][0] == kind for t in tables.veto_tags[phrase]
                    ):
                        return True
        return False

    def framed(self, lo: int, hi: int) -> bool:
        """Whether the clause quotes somebody or something without quotation marks."""
        words = self.words[lo:hi]
        return "{quote}" not in words and any(
            words[at] in self.tables.frame and starts(self.tables.frame, words, at)
            for at in range(len(words))
        )

    def read(self, lo: int, hi: int, depth: int = 0) -> list[Piece]:
        """The pieces of tokens [lo, hi), in the order spoken."""
        if lo >= hi:
            return []
        if hi - lo > _CLAUSE:
            return [Piece("sse", lo, hi, "too long for a command")]
        words = self.words[lo:hi]
        found = self.sentence(words)
        if found:
            return [Piece(found[0], lo, hi, found[1], self.early(words))]
        if depth < _DEPTH:
            split = self._split(lo, hi, depth)
            if split:
                return split
        return self._trailing(lo, hi, depth) or [self._open(lo, hi)]

    def _trailing(self, lo: int, hi: int, depth: int) -> list[Piece]:
        """A clause with a request at its end and no word between: 去掉边框保存, "when it's done send it"."""
        words = self.words[lo:hi]
        if len(words) > _RUN or depth >= _DEPTH or self.framed(lo, hi):
            return []
        told = any(mark == AFTER for _, mark in self.tables.prefix.prefixes(words))
        for at in range(max(lo + 2, hi - _TAIL), hi - 1):
            right = self._exact(self.words[at:hi])
            if right and right[0] == "export" and not self.vetoed("export", self.words[at:hi]):
                left = self._exact(self.words[lo:at])
                if told or (left and left[0] == "sse"):
                    return [*self.read(lo, at, depth + 1), Piece(right[0], at, hi, right[1])]
        return []

    def _split(self, lo: int, hi: int, depth: int) -> list[Piece]:
        tables, words = self.tables, self.words
        for at in range(lo, hi):
            if words[at] not in tables.strong and words[at] not in tables.weak:
                continue
            strong = starts(tables.strong, words, at, hi)
            size = strong or starts(tables.weak, words, at, hi)
            if size and at + size >= hi and at > lo:
                # a connector may close its clause: "replace the music; export afterwards"
                closing = self.sentence(words[lo:at])
                return [Piece(closing[0], lo, hi, closing[1])] if closing else []
            if not size or at + size >= hi or words[at + size] == "的":
                continue
            if at == lo:
                if strong:
                    return self.read(at + size, hi, depth + 1)
                continue
            if strong:
                return [*self.read(lo, at, depth + 1), *self.read(at + size, hi, depth + 1)]
            right = self.sentence(words[at + size : hi]) or self.sentence(words[at:hi])
            telling = right is not None and right[0] not in ("sse", "idle")
            left = None if telling else self.sentence(words[lo:at])
            if right and telling and not self.framed(lo, at):
                early = self.early(words[at:hi])
                begin = at + size
                return [*self.read(lo, at, depth + 1), Piece(right[0], begin, hi, right[1], early)]
            if left and left[0] not in ("sse", "idle"):
                rest = self.read(at + size, hi, depth + 1)
                if rest and self.early(words[at:hi]):
                    rest[0].early = True
                return [Piece(left[0], lo, at, left[1]), *rest]
        return []

    def _open(self, lo: int, hi: int) -> Piece:
        """A clause no template has: the learner's, when it is sure and nothing speaks against it."""
        words = self.words[lo:hi]
        if len(words) > _LONGEST:
            return Piece("sse", lo, hi, "too long for a command")
        if any(word[0] == "{" for word in words):
            return Piece("sse", lo, hi, "about a quotation, a file or an address", self.early(words))
        core = without(self.tables.skip, words)
        kind, sure, needed = self.learner.guess(corrected(self.tables, core))
        early = self.early(words)
        why = f"learned: {kind} {sure:.2f}"
        if kind == "sse":
            return Piece("sse", lo, hi, why, early)
        if sure < needed:
            return Piece("sse", lo, hi, f"{why}, under {needed:.2f}", early)
        if self.vetoed(kind, core) or self.vetoed(kind, words):
            return Piece("sse", lo, hi, f"{why}, vetoed", early)
        if self.framed(lo, hi):
            return Piece("sse", lo, hi, f"{why}, but it is quoted speech", early)
        if kind == "export" and deliver("".join(w if w > "\u3000" else f" {w} " for w in words)):
            return Piece("sse", lo, hi, f"{why}, but the file is to be made first", early)
        denied = [at for at, w in enumerate(core) if w in self.tables.deny]
        if denied and (kind in ("export", "upload") or denied[0] < _DENIAL_LEADS):
            return Piece("sse", lo, hi, f"{why}, but negated", early)
        return Piece(kind, lo, hi, why, early)
