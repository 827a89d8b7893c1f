"""What a picture's file says of itself, read without decoding a pixel: what it is, how large, how much work.

A few bytes can claim any number of pixels, passes or parts. All of them are counted here, before Pillow sees the file:
its decoders would work on each.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from starbid.domain.errors import Invalid
from starbid.imaging.parts import END, JPEG_START, PNG_SIGNATURE, SCAN, jpeg_segments, png_chunks

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 12_000
MAX_PARTS = 10_000
"""Chunks of a PNG, segments of a JPEG: a decoder takes them one by one, however empty they are."""
MAX_WORK = 64_000_000
"""Of all pictures of a form; 60 ns each at the worst that was found, so 4 s. Eight photos of 12 megapixels and 5 MB as
cameras make them are 55 million."""
FIELD = "images"
_PNG_START = struct.Struct(">II")
_FRAMES, _OTHER_FRAMES = {0xC0, 0xC1, 0xC2}, {*range(0xC3, 0xD0)} - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class Header:
    """`work` is what decoding takes at most, in pixels of a PNG. `ends` is False where a JPEG breaks off."""

    format: str
    width: int
    height: int
    work: int
    ends: bool = True


def read_header(data: bytes) -> Header:
    """Raises Invalid: `picture` for what is none of ours, `picture_size`, `picture_pixels`, `picture_work`."""
    if len(data) > MAX_BYTES:
        raise Invalid(FIELD, "picture_size")
    try:
        header = _reader_of(data)(data)
    except (struct.error, IndexError):  # it ends before its header does
        raise Invalid(FIELD, "picture") from None
    _require_size(header.width, header.height)
    if header.work > MAX_WORK:
        raise Invalid(FIELD, "picture_work")
    return header


def require_little_work(headers: Iterable[Header]) -> None:
    """Raises Invalid where the pictures of one form take too much work together."""
    if sum(header.work for header in headers) > MAX_WORK:
        raise Invalid(FIELD, "pictures_work")


def _require_size(width: int, height: int) -> None:
    if min(width, height) < 1:
        raise Invalid(FIELD, "picture")
    if max(width, height) > MAX_SIDE:
        raise Invalid(FIELD, "picture_pixels", most=MAX_SIDE)
    if width * height > MAX_PIXELS:
        raise Invalid(FIELD, "picture_pixels", most=math.isqrt(MAX_PIXELS))


def _reader_of(data: bytes) -> Callable[[bytes], Header]:
    if data.startswith(PNG_SIGNATURE):
        return _png
    if data.startswith(JPEG_START):
        return _jpeg
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp
    raise Invalid(FIELD, "picture")


def _png(data: bytes) -> Header:
    width, height = _PNG_START.unpack_from(data, 16)
    for parts, _ in enumerate(png_chunks(data), 1):
        _require_few(parts)
    return Header("PNG", width, height, width * height + len(data))


def _jpeg(data: bytes) -> Header:
    """Most of its pixels are left out on the way to a small picture, but each scan passes over all of them again."""
    at, parts, scans, ends = len(JPEG_START), 0, 0, False
    width = height = 0
    for marker, start, end in jpeg_segments(data):
        if ends := marker == END:
            break
        parts += 1 if scans else 1 + start - at  # Pillow goes byte by byte through what lies between
        _require_few(parts)
        if marker in _OTHER_FRAMES or (marker in _FRAMES and width):
            raise Invalid(FIELD, "picture")
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, start + 5)
        at, scans = end, scans + (marker == SCAN)
    return Header("JPEG", width, height, width * height * (4 + scans) // 32 + len(data), ends)


def _require_few(parts: int) -> None:
    if parts > MAX_PARTS:
        raise Invalid(FIELD, "picture_work")


def _webp(data: bytes) -> Header:
    """The size of the canvas; of an animation one frame is decoded."""
    kind, body = data[12:16], data[20:30]
    if kind == b"VP8X":
        width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (4, 7))
    elif kind == b"VP8L":
        (sides,) = struct.unpack_from("<I", body, 1)
        width, height = (sides & 0x3FFF) + 1, (sides >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", body, 6))
    else:
        raise Invalid(FIELD, "picture")
    return Header("WEBP", width, height, width * height + 4 * len(data))
