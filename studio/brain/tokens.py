"""Tokens with their senses, and the clause: a run of tokens one thing is asked in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Num:
    """A number with its unit: "" none, "s" (value in ms), "px", "pct", "x"."""

    value: float
    unit: str = ""


@dataclass(eq=False)
class Token:
    """A stretch of the utterance and everything it can mean: kind → value."""

    start: int
    end: int
    text: str
    raw: str
    senses: dict[str, Any] = field(default_factory=dict)
    used: bool = False
    negated: bool = False

    def get(self, kind: str) -> Any:
        """The value of a sense, None when the token has not got it."""
        return self.senses.get(kind)

    def has(self, kind: str, *values: str) -> bool:
        """Whether the token has the sense, with one of the values where some are given."""
        held = self.senses.get(kind)
        return held is not None and (
            not values or (held in values if isinstance(held, str) else _any(held, values))
        )

    @property
    def is_filler(self) -> bool:
        """Whether the token says nothing by itself."""
        return set(self.senses) <= {"word", "deg", "rel", "pron", "corr", "thanks", "ask", "all", "when"}

    @property
    def stands_out(self) -> bool:
        """Whether it is a word of its own that means nothing here: a sunset, 火星."""
        return set(self.senses) == {"unknown"} and len(self.raw) > (3 if self.text.isascii() else 1)

    @property
    def is_punct(self) -> bool:
        """Whether it is punctuation."""
        return "punct" in self.senses


def _any(held: Any, values: Sequence[str]) -> bool:
    return isinstance(held, frozenset) and bool(held & set(values))


class Clause:
    """Tokens in order with what the frames need to find among them."""

    def __init__(self, tokens: Sequence[Token], *, joined: bool = False, question: bool = False) -> None:
        self.tokens = list(tokens)
        self.joined = joined
        self.question = question
        self.pattern: list[Token] = []
        self.pictures: tuple[int, ...] | None = None

    def __iter__(self) -> Iterator[Token]:
        return iter(self.tokens)

    def all(self, kind: str, *values: str) -> list[Token]:
        """The unused, not negated tokens of a sense."""
        return [t for t in self.tokens if not t.used and not t.negated and t.has(kind, *values)]

    def first(self, kind: str, *values: str) -> Token | None:
        """The first such token."""
        return next(iter(self.all(kind, *values)), None)

    def last(self, kind: str, *values: str) -> Token | None:
        """The last such token."""
        return next(reversed(self.all(kind, *values)), None)

    def has(self, kind: str, *values: str) -> bool:
        """Whether there is such a token."""
        return self.first(kind, *values) is not None

    def targets(self, *values: str) -> bool:
        """Whether one of these things is spoken of, used up or not."""
        return any(t.has("t", *values) for t in self.tokens)

    def verb(self, *values: str) -> bool:
        """Whether one of these verbs stands in the clause, used up or not."""
        return any(t.has("v", *values) for t in self.tokens)

    def index(self, token: Token) -> int:
        """Where the token stands."""
        return next(i for i, t in enumerate(self.tokens) if t is token)

    def near(self, token: Token, step: int, *, skip_fillers: bool = True) -> Token | None:
        """The next token in a direction, fillers skipped."""
        i = self.index(token) + step
        while 0 <= i < len(self.tokens):
            found = self.tokens[i]
            if not (skip_fillers and found.is_filler):
                return found
            i += step
        return None

    def after(self, token: Token) -> list[Token]:
        """Everything behind a token."""
        return self.tokens[self.index(token) + 1 :]

    def before(self, token: Token) -> list[Token]:
        """Everything in front of a token."""
        return self.tokens[: self.index(token)]

    def use(self, *tokens: Token | None) -> None:
        """Mark tokens as understood."""
        for token in tokens:
            if token is not None:
                token.used = True

    def use_all(self, kinds: Iterable[str]) -> None:
        """Mark every token with one of these senses as understood."""
        wanted = set(kinds)
        for token in self.tokens:
            if wanted & set(token.senses):
                token.used = True

    def words(self) -> str:
        """The clause as the user wrote it."""
        if not self.tokens:
            return ""
        gaps = [self.tokens[0].raw]
        for a, b in zip(self.tokens, self.tokens[1:], strict=False):
            gaps.append((" " if b.start > a.end else "") + b.raw)
        return "".join(gaps).strip()
