"""Frames that fill the timeline: an avatar of a photo, a slideshow, the same for every photo."""

from __future__ import annotations

from studio.brain import scope
from studio.brain.reading import Reading
from studio.brain.tokens import Clause
from studio.edits import (
    EveryPhoto,
    MakeAvatar,
    MakeSlideshow,
    SetSegmentLength,
    images,
    visuals,
)

_FACE_WORDS = frozenset(
    [
        "portrait",
        "selfie",
        "headshot",
        "front-facing",
        "front",
        "facing",
        "face",
        "mugshot",
        "人像",
        "正面",
        "正脸",
        "自拍",
        "大头照",
        "证件照",
        "脸",
    ]
)
_SOURCE = (
    "from",
    "of",
    "out",
    "into",
    "using",
    "with",
    "in",
    "用",
    "拿",
    "从",
    "把",
    "将",
    "串成",
    "由",
    "为",
    "based",
)


def wants_make(c: Clause, r: Reading) -> bool:
    """Whether the clause may fill the timeline; such clauses are read first."""
    return (c.targets("avatar", "slideshow", "still") or _video_of_photos(c, r)) and not c.question


def frame(c: Clause, r: Reading) -> bool:
    """Make an avatar, avatars of every photo, or a slideshow, when the clause asks for one."""
    if any(t.has("v", "keep") for t in c.tokens) or (
        c.has("t", "title") and r.video and not c.targets("avatar")
    ):
        return False
    if _every(c, r):
        return r.do(EveryPhoto())
    if _slideshow(c, r):
        return _make_slideshow(c, r)
    if _avatar(c, r):
        return _make_avatar(c, r)
    return False


def _every(c: Clause, r: Reading) -> bool:
    every = [t for t in c.tokens if t.has("all") and t.text not in ("both", "都", "everything", "throughout")]
    every += [t for t in c.tokens if t.has("all") and t.text == "都" and c.has("same")]
    if not every or c.targets("slideshow", "title") or not images(r.context.media):
        return False
    photos = c.targets("photo", "one") or any(
        t.text in ("them", "of them", "每张", "每一张", "每个", "所有") for t in c.tokens
    )
    if not photos and not (c.targets("avatar") and any(t.has("rel", "per") for t in c.tokens)):
        return False
    if r.kinds & {"photo", "clip"} and not c.targets("avatar"):
        return False
    if not (c.has("same") or c.targets("avatar")):
        return False
    c.use_all(("all", "same", "rel"))
    _use_making(c)
    return True


def _use_making(c: Clause) -> None:
    for token in c.tokens:
        if token.has("t", "avatar", "photo", "slideshow", "video", "still", "one") or token.has(
            "v", "create", "draw", "add", "set"
        ):
            token.used = True


def _photos_named(c: Clause) -> bool:
    return any(t.has("t", "photo") and not t.text.startswith(("profile", "avatar")) for t in c.tokens)


def _video_of_photos(c: Clause, r: Reading) -> bool:
    video = c.targets("video", "clip") or any(t.text in ("film", "movie", "影片", "视频") for t in c.tokens)
    asked = c.verb("create") or c.verb("add") or (not r.video and _many(c))
    return bool(video and _photos_named(c) and asked)


def _from_photo(c: Clause) -> bool:
    return _photos_named(c) and any(t.text in _SOURCE for t in c.tokens)


def _slideshow(c: Clause, r: Reading) -> bool:
    named = any(
        t.has("t", "slideshow", "still") and not (t.has("mood") and c.targets("music")) for t in c.tokens
    )
    if not named and not _video_of_photos(c, r):
        return False
    if not visuals(r.context.media):
        return c.verb("create", "add", "set")
    if c.targets("avatar") or (not named and any(t.text in _FACE_WORDS for t in c.tokens) and not _many(c)):
        return False
    if not r.video:
        return True
    if r.kinds <= {"photo", "clip", ""}:
        return _from_photo(c) and c.verb("create")
    return (
        c.verb("create", "add", "set")
        and (named or _from_photo(c))
        and not _definite(c, "slideshow", "video", "still")
    )


def _many(c: Clause) -> bool:
    plural = any(
        t.has("t", "photo") and (t.text.endswith("s") or t.text[:2] in ("这几", "那几", "这些"))
        for t in c.tokens
    )
    counted = any(t.has("num") and not scope.num(t).unit and scope.num(t).value > 1 for t in c.tokens)
    return plural or counted or any(t.has("all") for t in c.tokens)


def _definite(c: Clause, *things: str) -> bool:
    """Whether the thing is spoken of as the one that is there: the avatar, 把头像."""
    for i, token in enumerate(c.tokens):
        if not token.has("t", *things):
            continue
        before = [t.text for t in c.tokens[max(0, i - 3) : i]]
        if before and any(w in ("the", "this", "that", "把", "将", "这个", "current") for w in before):
            return not any(w in ("a", "an", "new", "做成", "变成") for w in before[-2:])
    return False


def _make_slideshow(c: Clause, r: Reading) -> bool:
    pool = visuals(r.context.media)
    single = c.targets("still") or not (_many(c) or c.targets("slideshow") or len(pool) == 1)
    assets = _assets(c, r)
    if not assets and single and pool:
        item = scope.media_item(c, r)
        assets = (item.asset if item else (images(pool) or pool)[-1].asset,)
    each, total = None, None
    token = scope.number(c, "s")
    if token is not None:
        c.use(token)
        per = [t for t in c.tokens if t.has("rel", "per") or t.text in ("each", "apiece", "every")]
        if per:
            each = scope.num(token).value
        else:
            total = scope.num(token).value
        c.use(*per)
    for extra in c.all("num"):
        if not scope.num(extra).unit:
            c.use(extra)
    _use_making(c)
    c.use_all(("all",))
    for t in c.tokens:
        if t.has("ord") or t.has("t", "length"):
            t.used = True
    if each is not None and (each < 500 or each > 600_000):
        return r.do(MakeSlideshow(assets=assets)) and r.do(SetSegmentLength(to=each))
    return r.do(MakeSlideshow(assets=assets, each=each, total=total))


def _assets(c: Clause, r: Reading) -> tuple[str, ...]:
    pool = visuals(r.context.media)
    named = [t.get("fileref") or t.get("filestem") for t in c.tokens if t.has("fileref") or t.has("filestem")]
    if named:
        c.use(*[t for t in c.tokens if t.has("fileref") or t.has("filestem")])
        return tuple(item.asset for item in named)
    counts = [t for t in c.all("num") if not scope.num(t).unit and 1 < scope.num(t).value < len(pool)]
    first = list(c.all("ord", "1", "-1"))
    if counts:
        many = int(scope.num(counts[0]).value)
        c.use(counts[0])
        picked = pool[:many] if first and first[0].has("ord", "1") else pool[-many:]
        return tuple(item.asset for item in picked)
    picture = [t for t in scope.ordinals(c) if t.has("ord") and scope.is_picture_ordinal(c, t)]
    if picture and len(pool) > 1:
        c.use(*picture)
        found = [scope.position(t, len(pool)) for t in picture]
        return tuple(pool[i].asset for i in found if -len(pool) <= i < len(pool))
    return ()


def _avatar(c: Clause, r: Reading) -> bool:
    creates = c.verb("create") or any(t.text in ("give", "avatar from", "一个", "一张") for t in c.tokens)
    if not c.targets("avatar"):
        face = any(t.text in _FACE_WORDS for t in c.tokens)
        return bool(_video_of_photos(c, r) and face and not _many(c)) and (not r.video or _from_photo(c))
    if any(t.has("v", "remove") for t in c.tokens) and not r.video:
        return False
    if not r.video:
        return True
    if not r.has_avatar:
        return bool(creates or _from_photo(c))
    if _definite(c, "avatar"):
        return False
    if _from_photo(c) and creates:
        return True
    fresh = any(
        t.text in ("a", "an", "new", "another", "一个", "新", "个", "做个", "做一个", "来个", "来一个")
        for t in c.tokens
    )
    return bool(creates and fresh) and not any(t.has("pron") or t.has("cmp") for t in c.tokens)


def _make_avatar(c: Clause, r: Reading) -> bool:
    item = scope.media_item(c, r)
    pictures = images(r.context.media)
    if item is None and pictures and any(t.has("ord", "-1") for t in c.tokens):
        item = pictures[-1]
    had = bool(r.video)
    for t in c.tokens:
        if t.has("ord", "-1") or t.has("lines") or t.has("file"):
            t.used = True
    _use_making(c)
    backdrop = item if item and c.targets("background") else None
    if backdrop is not None:
        for t in c.tokens:
            if t.get("fileref") is backdrop or t.get("filestem") is backdrop:
                t.used = False
        item = next((p for p in reversed(pictures) if p is not backdrop), None)
    asset = item.asset if item is not None and item in pictures else ""
    before = len(r.refused)
    r.do(MakeAvatar(asset=asset))
    if had and len(r.refused) == before:
        r.plan.note("replaced")
    return True
