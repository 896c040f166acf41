"""A conversation with the scripted backend, in one line each: what was said, asked, and came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from agent.attachments import check
from agent.config import resolve
from agent.conversation import Conversation, Question
from agent.errors import AvatarError
from agent.events import Event
from agent.opening import open_conversation
from agent.renders import catch_up
from agent.skill import load_skill
from agent.turn import run_turn
from tests.agent.samples import png
from tests.scripted_server import ScriptedServer

T = TypeVar("T", bound=Event)


@dataclass
class Heard:
    """What a turn brought."""

    events: list[Event] = field(default_factory=list)
    error: AvatarError | None = None
    asked: list[Question] = field(default_factory=list)

    def of(self, kind: type[T]) -> list[T]:
        return [event for event in self.events if isinstance(event, kind)]

    def one(self, kind: type[T]) -> T:
        (event,) = self.of(kind)
        return event


@dataclass
class Talk:
    """An open conversation."""

    conversation: Conversation
    backend: ScriptedServer

    async def turn(self, text: str, *files: Path, answers: Sequence[bool] = ()) -> Heard:
        heard, left = Heard(), list(answers)
        skill = self.conversation.skill
        photos = [check(str(path), types=skill.types, max_bytes=skill.max_bytes) for path in files]

        async def ask(question: Question) -> bool:
            heard.asked.append(question)
            return left.pop(0) if left else False

        try:
            async with aclosing(run_turn(text, photos, self.conversation, ask)) as events:
                async for event in events:
                    heard.events.append(event)
        except AvatarError as error:
            heard.error = error
        return heard

    async def catch_up(self) -> Heard:
        heard = Heard()
        await catch_up(self.conversation, heard.events.append)
        return heard


@dataclass
class Desk:
    """Opens conversations with one backend from one home folder."""

    backend: ScriptedServer
    home: Path

    def talk(self, scenario: Callable[[Talk], Coroutine[Any, Any, Any]], **flags: object) -> Any:
        """Run `scenario(talk)`; flags are command line options, `one_shot` and `session` among them."""
        one_shot = bool(flags.pop("one_shot", True))
        which = str(flags.pop("session", "new"))
        fast = {"poll_seconds": 0.01, "heartbeat_seconds": 60, "language": "en"}
        settings = resolve(
            {"backend": self.backend.url, "state_dir": str(self.home / "state"),
             "output_dir": str(self.home / "out"), **fast, **flags},
            environ={"HOME": str(self.home)},
        )  # fmt: skip

        async def run() -> Any:
            conversation = await open_conversation(settings, load_skill(), which_session=which)
            conversation.one_shot = one_shot
            conversation.interactive = not one_shot
            conversation.connection.client._transport._backoff = 0.01
            try:
                return await scenario(Talk(conversation, self.backend))
            finally:
                await conversation.connection.aclose()

        return asyncio.run(run())

    def photo(self, name: str = "me.png") -> Path:
        path = self.home / name
        path.write_bytes(png(4, 4))
        return path
