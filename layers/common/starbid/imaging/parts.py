"""The parts that a PNG or a JPEG is made of, and the same file with none but those that its pixels need.

Browsers pass over a broken note, a text of megabytes or a missing end; Pillow refuses the whole file for it. So it
never sees them.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

PNG_SIGNATURE, JPEG_START, JPEG_END = b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"\xff\xd9"
MAX_PROFILE = 64 * 1024
"""Bytes of a colour profile; those of cameras and screens have a few thousand."""
MAX_EXIF = 64 * 1024
"""Bytes of a camera's notes: no more fit into the one segment that a JPEG has for them."""
SCAN, END = 0xDA, 0xD9
_CHUNK = struct.Struct(">I4s")
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd7\xff])")
"""The start of a segment: in pixels 0xFF is followed by 0 or a restart."""
_CRITICAL = {b"IHDR", b"PLTE", b"IDAT"}
_SUM = 4
"""Bytes of the check sum behind packed pixels; browsers do not look at it."""
_CLEAR = {0: range(2, 3), 2: range(6, 7), 3: range(1, 257)}
"""By the kind of colour: how many bytes say what is transparent."""
_USEFUL = {0xE0: (b"JFIF\0", 14), 0xE1: (b"Exif\0\0", 6), 0xE2: (b"ICC_PROFILE\0", 14), 0xEE: (b"Adobe", 12)}
"""Of the notes in a JPEG: how they begin, and their least length."""
_NOTES = {*range(0xE0, 0xF0), 0xFE}


class Unknown(Exception):
    """A part that one must know to show the picture, or none that one needs."""


class Chunk(NamedTuple):
    """Of a PNG: its bytes from `start` to `end`, which lies beyond a file that breaks off."""

    kind: bytes
    start: int
    end: int

    def content(self, data: bytes) -> bytes:
        return data[self.start + 8 : self.end - 4]


class Segment(NamedTuple):
    """Of a JPEG: its marker stands at `start`, its length at `start` + 2; at `end` the next one is looked for."""

    marker: int
    start: int
    end: int


def png_chunks(data: bytes) -> Iterator[Chunk]:
    """Up to the chunk that ends the picture, or to where the file breaks off."""
    at, kind = len(PNG_SIGNATURE), b""
    while kind != b"IEND" and at + _CHUNK.size <= len(data):
        length, kind = _CHUNK.unpack_from(data, at)
        yield Chunk(kind, at, at + length + 12)
        at += length + 12


def jpeg_segments(data: bytes) -> Iterator[Segment]:
    """With the one that ends the picture, if it is there; the last one may lie partly beyond a file that breaks off."""
    at = len(JPEG_START)
    while found := _MARKER.search(data, at):
        marker, start = found[1][0], found.start()
        if marker == END:
            yield Segment(marker, start, start + 2)
            return
        length = data[start + 2 : start + 4]
        at = start + 2 + (int.from_bytes(length) if len(length) == 2 else len(data))
        yield Segment(marker, start, at)


def bare_png(data: bytes) -> bytes:
    """Raises Unknown."""
    colour, kept, seen, sums = data[25], [PNG_SIGNATURE], set[bytes](), b""
    for chunk in png_chunks(data):
        if chunk.kind == b"IEND":
            break
        if chunk.kind == b"IDAT":
            sums, pixels = _kept_back(sums + chunk.content(data))
            kept.append(_chunk(b"IDAT", pixels))
        elif chunk.kind in _CRITICAL:
            kept.append(data[chunk.start : chunk.end])  # with its own check sum, which must be right
        elif not chunk.kind[0] & 0x20:
            raise Unknown
        elif chunk.kind not in seen and _is_of_use(chunk.kind, content := chunk.content(data), colour):
            kept.append(_chunk(chunk.kind, content))
        seen.add(chunk.kind)
    if colour == 3 and b"PLTE" not in seen:
        raise Unknown
    return b"".join((*kept, _chunk(b"IDAT", sums), _chunk(b"IEND", b"")))


def _kept_back(pixels: bytes) -> tuple[bytes, bytes]:
    """The last bytes, which may be the check sum, in a chunk of their own: what needs none of them ends before it."""
    return pixels[-_SUM:], pixels[:-_SUM]


def _is_of_use(kind: bytes, content: bytes, colour: int) -> bool:
    match kind:
        case b"tRNS":
            return len(content) in _CLEAR.get(colour, ())
        case b"iCCP":
            return _is_small_profile(content)
        case b"eXIf":
            return len(content) <= MAX_EXIF
        case _:
            return False


def _is_small_profile(content: bytes) -> bool:
    """It can be unpacked, and never into more than is read of one."""
    _, _, packed = content.partition(b"\0")
    try:
        return packed[:1] == b"\0" and len(zlib.decompressobj().decompress(packed[1:], MAX_PROFILE + 1)) <= MAX_PROFILE
    except zlib.error:
        return False


def _chunk(kind: bytes, content: bytes) -> bytes:
    return _CHUNK.pack(len(content), kind) + content + struct.pack(">I", zlib.crc32(kind + content))


def bare_jpeg(data: bytes) -> bytes:
    """What stands before the first scan, as far as it is of use, and the scans, without a part that breaks off."""
    kept, scans, whole = [JPEG_START], 0, len(data)
    for segment in jpeg_segments(data):
        if segment.end > whole or segment.marker == END:
            whole = segment.start
            break
        scans = scans or (segment.start if segment.marker == SCAN else 0)
        if not scans and not _is_idle(segment, data):
            kept.append(data[segment.start : segment.end])
    return b"".join((*kept, data[scans or whole : whole], JPEG_END))


def _is_idle(segment: Segment, data: bytes) -> bool:
    """A note that says nothing about how to show the pixels, or too little of it."""
    name, least = _USEFUL.get(segment.marker, (b"", 0))
    text = data[segment.start + 4 : segment.end]
    return segment.marker in _NOTES and not (name and text.startswith(name) and len(text) >= least)
