"""One utterance: read it, do what was understood as one version, and say truthfully what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studio.brain import words
from studio.brain.context import Context, Reply
from studio.brain.language import language_of
from studio.brain.plan import Plan
from studio.brain.reader import read
from studio.draft import VIDEO, Draft
from studio.edits import Edit, EditError, EveryPhoto, MakeAvatar
from studio.edits.difference import difference
from studio.edits.tracks import segments

MAX_UTTERANCE = 4000


def respond(utterance: str, context: Context) -> Reply:
    """Turn an utterance into a reply and, where something changed, the draft that follows."""
    language = language_of(utterance, context.language)
    plan = read(utterance[:MAX_UTTERANCE], context, language)
    if plan.step:
        return Reply("", step=plan.step)
    draft, done, refused = _carry_out(plan, context)
    changes = difference(context.draft, draft) if draft is not None else ()
    said = list(plan.answers)
    if draft is not None and changes:
        said.append(words.say(language, "done", changes=words.facts(language, changes)))
    elif done and not refused and not plan.problems:
        said.append(words.say(language, "same"))
    said += [words.say(language, key, **values) for key, values in _notes(plan, done, draft, context)]
    said += [words.refusal(language, error) for error in refused]
    said += [words.say(language, key, **values) for key, values in plan.problems]
    said += _not_understood(plan, nothing_else=not said)
    edits = tuple(edit.to_json() for edit in done)
    text = (" " if not words.is_chinese(language) else "").join(said)
    return Reply(text, draft if changes else None, edits=edits if changes else ())


def describe_step(
    step: str, before: Mapping[str, Any], after: Mapping[str, Any] | None, language: str = "en"
) -> str:
    """What undo, redo or reset did; `after` is None when there was nothing to go to."""
    if after is None:
        return words.say(language, f"{step}_nothing")
    if step == "reset":
        return words.say(language, "reset")
    changes = difference(before, after)
    told = words.facts(language, changes) if changes else words.say(language, "undo_plain")
    return words.say(language, "undone" if step == "undo" else "redone", changes=told)


def _carry_out(plan: Plan, context: Context) -> tuple[Draft | None, list[Edit], list[EditError]]:
    draft: Draft | None = None
    done: list[Edit] = []
    refused: list[EditError] = []
    now: Mapping[str, Any] = context.draft
    for edit in plan.edits:
        try:
            draft = edit.apply(now, context.media)
        except EditError as error:
            if all(error.key != e.key or error.values != e.values for e in refused):
                refused.append(error)
            continue
        now = draft
        done.append(edit)
    return draft, done, refused


def _notes(
    plan: Plan, done: Sequence[Edit], draft: Draft | None, context: Context
) -> list[tuple[str, Mapping[str, Any]]]:
    notes = list(plan.notes)
    if draft is None:
        return [n for n in notes if n[0] == "kept"]
    if any(isinstance(edit, MakeAvatar | EveryPhoto) for edit in done):
        shown = {s.get("m", {}).get("asset") for s in segments(draft, VIDEO)}
        for item in context.media:
            if item.asset not in shown or item.faces is None:
                continue
            if not item.faces:
                notes.append(("no_face", {}))
            elif len(item.faces) > 1:
                values = {"count": len(item.faces), "number": item.largest_face + 1}
                notes.append(("many_faces", values))
            break
    return notes


def _not_understood(plan: Plan, *, nothing_else: bool) -> list[str]:
    language = plan.language
    out: list[str] = []
    if plan.unknown and not nothing_else:
        parts = words.listing(language, [part[:60] for part in plan.unknown[:3]])
        out.append(words.say(language, "not_understood", part=parts))
    elif nothing_else:
        out.append(words.say(language, "not_understood_all"))
    if not out:
        return out
    if plan.near:
        out.append(words.say(language, "nearest", things=words.things(language, plan.near[:3])))
    elif nothing_else:
        tries = {n: words.say(language, f"try_{n}") for n in ("one", "two", "three")}
        out.append(words.say(language, "try", **tries))
    return out
