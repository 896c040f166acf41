"""What can go wrong from outside: one clear sentence, its exit code, and nothing half-written left behind."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.user import PORTRAIT, Home, Ran

SAY = "make a circular avatar"


def explained(ran: Ran, exit_code: int, kind: str | None = None) -> str:
    """The one error's message, after checking what all errors have in common."""
    assert ran.exit == exit_code, ran.out + ran.err
    errors = ran.of("error")
    assert len(errors) == 1, ran.out
    assert "Traceback" not in ran.out + ran.err
    assert kind is None or errors[0]["kind"] == kind
    assert errors[0]["message"].strip()
    assert ran.events[-1]["type"] == "done"
    assert ran.events[-1]["exit"] == exit_code
    return str(errors[0]["message"])


def huge_png(path: Path, side: int) -> None:
    """A valid PNG of side × side black pixels that is small on disk."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    row = b"\0" * (1 + (side + 7) // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def test_a_missing_file_is_named(home: Home) -> None:
    assert "nowhere.jpg" in explained(home.avatar(SAY, "nowhere.jpg", "--json"), 5)


def test_a_folder_is_no_photo(home: Home) -> None:
    (home.work / "folder.jpg").mkdir(exist_ok=True)
    explained(home.avatar(SAY, "./folder.jpg", "--json"), 5)


def test_an_empty_file_is_refused(home: Home) -> None:
    (home.work / "empty.jpg").touch()
    explained(home.avatar(SAY, "empty.jpg", "--json"), 5)


def test_text_named_jpg_is_refused_before_it_is_sent(home: Home) -> None:
    (home.work / "notes.jpg").write_text("dear diary")
    ran = home.avatar(SAY, "notes.jpg", "--json")
    explained(ran, 5)
    assert ran.of("upload") == []


def test_more_than_200_mb_is_refused_before_a_byte_is_sent(home: Home) -> None:
    with (home.work / "big.mp4").open("wb") as file:
        file.truncate(200 * 1024**2 + 1)
    ran = home.avatar(SAY, "big.mp4", "--json")
    assert "200" in explained(ran, 5)
    assert ran.of("upload") == []


def test_an_unsupported_type_names_those_that_work(home: Home) -> None:
    (home.work / "thesis.pdf").write_bytes(b"%PDF-1.7\n")
    ran = home.avatar(SAY, "thesis.pdf", "--json")
    assert "png" in explained(ran, 5) + ran.of("error")[0]["hint"]


def test_a_truncated_photo_is_called_damaged(home: Home) -> None:
    whole = (PORTRAIT.parents[2] / "tests/data/photos/grace_hopper.jpg").read_bytes()
    (home.work / "half.jpg").write_bytes(whole[: len(whole) // 2])
    explained(home.avatar(SAY, "half.jpg", "--json"), 5)


def test_a_picture_of_400_megapixels_is_refused(home: Home) -> None:
    huge_png(home.work / "huge.png", 20_000)
    explained(home.avatar(SAY, "huge.png", "--json"), 5)


@pytest.mark.parametrize("name", ["my photo.png", "it's me.png", 'say "hi".png', "我的照片.png", "me 🙂.png"])
def test_odd_names_are_ordinary_names(home: Home, name: str) -> None:
    (home.work / name).write_bytes(PORTRAIT.read_bytes())
    ran = home.avatar(SAY, name, "--json")
    assert ran.exit == 0, ran.out
    assert ran.of("uploaded")[0]["files"][0]["filename"] == name


def test_a_broken_skill_file_is_a_configuration_error(home: Home) -> None:
    (home.work / "skill.yaml").write_text("---\nname: [unclosed\n---\n")
    explained(home.avatar(SAY, str(PORTRAIT), "--skill", "skill.yaml", "--json"), 2, "skill")


def test_an_unreachable_backend_is_said_so(home: Home) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        explained(home.avatar(SAY, str(PORTRAIT), "--backend", url, "--json"), 6)


def test_a_port_already_taken_is_said_so(home: Home) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = home.avatar("studio", "serve", "--port", str(taken.getsockname()[1]))
    assert ran.exit == 6
    assert "Traceback" not in ran.err


def test_a_read_only_folder_is_said_so(home: Home) -> None:
    folder = home.work / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    # Root may write anywhere but into the kernel's own file systems.
    target = Path("/sys") if os.geteuid() == 0 else folder
    explained(home.avatar(SAY, str(PORTRAIT), "-o", str(target / "me.png"), "--json"), 8)
    assert list(folder.iterdir()) == []


def test_a_full_disk_is_said_so_and_nothing_half_written_stays(home: Home) -> None:
    disk = home.work / "disk"
    disk.mkdir()
    assert home.avatar(SAY, str(PORTRAIT), "--json").exit == 0
    inside = f'mount -t tmpfs -o size=64k tmpfs {disk} && {{ "$@"; code=$?; ls -A {disk} >&2; exit $code; }}'
    done = subprocess.run(
        [
            "unshare",
            "-rm",
            "sh",
            "-c",
            inside,
            "sh",
            sys.executable,
            "-m",
            "agent",
            "export",
            "-o",
            f"{disk}/me.png",
            "--json",
        ],
        capture_output=True,
        text=True,
        cwd=home.work,
        env=home.environment(),
        timeout=120,
        check=False,
    )
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"a small file system cannot be mounted here: {done.stderr.strip()[:100]}")
    explained(Ran(done.returncode, done.stdout, done.stderr), 8)
    assert done.stderr.strip() == ""


def test_an_output_below_a_file_is_said_so(home: Home) -> None:
    (home.work / "a-file").write_text("")
    explained(home.avatar(SAY, str(PORTRAIT), "-o", "a-file/me.png", "--json"), 8)


def test_without_the_studio_extra_the_remedy_is_one_line(
    new_home: Callable[[], Home], tmp_path: Path
) -> None:
    # None in sys.modules makes an import fail as an absent module does.
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nsys.modules.update(dict.fromkeys(('cv2', 'av', 'starlette')))\n"
    )
    user = new_home()
    root = user.environment()["PYTHONPATH"]
    ran = user.avatar(SAY, str(PORTRAIT), "--json", PYTHONPATH=f"{tmp_path}{os.pathsep}{root}")
    message = explained(ran, 2, "studio_missing")
    assert "[studio]" in message + ran.of("error")[0]["hint"]
