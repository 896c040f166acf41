"""The three renderers, fed the same events: what reaches the terminal, and what never does."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from rich.console import Console

from agent import events
from agent.events import (
    Changed,
    Credits,
    Done,
    Error,
    Event,
    Export,
    Exported,
    Intents,
    Notice,
    Progress,
    Ready,
    Text,
    TextPiece,
    Timeline,
    Upload,
    Uploaded,
)
from agent.ui.board import Board
from agent.ui.json_lines import JsonRenderer
from agent.ui.plain import PlainRenderer
from agent.ui.pretty import PrettyRenderer

HOSTILE = "x\x1b[2J\x1b]0;owned\x07\u202e[bold]y[/bold]"
FILE = {"filename": HOSTILE, "file_type": "image", "width": 10, "height": 20, "duration": 0}
EVERYTHING: tuple[Event, ...] = (
    Ready("studio", "s1", "en"),
    Intents(HOSTILE, ("sse",)),
    Upload(HOSTILE, 1, 2),
    Uploaded((FILE,)),
    TextPiece("a piece. "),
    Text(HOSTILE),
    Progress(HOSTILE, 1.0),
    Changed((HOSTILE,)),
    Timeline(HOSTILE, ()),
    Credits(1, 2, 3),
    Export("r1", "processing", 40),
    Exported("r1", "/tmp/" + HOSTILE, 10, "png", 1, 1, 0.0, "http://x"),
    Notice(HOSTILE),
    Error("failed", None, HOSTILE, HOSTILE),
    Done(1, 2.0),
)


def plain(*shown: Event, quiet: bool = False) -> tuple[str, str]:
    out, aside = io.StringIO(), io.StringIO()
    renderer = PlainRenderer(out, aside, quiet=quiet)
    for event in shown:
        renderer.show(event)
    renderer.close()
    return out.getvalue(), aside.getvalue()


def pretty(*shown: Event, columns: int = 60) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=columns, force_terminal=True, no_color=True, markup=False, highlight=False
    )
    renderer = PrettyRenderer(console, Board())
    for event in shown:
        renderer.show(event)
    renderer.close()
    return out.getvalue()


def json_lines(*shown: Event) -> list[dict[str, Any]]:
    out = io.StringIO()
    renderer = JsonRenderer(out)
    for event in shown:
        renderer.show(event)
    return [json.loads(line) for line in out.getvalue().splitlines()]


# plain


def test_text_is_written_as_it_streams() -> None:
    out = io.StringIO()
    renderer = PlainRenderer(out, io.StringIO())
    renderer.show(TextPiece("One. "))
    assert out.getvalue() == "One. "
    renderer.show(TextPiece("Two."))
    renderer.show(Text("One. Two.", streamed=True))
    assert out.getvalue() == "One. Two.\n"


def test_what_changed_is_told_only_where_the_reply_was_silent() -> None:
    assert plain(Intents("x", ()), Text("Done."), Changed(("Title added",))) == ("Done.\n", "")
    assert plain(Intents("x", ()), Changed(("Title added",)))[0] == "What changed:\n- Title added\n"


def test_answers_go_to_stdout_and_everything_else_aside() -> None:
    out, aside = plain(Notice("note"), Uploaded((FILE,)), Text("Done."), Error("failed", 1, "No.", "Do."))
    assert out == "Done.\n"
    assert "note" in aside
    assert "No. Do." in aside


def test_quiet_leaves_results_and_errors() -> None:
    out, aside = plain(Notice("note"), Text("Done."), Error("failed", 1, "No."), quiet=True)
    assert (out, aside) == ("Done.\n", "No.\n")


def test_a_saved_file_is_told_with_what_it_is() -> None:
    out, _ = plain(Exported("r", "/a/me.mp4", 1_234_567, "mp4", 1080, 1080, 5.0, ""))
    assert out == "Saved /a/me.mp4 (1080×1080, 5.0 s, 1.2 MB)\n"


def test_a_long_render_is_told_now_and_then_with_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("agent.ui.plain.time.monotonic", lambda: now)
    out, aside = io.StringIO(), io.StringIO()
    renderer = PlainRenderer(out, aside)
    for progress in (0, 0, 10, 20, 30, 40):
        renderer.show(Export("r1", "processing", progress))
        now += 6
    renderer.show(Export("r1", "completed", 100))
    assert aside.getvalue() == ("Exporting… 10 %, about 54 s left\nExporting… 30 %, about 42 s left\n")


def test_several_long_renders_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("agent.ui.plain.time.monotonic", lambda: now)
    aside = io.StringIO()
    renderer = PlainRenderer(io.StringIO(), aside)
    for progress in (0, 20):
        for ident in ("r1", "r2"):
            renderer.show(Export(ident, "processing", progress))
        now += 12
    renderer.show(Export("r2", "completed", 100))
    renderer.show(Export("r1", "processing", 40))
    assert aside.getvalue().splitlines() == [
        "1 of 2: Exporting… 20 %, about 48 s left",
        "2 of 2: Exporting… 20 %, about 48 s left",
        "Exporting… 40 %, about 36 s left",
    ]


def test_reserved_credits_are_told() -> None:
    assert plain(Credits(90, 10, 100))[0] == "Credits: 90 left, 10 reserved by work under way, 100 in all\n"
    assert plain(Credits(90, 0, 90))[0] == "Credits: 90 left\n"


# pretty


def test_finished_paragraphs_are_printed_and_the_rest_is_on_the_board() -> None:
    board = Board()
    out = io.StringIO()
    renderer = PrettyRenderer(Console(file=out, width=60), board)
    renderer.show(TextPiece("First.\n\nSecond is"))
    assert out.getvalue() == "First.\n"
    assert board.tail == "Second is"
    renderer.show(TextPiece(" done."))
    renderer.show(Text("First.\n\nSecond is done.", streamed=True))
    assert out.getvalue() == "First.\nSecond is done.\n"
    assert board.tail == ""


def test_code_is_never_cut_in_two() -> None:
    board = Board()
    renderer = PrettyRenderer(Console(file=io.StringIO(), width=60), board)
    renderer.show(TextPiece("```\na\n\nb"))
    assert board.tail == "```\na\n\nb"


def test_markup_of_the_backend_is_shown_literally() -> None:
    assert "[bold]y[/bold]" in pretty(Text("[bold]y[/bold]"))


def test_a_turn_that_broke_off_still_shows_what_came() -> None:
    assert "half a sen" in pretty(TextPiece("half a sen"), Done(1, 1.0))


def test_a_file_below_the_working_folder_is_told_shortly(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "Saved me.png (" in pretty(Exported("r", str(tmp_path / "me.png"), 1, "png", 1, 1, 0.0, ""))


# json


def test_every_event_is_one_object_a_line_with_the_contract_s_fields() -> None:
    told = json_lines(*EVERYTHING)
    assert [row["type"] for row in told] == [
        event.type for event in EVERYTHING if not isinstance(event, TextPiece)
    ]
    assert told[0] == {
        "type": "ready", "backend": "studio", "session_id": "s1", "language": "en", "resumed": False
    }  # fmt: skip
    assert set(told[-1]) == {"type", "exit", "elapsed"}


def test_streamed_pieces_are_not_told_to_scripts() -> None:
    assert json_lines(TextPiece("a"), Text("a", streamed=True)) == [{"type": "text", "text": "a"}]


def test_a_lone_surrogate_in_a_name_is_still_json() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace")
    JsonRenderer(out).show(Notice("a\udcffb"))
    assert json.loads(raw.getvalue()) == {"type": "notice", "text": "a\udcffb"}


# all


def every_event_class() -> Iterator[type[Event]]:
    for value in vars(events).values():
        if isinstance(value, type) and issubclass(value, Event) and value is not Event:
            yield value


def test_the_sample_holds_every_event_there_is() -> None:
    assert {type(event) for event in EVERYTHING} | {events.Action} == set(every_event_class())
    assert all(fields(kind) for kind in every_event_class())


@pytest.mark.parametrize("shown", [lambda: "".join(plain(*EVERYTHING)), lambda: pretty(*EVERYTHING)],
                         ids=["plain", "pretty"])  # fmt: skip
def test_no_control_sequence_from_outside_reaches_the_terminal(shown: Any) -> None:
    text = shown()
    assert "\x1b[2J" not in text
    assert "\x1b]" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "[bold]y[/bold]" in text
