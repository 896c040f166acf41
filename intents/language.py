"""Which language an utterance is in, by its script and by telling characters."""

from __future__ import annotations

import re

from intents.normalize import simplified_table

_KANA = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9d]")
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")

# Simplified forms that Traditional texts write too, for another word; they tell nothing.
_SHARED = frozenset(
    "出后里面干台只系丑卷采谷几千秋松斗余云了于制向志布占周范冬板表别卜才吃当合伙划回家借克困累帘漓霉蒙辟仆曲舍什沈涂托万咸旋药佣愿岳"
    "扎折征症致种朱注准复胡姜价局据夸腊蜡凶郁札升升岩游欲御哄抵尸才它著么"
)


def detect(text: str, *, fallback: str = "en", chinese: str = "zh-CN") -> str:
    """A language tag: ja, ko, zh-CN, zh-TW or en; `chinese` when Han characters tell neither form."""
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    han = _HAN.findall(text)
    if han:
        table = simplified_table()
        simplified = set(table.values())
        traditional = sum(ord(c) in table for c in han)
        plain = sum(ord(c) in simplified and ord(c) not in table and c not in _SHARED for c in han)
        if traditional or plain:
            return "zh-TW" if traditional > plain else "zh-CN"
        return chinese
    return "en" if re.search(r"[A-Za-z]", text) else fallback
