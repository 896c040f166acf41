"""Command lines as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.arguments import is_attachment, parse
from agent.errors import UsageError


def nothing_exists(path: str) -> bool:
    return False


def test_words_without_quotes_are_one_utterance() -> None:
    assert parse(["make", "it", "rounder"], exists=nothing_exists).utterance == "make it rounder"


def test_photos_are_told_from_words() -> None:
    found = parse(["a round icon", "me.jpg", "./x/y", "https://example.net/a", "-o", "out.png"],
                  exists=nothing_exists)  # fmt: skip
    assert found.utterance == "a round icon"
    assert found.attachments == ("me.jpg", "./x/y", "https://example.net/a")
    assert found.flags["output"] == "out.png"


def test_a_word_that_is_a_file_is_an_attachment() -> None:
    found = parse(["use", "portrait"], exists=lambda path: path == "portrait")
    assert (found.utterance, found.attachments) == ("use", ("portrait",))


@pytest.mark.parametrize(
    "sentence",
    ["export it to me.png", "导出到me.png", "make it 16/9 and round", "put https://a.example/b.png behind me",
     "把背景换成beach.jpg，再导出成out.png", "  ", ""],
)  # fmt: skip
def test_a_sentence_that_names_a_file_is_still_a_sentence(sentence: str) -> None:
    assert not is_attachment(sentence, nothing_exists)


@pytest.mark.parametrize(
    "path",
    [
        "me.jpg",
        "my photo.jpg",
        "a/b",
        "~/x",
        "/tmp/a b c d e.png",
        "我的照片.png",
        "照片/我.png",
        "C:\\a\\me.png",
        "ME.JPEG",
    ],
)
def test_a_path_that_is_missing_is_an_attachment_all_the_same(path: str) -> None:
    assert is_attachment(path, nothing_exists)


@pytest.mark.parametrize("place", range(4))
def test_options_may_stand_anywhere(place: int) -> None:
    words = ["round", "me.jpg", "please"]
    argv = [*words[:place], "--size", "512", "--json", *words[place:]]
    found = parse(argv, exists=nothing_exists)
    assert (found.utterance, found.attachments) == ("round please", ("me.jpg",))
    assert (found.flags["size"], found.flags["json"]) == ("512", True)


def test_a_dash_is_a_value_of_output() -> None:
    assert parse(["export", "-o", "-"]).flags["output"] == "-"
    assert parse(["export", "--output=-"]).flags["output"] == "-"


def test_everything_after_two_dashes_is_words() -> None:
    assert parse(["--", "--force", "is", "a", "word"]).utterance == "--force is a word"


def test_options_not_given_are_left_to_the_settings() -> None:
    assert parse(["hi"]).flags["json"] is None
    assert parse(["hi"]).flags["backend"] is None


@pytest.mark.parametrize("argv", [["--nonsense"], ["--size"], ["hi", "--say", "x"], ["hi", "--port", "1"]])
def test_what_is_no_usage_says_so(argv: list[str]) -> None:
    with pytest.raises(UsageError):
        parse(argv)


@pytest.mark.parametrize(
    ("argv", "command", "words"),
    [
        (["sessions"], "sessions", ()),
        (["sessions", "list"], "sessions", ("list",)),
        (["sessions", "delete", "s1"], "sessions", ("delete", "s1")),
        (["doctor"], "doctor", ()),
        (["config", "set", "language", "en"], "config", ("set", "language", "en")),
        (["studio", "status", "--json"], "studio", ("status",)),
        (["--json", "studio", "serve", "--port", "0"], "studio", ("serve",)),
        (["batch", "a.jpg", "b.jpg", "--say", "round", "--out", "d"], "batch", ("a.jpg", "b.jpg")),
        (["batch", "--each", "--out", "d"], "batch", ()),
        (["mcp"], "mcp", ()),
    ],
)
def test_the_few_commands(argv: list[str], command: str, words: tuple[str, ...]) -> None:
    found = parse(argv, exists=nothing_exists)
    assert (found.command, found.words) == (command, words)


@pytest.mark.parametrize(
    "words",
    ["credits", "导出", "sessions of yoga", "doctor strange portrait", "studio light", "batch of cookies"],
)
def test_words_that_only_look_like_a_command_are_said(words: str) -> None:
    found = parse(words.split(), exists=nothing_exists)
    assert (found.command, found.utterance) == ("", words)


def test_a_port_is_handed_to_the_studio() -> None:
    assert parse(["studio", "serve", "--port", "8123", "--like-hosted"]).serve == (
        "--port",
        "8123",
        "--like-hosted",
    )


@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_words_are_parsed_or_refused(argv: list[str]) -> None:
    try:
        parse([word for word in argv if word not in ("-h", "--help", "--version")], exists=nothing_exists)
    except UsageError:
        pass
    except SystemExit as left:
        assert left.code == 0
