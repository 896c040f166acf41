"""Files, URLs and quotations inside an utterance."""

from __future__ import annotations

import pytest

import intents


def upload(text: str, *there: str) -> tuple[list[str], tuple[str, ...]]:
    found = intents.route(text, exists=lambda p: p in there)
    return [i.kind for i in found], tuple(found[0].slots.get("paths", ()))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/a/b.png", "/a/b.png"),
        ("'/a/my b.png'", "/a/my b.png"),
        ('"/a/my b.png"', "/a/my b.png"),
        (r"/a/my\ b\ \(1\).png", "/a/my b (1).png"),
        ("file:///a/my%20b.png", "/a/my b.png"),
        (r"C:\Users\amy\b.png", r"C:\Users\amy\b.png"),
        (r"\\nas\media\b.mp4", r"\\nas\media\b.mp4"),
        ("./b.png", "./b.png"),
        ("/a/不存在.mp4", "/a/不存在.mp4"),
    ],
)
def test_a_lone_path_is_an_upload_whether_it_exists_or_not(text: str, path: str) -> None:
    assert upload(text) == (["upload"], (path,))


def test_a_path_with_spaces_is_whole_when_such_a_file_exists() -> None:
    assert upload("/a/my b.png", "/a/my b.png") == (["upload"], ("/a/my b.png",))


def test_a_path_ends_where_chinese_begins() -> None:
    assert upload("把/a/logo.png加到右上角") == (["upload", "sse"], ("/a/logo.png",))


def test_several_files_stay_in_order() -> None:
    assert upload("/a/1.png '/a/2 b.png' ~x/3.png")[1][:2] == ("/a/1.png", "/a/2 b.png")


@pytest.mark.parametrize(
    "text", ["use 16/9 instead of 9/16", "he/she and/or 24/7", "set the title to intro.mp4"]
)
def test_a_slash_or_a_suffix_alone_makes_no_file(text: str) -> None:
    assert upload(text)[0] == ["sse"]


def test_a_destination_is_no_upload() -> None:
    (found,) = intents.route("save it as ~/Desktop/me.png", exists=lambda p: True)
    assert found.kind == "export"
    assert found.slots["destination"].endswith("/Desktop/me.png")


def test_a_media_url_is_an_upload_and_a_page_is_not() -> None:
    (found,) = intents.route("https://x.org/a.png?w=1", exists=lambda p: False)
    assert (found.kind, found.slots["urls"]) == ("upload", ("https://x.org/a.png?w=1",))
    assert [i.kind for i in intents.route("https://x.org/export", exists=lambda p: False)] == ["sse"]


def test_a_quoted_url_is_text() -> None:
    assert [i.kind for i in intents.route('add text "https://x.org/a.png"', exists=lambda p: False)] == [
        "sse"
    ]


def test_a_predicate_that_fails_means_no_file() -> None:
    def exists(path: str) -> bool:
        raise ValueError("embedded null byte")

    assert intents.route("b.png", exists=exists)[0].kind == "upload"
