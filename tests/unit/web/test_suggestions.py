"""What is suggested while somebody types, what was probably meant, and how many lots there are of each sort."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from itertools import product

import pytest

from starbid.services.auctions.suggesting import SHOWN
from starbid.services.ports import Listing, Page, Search
from tests.support.factories import put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client
from tests.unit.web.test_searching_bad_input import ODD

TITLES = ("Настольная лампа, латунь", "Лампа-ночник", "Лак для пола", "Brass lamp", "Красный велосипед", "Watch")


@pytest.fixture(scope="module")
def shop() -> FakeApp:
    app = make_app()
    for title in TITLES:
        put_up(app, title=title, category="art" if title == "Watch" else "home")
    put_up(app, title="Ступенчатая", category="home", type="dutch", floor_price=50, drop_amount=10, drop_seconds=60)
    later = (app.now() + timedelta(days=1)).isoformat()
    put_up(app, title="Лавровая карта", category="art", starts_at=later)
    app.store.project(app.now())
    return app


def suggested(app: FakeApp, text: str) -> list[str]:
    answer = Client(app).get("/suggest", q=text)
    assert answer.status == 200
    return list(json.loads(answer.text)["items"])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ла", ["лампа", "лак", "латунь"]), ("ЛАМ", ["лампа"]), ("kf", ["лампа", "лак", "латунь"]), ("л", []), ("", []),
        ("настольная л", []), ("настольная ла", ["настольная лампа", "настольная латунь"]), ("brass ла", []),
        ("зы", []), ("wat", ["watch"]), ("цфе", ["watch"]), ("ла%", ["лампа", "лак", "латунь"]), ("_а", []),
    ],
)  # fmt: skip
def test_what_begins_so_is_suggested_what_finds_most_first(shop: FakeApp, typed: str, expected: list[str]) -> None:
    assert suggested(shop, typed) == expected


@pytest.mark.parametrize("text", ODD)
def test_odd_letters_suggest_little_and_break_nothing(shop: FakeApp, text: str) -> None:
    assert len(suggested(shop, text)) <= SHOWN


def test_each_suggestion_finds_something(shop: FakeApp) -> None:
    for typed in ("ла", "настольная ла", "br", "кр", "kf"):
        for text in suggested(shop, typed):
            assert "Nothing found" not in Client(shop).get("/", q=text).text


def test_a_suggestion_costs_one_read_or_the_read_of_a_list(shop: FakeApp) -> None:
    for typed, trips in (("ла", ["lot_words"]), ("настольная ла", ["listings"]), ("л", [])):
        shop.store.trips.clear()
        suggested(shop, typed)
        assert [trip for trip in shop.store.trips if trip != "pauses"] == trips


def asked_back(app: FakeApp, **query: str) -> str | None:
    page = Client(app).get("/", **query).text
    found = re.search(r'<p class="meant">Did you mean <a href="([^"]*)">([^<]*)</a>', page)
    return found[2] if found else None


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("лмпа", "лампа"), ("велосепед", "велосипед"), ("настльная лампа", "настольная лампа"), ("lapm", "lamp"),
        ("kfvgf", "лампа"), ("дфьз", "lamp"), ("лампами", None), ("велосипеды", None), ("трактор", None), ("лам", None),
        ("велосепед лмпа", None), ("", None),
    ],
)  # fmt: skip
def test_where_little_is_found_what_was_meant_is_one_press_away(shop: FakeApp, typed: str, text: str | None) -> None:
    assert asked_back(shop, q=typed) == text


def test_the_other_filters_stay_and_what_they_leave_out_is_not_meant(shop: FakeApp) -> None:
    assert asked_back(shop, q="лмпа", category="home") == "лампа"
    assert asked_back(shop, q="лмпа", category="art") is None
    page = Client(shop).get("/", q="лмпа", category="home").text
    assert re.search(r'class="meant">Did you mean <a href="/\?q=[^"]*&amp;category=home"', page)


def test_a_search_that_finds_enough_asks_nothing(shop: FakeApp) -> None:
    shop.store.trips.clear()
    Client(shop).get("/", category="home")
    assert shop.store.trips.count("lot_words") <= 1


@pytest.mark.parametrize("text", ODD)
def test_no_odd_text_is_meant_to_be_markup(shop: FakeApp, text: str) -> None:
    assert "<" not in (asked_back(shop, q=text[:100]) or "")


@pytest.mark.parametrize("typed", ["картина", "картины", "картин"])
def test_a_word_that_a_lot_has_is_right_however_many_others_begin_and_end_like_it(typed: str) -> None:
    app = make_app()
    others = [f"кар{one}{two}ин{end}" for one, two in product("абвгдежзиклмнопрс", repeat=2) for end in "аы"]
    for first in range(0, len(others), 8):
        put_up(app, title=" ".join(others[first : first + 8]))
    put_up(app, title="Картина")
    app.store.project(app.now())
    assert asked_back(app, q=typed) is None
    assert asked_back(app, q="каранна") in others


def test_a_suggestion_reads_one_page_for_each_layout_however_little_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    app, asked = make_app(), list[Search]()

    def finds_nothing_and_goes_on(search: Search) -> Page[Listing]:
        asked.append(search)
        return Page((), "on")

    monkeypatch.setattr(app.catalogue, "find", finds_nothing_and_goes_on)
    assert suggested(app, "настольная ла") == []
    assert 1 <= len(asked) <= 2


def test_what_has_ended_suggests_nothing() -> None:
    app = make_app()
    put_up(app, title="Brass lamp", duration_seconds=60)
    app.store.project(app.now())
    assert suggested(app, "brass la") == ["brass lamp"]
    app.clock.forward(seconds=61)
    assert suggested(app, "brass la") == []


# --- counts


def chips(app: FakeApp, **query: str) -> dict[str, str]:
    app.shelves._sorts = None
    page = Client(app).get("/", **query).text
    nav = page.split('<nav class="chips"')[1].split("</nav>")[0]
    return dict(re.findall(r">([^<>]+?) <span class=\"count\">(\d+)</span>", nav))


def test_chips_say_how_many_lots_they_lead_to(shop: FakeApp) -> None:
    assert chips(shop) == {"All": "7", "Art": "1", "Home": "6", "Price drops": "1"}
    page = Client(shop).get("/").text
    assert ">Price drops (1)<" in page


def test_beside_a_category_only_categories_are_counted(shop: FakeApp) -> None:
    assert chips(shop, category="home", sort="newest") == {"All": "7", "Art": "1", "Home": "6"}


@pytest.mark.parametrize("query", [{"q": "lamp"}, {"type": "dutch"}, {"currency": "XTR"}, {"within": "1"}])
def test_beside_another_filter_nothing_is_counted(shop: FakeApp, query: dict[str, str]) -> None:
    assert chips(shop, **query) == {}
