"""Asks a yes-or-no question on a plain terminal; without a terminal, or without an answer, it is no."""

from __future__ import annotations

import asyncio
import os
import sys
from functools import cache

from agent.catalogue import message
from agent.clean import clean
from agent.conversation import Ask, Question, answer_no

_BLOCK = 64 * 1024
_YES = {"y", "yes", "j", "是", "好", "要", "好的", "可以", "对", "對", "嗯"}


def is_yes(answer: str) -> bool:
    return answer.strip().lower().rstrip("。.!！") in _YES


def terminal_ask(language: str) -> Ask:
    """An Ask that reads one line from the terminal, where stdin and stderr are one."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return answer_no

    async def ask(question: Question) -> bool:
        sys.stderr.write(f"\r\x1b[2K{clean(question.text)} {message(language, 'ask_yes_no')} ")
        sys.stderr.flush()
        return is_yes(await stdin_lines().line())

    return ask


class LineReader:
    """Lines of a file descriptor without blocking the loop, so that Ctrl-C works at once."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._held = b""
        self._ended = False

    async def line(self) -> str:
        """The next line with its newline; "" at the end."""
        while b"\n" not in self._held and not self._ended:
            data = await self._more()
            self._ended = not data
            self._held += data
        cut = self._held.find(b"\n") + 1 or len(self._held)
        found, self._held = self._held[:cut], self._held[cut:]
        return found.decode("utf-8", "replace")

    async def _more(self) -> bytes:
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        try:
            loop.add_reader(self._handle, ready.set)
        except (NotImplementedError, OSError):
            # No selector takes this one (Windows, or a regular file): a thread waits instead.
            return await asyncio.to_thread(os.read, self._handle, _BLOCK)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._handle)
        return os.read(self._handle, _BLOCK)


@cache
def stdin_lines() -> LineReader:
    """The one reader of stdin: what it has read ahead belongs to whoever asks next."""
    return LineReader(sys.stdin.fileno())
