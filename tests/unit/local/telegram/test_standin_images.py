"""Pictures are told from other files, and measured, by their first bytes."""

import io
from typing import Any

import pytest
from PIL import Image

from local.telegram.images import look


def drawn(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "options", "mime"),
    [
        ("PNG", {}, "image/png"),
        ("GIF", {}, "image/gif"),
        ("JPEG", {}, "image/jpeg"),
        ("JPEG", {"progressive": True}, "image/jpeg"),
        ("WEBP", {}, "image/webp"),
        ("WEBP", {"lossless": True}, "image/webp"),
        ("WEBP", {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}, "image/webp"),
    ],
)
def test_each_kind_of_picture_is_measured(kind: str, options: dict[str, Any], mime: str) -> None:
    picture = look(drawn(kind, **options))
    assert picture is not None
    assert (picture.mime, picture.width, picture.height) == (mime, 40, 30)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG", "WEBP"])
def test_a_picture_cut_off_anywhere_is_no_error(kind: str) -> None:
    data = drawn(kind)
    for length in range(min(len(data), 200)):
        look(data[:length])


@pytest.mark.parametrize("data", [b"", b"GIF89a\0\0\0\0", b"%PDF-1.7", b"<svg/>", b"RIFF....WEBPVP8 "])
def test_other_files_are_no_pictures(data: bytes) -> None:
    assert look(data) is None
