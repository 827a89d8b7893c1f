"""What shows nothing is no text on any surface, and somebody whose name shows nothing has another one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from starbid.domain.lots import Lot
from starbid.domain.texts import shows
from tests.support.factories import SELLER, fields, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Client, init_data, program, text, widget_query

from .chatting import Chat

BLANKS = [
    "\u3164" * 5,
    "\u2800" * 5,
    "\ufe0f\ufe0f\ufe0f",
    "\u115f\u1160\u115f",
    "\u034f" * 3,
    "\u200b \u200b",
    "\u0301" * 4,
]
TOLD = "Nothing in this can be seen."


@pytest.fixture
def sold(app: FakeApp, lot: Lot, anna: Chat) -> str:
    app.bidding.buy(lot.auction.id, anna.id, 900, app.now())
    return lot.auction.id


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("field", ["title", "description"])
def test_no_lot_goes_up_without_words(app: FakeApp, lot: Lot, blank: str, field: str) -> None:
    before = len(app.store.tables.auctions)
    page = Client(app).log_in(SELLER).post_form("/new_auction", **fields(**{field: blank}))
    assert page.status == 422
    assert TOLD in text(page)
    answer = program(app, SELLER).post("/api/v1/auctions", fields(**{field: blank}))
    assert (answer.status, answer.code) == (422, "invalid")
    edited = Client(app).log_in(SELLER).post_form(f"/auction/{lot.auction.id}/edit", **fields(**{field: blank}))
    assert edited.status == 422
    assert len(app.store.tables.auctions) == before


def test_blanks_do_not_make_a_title_longer(app: FakeApp, lot: Lot) -> None:
    seller = Client(app).log_in(SELLER)
    assert seller.post_form("/new_auction", **fields(title="ab\u3164\u3164")).status == 422
    assert seller.post_form("/new_auction", **fields(title="램프등")).status == 303


@pytest.mark.parametrize("blank", BLANKS)
def test_neither_side_of_a_deal_says_nothing(app: FakeApp, sold: str, anna: Chat, seller: Chat, blank: str) -> None:
    buyer, site = Client(app).log_in(anna.id), Client(app).log_in(SELLER)
    assert site.post_form(f"/auction/{sold}/deliver", text=blank).status == 422
    seller.press_data(f"d:deliver:{sold}", None)
    seller.say(blank)
    assert TOLD in seller.words or "Only text is read here" in seller.words
    assert app.store.deal(sold).delivery is None
    assert buyer.post_form(f"/auction/{sold}/dispute", text=blank).status == 422
    assert app.store.deal(sold).dispute is None
    app.dealing.dispute(anna.id, sold, "It never came", app.now())
    assert site.post_form(f"/auction/{sold}/answer", text=blank).status == 422
    assert app.store.deal(sold).answer is None


@pytest.mark.parametrize("blank", BLANKS)
def test_a_rating_whose_words_show_nothing_has_none(app: FakeApp, sold: str, anna: Chat, blank: str) -> None:
    app.dealing.deliver(SELLER, sold, "the code", app.now())
    app.dealing.confirm(anna.id, sold, app.now())
    assert Client(app).log_in(anna.id).post_form(f"/auction/{sold}/rate", stars="4", text=blank).status == 303
    assert [rating.text for rating in app.store.deal(sold).ratings] == [""]


@pytest.mark.parametrize("blank", BLANKS)
def test_a_token_has_a_name_to_find_it_by(app: FakeApp, anna: Chat, blank: str) -> None:
    anna.join()
    page = Client(app).log_in(anna.id).post_form("/settings/tokens", name=blank)
    assert page.status == 422
    assert app.tokens.of(anna.id) == []


@pytest.mark.parametrize("blank", BLANKS)
def test_a_search_for_nothing_to_see_is_no_search(app: FakeApp, anna: Chat, blank: str) -> None:
    put_up(app)
    app.run_streams()
    page = Client(app).get("/", q=blank)
    assert "A lamp" in text(page)
    assert blank not in page.text
    assert len(Client(app).get("/api/v1/auctions", q=blank).json["items"]) == 1


@pytest.mark.parametrize("blank", BLANKS)
def test_who_has_no_name_to_see_is_shown_by_another(app: FakeApp, anna: Chat, blank: str) -> None:
    """By every way in: the chat, the login widget, the Mini App."""
    anna.user["first_name"] = blank
    anna.say("/start")
    Client(app).get("/login/telegram", **widget_query(app, id=8, first_name=blank))
    Client(app).post_form("/login/webapp", csrf=False, init_data=init_data(app, {"id": 9, "first_name": blank}))
    for person_id in (anna.id, 8, 9):
        person = app.store.person(person_id)
        assert person is not None
        assert person.name == f"#{person.public_id[:5]}"


def test_a_name_that_is_cut_to_blanks_is_none(app: FakeApp, anna: Chat) -> None:
    anna.user["first_name"] = "\u3164" * 64 + "Anna"
    anna.say("/start")
    person = app.store.person(anna.id)
    assert person is not None
    assert shows(person.name)


def test_a_name_that_was_kept_before_is_replaced_when_its_owner_is_heard_from(app: FakeApp, anna: Chat) -> None:
    anna.join()
    people = app.store.tables.people
    people[anna.id] = replace(people[anna.id], name="\u3164\u3164")
    anna.user["first_name"] = "\u2800"
    anna.say("/start")
    assert people[anna.id].name == f"#{people[anna.id].public_id[:5]}"


@pytest.mark.parametrize("name", ["\U0001f469\u200d\U0001f4bb", "مريم", "สมชาย", "하나", "1\ufe0f\u20e3"])
def test_a_name_of_any_script_or_emoji_stays(app: FakeApp, anna: Chat, name: str) -> None:
    anna.user["first_name"] = name
    anna.say("/start")
    person = app.store.person(anna.id)
    assert person is not None
    assert person.name == name
