"""One utterance: read it, do what was understood as one version, and say truthfully what changed."""

from __future__ import annotations

import copy
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from studio.brain import words
from studio.brain.context import Context, Reply
from studio.brain.language import language_of
from studio.brain.llm import Model, ModelError, edits
from studio.brain.plan import Plan
from studio.brain.reader import read
from studio.brain.reading import Reading
from studio.draft import Draft, DraftError, validate
from studio.edits import EveryPhoto, MakeAvatar
from studio.edits.difference import difference

log = logging.getLogger(__name__)

MAX_UTTERANCE = 4000


def respond(utterance: str, context: Context, model: Model | None = None) -> Reply:
    """Turn an utterance into a reply and, where something changed, the draft that follows."""
    language = language_of(utterance, context.language)
    utterance = utterance[:MAX_UTTERANCE]
    reading = read(utterance, context, language)
    if model is not None and not (reading.plan.step or reading.plan.answers):
        reading = _asked(utterance, context, language, model) or reading
    plan = reading.plan
    if plan.step:
        return Reply("", step=plan.step, steps=plan.steps, language=language)
    changes = difference(context.draft, reading.now) if reading.done else ()
    said = list(plan.answers)
    if changes:
        said.append(words.say(language, "done", changes=words.facts(language, changes)))
    elif reading.done and not reading.refused and not plan.problems and not plan.unknown:
        said.append(words.say(language, "same"))
    elif plan.kept and not reading.refused and not plan.problems:
        said.append(words.say(language, "kept"))
    said += [words.say(language, key, **values) for key, values in _notes(reading, changed=bool(changes))]
    said += [words.refusal(language, error) for error in reading.refused]
    said += [words.say(language, key, **values) for key, values in plan.problems]
    said += _not_understood(plan, nothing_else=not said and not (plan.unknown and reading.done))
    text = (" " if not words.is_chinese(language) else "").join(said)
    done = tuple(edit.to_json() for edit in reading.done) if changes else ()
    draft = _version(reading, done) if changes else None
    return Reply(text, draft, variants=reading.variants, edits=done, language=language)


def _asked(utterance: str, context: Context, language: str, model: Model) -> Reading | None:
    """What a language model reads in the utterance, None when the grammar has to do."""
    reading = Reading(context, Plan(language=language), utterance)
    try:
        for edit in edits(utterance, context, model):
            reading.do(edit)
        validate(reading.now)
    except (ModelError, DraftError) as error:
        log.info("the grammar reads instead of the model: %s", error)
        return None
    return reading


def _version(reading: Reading, edits: Sequence[Mapping[str, Any]]) -> Draft:
    """The draft after the edits, with what was done in `m.said`, so that "it" can be understood next time."""
    draft: Draft = copy.deepcopy(dict(reading.now))
    draft["m"] = {**draft.get("m", {}), "said": [dict(edit) for edit in edits]}
    return draft


def describe_step(
    step: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any] | None,
    language: str = "en",
    *,
    done: int = 1,
    asked: int = 1,
) -> str:
    """What undo, redo or reset did; `after` is None when there was nothing to go to.

    `done` of the `asked` steps could be walked.
    """
    if after is None:
        return words.say(language, f"{step}_nothing")
    if step == "reset":
        return words.say(language, "reset")
    changes = tuple(
        replace(change, key="added_back") if change.key == "added" else change
        for change in difference(before, after)
    )
    told = words.facts(language, changes) if changes else words.say(language, "step_plain")
    key = "undone" if step == "undo" else "redone"
    if asked > done:
        return words.say(language, f"{key}_fewer", changes=told, count=done)
    return words.say(language, f"{key}_many" if done > 1 else key, changes=told, count=done)


def _notes(reading: Reading, *, changed: bool) -> list[tuple[str, Mapping[str, Any]]]:
    if not changed:
        return []
    notes = list(reading.plan.notes)
    if any(isinstance(edit, MakeAvatar | EveryPhoto) for edit in reading.done):
        shown = {s.get("m", {}).get("asset") for s in reading.video}
        for item in reading.context.media:
            if item.asset not in shown or item.faces is None:
                continue
            if not item.faces:
                notes.append(("no_face", {}))
            elif len(item.faces) > 1:
                taken = item.largest_face + 1
                other = 2 if taken == 1 else 1
                notes.append(("many_faces", {"count": len(item.faces), "number": taken, "other": other}))
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
        out.append(words.say(language, "nearest", things=words.either(language, plan.near[:2])))
    elif nothing_else:
        tries = {n: words.say(language, f"try_{n}") for n in ("one", "two", "three")}
        out.append(words.say(language, "try", **tries))
    return out
