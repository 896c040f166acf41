"""For judging from outside: JSON Lines with a draft, media and what is said go in, what came of it out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from studio.brain import Context, MediaItem, describe_step, respond
from studio.brain.language import language_of
from studio.draft import DraftError, validate


def media_of(rows: Iterable[Mapping[str, Any]]) -> tuple[MediaItem, ...]:
    """The state's `video_infos` as the brain's media."""
    return tuple(
        MediaItem(
            asset=str(row.get("hash") or row.get("asset") or ""),
            filename=str(row.get("filename", "")),
            file_type=str(row.get("file_type", "image")),
            width=int(row.get("width") or 0),
            height=int(row.get("height") or 0),
            duration=float(row.get("duration") or 0),
            faces=tuple(tuple(face) for face in row["faces"]) if isinstance(row.get("faces"), list) else None,
        )
        for row in rows
    )


def converse(row: Mapping[str, Any]) -> dict[str, Any]:
    """Say the texts one after the other; versions are walked as a session would."""
    said = row.get("text", "")
    texts = [said] if isinstance(said, str) else [str(text) for text in said]
    validate(row["draft"])
    versions: list[Mapping[str, Any]] = [row["draft"]]
    at = 0
    media = media_of(row.get("media") or ())
    language = str(row.get("language") or "en")
    variants: tuple[Mapping[str, Any], ...] = ()
    reply, edits = "", []
    for text in texts:
        language = language_of(text, language)
        previous = versions[at - 1] if at else None
        answer = respond(text, Context(versions[at], media, language, variants, previous))
        reply = answer.text
        edits += [dict(edit) for edit in answer.edits]
        if answer.step:
            asked = answer.steps
            goal = {"undo": max(at - asked, 0), "redo": min(at + asked, len(versions) - 1), "reset": 0}[
                answer.step
            ]
            there = versions[goal] if goal != at else None
            walked = abs(goal - at)
            reply = describe_step(answer.step, versions[at], there, answer.language, done=walked, asked=asked)
            if there is not None and answer.step == "reset":
                versions = [*versions[: at + 1], versions[0]]
                at = len(versions) - 1
            elif there is not None:
                at = goal
            if there is not None:
                edits.append({"edit": answer.step})
        elif answer.draft is not None:
            versions = [*versions[: at + 1], answer.draft]
            at += 1
        if answer.variants:
            variants = answer.variants
            edits.append({"edit": "variants", "count": len(variants)})
    return {"id": row.get("id"), "draft": versions[at], "reply": reply, "edits": edits}


def main(lines: TextIO = sys.stdin, out: TextIO = sys.stdout) -> int:
    """Read rows until the end; a row that cannot be read is answered with its error."""
    for line in lines:
        if not line.strip():
            continue
        row: Any = None
        try:
            row = json.loads(line)
            result = converse(row)
        except (ValueError, KeyError, TypeError, DraftError) as error:
            known = row if isinstance(row, dict) else {}
            result = {
                "id": known.get("id"),
                "draft": known.get("draft"),
                "reply": "",
                "edits": [],
                "error": str(error),
            }
        out.write(json.dumps(result, ensure_ascii=False) + "\n")
        out.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
