"""An utterance → the steps of its turn, in order: what the router found, the files given, and -o."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from agent.actions import Wish
from agent.clean import clean_line
from agent.mentions import by_name
from agent.models import Attachment
from agent.timeline import exportable
from intents import Intent, route

if TYPE_CHECKING:
    from agent.conversation import Conversation

Kind = Literal["upload", "export", "credits", "status", "changes", "cancel", "sse"]
_CHANGES = re.compile(
    r"\s*(?:so,? )?what(?:'s|’s| has| have you|) (?:changed|been changed|new)(?: since.*)?[?!. ]*"
    r"|\s*what did you change[?!. ]*"
    r"|\s*(?:改了|变了|變了|有)(?:哪些|什么|什麼|啥)(?:变化|變化|改动|改動)?[？?。 ]*"
    r"|\s*(?:有什么|有什麼|有哪些)(?:变化|變化|改动|改動)[？?。 ]*",
    re.IGNORECASE,
)
_CANCEL = re.compile(
    r"(?:please )?(?:cancel|stop|abort) (?:the |that |my |this )?(?:export|render|rendering|download)s?"
    r"|(?:请|請)?(?:取消|停止|中止)(?:这次|這次|这个|這個)?(?:导出|導出|汇出|匯出|渲染)[了吧]?",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\b(?:each|every|separately|individually|one by one|one file per)\b"
    r"|每一?[张張个個段]|分别|分別|逐[个個一张張]|各自",
    re.IGNORECASE,
)
_EXPORT_EACH = re.compile(
    r"(?:please )?(?:export|download|save|render) (?=.*\b(?:each|every|separately|individually|one by one)\b)"
    r"[\w ]{3,50}"
    r"|(?:请|請)?(?:把)?(?=.*(?:每一?[张張个個段]|分别|分別|逐))[每一张張个個段照片图圖头像都分别別逐单獨独地它们們把]*"
    r"(?:导出|導出|汇出|匯出|下载|下載)[每一张張个個段照片图圖头像]*",
    re.IGNORECASE,
)
# "Turn my photo into a video" asks for a file, but with a photo just brought there is none before it is made.
_MAKING = re.compile(
    r"\b(?:generat|mak|creat|turn|convert|produc|animat|transform)\w*|\b(?:want|need|like|give|get)\b.*\ban? "
    r"|生成|制作|製作|做|转成|轉成|转换|轉換|转为|轉為|变成|變成|合成|创建|創建|产生|產生|产出|產出|[想需]?要[一个個张張]",
    re.IGNORECASE,
)
_END = " .!?。！？\t"


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
        steps += [_cancelling(step, conversation) for step in _steps(intent)]
    output = conversation.settings.output
    steps = _made_first(steps, conversation)
    if output:
        # One place holds one file, whatever formats the words name.
        first = next((step for step in steps if step.kind == "export"), None)
        steps = [step for step in steps if step.kind != "export" or step is first]
    # --format and --size have no meaning without a file.
    origins = conversation.settings.origins
    wanted = bool(output) or "flag" in (origins.get("format"), origins.get("size"))
    makes = any(step.kind in ("sse", "upload") for step in steps) or not steps
    if conversation.one_shot and wanted and makes and not any(step.kind == "export" for step in steps):
        steps.append(Step("export", wish=Wish(words=utterance)))
    return tuple(steps)


def _made_first(steps: list[Step], conversation: Conversation) -> list[Step]:
    """The steps; an export that speaks of making is said to the backend first where nothing is made yet."""
    known = conversation.known
    empty = not conversation.begun or (known is not None and not exportable(known.draft))
    brought = any(step.files or step.attachments for step in steps) or (bool(conversation.photos) and empty)
    if not brought or any(step.kind == "sse" for step in steps):
        return steps
    said: list[Step] = []
    for step in steps:
        if step.kind == "export" and _MAKING.search(step.text):
            said.append(Step("sse", by_name(step.text)))
        said.append(step)
    return said


def _cancelling(step: Step, conversation: Conversation) -> Step:
    """ "Cancel the export" is ours to do while one is under way; else the backend answers."""
    if step.kind != "sse" or not _CANCEL.fullmatch(step.text.strip(_END)):
        return step
    under_way = conversation.store.renders(conversation.connection.backend)
    return Step("cancel", step.text) if under_way else step


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
    if intent.kind in ("sse", "status") and _CHANGES.fullmatch(intent.text):
        return [Step("changes", intent.text)]
    if intent.kind != "sse":
        return [Step(intent.kind, intent.text)]
    if _EXPORT_EACH.fullmatch(intent.text.strip(_END)):
        return [Step("export", intent.text, wish=_wish(intent.text, slots))]
    deliver = slots.get("deliver")
    steps = [Step("sse", by_name(intent.text))]
    if isinstance(deliver, Mapping):
        steps.append(Step("export", intent.text, wish=_wish(intent.text, deliver)))
    return steps


def _wish(words: str, slots: Mapping[str, object]) -> Wish:
    destination, format, size = (str(slots.get(name) or "") for name in ("destination", "format", "size"))
    return Wish(words, destination, format, size, each=bool(_EACH.search(words)))


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
