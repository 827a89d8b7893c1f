"""A form that comes again under the same `request_id`: the same words are the same deed, other words are told as that,
and a token that is used up buys nothing, with a fresh one beside it.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from starbid.domain.money import XTR
from tests.support.factories import ANNA, SELLER, draw, fields, join
from tests.support.fakes import FakeApp
from tests.support.invariants import assert_invariants, dump_of
from tests.support.selling import lots
from tests.support.web import Answer, Client, png, text

FORM = fields(request_id="r1", title="A lamp", start_price="100")


def token(page: Answer) -> str:
    found = re.search(r'name="request_id" value="([^"]+)"', page.text.split("data-sell")[1])
    assert found
    return found[1]


def lot_at(answer: Answer) -> str:
    assert answer.status == 303, text(answer)
    return answer.headers["location"].removeprefix("/auction/")


def later(app: FakeApp, client: Client, person: int, days: int) -> None:
    """A page that stayed open; the session in the meantime is another one."""
    app.clock.forward(days=days)
    client.log_in(person)


def available(app: FakeApp, person: int) -> int:
    return app.store.wallet(person, XTR, consistent=True).available.amount


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "A chair"},
        {"start_price": "250"},
        {"description": "Gives no light."},
        {"duration_seconds": "7200"},
        {"type": "sealed"},
        {"buy_now_price": "900"},
        {"pictures": "draftaaaa"},
    ],
)
def test_other_words_are_neither_thrown_away_nor_put_into_the_first_lot(
    app: FakeApp, seller: Client, changed: dict[str, str]
) -> None:
    draw(app, "draftaaaa")
    first = lot_at(seller.post_form("/new_auction", **FORM))
    before = app.store.lot(first)
    told = seller.post_form("/new_auction", **(FORM | changed))
    assert told.status == 409
    assert "This form has already published “A lamp”." in text(told)
    assert f'href="/auction/{first}"' in told.text
    assert lots(app) == [before]
    for name, value in changed.items():
        shown = {"type": f'value="{value}" checked', "duration_seconds": f'value="{value}" selected'}
        assert shown.get(name, value) in told.text
    assert token(told) != "r1"
    second = lot_at(seller.post_form("/new_auction", **(FORM | changed | {"request_id": token(told)})))
    assert second != first
    assert app.store.lot(first) == before
    assert lot_at(seller.post_form("/new_auction", **FORM)) == first


def test_files_that_came_with_other_words_need_not_be_chosen_again(app: FakeApp, seller: Client) -> None:
    first = lot_at(seller.post_files("/new_auction", [("a.png", png())], **FORM))
    told = seller.post_files("/new_auction", [("b.png", png((50, 20)))], **FORM)
    assert told.status == 409
    upload = re.search(r'name="uploads" value="([^"]+)"', told.text)
    assert upload
    second = lot_at(seller.post_form("/new_auction", **(FORM | {"request_id": token(told), "uploads": upload[1]})))
    assert app.store.lot(second).card.pictures != app.store.lot(first).card.pictures
    assert len(app.store.lot(second).card.pictures) == 1


def test_pictures_of_the_first_lot_may_be_shown_by_the_second_one_too(app: FakeApp, seller: Client) -> None:
    form = FORM | {"pictures": draw(app, "draftaaaa")}
    first = lot_at(seller.post_form("/new_auction", **form))
    told = seller.post_form("/new_auction", **(form | {"title": "A chair"}))
    second = lot_at(seller.post_form("/new_auction", **(form | {"title": "A chair", "request_id": token(told)})))
    assert app.store.lot(second).card.pictures == app.store.lot(first).card.pictures == ("draftaaaa",)


@pytest.mark.parametrize("same", [{}, {"title": "  A lamp "}, {"subscribe": "1"}, {"description": "Gives light.\r\n"}])
def test_the_same_words_are_the_same_lot_also_without_the_right_to_sell(
    app: FakeApp, seller: Client, same: dict[str, str]
) -> None:
    put_up = seller.post_form("/new_auction", **FORM)
    first = lot_at(put_up)
    assert put_up.cookie("starbid_note")
    later(app, seller, SELLER, days=40)
    money = available(app, SELLER)
    again = seller.post_form("/new_auction", **(FORM | same))
    assert lot_at(again) == first
    assert again.cookie("starbid_note") is None, "it is not up any more"
    assert available(app, SELLER) == money


def test_of_two_that_come_at_once_one_goes_up_and_the_other_is_told(app: FakeApp, seller: Client) -> None:
    other = Client(app).log_in(SELLER)
    app.store.meanwhile(lambda: other.post_form("/new_auction", **(FORM | {"title": "A chair"})))
    told = seller.post_form("/new_auction", **FORM)
    assert told.status == 409
    assert "This form has already published “A chair”." in text(told)
    assert len(lots(app)) == 1


def test_an_edit_of_the_first_lot_does_not_make_its_form_another_one(app: FakeApp, seller: Client) -> None:
    first = lot_at(seller.post_form("/new_auction", **FORM))
    assert seller.post_form(f"/auction/{first}/edit", **fields(title="A lamp of brass")).status == 303
    assert lot_at(seller.post_form("/new_auction", **FORM)) == first


def test_a_lot_of_which_nobody_knows_the_form_is_what_its_form_leads_to(app: FakeApp, seller: Client) -> None:
    """Put up by an earlier version."""
    first = lot_at(seller.post_form("/new_auction", **FORM))
    card = app.store.tables.cards[first]
    app.store.tables.cards[first] = replace(card, form="")
    assert lot_at(seller.post_form("/new_auction", **(FORM | {"title": "A chair"}))) == first


def test_a_token_is_its_owners_alone(app: FakeApp, seller: Client) -> None:
    join(app, ANNA, seller=True)
    first = lot_at(seller.post_form("/new_auction", **FORM))
    assert lot_at(Client(app).log_in(ANNA).post_form("/new_auction", **(FORM | {"title": "A chair"}))) != first


def test_forms_without_a_token_are_a_lot_each(app: FakeApp, seller: Client) -> None:
    form = {name: value for name, value in FORM.items() if name != "request_id"}
    assert lot_at(seller.post_form("/new_auction", **form)) != lot_at(seller.post_form("/new_auction", **form))


# --- the subscription -------------------------------------------------------------------------------------------------


@pytest.fixture
def anna(app: FakeApp) -> Client:
    join(app, ANNA, stars=1000)
    return Client(app).log_in(ANNA)


def test_a_subscription_that_is_paid_is_paid_once_while_it_runs(app: FakeApp, anna: Client) -> None:
    for _ in range(2):
        assert anna.post_form("/subscribe", request_id="r").status == 303
        assert "Your subscription is paid" in anna.get("/subscribe").text
        app.clock.forward(days=29)
    assert available(app, ANNA) == 900


@pytest.mark.parametrize("money", [1000, 100])
@pytest.mark.parametrize("swept", [True, False])
def test_a_form_whose_days_are_over_says_so_and_has_a_fresh_token_beside_it(
    app: FakeApp, money: int, swept: bool
) -> None:
    join(app, ANNA, stars=money)
    anna = Client(app).log_in(ANNA)
    anna.post_form("/subscribe", request_id="r")
    later(app, anna, ANNA, days=30)
    if swept:
        app.people.end_subscriptions(app.now())
    told = anna.post_form("/subscribe", request_id="r", next="/new_auction")
    assert told.status == 409
    assert "those 30 days are over. Nothing was charged again." in text(told)
    assert available(app, ANNA) == money - 100
    if money > 100:
        fresh = re.search(r'name="request_id" value="([^"]+)"', told.text)
        assert fresh
        assert anna.post_form("/subscribe", request_id=fresh[1]).status == 303
        assert available(app, ANNA) == money - 200
    assert_invariants(dump_of(app.store))


def test_days_that_were_bought_early_are_not_over_before_they_begin(app: FakeApp, anna: Client) -> None:
    for request_id in ("r1", "r2"):
        anna.post_form("/subscribe", request_id=request_id)
    later(app, anna, ANNA, days=35)
    assert anna.post_form("/subscribe", request_id="r2").status == 303
    assert anna.post_form("/subscribe", request_id="r1").status == 409
    assert available(app, ANNA) == 800


def test_a_form_of_a_lot_that_paid_once_can_pay_again_under_another_token(app: FakeApp, anna: Client) -> None:
    """The form was open for a month: its first press paid, and was refused for another reason."""
    pays = FORM | {"subscribe": "1"}
    anna.post_form("/subscribe", request_id="sell-r1")
    later(app, anna, ANNA, days=31)
    told = anna.post_form("/new_auction", **pays)
    assert told.status == 409
    assert "those 30 days are over" in text(told)
    assert (lots(app), available(app, ANNA)) == ([], 900)
    lot_at(anna.post_form("/new_auction", **(pays | {"request_id": token(told)})))
    assert available(app, ANNA) == 800
