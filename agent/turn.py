"""One utterance → events: do what it asks in the order spoken, then what the reply asks for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from agent import actions, renders
from agent.actions import Wish
from agent.attachments import check
from agent.conversation import Ask, Conversation, Emit, Question, answer_no
from agent.diff import diff
from agent.errors import AvatarError, Dropped, FileMissing, PaymentNeeded, SessionGone, TimedOut
from agent.events import Action, Changed, Event, Intents, Notice
from agent.models import Attachment, State
from agent.plan import Step, plan
from agent.recovery import recover
from agent.speech import Said, say
from agent.stages import Stages


async def run_turn(
    utterance: str, files: Sequence[Attachment], conversation: Conversation, ask: Ask = answer_no
) -> AsyncGenerator[Event]:
    """The events of one turn. Raises the AvatarError that ended it; closing the iterator stops the turn."""
    queue: asyncio.Queue[Event | None] = asyncio.Queue()
    turn = _Turn(conversation, ask, queue.put_nowait)
    task = asyncio.create_task(turn.run(utterance, files))
    task.add_done_callback(lambda _: queue.put_nowait(None))
    try:
        while (event := await queue.get()) is not None:
            yield event
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@dataclass(slots=True)
class _Turn:
    conversation: Conversation
    ask: Ask
    emit: Emit
    began: float = field(default_factory=time.monotonic)
    exports: int = 0
    edits: int = 0

    async def run(self, utterance: str, files: Sequence[Attachment]) -> None:
        conversation = self.conversation
        conversation.follow(utterance)
        steps = plan(utterance, files, conversation)
        self.emit(Intents(utterance, tuple(_KINDS.get(step.kind, step.kind) for step in steps)))
        self.exports = sum(step.kind == "export" for step in steps)
        try:
            for step in steps:
                if step.wish is not None:
                    actions.check_wish(step.wish, conversation)
            checked = [self._checked(step) for step in steps]
            for step, attachments in zip(steps, checked, strict=True):
                await self._do(step, attachments)
        except SessionGone:
            await self._new_session()
            raise

    def _checked(self, step: Step) -> tuple[Attachment, ...]:
        """The files a step names in words, looked at before anything is sent."""
        skill = self.conversation.skill
        named = tuple(check(name, types=skill.types, max_bytes=skill.max_bytes) for name in step.files)
        return (*step.attachments, *named)

    async def _do(self, step: Step, attachments: tuple[Attachment, ...]) -> None:
        conversation = self.conversation
        if step.kind != "cancel":
            self.emit(Action(_ACTIONS[step.kind], "user"))
        if step.kind == "upload":
            if attachments:
                await actions.upload(attachments, conversation, self.emit)
            elif conversation.interactive:
                actions.ask_for_file(conversation, self.emit)
            else:
                raise FileMissing("file_needed")
        elif step.kind == "credits":
            await actions.show_credits(conversation, self.emit)
        elif step.kind == "status":
            await actions.show_timeline(conversation, self.emit)
        elif step.kind == "changes":
            await self._tell_changes()
        elif step.kind == "cancel":
            await renders.cancel(conversation, self.emit)
        elif step.kind == "export":
            await actions.export(step.wish or Wish(), conversation, self.emit, self.ask)
        else:
            await self._edit(step.text)

    async def _edit(self, text: str, *, follow_up: bool = True) -> None:
        """Say something to the backend, report what came of it, carry out what the reply asks for."""
        conversation = self.conversation
        before = conversation.known or await actions.read_state(conversation)
        await self._check_spending()
        if not conversation.begun:
            # Whatever ends this process during the turn, the next start finds the session.
            conversation.connection.keep(language=conversation.language)
        conversation.begun = True
        stages = Stages(before, conversation, self.emit)
        while True:
            try:
                said = await say(text, conversation, self.emit, self.began, stages.result)
                break
            except (Dropped, TimedOut) as error:
                if await recover(before, conversation, self.emit):
                    return
                if not await self.ask(Question("retry", conversation.said("ask_retry"))):
                    raise Dropped(detail=error.detail) from error
            finally:
                await stages.close()
        await self._report(before, stages.told, said)
        if follow_up:
            await self._carry_out(said)

    async def _report(self, before: State, told: State, said: Said) -> None:
        """What changed on the timeline and was not told yet; after a silent turn, that nothing did."""
        conversation = self.conversation
        try:
            after = await actions.read_state(conversation)
        except SessionGone:
            raise
        except AvatarError:
            conversation.known = None
            if not said.shown:
                raise
            return
        conversation.changes = diff(before, after, conversation.language)
        news = diff(told, after, conversation.language)
        if news:
            self.emit(Changed(news))
        elif conversation.changes:
            return
        elif not said.shown and not said.actions:
            self.emit(Notice(conversation.said("nothing_changed")))

    async def _carry_out(self, said: Said) -> None:
        """The GUI instructions in a reply: at most one export and one edit a turn, spending asked first."""
        conversation, refused = self.conversation, False
        shown: set[str] = set()
        for action in said.actions:
            if action == "export":
                if self.exports:
                    continue
                self.exports += 1
                self.emit(Action("export", "backend"))
                await actions.export(Wish(), conversation, self.emit, self.ask)
            elif action == "edit":
                if self.edits or not said.instructions:
                    refused = refused or bool(self.edits)
                    continue
                self.edits += 1
                await self._backend_edit(said.instructions[0])
            elif action not in shown:
                shown.add(action)
                self.emit(Action(action, "backend"))
                if action == "credits":
                    await actions.show_credits(conversation, self.emit)
                elif action == "upload":
                    actions.ask_for_file(conversation, self.emit)
                else:
                    await actions.show_timeline(conversation, self.emit)
        if refused:
            self.emit(Notice(conversation.said("action_limit")))

    async def _backend_edit(self, instruction: str) -> None:
        conversation = self.conversation
        allowed = conversation.settings.yes or await self.ask(
            Question("spend", conversation.said("ask_spend", text=instruction))
        )
        if not allowed:
            self.emit(Notice(conversation.said("spend_declined", text=instruction)))
            return
        self.emit(Action("edit", "backend"))
        await self._edit(instruction, follow_up=False)

    async def _check_spending(self) -> None:
        """With --max-credits: nothing more is said once so much has been spent."""
        conversation, limit = self.conversation, self.conversation.settings.max_credits
        if limit is None:
            return
        balance = await conversation.connection.authed(conversation.connection.client.balance)
        if conversation.spent_from is None:
            conversation.spent_from = balance.available
        spent = conversation.spent_from - balance.available
        if spent >= limit:
            raise PaymentNeeded("max_credits", spent=f"{spent:g}", limit=f"{limit:g}")

    async def _tell_changes(self) -> None:
        """Answer "what changed?" from what is known, without the backend's model."""
        conversation = self.conversation
        before = conversation.known or conversation.store.known_state(conversation.session_id)
        after = await actions.read_state(conversation)
        changes = diff(before, after, conversation.language) if before else ()
        changes = changes or conversation.changes or self._changes_before()
        if changes:
            self.emit(Changed(changes))
        else:
            self.emit(Notice(conversation.said("no_changes_known")))
        self.emit(actions.timeline_of(after))

    def _changes_before(self) -> tuple[str, ...]:
        """What the last turn of an earlier start changed, as the transcript has it."""
        entries = self.conversation.store.transcript(self.conversation.session_id).entries()
        told = [entry.get("changes") for entry in entries if entry.get("type") == "changed"]
        changes = told[-1] if told else None
        return tuple(str(change) for change in changes) if isinstance(changes, list) else ()

    async def _new_session(self) -> None:
        """The session is gone: open another, and offer to bring the same files there."""
        conversation = self.conversation
        photos = list(conversation.photos)
        await conversation.connection.new_session()
        conversation.forget_session()
        self.emit(Notice(conversation.said("session_replaced")))
        if not photos:
            return
        names = ", ".join(item.upload_name for item in photos)
        if await self.ask(Question("upload", conversation.said("upload_again_offer", files=names))):
            await actions.upload(photos, conversation, self.emit)


# "What changed?" is a question about the status.
_KINDS = {"changes": "status", "cancel": "sse"}
_ACTIONS = {
    "upload": "upload",
    "credits": "credits",
    "status": "summary",
    "changes": "state",
    "export": "export",
    "sse": "edit",
}
