"""A small linear model over word and character pieces, for clauses that no template has."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from intents.intent import KINDS, Kind

# How sure the learner must be. A false export costs minutes, so its bar is the highest.
NEEDED: Mapping[str, float] = {"export": 0.93, "upload": 0.9, "credits": 0.8, "status": 0.88, "sse": 0.0}


def features(tokens: Sequence[str]) -> list[str]:
    """Words, pairs, word beginnings and pairs with a gap; each once."""
    found = {"^" + tokens[0]: None, tokens[-1] + "$": None} if tokens else {}
    last = ""
    for at, token in enumerate(tokens):
        found[token] = None
        found[f"{last} {token}"] = None
        if at >= 2:
            found[f"{tokens[at - 2]} _ {token}"] = None
            if len(token) == 1:
                found[f"{tokens[at - 2]} {last} {token}"] = None
        if len(token) > 5:
            found[token[:4] + "-"] = None
        last = token
    return list(found)


class Learner:
    """Weights per feature and intent; softmax over the sums."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        self.kinds: tuple[Kind, ...] = tuple(model["kinds"])
        self.bias: list[float] = model["bias"]
        self.scale: float = model["scale"]
        self.weights: dict[str, list[int]] = model["weights"]

    def scores(self, tokens: Sequence[str]) -> list[float]:
        """The probability of each of `kinds`."""
        sums = [0] * len(self.kinds)
        for feature in features(tokens):
            row = self.weights.get(feature)
            if row:
                for at, weight in enumerate(row):
                    sums[at] += weight
        logits = [b + s * self.scale for b, s in zip(self.bias, sums, strict=True)]
        top = max(logits)
        powers = [math.exp(v - top) for v in logits]
        total = sum(powers)
        return [p / total for p in powers]

    def guess(self, tokens: Sequence[str]) -> tuple[Kind, float, float]:
        """The likeliest intent, its probability, and the one it needs to be believed."""
        scores = self.scores(tokens)
        best = max(range(len(scores)), key=scores.__getitem__)
        kind = self.kinds[best]
        return kind, scores[best], NEEDED[kind]


@lru_cache(maxsize=1)
def shipped() -> Learner:
    """The weights that ship with the package; without them everything open is the backend's."""
    path = Path(__file__).parent / "data" / "model.json"
    if not path.exists():
        return Learner({"kinds": KINDS, "bias": [0, 0, 0, 0, 9], "scale": 1.0, "weights": {}})
    return Learner(json.loads(path.read_bytes()))
