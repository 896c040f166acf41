"""An agent without a model: what it says depends on a word of the user's."""

from collections.abc import AsyncIterator
from typing import Any

from google.adk.agents import BaseAgent
from google.adk.events import Event, EventActions
from google.genai import types

DRAFT = {"t": [{"tt": 0, "sg": [{"d": 5000, "m": {"name": "avatar"}}]}]}
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(8)


class Scripted(BaseAgent):
    """Text, increments, a tool, a picture, silence with a new draft, or an exception."""

    async def _run_async_impl(self, ctx: Any) -> AsyncIterator[Event]:
        def said(*parts: types.Part, **more: Any) -> Event:
            content = types.Content(role="model", parts=list(parts))
            return Event(author=self.name, invocation_id=ctx.invocation_id, content=content, **more)

        words, part = ctx.user_content.parts[0].text, types.Part
        if "increments" in words:
            for piece in ("Hel", "lo ", "world"):
                yield said(part(text=piece), partial=True)
            yield said(part(text="Hello world"), partial=False, turn_complete=True)
        elif "tool" in words:
            call = types.FunctionCall(id="call-1", name="add_bgm", args={"volume": 0.5})
            answer = types.FunctionResponse(id="call-1", name="add_bgm", response={"ok": True})
            yield said(part(text="Adding music"), part(function_call=call))
            yield said(part(function_response=answer))
            yield said(part(text="thinking", thought=True), part(text="Done."), turn_complete=True)
        elif "picture" in words:
            yield said(part(inline_data=types.Blob(mime_type="image/png", data=PIXEL)))
        elif "silent" in words:
            actions = EventActions(state_delta={"draft": DRAFT})
            yield Event(author=self.name, invocation_id=ctx.invocation_id, actions=actions)
        elif "error" in words:
            yield Event(
                author=self.name,
                invocation_id=ctx.invocation_id,
                error_code="RESOURCE_EXHAUSTED",
                error_message="insufficient credits",
            )
        elif "break" in words:
            raise RuntimeError("kaboom")
        else:
            yield said(part(text=f"echo: {words}"), turn_complete=True)


root_agent = Scripted(name="nemo_agent")
