"""Paths and URLs as people give them: checked here, so that nothing wrong is ever sent."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from agent import errors
from agent.attachments import check, megabytes
from agent.models import Attachment
from agent.skill import shipped_skill
from tests.agent import samples

LIMIT = shipped_skill().max_bytes


def checked(text: str | Path) -> Attachment:
    return check(str(text), types=shipped_skill().types, max_bytes=LIMIT)


@pytest.mark.parametrize("kind", samples.EVERY)
def test_every_accepted_type_is_taken_with_its_media_type(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"file.{kind}"
    path.write_bytes(samples.EVERY[kind])
    attachment = checked(path)
    assert (attachment.path, attachment.size, attachment.upload_name) == (
        path,
        len(samples.EVERY[kind]),
        path.name,
    )
    assert attachment.media_type.split("/")[0] in ("image", "video", "audio")


@pytest.mark.parametrize(
    "name",
    [
        "my photo.png",
        "it's.png",
        'say "hi".png',
        "我的照片.png",
        "me 🙂.png",
        "-rf.png",
        "a\\b.png",
        "$(x).png",
    ],
)
def test_odd_names_are_ordinary_names(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(samples.png())
    assert checked(tmp_path / name).upload_name == name


def test_a_name_that_would_act_on_the_terminal_is_cleaned(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\nb.png"
    path.write_bytes(samples.png())
    assert checked(path).upload_name == "a b.png"


def test_a_home_path_and_a_file_url_are_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "my photo.png").write_bytes(samples.png())
    assert checked("~/my photo.png").path == tmp_path / "my photo.png"
    assert checked((tmp_path / "my photo.png").as_uri()).path == tmp_path / "my photo.png"


def test_an_accepted_file_under_another_name_is_taken_for_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(samples.png())
    assert checked(path).media_type == "image/png"


def test_a_file_without_a_suffix_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "photo"
    path.write_bytes(samples.JPEG)
    assert checked(path).upload_name == "photo.jpg"


def refused(text: str | Path, error: type[errors.InputFileError], key: str) -> errors.InputFileError:
    with pytest.raises(error) as raised:
        checked(text)
    assert raised.value.exit_code == 5
    assert raised.value.key == key
    assert raised.value.values["file"]
    return raised.value


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert (
        refused(tmp_path / "nowhere.jpg", errors.FileMissing, "file_missing").values["file"] == "nowhere.jpg"
    )
    refused(tmp_path / "file.jpg" / "below.jpg", errors.FileMissing, "file_missing")
    refused("a\0b.jpg", errors.FileMissing, "file_missing")


def test_a_directory_is_refused_with_its_own_words(tmp_path: Path) -> None:
    refused(tmp_path, errors.FileMissing, "file_is_folder")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    refused(tmp_path / "empty.jpg", errors.FileCorrupt, "file_empty")


def test_what_is_no_ordinary_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    refused(tmp_path / "pipe.jpg", errors.FileMissing, "file_unreadable")


def test_a_file_at_the_limit_is_taken_and_one_above_it_is_not(tmp_path: Path) -> None:
    path = tmp_path / "big.avi"
    path.write_bytes(b"RIFF\0\0\0\0AVI ")
    os.truncate(path, LIMIT)
    assert checked(path).size == LIMIT
    os.truncate(path, LIMIT + 1)
    error = refused(path, errors.FileTooLarge, "file_too_large")
    assert (error.values["size"], error.values["limit"]) == ("200.1 MB", "200 MB")


def test_text_named_jpg_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.jpg").write_text("dear diary")
    refused(tmp_path / "notes.jpg", errors.FileCorrupt, "file_mislabelled")


@pytest.mark.parametrize("name", ["thesis.pdf", "notes.txt", "logo.svg", "photo.avif", "noname"])
def test_an_unsupported_type_names_those_that_work(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(samples.AVIF if name.endswith("avif") else b"something else")
    error = refused(tmp_path / name, errors.FileUnsupported, "file_unsupported")
    assert "png" in str(error.values["types"])


def test_a_truncated_photo_is_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "half.jpg").write_bytes(samples.JPEG[: len(samples.JPEG) // 2])
    refused(tmp_path / "half.jpg", errors.FileCorrupt, "file_corrupt")


def test_the_sample_photos_are_taken() -> None:
    samples = [path for path in Path("studio/samples").rglob("*") if path.suffix in (".jpg", ".png")]
    assert samples
    assert all(checked(path).size for path in samples)


@pytest.mark.parametrize("suffix", [".heic", ".HEIF", ".jpg"])
def test_a_heic_photo_asks_for_its_converter_whatever_it_is_called(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)
    (tmp_path / f"IMG_1{suffix}").write_bytes(samples.HEIC)
    refused(tmp_path / f"IMG_1{suffix}", errors.FileUnsupported, "heic")


def test_a_heic_photo_is_converted_where_the_converter_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The converter stands outside the project; here its one entry point is played by Pillow."""
    from PIL import Image

    class Opened:
        def to_pillow(self) -> Image.Image:
            return Image.new("RGBA", (8, 8), "teal")

    heif = SimpleNamespace(open_heif=lambda path, convert_hdr_to_8bit: Opened())
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", heif)
    (tmp_path / "IMG_1.HEIC").write_bytes(samples.HEIC)
    attachment = checked(tmp_path / "IMG_1.HEIC")
    assert (attachment.upload_name, attachment.media_type) == ("IMG_1.jpg", "image/jpeg")
    assert attachment.path is not None
    with Image.open(attachment.path) as photo:
        assert (photo.format, photo.size) == ("JPEG", (8, 8))


def test_a_url_is_passed_on_with_a_name(tmp_path: Path) -> None:
    attachment = checked("https://example.com/a%20b.jpg?x=1")
    assert (attachment.url, attachment.path, attachment.upload_name) == (
        "https://example.com/a%20b.jpg?x=1",
        None,
        "a b.jpg",
    )


@pytest.mark.parametrize("url", ["ftp://example.com/a.jpg", "javascript://x", "data://x"])
def test_a_url_of_another_scheme_is_refused(url: str) -> None:
    refused(url, errors.FileUnsupported, "file_unsupported")


@pytest.mark.parametrize("url", ["https://", "https://a b/c", "http://[bad/a.jpg"])
def test_a_url_without_a_host_is_refused(url: str) -> None:
    refused(url, errors.FileMissing, "file_missing")


@pytest.mark.parametrize(
    ("size", "words"), [(1, "0.1 MB"), (1024**2, "1 MB"), (LIMIT, "200 MB"), (LIMIT + 1, "200.1 MB")]
)
def test_sizes_are_said_so_that_a_limit_is_visible(size: int, words: str) -> None:
    assert megabytes(size) == words
