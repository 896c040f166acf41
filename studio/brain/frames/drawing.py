"""Frames for pictures drawn from words: who is drawn, with which traits, or which letters."""

from __future__ import annotations

import re
from typing import Any

from studio.brain import scope
from studio.brain.reading import Reading
from studio.brain.tokens import Clause, Token
from studio.edits import ChangeIllustration, MakeIllustration

_STYLES = frozenset(
    [
        "adventurer",
        "avataaars",
        "big-ears",
        "big-smile",
        "bottts",
        "croodles",
        "dylan",
        "fun-emoji",
        "glass",
        "icons",
        "identicon",
        "lorelei",
        "micah",
        "miniavs",
        "notionists",
        "open-peeps",
        "personas",
        "pixel-art",
        "rings",
        "shapes",
        "thumbs",
    ]
)
_LETTERS = re.compile(r"[A-Z](?:[.\s]?[A-Z]){0,3}\.?|[A-Za-z]{1,2}")
_PERSON = ("gender", "age", "character", "robot")


def wants(c: Clause, r: Reading) -> bool:
    """Whether the clause asks for a new drawn picture."""
    if c.targets("initials") and not c.verb("keep"):
        return True
    if c.has("quote") and _letter_avatar(c):
        return True
    if c.targets("ring", "title") or any(
        t.has("v", "remove", "no") and not _no_photo(c, t) for t in c.tokens[:2]
    ):
        return False
    who = any(t.has("trait") and _trait(t)[0] in _PERSON for t in c.tokens) or c.targets("avatar")
    draws = any(t.has("v", "draw") and not t.has("t") for t in c.tokens) or any(
        t.text in ("illustration", "illustrated", "插画", "插图") for t in c.tokens
    )
    photo = any(t.has("t", "photo") for t in c.tokens) and not any(_no_photo(c, t) for t in c.tokens)
    if draws and (who or _traits(c)) and not photo:
        return True
    cartoon = any(t.has("style", "toon", "pixel") for t in c.tokens)
    described = any(t.has("trait") and _trait(t)[0] != "mood" for t in c.tokens)
    made = c.verb("create", "add") or not r.video or any(t.text in ("一个", "个") for t in c.tokens)
    if cartoon and described and not photo and made and (c.targets("avatar") or who):
        return True
    return bool(cartoon and who and not r.context.media and not r.video)


def _no_photo(c: Clause, token: Token) -> bool:
    later = [t.text for t in c.after(token)[:3]]
    return token.has("v", "no") and any(w in ("photo", "picture", "照片", "图片") for w in later)


def _letter_avatar(c: Clause) -> bool:
    return c.targets("avatar") and any(t.text.endswith("字") or "字做" in t.text for t in c.tokens)


def _trait(token: Token) -> tuple[str, str]:
    held = token.get("trait")
    pair: tuple[str, str] = min(held) if isinstance(held, frozenset) else held
    return pair


def _traits(c: Clause) -> list[Token]:
    return [t for t in c.tokens if t.has("trait") and not t.used]


def make(clauses: list[Clause], r: Reading) -> bool:
    """Draw from all clauses of a sentence: traits may be spread over several of them."""
    head = next((c for c in clauses if wants(c, r)), None)
    if head is None:
        return False
    if head.targets("initials") or (head.has("quote") and _letter_avatar(head)):
        at = clauses.index(head)
        whole = Clause([t for c in clauses[at : at + 2] for t in c.tokens])
        return _initials(whole if at + 1 < len(clauses) and not _letters(head, look=True) else head, r)
    traits: dict[str, Any] = {}
    for c in clauses:
        traits |= gather(c)
    style = _style(clauses, traits)
    _use(head)
    for c in clauses:
        if all(t.used or t.is_filler or t.has("v", "add", "no") or t.has("t", "photo") for t in c.tokens):
            for t in c.tokens:
                t.used = True
    return r.do(MakeIllustration(style=style, seed=r.said[:200], traits=traits))


def _style(clauses: list[Clause], traits: dict[str, Any]) -> str:
    for c in clauses:
        for t in c.tokens:
            if t.text in _STYLES and not t.has("t") and not t.has("color"):
                t.used = True
                return t.text
    if traits.pop("robot", None):
        return "bottts"
    if any(t.has("style", "pixel") for c in clauses for t in c.tokens):
        return "pixel-art"
    return "personas"


def _use(c: Clause) -> None:
    for t in c.tokens:
        if (
            t.has("v", "draw", "create", "add", "no", "set")
            or t.has("t", "avatar", "person", "photo")
            or t.has("style")
        ):
            t.used = True


def gather(c: Clause) -> dict[str, Any]:
    """The traits a clause names, colours of hair, clothes and hats included."""
    out: dict[str, Any] = {}
    for token in _traits(c):
        key, value = _trait(token)
        colors = (
            scope.attached(c, token)
            if key in ("hair", "hair_word", "hair_length", "clothes", "hat", "glasses")
            else []
        )
        token.used = True
        if key == "character":
            continue
        if colors:
            name = "hair_color" if key in ("hair", "hair_word", "hair_length") else f"{key}_color"
            out[name] = colors[0]
        if key == "hair_word":
            out |= _hair_words(c, token)
            continue
        if scope.polarity(c, token) == "remove" and key not in ("gender", "age"):
            out[key] = None
            continue
        out[key] = value
    return out


def _hair_words(c: Clause, token: Token) -> dict[str, str]:
    """Long, short, big beside the word hair."""
    out: dict[str, str] = {}
    for other in c.before(token)[-4:] + c.after(token)[:3]:
        for word in ("long", "short"):
            if other.text in (word, f"{word}er", "长" if word == "long" else "短"):
                out["hair_length"] = word
                other.used = True
    return out


def _initials(c: Clause, r: Reading) -> bool:
    quote = c.first("quote")
    text = ""
    if quote is not None:
        text = str(quote.get("quote"))[:8]
        c.use(quote)
    else:
        text = _letters(c)
    if not text:
        r.plan.problem("which_letters")
        _use(c)
        c.use_all(("t",))
        return True
    for t in c.tokens:
        if t.has("t", "initials", "avatar", "name", "title") or t.has("v", "create", "add", "set", "draw"):
            t.used = True
    colors = [group for group in scope.groups(c) if scope.owner(c, group) is None]
    done = r.do(MakeIllustration(style="initials", seed=r.said[:200], text=text))
    if colors:
        _background(c, r, colors[0])
    return done


def _background(c: Clause, r: Reading, group: list[Token]) -> None:
    from studio.edits import SetBackground

    c.use(*group)
    found = tuple(scope.shaded(c, t) for t in group)
    gradient = c.first("bg", "gradient")
    c.use(gradient)
    r.do(SetBackground(to="gradient" if gradient or len(found) > 1 else "color", colors=found))


def _letters(c: Clause, *, look: bool = False) -> str:
    """The letters beside the word initials, or the character before 字; `look` uses nothing up."""
    if look:
        return _letters(Clause([Token(t.start, t.end, t.text, t.raw, t.senses) for t in c.tokens])) or (
            "quote" if c.has("quote") else ""
        )
    anchors = [t for t in c.tokens if t.has("t", "initials")]
    near = [t for a in anchors for t in c.after(a)[:3] + list(reversed(c.before(a)))[:3]]
    for t in near:
        if t in anchors or t.has("color"):
            continue
        if _LETTERS.fullmatch(t.raw) and t.raw.upper() == t.raw and t.raw not in ("A", "I"):
            return _rest_of(c, t)
    for t in near:
        if _LETTERS.fullmatch(t.raw) and t.raw.upper() == t.raw:
            return _rest_of(c, t)
    for t in near:
        if not t.text.isascii() and len(t.raw) <= 2 and ("unknown" in t.senses) and not t.used:
            t.used = True
            return t.raw
    return ""


def _rest_of(c: Clause, token: Token) -> str:
    """J. K. or J K as one."""
    letters = token.raw.rstrip(".")
    token.used = True
    for other in c.after(token)[:3]:
        if len(other.raw) == 1 and other.raw.isupper():
            letters += other.raw
            other.used = True
        elif not other.is_punct:
            break
    return letters


def change(c: Clause, r: Reading) -> bool:
    """Other traits for the drawn picture that is there."""
    if "illustration" not in r.kinds or not _traits(c) or c.targets("title", "music"):
        return False
    traits = gather(c)
    if not traits:
        return False
    for t in c.tokens:
        if t.has("v") or t.has("pron") or t.has("t", "person", "avatar"):
            t.used = True
    style = "bottts" if traits.pop("robot", None) else ""
    return r.do(ChangeIllustration(style=style, traits=traits))
