"""Questions beside the picture: what it costs, which formats there are, what was changed last."""

from __future__ import annotations

import re

from studio.brain import words
from studio.brain.lexer import folded
from studio.brain.reading import Reading
from studio.brain.tokens import Clause
from studio.edits.difference import difference

_COST = re.compile(
    r"\b(?:cost|costs|price|prices|pricing|priced|free|pay|paid|charge|charges|credits?)\b"
    r"|多少钱|免费|收费|费用|价格|要钱|付费|花钱|积分"
)
_PRICE = re.compile(r"(?:免费|收费|要钱|付费|花钱)的?(?:吗|么|不)")
_FORMATS = re.compile(
    r"\b(?:file|export|output|download|save|image|video)\s?(?:formats?|types?)\b|\bformats?\b.*\b(?:export|save|download)"
    r"|\b(?:what|which) formats\b|\bexport\b.*\bformats?\b|导出.*格式|格式.*导出|什么格式|哪些格式|文件格式"
)
_CHANGED = re.compile(
    r"\bwhat(?:'s| has| have| did)?\b.*\bchang(?:ed|es|e)\b(?! about| for)|\bwhat did you (?:just )?do\b"
    r"|(?:改|变|动)(?:了|过)(?:些)?(?:什么|啥|哪些|哪里)|(?:什么|哪些)(?:改动|变化)"
)
_POSSIBLE = re.compile(r"\b(?:can|could|should|would|may|if)\b|可以|能|会|要是|如果")
_IS_NOW = re.compile(r"^(?!.*(?:可以|能|有)).*(?:(?:是|用的)(?:什么|啥|哪)|什么颜色的?$)")


def aside(c: Clause, r: Reading) -> str:
    """The answer to such a question, empty for any other."""
    text, language = folded(c.words()), r.plan.language
    if _COST.search(text):
        return words.say(language, "answer_cost")
    if _FORMATS.search(text):
        return words.say(language, "answer_formats")
    if _CHANGED.search(text) and not _POSSIBLE.search(text):
        return _changed(r, language)
    return ""


def asks_price(c: Clause) -> bool:
    """Whether it is asked what it costs without a word that asks: 免费吗."""
    return _PRICE.search(folded(c.words())) is not None


def of_now(c: Clause) -> bool:
    """Whether it is asked what a thing is: 背景是什么颜色."""
    return _IS_NOW.search(folded(c.words())) is not None


def _changed(r: Reading, language: str) -> str:
    previous = r.context.previous
    changes = difference(previous, r.context.draft) if previous is not None else ()
    if not changes:
        return words.say(language, "answer_changed_none")
    return words.say(language, "answer_changed", changes=words.facts(language, changes))
