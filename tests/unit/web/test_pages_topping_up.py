"""Roubles on the site: the form, the bill's page until its money is there, and what waited for it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from starbid.domain.bills import Bill, BillState, ProviderStatus
from starbid.domain.money import Money
from starbid.domain.payments import Provider
from starbid.services.ports import ProviderTrouble
from tests.support.blocking import block
from tests.support.factories import ANNA, BORIS, join, put_up
from tests.support.fake_bills import OPEN, REFUSED, FakeBills
from tests.support.fakes import FakeApp, make_app
from tests.support.there import there
from tests.support.web import Answer, Client, text

SPACE = "\u202f"
ALL = {"TOPUP_QIWI_SECRET_KEY": "q", "TOPUP_CRYPTOPAY_TOKEN": "c"}
PART = {"hx-request": "true"}


class Visit:
    """ANNA at a market that takes roubles, by QIWI unless told otherwise; she has none."""

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        self.qiwi, self.cryptopay = FakeBills(), FakeBills()
        gateways = {Provider.QIWI: self.qiwi, Provider.CRYPTOPAY: self.cryptopay}
        self.app: FakeApp = make_app(environment or {"TOPUP_QIWI_SECRET_KEY": "q"}, bill_gateways=gateways)
        join(self.app, ANNA)
        self.anna = Client(self.app).log_in(ANNA)
        self.path = ""

    def asks(self, amount: object = "500", **fields: Any) -> Answer:
        """Sends the form; on success `path` is the page of the bill."""
        answer = self.anna.post_form("/topup", amount=amount, **fields)
        if answer.status == 303:
            self.path = urlsplit(answer.headers["location"]).path
        return answer

    @property
    def bill(self) -> Bill:
        return there(self.app.store.bill(self.path.removeprefix("/topup/")))

    def page(self) -> Answer:
        return self.anna.get(self.path)

    def follows(self, link: str) -> Answer:
        path, _, query = unescape(link).partition("?")
        return self.anna.send("GET", path, query)

    def polls(self, headers: dict[str, str] | None = None) -> Answer:
        self.app.clock.forward(seconds=5)
        return self.anna.get(self.path, headers=PART | (headers or {}))

    def pays(self, **changes: Any) -> None:
        self.qiwi.say(self.bill.id, ProviderStatus.PAID, **changes)

    def roubles(self) -> tuple[int, int]:
        wallet = self.app.store.wallet(ANNA, "RUB")
        return wallet.available.amount, wallet.held.amount


@pytest.fixture
def visit() -> Visit:
    return Visit()


@pytest.mark.parametrize("environment", [{}, {"TOPUP_CURRENCY": "EUR"}])
def test_without_a_provider_the_page_says_so_and_makes_no_bill(environment: dict[str, str]) -> None:
    visit = Visit({"DEMO": ""} | environment)
    page = visit.anna.get("/topup", amount="500")
    assert page.status == 200
    assert "Top-up is not offered here." in page.text
    assert 'name="amount"' not in page.text
    assert visit.asks("500").status == 422
    assert "/topup" not in visit.anna.get("/wallet").text


def test_from_the_form_to_the_money(visit: Visit) -> None:
    form = visit.anna.get("/topup")
    assert f"From 10.00{SPACE}₽" in form.text or "₽10.00" in form.text
    assert 'name="provider"' not in form.text
    assert visit.asks("500").status == 303
    assert re.fullmatch(r"/topup/[0-9a-f]{32}", visit.path)
    page = visit.page()
    assert f'href="http://pay.test/{visit.bill.id}"' in page.text
    assert "<title>The way to pay, as a QR code</title>" in page.text
    assert "Waiting for the payment" in page.text
    visit.pays()
    paid = visit.polls().text
    assert "₽500.00 has arrived" in paid
    assert "Available now: ₽500.00." in paid
    assert re.search(r'<div id="invoice" hx-swap-oob="true">\s*</div>', paid)
    assert "hx-get" not in paid
    assert visit.roubles() == (50_000, 0)
    whole = visit.page().text
    assert "pay.test" not in whole
    assert '<a class="button full" href="/wallet" data-main>Continue</a>' in whole


@pytest.mark.parametrize(
    "typed", ["", "0", "-5", "1.234", "1e3", "500 000 000", "пятьсот", "🚀", "9.99", "100000.01", "x" * 3000, "1,2,3"]
)
def test_an_amount_that_no_bill_can_be_of_is_told_beside_the_field_and_makes_none(visit: Visit, typed: str) -> None:
    answer = visit.asks(typed)
    assert answer.status == 422
    assert 'id="amount-fault" role="alert"' in answer.text
    assert not visit.qiwi.calls


@pytest.mark.parametrize(("typed", "minor"), [("500", 50_000), ("10", 1000), ("100 000", 10**7), ("12,5", 1250),
                                              ("0099.99", 9999), ("₽500", 50_000), ("٥٠٠", 50_000)])  # fmt: skip
def test_amounts_are_typed_as_people_type_them(visit: Visit, typed: str, minor: int) -> None:
    assert visit.asks(typed).status == 303
    assert visit.bill.amount == Money(minor, "RUB")


def test_a_common_amount_is_one_press_whatever_is_typed(visit: Visit) -> None:
    assert re.findall(r'name="preset" value="([^"]+)"', visit.anna.get("/topup").text) == [
        "100", "300", "500", "1000", "3000", "5000",
    ]  # fmt: skip
    assert visit.asks("x", preset="300").status == 303
    assert visit.bill.amount == Money(30_000, "RUB")


def test_who_says_how_much_and_not_by_whom_is_asked_and_loses_nothing() -> None:
    visit = Visit(ALL)
    page = visit.asks("700", next="/my/bids")
    assert page.status == 200
    assert page.text.count('type="radio" name="provider"') == 2
    assert 'value="qiwi" checked' in page.text
    assert 'value="700"' in page.text
    assert 'name="next" value="/my/bids"' in page.text
    assert visit.asks("700", provider="cryptopay").status == 303
    assert visit.bill.provider is Provider.CRYPTOPAY
    assert visit.asks("0").status == 422
    assert visit.asks("700", provider="paypal").status == 422


def test_a_bill_through_telegram_asks_for_more_and_opens_there() -> None:
    visit = Visit(ALL | {"PROVIDER_TOKEN": "p"})
    telegram = FakeBills()
    visit.app.__dict__["bill_gateways"][Provider.TELEGRAM] = telegram
    assert visit.asks("99", provider="telegram").status == 422
    assert visit.asks("100", provider="telegram").status == 303
    assert f'data-invoice="http://pay.test/{visit.bill.id}"' in visit.page().text


def test_the_same_again_shows_the_same_bill(visit: Visit) -> None:
    visit.asks("500")
    first = visit.path
    visit.asks("500")
    assert visit.path == first
    assert visit.qiwi.calls.count("create") == 1


def test_another_amount_shows_the_open_bill_and_both_ways_on(visit: Visit) -> None:
    visit.asks("500")
    first = visit.bill
    answer = visit.asks("700", next="/my/bids")
    assert answer.status == 409
    assert f'href="/topup/{first.id}?next=%2Fmy%2Fbids"' in answer.text
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', answer.text.split('action="/topup"')[1]))
    del fields["csrf_token"]
    instead = visit.anna.post_form("/topup", **fields)
    assert instead.status == 303
    visit.path = urlsplit(instead.headers["location"]).path
    assert visit.bill.amount.amount == 70_000
    assert there(visit.app.store.bill(first.id)).state is BillState.REJECTED
    assert visit.anna.post_form("/topup", **fields).headers["location"] == instead.headers["location"]


def test_a_bill_that_was_paid_is_not_cancelled_for_another(visit: Visit) -> None:
    visit.asks("500")
    first = visit.path
    visit.pays()
    answer = visit.asks("700", instead=first.removeprefix("/topup/"))
    assert visit.path == first
    assert answer.status == 303
    assert visit.roubles() == (50_000, 0)
    assert visit.qiwi.calls.count("create") == 1


@pytest.mark.parametrize("trouble", [OPEN, REFUSED])
def test_a_provider_that_fails_is_told_with_the_form_as_it_was(visit: Visit, trouble: ProviderTrouble) -> None:
    visit.qiwi.trouble["create"] = [trouble]
    answer = visit.asks("512,50", next="/my/bids")
    assert answer.status == 503
    assert "Something went wrong, support has been informed." in answer.text
    assert 'value="512,50"' in answer.text
    assert visit.asks("500").status == 303


def test_nobody_sees_checks_or_cancels_the_bill_of_another(visit: Visit) -> None:
    visit.asks("500")
    join(visit.app, BORIS)
    boris = Client(visit.app).log_in(BORIS)
    assert boris.get(visit.path).status == 404
    assert boris.get(visit.path, headers=PART).status == 404
    for act in ("check", "cancel"):
        assert boris.post_form(f"{visit.path}/{act}").status == 404
    assert boris.post_form("/topup", amount="500", instead=visit.bill.id).status == 404
    assert "There is nothing at this address." in boris.get(visit.path).text
    assert visit.bill.is_open
    assert "find" not in visit.qiwi.calls
    for path in ("/topup/1", f"/topup/{'g' * 32}", f"/topup/{'a' * 33}", f"/topup/{'0' * 32}"):
        assert visit.anna.get(path).status == 404


def test_a_visitor_logs_in_first_and_keeps_what_they_asked_for(visit: Visit) -> None:
    assert Client(visit.app).get("/topup").status == 303
    visit.app.people.end_sessions(ANNA, visit.app.now())
    sent = visit.asks("500", next="/my/bids")
    (target,) = parse_qs(urlsplit(sent.headers["location"]).query)["next"]
    assert target == "/topup?amount=500&next=%2Fmy%2Fbids"


def test_an_old_token_shows_the_form_again_with_what_was_typed(visit: Visit) -> None:
    answer = visit.anna.post_form("/topup", csrf=False, amount="512", next="//evil.example")
    assert answer.status == 403
    assert 'value="512"' in answer.text
    assert "evil" not in answer.text
    visit.asks("500")
    for act in ("check", "cancel"):
        refused = visit.anna.post_form(f"{visit.path}/{act}", csrf=False)
        assert refused.status == 403
        assert "out of date" in refused.text
        assert f"{visit.path}/{act}" in refused.text
    assert visit.bill.is_open


def test_a_blocked_person_gets_no_bill_but_what_was_paid_before_counts(visit: Visit) -> None:
    visit.asks("500")
    visit.pays()
    block(visit.app, ANNA)
    visit.anna.log_in(ANNA)
    assert visit.asks("700").status == 403
    assert "has arrived" in visit.polls().text
    assert visit.roubles()[0] == 50_000


# --- waiting --------------------------------------------------------------------------------------------------------


def test_a_page_that_polls_hears_of_nothing_new_without_a_byte(visit: Visit) -> None:
    visit.asks("500")
    tag = unescape(there(re.search(r'data-etag="([^"]+)"', visit.page().text))[1])
    assert visit.polls({"if-none-match": tag}).status == 304
    visit.qiwi.trouble["find"] = [OPEN]
    troubled = visit.polls({"if-none-match": tag})
    assert troubled.status == 200
    assert "Something went wrong, support has been informed." in troubled.text
    assert "We keep asking QIWI." in troubled.text
    assert "hx-get" in troubled.text
    assert visit.polls({"if-none-match": troubled.headers["etag"]}).status == 200


def test_a_check_says_that_nothing_has_come_and_only_when_asked(visit: Visit) -> None:
    visit.asks("500")
    assert "The payment has not arrived yet." not in visit.page().text
    sent = visit.anna.post_form(f"{visit.path}/check")
    assert (sent.status, sent.headers["location"]) == (303, visit.path)
    assert "The payment has not arrived yet." in visit.page().text
    assert "The payment has not arrived yet." not in visit.page().text
    visit.pays()
    visit.app.clock.forward(seconds=5)
    visit.anna.post_form(f"{visit.path}/check")
    assert "has arrived" in visit.page().text


def test_a_check_of_a_provider_that_fails_says_so_and_the_bill_waits_on(visit: Visit) -> None:
    visit.asks("500")
    visit.qiwi.trouble["find"] = [OPEN]
    answer = visit.anna.post_form(f"{visit.path}/check")
    assert answer.status == 503
    assert "Something went wrong, support has been informed." in answer.text
    assert visit.bill.is_open


def test_a_status_that_nobody_knows_is_told_and_waited_on(visit: Visit) -> None:
    visit.asks("500")
    visit.qiwi.say(visit.bill.id, ProviderStatus.UNKNOWN, said="HELD")
    assert "We cannot read yet what became of your payment of ₽500.00." in visit.polls().text
    visit.pays()
    assert "has arrived" in visit.polls().text


def test_a_cancelled_bill_cannot_be_paid_and_offers_another(visit: Visit) -> None:
    visit.asks("500")
    sent = visit.anna.post_form(f"{visit.path}/cancel")
    assert (sent.status, sent.headers["location"]) == (303, visit.path)
    page = visit.page().text
    assert "The payment of ₽500.00 was declined or cancelled." in page
    assert "pay.test" not in page
    assert "hx-get" not in page
    again = there(re.search(r'href="(/topup\?[^"]+)">Top up again', page))[1]
    assert 'value="500"' in visit.follows(again).text
    assert visit.anna.post_form(f"{visit.path}/cancel").status == 303


def test_a_cancel_that_comes_after_the_payment_shows_the_money(visit: Visit) -> None:
    visit.asks("500")
    visit.pays()
    visit.anna.post_form(f"{visit.path}/cancel")
    assert "has arrived" in visit.page().text
    assert visit.roubles() == (50_000, 0)


def test_a_bill_whose_time_is_over_says_so_and_is_credited_all_the_same_when_paid_late(visit: Visit) -> None:
    visit.asks("500")
    visit.app.clock.forward(seconds=301)
    ended = visit.polls().text
    assert "The time to pay ₽500.00 is over." in ended
    assert "If you did pay, the money still comes into your wallet." in ended
    visit.pays()
    visit.app.clock.forward(minutes=1)
    visit.anna.post_form(f"{visit.path}/check")
    assert "has arrived" in visit.page().text
    assert visit.roubles() == (50_000, 0)


def test_another_sum_than_asked_for_is_told_and_credited_to_nobody(visit: Visit) -> None:
    visit.asks("500")
    visit.pays(value=there(visit.qiwi.bills[visit.bill.id]).value - 1)
    page = text(visit.polls())
    assert "You paid 499 RUB on a bill over ₽500.00, so it was not added to your wallet yet." in page
    assert visit.roubles() == (0, 0)


def test_a_link_that_is_no_page_is_not_put_into_ours(visit: Visit) -> None:
    visit.asks("500")
    visit.app.store.tables.bills[visit.bill.id] = replace(visit.bill, pay_url="javascript:alert(1)")
    page = visit.page()
    assert page.status == 200
    assert "javascript:" not in page.text


# --- lots -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def lamp(visit: Visit) -> str:
    """The page of a lot at 1 000 roubles."""
    lot = put_up(visit.app, currency="RUB", goods="physical", start_price=100_000, bid_step=5000, buy_now_price=250_000)
    return f"/auction/{lot.auction.id}"


def presses(visit: Visit, page: Answer, sum_: str) -> Answer:
    """The button of that sum in the money step of the page."""
    form = page.text.split('class="top-up"')[1].split("</form>")[0]
    assert '<form method="post" action="/topup" class="top-up"' in page.text
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    assert f'name="amount" value="{sum_}"' in form, form
    del fields["csrf_token"]
    return visit.asks(sum_, **fields)


def finishes(visit: Visit, page: str) -> Answer:
    form = page.split("data-finish")[1].split("</form>", maxsplit=1)[0]
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    del fields["csrf_token"]
    action = there(re.search(r'action="([^"]+)" data-once data-finish', page))[1]
    return visit.anna.post_form(action, **fields)


def test_a_bid_that_lacks_roubles_is_placed_once_when_they_are_there(visit: Visit, lamp: str) -> None:
    answer = presses(visit, visit.anna.get(lamp), "1500")
    assert answer.headers["location"] == visit.path
    assert "Once it is paid, your bid of ₽1,000.00 is placed." in visit.page().text
    visit.pays()
    paid = visit.polls().text
    assert "Back to the lot" in paid
    for _ in range(2):
        done = finishes(visit, paid)
        assert (done.status, done.headers["location"]) == (303, lamp)
    assert visit.app.store.auction(lamp.removeprefix("/auction/")).bids_count == 1
    assert visit.roubles() == (50_000, 100_000)


def test_the_sums_on_a_lot_are_what_is_missing_and_round_ones_above(visit: Visit, lamp: str) -> None:
    form = visit.anna.get(lamp).text.split('class="top-up"')[1].split("</form>")[0]
    assert re.findall(r'name="amount" value="([^"]+)"', form) == ["1000", "1500", "2500", "5000"]


def test_less_than_a_bill_can_be_of_is_topped_up_by_the_least_and_says_so(visit: Visit) -> None:
    lot = put_up(visit.app, currency="RUB", goods="physical", start_price=350)
    form = visit.anna.get(f"/auction/{lot.auction.id}").text.split('class="top-up"')[1].split("</form>")[0]
    assert re.findall(r'name="amount" value="([^"]+)"', form)[0] == "10"
    assert "The smallest top-up is ₽10.00." in form


def test_a_purchase_goes_on_to_the_money_with_its_exact_sum(visit: Visit, lamp: str) -> None:
    link = there(re.search(r'href="(/topup\?[^"]+)">Top up ₽2,500.00 and buy', visit.anna.get(lamp).text))[1]
    form = visit.follows(link)
    assert "<h1>Top up and buy</h1>" in form.text
    assert 'value="2500"' in form.text
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form.text.split('action="/topup"')[1]))
    del fields["csrf_token"]
    visit.asks("2500", **fields)
    visit.pays()
    assert finishes(visit, visit.polls().text).status == 303
    assert visit.roubles() == (0, 0)


def test_where_no_roubles_can_be_brought_in_the_lot_offers_no_button_that_would() -> None:
    visit = Visit({"DEMO": ""})
    lot = put_up(visit.app, currency="RUB", goods="physical", start_price=100_000, buy_now_price=250_000)
    page = visit.anna.get(f"/auction/{lot.auction.id}").text
    assert "Top-up is not offered here." in page
    assert "/topup" not in page


def test_a_lot_that_ended_meanwhile_takes_no_money(visit: Visit, lamp: str) -> None:
    page = visit.anna.get(lamp)
    visit.app.clock.forward(hours=2)
    answer = presses(visit, page, "1500")
    assert answer.headers["location"] == lamp
    assert not visit.qiwi.calls


@pytest.mark.parametrize("wrong", [{"currency": "XTR"}, {"currency": "GOLD"}, {"maximum": "-1"}, {"act": "publish"},
                                   {"act": "subscribe", "request_id": "r"}])  # fmt: skip
def test_an_act_that_roubles_do_not_pay_makes_no_bill(visit: Visit, lamp: str, wrong: dict[str, str]) -> None:
    act = {"act": "bid", "lot": lamp.removeprefix("/auction/"), "maximum": "100000", "card_version": "1"}
    assert visit.asks("1500", **{**act, "currency": "RUB", **wrong}).status == 422
    assert not visit.qiwi.calls


def test_an_act_in_other_money_than_the_lots_leads_to_the_lot_and_makes_no_bill(visit: Visit) -> None:
    lot = put_up(visit.app)
    act: dict[str, Any] = {"act": "bid", "lot": lot.auction.id, "maximum": "1", "card_version": "1", "currency": "RUB"}
    assert visit.asks("1500", **act).headers["location"] == f"/auction/{lot.auction.id}"
    assert visit.anna.post_form("/buy_stars", amount="50", **act).status == 422
    assert not visit.qiwi.calls


def test_a_link_fills_in_the_least_amount_where_less_is_missing(visit: Visit) -> None:
    assert 'value="10"' in visit.anna.get("/topup", amount="3.50").text
    assert 'value="100000"' in visit.anna.get("/topup", amount="100001").text
    assert 'value="&lt;b&gt;"' in visit.anna.get("/topup", amount="<b>").text


# --- the wallet -----------------------------------------------------------------------------------------------------


def test_the_wallet_has_a_section_a_currency_and_shows_the_bill_that_waits(visit: Visit) -> None:
    page = visit.anna.get("/wallet").text
    assert 'href="/buy_stars" aria-label="Top up: Stars' in page
    assert 'href="/topup" aria-label="Top up: ' in page
    visit.asks("500")
    assert f'<a href="{visit.path}">A bill over ₽500.00 waits for its payment</a>' in visit.anna.get("/wallet").text
    visit.pays()
    visit.polls()
    assert visit.path not in visit.anna.get("/wallet").text


def test_the_pages_speak_russian(visit: Visit) -> None:
    visit.app.people.set_language(ANNA, "ru")
    assert "Пополнить" in visit.anna.get("/topup").text
    visit.asks("500")
    page = text(visit.page())
    assert "Оплатить 500,00 ₽ через QIWI" in page.replace("\xa0", " ")
    assert "Отменить счёт" in page
