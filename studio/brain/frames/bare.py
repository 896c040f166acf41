"""Things said so short that only what was spoken of before tells what they mean."""

from __future__ import annotations

from studio.brain import scope
from studio.brain.frames.corrections import meant, numbers, replay
from studio.brain.reading import Reading
from studio.brain.tokens import Clause
from studio.edits import (
    ChangeTitle,
    RemoveMusic,
    RemoveTitle,
    SetBackground,
    SetFade,
    SetMotion,
    SetRing,
    SetSegmentLength,
    SetShadow,
    SetStyle,
)
from studio.edits.values import RANGES


def bare(c: Clause, r: Reading) -> bool:
    """Things said so short that only what was spoken of before tells what they mean."""
    return (
        _remove_it(c, r)
        or _place_it(c, r)
        or _color(c, r)
        or meant(c, r)
        or numbers(c, r)
        or _bigger(c, r)
        or replay(c, r)
    )


def fade_time(c: Clause, r: Reading) -> bool:
    """Fade it out, 4 seconds: the time of the fade, or of the picture, just spoken of."""
    last = r.done[-1] if r.done else None
    token = scope.number(c, "s")
    alone = len([t for t in c.tokens if not t.is_filler]) == 1
    if isinstance(last, SetSegmentLength) and token is not None and alone:
        c.use(token)
        return r.do(SetSegmentLength(to=scope.num(token).value, target=last.target))
    if not isinstance(last, SetFade) or token is None or len([t for t in c.tokens if not t.is_filler]) > 1:
        return False
    c.use(token)
    ms = scope.num(token).value
    return r.do(SetFade(fade_in=last.fade_in and ms, fade_out=last.fade_out and ms))


def _remove_it(c: Clause, r: Reading) -> bool:
    verb = next((t for t in c.tokens if t.has("v", "remove", "no") and not t.used), None)
    if verb is None or any(t.has("t") or t.has("unknown") for t in c.tokens if not t.used):
        return False
    if not any(t.has("pron") for t in c.tokens) and len([t for t in c.tokens if not t.is_filler]) > 1:
        return False
    topic = r.topic or r.focus
    done = {
        "title": lambda: r.do(RemoveTitle(target=None if len(r.titles) < 2 else -1)),
        "music": lambda: r.do(RemoveMusic()),
        "ring": lambda: r.do(SetRing(off=True)),
        "shadow": lambda: r.do(SetShadow(on=False)),
        "background": lambda: r.do(SetBackground(to="transparent")),
        "style": lambda: r.do(SetStyle(style="none")),
        "motion": lambda: r.do(SetMotion(motion="none")),
    }.get(topic)
    if done is None:
        return False
    c.use(verb)
    return done()


def _place_it(c: Clause, r: Reading) -> bool:
    """Put it at the top, with nothing spoken of yet: only a title has such a place."""
    pos = c.first("pos")
    if pos is None or len(r.titles) != 1:
        return False
    if not any(t.has("pron") for t in c.tokens) and any(not (t.is_filler or t is pos) for t in c.tokens):
        return False
    if any((t.has("t") and not t.has("t", "one")) or t.stands_out for t in c.tokens):
        return False
    c.use(pos)
    c.use_all(("v",))
    held = pos.get("pos")
    return r.do(ChangeTitle(position=held if isinstance(held, str) else min(held)))


def _color(c: Clause, r: Reading) -> bool:
    """A colour and nothing to put it on: the background, and the reply says so."""
    loose = scope.groups(c)
    if not loose or not (r.has_avatar or not r.video) or any(t.has("t") and not t.used for t in c.tokens):
        return False
    if any(t.has("unknown") and not t.has("filestem") for t in c.tokens):
        return False
    c.use(*loose[-1])
    colors = tuple(scope.shaded(c, t) for t in loose[-1])
    if not r.video and not r.context.media:
        return False
    from studio.brain.frames.background import ready

    ready(r)
    r.plan.note(
        "chose", word=loose[-1][-1].raw, meaning="the background" if r.plan.language == "en" else "背景"
    )
    return r.do(SetBackground(to="gradient" if len(colors) > 1 else "color", colors=colors))


def _bigger(c: Clause, r: Reading) -> bool:
    """Bigger, stronger, more of it, with nothing named: what was spoken of, else the person in the frame."""
    from studio.edits import ChangeTitle, SetZoom

    cmp = c.first("cmp", "size+", "size-")
    if cmp is None or any(t.has("unknown") for t in c.tokens):
        return False
    grows = cmp.has("cmp", "size+") != scope.flipped(c, cmp)
    if len(cmp.text) == 1 and not (c.has("deg") or c.has("too") or c.has("times")):
        return False
    c.use(cmp)
    steps = scope.degree(c) * (1 if grows else -1)
    times = scope.factor(c)
    if r.has_avatar:
        step = RANGES["zoom"].step ** steps if times is None else times
        r.plan.note(
            "chose",
            word=cmp.raw,
            meaning="the person in the frame" if r.plan.language == "en" else "画面里的人",
        )
        return r.do(SetZoom(times=step))
    if r.titles:
        step = RANGES["size"].step ** steps if times is None else times
        return r.do(ChangeTitle(times=step))
    return False
