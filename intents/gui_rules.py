"""Which clauses are instructions for a graphical editor, and the action each stands for."""

from __future__ import annotations

from intents.gui_chinese import VAGUE_ZH, ZH_CONDITION, ZH_PRESS, ZH_TAIL, chinese
from intents.gui_english import EN_CONDITION, EN_PURPOSE, EN_STEP, EN_TAIL, RULES_EN_PRESS, VAGUE_EN, english
from intents.gui_words import HAN, LATIN, LONGEST, flat
from intents.intent import Action


def vague(clause: str) -> bool:
    """Whether a press names nothing that tells what it does ("click it", "tap the share icon")."""
    _, blank = flat(clause[:LONGEST])
    for rule, mark in ((RULES_EN_PRESS, VAGUE_EN), (ZH_PRESS, VAGUE_ZH)):
        match = rule.match(blank)
        if match and mark.match(match["object"]):
            return True
    return False


def condition(clause: str) -> bool:
    """Whether the clause only supposes something ("if you want to export")."""
    _, blank = flat(clause[:LONGEST])
    return bool(EN_CONDITION.match(blank) or ZH_CONDITION.match(blank))


def leads(clause: str) -> bool:
    """Whether the clause leads to the instruction after it ("to use your own voice", "pick the title")."""
    _, blank = flat(clause[:LONGEST])
    return bool(EN_PURPOSE.match(blank) or EN_STEP.match(blank))


def tail(clause: str) -> bool:
    """Whether the clause only goes on with an instruction before it ("to save the file", 即可下载)."""
    _, blank = flat(clause[:LONGEST])
    return bool(EN_TAIL.match(blank) or ZH_TAIL.match(blank))


def instruction(clause: str) -> Action | None:
    """The action that a clause instructs, or None when it is content."""
    if len(clause) > LONGEST:
        return None
    plain, blank = flat(clause)
    if not blank:
        return None
    return (english(plain, blank) if LATIN.search(blank) else None) or (
        chinese(plain, blank) if HAN.search(blank) else None
    )
