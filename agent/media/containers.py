"""What a media file is by its bytes, and whether it is all there: the headers of the formats, no decoder.

Sources: PNG 3rd ed. §5, JPEG ITU-T T.81 annex B, RIFF/WebP container specification, GIF89a, ISO/IEC 14496-12,
EBML RFC 8794, ID3v2.4, RFC 3533 (Ogg).
"""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path
from typing import BinaryIO

HEAD_BYTES = 64
MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "avi": "video/x-msvideo",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "heic": "image/heic",
    "avif": "image/avif",
    "ico": "image/x-icon",
}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def sniff(head: bytes) -> str:
    """The format that a file's first bytes tell, as its usual suffix; "" when none of ours."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if head.startswith(b"\0\0\1\0"):
        return "ico"
    if head[:4] in (b"RIFF", b"RF64"):
        return {b"WEBP": "webp", b"AVI ": "avi", b"WAVE": "wav"}.get(head[8:12], "")
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "webm" if b"webm" in head else "mkv"
    if head[4:8] == b"ftyp":
        return _brand(head[8:12])
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return "mov"
    if head.startswith(b"ID3"):
        return "mp3"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "aac"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 and head[2] < 0xF0:
        return "mp3"
    return "aac" if head.startswith(b"ADIF") else ""


def _brand(brand: bytes) -> str:
    if brand in _HEIC_BRANDS:
        return "heic"
    if brand in (b"avif", b"avis"):
        return "avif"
    if brand == b"qt  ":
        return "mov"
    return "m4a" if brand in (b"M4A ", b"M4B ") else "mp4"


def whole(path: Path, kind: str) -> bool:
    """Whether the file of this format goes on to its own end. Raises OSError."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        check = _CHECKS.get(kind)
        try:
            return bool(check(file, size)) if check else size > 0
        except struct.error:
            return False


def _png(file: BinaryIO, size: int) -> bool:
    """Every chunk fits, the last one is IEND; a few bytes after it are forgiven."""
    place = 8
    while place + 12 <= size:
        file.seek(place)
        length, name = struct.unpack(">I4s", file.read(8))
        place += 12 + length
        if name == b"IEND":
            return bool(place <= size)
    return False


def _jpeg(file: BinaryIO, size: int) -> bool:
    """The segments fit up to the scan, and an end-of-image marker comes after it."""
    place = 2
    while place + 4 <= size:
        file.seek(place)
        mark, kind, length = struct.unpack(">BBH", file.read(4))
        if mark != 0xFF:
            return False
        if kind == 0xFF:
            place += 1
            continue
        if kind == 0x01 or 0xD0 <= kind <= 0xD8:
            place += 2
            continue
        if kind == 0xDA:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return bool(data.rfind(b"\xff\xd9", place + 2 + length) > 0)
        place += 2 + length
    return False


def _gif(file: BinaryIO, size: int) -> bool:
    file.seek(max(0, size - 64))
    return file.read(64).rstrip(b"\0").endswith(b";")


def _riff(file: BinaryIO, size: int) -> bool:
    """The length in the header is there; writers that cannot seek leave 0 or all ones."""
    length = struct.unpack("<I", file.read(8)[4:])[0]
    return bool(length in (0, 0xFFFFFFFF) or length + 8 <= size + 1)


def _boxes(file: BinaryIO, size: int) -> bool:
    """The top-level boxes fit, and one of them is the index (moov, or moof of a fragmented file)."""
    place, index = 0, False
    while place + 8 <= size:
        file.seek(place)
        length, name = struct.unpack(">I4s", file.read(8))
        if length == 1:
            length = struct.unpack(">Q", file.read(8))[0]
        elif length == 0:
            length = size - place
        if length < 8:
            return False
        index = index or name in (b"moov", b"moof", b"meta")
        place += length
    return index and place <= size


_CHECKS = {
    "png": _png,
    "jpg": _jpeg,
    "gif": _gif,
    "webp": _riff,
    "avi": _riff,
    "mp4": _boxes,
    "mov": _boxes,
    "m4a": _boxes,
    "avif": _boxes,
}
