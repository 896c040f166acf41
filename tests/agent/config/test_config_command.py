"""`avatar config`: what it keeps, forgets and refuses, and that a bad file can be mended with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agent.running import Command
from tests.scripted_server import ScriptedServer


def config_file(avatar: Command) -> Path:
    (path,) = (avatar.home / "config").rglob("config.toml")
    return path


def test_a_bad_size_is_not_kept(avatar: Command) -> None:
    ran = avatar("config", "set", "size", "banana", "--json")
    (error,) = ran.of("error")
    assert (ran.exit, error["kind"]) == (2, "config")
    assert "discord" in error["message"]
    assert avatar("config", "set", "size", "discord").exit == 0


def test_a_bad_value_in_the_file_is_told_with_its_place_and_can_be_mended(avatar: Command) -> None:
    avatar("config", "set", "size", "512")
    path = config_file(avatar)
    path.write_text(path.read_text().replace("512", "banana"))
    refused = avatar("make it round", "--json")
    assert refused.exit == 2
    assert str(path) in refused.of("error")[0]["message"]
    assert "not usable" in avatar("config", "show").out
    forgotten = avatar("config", "set", "size", "")
    assert (forgotten.exit, forgotten.out) == (0, "size is no longer set.\n")
    assert avatar("credits").exit == 0


@pytest.mark.parametrize(
    "argv", [["config", "set", "size"], ["config", "bogus"], ["config", "set", "a", "b", "c"]]
)
def test_a_half_command_is_a_mistake_and_never_said(
    avatar: Command, backend: ScriptedServer, argv: list[str]
) -> None:
    ran = avatar(*argv, "--json")
    assert (ran.exit, ran.of("error")[0]["kind"]) == (2, "usage")
    assert "config [show | set KEY VALUE]" in ran.of("error")[0]["message"]
    assert not backend.seen("run_sse")
