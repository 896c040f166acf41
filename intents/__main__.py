"""`python -m intents route | translate`: JSON Lines in, JSON Lines out, one row each, same order."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from intents import route, translate


def answer(mode: str, row: dict[str, Any]) -> dict[str, Any]:
    """The reply to one row; a row's `files` are taken as existing."""
    if mode == "translate":
        said = translate(row["text"])
        return {"id": row.get("id"), "actions": list(said.actions), "text": said.text}
    given = {os.path.normcase(f) for f in row.get("files") or ()}
    found = route(row["text"], exists=lambda p: os.path.normcase(p) in given or os.path.exists(p))  # noqa: PTH110
    return {"id": row.get("id"), "intents": [i.kind for i in found]}


def main(argv: list[str]) -> int:
    if len(argv) != 1 or argv[0] not in ("route", "translate"):
        sys.stderr.write("usage: python -m intents route | translate   (JSON Lines on stdin and stdout)\n")
        return 2
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            reply = answer(argv[0], row)
        except (ValueError, TypeError, KeyError) as problem:
            sys.stderr.write(f"line {number}: not a row with a text: {problem}\n")
            return 2
        sys.stdout.write(json.dumps(reply, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
