"""The bearer token is in the request's header and in its own private file; nowhere else, whatever happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agent.running import Command
from tests.agent.samples import png
from tests.scripted_server import AVATAR, ScriptedServer


def holding(folder: Path, secret: str) -> set[str]:
    """The files below a folder whose bytes or names hold the secret."""
    found = {str(path) for path in folder.rglob("*") if secret in path.name}
    return found | {
        str(path)
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and secret.encode() in path.read_bytes()
    }


def spoken(backend: ScriptedServer, token: str) -> None:
    """A backend that repeats the token wherever it can: in words, in refusals, in garbage."""
    backend.say(
        {"type": "text", "content": f"Rounder, {token}."},
        f"data: not json {token}\n\n".encode(),
        f": {token}\n\n".encode(),
        draft=AVATAR,
    )
    backend.say({"type": "error", "message": f"{token} fell over"})
    backend.refuse("credits", 4711, f"bad token {token}")
    backend.refuse("submit", 500, f"{token} fell over", status=500)


def test_an_own_token_ends_in_no_file_no_error_and_no_link(
    avatar: Command, backend: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = "nmv_usr_the_user_s_own_secret"
    backend.own_account(token)
    monkeypatch.setenv("NEMO_API_URL", backend.url)
    monkeypatch.setenv("NEMO_TOKEN", token)
    (avatar.home / "me.png").write_bytes(png(4, 4))
    spoken(backend, token)
    said = ""
    for words in (
        ["make it rounder", "me.png", "-o", "out.mp4"],
        ["credits"],
        ["make it square", "--session", "last", "--json"],
        ["status", "--json"],
        ["config", "show"],
        ["sessions"],
        ["export", "-o", "again.mp4", "--detach", "--debug"],
    ):
        ran = avatar(*words)
        said += ran.out + ran.err
    assert (avatar.home / "out.mp4").exists()
    assert token not in said
    assert holding(avatar.home, token) == set()
    asked = [request for request in backend.requests if token in request.headers.get("authorization", "")]
    assert asked
    assert all(token not in request.path + str(request.query) for request in backend.requests)
    assert all("authorization" not in request.headers for request in backend.cdn.requests)


def test_a_token_handed_out_is_in_private_files_of_its_own_alone(
    avatar: Command, backend: ScriptedServer
) -> None:
    (avatar.home / "me.png").write_bytes(png(4, 4))
    backend.say({"type": "text", "content": "Rounder."}, draft=AVATAR)
    assert avatar("make it rounder", "me.png", "-o", "out.mp4").exit == 0
    (token,) = backend.tokens
    backend.refuse("credits", 4711, f"bad token {token}")
    ran = avatar("credits", "--debug")
    assert ran.exit == 1
    assert token not in ran.out + ran.err
    (kept,) = holding(avatar.home, token)
    assert "token" in Path(kept).relative_to(avatar.home).as_posix()

    # A render is asked for with the token that submitted it, which its note keeps until it is fetched.
    assert avatar("export", "-o", "later.mp4", "--detach").exit == 0
    holders = holding(avatar.home, token)
    assert len(holders) == 2
    assert all(Path(path).stat().st_mode & 0o077 == 0 for path in holders)
    assert avatar("status").exit == 0
    assert (avatar.home / "later.mp4").exists()
    assert holding(avatar.home, token) == {kept}


def test_a_token_said_in_pieces_is_not_put_together_again(
    avatar: Command, backend: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = "nmv_usr_the_user_s_own_secret"
    backend.own_account(token)
    monkeypatch.setenv("NEMO_API_URL", backend.url)
    monkeypatch.setenv("NEMO_TOKEN", token)
    said = ""
    for words in (["make it rounder"], ["make it square", "--session", "last", "--json"]):
        for parting in ("", "\x1b[0m", "\x07"):
            pieces = ["Rounder, ", token[:9], parting + token[9:20], token[20:], " it was."]
            backend.say(*({"type": "text", "content": piece} for piece in pieces), draft=AVATAR)
            ran = avatar(*words)
            assert ran.exit == 0
            assert "it was." in ran.out
            said += ran.out + ran.err
    assert token not in said
    assert holding(avatar.home, token) == set()
