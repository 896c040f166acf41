"""Labelled utterances, in both languages and every kind, said on start drafts."""

from __future__ import annotations

import collections

import pytest

from studio.draft import validate
from tests.studio.brain.judge import complaints, rows, said

FILES = sorted(path.name for path in __import__("pathlib").Path(__file__).parent.glob("*_*.txt"))


@pytest.mark.parametrize("name", FILES)
def test_the_share_of_labelled_utterances_read_right_never_falls(name: str) -> None:
    wrong: list[str] = []
    kinds: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0])
    for row in rows(name):
        before, result = said(row)
        validate(result["draft"])
        found = complaints(row, before, result["draft"])
        kinds[row.kind][1] += 1
        kinds[row.kind][0] += not found
        if found:
            wrong.append(f"{row.number} {' // '.join(row.says)}: {found[0]}")
    right = sum(k for k, _ in kinds.values())
    total = sum(n for _, n in kinds.values())
    assert right / total >= 0.97, "\n".join(wrong)
    for kind, (k, n) in kinds.items():
        assert k / n >= 0.8, f"{kind}: {k} of {n}\n" + "\n".join(wrong)


@pytest.mark.parametrize("name", FILES)
def test_every_utterance_is_answered_in_its_language(name: str) -> None:
    chinese = "_zh" in name
    for row in rows(name):
        if row.kind == "mixed":
            continue
        _, result = said(row)
        reply = result["reply"]
        assert reply.strip(), row.says
        assert ("。" in reply or "！" in reply) == chinese, (row.says, reply)
