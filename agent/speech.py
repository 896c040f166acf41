"""One message to the backend and its reply as it streams: translated, cleaned, with signs of life."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field

from agent.clean import Cleaner, clean_line
from agent.conversation import Conversation, Emit
from agent.disk import write_whole
from agent.events import Notice, Progress, Text, TextPiece
from agent.stream.events import (
    InlineImage,
    StreamEvent,
    StreamFailure,
    StreamText,
    ToolCall,
    ToolResult,
)
from agent.stream.hush import Hush
from agent.stream.trailing import TrailingApology
from intents import Action, Translator, translate

_TICK = object()
# An instruction is found in so much of what came last; a block longer than a part is told in several.
_RECENT = 8_000
_PART = 256 * 1024
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*")
_PICTURES = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"RIFF", "webp"))
_TOOLS = (
    ("tool_music", ("music", "bgm", "audio", "sound", "voice")),
    ("tool_title", ("title", "text", "caption", "subtitle")),
    ("tool_make", ("generate", "create", "make", "image", "render", "illustrat")),
    ("tool_edit", ("edit", "update", "set", "add", "remove", "trim", "draft", "apply")),
)


@dataclass(slots=True)
class Said:
    """What a reply came to: whether anything was shown, and the GUI instructions in it.

    `instructions` are the words of those instructions that ask for an edit.
    """

    shown: bool = False
    actions: list[Action] = field(default_factory=list)
    instructions: list[str] = field(default_factory=list)


async def say(
    text: str, conversation: Conversation, emit: Emit, began: float, on_result: Callable[[], None]
) -> Said:
    """Send `text` and pass the reply on. Raises Dropped or TimedOut when its outcome is unknown.

    `on_result` is called whenever a tool has given its result.
    """
    said = Said()
    conversation.connection.on_wait = lambda seconds: emit(
        Progress(conversation.said("rate_waiting", seconds=max(1, round(seconds))), _since(began))
    )
    await _listen(text, conversation, emit, began, said, on_result)
    return said


async def _listen(
    text: str,
    conversation: Conversation,
    emit: Emit,
    began: float,
    said: Said,
    on_result: Callable[[], None],
) -> None:
    every = conversation.settings.heartbeat_seconds
    due = _Due(every)
    label = ""
    client = conversation.connection.client
    block = _Block(said, emit, lambda: client.token.value if client.token else "")
    try:
        async for event in _with_ticks(conversation.connection.run(text), due):
            if isinstance(event, StreamText):
                block.add(event.text)
                if event.final:
                    block.end()
                due.renew()
            elif isinstance(event, ToolCall):
                now = _tool_label(event.name)
                if now != label:
                    label = now
                    emit(Progress(conversation.said(label), _since(began)))
            elif isinstance(event, ToolResult):
                on_result()
            elif isinstance(event, StreamFailure):
                raise conversation.connection.client.failure(event)
            elif isinstance(event, InlineImage):
                _keep_picture(event, conversation, emit)
                said.shown = True
            if due.left() <= 0:
                emit(Progress(conversation.said("still_working"), _since(began)))
                due.renew()
    finally:
        block.end()


class _Due:
    """When the next sign of life is to be given."""

    def __init__(self, every: float) -> None:
        self._every = every
        self.renew()

    def renew(self) -> None:
        self._at = time.monotonic() + self._every

    def left(self) -> float:
        return self._at - time.monotonic()


class _Block:
    """The text of a reply on its way to the user, one block at a time; `secret` is never in it."""

    def __init__(self, said: Said, emit: Emit, secret: Callable[[], str]) -> None:
        self._said, self._emit, self._secret = said, emit, secret
        self._apology = TrailingApology()
        self._start()

    def _start(self) -> None:
        self._cleaner, self._translator = Cleaner(), Translator()
        # Signing in again in between makes it another one.
        self._hush: Hush | None = None
        self._recent = ""
        self._shown: list[str] = []
        self._size = 0

    def add(self, piece: str) -> None:
        if self._hush is None:
            self._hush = Hush(self._secret())
        # Cleaned first: what is taken out of the text may be all that parted the secret.
        plain = self._hush.feed(self._cleaner.feed(piece))
        if plain:
            self._feed(plain)

    def end(self) -> None:
        """Close the block: what was held back is shown, and the block as a whole is told."""
        plain = self._cleaner.close()
        if self._hush is not None:
            plain = self._hush.feed(plain) + self._hush.close()
        if plain:
            self._feed(plain)
        self._take(*self._translator.close())
        self._show(self._apology.end_block())
        self._tell()
        self._start()

    def _feed(self, plain: str) -> None:
        self._recent += plain
        if len(self._recent) > 2 * _RECENT:
            self._recent = self._recent[-_RECENT:]
        self._take(*self._translator.feed(plain))

    def _take(self, text: str, actions: tuple[Action, ...]) -> None:
        self._said.actions += actions
        if "edit" in actions:
            self._said.instructions += _edits(self._recent)
            self._recent = ""
        self._show(self._apology.feed(text))
        if self._size > _PART:
            self._tell()

    def _tell(self) -> None:
        """The block as a whole; a very long one in parts, so that memory does not grow with it."""
        whole = "".join(self._shown).strip()
        self._shown, self._size = [], 0
        if whole:
            self._said.shown = True
            self._emit(Text(whole, streamed=True))

    def _show(self, text: str) -> None:
        if not self._shown:
            text = text.lstrip("\n ")
        if text:
            self._shown.append(text)
            self._size += len(text)
            self._emit(TextPiece(text))


async def _with_ticks(stream: AsyncGenerator[StreamEvent], due: _Due) -> AsyncIterator[StreamEvent | object]:
    """The stream's events, and a tick whenever the moment `due()` comes without one."""
    queue: asyncio.Queue[StreamEvent | None] = asyncio.Queue(256)

    async def pump() -> None:
        try:
            async for event in stream:
                await queue.put(event)
        finally:
            await stream.aclose()
            await queue.put(None)

    task = asyncio.create_task(pump())
    try:
        while True:
            if queue.empty():
                try:
                    async with asyncio.timeout(max(due.left(), 0.001)):
                        event = await queue.get()
                except TimeoutError:
                    yield _TICK
                    continue
            else:
                event = queue.get_nowait()
            if event is None:
                break
            yield event
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _edits(raw: str) -> list[str]:
    """The words of the instructions that ask for an edit, one for each."""
    found = []
    for sentence in _SENTENCE.findall(raw):
        sentence = sentence.strip()
        translation = translate(sentence)
        if "edit" in translation.actions:
            kept = translation.text.strip()
            found.append(clean_line(sentence.replace(kept, "", 1) if kept else sentence)[:500])
    return found


def _tool_label(name: str) -> str:
    low = name.lower()
    return next((key for key, parts in _TOOLS if any(part in low for part in parts)), "working")


def _keep_picture(event: InlineImage, conversation: Conversation, emit: Emit) -> None:
    """Save a picture of the reply under a name of our own and say where it is."""
    suffix = next((name for magic, name in _PICTURES if event.data.startswith(magic)), "")
    if not suffix:
        return
    name = hashlib.sha256(event.data).hexdigest()[:16]
    path = conversation.settings.cache_dir / "pictures" / f"{name}.{suffix}"
    write_whole(path, event.data)
    emit(Notice(conversation.said("inline_image", path=str(path))))


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)
