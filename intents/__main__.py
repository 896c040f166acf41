"""`python -m intents route | translate | build | train`: JSON Lines in and out, or the data made anew."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from intents import route, translate

USAGE = """usage: python -m intents route | translate    JSON Lines in, JSON Lines out, one row each
       python -m intents build                 compile the YAML below intents/data
       python -m intents train ROWS.tsv …      build the learner's weights, and tell its cross-validation
"""


def answer(mode: str, row: dict[str, Any]) -> dict[str, Any]:
    """The reply to one row; a row's `files` are taken as existing."""
    if not isinstance(row["text"], str):
        raise TypeError("text must be a string")
    if mode == "translate":
        said = translate(row["text"])
        return {"id": row.get("id"), "actions": list(said.actions), "text": said.text}
    given = {os.path.normcase(f) for f in row.get("files") or ()}
    found = route(row["text"], exists=lambda p: os.path.normcase(p) in given or Path(p).exists())
    return {"id": row.get("id"), "intents": [i.kind for i in found]}


def stream(mode: str) -> int:
    """Answers every line of stdin as it comes."""
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            reply = answer(mode, json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            sys.stderr.write(f"line {number}: not a row with a text: {problem}\n")
            return 2
        # lone surrogates of a row cannot be written as UTF-8; ASCII escapes carry them
        text = json.dumps(reply, ensure_ascii=False)
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            text = json.dumps(reply)
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    return 0


def build() -> int:
    """Compiles the shipped languages."""
    from intents.compile import write
    from intents.schema import SchemaError

    try:
        target = write()
    except SchemaError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    sys.stdout.write(f"{target.name}: {target.stat().st_size} bytes\n")
    return 0


def learn(paths: Sequence[Path]) -> int:
    """Trains on the files, and tells how a learner does on rows that it has not seen."""
    from intents import train
    from intents.compile import FOLDER
    from intents.tables import shipped

    target = train.write(paths)
    tables = shipped()
    rows = [row for path in paths for row in train.written(path, tables)]
    share = train.cross_validate(rows, train.drawn(FOLDER, tables))
    sys.stdout.write(
        f"{target.name}: {target.stat().st_size} bytes; 5-fold on {len(rows)} written rows: {share:.1%}\n"
    )
    return 0


def main(argv: list[str]) -> int:
    for stream_ in (sys.stdin, sys.stdout):
        reconfigure = getattr(stream_, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8")
    if argv in (["route"], ["translate"]):
        return stream(argv[0])
    if argv == ["build"]:
        return build()
    if argv[:1] == ["train"] and len(argv) > 1:
        return learn([Path(a) for a in argv[1:]])
    sys.stderr.write(USAGE)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
