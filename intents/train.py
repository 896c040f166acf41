"""Builds the learner's weights: `python -m intents train ROWS.tsv`; pure Python, the same bytes every time.

Rows are what people wrote (`kind language intents utterance`, tab-separated), the `examples` and `not` of
the data, and sentences drawn from the templates, which teach the words that a sentence may hold.
Multinomial logistic regression by stochastic gradient descent with AdaGrad steps (Duchi et al., 2011).
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from intents.compile import FOLDER, qualify
from intents.intent import KINDS
from intents.learner import Learner, features
from intents.scan import compatible, lowered, scan
from intents.schema import load, rules_of, template
from intents.tables import Tables, shipped, without
from intents.template import Choice, Node, Repeat, Rule, Word
from intents.template import Sequence as Parts
from intents.typos import corrected

Row = tuple[list[str], int, float]  # tokens, index of the kind, weight
_DRAWN = 24  # sentences drawn from one template
_EPOCHS = 14
_RATE = 0.35
_DECAY = 2e-5
_SCALE = 1 / 256
_LEAST = 64  # a feature whose weights are all smaller (a quarter) is left out


def tokens_of(text: str, tables: Tables) -> list[str]:
    """The tokens of an utterance as an open clause has them."""
    compat, places = compatible(text)
    return corrected(tables, without(tables.skip, scan(lowered(compat), places).words))


def draw(node: Node, rules: dict[str, Node], chance: random.Random) -> list[str]:
    """One sentence of a template."""
    if isinstance(node, Word):
        return [] if node.text == "{any}" else [node.text]
    if isinstance(node, Rule):
        return draw(rules[node.name], rules, chance)
    if isinstance(node, Choice):
        return draw(chance.choice(node.options), rules, chance)
    if isinstance(node, Parts):
        return [word for part in node.parts for word in draw(part, rules, chance)]
    if isinstance(node, Repeat):
        return [w for _ in range(chance.choice((0, 0, 1, 1, 2))) for w in draw(node.part, rules, chance)]
    return []


def written(path: Path, tables: Tables) -> list[Row]:
    """The rows of a file that ask for one thing and hold no file name."""
    found: list[Row] = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        kind, _, intents, text = line.split("\t")
        if intents in KINDS and kind not in ("path", "url", "quoted"):
            found.append((tokens_of(text, tables), KINDS.index(intents), 3.0))
    return [row for row in found if row[0]]


def drawn(folder: Path, tables: Tables) -> list[Row]:
    """Rows from the data: examples, counter-examples and sentences of every template."""
    data = load(folder)
    rules = {name: qualify(node, name.split(".")[0]) for name, node in rules_of(data).items()}
    chance = random.Random(20240607)  # noqa: S311 (repeatable on purpose)
    found: list[Row] = []
    for language, one in data.items():
        for name, intent in one.intents.items():
            kind = KINDS.index("sse" if name == "idle" else name)
            found += [(tokens_of(line.text, tables), kind, 3.0) for line in intent.examples]
            if name not in ("sse", "idle"):
                found += [(tokens_of(line.text, tables), KINDS.index("sse"), 3.0) for line in intent.negative]
            for line in intent.match:
                tree = qualify(template(line), language)
                count = _DRAWN * (6 if name == "sse" else 1)
                for _ in range(count):
                    words = draw(tree, rules, chance)
                    if "{path}" not in words and "{url}" not in words and len(words) < 24:
                        found.append((without(tables.skip, words), kind, 1.0))
    return [row for row in found if row[0]]


def fit(rows: Sequence[Row]) -> dict[str, Any]:
    """The model of some rows, as JSON values."""
    numbers: dict[str, int] = {}
    data = [
        ([numbers.setdefault(f, len(numbers)) for f in features(tokens)], kind, weight)
        for tokens, kind, weight in rows
    ]
    size = len(KINDS)
    weights = [[0.0] * size for _ in numbers]
    squares = [[1e-6] * size for _ in numbers]
    bias = [0.0] * size
    chance = random.Random(7)  # noqa: S311
    order = list(range(len(data)))
    for _ in range(_EPOCHS):
        chance.shuffle(order)
        for at in order:
            present, kind, weight = data[at]
            sums = bias[:]
            for f in present:
                row = weights[f]
                for k in range(size):
                    sums[k] += row[k]
            top = max(sums)
            powers = [math.exp(s - top) for s in sums]
            total = sum(powers)
            for k in range(size):
                slope = (powers[k] / total - (k == kind)) * weight
                if abs(slope) < 1e-3:
                    continue
                bias[k] -= 0.01 * slope
                for f in present:
                    squares[f][k] += slope * slope
                    step = _RATE / math.sqrt(squares[f][k] + 1.0)
                    weights[f][k] -= step * (slope + _DECAY * weights[f][k]) / 4
    kept = {}
    for name, number in sorted(numbers.items()):
        whole = [round(w / _SCALE) for w in weights[number]]
        if max(map(abs, whole)) >= _LEAST:
            kept[name] = whole
    return {"kinds": list(KINDS), "bias": [round(b, 4) for b in bias], "scale": _SCALE, "weights": kept}


def cross_validate(rows: Sequence[Row], extra: Sequence[Row], folds: int = 5) -> float:
    """The share of `rows` that a learner gets right which has not seen them; `extra` is always seen."""
    right = 0
    for fold in range(folds):
        seen = [r for at, r in enumerate(rows) if at % folds != fold]
        learner = Learner(fit([*seen, *extra]))
        for tokens, kind, _ in rows[fold::folds]:
            scores = learner.scores(tokens)
            right += scores.index(max(scores)) == kind
    return right / len(rows)


def write(paths: Iterable[Path], folder: Path = FOLDER) -> Path:
    """Trains on the files and the data of `folder`, and writes `model.json` there."""
    tables = shipped()
    rows = [row for path in paths for row in written(path, tables)] + drawn(folder, tables)
    target = folder / "model.json"
    target.write_text(json.dumps(fit(rows), ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    return target
