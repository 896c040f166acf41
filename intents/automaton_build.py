"""Templates → the smallest deterministic automaton over tokens; used when the data is compiled."""

from __future__ import annotations

import base64
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from intents.template import Choice, Node, Repeat, Seam, Sequence, TemplateError, Word

ANY = "{any}"
ONE = "{word}"


class Graph:
    """A nondeterministic automaton, grown template by template."""

    def __init__(self, rules: Mapping[str, Node]) -> None:
        self.rules = rules
        self.silent: list[list[int]] = [[]]
        self.edges: list[dict[str, set[int]]] = [{}]
        self.accepts: dict[int, int] = {}

    def state(self) -> int:
        self.silent.append([])
        self.edges.append({})
        return len(self.silent) - 1

    def add(self, node: Node, tag: int) -> None:
        """One more sentence; `tag` is what its match answers."""
        start = self.state()
        self.silent[0].append(start)
        end = self._grow(node, start)
        final = self.state()
        self.silent[end].append(final)
        self.accepts[final] = tag

    def _grow(self, node: Node, start: int, end: int | None = None) -> int:
        if isinstance(node, Word):
            end = self.state() if end is None else end
            if node.text == ANY:
                middle = self.state()
                self.edges[start].setdefault(ONE, set()).add(middle)
                self.edges[middle].setdefault(ONE, set()).add(middle)
                self.silent[middle].append(end)
            else:
                self.edges[start].setdefault(node.text, set()).add(end)
            return end
        if isinstance(node, Seam):
            return self._join(start, end)
        if isinstance(node, Sequence):
            at = start
            for index, part in enumerate(node.parts):
                at = self._grow(part, at, end if index == len(node.parts) - 1 else None)
            return at if node.parts else self._join(start, end)
        if isinstance(node, Choice):
            end = self.state() if end is None else end
            for option in node.options:
                single = isinstance(option, Word) or (isinstance(option, Sequence) and len(option.parts) == 1)
                if single:
                    self._grow(option, start, end)
                else:
                    inner = self.state()
                    self.silent[start].append(inner)
                    self.silent[self._grow(option, inner)].append(end)
            return end
        if isinstance(node, Repeat):
            loop = self.state()
            self.silent[start].append(loop)
            self.silent[self._grow(node.part, loop)].append(loop)
            return self._join(loop, end)
        return self._grow(self.rules[node.name], start, end)

    def _join(self, start: int, end: int | None) -> int:
        if end is None:
            return start
        self.silent[start].append(end)
        return end

    def closure(self, states: Iterable[int]) -> set[int]:
        found = set(states)
        stack = list(found)
        while stack:
            for target in self.silent[stack.pop()]:
                if target not in found:
                    found.add(target)
                    stack.append(target)
        return found


def _classes(graph: Graph) -> dict[str, int]:
    """Words that stand in the very same places share a class; 0 is every word not named anywhere."""
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for source, edges in enumerate(graph.edges):
        for word, targets in edges.items():
            if word != ONE:
                places[word].extend((source, t) for t in sorted(targets))
    numbers: dict[tuple[tuple[int, int], ...], int] = {}
    return {word: numbers.setdefault(tuple(p), len(numbers) + 1) for word, p in sorted(places.items())}


def determinize(graph: Graph) -> dict[str, Any]:
    """The smallest automaton of a graph, as plain lists and dicts (`pack` makes it small)."""
    vocabulary = _classes(graph)
    count = max(vocabulary.values(), default=0) + 1
    telling = {s for s, edges in enumerate(graph.edges) if edges} | set(graph.accepts)
    closed = [frozenset(graph.closure([s]) & telling) for s in range(len(graph.edges))]
    moves = [
        {
            (0 if w == ONE else vocabulary[w]): frozenset().union(*(closed[t] for t in targets))
            for w, targets in edges.items()
        }
        for edges in graph.edges
    ]
    home = closed[0]
    numbers: dict[frozenset[int], int] = {home: 1}
    order = [home]
    table: list[dict[int, int]] = [{}, {}]
    for states in order:
        row = table[numbers[states]]
        reach: dict[int, list[frozenset[int]]] = defaultdict(list)
        for s in states:
            for c, targets in moves[s].items():
                reach[c].append(targets)
        wild = reach.get(0, [])
        for c in sorted(reach):
            found = reach[c] if c == 0 or not wild else reach[c] + wild
            key = found[0] if len(found) == 1 else frozenset().union(*found)
            if key not in numbers:
                numbers[key] = len(table)
                table.append({})
                order.append(key)
            row[c] = numbers[key]
    accepts: dict[int, tuple[int, ...]] = {}
    for states, number in numbers.items():
        tags = tuple(sorted({graph.accepts[s] for s in states if s in graph.accepts}))
        if tags:
            accepts[number] = tags[:1]
    return _minimal(table, accepts, vocabulary, count)


def _minimal(
    table: list[dict[int, int]], accepts: dict[int, tuple[int, ...]], vocabulary: dict[str, int], count: int
) -> dict[str, Any]:
    """Moore's refinement: states that answer alike for every continuation become one."""
    block = [0] * len(table)
    marks: dict[Any, int] = {}
    for s in range(len(table)):
        block[s] = marks.setdefault(accepts.get(s, ()), len(marks))
    size = 0
    while len(marks) != size:
        size = len(marks)
        marks = {}
        fresh = block[:]
        for s, edges in enumerate(table):
            default = block[edges[0]] if 0 in edges else block[0]
            shape = tuple(sorted((c, block[t]) for c, t in edges.items() if c == 0 or block[t] != default))
            fresh[s] = marks.setdefault((block[s], shape), len(marks))
        block = fresh
    # 0 stays the dead state, 1 the start
    names = {block[0]: 0}
    names.setdefault(block[1], len(names))
    for b in block:
        names.setdefault(b, len(names))
    keys: list[int] = []
    values: list[int] = []
    defaults: dict[int, int] = {}
    done: set[int] = set()
    tags: dict[int, tuple[int, ...]] = {}
    for s, edges in enumerate(table):
        name = names[block[s]]
        if name in done:
            continue
        done.add(name)
        if s in accepts:
            tags[name] = accepts[s]
        default = names[block[edges[0]]] if 0 in edges else 0
        if default:
            defaults[name] = default
        for c, t in sorted(edges.items()):
            if c and names[block[t]] != default:
                keys.append(name * count + c)
                values.append(names[block[t]])
    if names[block[1]] != 1:
        raise TemplateError("no template matches anything")
    return {
        "vocabulary": vocabulary,
        "classes": count,
        "keys": keys,
        "values": values,
        "defaults": sorted(defaults.items()),
        "accepts": sorted(tags.items()),
    }


def pack(compiled: Mapping[str, Any]) -> dict[str, Any]:
    """The same automaton in few bytes: a row is (set of classes → state) pairs, sets are shared.

    `rows` and `sets` are base64 of zlib of little-endian 16-bit numbers, each preceded by its length.
    """
    count = compiled["classes"]
    size = max([1, *compiled["values"]]) + 1
    columns: list[list[int]] = [[] for _ in range(count)]
    for key, value in zip(compiled["keys"], compiled["values"], strict=True):
        columns[key % count] += (key // count, value)
    merged: dict[tuple[int, ...], int] = {(): 0}
    renamed = [0] + [merged.setdefault(tuple(column), len(merged)) for column in columns[1:]]
    rows: list[dict[int, set[int]]] = [{} for _ in range(size)]
    for key, value in zip(compiled["keys"], compiled["values"], strict=True):
        rows[key // count].setdefault(value, set()).add(renamed[key % count])
    sets: dict[tuple[int, ...], int] = {}
    flat_rows: list[int] = []
    for row in rows:
        flat_rows.append(len(row))
        for target, classes in sorted(row.items()):
            flat_rows += (sets.setdefault(tuple(sorted(classes)), len(sets)), target)
    flat_sets: list[int] = []
    for classes_ in sets:
        flat_sets += (len(classes_), *classes_)
    return {
        "vocabulary": {word: renamed[c] for word, c in compiled["vocabulary"].items()},
        "rows": _numbers(flat_rows),
        "sets": _numbers(flat_sets),
        "defaults": compiled["defaults"],
        "accepts": compiled["accepts"],
    }


def _numbers(values: list[int]) -> str:
    return base64.b64encode(zlib.compress(struct.pack(f"<{len(values)}H", *values), 9)).decode("ascii")


__all__ = ["ANY", "Graph", "determinize", "pack"]
