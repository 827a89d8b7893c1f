"""Removes from a freshly installed layer, any of them, what no function uses.

`python -m starbid.acceleration.build.slim_layer FOLDER`. `tests/template/test_layer.py` proves that nothing is missing.
"""

from __future__ import annotations

import shutil
import struct
import sys
from pathlib import Path

UNUSED = (
    "bin",
    ".lock",
    "**/py.typed",
    "**/*.pyi",
    # python-telegram-bot's dispatcher is not used; of powertools only the logger is.
    "telegram/ext",
    "aws_lambda_powertools/event_handler",
    "aws_lambda_powertools/utilities/[!_js]*",
    "aws_lambda_powertools/utilities/streaming",
    "urllib3/contrib/emscripten",
    # pymorphy3's command and the probabilities that put parses in order.
    "pymorphy3/cli.py",
    "pymorphy3/opencorpora_dict/preprocess.py",
    "pymorphy3_dicts_ru/data/p_t_given_w.intdawg",
    # cryptography uses the library below cffi alone.
    "cffi",
    # Tables of the time zones; the zones themselves stay.
    "tzdata/zoneinfo/*.tab",
    "tzdata/zoneinfo/tzdata.zi",
    "tzdata/zoneinfo/leapseconds",
    # Pillow's other formats, text, windows, arithmetic and morphing.
    "PIL/_avif*",
    "PIL/_imagingft*",
    "PIL/_imagingmath*",
    "PIL/_imagingmorph*",
    "PIL/_imagingtk*",
    "pillow.libs/libavif*",
    "pillow.libs/libbrotli*",
    "pillow.libs/libfreetype*",
    "pillow.libs/libharfbuzz*",
    "pillow.libs/libpng*",
)
# fmt: off
PICTURES = frozenset({
    "__init__", "_binary", "_deprecate", "_typing", "_util", "_version", "ExifTags", "GimpGradientFile",
    "GimpPaletteFile", "Image", "ImageChops", "ImageCms", "ImageColor", "ImageDraw", "ImageFile", "ImageFilter",
    "ImageFont", "ImageMode", "ImageOps", "ImagePalette", "ImageSequence", "ImageText", "JpegImagePlugin",
    "JpegPresets", "MpoImagePlugin", "PaletteFile", "PngImagePlugin", "TiffImagePlugin", "TiffTags",
    "WebPImagePlugin",
})
# fmt: on
"""Pillow's modules for PNG, JPEG and WebP; it tries to import the other formats and works without them."""
ELF_64_LITTLE = b"\x7fELF\x02\x01"


def main(folder: Path) -> None:
    for pattern in UNUSED:
        for path in list(folder.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for module in (folder / "PIL").glob("*.py"):
        if module.stem not in PICTURES:
            module.unlink()
    for about in folder.glob("*.dist-info"):
        shorten(about)
    for library in [*folder.rglob("*.so"), *folder.glob("*.libs/*")]:
        library.write_bytes(without_sections(library.read_bytes()))


def shorten(about: Path) -> None:
    """Name, version and licence of each package stay, for scanners of known vulnerabilities."""
    metadata = about / "METADATA"
    header = metadata.read_text("utf-8").partition("\n\n")[0]
    for path in about.iterdir():
        if path.is_file() and not path.name.startswith(("LICENSE", "COPYING")):
            path.unlink()
        elif path.name == "sboms":
            shutil.rmtree(path)
    metadata.write_text(header + "\n", "utf-8")


def without_sections(library: bytes) -> bytes:
    """A shared library without its debug information; unchanged if it is of another format."""
    if not library.startswith(ELF_64_LITTLE):
        return library
    (segments_at,) = struct.unpack_from("<Q", library, 32)
    size, number = struct.unpack_from("<HH", library, 54)
    kept = bytearray(len(library))  # nothing moves, and zeros compress to nothing
    kept[: segments_at + size * number] = library[: segments_at + size * number]
    for segment in range(segments_at, segments_at + size * number, size):
        offset, _, _, length = struct.unpack_from("<4Q", library, segment + 8)
        kept[offset : offset + length] = library[offset : offset + length]
    struct.pack_into("<Q", kept, 40, 0)  # the offset of the table of sections
    struct.pack_into("<HH", kept, 60, 0, 0)  # their number, and the one with their names
    return bytes(kept)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
