"""Reads an utterance: steps, questions and versions first, then clause by clause through the frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from studio.brain import titletext
from studio.brain.clauses import clauses, sentences
from studio.brain.context import Context
from studio.brain.frames import (
    amends,
    ask,
    bare,
    beside,
    choose,
    complaints,
    corrections,
    courtesy,
    drawing,
    forbidden,
    leftovers,
    look,
    make,
    mirror,
    picture,
    sequence,
    sharing,
    sound,
    timing,
    titles,
)
from studio.brain.frames.steps import count_of, step_of
from studio.brain.lexer import lex
from studio.brain.plan import Plan
from studio.brain.reading import Reading
from studio.brain.tokens import Clause, Token

_FRAMES = (
    choose.take,
    make.frame,
    titles.frame,
    sequence.frame,
    sound.frame,
    drawing.change,
    look.frame,
    picture.frame,
    timing.speed,
    timing.length,
    timing.canvas,
)


def read(utterance: str, context: Context, language: str) -> Reading:
    """What the words ask for, tried out on the draft."""
    r = _read(utterance, context, language)
    footing = amends.footing(r) if r.went_back else None
    return r if footing is None else _read(utterance, context, language, footing)


def _read(
    utterance: str, context: Context, language: str, footing: Mapping[str, Any] | None = None
) -> Reading:
    plan = Plan(language=language)
    r = Reading(context, plan, utterance, footing)
    polite = courtesy.courtesy(utterance, language)
    if polite and not mirror.spares(lex(utterance, context.media), r):
        plan.answers.append(polite)
        return r
    utterance = courtesy.without_opening(utterance)
    tokens = titletext.quoted(lex(utterance, context.media), utterance)
    plan.step = step_of(tokens, r)
    if plan.step == "redo" and mirror.brought_back(tokens, r):
        plan.step = "undo"
    if mirror.takes_back(tokens, r):
        plan.step = "undo"
    if plan.step:
        plan.steps = count_of(tokens)
        return r
    runs = sentences(tokens)
    parts: list[tuple[Clause, bool]] = []
    for run, marked in runs:
        whole = Clause(run, question=marked)
        if ask.is_question(whole, marked):
            plan.answers.append(ask.answer(whole, r))
            continue
        count = choose.variants(whole)
        if count is not None:
            choose.show(count, r)
            continue
        parts += [(c, marked) for c in clauses(run)]
    _edits([c for c, _ in parts], r)
    return r


def _edits(parts: list[Clause], r: Reading) -> None:
    if mirror.turned_round(parts, r):
        return
    parts = corrections.corrections(parts, r)
    if drawing.make(parts, r):
        parts = [c for c in parts if not all(t.used or t.is_filler for t in c.tokens)]
    parts = corrections.limited(parts)
    making = [c for c in parts if make.wants_make(c, r)]
    ordered = making[:1] + [c for c in parts if not making or c is not making[0]]
    skip: set[int] = set()
    for i, clause in enumerate(ordered):
        if i in skip:
            continue
        later = ordered[i + 1] if i + 1 < len(ordered) else None
        if complaints.is_complaint(clause, later) or corrections.negated(clause, later):
            continue
        before = ordered[i - 1] if i else None
        _clause(clause, before, _lender(ordered, i), r)


def _lender(ordered: Sequence[Clause], i: int) -> Clause | None:
    """The clause whose verb holds for this one too: the next, or the end of a list of things."""
    later = ordered[i + 1] if i + 1 < len(ordered) else None
    for other in ordered[i + 1 :]:
        if not other.joined:
            break
        if sharing.says_how(other):
            return other
        if not sharing.things_of(other):
            break
    return later


def _clause(clause: Clause, before: Clause | None, later: Clause | None, r: Reading) -> None:
    original = [Token(t.start, t.end, t.text, t.raw, dict(t.senses), False, t.negated) for t in clause.tokens]
    clause.pattern = original
    if leftovers.says_nothing(clause) and not (r.correcting and clause.has("when", "start", "end")):
        return
    if r.correcting:
        beside.kept_as(clause)
    if leftovers.keeps(clause, r) or forbidden.forbidden(clause, r):
        return
    if r.context.variants and choose.take(clause, r):
        return
    if leftovers.cannot(clause):
        leftovers.not_understood(clause, r)
        return
    if clause.joined and sharing.shares_before(clause, before, r, run_frames):
        return
    if sharing.shares_next(clause, later, r):
        return
    complaints.complaining(clause)
    if corrections.corrected(clause, r):
        return
    if beside.beside(clause, r):
        return
    sharing.inherit(clause, before, r)
    if bare.fade_time(clause, r):
        return
    if run_frames(clause, r):
        leftovers.mark_unknown(clause, r)
        return
    if sharing.shares_before(clause, before, r, run_frames):
        return
    if bare.bare(clause, r):
        return
    leftovers.not_understood(clause, r)


def run_frames(clause: Clause, r: Reading) -> bool:
    """Try every frame on a clause; several may find something."""
    done = False
    for frame in _FRAMES:
        done = frame(clause, r) or done
    return done


def unused(clauses_: Sequence[Clause]) -> list[Token]:
    """Tokens no frame has understood."""
    return [t for c in clauses_ for t in c.tokens if not t.used and not t.is_filler]
