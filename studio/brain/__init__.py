"""The studio's mind: an utterance in English or Chinese becomes edits on the draft and a reply."""

from __future__ import annotations

from studio.brain.context import Context, Reply
from studio.brain.llm import Model
from studio.brain.turn import describe_step, respond
from studio.edits import MediaItem

__all__ = ["Context", "MediaItem", "Model", "Reply", "describe_step", "respond"]
