"""Versions to choose from: showing several, taking one."""

from __future__ import annotations

from studio.brain import scope, words
from studio.brain.reading import Reading
from studio.brain.recipes import variations
from studio.brain.tokens import Clause
from studio.edits.base import EditError
from studio.edits.take import TakeRecipe
from studio.edits.values import RANGES, VARIANTS

_SHOW = frozenset(
    [
        "show",
        "give",
        "see",
        "make",
        "create",
        "generate",
        "offer",
        "suggest",
        "propose",
        "want",
        "need",
        "do",
        "try",
        "给",
        "出",
        "来",
        "做",
        "看",
        "看看",
        "生成",
        "给我",
        "弄",
        "换",
        "要",
        "想要",
        "多做",
        "再来",
        "再给",
        "再出",
        "提供",
        "展示",
    ]
)
_PLURAL = frozenset(
    [
        "versions",
        "variants",
        "variations",
        "options",
        "alternatives",
        "ideas",
        "designs",
        "takes",
        "choices",
        "proposals",
        "looks",
        "suggestions",
        "版本",
        "方案",
    ]
)


def variants(c: Clause) -> int | None:
    """How many versions a sentence asks for; 0 stands for the usual number, None for not asking."""
    nouns = [t for t in c.tokens if t.has("t", "variants")]
    if not nouns or c.verb("remove", "keep", "no"):
        return None
    if any(t.has("ord") and not t.has("ord", "other") for t in c.tokens):
        return None
    counted = [t for t in c.tokens if t.has("num") and not scope.num(t).unit]
    few = any(
        t.text
        in (
            "几",
            "几个",
            "few",
            "some",
            "several",
            "more",
            "different",
            "多几",
            "couple",
            "不同",
            "不同的",
            "another",
            "other",
            "alternative",
            "alternatives",
            "一些",
            "别的",
        )
        for t in c.tokens
    )
    plural = any(t.text in _PLURAL or t.text.endswith("s") for t in nouns)
    asks = any(t.text in _SHOW or t.has("v", "create", "add") for t in c.tokens)
    noun = nouns[-1]
    if noun.text in ("版", "款", "套", "look", "style") and not counted and not few:
        return None
    if noun.has("t", "style") and not (counted or (few and plural)):
        return None
    if counted:
        after = c.index(noun) > c.index(counted[0])
        return int(scope.num(counted[0]).value) if after else None
    if (few or plural) and (asks or few):
        return 0
    return None


def show(count: int, r: Reading) -> None:
    """Make the recipes of so many versions; the timeline stays as it is."""
    number = count or VARIANTS
    limits = RANGES["variants"]
    if not limits.low <= number <= limits.high:
        r.refused.append(EditError("range", field="variants", low=limits.low, high=limits.high, got=number))
        return
    if not r.has_avatar:
        r.plan.problem("not_avatar" if r.video else "nothing_yet")
        return
    r.plan.variants = number
    found = variations(r.recipe, number)
    lang = r.plan.language
    told = [
        words.say(lang, "variant", number=i + 1, words=words.variant(lang, recipe))
        for i, recipe in enumerate(found)
    ]
    r.variants = found
    sep = "；" if words.is_chinese(lang) else "; "
    r.plan.answers.append(words.say(lang, "variants", count=number, list=sep.join(told)))


def take(c: Clause, r: Reading) -> bool:
    """The third one, version 2, 第三个."""
    if not r.context.variants or c.targets("photo", "title", "person", "clip", "music", "background"):
        return False
    index = _index(c, len(r.context.variants))
    if index is None:
        return False
    if not -len(r.context.variants) <= index < len(r.context.variants):
        r.plan.problem("no_such_variant", number=index + 1, count=len(r.context.variants))
        return True
    for t in c.tokens:
        t.used = True
    return r.do(TakeRecipe(recipe=dict(r.context.variants[index])))


def _index(c: Clause, count: int) -> int | None:
    for token in c.all("ord"):
        if token.has("ord", "other") or any(t.has("num") and not t.has("t") for t in c.after(token)[:1]):
            continue
        return scope.position(token, count)
    for token in c.all("num"):
        i = c.index(token)
        beside = c.tokens[max(0, i - 2) : i] + c.tokens[i + 1 : i + 2]
        named = any(t.has("t", "variants", "one") or t.text in ("号", "number", "no", "take") for t in beside)
        if not scope.num(token).unit and (named or len([t for t in c.tokens if not t.is_filler]) <= 2):
            return int(scope.num(token).value) - 1
    return None
