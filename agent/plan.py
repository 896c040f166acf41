"""An utterance → the steps of its turn, in order: what the router found, the files given, and -o."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from agent.actions import Wish
from agent.clean import clean_line
from agent.models import Attachment
from intents import Intent, route

if TYPE_CHECKING:
    from agent.conversation import Conversation

Kind = Literal["upload", "export", "credits", "status", "changes", "sse"]
_CHANGES = re.compile(
    r"\s*(?:so,? )?what(?:'s|’s| has| have you|) (?:changed|been changed|new)(?: since.*)?[?!. ]*"
    r"|\s*what did you change[?!. ]*"
    r"|\s*(?:改了|变了|變了|有)(?:哪些|什么|什麼|啥)(?:变化|變化|改动|改動)?[？?。 ]*"
    r"|\s*(?:有什么|有什麼|有哪些)(?:变化|變化|改动|改動)[？?。 ]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. `files` are paths and URLs found in the words, `attachments` were checked before."""

    kind: Kind
    text: str = ""
    files: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    wish: Wish | None = None


def plan(utterance: str, files: Sequence[Attachment], conversation: Conversation) -> tuple[Step, ...]:
    """The steps of one turn; with -o a one-shot turn ends in an export."""
    found = route(utterance, exists=os.path.exists) if utterance.strip() else []
    steps = [Step("upload", attachments=tuple(files))] if files else []
    for intent in found:
        # "use my photo" with the photo at hand needs no further file.
        if intent.kind == "upload" and files and not _named(intent):
            continue
        steps += _steps(intent)
    output = conversation.settings.output
    makes = any(step.kind in ("sse", "upload") for step in steps) or not steps
    if conversation.one_shot and output and makes and not any(step.kind == "export" for step in steps):
        steps.append(Step("export", wish=Wish(words=utterance)))
    return tuple(steps)


def acts_on_last(utterance: str, files: Sequence[object]) -> bool:
    """Whether a one-shot asks about what is there already, and so belongs to the last session."""
    if files:
        return False
    steps = [step for intent in route(utterance) for step in _steps(intent)] if utterance.strip() else []
    return all(step.kind not in ("upload", "sse") for step in steps)


def _steps(intent: Intent) -> list[Step]:
    slots = intent.slots
    if intent.kind == "export":
        return [Step("export", intent.text, wish=_wish(intent.text, slots))]
    if intent.kind == "upload":
        return [Step("upload", intent.text, files=_named(intent))]
    if intent.kind != "sse":
        return [Step(intent.kind, intent.text)]
    if _CHANGES.fullmatch(intent.text):
        return [Step("changes", intent.text)]
    deliver = slots.get("deliver")
    steps = [Step("sse", intent.text)]
    if isinstance(deliver, Mapping):
        steps.append(Step("export", intent.text, wish=_wish(intent.text, deliver)))
    return steps


def _wish(words: str, slots: Mapping[str, object]) -> Wish:
    return Wish(words, *(str(slots.get(name) or "") for name in ("destination", "format", "size")))


def _named(intent: Intent) -> tuple[str, ...]:
    return tuple(str(name) for key in ("paths", "urls") for name in intent.slots.get(key) or ())


def explain_route(utterance: str, attachments: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How an utterance is understood: the intents in order, and a line for each with its slots and reason."""
    kinds = ["upload"] if attachments else []
    lines = [f"upload: {name}" for name in attachments]
    for intent in route(utterance) if utterance.strip() else ():
        kinds.append(intent.kind)
        slots = ", ".join(f"{name}={value!r}" for name, value in intent.slots.items() if value)
        why = f" – {intent.why}" if intent.why else ""
        lines.append(f"{intent.kind}: {intent.text!r}{f' ({slots})' if slots else ''}{why}")
    return tuple(kinds), tuple(clean_line(line) for line in lines)
