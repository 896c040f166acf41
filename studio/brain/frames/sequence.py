"""Frames for the order of pictures: swap, move, remove, add, trim, how long each is shown, transitions."""

from __future__ import annotations

from studio.brain import scope
from studio.brain.frames.ordering import PICTURE, front, move, named_pictures, reverse, spend, swap
from studio.brain.frames.stretch import stretch
from studio.brain.reading import Reading
from studio.brain.tokens import Clause
from studio.edits import (
    Append,
    Remove,
    SetLength,
    SetSegmentLength,
    SetTransition,
    Trim,
    UsePhoto,
    images,
)


def frame(c: Clause, r: Reading) -> bool:
    """Everything a clause does to the order and the joints of the timeline."""
    if c.targets("title", "music", "volume", "person") and not c.targets(*PICTURE, "transition"):
        return False
    for part in (_transition, stretch, _trim, reverse, swap, move, _shown, _replace, _remove, _append):
        if part(c, r):
            return True
    return False


def _transition(c: Clause, r: Reading) -> bool:
    target = c.first("t", "transition")
    between = any(t.has("rel", "between") for t in c.tokens)
    if target is None and between and c.has("fade"):
        target = c.first("fade")
    if target is None:
        return False
    if scope.polarity(c, target) == "keep":
        c.use(target)
        r.plan.kept = True
        return True
    off = scope.polarity(c, target) == "remove" or any(
        "cut" in t.text or t.text in ("直接切换", "硬切", "直切", "直接切") for t in c.tokens
    )
    length = scope.number(c, "s")
    longer = c.first("cmp", "long+", "fast-") or c.first("cmp", "long-", "fast+")
    times = scope.factor(c) if longer is None else 1.5 if longer.has("cmp", "long+", "fast-") else 1 / 1.5
    found = scope.pictures(c, r) if len(r.video) > 1 else None
    c.use(
        length,
        longer,
        *c.all("t", "transition", "photo", "length"),
        *c.all("rel"),
        *c.all("all"),
        *c.all("fade"),
    )
    return r.do(
        SetTransition(
            off=off, d=None if length is None else scope.num(length).value, times=times, target=found
        )
    )


def _trim(c: Clause, r: Reading) -> bool:
    token = scope.number(c, "s")
    if (
        token is None
        or not any(t.has("v", "trim", "shorten") for t in c.tokens)
        or c.targets("title", "music")
    ):
        start = any(t.text in ("start", "begin", "starts") or t.has("when", "start") for t in c.tokens)
        at = token is not None and any(t.text in ("at", "from", "从") for t in c.before(token)[-2:])
        if token is None or not (start and at) or r.kinds != {"clip"} or c.targets("title", "music"):
            return False
        c.use(token)
        c.use_all(("when", "rel"))
        return r.do(Trim(head=scope.num(token).value))
    before = c.before(token)
    if any(
        t.text in ("to", "down to") or t.has("v", "to") or t.text.endswith("到") or t.text in ("成", "剪成")
        for t in before[-2:]
    ):
        return False
    head = any(t.has("ord", "1") or t.has("when", "start") for t in before[-3:]) or any(
        t.has("when", "start") for t in c.after(token)
    )
    tail = any(t.has("ord", "-1") or t.has("when", "end") for t in before[-3:]) or any(
        t.has("when", "end") for t in c.after(token)
    )
    if not (head or tail) and not c.targets("clip", "video", "photo") and r.kinds != {"clip"}:
        return False
    ms = scope.num(token).value
    if ms <= 0:
        return False
    behind = any(t.text in ("after", "past", "beyond") for t in before[-1:]) or any(
        t.text in ("以后", "之后", "后") for t in c.after(token)[:1]
    )
    if behind and r.video and not c.has("ord"):
        c.use(token)
        c.use_all(("v", "when", "rel", "all", "t"))
        return r.do(SetLength(to=ms))
    c.use(token, *[t for t in c.tokens if t.has("when") or (t.has("ord") and t in before[-3:]) or t.has("v")])
    target = scope.pictures(c, r) if len(r.video) > 1 else None
    c.use(*[t for t in c.tokens if t.has("t", "clip", "video", "photo", "timeline", "slideshow")])
    return r.do(Trim(head=ms if head else 0, tail=0 if head else ms, target=target))


def _shown(c: Clause, r: Reading) -> bool:
    token = scope.number(c, "s")
    if token is None or not r.video or c.targets("title", "music", "volume"):
        return False
    ms = scope.num(token).value
    per = [
        t
        for t in c.tokens
        if t.has("rel", "per") or t.text in ("each", "every", "apiece", "per", "每张", "各", "每一张", "每")
    ]
    if per and len(r.video) >= 1 and (c.targets("photo", "one") or per):
        c.use(token, *per)
        c.use_all(("t", "v", "all"))
        return r.do(SetSegmentLength(to=ms))
    if len(r.video) < 2:
        return False
    lasting = any(t.has("rel", "for") or t.text in ("显示", "停留", "放") for t in c.before(token)[-2:])
    counts = [t for t in scope.ordinals(c) if not any(x.has("num") for x in c.after(t)[:1])]
    found = scope.pictures(c, r, loose=bool(lasting and counts and r.kinds <= {"photo", "clip"}))
    if found is None:
        return False
    c.use(token)
    c.use_all(("v", "rel"))
    return r.do(SetSegmentLength(to=ms, target=found))


def _replace(c: Clause, r: Reading) -> bool:
    """Another photo in the place of one: replace the second photo with beach.jpg."""
    if c.targets("background", "title", "music") or not r.kinds & {"avatar", "photo"}:
        return False
    if any(t.text in ("后面", "后边", "in front of", "against") for t in c.tokens) and r.has_avatar:
        return False
    files = [t for t in c.tokens if (t.has("fileref") or t.has("filestem")) and not t.used]
    pool = images(r.context.media)
    replacing = any(
        t.text in ("replace", "swap", "substitute", "换成", "替换成", "换", "替换") for t in c.tokens
    )
    if len(r.video) > 1:
        if not (replacing and files):
            return False
        new = files[-1]
        item = new.get("fileref") or new.get("filestem")
        c.use(new)
        found = scope.pictures(c, r)
        if found is None:
            new.used = False
            return False
        c.use_all(("v",))
        return r.do(UsePhoto(asset=item.asset, target=found))
    instead = any(
        t.text in ("instead", "as the photo", "other", "改用", "换", "换成") or t.has("ord", "other")
        for t in c.tokens
    )
    spoken = c.targets("photo") or files
    if not spoken or not (c.verb("set") or replacing) or (c.targets("person", "avatar") and not files):
        return False
    if files and not (instead or replacing or c.targets("photo", "avatar")):
        return False
    item = scope.media_item(c, r)
    if item is None and any(t.has("ord", "other") for t in c.tokens) and len(pool) > 1:
        now = r.video[0].get("m", {}).get("asset")
        item = next((p for p in reversed(pool) if p.asset != now), None)
        c.use_all(("ord",))
    if item is None or item.file_type != "image":
        return False
    c.use_all(("v",))
    c.use(*[t for t in c.tokens if t.has("t", "photo", "avatar", "one")])
    return r.do(UsePhoto(asset=item.asset))


def _remove(c: Clause, r: Reading) -> bool:
    verb = next((t for t in c.tokens if t.has("v", "remove", "no") and not t.negated), None)
    only = any(t.has("rel", "only") for t in c.tokens)
    keeps = any(t.has("v", "keep") or t.text == "只要" for t in c.tokens)
    spared = any(t.has("rel", "allbut") or t.text in ("except", "除了", "除") for t in c.tokens)
    if any(t.text == "where" for t in c.tokens):
        return False
    if not r.video or not (verb or (only and keeps)):
        return False
    if c.targets("background", "ring", "shadow", "title", "music", "style", "shape", "motion", "transition"):
        return False
    refs = named_pictures(c, r, loose=True)
    if c.has("num") and any(scope.num(t).unit == "s" for t in c.all("num")):
        return False
    if not refs:
        whole = c.first("t", "photo", "avatar", "video", "clip", "slideshow")
        everything = [t for t in c.tokens if t.has("all")]
        if whole is None or not (len(r.video) == 1 or everything):
            return False
        if verb is None or not verb.has("v", "remove") or c.has("trait"):
            return False
        c.use(whole, *everything)
        c.use_all(("v",))
        return r.do(Remove(which=tuple(range(len(r.video)))))
    which: list[int] = []
    for token, index in refs:
        many = scope._count_after(c, token) if token.has("ord") else 1
        which += scope._run(index, many, len(r.video))
    spend(c, refs)
    return r.do(
        Remove(which=tuple(dict.fromkeys(which)), keep=(verb is None) != (spared and verb is not None))
    )


def _append(c: Clause, r: Reading) -> bool:
    if not r.video or not r.kinds <= {"photo", "clip"} or not c.verb("add"):
        return False
    if not (c.has("fileref") or c.has("filestem") or c.targets("photo")) or c.targets(
        "background", "title", "ring"
    ):
        return False
    item = scope.media_item(c, r)
    if item is None or item.file_type == "audio":
        return False
    at = front(c.tokens)
    c.use_all(("v", "when", "pos", "rel"))
    c.use(*[t for t in c.tokens if t.has("t", "photo", "slideshow", "clip")])
    return r.do(Append(asset=item.asset, at=0 if at == 0 else None))
