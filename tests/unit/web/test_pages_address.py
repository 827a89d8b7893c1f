"""Where a physical lot goes, on its page: typed, shown once more, confirmed, corrected; seen by the two of the deal."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any

import pytest

from starbid.domain import limits
from starbid.domain.deals import DealState
from starbid.domain.limits import Deed, Limit
from tests.support.factories import ANNA, BORIS, SELLER, join
from tests.support.fakes import FakeApp, make_app
from tests.support.physical import HOME, OTHER, TOLD, owe_roubles, sold_lamp
from tests.support.web import Client, text

FORM = {name: value.replace("\n", "\r\n") for name, value in asdict(HOME).items()}
CONFIRMED = FORM | {"confirmed": "1"}
CORRECTED = asdict(OTHER) | {"confirmed": "1"}


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    for who in (ANNA, BORIS, 900):
        join(app, who)
    return app


@pytest.fixture
def lot(app: FakeApp) -> str:
    return sold_lamp(app)


def state(app: FakeApp, lot: str) -> DealState:
    return app.store.deal(lot).state


def test_the_buyer_is_asked_with_fields_that_browsers_fill_in(app: FakeApp, lot: str) -> None:
    page = Client(app).log_in(ANNA).get(f"/auction/{lot}").text
    for name, hint in (("name", "name"), ("address", "street-address"), ("phone", "tel")):
        assert f'name="{name}"' in page
        assert f'autocomplete="{hint}"' in page
    assert "Say where it is to be sent" in page


def test_nothing_counts_before_it_is_confirmed(app: FakeApp, lot: str) -> None:
    anna = Client(app).log_in(ANNA)
    asked = anna.post_form(f"/auction/{lot}/address", **FORM)
    assert asked.status == 200
    assert "Send it here?" in text(asked)
    assert "Mira street, 5, flat 12" in text(asked)
    assert state(app, lot) is DealState.AWAITING_ADDRESS
    assert app.store.tables.addresses == {}
    done = anna.post_form(f"/auction/{lot}/address", **CONFIRMED)
    assert (done.status, done.headers["location"]) == (303, f"/auction/{lot}")
    page = text(anna.get(f"/auction/{lot}"))
    assert "The seller has the address now" in page
    assert "Only the seller sees the address" in page
    assert app.addresses.address(lot, app.now()) == HOME


def test_confirmed_twice_it_leads_back_as_the_first_time_even_once_it_is_sent(app: FakeApp, lot: str) -> None:
    anna = Client(app).log_in(ANNA)
    for _ in range(2):
        assert anna.post_form(f"/auction/{lot}/address", **CONFIRMED).status == 303
    app.dealing.deliver(SELLER, lot, "RU123456789RU", app.now())
    assert anna.post_form(f"/auction/{lot}/address", **CONFIRMED).status == 303
    late = anna.post_form(f"/auction/{lot}/address", **CORRECTED)
    assert late.status == 409
    assert "The deal has moved on" in text(late)
    assert app.addresses.address(lot, app.now()) == HOME


def test_every_fault_stands_beside_its_field_and_what_was_typed_is_kept(app: FakeApp, lot: str) -> None:
    anna = Client(app).log_in(ANNA)
    wrong: dict[str, Any] = {"name": "😀", "address": "x" * 4000, "phone": "call <me>", "confirmed": "1"}
    answer = anna.post_form(f"/auction/{lot}/address", **wrong)
    assert answer.status == 422
    for name in ("name", "address", "phone"):
        assert f'id="to-{name}-fault"' in answer.text
    assert "call &lt;me&gt;" in answer.text
    assert state(app, lot) is DealState.AWAITING_ADDRESS


def test_html_is_shown_as_it_was_typed_with_its_lines(app: FakeApp, lot: str) -> None:
    anna, seller = Client(app).log_in(ANNA), Client(app).log_in(SELLER)
    odd = FORM | {"address": "<b>Mira</b> street & co\r\nMoscow"}
    assert "&lt;b&gt;Mira&lt;/b&gt; street &amp; co\nMoscow" in anna.post_form(f"/auction/{lot}/address", **odd).text
    anna.post_form(f"/auction/{lot}/address", **(odd | {"confirmed": "1"}))
    for who in (anna, seller):
        assert "&lt;b&gt;Mira&lt;/b&gt; street &amp; co\nMoscow" in who.get(f"/auction/{lot}").text


def test_the_seller_sees_it_and_is_asked_for_a_tracking_number(app: FakeApp, lot: str) -> None:
    seller = Client(app).log_in(SELLER)
    before = text(seller.get(f"/auction/{lot}"))
    assert "Wait for the address before you send anything" in before
    assert "Carrier and tracking number" not in before
    app.addressing.give(ANNA, lot, HOME, app.now())
    page = seller.get(f"/auction/{lot}")
    assert "Where to send it" in text(page)
    assert all(part in text(page) for part in (*HOME.address.splitlines(), HOME.name, HOME.phone))
    assert "Carrier and tracking number" in text(page)
    assert "data-copy" in page.text
    assert f'action="/auction/{lot}/address"' not in page.text


def test_it_is_corrected_in_a_form_that_holds_what_counts(app: FakeApp, lot: str) -> None:
    app.addressing.give(ANNA, lot, HOME, app.now())
    anna = Client(app).log_in(ANNA)
    assert "Correct the address" in text(anna.get(f"/auction/{lot}"))
    anna.post_form(f"/auction/{lot}/address", **CORRECTED)
    assert app.addresses.address(lot, app.now()) == OTHER
    app.dealing.deliver(SELLER, lot, "RU123456789RU", app.now())
    page = anna.get(f"/auction/{lot}")
    assert "Correct the address" not in text(page)
    assert OTHER.phone in page.text


def test_no_browser_keeps_a_page_that_shows_it(app: FakeApp, lot: str) -> None:
    """It would outlive the 30 days there, and the login."""
    anna = Client(app).log_in(ANNA)
    assert anna.post_form(f"/auction/{lot}/address", **FORM).headers["cache-control"] == "private, no-store"
    app.addressing.give(ANNA, lot, HOME, app.now())
    for who in (ANNA, SELLER):
        page = Client(app).log_in(who).get(f"/auction/{lot}")
        assert HOME.phone in page.text
        assert page.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("who", [BORIS, 900, None])
def test_a_third_person_neither_sees_nor_gives_it_not_even_an_operator(app: FakeApp, lot: str, who: int | None) -> None:
    app.addressing.give(ANNA, lot, HOME, app.now())
    other = Client(app).log_in(who) if who else Client(app)
    for path in (f"/auction/{lot}", f"/auction/{lot}/live", f"/api/v1/auctions/{lot}"):
        assert not any(part in other.get(path).text for part in TOLD)
    if who:
        refused = other.post_form(f"/auction/{lot}/address", **CORRECTED)
        assert refused.status == 403
        assert not any(part in refused.text for part in TOLD)
    assert app.addresses.address(lot, app.now()) == HOME


def test_the_seller_cannot_give_it(app: FakeApp, lot: str) -> None:
    for form in (FORM, CONFIRMED):
        assert Client(app).log_in(SELLER).post_form(f"/auction/{lot}/address", **form).status == 403
    assert state(app, lot) is DealState.AWAITING_ADDRESS


def test_a_lot_that_is_not_there_takes_none(app: FakeApp) -> None:
    assert Client(app).log_in(ANNA).post_form("/auction/nothing/address", **FORM).status == 404


def test_after_30_days_the_page_shows_none_any_more(app: FakeApp, lot: str) -> None:
    app.addressing.give(ANNA, lot, HOME, app.now())
    app.dealing.deliver(SELLER, lot, "RU123456789RU", app.now())
    app.dealing.confirm(ANNA, lot, app.now())
    app.clock.forward(days=30)
    for who in (ANNA, SELLER):
        page = Client(app).log_in(who).get(f"/auction/{lot}").text
        assert not any(part in page for part in TOLD)


def test_who_owes_is_refused_and_told_why(app: FakeApp, lot: str) -> None:
    owe_roubles(app, ANNA, 90_000)
    app.follow_debts()
    anna = Client(app).log_in(ANNA)
    assert f'action="/auction/{lot}/address"' not in anna.get(f"/auction/{lot}").text
    refused = anna.post_form(f"/auction/{lot}/address", **CONFIRMED)
    assert refused.status == 409
    assert "paused until the debt is settled" in text(refused)


def test_a_page_that_is_out_of_date_keeps_what_was_typed(app: FakeApp, lot: str) -> None:
    answer = Client(app).log_in(ANNA).post_form(f"/auction/{lot}/address", **(FORM | {"csrf_token": "old"}))
    assert answer.status == 403
    assert "Mira street, 5, flat 12" in text(answer)
    assert state(app, lot) is DealState.AWAITING_ADDRESS


def test_who_corrects_it_too_often_is_slowed_down_and_the_seller_is_told_no_more(
    app: FakeApp, lot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, Deed.ADDRESS, Limit(1, 3600))
    anna = Client(app).log_in(ANNA)
    assert anna.post_form(f"/auction/{lot}/address", **CONFIRMED).status == 303
    refused = anna.post_form(f"/auction/{lot}/address", **CORRECTED)
    assert refused.status == 429
    assert "too many in a short time" in text(refused)
    assert OTHER.phone in refused.text, "what was typed stays"
    assert app.addresses.address(lot, app.now()) == HOME


def test_a_program_gets_the_faults_as_json(app: FakeApp, lot: str) -> None:
    anna = Client(app).log_in(ANNA)
    answer = anna.post_form(f"/auction/{lot}/address", headers={"accept": "application/json"}, phone="x")
    assert answer.status == 422
    fields = {fault["field"] for fault in answer.json["error"]["details"]["fields"]}
    assert fields == {"name", "address", "phone"}


def test_no_log_shows_it_whatever_goes_wrong(app: FakeApp, lot: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    anna = Client(app).log_in(ANNA)
    app.store.fail_next(RuntimeError("broken"))
    assert anna.post_form(f"/auction/{lot}/address", **CONFIRMED).status == 500
    anna.post_form(f"/auction/{lot}/address", **(CONFIRMED | {"phone": "x"}))
    anna.post_form(f"/auction/{lot}/address", **CONFIRMED)
    assert not any(part in caplog.text for part in TOLD)
