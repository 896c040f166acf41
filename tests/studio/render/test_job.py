"""A render leaves a whole file or nothing, whatever the draft, the media and the disk do."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from studio.render import FORMATS, Output, RenderError, render
from studio.render.atomic import replacing
from tests.studio.render import material
from tests.studio.render.material import draft, segment, title

Asset = Callable[[str], Path]


def test_a_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "头像 a.png"
    with replacing(out) as part:
        part.write_text("half")
        assert not out.exists()
    assert out.read_text() == "half" and list(tmp_path.iterdir()) == [out]


def test_a_failure_leaves_the_older_file_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "a.png"
    out.write_text("old")
    with pytest.raises(RuntimeError), replacing(out) as part:
        part.write_text("half")
        raise RuntimeError
    assert out.read_text() == "old" and list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("name", FORMATS)
def test_a_folder_that_cannot_be_written_is_a_render_error(tmp_path: Path, asset: Asset, name: str) -> None:
    with pytest.raises(RenderError, match="cannot be written"):
        render(draft(segment(100)), tmp_path / "missing" / "a", Output(name), asset=asset)


@pytest.mark.parametrize("name", ["mp4", "png", "gif"])
def test_a_full_disk_is_a_sentence_and_leaves_nothing(tmp_path: Path, asset: Asset, name: str) -> None:
    """A limit on the size of files stands for the full disk: the write fails in the same way."""
    code = f"""
        import resource, signal, sys
        from pathlib import Path
        from studio.render import Output, RenderError, render
        from tests.studio.render.material import draft, segment
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))
        whole = draft(segment(3000, motion="zoom-in"), width=320, height=320)
        try:
            render(whole, Path(sys.argv[1]), Output({name!r}), asset=lambda key: Path(sys.argv[2]))
        except RenderError as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "a"), str(asset("photo"))],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "cannot be written" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "read"), (b"text", "read"), (b"\x89PNG\r\n\x1a\n", "read"), (None, "missing")],
)
def test_a_bad_photo_is_named_by_its_segment(tmp_path: Path, content: bytes | None, reason: str) -> None:
    if content is not None:
        (tmp_path / "bad").write_bytes(content)
    for kind in ("photo", "avatar"):
        with pytest.raises(RenderError, match=rf"t\[0\]\.sg\[0\].*{reason}"):
            render(
                draft(segment(100, kind)), tmp_path / "a.png", Output("png"), asset=lambda _: tmp_path / "bad"
            )


def test_a_photo_that_changes_while_it_is_read_is_an_error_or_a_picture(tmp_path: Path, asset: Asset) -> None:
    data = asset("photo").read_bytes()
    for cut in range(1, len(data), len(data) // 12):
        (tmp_path / "p.png").write_bytes(data[:cut] + bytes(len(data) - cut))
        try:
            render(draft(segment(100)), tmp_path / "a.png", Output("png"), asset=lambda _: tmp_path / "p.png")
        except RenderError as error:
            assert "photo" in str(error)


def test_an_asset_look_up_that_answers_with_a_folder_is_missing(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="missing"):
        render(draft(segment(100)), tmp_path / "a.png", Output("png"), asset=lambda _: tmp_path)


def test_an_avatar_that_cannot_be_drawn_is_named(tmp_path: Path, asset: Asset) -> None:
    with pytest.raises(RenderError, match=r"t\[0\]\.sg\[0\]\.m\.avatar"):
        render(
            draft(segment(100, "avatar", "portrait", avatar={"shape": "dodecahedron"})),
            tmp_path / "a.png", Output("png"), asset=asset,
        )  # fmt: skip


_VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-5, 3000)
    | st.floats(-2, 3)
    | st.sampled_from(
        ["", "circle", "none", "gradient", "#12345", "#112233", "zoom-in", "x" * 300, "image", "photo"]
    )
)
_RECIPES = st.dictionaries(
    st.sampled_from(["shape", "zoom", "face", "background", "ring", "shadow", "style", "offset", "strength"]),
    _VALUES
    | st.dictionaries(
        st.sampled_from(["kind", "colors", "color", "width", "x", "y", "amount", "asset"]),
        _VALUES | st.lists(_VALUES, max_size=3),
        max_size=4,
    ),
    max_size=5,
)  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_RECIPES)
def test_any_recipe_is_drawn_or_refused(tmp_path: Path, asset: Asset, recipe: dict[str, Any]) -> None:
    try:
        render(
            draft(segment(100, "avatar", "portrait", avatar=recipe)),
            tmp_path / "a.png",
            Output("png"),
            asset=asset,
        )
    except RenderError as error:
        assert "t[0].sg[0]" in str(error)


@pytest.mark.parametrize(("width", "height"), [(16, 16), (16, 400), (17, 31), (400, 16)])
def test_small_and_thin_canvases_are_rendered(tmp_path: Path, asset: Asset, width: int, height: int) -> None:
    whole = draft(
        segment(100, "avatar", "portrait"), segment(100, motion="float"), tracks=(title(200, "Hi 城 👍"),),
        width=width, height=height,
    )  # fmt: skip
    for name in ("mp4", "png", "gif"):
        render(whole, tmp_path / f"a.{name}", Output(name), asset=asset)


def test_the_command_renders_a_draft_file(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    material.save_photo(media / "beach.png")
    (tmp_path / "d.json").write_text(json.dumps(draft(segment(200, asset="beach.png"))))
    done = _command(tmp_path / "d.json", tmp_path / "o.png", "--media", media, "--size", "64x48")
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "o.png") as image:
        assert image.size == (64, 48)


@pytest.mark.parametrize(
    "content", ["{", '{"t": []}', "[]", '{"t": [{"tt": 0, "sg": [{"d": 10, "m": {"asset": "x"}}]}]}']
)
def test_the_command_says_in_one_line_what_is_wrong(tmp_path: Path, content: str) -> None:
    (tmp_path / "d.json").write_text(content)
    done = _command(tmp_path / "d.json", tmp_path / "o.mp4")
    assert done.returncode == 1
    assert done.stderr.strip() and "Traceback" not in done.stderr
    assert not (tmp_path / "o.mp4").exists()


def _command(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "studio.render", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3])
