"""The log: private, on one line each, never in the way."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent import log
from agent.stream import StreamReader


@pytest.fixture(autouse=True)
def untouched() -> Iterator[None]:
    """The loggers as they were before."""
    logger = logging.getLogger("agent")
    before, propagate, level = list(logger.handlers), logger.propagate, logger.level
    yield
    logger.handlers[:], logger.propagate = before, propagate
    logger.setLevel(level)


def test_what_a_stream_ignores_is_written_on_one_clean_line(tmp_path: Path) -> None:
    path = tmp_path / "state" / "avatar.log"
    log.start(path)
    list(StreamReader().feed(b"data: [DONE]\n\ndata: \x1b[31mred\n\n"))
    first, second = path.read_text().splitlines()
    assert "[DONE]" in first
    assert "\x1b" not in second
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_stderr_hears_of_it_only_where_that_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log.start(tmp_path / "a.log")
    logging.getLogger("agent.test").info("one")
    log.start(tmp_path / "a.log", debug=True)
    log.start(tmp_path / "a.log", debug=True)
    logging.getLogger("agent.test").info("two")
    told = capsys.readouterr()
    assert told.out == ""
    assert [line.rpartition(" ")[2] for line in told.err.splitlines()] == ["two"]
    assert len((tmp_path / "a.log").read_text().splitlines()) == 2


def test_a_log_that_grew_large_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_LARGEST", 100)
    log.start(tmp_path / "a.log")
    for _ in range(20):
        logging.getLogger("agent.test").info("x" * 50)
    assert {path.name for path in tmp_path.iterdir()} == {"a.log", "a.old"}
    assert (tmp_path / "a.log").stat().st_size < 400


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    log.start(tmp_path / "file" / "a.log")
    logging.getLogger("agent.test").info("unheard")


def test_the_http_library_s_records_are_not_ours_to_keep(tmp_path: Path) -> None:
    log.start(tmp_path / "a.log")
    logging.getLogger("httpx").warning("a header")
    assert not (tmp_path / "a.log").exists()
