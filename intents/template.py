"""Sentence templates → a tree: words, (a|b), [optional], <rule>, {slot}, and * for "any number of".

A space is a seam: skip words (please, 一下) may stand there. Chinese written without spaces has no seams.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from intents.normalize import fold

TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[0-9a-z\u00df-\u02af\u0370-\u1fff\uac00-\ud7a3]+(?:['\u2019][a-z]+)*"
)
_PIECE = re.compile(r"\s+|[()\[\]|*]|<[a-z0-9_.]+>|\{[a-z]+\}|[^\s()\[\]|*<>{}]+")

SLOTS = ("quote", "path", "file", "doc", "url", "number", "word", "any")


class TemplateError(ValueError):
    """A template that cannot be read; the message says where in it."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str


@dataclass(frozen=True, slots=True)
class Seam:
    pass


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    part: Node


@dataclass(frozen=True, slots=True)
class Rule:
    name: str


Node = Word | Seam | Sequence | Choice | Repeat | Rule
NOTHING = Sequence(())


def words(text: str) -> list[str]:
    """The tokens of a text as the matcher sees them: words without apostrophes, single Han characters."""
    return [w.replace("'", "").replace("\u2019", "") for w in TOKEN.findall(fold(text))]


def parse(source: str) -> Node:
    """The tree of one template; raises TemplateError."""
    pieces = _PIECE.findall(source)
    if "".join(pieces) != source:
        raise TemplateError(f"cannot read {source!r}: a stray '<', '>', '{{' or '}}'")
    node, rest = _choice(pieces, 0, source)
    if rest != len(pieces):
        raise TemplateError(f"{pieces[rest]!r} without its opening bracket in {source!r}")
    return node


def _choice(pieces: list[str], at: int, source: str) -> tuple[Node, int]:
    options: list[Node] = []
    parts: list[Node] = []
    while at < len(pieces) and pieces[at] not in (")", "]"):
        piece = pieces[at]
        at += 1
        if piece == "|":
            options.append(Sequence(tuple(parts)))
            parts = []
        elif piece in ("(", "["):
            inner, at = _choice(pieces, at, source)
            if at >= len(pieces) or pieces[at] != (")" if piece == "(" else "]"):
                raise TemplateError(f"{piece!r} is never closed in {source!r}")
            at += 1
            parts.append(inner if piece == "(" else Choice((inner, NOTHING)))
        elif piece == "*":
            if not parts or isinstance(parts[-1], Seam):
                raise TemplateError(f"'*' follows nothing in {source!r}")
            parts.append(Repeat(parts.pop()))
        elif piece.isspace():
            parts.append(Seam())
        else:
            parts.extend(_leaf(piece, source))
    options.append(Sequence(tuple(parts)))
    return (options[0] if len(options) == 1 else Choice(tuple(options))), at


def _leaf(piece: str, source: str) -> list[Node]:
    if piece.startswith("<"):
        return [Rule(piece[1:-1])]
    if piece.startswith("{"):
        if piece[1:-1] not in SLOTS:
            raise TemplateError(f"unknown slot {piece} in {source!r}; there are {', '.join(SLOTS)}")
        return [Word(piece)]
    found: list[Node] = [Word(w) for w in words(piece)]
    if not found:
        raise TemplateError(f"{piece!r} holds no word in {source!r}")
    return found


def check_rules(rules: Mapping[str, Node]) -> None:
    """Raises TemplateError when a rule names one that is missing or comes back to itself."""

    def visit(node: Node, path: tuple[str, ...]) -> None:
        if isinstance(node, Rule):
            if node.name not in rules:
                raise TemplateError(f"unknown rule <{node.name}>")
            if node.name in path:
                raise TemplateError(f"rule <{node.name}> contains itself")
            if node.name not in done:
                visit(rules[node.name], (*path, node.name))
                done.add(node.name)
        elif isinstance(node, Sequence):
            for part in node.parts:
                visit(part, path)
        elif isinstance(node, Choice):
            for option in node.options:
                visit(option, path)
        elif isinstance(node, Repeat):
            visit(node.part, path)

    done: set[str] = set()
    for name, node in rules.items():
        visit(node, (name,))
