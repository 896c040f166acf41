"""Pixel size and length of a finished file, read from its first boxes: the agent needs no media library."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_CONTAINERS = frozenset({b"moov", b"trak", b"mdia"})
_MAX_BOX = 64 * 1024**2
_AVIF_HEAD = 64 * 1024
_MAX_BLOCKS = 100_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What a media file says of itself; 0 where it does not, sizes in pixels, duration in seconds."""

    format: str = ""
    width: int = 0
    height: int = 0
    duration: float = 0.0


def read_facts(path: Path) -> Facts:
    """The facts of a PNG, JPEG, GIF, WebP, AVIF, ICO or MP4; all empty for others and where damaged."""
    try:
        with path.open("rb") as file:
            head = file.read(32)
            file.seek(0)
            return _read(file, head, path.stat().st_size)
    except (OSError, struct.error, IndexError, ValueError):
        return Facts()


def _read(file: BinaryIO, head: bytes, size: int) -> Facts:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        width, height = struct.unpack(">II", head[16:24])
        return Facts("png", width, height)
    if head[:6] in (b"GIF87a", b"GIF89a"):
        width, height = struct.unpack("<HH", head[6:10])
        return Facts("gif", width, height, _gif_seconds(file))
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(file, size)
    if head[:3] == b"\xff\xd8\xff":
        width, height = _jpeg_size(file)
        return Facts("jpg", width, height)
    if head[:4] == b"\0\0\1\0":
        return _ico(file)
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis"):
        return _avif(file)
    if head[4:8] in (b"ftyp", b"moov"):
        return _mp4(file, size)
    return Facts()


def _gif_seconds(file: BinaryIO) -> float:
    """The delays of all frames together."""
    file.seek(10)
    flags = file.read(3)[0]
    file.seek(3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0, 1)
    hundredths = 0
    for _ in range(_MAX_BLOCKS):
        mark = file.read(1)
        if mark == b"!":
            label = file.read(1)
            body = _gif_blocks(file)
            if label == b"\xf9":
                hundredths += int(struct.unpack("<H", body[1:3])[0])
        elif mark == b",":
            flags = file.read(9)[8]
            file.seek((3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0) + 1, 1)
            _gif_blocks(file)
        else:
            break
    return hundredths / 100


def _gif_blocks(file: BinaryIO) -> bytes:
    """The first of a chain of sub-blocks; the others are skipped."""
    first = b""
    while length := file.read(1)[0]:
        if first:
            file.seek(length, 1)
        else:
            first = file.read(length)
    return first


def _webp(file: BinaryIO, size: int) -> Facts:
    width = height = 0
    milliseconds, at = 0, 12
    while at + 8 <= size:
        file.seek(at)
        name, length = struct.unpack("<4sI", file.read(8))
        body = file.read(min(length, 32))
        if name == b"VP8X":
            width, height = _three(body[4:7]) + 1, _three(body[7:10]) + 1
        elif name == b"VP8 " and not width:
            width, height = (side & 0x3FFF for side in struct.unpack("<HH", body[6:10]))
        elif name == b"VP8L" and not width:
            bits = struct.unpack("<I", body[1:5])[0]
            width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        elif name == b"ANMF":
            milliseconds += _three(body[12:15])
        at += 8 + length + length % 2
    return Facts("webp", width, height, milliseconds / 1000)


def _ico(file: BinaryIO) -> Facts:
    """The largest of the pictures in it; a side of 0 means 256."""
    file.seek(4)
    (count,) = struct.unpack("<H", file.read(2))
    sides = [struct.unpack("<BB14x", file.read(16)) for _ in range(count)]
    width, height = max(((wide or 256, high or 256) for wide, high in sides), default=(0, 0))
    return Facts("ico", width, height)


def _avif(file: BinaryIO) -> Facts:
    """ISO 23008-12: the size is that of the largest picture, told by an `ispe` property."""
    head = file.read(_AVIF_HEAD)
    places = [found.end() + 4 for found in re.finditer(b"ispe", head)]
    sizes = [struct.unpack(">II", head[at : at + 8]) for at in places if at + 8 <= len(head)]
    width, height = max(sizes, default=(0, 0), key=lambda sides: sides[0] * sides[1])
    return Facts("avif", width, height)


def _three(body: bytes) -> int:
    return int.from_bytes(body, "little")


def _jpeg_size(file: BinaryIO) -> tuple[int, int]:
    file.seek(2)
    for _ in range(_MAX_BLOCKS):
        mark, kind, length = struct.unpack(">BBH", file.read(4))
        if mark != 0xFF:
            break
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">xHH", file.read(5))
            return width, height
        file.seek(length - 2, 1)
    return 0, 0


def _mp4(file: BinaryIO, size: int) -> Facts:
    """ISO 14496-12: length from `mvhd`, size of the first `tkhd` that has one."""
    width = height = 0
    duration = 0.0
    for name, body in _boxes(file, 0, size):
        if name == b"mvhd":
            wide = body[0] == 1
            scale, length = struct.unpack(">IQ" if wide else ">II", body[20:32] if wide else body[12:20])
            duration = length / scale if scale else 0.0
        elif name == b"tkhd" and not width:
            matrix_end = 88 if body[0] == 1 else 76
            width, height = (side >> 16 for side in struct.unpack(">II", body[matrix_end : matrix_end + 8]))
    return Facts("mp4", width, height, round(duration, 3))


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    at = start
    while at + 8 <= end:
        file.seek(at)
        length, name = struct.unpack(">I4s", file.read(8))
        head = 8
        if length == 1:
            length, head = struct.unpack(">Q", file.read(8))[0], 16
        length = length or end - at
        if length < head:
            return
        if name in _CONTAINERS:
            yield from _boxes(file, at + head, min(at + length, end))
        elif name in (b"mvhd", b"tkhd"):
            yield name, file.read(min(length - head, _MAX_BOX))
        at += length
