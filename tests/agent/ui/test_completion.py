"""What Tab offers."""

from __future__ import annotations

from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from agent.ui.completion import ChatCompleter


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("me.jpg", "my photo.PNG", "notes.txt", ".hidden.png"):
        (tmp_path / name).touch()
    (tmp_path / "more").mkdir()
    return tmp_path


def offered(text: str, *, tab: bool = True) -> list[str]:
    completer = ChatCompleter({"/help": "help", "/new": "new"}, ["jpg", "png"])
    event = CompleteEvent(completion_requested=tab)
    return [text + found.text if found.start_position == 0 else found.text
            for found in completer.get_completions(Document(text), event)]  # fmt: skip


def test_commands_are_offered_as_they_are_typed() -> None:
    assert offered("/", tab=False) == ["/help", "/new"]
    assert offered("/n", tab=False) == ["/new"]
    assert offered("make it /n", tab=False) == []


def test_media_files_and_folders_are_offered_for_a_path(folder: Path) -> None:
    assert offered(f"use {folder}/m") == [
        f"use {folder}/me.jpg",
        f"use {folder}/more/",
        f"use {folder}/my\\ photo.PNG",
    ]


def test_paths_wait_for_tab(folder: Path) -> None:
    assert offered(f"{folder}/m", tab=False) == []


def test_an_escaped_space_is_understood(folder: Path) -> None:
    assert offered(f"{folder}/my\\ ph") == [f"{folder}/my\\ photo.PNG"]


def test_a_folder_that_is_not_there_offers_nothing() -> None:
    assert offered("/nowhere/at/all/x") == []
