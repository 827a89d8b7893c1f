"""Pictures that people send: decoded, stripped of everything but their pixels, kept in three sizes.

`accept_picture` for what came with a form, `accept_upload` for what went straight into the bucket. Both answer the
id of the picture, to be put into a lot, and raise Invalid("images", ...) for anything that is no picture.
"""

from __future__ import annotations

import io
import math
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from starbid.domain.errors import Invalid
from starbid.domain.lots import MAX_PICTURES
from starbid.services.ports import Pictures
from web.files import PICTURE_SIZES

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 12_000
FORMATS = ("PNG", "JPEG", "WEBP")
QUALITY = 85
_FIELD = "images"
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_ID_LENGTH = 16


def accept_picture(pictures: Pictures, data: bytes) -> str:
    """Keep a picture; answers its id, [a-z0-9]. Raises Invalid: `picture`, `picture_size`, `picture_pixels`."""
    return _keep(pictures, resized(data))


def accept_upload(pictures: Pictures, user_id: int, key: str) -> str:
    """Keep what this person's browser put into the bucket under `key`. Raises as `accept_picture` does."""
    return accept_picture(pictures, pictures.fetch_upload(user_id, key))


def require_few(number: int) -> None:
    """Raises Invalid for more pictures than a lot may have."""
    if number > MAX_PICTURES:
        raise Invalid(_FIELD, "too_many", most=MAX_PICTURES)


def accept_pictures(pictures: Pictures, files: Sequence[bytes]) -> tuple[str, ...]:
    """Several at once, all checked before any is kept."""
    require_few(len(files))
    checked = [resized(data) for data in files]
    return tuple(_keep(pictures, sizes) for sizes in checked)


def resized(data: bytes) -> dict[str, bytes]:
    """JPEGs by the names of PICTURE_SIZES; the first frame of an animation, never larger than it came."""
    if len(data) > MAX_BYTES:
        raise Invalid(_FIELD, "picture_size")
    try:
        return _resized(data)
    except (Invalid, MemoryError):
        raise
    except Exception as fault:  # a decoder that is fed by strangers may raise anything
        raise Invalid(_FIELD, "picture") from fault


def _keep(pictures: Pictures, sizes: dict[str, bytes]) -> str:
    picture_id = "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))
    pictures.save(picture_id, sizes)
    return picture_id


def _resized(data: bytes) -> dict[str, bytes]:
    from PIL import Image

    image = _decoded(data)
    sizes: dict[str, bytes] = {}
    for name, side in sorted(PICTURE_SIZES.items(), key=lambda item: -item[1]):
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
        sizes[name] = out.getvalue()
    return sizes


def _decoded(data: bytes) -> Image:
    """The pixels on white, upright, in sRGB, without anything else of the file."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _require_size(*image.size)
            image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid(_FIELD, "picture_pixels", most=math.isqrt(MAX_PIXELS)) from None
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:  # what was verified cannot be loaded any more
        profile = image.info.get("icc_profile")
        largest = max(PICTURE_SIZES.values())
        image.draft("RGB", (largest, largest))
        image.load()
        return _in_srgb(_on_white(ImageOps.exif_transpose(image)), profile)


def _require_size(width: int, height: int) -> None:
    """From the header, before anything is decoded."""
    if max(width, height) > MAX_SIDE:
        raise Invalid(_FIELD, "picture_pixels", most=MAX_SIDE)
    if width * height > MAX_PIXELS:
        raise Invalid(_FIELD, "picture_pixels", most=math.isqrt(MAX_PIXELS))


def _on_white(image: Image) -> Image:
    """A fresh RGB picture: nothing but pixels comes along."""
    from PIL import Image as Images

    if image.mode.startswith("I"):  # 16 bits a pixel; converting would cut off all but the lowest eight
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    fresh = Images.new("RGB", image.size, "white")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        image = image.convert("RGBA")
        fresh.paste(image, mask=image.getchannel("A"))
    else:
        fresh.paste(image.convert("RGB"))
    return fresh


def _in_srgb(image: Image, profile: bytes | None) -> Image:
    """Colours of a wider space as screens show them; a profile that cannot be read is left out."""
    if not profile:
        return image
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return image
    return _on_white(converted) if converted else image
