"""What the frames leave: corrections, things said short, shared verbs, "it", and what is not understood."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from studio.brain import scope
from studio.brain.reading import Reading
from studio.brain.tokens import Clause, Token
from studio.edits import (
    RemoveMusic,
    RemoveTitle,
    SetBackground,
    SetFace,
    SetLength,
    SetMotion,
    SetRing,
    SetShadow,
    SetSpeed,
    SetStyle,
    SetVolume,
    Shift,
)
from studio.edits.base import edit_from_json
from studio.edits.values import RANGES

# What a bare attribute can be said of, and the thing it goes to when nothing is named.
_FITS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("color", ("ring", "title", "background")),
    ("pos", ("title",)),
    ("fade", ("music", "title")),
)
_SIZES = ("title", "ring", "music", "style", "background", "transition", "brightness", "contrast", "saturation",
          "warmth", "sharpness", "speed", "length", "frame", "volume")  # fmt: skip
_NEAR = {
    "shape": "shape",
    "background": "background",
    "ring": "ring",
    "shadow": "shadow",
    "style": "style",
    "title": "title",
    "name": "title",
    "music": "music",
    "volume": "music",
    "photo": "sequence",
    "clip": "sequence",
    "transition": "sequence",
    "length": "length",
    "speed": "length",
    "canvas": "canvas",
    "ratio": "canvas",
    "motion": "motion",
    "person": "frame",
    "frame": "frame",
    "zoom": "frame",
    "brightness": "adjust",
    "contrast": "adjust",
    "saturation": "adjust",
    "warmth": "adjust",
    "sharpness": "adjust",
    "light": "adjust",
    "avatar": "make",
    "slideshow": "slideshow",
    "video": "slideshow",
    "variants": "variants",
    "initials": "initials",
}


def corrections(parts: list[Clause], r: Reading) -> list[Clause]:
    """Take "no," and "I meant" off the front; negate what "not red" and "instead of blue" turn down."""
    strong = False
    for c in parts:
        content = [t for t in c.tokens if not t.is_filler and not t.has("corr", "strong")]
        marks = [t for t in c.tokens if t.has("corr", "strong")]
        lead = bool(c.tokens) and (c.tokens[0].has("corr", "strong") or c.tokens[0].has("not"))
        alone = bool(marks) and not content
        if (
            alone
            and c is parts[0]
            or lead
            and c is parts[0]
            and (len(parts) > 1 or c.tokens[0].has("corr", "strong"))
        ):
            strong = strong or bool(r.last)
        if alone or (
            lead and c.tokens[0].has("corr", "strong") and c.tokens[0].text not in ("no", "不", "wrong")
        ):
            for t in marks:
                t.used = True
    for c, later in zip(parts, [*parts[1:], None], strict=False):
        _negate(c)
        _turned_down(c, later)
    kept = [c for c in parts if not all(t.used or t.is_punct for t in c.tokens)]
    if strong and kept:
        r.correcting = True
        r.go_back()
    return kept


def _negate(c: Clause) -> None:
    for i, t in enumerate(c.tokens):
        if not t.has("not"):
            continue
        if any(x.has("too") or x.text in ("so", "as", "that") for x in c.tokens[i + 1 : i + 2]):
            continue
        for other in c.tokens[i + 1 : i + 5]:
            if other.has("v", "to") or other.text in ("but", "而是", "要", "是"):
                break
            if (
                other.has("color")
                or other.has("shape")
                or other.has("style")
                or other.has("mood")
                or other.has("num")
                or other.has("pos")
                or other.has("motion")
                or other.has("bg")
                or other.has("dir")
            ):
                other.negated = True
                other.used = True
                t.used = True
                if not other.has("color"):
                    break


def _turned_down(c: Clause, later: Clause | None) -> None:
    """Not red but the next clause says which: 不要红色,要绿色."""
    if (
        later is None
        or not any(t.has("v", "no") for t in c.tokens)
        or any(t.has("v", "no", "remove") for t in later.tokens)
    ):
        return
    if any(t.has("t") for t in later.tokens):
        return
    for kind in ("color", "shape", "style", "mood", "motion", "pos"):
        if c.has(kind) and later.has(kind):
            for t in c.tokens:
                if t.has(kind):
                    t.negated = t.used = True


def limited(parts: list[Clause]) -> list[Clause]:
    """Make it black and white, the second photo only: a clause that only names pictures limits the one before."""
    out: list[Clause] = []
    for c in parts:
        content = [t for t in c.tokens if not t.is_filler or t.has("ord")]
        names = all(
            t.has("ord") or t.has("t", "photo", "one", "clip") or t.has("rel", "only") or t.has("fileref")
            for t in content
        )
        refers = any(t.has("ord") or t.has("fileref") for t in content) and any(
            t.has("rel", "only") for t in c.tokens
        )
        if out and content and names and refers and not any(t.has("ord") for t in out[-1].tokens):
            out[-1].tokens += c.tokens
            continue
        out.append(c)
    return out


def negated(c: Clause, later: Clause | None) -> bool:
    """Whether a clause only turns something down that the next one puts right."""
    if not any(t.negated for t in c.tokens):
        return False
    return all(t.used or t.is_filler or t.has("not") or t.has("v") or t.has("t") for t in c.tokens)


def is_complaint(c: Clause, later: Clause | None) -> bool:
    """Too bright, make it darker: the complaint is what the next clause puts right."""
    if later is None or not any(t.has("too") for t in c.tokens) or c.verb("add", "remove"):
        return False
    mine = {str(t.get("cmp"))[:-1] for t in c.tokens if t.has("cmp") and isinstance(t.get("cmp"), str)}
    theirs = {str(t.get("cmp"))[:-1] for t in later.tokens if t.has("cmp") and isinstance(t.get("cmp"), str)}
    if any(t.has("too") for t in later.tokens):
        return False
    if any(t.has("num") for t in c.tokens):
        return False
    things = {str(t.get("t")) for t in later.tokens if t.has("t")} - {
        str(t.get("t")) for t in c.tokens if t.has("t")
    }
    both_any = any(isinstance(t.get("cmp"), frozenset) for t in [*c.tokens, *later.tokens] if t.has("cmp"))
    return bool(theirs or both_any) and (bool(mine & theirs) or both_any or not things)


def complaining(c: Clause) -> None:
    """In "too dark" and "not loud enough" plain adjectives compare."""
    verdict = _verdict(c)
    as_much = any(t.has("times") or t.has("num") and scope.num(t).unit == "x" for t in c.tokens)
    if not any(t.has("too") for t in c.tokens) and not verdict and not as_much:
        return
    if verdict:
        c.tokens.insert(0, Token(0, 0, "too", "", {"too": "too"}))
        _beside(c)
    for t in c.tokens:
        if t.has("adj") and not t.has("cmp"):
            t.senses["cmp"] = t.get("adj")
            t.senses.pop("color", None)
            t.senses.pop("mood", None)


def _verdict(c: Clause) -> bool:
    """The colours look dull, it is dark: a plain judgement asks for its opposite."""
    if c.verb("add", "remove", "no", "keep") or any(
        t.text in ("make", "should", "make it", "want", "like") for t in c.tokens
    ):
        return False
    if any(t.has("cmp") or t.has("num") or t.has("too") for t in c.tokens) or c.has("quote"):
        return False
    says = [
        i
        for i, t in enumerate(c.tokens)
        if t.text in ("is", "are", "look", "looks", "it's", "seems", "feels", "sounds", "看起来", "显得")
    ]
    return bool(says) and any(t.has("adj") for t in c.tokens[says[0] + 1 :][:3])


def _beside(c: Clause) -> None:
    """Move the mark of too much to the word it judges."""
    mark = c.tokens.pop(0)
    at = next(i for i, t in enumerate(c.tokens) if t.has("adj"))
    c.tokens.insert(at, mark)


def corrected(c: Clause, r: Reading) -> bool:
    """A correction so short that it only makes sense beside what it corrects: no, left; no, the second one."""
    if not r.correcting or any(
        t.has("t") and not t.has("t", "photo", "one", "clip", "person") for t in c.tokens
    ):
        return False
    if c.has("color") or c.has("shape") or c.has("style") or c.has("cmp") or c.has("mood"):
        return False
    return _meant(c, r) or _replay(c, r) or _numbers(c, r)


def says_nothing(c: Clause) -> bool:
    """Whether a clause is mere politeness."""
    return all(
        t.is_filler or t.is_punct or t.used or t.has("thanks") or (t.has("v") and t.has("word"))
        for t in c.tokens
    ) and not any(t.has("pron") or t.has("v", "remove", "no") or t.has("when", "whole") for t in c.tokens)


def keeps(c: Clause, r: Reading) -> bool:
    """Keep the ring, leave the music alone, 别动标题."""
    marks = [t for t in c.tokens if t.has("v", "keep")]
    if any(t.text in ("everyone", "everybody", "所有人", "大家") for t in c.tokens):
        return False
    if not marks or any(t.has("v", "remove", "no") and not t.has("v", "keep") for t in c.tokens):
        return False
    if any(t.has("motion") for t in c.tokens) and not c.targets(
        "motion", "title", "music", "ring", "background"
    ):
        return False
    if c.has("quote") or any(t.has("rel", "only") for t in c.tokens) and c.targets("photo", "clip", "one"):
        return False
    valued = any(t.has(k) for t in c.tokens for k in ("color", "num", "cmp", "pos")) and not any(
        t.text in ("alone", "别动", "不变", "不要动", "untouched", "as it is", "as is", "unchanged")
        or "touch" in t.text
        or "change" in t.text
        for t in marks
    )
    if valued and not _described(c):
        return False
    for t in c.tokens:
        t.used = True
    r.plan.kept = True
    return True


def _described(c: Clause) -> bool:
    """Keep the white ring: the colour only describes what is kept."""
    things = [t for t in c.tokens if t.has("t")]
    colors = [t for t in c.tokens if t.has("color")]
    return bool(things and colors) and c.index(colors[-1]) < c.index(things[-1]) and not c.has("num")


def _things(c: Clause) -> list[Token]:
    return [
        t for t in c.tokens if t.has("t") and not t.used and not t.has("t", "video", "timeline", "avatar")
    ]


def _says_how(c: Clause) -> bool:
    return any(
        (t.has("color") or t.has("cmp") or t.has("num") or t.has("shape") or t.has("style") or t.has("bg") or t.has("pos") or t.has("quote") or t.has("times")
         or t.has("v", "remove", "no", "add", "keep", "restore", "fix", "mute", "trim", "move", "swap") or t.has("fade") or t.has("mood") or t.has("motion") or t.has("fileref") or t.has("filestem") or t.has("thickness") or t.has("dir"))
        and not t.text == "with" for t in c.tokens
    )  # fmt: skip


def shares_next(c: Clause, later: Clause | None, r: Reading) -> bool:
    """Brightness and contrast up: a thing without a word what to do waits for the next clause's."""
    things = _things(c)
    if (
        later is not None
        and things
        and not _says_how(c)
        and not _things(later)
        and any(t.has("v", "fix") or t.has("cmp") for t in later.tokens)
    ):
        later.tokens.insert(0, _copy(things[-1]))
        for t in c.tokens:
            t.used = True
        return True
    if later is None or not later.joined:
        return False
    if not things or _says_how(c) or not _says_how(later) or not _things(later):
        return False
    waiting = Clause(_exchange(later, things[-1]))
    later_first = list(c.before(things[-1]))
    waiting.tokens = [_copy(t) for t in later_first if t.has("v")] + waiting.tokens
    c.tokens = waiting.tokens
    return False


def shares_before(
    c: Clause, before: Clause | None, r: Reading, frames: Callable[[Clause, Reading], bool]
) -> bool:
    """Remove the ring and the shadow: the verb of the clause before holds here too."""
    things = _things(c)
    if before is None or not things or _says_how(c):
        return False
    pattern = Clause(before.pattern or before.tokens)
    if not _says_how(pattern):
        return False
    swapped = Clause(_exchange(pattern, things[0]))
    if frames(swapped, r):
        for t in c.tokens:
            t.used = True
        return True
    return False


def _exchange(pattern: Clause, thing: Token) -> list[Token]:
    """The pattern's tokens with its thing replaced by another."""
    out: list[Token] = []
    replaced = False
    for t in pattern.tokens:
        if t.has("t") and not t.has("t", "video", "timeline") and not replaced:
            out.append(_copy(thing))
            replaced = True
        else:
            out.append(_copy(t))
    if not replaced:
        out.append(_copy(thing))
    return out


def _copy(t: Token) -> Token:
    return Token(t.start, t.end, t.text, t.raw, dict(t.senses), False, t.negated)


def inherit(c: Clause, before: Clause | None, r: Reading) -> None:
    """Give a clause that names nothing the thing spoken of: colours, places, sizes, amounts, "it"."""
    named = [
        t
        for t in c.tokens
        if t.has("t") and not t.has("t", "size", "width", "strength", "video", "timeline", "one", "bgloc")
    ]
    if named and not (len(named) == 1 and named[0].has("t", "photo") and r.has_avatar and not c.has("ord")):
        return
    topic = r.topic or (r.focus if _points_back(c, r) else "")
    if topic == "adjust":
        topic = r.focus_field or "brightness"
    if not topic or _self_contained(c, topic):
        return
    if _compatible(c, topic, r):
        c.tokens.insert(0, Token(0, 0, topic, "", {"t": topic}))


def _points_back(c: Clause, r: Reading) -> bool:
    short = len([t for t in c.tokens if not t.is_filler]) <= 4
    return r.correcting or any(t.has("pron") for t in c.tokens) or short


def _self_contained(c: Clause, topic: str) -> bool:
    if any(
        t.has(k)
        for t in c.tokens
        for k in (
            "shape",
            "style",
            "quote",
            "fileref",
            "filestem",
            "platform",
            "ratio",
            "fit",
            "size",
            "trait",
        )
    ):
        return not (topic == "title" and c.has("pos"))
    if c.has("motion") and topic != "motion":
        return True
    if c.has("bg") and not (topic == "ring" and c.has("bg", "gradient")):
        return topic != "background"
    return False


def _compatible(c: Clause, topic: str, r: Reading) -> bool:
    for kind, fits in _FITS:
        if c.has(kind) and topic in fits:
            return True
    if topic == "background" and c.has("cmp", "bright+", "bright-"):
        return any(t.has("pron") for t in c.tokens) or r.topic == "background"
    if topic == "title" and (
        c.has("cmp", "size+", "size-") or c.has("when", "whole") or c.has("times") and not c.has("cmp")
    ):
        return True
    if topic == "title" and c.has("dir", "up", "down") and not c.has("cmp", "up", "down"):
        return True
    if topic == "title" and any(scope.num(t).unit == "s" for t in c.all("num")):
        return any(
            t.has("ord", "1", "-1")
            or t.has("rel", "for", "at", "from")
            or t.has("when")
            or t.text in ("显示", "出现", "持续")
            for t in c.tokens
        ) and not any(t.text == "long" for t in c.tokens)
    if topic == "ring" and (
        c.targets("width")
        or c.has("cmp", "thick+", "thick-", "wide", "size+", "size-")
        or c.has("thickness")
        or c.has("num")
    ):
        return not c.has("cmp", "near+", "near-") and not any(scope.num(t).unit == "s" for t in c.all("num"))
    if topic == "music":
        loud = c.has("cmp", "up", "down", "loud+", "loud-", "size+", "size-", "soft") or c.has("times")
        amount = any(scope.num(t).unit in ("pct", "") for t in c.all("num"))
        return loud or amount or c.has("fade") or c.has("mood")
    if topic in ("transition",) and (c.has("num") or c.has("cmp", "long+", "long-")):
        return True
    if topic in ("style",) and c.has("cmp", "strong+", "strong-", "up", "down"):
        return True
    if topic in ("brightness", "contrast", "saturation", "warmth", "sharpness"):
        return c.has("cmp", "up", "down", "strong+", "strong-") or any(
            scope.num(t).unit in ("pct", "") for t in c.all("num")
        )
    if topic == "speed" and (c.has("cmp", "up", "down") or c.has("num")):
        return not any(scope.num(t).unit in ("s", "px") for t in c.all("num"))
    if topic == "length" and c.has("num") and any(not scope.num(t).unit for t in c.all("num")):
        return True
    if topic == "background" and c.has("cmp", "up", "down", "strong+", "strong-"):
        return (r.recipe.get("background") or {}).get("kind") == "blur"
    if topic == "frame" and c.has("cmp", "up", "down", "size+", "size-"):
        return True
    return False


def bare(c: Clause, r: Reading) -> bool:
    """Things said so short that only what was spoken of before tells what they mean."""
    return (
        _remove_it(c, r) or _color(c, r) or _meant(c, r) or _numbers(c, r) or _bigger(c, r) or _replay(c, r)
    )


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


def _color(c: Clause, r: Reading) -> bool:
    """A colour and nothing to put it on: the background, and the reply says so."""
    loose = scope.groups(c)
    if not loose or not (r.has_avatar or not r.video) or any(t.has("t") and not t.used for t in c.tokens):
        return False
    if sum(t.has("unknown") for t in c.tokens) > 0 and not c.verb("set", "add"):
        return False
    c.use(*loose[-1])
    colors = tuple(scope.shaded(c, t) for t in loose[-1])
    if not r.video and not r.context.media:
        return False
    from studio.brain.frames.look import _ready

    _ready(r)
    r.plan.note(
        "chose", word=loose[-1][-1].raw, meaning="the background" if r.plan.language == "en" else "背景"
    )
    return r.do(SetBackground(to="gradient" if len(colors) > 1 else "color", colors=colors))


def _meant(c: Clause, r: Reading) -> bool:
    """I meant right: the other side of the last pan, shift or choice of person."""
    side = c.first("dir")
    last = r.last[-1] if r.last else {}
    if side is None or not last:
        return False
    way = str(side.get("dir"))
    kind = last.get("edit")
    if kind == "motion" and way in ("left", "right"):
        c.use(side)
        return r.do(SetMotion(motion=f"pan-{way}"))
    if kind == "face":
        c.use(side)
        return r.do(SetFace(face=0 if way == "left" else -1))
    if kind == "shift":
        c.use(side)
        step = max(abs(float(last.get("x", 0))), abs(float(last.get("y", 0)))) or RANGES["offset"].step
        x = step if way == "right" else -step if way == "left" else 0.0
        y = step if way == "down" else -step if way == "up" else 0.0
        return r.do(Shift(x=x, y=y))
    return False


def _numbers(c: Clause, r: Reading) -> bool:
    """Not 14, 16: a number that takes the place of the last one."""
    token = c.first("num")
    last = r.last[-1] if r.last else {}
    if token is None or not last:
        return False
    value = scope.num(token)
    kind = last.get("edit")
    amount = value.value / 100 if not value.unit and value.value > 1 else value.value
    if kind == "length" and value.unit in ("", "s"):
        c.use(token)
        return r.do(SetLength(to=value.value if value.unit else value.value * 1000))
    if kind in ("volume", "music") and value.unit in ("", "pct"):
        c.use(token)
        return r.do(SetVolume(to=amount))
    if kind == "speed" and value.unit in ("", "x"):
        c.use(token)
        return r.do(SetSpeed(to=value.value))
    if kind == "ring" and value.unit in ("", "pct"):
        c.use(token)
        return r.do(SetRing(width=amount))
    if kind in ("trim", "segment_length", "transition", "change_title", "add_title") and value.unit in (
        "",
        "s",
    ):
        c.use(token)
        ms = value.value if value.unit else value.value * 1000
        changed = {**last, **{k: ms for k in ("to", "d", "head", "tail") if last.get(k)}}
        edit = edit_from_json(changed)
        return edit is not None and r.do(edit)
    return False


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


def _replay(c: Clause, r: Reading) -> bool:
    """No, the third one; the same for all of them: the last edit again with another target."""
    if not r.last:
        return False
    every = any(t.has("all") for t in c.tokens) and any(t.has("same") or t.has("pron") for t in c.tokens)
    marks = scope.ordinals(c)
    if not every and not (
        marks
        and (
            r.correcting or any(t.has("same") or t.text in ("also", "too", "as well", "也") for t in c.tokens)
        )
    ):
        return False
    done = False
    for last in r.last:
        changed = dict(last)
        if "target" in _fields_of(last) and (every or marks):
            changed["target"] = None if every else [scope.position(marks[0], len(r.video))]
        elif last.get("edit") == "remove" and marks:
            changed["which"] = [scope.position(marks[0], len(r.video))]
        elif last.get("edit") == "move" and marks:
            changed["which"] = scope.position(marks[0], len(r.video))
        elif last.get("edit") == "face" and marks:
            changed["face"] = scope.position(marks[0], 0)
        else:
            continue
        edit = edit_from_json(changed)
        done = (edit is not None and r.do(edit)) or done
    if done:
        c.use(*marks)
        c.use_all(("all", "same", "t"))
    return done


def _fields_of(last: object) -> Sequence[str]:
    from studio.edits import Edit

    kind = last.get("edit") if isinstance(last, dict) else None
    known = Edit.registry.get(str(kind))
    return tuple(known.__dataclass_fields__) if known else ()


def mark_unknown(c: Clause, r: Reading) -> None:
    """Words in an understood clause that mean nothing here are named, if they stand out."""
    odd = [
        t
        for t in c.tokens
        if not t.used and set(t.senses) == {"unknown"} and len(t.raw) > (3 if t.text.isascii() else 1)
    ]
    for t in odd:
        if not t.raw[:1].isupper():
            r.plan.unknown.append(f"{t.raw}")
    near(c, r)


def not_understood(c: Clause, r: Reading) -> None:
    """A clause nobody could read is told back as it was said."""
    r.plan.unknown.append(c.words())
    near(c, r)


def near(c: Clause, r: Reading) -> None:
    """The kinds of edit that stand nearest to the words."""
    for t in c.tokens:
        for key in ("t",):
            held = t.get(key)
            for value in held if isinstance(held, frozenset) else (held,):
                kind = _NEAR.get(str(value))
                if kind and kind not in r.plan.near:
                    r.plan.near.append(kind)
        for key, kind in (
            ("color", "background"),
            ("shape", "shape"),
            ("style", "style"),
            ("mood", "music"),
            ("motion", "motion"),
            ("platform", "canvas"),
        ):
            if t.has(key) and kind not in r.plan.near:
                r.plan.near.append(kind)
