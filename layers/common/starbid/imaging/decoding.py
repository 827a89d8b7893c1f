"""Pictures decoded: stripped of everything but their pixels, in three sizes."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from starbid.domain.errors import Invalid
from starbid.imaging.headers import FIELD, Header, read_header, require_little_work
from starbid.imaging.parts import MAX_EXIF, MAX_PROFILE, Unknown, bare_jpeg, bare_png
from starbid.imaging.sizes import PICTURE_SIZES, WEBP

if TYPE_CHECKING:
    from PIL.Image import Image

QUALITY, WEBP_QUALITY, WEBP_EFFORT = 85, 78, 2
"""More effort than 2 of 6 takes twice the time for three per cent."""
MAX_RATIO = 20
"""Of the sides of a picture, as Telegram takes it for a photo."""
_EXIF, _MOST_NOTES, _SHORT = b"Exif\0\0", 1000, 3
_BARE = {"PNG": bare_png, "JPEG": bare_jpeg}
_MADE_UP = range(112, 145)
_LARGEST = max(PICTURE_SIZES.values())
_ORIENTATION = 0x0112


def all_resized(files: Sequence[bytes]) -> list[dict[str, bytes]]:
    """Each as `resized` does it. Raises Invalid for the first at fault, and where all are too much work together."""
    require_little_work(map(read_header, files))
    return [resized(data) for data in files]


def all_for_lots(files: Sequence[bytes]) -> list[dict[str, bytes]]:
    """The same with each size as WebP too: pictures of lots are looked at most."""
    require_little_work(map(read_header, files))
    return [for_lot(data) for data in files]


def for_lot(data: bytes) -> dict[str, bytes]:
    """As `resized` does it, and each size as WebP, by its name with WEBP behind it."""
    return resized(data, with_webp=True)


def resized(data: bytes, *, with_webp: bool = False) -> dict[str, bytes]:
    """JPEGs by the names of PICTURE_SIZES; the first frame of an animation, never larger than it came, but for what it
    lacks to MAX_RATIO.

    Raises Invalid: as `read_header` does, `picture` for what cannot be shown, `picture_broken` for a file that lacks a
    part of it.
    """
    header = read_header(data)
    warnings.filterwarnings("ignore", module=r"PIL\.")  # for good: threads share the filters
    try:
        return _resized(data, header, with_webp)
    except (Invalid, MemoryError):
        raise
    except Unknown as fault:
        raise Invalid(FIELD, "picture") from fault
    except Exception as fault:  # a decoder that is fed by strangers may raise anything
        raise Invalid(FIELD, "picture_broken") from fault


def _resized(data: bytes, header: Header, with_webp: bool) -> dict[str, bytes]:
    from PIL import Image

    image = _padded(_decoded(data, header))
    sizes: dict[str, bytes] = {}
    for name, side in sorted(PICTURE_SIZES.items(), key=lambda item: -item[1]):
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        sizes[name] = _saved(image, "JPEG", quality=QUALITY, optimize=True, progressive=True)
        if with_webp:
            sizes[name + WEBP] = _saved(image, "WEBP", quality=WEBP_QUALITY, method=WEBP_EFFORT)
    return sizes


def _saved(image: Image, kind: str, **how: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def _padded(image: Image) -> Image:
    """With white beside one that is longer than MAX_RATIO, so that it can be shown wherever pictures are."""
    from PIL import Image as Images

    least = -(-max(image.size) // MAX_RATIO)
    size = max(image.width, least), max(image.height, least)
    if size == image.size:
        return image
    fresh = Images.new("RGB", size, "white")
    fresh.paste(image, ((size[0] - image.width) // 2, (size[1] - image.height) // 2))
    return fresh


def _decoded(data: bytes, header: Header) -> Image:
    """The pixels on white, upright, in sRGB, without anything else of the file.

    Made small as early as can be: each step costs by the pixel.
    """
    from PIL import Image

    with Image.open(io.BytesIO(_BARE.get(header.format, bytes)(data)), formats=(header.format,)) as image:
        if image.size != (header.width, header.height):
            raise Invalid(FIELD, "picture")
        share = min(1, _LARGEST / max(image.size))
        image.draft("RGB", (int(image.width * share), int(image.height * share)))
        image.load()
        if not header.ends:
            _require_last_line(image)
        small = _scalable(image)
        small.thumbnail((_LARGEST, _LARGEST), Image.Resampling.LANCZOS)
        turned = _upright(small, _orientation(image.info.get("exif")))
        return _in_srgb(_on_white(turned), image.info.get("icc_profile"))


def _require_last_line(image: Image) -> None:
    """Of a JPEG that breaks off the decoder makes up the rest, in a grey that is smooth where it is progressive.

    Raises Invalid where that is a whole line or more; a corner may be missing, as browsers show it.
    """
    last = image.crop((0, image.height - 1, image.width, image.height))
    if all(low in _MADE_UP and high in _MADE_UP for low, high in (band.getextrema() for band in last.split())):
        raise Invalid(FIELD, "picture_broken")


def _scalable(image: Image) -> Image:
    """In a mode whose pixels can be averaged."""
    if image.mode.startswith("I"):  # 16 bits a pixel; converting would cut off all but the lowest eight
        return image.convert("I").point([value // 256 for value in range(65_536)], "L")
    if "transparency" in image.info:
        return image.convert("RGBA")
    plain = {"1": "L", "P": "RGB", "PA": "RGBA"}.get(image.mode)
    return image.convert(plain) if plain else image


def _orientation(exif: object) -> int:
    """The camera's note of how it was held, 1 to 8; upright where it cannot be read, or stands among too many."""
    if not isinstance(exif, bytes) or len(exif) > MAX_EXIF:
        return 1
    notes = exif.removeprefix(_EXIF)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(notes[:4])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}I", notes, 4)
        (count,) = struct.unpack_from(f"{order}H", notes, start)
        for index in range(min(count, _MOST_NOTES)):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", notes, start + 2 + 12 * index)
            if (tag, kind) == (_ORIENTATION, _SHORT):
                return int(value)
    except struct.error:  # it ends before its notes do
        pass
    return 1


def _upright(image: Image, orientation: int) -> Image:
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    turn = turns.get(orientation)
    return image if turn is None else image.transpose(turn)


def _on_white(image: Image) -> Image:
    """A fresh RGB picture: nothing but pixels comes along."""
    from PIL import Image as Images

    fresh = Images.new("RGB", image.size, "white")
    if image.mode in ("RGBA", "LA", "RGBa", "La"):
        image = image.convert("RGBA")
        fresh.paste(image, mask=image.getchannel("A"))
    else:
        fresh.paste(image.convert("RGB"))
    return fresh


def _in_srgb(image: Image, profile: bytes | None) -> Image:
    """Colours of a wider space as screens show them; a profile that cannot be read is left out.

    So is one that is a program (`mpet`): a megabyte of its steps takes twenty seconds, and no camera writes them.
    """
    if not profile or len(profile) > MAX_PROFILE or b"mpet" in profile:
        return image
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return image
    return _on_white(converted) if converted else image
