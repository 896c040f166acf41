"""The prompt: one PromptSession with its keys, history, completion, attachments above and the board below."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

from agent.catalogue import message
from agent.clean import clean_line
from agent.config import Settings
from agent.skill import Skill
from agent.ui.board import Board, line
from agent.ui.completion import ChatCompleter
from agent.ui.keys import key_bindings
from agent.ui.manners import columns
from agent.ui.renderer import human_size
from agent.ui.slash import meanings
from agent.ui.width import clip

if TYPE_CHECKING:
    from agent.ui.chat import Chat

_STYLE = Style.from_dict(
    {
        "prompt": "ansicyan bold",
        "question": "ansiyellow bold",
        "attached": "ansigreen",
        "bottom-toolbar": "noreverse",
        "bottom-toolbar.text": "noreverse",
        "hint": "ansibrightblack",
        "board": "",
    }
)


class Prompt:
    """Reads lines; knows nothing of turns."""

    def __init__(self, chat: Chat, settings: Settings, skill: Skill, board: Board) -> None:
        self._chat, self._board = chat, board
        self._asking = False
        self._kept = ""
        self._left = False
        self._session: PromptSession[str] = PromptSession(
            message=self._message,
            bottom_toolbar=self._toolbar,
            key_bindings=key_bindings(chat),
            history=_history(settings.state_dir / "history"),
            auto_suggest=AutoSuggestFromHistory(),
            completer=ChatCompleter(meanings(board.language, page=settings.backend != "studio"), skill.types),
            complete_while_typing=True,
            style=_STYLE,
            color_depth=ColorDepth.DEPTH_1_BIT if settings.no_color else None,
            erase_when_done=False,
            reserve_space_for_menu=4,
            enable_history_search=False,
        )
        self._session.app.min_redraw_interval = 0.03

    async def line(self) -> str | None:
        """The next line; None when the user leaves."""
        if self._left:
            return None
        kept, self._kept = self._kept, ""
        try:
            return await self._session.prompt_async(handle_sigint=False, default=kept)
        except (EOFError, KeyboardInterrupt):
            return None

    def app(self) -> Application[str]:
        return self._session.app

    def raw(self) -> AbstractContextManager[None]:
        """Keys are not echoed while the block runs, between two prompts neither."""
        return self._session.app.input.raw_mode()

    def leave(self) -> None:
        """End the prompt, now or as soon as it is up again."""
        self._left = True
        if self._session.app.is_running:
            self._session.app.exit(exception=EOFError)

    def sigint(self) -> None:
        """A real SIGINT does what the key does."""
        buffer = self._session.default_buffer
        if self._session.app.is_running and buffer.text:
            buffer.reset()
            self.redraw()
        else:
            self._chat.interrupt()

    def asking(self, on: bool) -> None:
        """Turn the prompt into the answer to a question; what was being typed comes back afterwards."""
        buffer = self._session.default_buffer
        self._asking = on
        if on:
            self._kept = buffer.text
            buffer.reset()
        elif self._kept and self._session.app.is_running:
            buffer.insert_text(self._kept)
            self._kept = ""
        self.redraw()

    def redraw(self) -> None:
        if self._session.app.is_running:
            self._session.app.invalidate()

    def _message(self) -> StyleAndTextTuples:
        parts: StyleAndTextTuples = []
        for item in self._chat.files:
            size = f" ({human_size(item.size)})" if item.size else ""
            said = message(self._board.language, "attached", file=clean_line(item.upload_name) + size)
            parts.append(("class:attached", f"+ {said}\n"))
        if self._asking:
            parts.append(("class:question", f"{message(self._board.language, 'ask_yes_no')} "))
        else:
            parts.append(("class:prompt", "› "))
        return parts

    def _toolbar(self) -> StyleAndTextTuples:
        room = columns() - 1
        if self._board.busy and not self._asking:
            return [("class:board", line(self._board, room))]
        return [("class:hint", clip(message(self._board.language, "hint_keys"), room))]


def _history(path: Path) -> History:
    """Lines typed before, for the owner's eyes only; in memory where no file can be kept."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))
