"""`--why`: how an utterance is understood, clause by clause; nothing is sent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from agent.events import Done, Intents, Text
from agent.plan import explain_route
from agent.ui.output import renderer_for

if TYPE_CHECKING:
    from agent.arguments import Invocation
    from agent.config import Settings


def run_why(invocation: Invocation, settings: Settings, began: float) -> int:
    """Say how the utterance would be carried out; the exit code is 0."""
    renderer = renderer_for(settings)
    kinds, lines = explain_route(invocation.utterance, invocation.attachments)
    renderer.show(Intents(invocation.utterance, kinds))
    for line in lines:
        renderer.show(Text(line))
    renderer.show(Done(0, round(time.monotonic() - began, 3)))
    renderer.close()
    return 0
