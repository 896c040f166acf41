"""Which language to answer in: that of the utterance, the session's where the words do not tell."""

from __future__ import annotations

from studio.brain import script

_QUOTES = {"“": "”", "「": "」", "『": "』", "《": "》", "«": "»", '"': '"', "‘": "’"}


def bare(text: str) -> str:
    """The text without what stands in quotation marks, which is content and may be in any language."""
    out: list[str] = []
    i = 0
    while i < len(text):
        close = _QUOTES.get(text[i])
        end = text.find(close, i + 1) if close else -1
        if end > 0:
            i = end + 1
            continue
        out.append(text[i])
        i += 1
    return "".join(out)


def has_chinese(text: str) -> bool:
    """Whether a Chinese character stands in it."""
    return any("㐀" <= c <= "鿿" for c in text)


def language_of(utterance: str, session: str = "en") -> str:
    """ "en", "zh-CN" or "zh-TW"."""
    text = bare(utterance)
    if has_chinese(text):
        traditional = script.is_traditional(text)
        if traditional is None:
            low = session.lower().replace("_", "-")
            traditional = low in ("zh-tw", "zh-hant", "zh-hk", "zh-mo")
        return "zh-TW" if traditional else "zh-CN"
    if sum(c.isascii() and c.isalpha() for c in text) >= 2:
        return "en"
    low = session.lower().replace("_", "-")
    if low.startswith("zh"):
        return "zh-TW" if low in ("zh-tw", "zh-hant", "zh-hk", "zh-mo") else "zh-CN"
    return "en"
