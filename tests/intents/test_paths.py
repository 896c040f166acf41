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


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("图片/我的照片.jpg", "图片/我的照片.jpg"),
        ("用 相册/宇航员.png 做圆形头像", "相册/宇航员.png"),
        ("用图片/我的照片.jpg做头像", "图片/我的照片.jpg"),
        ("用/w/我的照片.jpg做头像", "/w/我的照片.jpg"),
        ("用我的照片.jpg做头像", "我的照片.jpg"),
        ("帮我把图片/旅行/頭像 二.png做成头像", "图片/旅行/頭像 二.png"),
        ("图片/頭像 二.png", "图片/頭像 二.png"),
        ("/w/图片/頭像 二.png", "/w/图片/頭像 二.png"),
        ("my photo (1).jpg", "my photo (1).jpg"),
        ("use my photo (1).jpg and make it round", "my photo (1).jpg"),
        ("用./照片.jpg做头像", "./照片.jpg"),
        (r"用C:\照片\a.png做头像", r"C:\照片\a.png"),
    ],
)
def test_a_file_that_exists_is_found_whole_in_its_folder(text: str, path: str) -> None:
    kinds, paths = upload(text, path, "/w/图片/", "/w/")
    assert (kinds[0], paths) == ("upload", (path,))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("sub/none.png", "sub/none.png"),
        ("use sub/none.png as the background", "sub/none.png"),
        ("图片/没有.jpg", "图片/没有.jpg"),
        ("把图片/没有.jpg做成头像", "图片/没有.jpg"),
        ("背景换成/a/b/bg.jpg", "/a/b/bg.jpg"),
        ("图片/我的a.png", "图片/我的a.png"),
        ("图片/我的(新).png", "图片/我的(新).png"),
        ("把/a/logo.png加到右上角", "/a/logo.png"),
    ],
)
def test_a_file_that_is_missing_keeps_its_folder(text: str, path: str) -> None:
    kinds, paths = upload(text)
    assert (kinds[0], paths) == ("upload", (path,))


@pytest.mark.parametrize(
    ("text", "kinds", "destination"),
    [
        ("export to ex/01.png", ["export"], "ex/01.png"),
        ("make a round avatar and save it to ex/rr5.png", ["sse", "export"], "ex/rr5.png"),
        ("make a round avatar and export it to ex/rr7.png", ["sse", "export"], "ex/rr7.png"),
        ("save it as 'a folder/q.png'", ["export"], "a folder/q.png"),
        ("export to ex/", ["export"], "ex/"),
        ("export to ex/final/", ["export"], "ex/final/"),
        ("导出到 ex/导出.png", ["export"], "ex/导出.png"),
        ("导出到ex/导出.png", ["export"], "ex/导出.png"),
        ("导出到相册/头像.png", ["export"], "相册/头像.png"),
        ("匯出到ex/", ["export"], "ex/"),
        ("导出视频到ex/", ["export"], "ex/"),
        ("把头像保存到ex/a.png", ["export"], "ex/a.png"),
        ("保存到成品/头像.png", ["export"], "成品/头像.png"),
        ("导出 成品/头像.png", ["export"], "成品/头像.png"),
        ("做个圆形头像，然后导出到 相册/头像.png", ["sse", "export"], "相册/头像.png"),
    ],
)
@pytest.mark.parametrize("there", [False, True])
def test_a_destination_keeps_its_folder(text: str, kinds: list[str], destination: str, there: bool) -> None:
    found = intents.route(text, exists=lambda p: there and p == destination)
    assert [i.kind for i in found] == kinds
    assert found[-1].slots["destination"] == destination


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("照片（1）.jpg", "照片（1）.jpg"),
        ("用相册/照片（1）.jpg做头像", "相册/照片（1）.jpg"),
        ("照片（1）.jpg", "照片(1).jpg"),
        ("u\u0308ber/me\u0301.png", "u\u0308ber/me\u0301.png"),
    ],
)
def test_a_name_is_found_in_the_letters_it_has_on_the_disk(text: str, path: str) -> None:
    kinds, paths = upload(text, path)
    assert (kinds[0], paths) == ("upload", (path,))


def test_a_name_for_an_export_stays_as_it_was_typed() -> None:
    (found,) = intents.route("导出到 成品/头像（终）.png", exists=lambda p: False)
    assert found.slots["destination"] == "成品/头像（终）.png"
