"""Asks a yes-or-no question on a plain terminal; without a terminal, or without an answer, it is no."""

from __future__ import annotations

import asyncio
import sys

from agent.catalogue import message
from agent.clean import clean
from agent.conversation import Ask, Question, answer_no

_YES = {"y", "yes", "j", "是", "好", "要", "可以", "对", "嗯"}


def is_yes(answer: str) -> bool:
    return answer.strip().lower().rstrip("。.!！") in _YES


def terminal_ask(language: str) -> Ask:
    """An Ask that reads one line from the terminal, where stdin and stderr are one."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return answer_no

    async def ask(question: Question) -> bool:
        sys.stderr.write(f"\r\x1b[2K{clean(question.text)} {message(language, 'ask_yes_no')} ")
        sys.stderr.flush()
        return is_yes(await read_line())

    return ask


async def read_line() -> str:
    """One line of stdin without blocking the loop, so that Ctrl-C works at once; "" at its end."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    try:
        loop.add_reader(sys.stdin.fileno(), ready.set)
    except (NotImplementedError, PermissionError, OSError):
        # No selector for this stdin (Windows, or a regular file): a thread waits instead.
        return await asyncio.to_thread(sys.stdin.readline)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    return sys.stdin.readline()
