"""What a browser loads for the pages that people see first, in bytes as they are sent, with all headers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from scripts import pack_static
from tests.e2e.town import Town
from web.shared.static_files import PACKED

FIRST_VISIT, LATER = 60_000, 15_000
"""Bytes, without pictures of lots."""
A_FULL_PAGE = 24
BLOCKING = """() => performance.getEntriesByType("resource")
    .filter(entry => entry.renderBlockingStatus === "blocking").map(entry => entry.name)"""


class Visit:
    """A browser that has never been here, of a guest or of a person; what it loads is counted."""

    def __init__(self, browser: Any, town: Town, cookies: dict[str, str]) -> None:
        self.url = town.stack.url
        self._context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ru")
        self._context.add_cookies([{"name": name, "value": value, "url": self.url} for name, value in cookies.items()])
        self.page = self._context.new_page()
        self._asked, self._sizes = dict[str, str](), dict[str, int]()
        wire = self._context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.on(
            "Network.requestWillBeSent", lambda told: self._asked.update({told["requestId"]: told["request"]["url"]})
        )
        wire.on(
            "Network.loadingFinished",
            lambda told: self._sizes.update({told["requestId"]: int(told["encodedDataLength"])}),
        )

    def loads(self, path: str) -> dict[str, int]:
        """What came over the wire for a page, by path."""
        self._asked.clear()
        self._sizes.clear()
        self.page.goto(self.url + path, wait_until="networkidle")
        sizes = dict[str, int]()
        for request, size in self._sizes.items():
            name = urlsplit(self._asked.get(request, "?")).path
            if size and not name.startswith("/pictures/"):
                sizes[name] = sizes.get(name, 0) + size
        return sizes

    def close(self) -> None:
        self._context.close()


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The files are packed, as in a build."""
    pack_static.main(PACKED)


@pytest.fixture(scope="module")
def street(town: Town) -> str:
    """A list that fills a page, and a lot with bids in it."""
    lots = [
        town.publish(title=f"Лампа моря номер {number}", description="Светит. " * 60) for number in range(A_FULL_PAGE)
    ]
    for person, amount in ((town.anna, 100), (town.boris, 300), (town.anna, 700), (town.boris, 2000)):
        assert person.calls(f"/auctions/{lots[0]}/bids", {"amount": amount}).status_code == 201
    town.stack.advance(1)
    return lots[0]


@pytest.fixture(params=["visitor", "anna"])
def visit(request: pytest.FixtureRequest, browser: Any, town: Town, street: str) -> Iterator[Visit]:
    cookies = dict(town.anna.web.cookies) if request.param == "anna" else {}
    visit = Visit(browser, town, cookies)
    yield visit
    visit.close()


@pytest.mark.parametrize("path", ["/", "/auction/{lot}"])
def test_a_page_is_light_on_the_first_visit_and_lighter_later(visit: Visit, street: str, path: str) -> None:
    path = path.format(lot=street)
    first = visit.loads(path)
    assert {"/", path} & set(first), first
    assert sum(first.values()) < FIRST_VISIT, first
    later = visit.loads(path)
    assert 0 < sum(later.values()) < LATER, later
    assert not any(name.startswith("/static/") for name in later), "files are kept for ever"


@pytest.mark.parametrize("path", ["/", "/auction/{lot}", "/login", "/wallet"])
def test_a_page_waits_for_one_file_before_it_is_drawn(visit: Visit, street: str, path: str) -> None:
    visit.loads(path.format(lot=street))
    (waited_for,) = visit.page.evaluate(BLOCKING)
    assert urlsplit(waited_for).path.startswith("/static/site.")
