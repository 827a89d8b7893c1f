"""Pictures: what is taken, what it becomes, and what is refused."""

from __future__ import annotations

import io
import re
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from starbid.domain.errors import Invalid
from tests.support.fakes import FakePictures
from web import pictures
from web.pictures import accept_picture, accept_pictures, accept_upload, resized

WHITE, RED = (255, 255, 255), (255, 0, 0)


def drawn(
    mode: str = "RGB", size: tuple[int, int] = (40, 20), colour: Any = "red", kind: str = "PNG", **how: Any
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **how)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def colour_at(data: bytes, at: tuple[int, int]) -> tuple[int, ...]:
    colour = opened(data).convert("RGB").getpixel(at)
    assert isinstance(colour, tuple)
    return tuple(int(value) for value in colour)


def is_near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 6 for a, b in zip(one, other, strict=True))


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has next to no data: a bomb weighs nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_png_jpeg_and_webp_become_three_jpegs(kind: str) -> None:
    sizes = resized(drawn(size=(2000, 1000), kind=kind))
    assert {name: opened(data).size for name, data in sizes.items()} == {
        "small": (320, 160),
        "medium": (800, 400),
        "large": (1600, 800),
    }
    assert all(opened(data).format == "JPEG" for data in sizes.values())


def test_a_small_picture_is_never_blown_up() -> None:
    assert {opened(data).size for data in resized(drawn(size=(40, 20))).values()} == {(40, 20)}


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO"])
def test_other_kinds_of_pictures_are_refused(kind: str) -> None:
    assert refused(drawn(size=(32, 32), kind=kind)) == "picture"


@pytest.mark.parametrize("data", [b"", b"hello, I am a text", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"<svg/>"])
def test_a_text_file_called_jpg_is_refused(data: bytes) -> None:
    assert refused(data) == "picture"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_half_a_picture_is_refused(kind: str) -> None:
    noisy = io.BytesIO()
    Image.effect_noise((200, 200), 90).convert("RGB").save(noisy, kind)
    data = noisy.getvalue()
    assert resized(data)
    assert refused(data[: len(data) // 2]) == "picture"


def test_a_picture_of_20_megabytes_is_refused_before_it_is_looked_at() -> None:
    assert refused(drawn() + b"\0" * 20_000_000) == "picture_size"


def test_five_megabytes_are_the_limit_to_the_byte() -> None:
    picture = drawn(kind="JPEG")
    assert resized(picture.ljust(pictures.MAX_BYTES, b"\0"))
    assert refused(picture.ljust(pictures.MAX_BYTES + 1, b"\0")) == "picture_size"


@pytest.mark.parametrize("size", [(10_000, 10_000), (8_000, 5_001), (12_001, 1), (60_000, 60_000)])
def test_a_picture_with_too_many_pixels_is_refused_by_its_header(size: tuple[int, int]) -> None:
    assert refused(png_header(*size)) == "picture_pixels"


def test_what_the_refusal_says_is_allowed_is_allowed() -> None:
    with pytest.raises(Invalid) as caught:
        resized(png_header(10_000, 10_000))
    most = int(caught.value.facts["most"])
    assert refused(png_header(most, most)) == "picture"  # for its missing pixels, not for their number


def test_a_photo_taken_upright_is_shown_upright_and_tells_nothing_of_its_place() -> None:
    image = Image.new("RGB", (40, 20), "red")
    exif = image.getexif()
    exif[0x0112] = 6
    exif[0x010F] = "Cameramaker"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"taken at home")
    assert b"Cameramaker" in out.getvalue()
    large = resized(out.getvalue())["large"]
    assert opened(large).size == (20, 40)
    assert not opened(large).getexif()
    assert b"Cameramaker" not in large
    assert b"taken at home" not in large


def test_texts_in_a_png_are_dropped() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Somebody Private")
    large = resized(drawn(pnginfo=info))["large"]
    assert b"Private" not in large
    assert "Author" not in opened(large).info


@pytest.mark.parametrize(
    ("mode", "colour"),
    [("RGBA", (255, 0, 0, 0)), ("LA", (0, 0)), ("RGB", WHITE), ("L", 255), ("1", 1), ("I;16", 65_535)],
)
def test_what_is_transparent_becomes_white_and_what_is_white_stays_so(mode: str, colour: Any) -> None:
    assert is_near(colour_at(resized(drawn(mode, colour=colour))["large"], (5, 5)), WHITE)


def test_a_palette_with_a_transparent_colour_lies_on_white() -> None:
    image = Image.new("P", (40, 20), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    out = io.BytesIO()
    image.save(out, "PNG", transparency=1)
    assert is_near(colour_at(resized(out.getvalue())["large"], (5, 5)), WHITE)


def test_half_of_16_bits_is_half_of_8() -> None:
    assert is_near(colour_at(resized(drawn("I;16", colour=32_768))["large"], (5, 5)), (128, 128, 128))


def test_a_picture_in_print_colours_is_shown() -> None:
    assert is_near(colour_at(resized(drawn("CMYK", colour=(0, 0, 0, 0), kind="JPEG"))["large"], (5, 5)), WHITE)


def test_colours_of_another_profile_are_brought_to_srgb() -> None:
    large = resized(drawn(icc_profile=profile_with_red_and_blue_swapped()))["large"]
    assert is_near(colour_at(large, (5, 5)), (0, 0, 255))
    assert "icc_profile" not in opened(large).info


def test_a_broken_colour_profile_does_no_harm() -> None:
    assert is_near(colour_at(resized(drawn(icc_profile=b"not a profile"))["large"], (5, 5)), RED)


def test_of_an_animation_the_first_frame_is_taken() -> None:
    frames = [Image.new("RGB", (40, 20), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    assert is_near(colour_at(resized(out.getvalue())["large"], (5, 5)), RED)


def test_a_kept_picture_has_an_id_that_fits_into_an_address() -> None:
    store = FakePictures()
    first, second = (accept_picture(store, drawn()) for _ in range(2))
    assert first != second
    assert re.fullmatch("[a-z0-9]{16}", first)
    assert set(store.saved[first]) == {"small", "medium", "large"}


def test_an_upload_is_checked_again_on_arrival() -> None:
    store = FakePictures()
    store.uploads = {"uploads/1/a": drawn(), "uploads/1/b": b"a text", "uploads/2/c": drawn()}
    assert accept_upload(store, 1, "uploads/1/a") in store.saved
    for key in ("uploads/1/b", "uploads/2/c", "uploads/1/missing"):
        with pytest.raises(Invalid):
            accept_upload(store, 1, key)
    assert len(store.saved) == 1


def test_nine_pictures_are_too_many_and_none_is_kept() -> None:
    store = FakePictures()
    with pytest.raises(Invalid) as caught:
        accept_pictures(store, [drawn()] * 9)
    assert (caught.value.reason, caught.value.facts) == ("too_many", {"most": 8})
    assert not store.saved
    assert len(accept_pictures(store, [drawn()] * 8)) == 8


def test_one_bad_picture_among_good_ones_keeps_none() -> None:
    store = FakePictures()
    with pytest.raises(Invalid):
        accept_pictures(store, [drawn(), b"no picture"])
    assert not store.saved


def profile_with_red_and_blue_swapped() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")


def refused(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        resized(data)
    assert caught.value.field == "images"
    return caught.value.reason
