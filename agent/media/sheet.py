"""A contact sheet of small pictures as one PNG, written without an image library."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Sequence

GAP = 16
# Previews come without transparency, on black; the sheet is of the same colour.
_PAPER = 0


def contact_sheet(pictures: Sequence[bytes], side: int) -> bytes:
    """The PNG of square RGB pictures (side·side·3 bytes each, row by row) in a grid on black paper.

    Raises ValueError when there is none, or one of another size.
    """
    if not pictures or any(len(picture) != side * side * 3 for picture in pictures):
        raise ValueError(f"pictures of {side}×{side} RGB bytes")
    columns = math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    width, height = columns * (side + GAP) + GAP, rows * (side + GAP) + GAP
    canvas = bytearray([_PAPER]) * (width * height * 3)
    for place, picture in enumerate(pictures):
        left = GAP + place % columns * (side + GAP)
        top = GAP + place // columns * (side + GAP)
        for line in range(side):
            at = ((top + line) * width + left) * 3
            canvas[at : at + side * 3] = picture[line * side * 3 : (line + 1) * side * 3]
    return _png(bytes(canvas), width, height)


def _png(pixels: bytes, width: int, height: int) -> bytes:
    """RFC 2083: 8-bit RGB, every line unfiltered."""
    stride = width * 3
    lines = b"".join(b"\0" + pixels[at : at + stride] for at in range(0, len(pixels), stride))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(lines, 6)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
