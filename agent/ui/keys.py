"""The chat's key bindings: Ctrl-C, Ctrl-D, a paste, and Backspace before attachments."""

from __future__ import annotations

import re
from typing import Protocol

from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys


class Handlers(Protocol):
    """What the keys do; the chat itself."""

    def interrupt(self) -> None: ...

    def leave(self) -> None: ...

    def pasted(self, text: str) -> bool: ...

    def drop_attachment(self) -> bool: ...

    @property
    def attached(self) -> bool: ...


def key_bindings(chat: Handlers) -> KeyBindings:
    """The bindings, each a line that says what it calls."""
    keys = KeyBindings()

    @Condition
    def nothing_before_cursor() -> bool:
        from prompt_toolkit.application import get_app

        return chat.attached and not get_app().current_buffer.document.text_before_cursor

    @keys.add("c-c")
    @keys.add(Keys.SIGINT)
    def _interrupt(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            chat.interrupt()

    @keys.add("c-d")
    def _leave(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.delete()
        else:
            chat.leave()

    @keys.add(Keys.BracketedPaste)
    def _paste(event: KeyPressEvent) -> None:
        text = event.data.replace("\r", "\n")
        if not chat.pasted(text):
            # A pasted newline would look like Enter, but nothing is said before the user says so.
            event.current_buffer.insert_text(re.sub(r"[^\S\n]*\n\s*", "\n", text.strip("\n")))

    @keys.add("backspace", filter=nothing_before_cursor)
    def _drop(event: KeyPressEvent) -> None:
        chat.drop_attachment()

    @keys.add("escape", "enter")
    def _newline(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return keys
