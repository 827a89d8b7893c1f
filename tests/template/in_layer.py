"""Uses the content of the built layer, piece by piece. Run by test_layer.py in a Python that has nothing else.

Arguments: our packages. The adapters have a test of their own: `tests/sam/test_adapters.py`.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import io
import marshal
import pkgutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

PACKAGES = sys.argv[1:]


def every_module_of_ours() -> None:
    for name in PACKAGES:
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not found.name.startswith("web.compiled."):
                importlib.import_module(found.name)


def methods_of_dataclasses_come_from_the_build() -> None:
    from starbid.acceleration.prepared import PREPARED, VERSION

    if marshal.loads(Path(PREPARED).read_bytes())[0] != VERSION:
        return  # the development environment has another Python than Lambda's
    ours = [module for name, module in sys.modules.items() if name.partition(".")[0] in PACKAGES]
    classes = {each for module in ours for _, each in inspect.getmembers(module, inspect.isclass)}
    classes = set(filter(dataclasses.is_dataclass, classes))
    made_here = [
        each.__qualname__
        for each in classes
        if each.__module__.partition(".")[0] in PACKAGES
        and "__init__" in vars(each)
        and each.__init__.__code__.co_filename != "<dataclass>"
    ]
    assert len(classes) > 50
    assert not made_here, made_here


def patterns_match() -> None:
    from urllib3.util import parse_url

    from starbid.observability import scrubbed

    assert scrubbed("bot 1234567:" + "a" * 35) == "bot ***"
    assert parse_url("https://user@[::1]:8443/a%20b?c=d#e").host == "[::1]"


def pictures() -> None:
    from PIL import Image, ImageCms

    from starbid.telegram.photos import drawing

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    shapes = {
        "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
        "JPEG": ("L", "RGB", "CMYK"),
        "WEBP": ("RGB", "RGBA"),
    }
    for kind, modes in shapes.items():
        for mode in modes:
            more = {} if mode == "I;16" else {"exif": held(6), "icc_profile": profile}
            sizes_are(saved(Image.new(mode, (400, 300)), kind, **more), upright=mode == "I;16")
    for way in range(1, 9):
        sizes_are(saved(Image.new("RGB", (400, 300)), "JPEG", exif=held(way)), upright=way < 5)
    plain = Image.new("RGB", (400, 300))
    sizes_are(saved(plain, "JPEG", progressive=True, icc_profile=b"no profile"))
    sizes_are(saved(plain.quantize(16), "PNG", transparency=0))
    sizes_are(saved(plain, "WEBP", lossless=True))
    sizes_are(saved(Image.new("RGB", (2000, 1500)), "PNG"), large=True)
    sizes_are(saved(plain, "WEBP", save_all=True, append_images=[Image.new("RGB", plain.size, "red")]))
    assert drawing().startswith(b"\xff\xd8")


def held(way: int) -> Image.Exif:
    from PIL import Image

    notes = Image.Exif()
    notes[0x0112] = way
    return notes


def saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **more)
    return buffer.getvalue()


def sizes_are(data: bytes, upright: bool = True, large: bool = False) -> None:
    """The sizes of a picture of 400 by 300 pixels, turned or not, or of a large one of that shape."""
    from PIL import Image

    from starbid.imaging.decoding import for_lot

    made = {}
    for name, content in for_lot(data).items():
        with Image.open(io.BytesIO(content), formats=("WEBP" if name.endswith(".webp") else "JPEG",)) as picture:
            picture.load()
            made[name] = picture.size if upright else picture.size[::-1]
    for name in [name for name in made if name.endswith(".webp")]:
        assert made.pop(name) == made[name.removesuffix(".webp")], name
    bigger = {"medium": (800, 600), "large": (1600, 1200)} if large else dict.fromkeys(("medium", "large"), (400, 300))
    assert made == {"small": (320, 240)} | bigger, made


def other_files_are_refused_as_pictures() -> None:
    from starbid.domain.errors import Invalid
    from starbid.imaging.decoding import resized

    for data in (b"", b"GIF89a" + bytes(100), b"BM" + bytes(100), b"II*\0" + bytes(100), b"\x89PNG\r\n\x1a\n"):
        try:
            resized(data)
        except Invalid:
            continue
        raise AssertionError(data)


def forms_with_files() -> None:
    from web.kernel.forms import read_form

    lines = ("--b", 'Content-Disposition: form-data; name="images"; filename="a.png"', "", "data", "--b--", "")
    form = read_form("multipart/form-data; boundary=b", "\r\n".join(lines).encode())
    assert [upload.data for upload in form.files("images")] == [b"data"]


def words() -> None:
    from starbid.i18n import language
    from starbid.storage.catalogue.terms import query_terms

    assert query_terms("лампы lamps") == ("ламп", "lamp")
    assert language("ru")._("ended") != "ended"


def time_zones() -> None:
    import zoneinfo

    zoneinfo.reset_tzpath(to=[])

    from starbid.zones import all_names, zone_called

    assert zone_called("America/Argentina/Ushuaia")
    assert "Asia/Kathmandu" in all_names()


def prompts() -> None:
    """Files beside the code, which no import finds."""
    from datetime import UTC, datetime

    from starbid.domain.assistant.question import Place, Question, Task
    from starbid.services.assistant.prompting import Facts, LotWords, prompt_of

    facts = Facts("Starbid", "100 Stars", 5, 7, 7, "Telegram Stars", ("other",))
    for task in Task:
        question = Question("q", 7, "Is it of brass?", datetime.now(UTC), task, Place.CHAT)
        lot = LotWords("A lamp", "Of brass", "other") if task is Task.LOT else None
        assert "brass" in prompt_of(question, "en", facts, lot, (), 100)[-1].text


def lines_in_the_log() -> None:
    from starbid.observability import count, logger

    try:
        raise ValueError("for the log")
    except ValueError:
        logger("test").exception("a line", extra={"lot": "x"})
    count("test", "Things")


every_module_of_ours()
methods_of_dataclasses_come_from_the_build()
patterns_match()
pictures()
other_files_are_refused_as_pictures()
forms_with_files()
words()
time_zones()
prompts()
lines_in_the_log()
print("all there")
