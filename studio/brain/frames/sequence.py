"""Frames for the order of pictures: swap, move, remove, add, trim, how long each is shown, transitions."""

from __future__ import annotations

from studio.brain import scope
from studio.brain.frames.stretch import stretch
from studio.brain.reading import Reading
from studio.brain.tokens import Clause, Token
from studio.edits import (
    Append,
    Move,
    Remove,
    Reverse,
    SetLength,
    SetSegmentLength,
    SetTransition,
    Swap,
    Trim,
    UsePhoto,
    images,
)

_PICTURE = ("photo", "clip", "one")


def frame(c: Clause, r: Reading) -> bool:
    """Everything a clause does to the order and the joints of the timeline."""
    if c.targets("title", "music", "volume", "person") and not c.targets(*_PICTURE, "transition"):
        return False
    for part in (_transition, stretch, _trim, _reverse, _swap, _move, _shown, _replace, _remove, _append):
        if part(c, r):
            return True
    return False


def _refs(c: Clause, r: Reading, *, loose: bool = True) -> list[tuple[Token, int]]:
    """The pictures a clause names, in the order spoken, with the tokens that name them."""
    count = len(r.video)
    names = [str(s.get("m", {}).get("name", "")).lower() for s in r.video]
    found: list[tuple[Token, int]] = []
    for token in c.tokens:
        if token.used or token.negated:
            continue
        item = token.get("fileref") or token.get("filestem")
        if item is not None and item.filename.lower() in names:
            found.append((token, names.index(item.filename.lower())))
    for token in scope.ordinals(c):
        if token.has("num") and scope.num(token).value < 1:
            r.plan.problem("no_such_segment", number=int(scope.num(token).value), count=count)
            continue
        if loose or scope.is_picture_ordinal(c, token):
            found.append((token, scope.position(token, count)))
    for token in c.all("num"):
        beside = c.index(token) and c.tokens[c.index(token) - 1].text in ("and", "和", "跟", "与")
        if beside and not scope.num(token).unit and found and all(token is not t for t, _ in found):
            found.append((token, int(scope.num(token).value) - 1))
    return sorted(found, key=lambda pair: c.index(pair[0]))


def _bare_numbers(c: Clause) -> list[tuple[Token, int]]:
    """The 2 and 3 of "swap 2 and 3"."""
    return [(t, int(scope.num(t).value) - 1) for t in c.all("num") if not scope.num(t).unit]


def _spend(c: Clause, refs: list[tuple[Token, int]]) -> None:
    c.use(*[t for t, _ in refs])
    for t in c.tokens:
        if t.has("t", *_PICTURE) or t.has("v"):
            t.used = True


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


def _reverse(c: Clause, r: Reading) -> bool:
    if not c.verb("reverse") or len(r.video) < 2:
        return False
    c.use_all(("v", "t"))
    return r.do(Reverse())


def _swap(c: Clause, r: Reading) -> bool:
    refs = _refs(c, r)
    ends = next((t for t in c.tokens if t.text in ("首尾", "头尾", "首尾两张")), None)
    if ends is not None:
        refs = [(ends, 0), (ends, -1)]
    if len(refs) < 2 and len(r.video) > 1 and len(_bare_numbers(c)) == 2:
        refs = _bare_numbers(c)
    if len(refs) == 1 and len(r.video) > 1:
        refs = _two_of(c, refs[0], len(r.video))
    loose = any(t.text in ("switch", "换一下", "换", "换换", "调") for t in c.tokens)
    if not any(t.has("v", "swap") for t in c.tokens) and not (
        loose and len(refs) == 2 and not _file_last(refs)
    ):
        return False
    if len(refs) < 2:
        pair = any(t.text in ("two", "both", "两张", "两") for t in c.tokens) or c.targets("photo")
        if len(r.video) == 2 and pair and len(refs) == 0 and not c.has("fileref"):
            c.use_all(("v", "t", "num", "all"))
            return r.do(Swap(one=0, other=1))
        return False
    _spend(c, refs)
    return r.do(Swap(one=refs[0][1], other=refs[1][1]))


def _two_of(c: Clause, ref: tuple[Token, int], count: int) -> list[tuple[Token, int]]:
    """The first two, 前两张, 一三两张: one token, or a number beside it, that names both."""
    token, index = ref
    if token.has("many") or scope._count_after(c, token) == 2:
        return [(token, i) for i in scope._run(index, 2, count)]
    return [ref]


def _file_last(refs: list[tuple[Token, int]]) -> bool:
    return refs[-1][0].has("fileref") and not refs[0][0].has("fileref")


def _front(after: list[Token]) -> int | None:
    for t in after:
        if t.has("when", "start") or t.text in ("front", "top", "opener", "首位", "最前面", "头"):
            return 0
        if t.has("when", "end") or t.text in ("back", "end"):
            return -1
    return None


_PLACES = frozenset(("place", "places", "spot", "spots", "position", "positions", "位", "格", "个位置"))
_WAYS = {"back": 1, "later": 1, "down": 1, "forward": -1, "earlier": -1, "up": -1, "往后": 1, "往前": -1}


def _move(c: Clause, r: Reading) -> bool:
    refs = _refs(c, r) if r.video else []
    verbal = c.verb("move") or any(t.text in ("start", "begin", "end", "open", "开头") for t in c.tokens)
    if c.verb("add") and refs and refs[0][0].has("ord") and _front(c.after(refs[0][0])) is not None:
        verbal = True
    if not verbal and not _placed(c, refs):
        return False
    if not refs or c.targets("background", "title", "ring", "shadow"):
        return False
    source, which = refs[0]
    opening = any(t.text in ("start", "begin", "open") and t in c.before(source) for t in c.tokens)
    closing = any(t.text in ("end", "finish", "close") and t in c.before(source) for t in c.tokens)
    if len(refs) == 1 and (opening or closing) and len(r.video) > 1:
        _spend(c, refs)
        c.use_all(("when",))
        return r.do(Move(which=which, to=0 if opening else -1))
    after = c.after(source)
    if len(refs) >= 2:
        anchor, other = refs[1]
        between = c.tokens[c.index(source) + 1 : c.index(anchor)]
        rest = c.after(anchor)
        spoken = between + rest[:2]
        _spend(c, refs)
        c.use_all(("rel", "when", "pos"))
        if any(t.has("rel", "before") or t.text in ("前", "前面", "之前") for t in spoken) and _anchored(
            anchor, rest, between
        ):
            return r.do(Move(which=which, before=other))
        if any(
            t.has("rel", "after", "behind") or t.text in ("后", "后面", "之后") or t.has("t", "background")
            for t in spoken
        ) and _anchored(anchor, rest, between):
            return r.do(Move(which=which, after=other))
        return r.do(Move(which=which, to=other))
    stepwise = any(t.text in _PLACES for t in after) and any(t.has("num") for t in after)
    if not stepwise and (to := _front(after)) is not None:
        _spend(c, refs)
        c.use_all(("when", "rel", "pos"))
        return r.do(Move(which=which, to=to))
    if not stepwise and len(r.video) > 1 and any(t.has("num") for t in after) and not c.has("t", "length"):
        token = next(t for t in after if t.has("num"))
        if scope.num(token).unit == "":
            _spend(c, [*refs, (token, 0)])
            return r.do(Move(which=which, to=int(scope.num(token).value) - 1))
    by = next((t for t in after if t.has("num") and not scope.num(t).unit), None)
    back = next((t for t in after if t.text in _WAYS), None)
    if by is not None and back is not None and any(t.text in _PLACES for t in after):
        _spend(c, refs)
        c.use(by, back, *c.all("when"))
        return r.do(Move(which=which, by=_WAYS[back.text] * int(scope.num(by).value)))
    way = next((t for t in after if t.has("dir") or t.text in ("earlier", "later", "forward", "back")), None)
    if way is not None and len(r.video) > 1 and scope.is_picture_ordinal(c, source):
        _spend(c, refs)
        c.use(way)
        return r.do(
            Move(
                which=which,
                by=-1 if way.has("dir", "left", "up") or way.text in ("earlier", "forward") else 1,
            )
        )
    return False


def _placed(c: Clause, refs: list[tuple[Token, int]]) -> bool:
    """Photo 3 first, without a verb."""
    verbless = not c.verb("remove", "trim", "keep", "add", "set")
    if len(refs) == 1 and verbless and any(t.text in ("to", "to the", "放到") for t in c.after(refs[0][0])):
        return _front(c.after(refs[0][0])) is not None
    if len(refs) != 2 or not refs[1][0].has("ord", "1", "-1") or c.verb("remove", "trim", "keep"):
        return False
    return all(t.is_filler for t in c.after(refs[1][0]))


def _anchored(anchor: Token, rest: list[Token], between: list[Token]) -> bool:
    chinese = any(not t.text.isascii() for t in rest[:2])
    return chinese or any(t.has("rel", "before", "after") for t in between) or anchor.has("fileref")


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
    if not r.video or not (verb or (only and keeps)):
        return False
    if c.targets("background", "ring", "shadow", "title", "music", "style", "shape", "motion", "transition"):
        return False
    refs = _refs(c, r, loose=True)
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
    _spend(c, refs)
    return r.do(Remove(which=tuple(dict.fromkeys(which)), keep=verb is None))


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
    at = _front(c.tokens)
    c.use_all(("v", "when", "pos", "rel"))
    c.use(*[t for t in c.tokens if t.has("t", "photo", "slideshow", "clip")])
    return r.do(Append(asset=item.asset, at=0 if at == 0 else None))
