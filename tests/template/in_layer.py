"""Uses what the built layer carries, piece by piece. Run by test_layer.py in a Python that has nothing else."""

import dataclasses
import importlib
import inspect
import io
import json
import marshal
import pkgutil
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

PACKAGES = ("starbid", "webhook", "web", "auction_closer", "payments", "notifier")
MESSAGE = {"message_id": 7, "date": 1, "chat": {"id": 1, "type": "private"}, "photo": [{"file_id": "f"}]}


class Telegram(BaseHTTPRequestHandler):
    """Takes every call as done."""

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        body = json.dumps({"ok": True, "result": MESSAGE}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def every_module_of_ours():
    for name in PACKAGES:
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not found.name.startswith("web.compiled."):
                importlib.import_module(found.name)


def methods_of_dataclasses_come_from_the_build():
    from starbid.acceleration.prepared import PREPARED, VERSION

    if marshal.loads(Path(PREPARED).read_bytes())[0] != VERSION:
        return  # the development environment is of another Python than the Lambda's
    ours = [module for name, module in sys.modules.items() if name.partition(".")[0] in PACKAGES]
    classes = {each for module in ours for _, each in inspect.getmembers(module, dataclasses.is_dataclass)}
    made_here = [
        each.__qualname__
        for each in classes
        if each.__module__.partition(".")[0] in PACKAGES
        and "__init__" in vars(each)
        and each.__init__.__code__.co_filename != "<dataclass>"
    ]
    assert len(classes) > 50
    assert not made_here, made_here


def patterns_match():
    from urllib3.util import parse_url

    from starbid.observability import scrubbed

    assert scrubbed("bot 1234567:" + "a" * 35) == "bot ***"
    assert parse_url("https://user@[::1]:8443/a%20b?c=d#e").host == "[::1]"


def pictures():
    from PIL import Image, ImageCms

    from starbid.telegram.photos import drawing
    from web.pictures import resized

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    turned = Image.Exif()
    turned[0x0112] = 6
    shapes = {
        "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
        "JPEG": ("L", "RGB", "CMYK"),
        "WEBP": ("RGB", "RGBA"),
    }
    for kind, modes in shapes.items():
        for mode in modes:
            more = {} if mode == "I;16" else {"exif": turned, "icc_profile": profile}
            buffer = io.BytesIO()
            Image.new(mode, (400, 300)).save(buffer, kind, **more)
            sizes = resized(buffer.getvalue())
            assert all(data.startswith(b"\xff\xd8") for data in sizes.values()), (kind, mode)
    frames = io.BytesIO()
    Image.new("RGB", (40, 30)).save(frames, "WEBP", save_all=True, append_images=[Image.new("RGB", (40, 30), "red")])
    resized(frames.getvalue())
    assert drawing().startswith(b"\xff\xd8")


def other_files_are_refused_as_pictures():
    from starbid.domain.errors import Invalid
    from web.pictures import resized

    for data in (b"", b"GIF89a" + bytes(100), b"BM" + bytes(100), b"II*\0" + bytes(100), b"\x89PNG\r\n\x1a\n"):
        try:
            resized(data)
        except Invalid:
            continue
        raise AssertionError(data)


def calls_to_telegram():
    from starbid.telegram.bot_api import BotApi
    from starbid.telegram.keyboards import Button

    server = HTTPServer(("127.0.0.1", 0), Telegram)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    bot = BotApi("1:token", f"http://127.0.0.1:{server.server_address[1]}", test=False)
    keyboard = ((Button("press", data="x"), Button("open", url="https://example.org")),)
    assert bot.send_message(1, "<b>hello</b>", keyboard).message_id == 7
    assert bot.send_photo(1, b"\xff\xd8", "a lamp", keyboard).file_id == "f"
    assert bot.edit_photo(1, 7, "f", "a lamp", keyboard)
    assert bot.edit_text(1, 7, "hello")
    assert bot.edit_caption(1, 7, "hello")
    assert bot.answer_callback("q")
    assert bot.send_invoice(1, "title", "words", "payload", 100, ()).message_id == 7
    assert bot.create_invoice_link("title", "words", "payload", 100, monthly=True)
    bot.refund_stars(1, "charge")
    server.shutdown()


def words():
    import snowballstemmer

    from starbid.i18n import language

    assert snowballstemmer.stemmer("russian").stemWord("лампы") == "ламп"
    assert snowballstemmer.stemmer("english").stemWord("lamps") == "lamp"
    assert language("ru")._("ended") != "ended"


def lines_in_the_log():
    from starbid.observability import count, logger

    try:
        raise ValueError("for the log")
    except ValueError:
        logger("test").exception("a line", extra={"lot": "x"})
    count("test", "Things")


def clients_of_aws():
    from starbid.acceleration.models import MODELS
    from starbid.storage.clients import client

    assert MODELS.is_dir()
    for service in ("dynamodb", "s3", "scheduler", "sqs", "ssm"):
        client(service)
    keeping_pictures = {"CopyObject", "GetObject", "HeadObject", "PutObject"}
    assert keeping_pictures <= set(client("s3").meta.service_model.operation_names)


every_module_of_ours()
methods_of_dataclasses_come_from_the_build()
patterns_match()
pictures()
other_files_are_refused_as_pictures()
calls_to_telegram()
words()
lines_in_the_log()
clients_of_aws()
print("all there")
