"""The chat: one prompt that stays usable while turns run; what is said meanwhile waits its turn."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import IO, Any, cast

from agent.attachments import check
from agent.catalogue import message
from agent.clean import clean_line
from agent.config import Settings
from agent.conversation import Conversation, Emit, Question
from agent.errors import AvatarError
from agent.events import Done, Event, Exported, Notice
from agent.models import Attachment
from agent.opening import open_conversation, ready
from agent.renders import catch_up
from agent.skill import Skill
from agent.ui.above import Above
from agent.ui.answers import is_yes
from agent.ui.board import Board
from agent.ui.drive import note, perform
from agent.ui.interrupts import Interrupts
from agent.ui.manners import first_language
from agent.ui.one_shot import telling_waits
from agent.ui.paste import files_in
from agent.ui.pretty import PrettyRenderer
from agent.ui.prompt import Prompt
from agent.ui.reporting import report, unexpected
from agent.ui.slash import is_command, is_leaving, recall, run_slash
from agent.ui.terminal import console_for

_TICK = 0.5


@dataclass(frozen=True, slots=True)
class Said:
    """An utterance that waits for its turn."""

    text: str
    files: tuple[Attachment, ...] = ()
    queued: bool = False


def run_chat(settings: Settings, skill: Skill) -> int:
    """The chat on a terminal that can draw; its exit code. The greeting is on screen already."""
    return asyncio.run(Chat(settings, skill).run())


class Chat:
    """Holds the prompt, the turns waiting, the one running, and the renders that go on beside them."""

    def __init__(self, settings: Settings, skill: Skill) -> None:
        self.settings, self.skill = settings, skill
        self.board = Board(language=first_language(settings))
        self.prompt = Prompt(self, settings, skill, self.board)
        self._above = Above(self.prompt.app, sys.stdout)
        console = console_for(settings, cast(IO[str], self._above))
        self.renderer = PrettyRenderer(console, self.board, quiet=settings.quiet)
        self.board.changed = self.prompt.redraw
        self.conversation: Conversation | None = None
        self.files: list[Attachment] = []
        self.question: asyncio.Future[bool] | None = None
        self._lines = False
        self._waiting: asyncio.Queue[Said] = asyncio.Queue()
        self._turn: asyncio.Task[int] | None = None
        self._jobs: set[asyncio.Task[None]] = set()
        self._interrupts = Interrupts(
            stop=self._stop_something, hint=lambda: self._say("hint_exit"), leave=self._leave_interrupted
        )
        self._exit = 0
        self._last_code = 0

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(signal.SIGINT, self.prompt.sigint)
            for name in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(name, self.leave)
        with self.prompt.raw(), contextlib.redirect_stdout(self._above):
            worker = asyncio.create_task(self._work())
            ticker = asyncio.create_task(self._tick())
            try:
                await self._read()
            finally:
                await self._stop(worker, ticker)
        with contextlib.suppress(NotImplementedError):
            loop.remove_signal_handler(signal.SIGINT)
        # Leaving has begun: one more Ctrl-C must not end it as a crash.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return self._exit

    # what the keys call

    @property
    def attached(self) -> bool:
        return bool(self.files)

    def interrupt(self) -> None:
        """Ctrl-C with nothing typed."""
        self._interrupts()

    def _stop_something(self) -> bool:
        """Say no to a question, else stop the turn, else the watching of exports; whether there was any."""
        if self.question is not None and not self.question.done():
            self.question.set_result(False)
        elif self._turn is not None and not (self._turn.done() or self._turn.cancelling()):
            self._turn.cancel()
        elif self._jobs:
            for job in self._jobs:
                job.cancel()
            self.board.renders.clear()
            self._say("render_unwatched")
        else:
            return False
        return True

    def _leave_interrupted(self) -> None:
        self._exit = 130
        self.prompt.leave()

    def leave(self) -> None:
        self.prompt.leave()

    def pasted(self, text: str) -> bool:
        """Take pasted files as attachments; whether the text was that. Other lines are an utterance each."""
        names = files_in(text)
        self._lines = self._lines or not names
        for name in names:
            try:
                found = check(name, types=self.skill.types, max_bytes=self.skill.max_bytes)
            except AvatarError as error:
                report(error, self.renderer, self.board.language, debug=self.settings.debug)
            else:
                self.files.append(found)
        return bool(names)

    def drop_attachment(self) -> bool:
        if self.files:
            self.files.pop()
        return True

    # the two loops

    async def _read(self) -> None:
        """Read lines until the user leaves."""
        while (text := await self.prompt.line()) is not None:
            if self.question is not None and not self.question.done():
                self.question.set_result(is_yes(text))
                continue
            text = text.strip()
            if is_leaving(text):
                return
            if not text and not self.files:
                continue
            files, self.files = tuple(self.files), []
            several = [line.strip() for line in text.splitlines() if line.strip()] if self._lines else []
            self._lines = False
            for part in several or [text]:
                self._wait(part, files)
                files = ()

    def _wait(self, text: str, files: tuple[Attachment, ...]) -> None:
        """Let an utterance wait for its turn, shown as such where that is not at once."""
        later = self.conversation is None or self._turn is not None or not self._waiting.empty()
        self._waiting.put_nowait(Said(text, files, later))
        if later:
            self.board.queued.append(text or ", ".join(item.upload_name for item in files))

    async def _work(self) -> None:
        """Connect, then take what was said, one turn after the other."""
        await self._connect()
        while True:
            said = await self._waiting.get()
            if said.queued and self.board.queued:
                self.board.queued.pop(0)
                self.renderer.show(Notice(f"› {clean_line(said.text)}"))
            if self.conversation is None and not await self._connect():
                continue
            self._turn = asyncio.create_task(self._say_it(said))
            await asyncio.wait([self._turn])
            self._turn = None
            self.renderer.settle()
            self.renderer.part()

    async def _say_it(self, said: Said) -> int:
        conversation = self.conversation
        assert conversation is not None
        self.board.working = message(self.board.language, "working")
        try:
            if is_command(said.text) and not said.files:
                await run_slash(said.text, conversation, self.renderer.show)
                return 0
            return await perform(said.text, said.files, conversation, self.renderer, self._ask)
        except asyncio.CancelledError:
            self.renderer.settle()
            self._say("cancelled_turn")
            if self.board.renders or self._jobs:
                self._say("render_goes_on")
            return 130
        except AvatarError as error:
            return report(error, self.renderer, self.board.language, debug=self.settings.debug)
        except Exception as error:  # noqa: BLE001 - the chat goes on after a mistake of ours too
            return report(unexpected(error), self.renderer, self.board.language, debug=self.settings.debug)

    async def _connect(self) -> bool:
        """Open the conversation; whether that worked. After a failure the next utterance tries again."""
        self.board.working = message(self.board.language, "connecting")
        self.board.changed()
        try:
            conversation = await open_conversation(
                self.settings,
                self.skill,
                which_session=self.settings.session,
                on_wait=telling_waits(self.renderer, time.monotonic()),
            )
        except AvatarError as error:
            report(error, self.renderer, self.board.language, debug=self.settings.debug)
            self.board.queued.clear()
            return False
        finally:
            self.board.working = ""
        conversation.interactive = True
        conversation.background = self._background
        self.conversation = conversation
        self.renderer.show(ready(conversation))
        if conversation.connection.resumed:
            await recall(conversation, self.renderer.show)
        await catch_up(conversation, self.renderer.show)
        self.renderer.part()
        return True

    # asking, jobs, leaving

    async def _ask(self, question: Question) -> bool:
        self.renderer.question(question.text)
        self.question = asyncio.get_running_loop().create_future()
        self.prompt.asking(True)
        try:
            return await self.question
        finally:
            self.question = None
            self.prompt.asking(False)

    def _background(self, work: Callable[[Emit], Coroutine[Any, Any, None]]) -> None:
        job = asyncio.create_task(self._watched(work))
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)

    async def _watched(self, work: Callable[[Emit], Coroutine[Any, Any, None]]) -> None:
        try:
            await work(self._told)
        except AvatarError as error:
            self._failed(error)
        except Exception as error:  # noqa: BLE001 - a render that cannot be watched must not vanish silently
            self._failed(unexpected(error))

    def _told(self, event: Event) -> None:
        """An event of a render that goes on beside the turns."""
        self.renderer.show(event)
        if isinstance(event, Exported) and self.conversation is not None:
            note(self.conversation, event.as_json())
            if self._turn is None:
                self.renderer.part()

    def _failed(self, error: AvatarError) -> int:
        language, debug = self.board.language, self.settings.debug
        return report(error, self.renderer, language, debug=debug)

    async def _tick(self) -> None:
        """Redraw now and then while something goes on, so that times and bars move."""
        while True:
            await asyncio.sleep(_TICK)
            if self.board.busy:
                self.prompt.redraw()

    def _say(self, key: str) -> None:
        self.renderer.show(Notice(message(self.board.language, key)))

    async def _stop(self, *tasks: asyncio.Task[None]) -> None:
        """Stop everything; renders that are still under way are taken up at the next start."""
        running = [*tasks, *self._jobs, *([self._turn] if self._turn else [])]
        going_on = bool(self._jobs)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        if going_on:
            self._say("render_goes_on")
        if self.conversation is not None:
            await self.conversation.connection.aclose()
        self.renderer.show(Done(self._exit, 0.0))
        self._above.print_now()
