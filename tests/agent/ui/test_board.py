"""What goes on, as one line."""

from __future__ import annotations

import pytest

from agent.ui.board import Board, line
from agent.ui.width import width_of


def test_an_idle_board_says_nothing() -> None:
    assert line(Board(), 80) == ""
    assert not Board().busy


def test_an_upload_has_a_bar() -> None:
    board = Board(uploads={"me.jpg": (50, 100)})
    assert line(board, 80) == "Uploading me.jpg ██████░░░░░░"
    assert line(board, 80, blocks=False) == "Uploading me.jpg ######------"


def test_a_render_tells_its_time_from_its_own_pace() -> None:
    board = Board()
    board.render("r1", 0)
    board.renders["r1"].began -= 10
    board.render("r1", 50)
    assert line(board, 80).startswith("Exporting… 50 %, about 10 s left")


def test_several_renders_are_told_apart_each_with_its_own_pace() -> None:
    board = Board()
    for ident, seconds in (("r1", 10), ("r2", 90)):
        board.render(ident, 0)
        board.renders[ident].began -= seconds
        board.render(ident, 50)
    told = line(board, 200)
    assert "1 of 2: Exporting… 50 %, about 10 s left" in told
    assert "2 of 2: Exporting… 50 %, about 90 s left" in told


def test_several_things_stand_side_by_side() -> None:
    board = Board(language="zh", working="正在编辑……", queued=["再圆一点"])
    board.render("r1", 10)
    assert line(board, 80) == "正在导出…… 10% █░░░░░░░░░░░ · 排队中：再圆一点"


def test_the_end_of_a_long_reply_is_what_is_shown() -> None:
    board = Board(tail="word " * 50 + "the end")
    assert line(board, 40).endswith("the end")


@pytest.mark.parametrize("columns", [10, 20, 39, 80])
def test_the_line_fits(columns: int) -> None:
    board = Board(tail="圆形头像" * 40, queued=["x" * 50], uploads={"长长的名字.jpg": (1, 2)})
    board.render("r", 40)
    assert width_of(line(board, columns)) <= columns


def test_escape_sequences_do_not_reach_the_line() -> None:
    assert "\x1b" not in line(Board(tail="a\x1b[2Jb", uploads={"\x1b]0;x\x07.png": (0, 0)}), 80)
