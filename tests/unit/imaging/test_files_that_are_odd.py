"""Files that are not as their standard says: shown where browsers show them, else refused for what is wrong with them.

What browsers show is asked of one in tests/e2e/test_pictures_as_browsers.py, for the same files.
"""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib

import pytest
from PIL import Image

from starbid.domain.errors import Invalid
from starbid.imaging.decoding import resized
from starbid.imaging.parts import JPEG_END, MAX_PROFILE, bare_jpeg, bare_png
from tests.support.picture_corpus import HEIGHT, ODD, SIZE, WHOLE, WIDTH, chunks_of, png_with, saved

BROKEN = {
    "png without 100 bytes",
    "png without a tenth",
    "png half",
    "png tenth",
    "png no pixels",
    "png empty pixels",
    "png with a wrong checksum of its head",
    "png with a wrong checksum of its palette",
    "png with a broken pixel",
    "png strange filter",
    "png strange depth",
    "jpeg half",
    "jpeg no pixels",
    "jpeg no scan",
    "jpeg for print half",
    "jpeg grey half",
    "webp without its last byte",
    "webp without its last two bytes",
    "webp without a tenth",
    "webp half",
    "webp lossless without its last byte",
    "webp lossless half",
    "webp clear half",
    "webp animated half",
    "webp animated without its last bytes",
    "webp with a wrong length",
    "webp with a short length",
}
NO_PICTURE = {
    "png with an unknown part that one must know",
    "png with a part of no name",
    "png palette that is missing",
}


def verdict(data: bytes) -> str:
    try:
        sizes = resized(data)
    except Invalid as fault:
        return fault.reason
    assert set(sizes) == {"small", "medium", "large"}
    return ""


@pytest.mark.parametrize("name", [*WHOLE, *ODD])
def test_it_is_taken_or_refused_for_what_is_wrong(name: str) -> None:
    expected = "picture_broken" if name in BROKEN else "picture" if name in NO_PICTURE else ""
    assert verdict((WHOLE | ODD)[name]()) == expected


def test_the_lists_of_what_is_refused_name_files_that_there_are() -> None:
    assert set(ODD) >= BROKEN | NO_PICTURE


@pytest.mark.parametrize("kind", ["png", "jpeg", "jpeg progressive", "jpeg grey", "jpeg for print"])
def test_a_picture_without_its_end_looks_like_one_with_it(kind: str) -> None:
    whole = WHOLE[kind]()
    end = 12 if kind == "png" else 2
    with_end, without = (Image.open(io.BytesIO(resized(data)["large"])) for data in (whole, whole[:-end]))
    assert with_end.tobytes() == without.tobytes()


@pytest.mark.parametrize("progressive", [False, True])
def test_wherever_a_jpeg_breaks_off_it_is_taken_or_broken(progressive: bool) -> None:
    photo = saved("JPEG", progressive=progressive)
    told = [verdict(photo[:length]) for length in range(photo.index(b"\xff\xda"), len(photo), 7)]
    assert set(told) == {"", "picture_broken"}
    assert told == sorted(told, reverse=True)  # first broken, and once there is enough of it for good taken


def test_wherever_a_png_breaks_off_it_is_taken_or_broken() -> None:
    drawing = saved("PNG")
    told = [
        verdict(drawing[:length]) for length in (*range(50, len(drawing), 97), *range(len(drawing) - 30, len(drawing)))
    ]
    assert set(told) == {"", "picture_broken"}
    assert told == sorted(told, reverse=True)


def test_a_grey_photo_with_its_end_is_no_broken_one() -> None:
    for mode, colour in (("L", 128), ("RGB", (128, 128, 128)), ("CMYK", (127, 127, 127, 127))):
        out = io.BytesIO()
        Image.new(mode, SIZE, colour).save(out, "JPEG")
        assert verdict(out.getvalue()) == ""


def test_texts_and_profiles_that_grow_when_unpacked_are_never_unpacked() -> None:
    bomb = zlib.compress(bytes(200_000_000), 9)
    data = png_with((b"zTXt", b"a\0\0" + bomb), (b"iTXt", b"a\0\1\0\0\0" + bomb), (b"iCCP", b"a\0\0" + bomb))
    tracemalloc.start()
    try:
        bare = bare_png(data)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [kind for kind, _ in chunks_of(bare) if kind not in (b"IHDR", b"IDAT", b"IEND")] == []
    assert most < 4 * len(data) + 4 * MAX_PROFILE
    assert verdict(data) == ""


def test_of_a_thousand_profiles_the_first_is_read_alone() -> None:
    profile = zlib.compress(bytes(60_000))
    bare = bare_png(png_with(*[(b"iCCP", b"a\0\0" + profile)] * 1000))
    assert [kind for kind, _ in chunks_of(bare)].count(b"iCCP") == 1


def test_of_a_photo_s_notes_only_those_stay_that_change_how_it_looks() -> None:
    notes = [(0xFE, b"at home"), (0xE1, b"http://ns.adobe.com/xap/1.0/\0at home"), (0xED, b"Photoshop 3.0\0at home")]
    photo = saved("JPEG", icc_profile=b"profile", exif=b"Exif\0\0notes")
    segments = b"".join(bytes((0xFF, kind)) + struct.pack(">H", len(text) + 2) + text for kind, text in notes)
    bare = bare_jpeg(photo[:2] + segments + photo[2:])
    assert b"at home" not in bare
    assert b"ICC_PROFILE" in bare
    assert b"Exif\0\0notes" in bare
    assert bare.endswith(JPEG_END)
    assert Image.open(io.BytesIO(bare)).size == (WIDTH, HEIGHT)
