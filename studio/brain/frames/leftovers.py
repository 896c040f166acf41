"""What the frames leave: politeness, what is to stay, and what is not understood."""

from __future__ import annotations

from collections.abc import Sequence

from studio.brain.reading import Reading
from studio.brain.tokens import Clause, Token

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
    if any(t.has("when", "whole") for t in c.tokens):
        return False
    if c.has("quote") or (
        any(t.has("rel", "only") for t in c.tokens) and (c.targets("photo", "clip", "one") or c.has("ord"))
    ):
        return False
    if any(t.has("rel", "allbut") for t in c.tokens):
        for t in c.tokens:
            if t.has("v", "keep"):
                t.senses = {"v": "remove"}
        return False
    valued = any(t.has(k) for t in c.tokens for k in ("color", "num", "cmp", "pos")) and not any(
        t.text in ("alone", "别动", "不变", "不要动", "untouched", "as it is", "as is", "unchanged")
        or "touch" in t.text
        or "change" in t.text
        for t in marks
    )
    if valued and not _described(c):
        _kept_at(c, marks)
        return False
    for t in c.tokens:
        t.used = True
    r.plan.kept = True
    spared = next(
        (i for i, t in enumerate(c.tokens) if t.text in ("except", "but", "besides", "apart", "除了")), None
    )
    if spared is not None:
        r.topic = next((str(t.get("t")) for t in c.tokens[spared:] if t.has("t")), r.topic)
    return True


def _kept_at(c: Clause, marks: Sequence[Token]) -> None:
    """Keep the ring gold: a colour the thing is to have, whatever it has now."""
    if c.has("color") and c.targets("ring", "background", "title") and not c.has("num"):
        for t in marks:
            if t.text in ("keep", "保持"):
                t.senses["v"] = "set"


def _described(c: Clause) -> bool:
    """Keep the white ring: the colour only describes what is kept."""
    things = [t for t in c.tokens if t.has("t")]
    colors = [t for t in c.tokens if t.has("color")]
    return bool(things and colors) and c.index(colors[-1]) < c.index(things[-1]) and not c.has("num")


_MINE = ("i", "we", "he", "she", "they", "my")
_STATES = frozenset(
    [
        "had",
        "have",
        "love",
        "like",
        "hate",
        "was",
        "were",
        "am",
        "went",
        "saw",
        "feel",
        "bought",
        "think",
        "loves",
        "likes",
        "got",
        "favourite",
        "favorite",
    ]
)
_WANTS = frozenset(
    ("want", "need", "would", "should", "could", "please", "make", "set", "add", "use", "change", "put")
)
_OF_THE_EDITOR = ("photo", "one", "person", "video", "name", "clip", "slideshow")


def is_talk(c: Clause) -> bool:
    """Whether a clause tells something instead of asking for it: I had a heart attack, the party was fun."""
    texts = [t.text for t in c.tokens]
    if any(t.has("quote") for t in c.tokens):
        return False
    things = any(t.has("t") and not t.has("t", *_OF_THE_EDITOR) for t in c.tokens)
    wants = bool(_WANTS & {word for text in texts for word in text.split()})
    if texts and texts[0] in _MINE and set(texts[1:3]) & _STATES and not wants:
        return not things or "favourite" in texts or "favorite" in texts
    odd = [t for t in c.tokens if set(t.senses) == {"unknown"} and not t.raw[:1].isupper()]
    if not odd or things or any(t.has("fileref") or t.has("filestem") for t in c.tokens):
        return False
    told = any(text in ("was", "were", "tell", "did", "had") for text in texts)
    ordered = any(
        t.has("v", "set", "create", "add", "move", "remove", "no", "draw", "reverse", "swap", "trim", "fix")
        and not t.has("cmp")
        for t in c.tokens
    )
    known = [t for t in c.tokens if not t.is_filler and t not in odd]
    return (told and not wants) or (not ordered and len(odd) >= len(known)) or len(odd) > 2 * len(known)


_SENDING = frozenset(
    [
        "share",
        "upload",
        "post",
        "send",
        "publish",
        "tweet",
        "发到",
        "上传",
        "上传到",
        "分享",
        "分享到",
        "发送",
        "发布",
        "传到",
        "发给",
    ]
)


def is_sending(c: Clause) -> bool:
    """Share it on Twitter: an errand, not a size."""
    first = next((t for t in c.tokens if not t.is_filler or t.text in _SENDING), None)
    lead = next(
        (
            t.text
            for t in c.tokens
            if t.text not in ("please", "can", "you", "then", "and", "now", "请", "帮我")
        ),
        "",
    )
    sized = c.targets("size", "canvas", "ratio")
    return not sized and (
        lead in _SENDING or (first is not None and first.text in _SENDING and lead == first.text)
    )


def cannot(c: Clause) -> bool:
    """Whether a clause asks for something that is known not to be possible."""
    if any(t.has("quote") for t in c.tokens):
        return False
    return any(t.has("cannot") for t in c.tokens) or is_sending(c) or is_talk(c)


def mark_unknown(c: Clause, r: Reading) -> None:
    """Words in an understood clause that mean nothing here are named, if they stand out."""
    odd = [t for t in c.tokens if not t.used and t.stands_out]
    told = [t for t in odd if not t.raw[:1].isupper()]
    for t in told:
        r.plan.unknown.append(_with_thing(c, t))
    if told:
        near(c, r)


def _with_thing(c: Clause, odd: Token) -> str:
    """A sunset background rather than sunset: the thing that was to be so belongs to it."""
    after = c.near(odd, 1, skip_fillers=False)
    if after is None or not after.has("t") or after.has("t", "avatar", "photo", "one", "video"):
        return odd.raw
    return odd.raw + (" " if after.start > odd.end else "") + after.raw


def not_understood(c: Clause, r: Reading) -> None:
    """A clause nobody could read is told back as it was said."""
    words = c.words()
    for opening in ("with ", "and ", "but "):
        words = words[len(opening) :] if words.lower().startswith(opening) else words
    r.plan.unknown.append(words)
    near(c, r)


def near(c: Clause, r: Reading) -> None:
    """The kinds of edit that stand nearest to the words, the general ones last."""
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
    r.plan.near.sort(key=lambda kind: kind in ("make", "slideshow", "sequence"))
