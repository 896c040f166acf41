"""What an export becomes: from options, words and what was made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agent.running import Command
from tests.agent.samples import png
from tests.scripted_server import AVATAR, ScriptedServer

TEXT = {"type": "text", "content": "A round avatar."}


@pytest.fixture
def photo(avatar: Command) -> str:
    (avatar.home / "me.png").write_bytes(png(4, 4))
    return "me.png"


def test_an_option_for_the_file_asks_for_the_file(
    avatar: Command, backend: ScriptedServer, photo: str
) -> None:
    backend.say(TEXT, draft=AVATAR)
    ran = avatar("make it round", photo, "--format", "mp4", "--size", "512", "--json")
    (saved,) = ran.of("exported")
    assert Path(saved["path"]).name == "me-avatar.mp4"
    assert backend.seen("submit")[0].json()["output"]["width"] == 512


def test_the_hint_names_a_file_of_the_kind_that_was_made(
    avatar: Command, backend: ScriptedServer, photo: str
) -> None:
    backend.say(TEXT, draft=AVATAR)
    ran = avatar("make it round", photo, "--json")
    assert "-o me.mp4" in ran.of("notice")[-1]["text"]


def test_several_formats_in_words_are_several_files(avatar: Command, backend: ScriptedServer) -> None:
    backend.say(TEXT, draft=AVATAR)
    assert avatar("make it round", "--json").exit == 0
    refused = avatar("export as mp4 and as png", "--json")
    assert [event["intents"] for event in refused.of("intents")] == [["export", "export"]]
    assert (refused.exit, refused.of("error")[0]["kind"]) == (2, "format_unsupported")


def test_a_platform_in_words_is_a_size(avatar: Command, backend: ScriptedServer) -> None:
    backend.say(TEXT, draft=AVATAR)
    assert avatar("make it round").exit == 0
    assert avatar("export for discord", "--json").exit == 0
    assert backend.seen("submit")[-1].json()["output"]["width"] == 512
