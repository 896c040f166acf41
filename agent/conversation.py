"""What one conversation remembers between its turns, and how it asks the user something."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from agent.catalogue import message
from agent.events import Event
from agent.models import Attachment, State
from agent.outputs import HOSTED_FORMATS, STUDIO_FORMATS

if TYPE_CHECKING:
    from agent.config import Settings
    from agent.connection import Connection
    from agent.skill import Skill
    from agent.store import Store

Emit = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Question:
    """Something only the user may decide; without an answer it is *no*."""

    kind: Literal["overwrite", "retry", "spend", "upload"]
    text: str


Ask = Callable[[Question], Awaitable[bool]]
# Work that outlives its turn, given a way to tell of it once the turn is over.
Background = Callable[[Callable[[Emit], Coroutine[Any, Any, None]]], None]


async def answer_no(question: Question) -> bool:
    """The answer where nobody is there to give one."""
    return False


@dataclass(slots=True)
class Conversation:
    """One conversation. `language` is the interface's, `known` the state after the last turn.

    `photos` are the files sent in this session, `names` theirs and those of earlier starts; `begun` tells
    whether anything was said that may have made something; `background` takes over the watching of a render,
    `deliver` a finished file that goes to stdout.
    """

    settings: Settings
    skill: Skill
    store: Store
    connection: Connection
    language: str
    one_shot: bool = False
    interactive: bool = False
    known: State | None = None
    photos: list[Attachment] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    begun: bool = False
    changes: tuple[str, ...] = ()
    title: str = ""
    exports: int = 0
    cancelled: set[str] = field(default_factory=set)
    spent_from: float | None = None
    background: Background | None = None
    deliver: Callable[[Path], None] | None = None

    def said(self, key: str, **values: object) -> str:
        """A sentence in the language of the interface."""
        return message(self.language, key, **values)

    def follow(self, utterance: str) -> None:
        """Speak the language of the utterance from now on, unless the user fixed one."""
        if self.settings.language != "auto" or not utterance.strip():
            return
        from intents.language import detect

        self.language = detect(utterance, fallback=self.language)

    @property
    def session_id(self) -> str:
        return self.connection.session.session_id

    @property
    def formats(self) -> tuple[str, ...]:
        return STUDIO_FORMATS if self.connection.is_studio else HOSTED_FORMATS

    @property
    def worth_keeping(self) -> bool:
        """Whether the session holds anything to come back to; where that is not known, it may."""
        if self.connection.resumed or self.names:
            return True
        return self.begun and (self.known is None or holds_anything(self.known))

    def forget_session(self) -> None:
        """Start over with nothing known, as after a new session."""
        self.known, self.begun, self.changes, self.title = None, False, (), ""
        self.photos.clear()
        self.names.clear()


def holds_anything(state: State) -> bool:
    """Whether something was made or uploaded in a session."""
    return bool(state.draft.get("t") or state.video_infos or state.generated_media)
