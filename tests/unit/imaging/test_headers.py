"""What a file says of itself: enough to refuse it before anything is decoded."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from starbid.domain.errors import Invalid
from starbid.imaging.headers import MAX_PARTS, MAX_WORK, Header, read_header, require_little_work


def drawn(size: tuple[int, int], kind: str, mode: str = "RGB", **how: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **how)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunks(*chunks: bytes) -> bytes:
    """A small PNG with more chunks behind its first one."""
    picture = drawn((40, 20), "PNG")
    return picture[:33] + b"".join(chunks) + picture[33:]


def with_segments(data: bytes) -> bytes:
    photo = drawn((40, 20), "JPEG")
    return photo[:2] + data + photo[2:]


def with_scans(size: tuple[int, int], more: int) -> bytes:
    """A photo whose last scan comes again and again: a few bytes, and a pass over all pixels, each time."""
    photo = drawn(size, "JPEG", progressive=True)
    return photo[:-2] + photo[photo.rindex(b"\xff\xda") : -2] * more + photo[-2:]


def refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read_header(data)
    assert caught.value.field == "images"
    return caught.value.reason


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("PNG", {}),
        ("PNG", {"interlace": 1}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("JPEG", {"restart_marker_blocks": 1}),
        ("JPEG", {"mode": "CMYK"}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"mode": "RGBA"}),
        ("WEBP", {"save_all": True, "append_images": [Image.new("RGB", (301, 203), "red")]}),
    ],
)
def test_sizes_are_those_that_a_decoder_finds(kind: str, how: dict[str, Any]) -> None:
    header = read_header(drawn((301, 203), kind, **how))
    assert (header.format, header.width, header.height) == (kind, 301, 203)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_header_that_is_cut_off_anywhere_is_refused_by_name(kind: str) -> None:
    data = drawn((40, 20), kind)
    for length in range(24):
        assert refusal(data[:length]) == "picture"


def test_eight_photos_of_a_phone_are_no_work_and_two_png_of_forty_megapixels_are_too_much() -> None:
    photo = read_header(drawn((4000, 3000), "JPEG").ljust(5 * 1024 * 1024, b"\0"))
    require_little_work([photo] * 8)
    drawing = read_header(drawn((8000, 5000), "PNG", "1"))
    require_little_work([drawing])
    with pytest.raises(Invalid) as caught:
        require_little_work([drawing] * 2)
    assert caught.value.reason == "pictures_work"


def test_each_scan_of_a_progressive_photo_is_work() -> None:
    plain, many = (read_header(with_scans((2000, 2000), more)).work for more in (0, 200))
    assert many > 10 * plain
    assert refusal(with_scans((2000, 2000), 600)) == "picture_work"


def test_scans_are_counted_where_the_decoder_goes_and_not_in_what_it_skips() -> None:
    hidden = b"\xff\xda" * 20_000
    segment = b"\xff\xe2" + struct.pack(">H", len(hidden) + 2) + hidden
    assert read_header(with_segments(segment)).work < 100_000
    behind = drawn((4000, 3000), "JPEG") + b"\xff\xda\0\x02" * 5_000  # a film that phones hang on to a photo
    assert read_header(behind).work < 10_000_000


@pytest.mark.parametrize(
    "data",
    [
        with_segments(drawn((9, 9), "JPEG")[20:-2]),
        drawn((40, 20), "JPEG").replace(b"\xff\xc0", b"\xff\xc9"),
        drawn((40, 20), "GIF"),
        b"RIFF\0\0\0\0WEBPABCD" + bytes(20),
        b"\xff\xd8\xff\xd9",
    ],
    ids=["two pictures in one", "arithmetic coding", "a GIF", "a strange chunk", "no frame"],
)
def test_what_no_browser_shows_is_no_picture(data: bytes) -> None:
    assert refusal(data) == "picture"


@pytest.mark.parametrize(
    "data",
    [
        with_chunks(*[chunk(b"tEXt", b"a\0b")] * (MAX_PARTS + 1)),
        with_segments(b"\xff\xfe\0\x02" * (MAX_PARTS + 1)),
        with_segments(b"\xff" * (MAX_PARTS + 1)),
        with_segments(b"\xff\x00" * (MAX_PARTS + 1)),
    ],
    ids=["no end of chunks", "no end of segments", "no end of filling", "no end of stuffing"],
)
def test_what_would_keep_a_decoder_busy_is_too_much_work(data: bytes) -> None:
    assert refusal(data) == "picture_work"


def test_what_hangs_on_behind_the_end_of_a_png_is_not_looked_at() -> None:
    behind = drawn((40, 20), "PNG") + b"\0" + chunk(b"tEXt", b"a\0b") * (MAX_PARTS + 1)
    assert read_header(behind).width == 40


def test_one_picture_alone_may_be_too_much_work() -> None:
    assert refusal(with_scans((6000, 6000), 60)) == "picture_work"
    require_little_work([Header("PNG", 8000, 8000, MAX_WORK)])
