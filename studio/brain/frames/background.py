"""Frames for what stands behind the person."""

from __future__ import annotations

from studio.brain import scope
from studio.brain.colors import SHIFT, shift
from studio.brain.reading import Reading
from studio.brain.scope import Target
from studio.brain.tokens import Clause, Token
from studio.edits import MakeAvatar, SetBackground, images

_BG_VALUES = ("transparent", "blur", "original", "auto", "gradient")


def ready(r: Reading) -> None:
    """With a photo given and nothing on the timeline, a look is asked of a new avatar."""
    if not r.video and images(r.context.media):
        r.do(MakeAvatar())


def background(c: Clause, r: Reading, target: Target) -> bool:
    value = c.last("bg")
    token = c.first("t", "background") or (None if c.targets("music") else c.first("t", "bgloc"))
    if token is not None and scope.polarity(c, token) == "keep" and value is None:
        c.use(token)
        r.plan.kept = True
        return True
    anchor = token or (value if value is not None and value.has("bg", "gradient") else None)
    colors = _background_colors(c, r, token, value)
    image = _image(c, r, token)
    if image is not None:
        c.use(token)
        ready(r)
        return r.do(image)
    if value is not None and value.has("bg", "transparent") and not colors:
        c.use(value, token)
        c.use_all(("v",))
        ready(r)
        return r.do(SetBackground(to="transparent", target=target))
    if token is None and value is None and not colors:
        return False
    if token is None and value is not None and not colors and _elsewhere(c, value):
        return False
    if colors:
        c.use(token, *c.all("bg"))
        ready(r)
        kind = (
            "gradient" if (value is not None and value.has("bg", "gradient")) or len(colors) > 1 else "color"
        )
        return r.do(SetBackground(to=kind, colors=tuple(colors), target=target))
    if value is not None:
        return _kind(c, r, value, token, target)
    return _bare(c, r, anchor, target)


def _elsewhere(c: Clause, value: Token) -> bool:
    """Whether a word like original or soft belongs to something else in the clause."""
    return c.targets("style", "title", "music", "ring", "size", "ratio", "canvas", "sharpness", "length") or (
        value.has("bg", "original")
        and not c.targets("background")
        and not c.verb("restore", "set")
        and not ("background" in value.text or "背景" in value.text)
    )


def _kind(c: Clause, r: Reading, value: Token, token: Token | None, target: Target) -> bool:
    held = value.get("bg")
    kind = held if isinstance(held, str) else next(k for k in _BG_VALUES if k in held)
    negative = scope.polarity(c, value) == "remove"
    c.use(value, token)
    if negative:
        now = (r.recipe.get("background") or {}).get("kind")
        if kind != now:
            return True
        kind = "original"
        c.use_all(("v",))
    amount = _blur_amount(c, r) if kind == "blur" else None
    ready(r)
    return r.do(SetBackground(to=kind, amount=amount, target=target))


def _blur_amount(c: Clause, r: Reading) -> float | None:
    token = scope.number(c, "pct")
    if token is not None:
        c.use(token)
        return scope.num(token).value
    now = r.recipe.get("background") or {}
    if now.get("kind") != "blur":
        return None
    sign = scope.direction(c)
    amount = float(now.get("amount", 0.5)) + sign * 0.2 * scope.degree(c)
    return round(min(1.0, max(0.0, amount)), 3) if sign else None


def _background_colors(c: Clause, r: Reading, token: Token | None, value: Token | None) -> list[str]:
    if token is not None:
        found = scope.attached(c, token)
        if found:
            return found
    if (value is not None and value.has("bg", "gradient")) or c.has("rel", "on"):
        loose = [g for g in scope.groups(c) if scope.owner(c, g) is None]
        backed = (value is not None and value.has("bg", "gradient")) or (
            loose and _stands_on(c, loose[-1][0])
        )
        if loose and backed:
            c.use(*loose[-1])
            return [scope.shaded(c, t) for t in loose[-1]]
    return []


def _stands_on(c: Clause, color: Token) -> bool:
    """On orange, against a deep blue."""
    before = list(c.before(color)[-4:])
    return any(t.has("rel", "on") for t in before)


def _image(c: Clause, r: Reading, token: Token | None) -> SetBackground | None:
    files = [t for t in c.tokens if (t.has("fileref") or t.has("filestem")) and not t.used]
    if token is None:
        shown = {s.get("m", {}).get("asset") for s in r.video}
        standing = any(
            (t.has("rel", "on") and t.text != "on") or t.text in ("后面", "后边") for t in c.tokens
        )
        if not files or not r.has_avatar or not (c.verb("set", "add") or standing) or c.targets("music"):
            return None
        if c.targets("photo", "avatar") and not standing:
            return None
        item = files[-1].get("fileref") or files[-1].get("filestem")
        if item.asset in shown or item.file_type != "image":
            return None
        c.use(files[-1])
        r.plan.note("chose", word=item.filename, meaning=_words(r, "background"))
        return SetBackground(to="image", asset=item.asset)
    if scope.polarity(c, token) == "remove":
        return None
    picture = any(scope.is_picture_ordinal(c, t) for t in scope.ordinals(c))
    if not files and not picture:
        return None
    item = scope.media_item(c, r)
    if item is None or item.file_type != "image":
        return None
    c.use(*[t for t in c.tokens if t.has("t", "photo", "one")])
    return SetBackground(to="image", asset=item.asset)


def _words(r: Reading, kind: str) -> str:
    return {"en": "the background"}.get(r.plan.language, "背景" if r.plan.language != "en" else kind)


def _bare(c: Clause, r: Reading, token: Token | None, target: Target) -> bool:
    """Only the word background: removed, made darker, brought back, or not said how."""
    if token is None:
        return False
    if scope.polarity(c, token) == "remove":
        c.use(token)
        ready(r)
        return r.do(SetBackground(to="transparent", target=target))
    if any(t.has("v", "restore") for t in c.tokens):
        c.use(token)
        return r.do(SetBackground(to="original", target=target))
    tone = c.first("cmp", "bright+", "bright-")
    now = r.recipe.get("background") or {}
    colors = [now["color"]] if now.get("kind") == "color" else list(now.get("colors") or ())
    if tone is not None and colors:
        up = tone.has("cmp", "bright+") != scope.flipped(c, tone)
        by = SHIFT * scope.degree(c) * (1 if up else -1)
        c.use(tone, token)
        return r.do(SetBackground(to=now["kind"], colors=tuple(shift(v, by) for v in colors), target=target))
    return False
