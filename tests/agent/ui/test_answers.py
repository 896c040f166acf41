"""Yes, no, and lines of stdin that never block the loop."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from agent.ui.answers import LineReader, is_yes


@pytest.mark.parametrize("answer", ["y", "Y\n", "yes", "是", "好。", " 要 "])
def test_a_yes_in_either_language(answer: str) -> None:
    assert is_yes(answer)


@pytest.mark.parametrize("answer", ["", "\n", "n", "no", "maybe", "不要", "yesterday"])
def test_anything_else_is_a_no(answer: str) -> None:
    assert not is_yes(answer)


def test_lines_of_a_pipe_come_one_by_one_however_they_were_written() -> None:
    read, write = os.pipe()

    async def scenario() -> list[str]:
        lines = LineReader(read)
        os.write(write, "one\ntwo\n头".encode()[:-1])
        found = [await lines.line(), await lines.line()]
        os.write(write, "头".encode()[-1:] + b"\nlast")
        os.close(write)
        return [*found, await lines.line(), await lines.line(), await lines.line()]

    assert asyncio.run(scenario()) == ["one\n", "two\n", "头\n", "last", ""]
    os.close(read)


def test_an_ordinary_file_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_text("one\ntwo\n")
    handle = os.open(path, os.O_RDONLY)

    async def scenario() -> list[str]:
        lines = LineReader(handle)
        return [await lines.line(), await lines.line(), await lines.line()]

    assert asyncio.run(scenario()) == ["one\n", "two\n", ""]
    os.close(handle)
