"""New lots as a feed."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

import pytest

from tests.support.factories import put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client
from tests.unit.web.test_searching_bad_input import ODD


@pytest.fixture(scope="module")
def shop() -> FakeApp:
    app = make_app()
    for title, category in (("A lamp", "home"), ("<b>Tom & Jerry</b>]]>", "books"), ("A bell", "home")):
        put_up(app, title=title, category=category)
        app.clock.forward(seconds=1)
    app.store.project(app.now())
    return app


def feed(app: FakeApp, **query: str) -> ET.Element:
    answer = Client(app).get("/rss", **query)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/rss+xml")
    return ET.fromstring(answer.text)


def titles(found: ET.Element) -> list[str | None]:
    return [item.findtext("title") for item in found.iter("item")]


def test_the_newest_lot_comes_first_with_what_a_reader_needs(shop: FakeApp) -> None:
    found = feed(shop)
    assert titles(found) == ["A bell", "<b>Tom & Jerry</b>]]>", "A lamp"]
    first = next(found.iter("item"))
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/auction/[a-z0-9]+", str(first.findtext("link")))
    assert first.findtext("guid") == first.findtext("link")
    assert parsedate_to_datetime(str(first.findtext("pubDate"))) <= shop.now()
    channel = found.find("channel")
    assert channel is not None
    assert all(channel.findtext(name) for name in ("title", "link", "description"))


def test_filters_leave_out_what_they_leave_out_of_the_list(shop: FakeApp) -> None:
    assert titles(feed(shop, category="home")) == ["A bell", "A lamp"]
    assert titles(feed(shop, q="lamps", sort="bids", within="1")) == ["A lamp"]
    assert "Лампы" not in titles(feed(shop, language="ru"))


def test_it_is_the_same_for_everybody_and_known_by_its_etag(shop: FakeApp) -> None:
    answer = Client(shop).get("/rss", language="ru")
    assert answer.headers["cache-control"].startswith("public")
    assert "set-cookie" not in answer.headers
    assert not answer.cookies
    assert Client(shop).get("/rss", language="ru", headers={"if-none-match": answer.headers["etag"]}).status == 304
    assert "<language>ru</language>" in answer.text


def test_a_list_names_its_feed(shop: FakeApp) -> None:
    page = Client(shop).get("/", q="lamp").text
    assert 'type="application/rss+xml" title="New lots" href="/rss?q=lamp&amp;language=en"' in page


@pytest.mark.parametrize("text", ODD)
def test_an_odd_search_is_still_xml(shop: FakeApp, text: str) -> None:
    feed(shop, q=text, category=text, language=text, cursor=text[:50])
