"""Picture files made by code: whole ones of every kind, and what breaks on the way to us."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageCms

SIZE = WIDTH, HEIGHT = 96, 64
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def painted(mode: str = "RGB") -> Image.Image:
    """Something that fills a file: noise over two colours, red above and blue below."""
    image = Image.effect_noise(SIZE, 60).convert("RGB")
    plain = Image.new("RGB", SIZE, "red")
    plain.paste("blue", (0, HEIGHT // 2, WIDTH, HEIGHT))
    return Image.blend(plain, image, 0.2).convert(mode)


def saved(kind: str, mode: str = "RGB", **how: Any) -> bytes:
    out = io.BytesIO()
    painted(mode).save(out, kind, **how)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def chunks_of(png: bytes) -> list[tuple[bytes, bytes]]:
    found, at = list[tuple[bytes, bytes]](), len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        found.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += length + 12
    return found


def png_of(chunks: list[tuple[bytes, bytes]]) -> bytes:
    return _SIGNATURE + b"".join(chunk(kind, data) for kind, data in chunks)


def png_with(*more: tuple[bytes, bytes], behind: bool = False, **how: Any) -> bytes:
    """More chunks behind the first one, or before the last."""
    first, *rest, last = chunks_of(saved("PNG", **how))
    return png_of([first, *rest, *more, last] if behind else [first, *more, *rest, last])


def wrong_crc(png: bytes, kind: bytes) -> bytes:
    at = png.index(kind) - 4
    end = at + 8 + struct.unpack_from(">I", png, at)[0]
    return png[:end] + bytes(byte ^ 0xFF for byte in png[end : end + 4]) + png[end + 4 :]


def jpeg_with(*segments: tuple[int, bytes], **how: Any) -> bytes:
    photo = saved("JPEG", **how)
    made = b"".join(bytes((0xFF, kind)) + struct.pack(">H", len(data) + 2) + data for kind, data in segments)
    return photo[:2] + made + photo[2:]


def webp_with(kind: bytes, flag: int, data: bytes) -> bytes:
    """An extended WebP with one more part."""
    body = saved("WEBP")[12:]
    sides = b"".join((side - 1).to_bytes(3, "little") for side in SIZE)
    extended = b"VP8X" + struct.pack("<I", 10) + bytes((flag, 0, 0, 0)) + sides
    part = kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
    parts = extended + (part + body if kind == b"ICCP" else body + part)
    return b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WEBP" + parts


def profile(room: int = 0) -> bytes:
    """A colour profile, as large as one likes."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return struct.pack(">I", len(plain) + room) + plain[4:] + bytes(room)


def profile_in_jpeg(data: bytes) -> list[tuple[int, bytes]]:
    parts = [data[at : at + 65_000] for at in range(0, len(data), 65_000)]
    return [(0xE2, b"ICC_PROFILE\0" + bytes((number, len(parts))) + part) for number, part in enumerate(parts, 1)]


def several(kind: str, **how: Any) -> bytes:
    return saved(kind, save_all=True, append_images=[Image.new("RGB", SIZE, "green")], duration=100, **how)


def exif(turned: int) -> Image.Exif:
    notes = Image.Exif()
    notes[0x0112] = turned
    return notes


MUCH = 1_500_000
_TEXT = b"Comment\0" + b"a" * MUCH
_PACKED = b"Comment\0\0" + zlib.compress(b"a" * MUCH)
_MARKED = b"Comment\0\1\0\0\0" + zlib.compress(b"a" * MUCH)


def sixteen_bits() -> bytes:
    rows = b"".join(
        b"\0" + bytes(pixel for x in range(WIDTH) for pixel in (255, 255, x, y, 0, 0)) for y in range(HEIGHT)
    )
    head = struct.pack(">IIBBBBB", *SIZE, 16, 2, 0, 0, 0)
    return png_of([(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")])


def interlaced() -> bytes:
    """Adam7, which Pillow does not write."""
    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
    image, rows = painted("L").load(), b""
    assert image
    for left, top, right, down in passes:
        for y in range(top, HEIGHT, down):
            rows += b"\0" + bytes(image[x, y] for x in range(left, WIDTH, right))  # type: ignore[misc]
    head = struct.pack(">IIBBBBB", *SIZE, 8, 0, 0, 0, 1)
    return png_of([(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")])


def in_parts(png: bytes, count: int) -> bytes:
    found = chunks_of(png)
    pixels = b"".join(data for kind, data in found if kind == b"IDAT")
    step = len(pixels) // count + 1
    parts = [(b"IDAT", pixels[at : at + step]) for at in range(0, len(pixels), step)]
    return png_of([(k, d) for k, d in found if k not in (b"IDAT", b"IEND")] + parts + [(b"IEND", b"")])


def without_zlib_end(png: bytes, drop: int) -> bytes:
    return png_of([(k, d[:-drop] if k == b"IDAT" else d) for k, d in chunks_of(png)])


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def too_many_rows() -> bytes:
    found = dict(chunks_of(saved("PNG")))
    rows = zlib.decompress(found[b"IDAT"]) + bytes(5000)
    return png_of([(b"IHDR", found[b"IHDR"]), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")])


def wrong_sum(png: bytes) -> bytes:
    return png_of([(k, d[:-4] + b"abcd" if k == b"IDAT" else d) for k, d in chunks_of(png)])


def broken_middle(data: bytes) -> bytes:
    half = len(data) // 2
    return data[:half] + bytes(byte ^ 0x55 for byte in data[half : half + 40]) + data[half + 40 :]


def in_two_places() -> bytes:
    found = chunks_of(in_parts(saved("PNG"), 2))
    return png_of([*found[:-2], (b"tEXt", b"a\0b"), *found[-2:]])


def strange_head(at: int) -> bytes:
    return png_of([(k, d[:at] + b"\x05" + d[at + 1 :] if k == b"IHDR" else d) for k, d in chunks_of(saved("PNG"))])


WHOLE: dict[str, Callable[[], bytes]] = {
    "png": lambda: saved("PNG"),
    "png grey": lambda: saved("PNG", "L"),
    "png grey and clear": lambda: saved("PNG", "LA"),
    "png clear": lambda: saved("PNG", "RGBA"),
    "png two colours": lambda: saved("PNG", "1"),
    "png palette": lambda: saved("PNG", "P"),
    "png palette with a clear colour": lambda: saved("PNG", "P", transparency=3),
    "png palette with many clear colours": lambda: saved("PNG", "P", transparency=bytes(range(256))),
    "png colour that is clear": lambda: saved("PNG", transparency=(255, 0, 0)),
    "png of 16 bits": lambda: saved("PNG", "I;16"),
    "png of 16 bits and three colours": sixteen_bits,
    "png interlaced": interlaced,
    "png animated": lambda: several("PNG"),
    "png in many parts": lambda: in_parts(saved("PNG"), 40),
    "jpeg": lambda: saved("JPEG"),
    "jpeg grey": lambda: saved("JPEG", "L"),
    "jpeg for print": lambda: saved("JPEG", "CMYK"),
    "jpeg progressive": lambda: saved("JPEG", progressive=True),
    "jpeg with restarts": lambda: saved("JPEG", restart_marker_blocks=2),
    "jpeg without subsampling": lambda: saved("JPEG", subsampling=0, quality=100),
    "webp": lambda: saved("WEBP"),
    "webp lossless": lambda: saved("WEBP", lossless=True),
    "webp clear": lambda: saved("WEBP", "RGBA"),
    "webp animated": lambda: several("WEBP"),
    **{
        f"{kind} turned {turned}": lambda kind=kind, turned=turned: saved(kind, exif=exif(turned))  # type: ignore[misc]
        for kind in ("JPEG", "PNG", "WEBP")
        for turned in range(1, 9)
    },
}


ODD: dict[str, Callable[[], bytes]] = {
    "png with 1.5 MB of text": lambda: png_with((b"tEXt", _TEXT)),
    "png with 1.5 MB of packed text": lambda: png_with((b"zTXt", _PACKED)),
    "png with 1.5 MB of marked text": lambda: png_with((b"iTXt", _MARKED)),
    "png with 1.5 MB of text at the end": lambda: png_with((b"tEXt", _TEXT), behind=True),
    "png with 1.5 MB of packed text at the end": lambda: png_with((b"zTXt", _PACKED), behind=True),
    "png with 1.5 MB of marked text at the end": lambda: png_with((b"iTXt", _MARKED), behind=True),
    "png with broken packed text": lambda: png_with((b"zTXt", b"a\0\0garbage")),
    "png with text packed in a strange way": lambda: png_with((b"zTXt", b"a\0\7garbage")),
    "png with a profile of 1.5 MB": lambda: png_with((b"iCCP", b"a\0\0" + zlib.compress(profile(MUCH)))),
    "png with a stored profile of 1.5 MB": lambda: png_with((b"iCCP", b"a\0\0" + zlib.compress(profile(MUCH), 0))),
    "png with a broken profile": lambda: png_with((b"iCCP", b"a\0\0garbage")),
    "png with a profile packed in a strange way": lambda: png_with((b"iCCP", b"a\0\7garbage")),
    "png with a profile cut off": lambda: png_with((b"iCCP", b"a\0")),
    "png with an empty profile": lambda: png_with((b"iCCP", b"")),
    "png with two profiles": lambda: png_with(*[(b"iCCP", b"a\0\0" + zlib.compress(profile()))] * 2),
    "png with short notes of colour": lambda: png_with(
        (b"gAMA", b""), (b"cHRM", b"ab"), (b"sRGB", b""), (b"pHYs", b"a")
    ),
    "png with a short clear colour": lambda: png_with((b"tRNS", b"a")),
    "png with an unknown part": lambda: png_with((b"abCd", b"hello")),
    "png with an unknown part that one must know": lambda: png_with((b"ABCD", b"hello")),
    "png with a part of no name": lambda: png_with((b"\0\1\2\3", b"hello")),
    "png with a short animation": lambda: png_with((b"acTL", b"a")),
    "png with an animation of no frames": lambda: png_with((b"acTL", bytes(8))),
    "png with a frame out of order": lambda: png_with(
        (b"acTL", struct.pack(">II", 2, 0)), (b"fcTL", struct.pack(">I", 7) + bytes(22))
    ),
    "png without its end": lambda: saved("PNG")[:-12],
    "png with half its end": lambda: saved("PNG")[:-6],
    "png without the end's checksum": lambda: saved("PNG")[:-4],
    "png without the checksum of its pixels": lambda: saved("PNG")[:-16],
    "png without its pixels' last byte": lambda: saved("PNG")[:-17],
    "png without the end of its packing": lambda: without_zlib_end(saved("PNG"), 4),
    "png without 100 bytes": lambda: saved("PNG")[:-116],
    "png without a tenth": lambda: cut(saved("PNG"), 0.9),
    "png half": lambda: cut(saved("PNG"), 0.5),
    "png tenth": lambda: cut(saved("PNG"), 0.1),
    "png no pixels": lambda: png_of([c for c in chunks_of(saved("PNG")) if c[0] != b"IDAT"]),
    "png empty pixels": lambda: png_of([(k, b"" if k == b"IDAT" else d) for k, d in chunks_of(saved("PNG"))]),
    "png with more behind it": lambda: saved("PNG") + b"hello" * 1000,
    "png with a little behind it": lambda: saved("PNG") + b"\0",
    "png with another behind it": lambda: saved("PNG") + saved("PNG"),
    "png with more behind its last row": too_many_rows,
    "png with a wrong checksum of its head": lambda: wrong_crc(saved("PNG"), b"IHDR"),
    "png with a wrong checksum of its pixels": lambda: wrong_crc(saved("PNG"), b"IDAT"),
    "png with a wrong checksum of its palette": lambda: wrong_crc(saved("PNG", "P"), b"PLTE"),
    "png with a wrong checksum of its clear colours": lambda: wrong_crc(saved("PNG", "P", transparency=3), b"tRNS"),
    "png with a wrong checksum of its text": lambda: wrong_crc(png_with((b"tEXt", b"a\0b")), b"tEXt"),
    "png with a wrong checksum of its end": lambda: wrong_crc(saved("PNG"), b"IEND"),
    "png with a wrong checksum of its packing": lambda: wrong_sum(saved("PNG")),
    "png with a broken pixel": lambda: broken_middle(saved("PNG")),
    "png palette that is missing": lambda: png_of([c for c in chunks_of(saved("PNG", "P")) if c[0] != b"PLTE"]),
    "png pixels in two places": in_two_places,
    "png strange filter": lambda: strange_head(11),
    "png strange depth": lambda: strange_head(8),
    "jpeg with 1.5 MB of text": lambda: jpeg_with(*[(0xFE, b"a" * 60_000)] * 25),
    "jpeg with 1.5 MB of notes": lambda: jpeg_with(*[(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b"a" * 60_000)] * 25),
    "jpeg with 1.5 MB of profile": lambda: jpeg_with(*profile_in_jpeg(profile(MUCH))),
    "jpeg with a profile in wrong parts": lambda: jpeg_with(*profile_in_jpeg(profile(200_000))[::-1][:2]),
    "jpeg with a strange density": lambda: jpeg_with((0xE0, b"JFIF\0")),
    "jpeg with a strange Adobe": lambda: jpeg_with((0xEE, b"Adobe")),
    "jpeg with strange notes of Photoshop": lambda: jpeg_with((0xED, b"Photoshop 3.0\x008BIM")),
    "jpeg with a strange list of pictures": lambda: jpeg_with((0xE2, b"MPF\0garbage")),
    "jpeg without its end": lambda: saved("JPEG")[:-2],
    "jpeg without half its end": lambda: saved("JPEG")[:-1],
    "jpeg without 3 bytes": lambda: saved("JPEG")[:-3],
    "jpeg without 40 bytes": lambda: saved("JPEG")[:-40],
    "jpeg without a tenth": lambda: cut(saved("JPEG"), 0.9),
    "jpeg half": lambda: cut(saved("JPEG"), 0.5),
    "jpeg no pixels": lambda: saved("JPEG")[: saved("JPEG").index(b"\xff\xda") + 14],
    "jpeg no scan": lambda: saved("JPEG")[: saved("JPEG").index(b"\xff\xda")],
    "jpeg progressive without its end": lambda: saved("JPEG", progressive=True)[:-2],
    "jpeg progressive without a tenth": lambda: cut(saved("JPEG", progressive=True), 0.9),
    "jpeg progressive half": lambda: cut(saved("JPEG", progressive=True), 0.5),
    "jpeg for print without its end": lambda: saved("JPEG", "CMYK")[:-2],
    "jpeg for print half": lambda: cut(saved("JPEG", "CMYK"), 0.5),
    "jpeg grey without its end": lambda: saved("JPEG", "L")[:-2],
    "jpeg grey half": lambda: cut(saved("JPEG", "L"), 0.5),
    "jpeg with more behind it": lambda: saved("JPEG") + b"hello" * 1000,
    "jpeg with another behind it": lambda: saved("JPEG") + saved("JPEG"),
    "jpeg with noughts for its end": lambda: saved("JPEG")[:-2] + bytes(500),
    "jpeg with a wrong length": lambda: jpeg_with((0xFE, b"a"))[:4] + b"\x00\x01" + jpeg_with((0xFE, b"a"))[6:],
    "jpeg with a broken pixel": lambda: broken_middle(saved("JPEG")),
    "jpeg with filling": lambda: saved("JPEG")[:2] + b"\xff" * 50 + saved("JPEG")[2:],
    "webp with 1.5 MB of notes": lambda: webp_with(b"XMP ", 4, b"a" * MUCH),
    "webp with 1.5 MB of camera's notes": lambda: webp_with(b"EXIF", 8, b"II*\0" + b"a" * MUCH),
    "webp with a profile of 1.5 MB": lambda: webp_with(b"ICCP", 32, profile(MUCH)),
    "webp with a broken profile": lambda: webp_with(b"ICCP", 32, b"garbage"),
    "webp with an unknown part": lambda: webp_with(b"ABCD", 0, b"hello"),
    "webp without its last byte": lambda: saved("WEBP")[:-1],
    "webp without its last two bytes": lambda: saved("WEBP")[:-2],
    "webp without a tenth": lambda: cut(saved("WEBP"), 0.9),
    "webp half": lambda: cut(saved("WEBP"), 0.5),
    "webp lossless without its last byte": lambda: saved("WEBP", lossless=True)[:-1],
    "webp lossless half": lambda: cut(saved("WEBP", lossless=True), 0.5),
    "webp clear half": lambda: cut(saved("WEBP", "RGBA"), 0.5),
    "webp animated half": lambda: cut(several("WEBP"), 0.5),
    "webp animated without its last bytes": lambda: several("WEBP")[:-10],
    "webp with more behind it": lambda: saved("WEBP") + b"hello" * 1000,
    "webp with a little behind it": lambda: saved("WEBP") + b"\0",
    "webp with a wrong length": lambda: saved("WEBP")[:4] + b"\xff\xff\0\0" + saved("WEBP")[8:],
    "webp with a short length": lambda: saved("WEBP")[:4] + b"\xff\0\0\0" + saved("WEBP")[8:],
    "webp with a broken pixel": lambda: broken_middle(saved("WEBP")),
}
