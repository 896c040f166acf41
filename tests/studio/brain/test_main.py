"""The command that reads JSON Lines."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.studio.brain.drafts import starts


def run(*lines: str) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-m", "studio.brain"],
        input="\n".join(lines),
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_texts_are_said_one_after_the_other_and_bad_rows_do_not_stop_the_rest() -> None:
    draft, _ = starts()["full"]
    rows = [
        json.dumps({"id": "a", "draft": draft, "media": [], "text": ["make it a star", "undo", "redo"]}),
        "not json",
        json.dumps({"id": "b", "draft": {"d": -1}, "media": [], "text": "undo"}),
        json.dumps({"id": "c", "draft": draft, "media": [], "text": "撤销"}),
    ]
    a, bad, b, c = run(*rows)
    assert a["draft"]["t"][0]["sg"][0]["m"]["avatar"]["shape"] == "star"  # type: ignore[index]
    assert "error" in bad
    assert b["id"] == "b"
    assert "d" in str(b["error"])
    assert c["draft"] == draft
    assert "撤回" in str(c["reply"])
