"""Every page of site and panel in every state, in both languages: html-validate and axe have nothing to say."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.pages import OPERATOR, Seen, every_page
from tests.e2e.town import Town
from tests.support.stack import ROOT
from web.app import _router

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ASK = """async () => {
  const rules = { "target-size": { enabled: true } };  // of WCAG 2.2; off by default
  const { violations } = await axe.run(document, { resultTypes: ["violations"], preload: false, rules });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}"""
STICKS_OUT = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const isOut = (part) => part.getBoundingClientRect().right > clientWidth;
  const parts = [...document.querySelectorAll("body *")].filter(isOut);
  return [`${scrollWidth} px`, ...parts.map((part) => `${part.tagName}.${part.className}#${part.id}`).slice(0, 5)];
}"""
PHONE = {"width": 390, "height": 844}
NO_PAGES = {
    *("/login/telegram", "/login/oidc", "/login/oidc/callback"),  # lead on
    "/new_auction/price_path",  # one line of text
    "/new_auction/outlook",
    "/admin/exports/<export_id>/file",  # leads to the bucket
    "/settings/export/file",
    "/auction/<auction_id>/files/<number>",
    "/healthz",
    "/settings/push",  # for scripts
    "/suggest",
    "/rss",  # for readers of news
}
_WORDS = re.compile(">[^<]+<")
_VALUES = re.compile(r' (?!class|role|type|hidden|aria-(?:current|pressed|invalid)|open|tabindex)[\w-]+="[^"]*"')
pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),  # all pages, in one test each
    pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js, as the front-end files do"),
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Town(tmp_path_factory.mktemp("town"), ADMIN_IDS=str(OPERATOR))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def seen(town: Town) -> Seen:
    return every_page(town)


def test_no_page_is_forgotten(seen: Seen) -> None:
    paths = {name.split(" ")[1].rstrip(",").partition("?")[0] for name in seen}
    for route in _router().routes:
        is_file = re.search(r"\.\w+$|<path>|<size>|<picture_id>", route.path)
        if route.method == "GET" and not is_file and not route.path.startswith("/api/"):
            assert route.path in NO_PAGES or any(map(route.pattern.fullmatch, paths)), route.path


def test_html_validate_finds_nothing(seen: Seen) -> None:
    program = Path(__file__).with_name("well_made.mjs")
    ran = subprocess.run(
        ["node", program], input=json.dumps(different(seen)), capture_output=True, text=True, check=True
    )
    assert json.loads(ran.stdout) == {}


def test_axe_finds_nothing_in_english_on_a_phone_in_the_light(browser: Any, town: Town, seen: Seen) -> None:
    assert look(browser, town, seen, "en", ASK, PHONE, "light") == {}


def test_axe_finds_nothing_in_russian_on_a_desk_in_the_dark(browser: Any, town: Town, seen: Seen) -> None:
    assert look(browser, town, seen, "ru", ASK, {"width": 1280, "height": 800}, "dark") == {}


def test_no_page_scrolls_sideways_at_the_width_of_a_zoomed_phone(browser: Any, town: Town, seen: Seen) -> None:
    """WCAG 1.4.10, which is 640 px seen at 200 %, too; in Russian, whose words are longer."""
    assert look(browser, town, seen, "ru", STICKS_OUT, {"width": 320, "height": 640}) == {}


def look(
    browser: Any, town: Town, seen: Seen, code: str, ask: str, viewport: dict[str, int], scheme: str = "light"
) -> dict[str, list[str]]:
    """What a script finds on each page; shown from what was kept, without its visitor."""
    context = browser.new_context(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    context.add_init_script(path=AXE)
    page, kept, found = context.new_page(), dict[str, httpx.Response](), dict[str, list[str]]()
    visitor = town.visitor()

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix(town.stack.url)
        if path in shown:
            route.fulfill(body=shown[path], content_type="text/html; charset=utf-8")
        elif path.startswith("/static/"):
            file = kept[path] if path in kept else kept.setdefault(path, visitor.get(path))
            route.fulfill(body=file.content, content_type=file.headers["content-type"])
        else:
            route.abort()

    context.route("**/*", answer)
    names = [name for name in different(seen) if name.endswith(f", {code}") and "<html" in seen[name]]
    shown = {f"/shown/{number}": seen[name] for number, name in enumerate(names)}
    for path, name in zip(shown, names, strict=True):
        page.goto(town.stack.url + path)
        if notes := page.evaluate(ask):
            found[name] = notes
    context.close()
    return found


def different(seen: Seen) -> Seen:
    """Those that differ in more than words, numbers and addresses."""
    by_build = {(name[-2:], _VALUES.sub("", _WORDS.sub("><", text))): name for name, text in reversed(seen.items())}
    return {name: seen[name] for name in by_build.values()}
