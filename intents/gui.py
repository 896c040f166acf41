"""Backend text → text for the user and the actions that its GUI instructions stand for.

Content stays word for word. A clause is an instruction when it begins, after courtesy, with a verb of the
interface (click, open, drag, 点击…) and names a thing of the interface; quotations are never looked into.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from intents import gui_rules
from intents.intent import Action, Translation
from intents.sentences import QUOTES, Sentences

_CUT = re.compile(
    '(?P<quote>["\u201c\u300c\u300e\u300a])'
    '|[,;](?=\\s)|[\uff0c\uff1b,](?=[\u3400-\u9fff\uff00-\uffef\u201c\u300c]|[A-Za-z"])|\\s[\u2013\u2014-]\\s|\u2014\u2014|:(?=\\s)|\uff1a'
    "|[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?\\s+(?=[A-Z\u3400-\u9fff])"
    "|(?<!drag)\\s(?=(?:and then|and|then|so)\\s)"
    "|(?=\u7136\u540e|\u518d(?:\u70b9|\u9ede|\u6309|\u6253\u5f00|\u6253\u958b|\u62d6|\u5728)|\u5e76(?:\u70b9|\u9009\u62e9|\u6309)|\u7136\u5f8c)",
    re.I,
)
_TERMINAL = re.compile("([.!?\u3002\uff01\uff1f\u2026]*[\"'\u201d\u2019\u300d\u300f)*_`]*)(\\s*)$")
_BULLET = re.compile(r"\s*(?:[-+*•]|\d{1,2}[.)、])?\s*$")
_QUESTION = re.compile("[?\uff1f][\"'\u201d\u2019\u300d\u300f)*_`]*\\s*$")
_ANNOUNCES = re.compile("[:\uff1a][*_]*\\s*$")
_FENCE = re.compile(r"\s*(?:```|~~~)")


@dataclass(slots=True)
class _Clause:
    text: str
    action: Action | None = None
    gone: bool = False


def clauses(sentence: str) -> list[str]:
    """The sentence cut where one clause may end and another begin; joined they are the sentence."""
    found: list[str] = []
    begin = at = 0
    while True:
        match = _CUT.search(sentence, at)
        if match is None:
            found.append(sentence[begin:])
            return [c for c in found if c]
        if match["quote"]:
            close = sentence.find(QUOTES[match["quote"]], match.end())
            at = close + 1 if close >= 0 else match.end()
            continue
        at = max(match.end(), match.start() + 1)
        cut = match.end()
        if cut > begin:
            found.append(sentence[begin:cut])
            begin = cut


class Translator:
    """Translates a stream fed in pieces; how it is cut makes no difference to what comes out."""

    def __init__(self) -> None:
        self._sentences = Sentences()
        self._code = False
        self._line = ""
        self._led = False
        self._announced = False

    def feed(self, piece: str) -> tuple[str, tuple[Action, ...]]:
        """The finished text and the actions that this piece completes."""
        return self._run(list(self._sentences.feed(piece)))

    def close(self) -> tuple[str, tuple[Action, ...]]:
        """What was still held."""
        return self._run(list(self._sentences.close()))

    def _run(self, sentences: list[str]) -> tuple[str, tuple[Action, ...]]:
        shown: list[str] = []
        actions: list[Action] = []
        for sentence in sentences:
            if _FENCE.match(sentence) and not self._line.strip():
                self._code = not self._code
                text: str = sentence
                found: list[Action] = []
            elif self._code or (self._announced and sentence.lstrip().startswith(">")):
                text, found = sentence, []
            else:
                text, found = self._sentence(sentence)
            # Only whether the line holds anything yet; a line may be as long as the whole reply.
            self._line = "" if sentence.endswith("\n") else self._line or sentence.strip()
            if sentence.strip():
                # a block quotation after "…:" is what was written, not what is to be done
                self._announced = bool(_ANNOUNCES.search(sentence)) or (
                    self._announced and sentence.lstrip().startswith(">")
                )
            shown.append(text)
            actions += found
        return "".join(shown), tuple(actions)

    def _sentence(self, sentence: str) -> tuple[str, list[Action]]:
        """One sentence without its instructions, and their actions."""
        if not sentence.strip() or _QUESTION.search(sentence):
            return sentence, []
        parts = [_Clause(c) for c in clauses(sentence)]
        self._judge(parts)
        if not any(p.gone for p in parts):
            self._led = False
            return sentence, []
        if any(p.action not in (None, "edit") for p in parts):
            for part in parts:
                if part.action == "edit" and gui_rules.vague(part.text):
                    part.action = None
        actions: list[Action] = []
        for part in parts:
            if part.action and (not actions or actions[-1] != part.action):
                actions.append(part.action)
        self._led = bool(actions)
        return self._mend(sentence, parts), actions

    def _judge(self, parts: list[_Clause]) -> None:
        """Marks the clauses that are instructions, and what belongs to them."""
        supposed = False
        led = self._led
        for at, part in enumerate(parts):
            action = gui_rules.instruction(part.text)
            if action is None:
                if led and part.text.strip() and (at or self._led) and gui_rules.tail(part.text):
                    part.gone = True
                    continue
                led = False
                supposed = supposed or gui_rules.condition(part.text)
                continue
            part.gone = True
            led = True
            if supposed or gui_rules.condition(part.text):
                for before in parts[:at]:
                    before.gone = before.gone or gui_rules.condition(before.text)
            else:
                part.action = action
            if at and not parts[at - 1].gone and gui_rules.leads(parts[at - 1].text):
                parts[at - 1].gone = True

    @staticmethod
    def _mend(sentence: str, parts: list[_Clause]) -> str:
        """What is left, ending as the sentence ended; nothing but a list mark counts as nothing."""
        kept = "".join(p.text for p in parts if not p.gone)
        end = _TERMINAL.search(sentence)
        terminal, space = (end.group(1), end.group(2)) if end else ("", "")
        if _BULLET.match(kept) or not re.search(r"\w", kept):
            return ""
        if parts[-1].gone:
            body = re.sub("[\\s,;:\uff0c\uff1b\uff1a\u3001\u2013\u2014-]+$", "", kept)
            mark = re.sub("[\"'\u201d\u2019\u300d\u300f)*_`]", "", terminal)
            if not mark and body[-1:] not in ".!?\u3002\uff01\uff1f":
                mark = ""
            return body + mark + space
        return kept


def translate(text: str) -> Translation:
    """The text without GUI instructions, and their actions in order; never raises."""
    translator = Translator()
    first, actions = translator.feed(text)
    rest, more = translator.close()
    return Translation((first + rest).strip(), actions + more)
