"""Packs of answers on the site: from the wallet, or by an invoice in Telegram."""

from __future__ import annotations

import re
from typing import Any

import pytest

from starbid.domain import limits
from starbid.domain.assistant.account import MOST_PACKS, Pack
from starbid.domain.assistant.packs import with_pack
from starbid.domain.limits import Deed, Limit
from tests.support.blocking import block
from tests.support.debts import fall_into_debt
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import FakeApp
from tests.support.helped import helped, member, use_up
from tests.support.web import Answer, Client, text

PATH = "/assistant/packs"
PART = {"hx-request": "true"}


@pytest.fixture
def app() -> FakeApp:
    return helped()


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return member(app, stars=100)


def buy(client: Client, pack: object = 50, how: str = "wallet", **fields: Any) -> Answer:
    return client.post_form(PATH, pack=pack, how=how, **{"request_id": "r1"} | fields)


def available(app: FakeApp) -> int:
    return app.store.wallet(ANNA, "XTR").available.amount


def offers(page: Answer) -> list[tuple[str, list[str]]]:
    """Each pack with the ways to pay it, the first one first."""
    items = page.text.partition('<ul class="packs">')[2].partition("</ul>")[0].split("<li>")[1:]
    return [(text_of(item.partition("<form")[0]), re.findall(r'name="how" value="(\w+)"', item)) for item in items]


def text_of(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def test_each_pack_is_offered_with_its_price_and_the_price_of_an_answer(anna: Client) -> None:
    page = anna.get(PATH)
    assert offers(page) == [
        ("10 answers ⭐ 2 each", ["wallet", "telegram"]),
        ("50 answers ⭐ 1.6 each", ["wallet", "telegram"]),
        ("200 answers ⭐ 1.25 each", ["telegram"]),
    ]
    assert "Pay ⭐ 80 from the wallet" in text(page)
    assert "The subscription brings 100 answers with each 30 days, and you can sell." in text(page)


def test_the_price_of_an_answer_is_written_as_the_reader_writes_it(app: FakeApp) -> None:
    page = member(app, BORIS, language="ru").get(PATH)
    assert "50 ответов ⭐ 1,6 за ответ" in text(page)


def test_who_has_used_up_all_is_offered_packs_in_the_conversation(app: FakeApp, anna: Client) -> None:
    assert 'id="offers"' not in anna.get("/assistant").text
    use_up(app)
    page = anna.get("/assistant")
    assert [ways for _, ways in offers(page)] == [["wallet", "telegram"], ["wallet", "telegram"], ["telegram"]]
    assert 'href="/subscribe?next=/assistant"' in page.text


def test_a_pack_from_the_wallet_is_paid_once_and_told_with_its_receipt(app: FakeApp, anna: Client) -> None:
    for _ in range(2):
        answer = buy(anna)
        assert (answer.status, answer.headers["location"]) == (303, "/assistant")
        app.clock.forward(seconds=2)
    assert available(app) == 20
    page = text(anna.get("/assistant"))
    assert "50 answers are yours. Paid from your wallet: ⭐ 80." in page
    assert "50 answers from packs" in page
    assert "Helper answers" in text(anna.get("/wallet"))


def test_another_pack_of_the_same_page_is_another_purchase(app: FakeApp, anna: Client) -> None:
    assert buy(anna, 50).status == 303
    assert buy(anna, 10).status == 303
    assert app.questions.account(ANNA).credits == 60


def test_the_way_back_is_kept_and_leads_nowhere_else(app: FakeApp, anna: Client) -> None:
    assert buy(anna, next="/assistant?task=listing").headers["location"] == "/assistant?task=listing"
    assert buy(anna, 10, next="https://evil.example").headers["location"] == "/assistant"


@pytest.mark.parametrize(("pack", "how"), [(51, "wallet"), ("x", "wallet"), ("", "wallet"), (50, "cash"), (50, "")])
def test_what_is_not_offered_cannot_be_bought(app: FakeApp, anna: Client, pack: object, how: str) -> None:
    answer = buy(anna, pack, how)
    assert (answer.status, "Choose one from the list." in text(answer)) == (422, True)
    assert (available(app), app.questions.account(ANNA).credits) == (100, 0)


def test_a_wallet_that_is_short_leads_to_the_invoice(app: FakeApp, anna: Client) -> None:
    answer = buy(anna, 200)
    assert answer.status == 409
    assert "You have ⭐ 100. You need ⭐ 150 more." in text(answer)
    assert offers(answer)[2][1] == ["telegram"]


def test_who_owes_is_blocked_or_has_too_many_is_told_so(app: FakeApp, anna: Client) -> None:
    account = app.questions.account(ANNA)
    for number in range(MOST_PACKS):
        after = with_pack(account, Pack(f"p{number}", 1, 1, app.now()))
        assert app.questions.save(account, after)
        account = after
    for how in ("wallet", "telegram"):
        answer = buy(anna, how=how)
        assert (answer.status, "You have 50 packs of answers that are not used up." in text(answer)) == (409, True)
    indebted = member(app, BORIS)
    fall_into_debt(app, BORIS, 100)
    answer = buy(indebted, 10)
    assert (answer.status, "A refunded payment left a debt" in text(answer)) == (403, True)
    block(app, BORIS)
    assert buy(indebted.log_in(BORIS), 10).status == 403
    assert buy(indebted, 10, "telegram").status == 403
    assert app.stars.links == []


def test_who_prefers_json_gets_the_refusal_in_json(anna: Client) -> None:
    assert buy(anna, 200, headers={"accept": "application/json"}).code == "insufficient_funds"


def test_an_old_page_buys_nothing(app: FakeApp, anna: Client) -> None:
    answer = buy(anna, csrf_token="old")
    assert (answer.status, "This page was out of date, so nothing was done." in text(answer)) == (403, True)
    assert available(app) == 100


# --- an invoice -------------------------------------------------------------------------------------------------------


def test_an_invoice_is_shown_and_the_page_notices_its_payment(app: FakeApp, anna: Client) -> None:
    page = buy(anna, 50, "telegram", next="/assistant")
    order, payload = app.stars.links[-1]
    assert page.status == 200
    assert "50 answers of the AI helper" in text(page)
    assert f'href="https://t.me/$invoice-{order.id}"' in page.text
    assert f'hx-get="/buy_stars/{order.id}?next=%2Fassistant"' in page.text
    poll = f"/buy_stars/{order.id}"
    assert "Waiting for the payment" in text(anna.get(poll, next="/assistant", headers=PART))
    app.paying.credit(ANNA, "c1", payload, 80, "XTR", app.now())
    paid = anna.get(poll, next="/assistant", headers=PART)
    assert "50 answers are yours" in text(paid)
    assert "Paid: ⭐ 80." in text(paid)
    assert "has arrived" not in text(paid)
    assert 'href="/assistant"' in paid.text
    assert "hx-get" not in paid.text
    assert available(app) == 100, "it did not pass the wallet"
    assert "50 answers from packs" in text(anna.get("/assistant"))


def test_a_payment_that_bought_nothing_is_told_as_money_in_the_wallet(app: FakeApp, anna: Client) -> None:
    buy(anna, 50, "telegram")
    order, payload = app.stars.links[-1]
    account = app.questions.account(ANNA)
    for number in range(MOST_PACKS):
        after = with_pack(account, Pack(f"p{number}", 1, 1, app.now()))
        assert app.questions.save(account, after)
        account = after
    app.paying.credit(ANNA, "c1", payload, 80, "XTR", app.now())
    paid = text(anna.get(f"/buy_stars/{order.id}", headers=PART))
    assert "⭐ 80 has arrived" in paid
    assert "answers are yours" not in paid


def test_anothers_invoice_is_not_there(app: FakeApp, anna: Client) -> None:
    buy(anna, 50, "telegram")
    order, _ = app.stars.links[-1]
    assert member(app, BORIS).get(f"/buy_stars/{order.id}").status == 404


def test_invoices_are_limited(anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits.LIMITS, Deed.INVOICE, Limit(0, 3600))
    answer = buy(anna, 10, "telegram")
    assert (answer.status, "retry-after" in answer.headers) == (429, True)
    assert buy(anna, 10).status == 303, "what the wallet pays is no invoice"


def test_a_pack_is_not_sold_at_another_price_than_was_seen(app: FakeApp, anna: Client) -> None:
    """`ASSISTANT_PACKS` was changed while the page was open: it is asked about first."""
    sent = buy(anna, price="70")
    assert (sent.status, "The price is now ⭐ 80." in text(sent)) == (409, True)
    assert app.questions.account(ANNA).packs == ()
    assert buy(anna, price="80").status == 303
