"""The YAML of all languages → one data file that loads fast: `python -m intents build`."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from intents.automaton_build import Graph, determinize, pack
from intents.compile_names import PREFIXES
from intents.schema import IntentData, LanguageData, Line, SchemaError, load, rules_of, template
from intents.template import Choice, Node, Repeat, Rule, Sequence, TemplateError, Word, words

FOLDER = Path(__file__).parent / "data"
COMPILED = FOLDER / "compiled.json"
# Sentences of `sse` and then of `idle` are exceptions: they take a sentence from every other intent.
PRECEDENCE = ("sse", "idle", "export", "credits", "status", "upload")


def qualify(node: Node, language: str) -> Node:
    """The same tree with every rule named by its language."""
    if isinstance(node, Rule):
        return node if "." in node.name else Rule(f"{language}.{node.name}")
    if isinstance(node, Sequence):
        return Sequence(tuple(qualify(p, language) for p in node.parts))
    if isinstance(node, Choice):
        return Choice(tuple(qualify(p, language) for p in node.options))
    if isinstance(node, Repeat):
        return Repeat(qualify(node.part, language))
    return node


def expand(node: Node, rules: dict[str, Node]) -> list[list[str]]:
    """All sentences of a template without repetition, as tokens; for short lists (skip words, connectors)."""
    if isinstance(node, Word):
        return [[node.text]]
    if isinstance(node, Rule):
        return expand(rules[node.name], rules)
    if isinstance(node, Choice):
        return [s for option in node.options for s in expand(option, rules)]
    if isinstance(node, Sequence):
        parts = [expand(p, rules) for p in node.parts]
        return [list(itertools.chain(*combination)) for combination in itertools.product(*parts)]
    if isinstance(node, Repeat):
        raise TemplateError("'*' cannot stand in a list of words")
    return [[]]


def fingerprint(folder: Path) -> str:
    """A hash of every source file, so that a stale data file is noticed."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*/*.yaml")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


class Builder:
    """Compiles the languages of one folder."""

    def __init__(self, data: dict[str, LanguageData]) -> None:
        self.data = data
        self.rules = {name: qualify(node, name.split(".")[0]) for name, node in rules_of(data).items()}
        self.skips = self.listed("skip")

    def lines(self, name: str) -> Iterable[tuple[str, Line]]:
        for language, one in self.data.items():
            for line in one.lists.get(name, ()):
                yield language, line

    def listed(self, name: str) -> list[list[str]]:
        """The sentences of a list, longest first, each once."""
        found = {
            tuple(sentence)
            for language, line in self.lines(name)
            for sentence in expand(qualify(template(line), language), self.rules)
            if sentence
        }
        return [list(s) for s in sorted(found, key=lambda s: (-len(s), s))]

    def automaton(self, lines: Iterable[tuple[str, Line, int]]) -> dict[str, Any]:
        graph = Graph(self.rules)
        for language, line, tag in lines:
            try:
                graph.add(qualify(template(line), language), tag)
            except KeyError as problem:
                name = str(problem.args[0]).removeprefix(f"{language}.")
                raise SchemaError(f"{line.where}: unknown rule <{name}>") from problem
        return determinize(graph)

    def sentences(self, match: list[tuple[str, Line, int]]) -> dict[str, Any]:
        """The sentences of one intent in one language as a packed automaton."""
        found = self.automaton(match)
        found["accepts"] = [(state, ends[:1]) for state, ends in found["accepts"]]
        return pack(found)

    def phrases(self, lines: Iterable[tuple[str, Line, int]]) -> dict[str, list[int]]:
        """Each phrase of the vetoes, words joined by a space, and the tags it belongs to."""
        found: dict[str, list[int]] = {}
        for language, line, tag in lines:
            for sentence in expand(qualify(template(line), language), self.rules):
                tags = found.setdefault(" ".join(sentence), [])
                if sentence and tag not in tags:
                    tags.append(tag)
        found.pop("", None)
        return dict(sorted(found.items()))

    def intents(self) -> Iterable[IntentData]:
        for one in self.data.values():
            yield from one.intents.values()

    def build(self) -> dict[str, Any]:
        """Everything the router needs, as JSON values; raises SchemaError on ambiguous sentences."""
        tags: list[list[str]] = []
        match: list[tuple[str, Line, int]] = []
        veto: list[tuple[str, Line, int]] = []
        for intent in self.intents():
            for source, target in ((intent.match, match), (intent.veto, veto)):
                for line in source:
                    target.append((intent.language, line, len(tags)))
                    tags.append([intent.kind, line.where, line.text])
        main = {
            language: {
                kind: self.sentences([m for m in match if m[0] == language and tags[m[2]][0] == kind])
                for kind in PRECEDENCE
            }
            for language in self.data
        }
        return {
            "tags": tags,
            "main": main,
            "veto": self.phrases(veto),
            "frame": self.listed("frame"),
            "prefix": pack(
                self.automaton(
                    [(la, li, i) for i, name in enumerate(PREFIXES) for la, li in self.lines(name)]
                )
            ),
            "strong": self.listed("strong"),
            "weak": self.listed("weak"),
            "after_end": self.listed("after_end"),
            "before_end": self.listed("before_end"),
            "deny": sorted({w for phrase in self.listed("deny") for w in phrase}),
            "skip": self.skips,
            "key": sorted(
                {w for one in self.data.values() for k in one.key for w in words(k)[:1] if w.isascii()}
            ),
            "known": sorted({w for one in self.data.values() for w in one.known}),
            "bigrams": self.bigrams(),
        }

    def bigrams(self) -> dict[str, str]:
        """Misheard pairs of characters → the key word they sound like (到处 → 导出)."""
        found: dict[str, str] = {}
        keys = {k for one in self.data.values() for k in one.key if not k.isascii()}
        for one in self.data.values():
            for key in sorted(k for k in one.key if len(k) == 2 and not k.isascii()):
                for a in key[0] + one.homophones.get(key[0], ""):
                    for b in key[1] + one.homophones.get(key[1], ""):
                        if a + b not in keys:
                            found.setdefault(a + b, key)
        return found


def compile_folder(folder: Path = FOLDER) -> dict[str, Any]:
    """The compiled data of a folder of languages; raises SchemaError."""
    built = Builder(load(folder)).build()
    return {"fingerprint": fingerprint(folder), **built}


def write(folder: Path = FOLDER) -> Path:
    """Compiles `folder` into its `compiled.json`; the same sources give the same bytes."""
    target = folder / "compiled.json"
    text = json.dumps(compile_folder(folder), ensure_ascii=False, separators=(",", ":"))
    target.write_text(text + "\n", "utf-8")
    return target
