"""Multipart bodies: however they are cut, files come out whole; what is too much is cut off."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.config import Limits
from studio.files import Files
from studio.replies import ApiError
from studio.uploads import Form
from tests.studio.serving import Caller, StudioProcess

BOUNDARY = "0123456789abcdef"
TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def part(name: str, data: bytes, filename: str | None = None) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
    head += f'; filename="{filename}"' if filename is not None else ""
    return head.encode() + b"\r\nContent-Type: image/jpeg\r\n\r\n" + data + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def receive(files: Files, chunks: list[bytes], limits: Limits | None = None) -> list[tuple[str, bytes, str]]:
    async def pieces() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    async def run() -> list[tuple[str, bytes, str]]:
        with Form(TYPE, files, limits or Limits()) as form:
            received = await form.receive(pieces())
            return [(one.filename, one.incoming.path.read_bytes(), one.sha256) for one in received]

    return asyncio.run(run())


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def left(files: Files) -> list[Path]:
    return list(files.scratch.iterdir())


contents = st.binary(max_size=300) | st.just(f"\r\n--{BOUNDARY}x\r\n".encode()) | st.just(b"\r\n--\r\n")


@given(st.lists(contents, min_size=1, max_size=4), st.lists(st.integers(1, 200), max_size=30))
def test_files_come_out_whole_however_the_body_is_cut(datas: list[bytes], cuts: list[int]) -> None:
    whole = body(*(part("files", data, f"{n}.jpg") for n, data in enumerate(datas)))
    chunks, at = [], 0
    for cut in cuts:
        chunks.append(whole[at : at + cut])
        at += cut
    chunks.append(whole[at:])
    with tempfile.TemporaryDirectory() as folder:
        files = Files(Path(folder))
        received = receive(files, [chunk for chunk in chunks if chunk])
        assert [data for _, data, _ in received] == datas
        assert [name for name, _, _ in received] == [f"{n}.jpg" for n in range(len(datas))]
        assert all(name == hashlib.sha256(data).hexdigest() for _, data, name in received)
        assert left(files) == []


@given(st.binary(max_size=400))
def test_garbage_is_refused_and_leaves_nothing(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = Files(Path(folder))
        with pytest.raises(ApiError) as refused:
            receive(files, [data] if data else [])
        assert refused.value.status == 400
        assert left(files) == []


def test_a_body_that_breaks_off_is_refused(files: Files) -> None:
    whole = body(part("files", b"x" * 1000, "a.jpg"))
    with pytest.raises(ApiError, match="before it was complete"):
        receive(files, [whole[:700]])
    assert left(files) == []


def test_a_file_is_cut_off_as_soon_as_it_is_too_large(files: Files) -> None:
    seen = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal seen
        yield part("files", b"", "huge.mp4")[:-2]
        while True:
            seen += 100_000
            yield b"x" * 100_000

    async def run() -> None:
        with Form(TYPE, files, Limits(file_bytes=1_000_000)) as form:
            await form.receive(endless())

    with pytest.raises(ApiError, match=r"huge\.mp4") as refused:
        asyncio.run(run())
    assert (refused.value.status, refused.value.code) == (413, 4002)
    assert seen < 100_000_000
    assert left(files) == []


def test_too_many_files_too_long_headers_and_other_fields_are_refused(files: Files) -> None:
    for whole, limits in (
        (body(*(part("files", b"x", f"{n}.jpg") for n in range(4))), Limits(files=3)),
        (body(part("files", b"x", "n" * 10_000)), Limits()),
        (body(part("other", b"x" * 100_000), part("files", b"x", "a.jpg")), Limits()),
        (body(part("other", b"x")), Limits()),
        (body(part("files", b"no file name")), Limits()),
    ):
        with pytest.raises(ApiError) as refused:
            receive(files, [whole], limits)
        assert refused.value.status == 400
        assert left(files) == []


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=x"]
)
def test_a_body_without_a_boundary_is_refused(files: Files, kind: str) -> None:
    with pytest.raises(ApiError):
        Form(kind, files, Limits())


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\photo.jpg", "photo.jpg"),
        ("我的照片 🙂.jpg", "我的照片 🙂.jpg"),
        ("say %22cheese%22.jpg", 'say "cheese".jpg'),
        ("..", "file"),
        ("", "file"),
        ("a\x1b[31mb.jpg", "a[31mb.jpg"),
        ("x" * 500 + ".jpg", "x" * 190 + ".jpg"),
    ],
)
def test_a_file_name_is_shown_but_never_a_path(files: Files, sent: str, shown: str) -> None:
    assert receive(files, [body(part("files", b"data", sent))])[0][0] == shown


def big(size: int) -> Iterator[bytes]:
    yield part("files", b"", "big.mp4")[:-2]
    block = b"x" * (1 << 20)
    for _ in range(size >> 20):
        yield block
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def test_a_large_upload_takes_constant_memory(studio: StudioProcess, caller: Caller) -> None:
    session_id = caller.session()
    before = resident_peak(studio)
    reply = caller.http.post(
        f"/api/upload-video/nemo_agent/me/{session_id}",
        content=big(200 << 20),
        headers={"Content-Type": TYPE},
    )
    assert reply.json()["code"] == 4001, "it is no video"
    assert resident_peak(studio) - before < 20 << 20


def test_one_byte_over_the_limit_is_4002(studio: StudioProcess, caller: Caller) -> None:
    session_id = caller.session()
    reply = caller.http.post(
        f"/api/upload-video/nemo_agent/me/{session_id}",
        content=big(201 << 20),
        headers={"Content-Type": TYPE},
    )
    assert (reply.status_code, reply.json()["code"]) == (413, 4002)
    assert [path for path in (studio.data / "scratch").iterdir() if path.is_file()] == []


def resident_peak(studio: StudioProcess) -> int:
    lines = Path(f"/proc/{studio.told['pid']}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))
