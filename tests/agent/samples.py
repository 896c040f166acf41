"""Small media files made by hand: valid, cut short, and posing as something else."""

from __future__ import annotations

import struct
import zlib


def chunk(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 2, height: int = 2) -> bytes:
    rows = b"".join(b"\0" + b"\x80" * 3 * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND")
    )


def segment(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, kind, len(body) + 2) + body


# The preview inside the EXIF segment has an end marker of its own, as a camera's has.
JPEG = (
    b"\xff\xd8"
    + segment(0xE1, b"Exif\0\0" + b"\xff\xd8preview\xff\xd9")
    + segment(0xDB, bytes(65))
    + segment(0xDA, bytes(10))
    + b"\x12\x34\xff\x00\x56" * 20
    + b"\xff\xd9"
)
GIF = b"GIF89a\1\0\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2L\1\0;"
WEBP = b"RIFF" + struct.pack("<I", 16) + b"WEBPVP8 " + struct.pack("<I", 4) + b"abcd"
WAV = b"RIFF" + struct.pack("<I", 12) + b"WAVEdata" + struct.pack("<I", 0)
AVI = b"RIFF" + struct.pack("<I", 12) + b"AVI LIST" + struct.pack("<I", 0)


def box(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", len(body) + 8, name) + body


MP4 = box(b"ftyp", b"isom\0\0\2\0") + box(b"moov", bytes(20)) + box(b"mdat", bytes(100))
MOV = box(b"ftyp", b"qt  \0\0\2\0") + box(b"mdat", bytes(50)) + box(b"moov", bytes(20))
M4A = box(b"ftyp", b"M4A \0\0\2\0") + box(b"moov", bytes(20)) + box(b"mdat", bytes(100))
HEIC = box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(20)) + box(b"mdat", bytes(100))
AVIF = box(b"ftyp", b"avif\0\0\0\0mif1") + box(b"meta", bytes(20))
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + bytes(50)
MKV = b"\x1aE\xdf\xa3\xa3B\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x88matroska" + bytes(50)
MP3 = b"ID3\4\0\0\0\0\0\0" + b"\xff\xfb\x90\x00" + bytes(400)
BARE_MP3 = b"\xff\xfb\x90\x00" + bytes(400)
AAC = b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(100)

EVERY = {
    "png": png(),
    "jpg": JPEG,
    "gif": GIF,
    "webp": WEBP,
    "wav": WAV,
    "avi": AVI,
    "mp4": MP4,
    "mov": MOV,
    "m4a": M4A,
    "webm": WEBM,
    "mkv": MKV,
    "mp3": MP3,
    "aac": AAC,
}
