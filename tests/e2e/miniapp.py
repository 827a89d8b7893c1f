"""The Mini App as a browser has it: in a frame of Telegram's web client, over https, with cookies refused or not."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.e2e.client import ENVIRONMENT, Person
from tests.support.bot_server import TOKEN, BotServer
from tests.support.browser import FLAGS, WAIT_MS, another_document, chromium, until
from tests.support.stack import Stack
from tests.support.telegram_web import SITE_URL, TELEGRAM, TelegramWeb
from tests.support.web import signed_init_data

FOLLOW = """path => {
    const link = document.createElement("a");
    link.href = path;
    document.body.append(link);
    link.click();
}"""


@dataclass(frozen=True)
class Browser:
    """`controls`: Chromium's own setting, 1 blocks cookies and storage of third parties, but for partitioned cookies;
    `cookies`: 2 blocks all of both; `attributes`: see TelegramWeb.
    """

    controls: int = 0
    cookies: int = 1
    attributes: str | None = None


OPEN = Browser()
PARTITIONED = Browser(controls=1)
"""What a browser of today does that blocks third parties' cookies."""
REFUSING = {
    "storage and no cookie, as Telegram Desktop on Linux": Browser(attributes="SameSite=Lax"),
    "neither, as one that knows no partitioned cookies": Browser(controls=1, attributes="SameSite=None"),
    "neither, all cookies blocked by its owner": Browser(cookies=2),
}


class Town:
    """A run of the product under an https address, and Telegram's web client before it. Vera (7) has 1 000 Stars."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.bot = BotServer()
        settings = {"BASE_URL": SITE_URL, "SECRET_KEY": "s" * 44, "TELEGRAM_API_BASE_URL": self.bot.url}
        self.stack = _behind_another_address(directory / "stack", ENVIRONMENT | settings)
        self.telegram = TelegramWeb(directory, self.stack.url)
        self.vera = Person(self.stack, self.bot, 7, "Vera")
        self.vera.says("/start")
        self.vera.buys_stars(1000, "charge-7")

    def stop(self) -> None:
        self.telegram.stop()
        self.stack.stop()
        self.bot.stop()

    def launch(self, *, age: int = 0, who: int | None = None, version: str = "9.6", scheme: str = "light") -> str:
        """What Telegram puts behind the # of the Mini App's address; `age` in seconds, `who` by id (Vera), `version` of
        the app, `scheme` of its colours.
        """
        user = json.dumps({"id": who or self.vera.id, "first_name": "Vera", "language_code": "en"})
        told = {"user": user, "auth_date": self.vera.now() - age, "query_id": "AAE"}
        app = f"tgWebAppVersion={version}&tgWebAppPlatform=web&tgWebAppColorScheme={scheme}"
        return f"tgWebAppData={quote(signed_init_data(TOKEN, told))}&{app}"


class MiniApp:
    """A tab with Telegram's web client, in which the Mini App is open."""

    def __init__(self, town: Town, context: Any) -> None:
        self.town, self.context, self.page = town, context, context.pages[0]
        self.errors = list[str]()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    @property
    def frame(self) -> Any:
        return self.page.frame(name="app")

    @property
    def path(self) -> str:
        return str(self.frame.evaluate("location.pathname"))

    @property
    def me(self) -> str | None:
        """Who is logged in, as the page knows it."""
        told = self.frame.evaluate("document.body.dataset.me || null")
        return str(told) if told else None

    def opens(self, path: str = "/", **launch: Any) -> None:
        """A launch, and the wait until its login came to an end."""
        self.page.goto("about:blank")
        self.page.goto(f"{TELEGRAM}/#{quote(f'{SITE_URL}{path}#{self.town.launch(**launch)}', safe='')}")
        self.frame.locator("body[data-me], #unentered").wait_for(state="attached")
        self.frame.wait_for_load_state()

    def goes_to(self, path: str) -> None:
        """Follows a link of the present page to there."""
        with another_document(self.frame):
            self.frame.evaluate(FOLLOW, path)

    def calls(self, name: str, *, least: int = 0) -> list[Any]:
        """What a method of the Mini App's was called with, each time. `least`: waits for as many calls, since they are
        messages of the frame.
        """
        if least:
            many = "([name, least]) => calls.filter((call) => call[0] === name).length >= least"
            until(self.page, many, [name, least])
        return [call[1] if len(call) > 1 else None for call in self.page.evaluate("calls") if call[0] == name]

    def presses(self, button: str) -> None:
        """A button of Telegram's own, beside the page, that leads to another one."""
        with another_document(self.frame):
            self.taps(button)

    def taps(self, button: str) -> None:
        """One that does something on the page; nobody can press it before the page asked for it."""
        while not self.frame.evaluate("name => Boolean(window.Telegram && Telegram.hasButton(name))", button):
            self.page.wait_for_timeout(20)
        self.page.evaluate("press => frames[0].postMessage({press}, '*')", button)


@contextmanager
def telegram_open(playwright: Any, town: Town, browser: Browser, **look: Any) -> Iterator[MiniApp]:
    """A Chromium with those settings; what it refuses is up to itself."""
    profile = town.directory / f"profile-{len(list(town.directory.glob('profile-*')))}"
    (profile / "Default").mkdir(parents=True)
    content = {"cookies": browser.cookies}
    settings = {"profile": {"cookie_controls_mode": browser.controls, "default_content_setting_values": content}}
    (profile / "Default" / "Preferences").write_text(json.dumps(settings))
    town.telegram.asked.clear()
    town.telegram.attributes = browser.attributes
    look = {"viewport": {"width": 390, "height": 844}, "locale": "en"} | look
    context = playwright.chromium.launch_persistent_context(
        str(profile), executable_path=chromium(), args=[*FLAGS, *town.telegram.flags], ignore_https_errors=True, **look
    )
    context.set_default_timeout(WAIT_MS)
    try:
        yield MiniApp(town, context)
    finally:
        context.close()


def _behind_another_address(directory: Path, environment: dict[str, str]) -> Stack:
    """A run that tells the address of the site as its own, so that its port has to be chosen here. Others may take that
    before it does.
    """
    for _ in range(10):
        port = _free_port()
        try:
            stack = Stack(directory, environment | {"PORT": str(port)})
        except AssertionError as error:
            if f"port {port} of 127.0.0.1 is not free" not in str(error):
                raise
        else:
            stack.url = f"http://127.0.0.1:{port}"
            return stack
    raise AssertionError("no port stays free")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
