"""The command `avatar`: argv → a mode, which does the work; imports nothing heavy before it knows which."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.arguments import Invocation, parse
from agent.errors import AvatarError, UsageError

if TYPE_CHECKING:
    from agent.config import Settings


# What shells report of a program that the signal for this ended.
_SIGPIPE = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; its exit code."""
    began = time.monotonic()
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return _run(arguments, began)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _silence()
        return _SIGPIPE


def _silence() -> None:
    """Whoever read our output has gone; writing the rest at exit must not fail again."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run(arguments: list[str], began: float) -> int:
    settings: Settings | None = None
    try:
        invocation = parse(arguments)
        settings = _settings(invocation)
        return _mode(invocation, settings, began)
    except AvatarError as error:
        return _refused(error, settings, arguments, began)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence instead of a traceback
        from agent.ui.reporting import unexpected

        return _refused(unexpected(error), settings, arguments, began)


def _settings(invocation: Invocation) -> Settings:
    from agent.config import resolve

    settings = resolve(invocation.flags, lenient=invocation.command == "config")
    if settings.output == "-" and settings.json:
        raise UsageError("output_json")
    return settings


def _mode(invocation: Invocation, settings: Settings, began: float) -> int:
    """Hand over to what was asked for."""
    if invocation.command:
        from agent.ui.commands import run_command

        return run_command(invocation, settings, began)
    if settings.why:
        from agent.ui.why import run_why

        return run_why(invocation, settings, began)
    if invocation.words or settings.output:
        from agent.ui.one_shot import run_one_shot

        return run_one_shot(invocation, settings, began)
    if not sys.stdin.isatty() or settings.json:
        from agent.ui.lines import run_lines

        return run_lines(settings, began)
    from agent.ui.greet import greet
    from agent.ui.manners import drawing

    skill = greet(settings)
    if not drawing(settings, sys.stdout):
        from agent.ui.lines import run_lines

        return run_lines(settings, began, prompt="> ")
    from agent.ui.chat import run_chat

    return run_chat(settings, skill)


def _refused(error: AvatarError, settings: Settings | None, arguments: list[str], began: float) -> int:
    """An error before any mode had begun, shown the way the arguments ask for as far as they are clear."""
    from agent.ui.output import renderer_for, simple_renderer
    from agent.ui.reporting import report

    if settings is not None:
        renderer, language = renderer_for(settings), settings.system_language
        if settings.language != "auto":
            language = settings.language
    else:
        from agent.config import system_language

        language = system_language()
        renderer = simple_renderer(json="--json" in arguments, language=language)
    from agent.events import Done

    code = report(error, renderer, language, debug="--debug" in arguments)
    renderer.show(Done(code, round(time.monotonic() - began, 3)))
    renderer.close()
    return code


if __name__ == "__main__":
    sys.exit(main())
