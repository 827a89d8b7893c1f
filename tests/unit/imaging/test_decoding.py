"""Pictures: what is taken, what it becomes, and what is refused."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageOps, JpegImagePlugin, PngImagePlugin

from starbid.domain.errors import Invalid
from starbid.imaging.decoding import for_lot, resized
from starbid.imaging.headers import MAX_BYTES
from starbid.imaging.parts import MAX_EXIF, MAX_PROFILE
from tests.support.fakes import START, FakePictures
from web.sell.pictures import accept_picture

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


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_pictures_of_lots_come_as_webp_too_in_the_same_sizes_without_notes(kind: str) -> None:
    made = for_lot(drawn(size=(2000, 1000), kind=kind))
    for size in ("small", "medium", "large"):
        plain, webp = opened(made[size]), opened(made[f"{size}.webp"])
        assert (plain.format, webp.format, webp.size) == ("JPEG", "WEBP", plain.size)
        assert not {"exif", "icc_profile", "xmp"} & set(webp.info)
        assert is_near(colour_at(made[f"{size}.webp"], (5, 5)), colour_at(made[size], (5, 5)))


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
    assert refused(data[: len(data) // 2]) == "picture_broken"


def test_a_picture_of_20_megabytes_is_refused_before_it_is_looked_at() -> None:
    assert refused(drawn() + b"\0" * 20_000_000) == "picture_size"


def test_five_megabytes_are_the_limit_to_the_byte() -> None:
    picture = drawn(kind="JPEG")
    assert resized(picture.ljust(MAX_BYTES, b"\0"))
    assert refused(picture.ljust(MAX_BYTES + 1, b"\0")) == "picture_size"


@pytest.mark.parametrize("size", [(10_000, 10_000), (8_000, 5_001), (12_001, 1), (60_000, 60_000)])
def test_a_picture_with_too_many_pixels_is_refused_by_its_header(size: tuple[int, int]) -> None:
    assert refused(png_header(*size)) == "picture_pixels"


def test_what_the_refusal_says_is_allowed_is_allowed() -> None:
    with pytest.raises(Invalid) as caught:
        resized(png_header(10_000, 10_000))
    most = int(caught.value.facts["most"])
    assert refused(png_header(most, most)) == "picture_broken"  # for its missing pixels, not for their number


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


@pytest.mark.parametrize("more", [b"mpet", bytes(MAX_PROFILE)])
def test_a_colour_profile_that_would_take_seconds_is_left_out(more: bytes) -> None:
    profile = profile_with_red_and_blue_swapped() + more
    assert is_near(colour_at(resized(drawn(icc_profile=profile))["large"], (5, 5)), RED)


def test_a_phone_s_photo_with_a_second_one_in_it_is_the_first() -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (40, 20))])
    assert is_near(colour_at(resized(out.getvalue())["large"], (5, 5)), RED)


def test_of_a_long_photo_no_more_is_decoded_than_its_small_sizes_need(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[tuple[int, int]] = []
    load = JpegImagePlugin.JpegImageFile.load

    def noted(image: JpegImagePlugin.JpegImageFile) -> Any:
        loaded.append(image.size)
        return load(image)

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "load", noted)
    assert opened(resized(drawn(size=(9_600, 1_200), kind="JPEG"))["large"]).size == (1600, 200)
    assert loaded[0] == (2_400, 300)


@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_however_the_camera_was_held_the_picture_stands_upright(turned: int, kind: str) -> None:
    image = Image.new("RGB", (64, 32), "white")
    image.paste("red", (0, 0, 32, 16))
    exif = image.getexif()
    exif[0x0112] = turned
    out = io.BytesIO()
    image.save(out, kind, exif=exif, **({} if kind == "PNG" else {"quality": 95}))
    right = ImageOps.exif_transpose(image)
    large = opened(resized(out.getvalue())["large"]).convert("RGB")
    assert large.size == right.size
    for at in ((4, 4), (right.width - 5, 4), (4, right.height - 5), (right.width - 5, right.height - 5)):
        expected = right.getpixel(at)
        assert isinstance(expected, tuple)
        assert (
            max(abs(a - b) for a, b in zip(colour_at(resized(out.getvalue())["large"], at), expected, strict=True)) < 40
        )


def test_a_camera_s_note_that_cannot_be_read_does_no_harm() -> None:
    photo = drawn(kind="JPEG")
    note = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x03\0\xff\xff\xff\xff" * 900
    segment = b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note
    assert opened(resized(photo[:2] + segment + photo[2:])["large"]).size == (40, 20)


def notes(count: int, size: int, room: int = 0, turned: int = 6) -> bytes:
    """A camera's notes: how it was held, and so many others that claim so many bytes each."""
    held = struct.pack("<HHII", 0x0112, 3, 1, turned)
    others = b"".join(struct.pack("<HHII", 0x1000 + number, 7, size, 8) for number in range(count))
    return b"II*\0" + struct.pack("<IH", 8, count + 1) + held + others + b"\0" * (4 + room)


def png_with(exif: bytes) -> bytes:
    photo = drawn()
    chunk = b"eXIf" + exif
    return photo[:33] + struct.pack(">I", len(exif)) + chunk + struct.pack(">I", zlib.crc32(chunk)) + photo[33:]


def jpeg_with(exif: bytes) -> bytes:
    """In as many segments as it takes."""
    photo, made = drawn(kind="JPEG"), b""
    for at in range(0, len(exif), 65_000):
        part = b"Exif\0\0" + exif[at : at + 65_000]
        made += b"\xff\xe1" + struct.pack(">H", len(part) + 2) + part
    return photo[:2] + made + photo[20:]  # without its density, which Pillow then looks for in the notes


@pytest.mark.parametrize("made", [png_with, jpeg_with])
def test_bogus_notes_bring_no_warning(made: Callable[[bytes], bytes], recwarn: pytest.WarningsRecorder) -> None:
    for exif in (notes(60_000, 10**9), notes(900, 10**9), notes(2_000, 1_000_000, room=1_000_000)):
        assert resized(made(exif))
    assert not recwarn.list


@pytest.mark.parametrize("made", [png_with, jpeg_with])
def test_few_notes_are_read_and_too_many_are_not(made: Callable[[bytes], bytes]) -> None:
    assert opened(resized(made(notes(50, 8)))["large"]).size == (20, 40)
    assert opened(resized(made(notes(50, 8, room=MAX_EXIF)))["large"]).size == (40, 20)


@pytest.mark.parametrize("end", range(24))
def test_notes_that_break_off_do_no_harm(end: int) -> None:
    assert opened(resized(png_with(notes(0, 0)[:end]))["large"]).size in ((40, 20), (20, 40))


@pytest.mark.parametrize("turned", [0, 9, 65_535])
def test_a_way_of_holding_that_there_is_not_is_upright(turned: int) -> None:
    assert opened(resized(png_with(notes(0, 0, turned=turned)))["large"]).size == (40, 20)


def test_a_kept_picture_has_an_id_that_fits_into_an_address_and_is_its_owner_s_alone() -> None:
    store = FakePictures()
    first, second = (accept_picture(store, 7, drawn(), START) for _ in range(2))
    assert first != second
    assert re.fullmatch("[a-z0-9]{16}", first)
    sizes = {"small", "medium", "large"}
    assert set(store.drafts[7, first]) == sizes | {f"{size}.webp" for size in sizes}
    assert not store.saved


def profile_with_red_and_blue_swapped() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")


def refused(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        resized(data)
    assert caught.value.field == "images"
    return caught.value.reason
