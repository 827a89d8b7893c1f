"""The money step on the site: from the lot to the invoice, back to the lot, and the act finished there."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from starbid.domain.money import XTR
from tests.support.factories import ANNA, BORIS, SELLER, draft, join, market
from tests.support.web import Answer, Client

SPACE = "\u202f"


class Visit:
    """ANNA, who has nothing, at a lot that BORIS can bid on."""

    def __init__(self, **changes: Any) -> None:
        self.app, self.lot = market(BORIS, **({"start_price": 100, "bid_step": 5, "buy_now_price": 900} | changes))
        join(self.app, ANNA)
        self.anna = Client(self.app).log_in(ANNA)
        self.order_id = ""

    @property
    def path(self) -> str:
        return f"/auction/{self.lot.auction.id}"

    def presses(self, page: Answer, sum_: int) -> Answer:
        """The button of that sum in the money step of the page."""
        form = page.text.split('class="top-up"')[1].split("</form>")[0]
        fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
        assert f'name="amount" value="{sum_}"' in form, form
        answer = self.anna.post_form("/buy_stars", **fields, amount=sum_)
        found = re.search(r'hx-get="/buy_stars/([0-9a-f]{16})', answer.text)
        assert found, answer.text
        self.order_id = found[1]
        return answer

    def pays(self, charge: str = "c1") -> None:
        order, payload = next((o, p) for o, p in self.app.stars.links if o.id == self.order_id)
        self.app.paying.credit(ANNA, charge, payload, order.amount.amount, XTR, self.app.now())

    def polls(self) -> str:
        return self.anna.get(f"/buy_stars/{self.order_id}", headers={"hx-request": "true"}, next=self.path).text

    def finishes(self) -> Answer:
        return self.anna.post_form(f"{self.path}/finish", order=self.order_id)

    def purse(self) -> tuple[int, int]:
        wallet = self.app.store.wallet(ANNA, XTR)
        return wallet.available.amount, wallet.held.amount

    @property
    def bids(self) -> int:
        return self.app.store.auction(self.lot.auction.id).bids_count


def test_from_the_lot_to_the_money_and_back_to_the_bid_that_is_placed_once() -> None:
    visit = Visit()
    page = visit.presses(visit.anna.get(visit.path), 150)
    assert f"<h1>Top up ⭐{SPACE}150 and bid</h1>" in page.text
    assert f"Once it is paid, your bid of ⭐{SPACE}100 is placed." in page.text
    assert "Buy" not in re.sub(r"<[^>]+>", " ", page.text.split("<main")[1].split("</main")[0])
    visit.pays()
    done = visit.finishes()
    assert (done.status, done.headers["location"]) == (303, visit.path)
    assert "It is paid, and your bid is placed." in visit.anna.get(visit.path).text
    assert visit.finishes().status == 303
    assert visit.bids == 1
    assert visit.purse() == (50, 100)


def test_when_the_money_is_there_the_invoice_goes_the_balance_is_fresh_and_the_lot_is_the_main_button() -> None:
    visit = Visit()
    visit.presses(visit.anna.get(visit.path), 150)
    waiting = visit.polls()
    assert "Waiting for the payment" in waiting
    assert 'id="purse"' not in waiting
    visit.pays()
    paid = visit.polls()
    assert f"⭐{SPACE}150 has arrived" in paid
    assert re.search(r'id="purse"[^>]*hx-swap-oob="true"[^>]*>⭐\u202f150</a>', paid)
    assert re.search(r'<div id="invoice" hx-swap-oob="true">\s*</div>', paid)
    assert f'action="{visit.path}/finish"' in paid
    assert "Back to the lot" in paid
    assert "Pay ⭐" not in paid
    whole = visit.anna.get(f"/buy_stars/{visit.order_id}", next=visit.path).text
    assert "Pay ⭐" not in whole
    assert f"⭐{SPACE}150</a>" in whole.split("<main")[0]


def test_the_bot_may_be_first_and_the_page_leads_to_the_same_outcome() -> None:
    visit = Visit()
    visit.presses(visit.anna.get(visit.path), 150)
    visit.pays()
    visit.app.finishing.finish(visit.order_id, ANNA, visit.app.now())
    assert visit.finishes().status == 303
    assert visit.bids == 1


def test_a_price_that_moved_is_asked_about_with_the_new_one_on_the_button() -> None:
    visit = Visit()
    visit.presses(visit.anna.get(visit.path), 150)
    visit.pays()
    visit.app.bidding.bid(visit.lot.auction.id, BORIS, 300, visit.app.now())
    asked = visit.finishes()
    assert asked.status == 409
    assert "The lowest bid is now ⭐\u202f105. Nothing was bid; what you topped up is in your wallet." in asked.text
    assert f"Bid ⭐{SPACE}105" in asked.text
    assert visit.purse() == (150, 0)


def test_words_that_changed_are_shown_and_nothing_is_bid_on_them() -> None:
    visit = Visit()
    visit.presses(visit.anna.get(visit.path), 150)
    visit.pays()
    visit.app.publishing.edit(
        SELLER, visit.lot.auction.id, draft(visit.app.now(), title="A broken lamp"), (), visit.app.now()
    )
    asked = visit.finishes()
    assert asked.status == 409
    assert "A broken lamp" in asked.text
    assert "The seller has changed this lot" in asked.text
    assert visit.bids == 0


def test_an_amount_that_was_typed_is_the_one_that_is_bid() -> None:
    visit = Visit()
    refused = visit.anna.post_form(f"{visit.path}/bid", amount="420", units="whole", card_version="1")
    assert refused.status == 409
    visit.presses(refused, 500)
    visit.pays()
    visit.finishes()
    assert visit.purse() == (80, 420)


def test_an_unusual_amount_is_asked_about_when_its_money_is_there() -> None:
    visit = Visit()
    refused = visit.anna.post_form(f"{visit.path}/bid", amount="1 000", units="whole", card_version="1")
    visit.presses(refused, 1500)
    visit.pays()
    asked = visit.finishes()
    assert asked.status == 200
    assert 'name="confirmed" value="1"' in asked.text
    assert visit.bids == 0


def test_a_purchase_that_lacked_money_is_made() -> None:
    visit = Visit()
    refused = visit.anna.post_form(f"{visit.path}/buy", seen_price="900", card_version="1")
    assert f"Top up ⭐{SPACE}1{SPACE}000 and buy" in refused.text
    visit.presses(refused, 1000)
    visit.pays()
    done = visit.finishes()
    assert (done.status, visit.purse()) == (303, (100, 0))
    assert "It is paid, and the lot is yours." in visit.anna.get(visit.path).text


def test_a_falling_price_is_bought_at_what_was_seen_or_less() -> None:
    falls = {"start_price": 500, "floor_price": 100, "drop_amount": 50, "drop_seconds": 60}
    visit = Visit(type="dutch", bid_step=None, buy_now_price=None, **falls)
    visit.presses(visit.anna.get(visit.path), 1000)
    visit.app.clock.forward(seconds=61)
    visit.pays()
    assert visit.finishes().status == 303
    assert visit.purse() == (550, 0)


def test_subscribing_goes_on_after_the_money() -> None:
    visit = Visit()
    visit.presses(visit.anna.get("/subscribe"), 150)
    visit.pays()
    for _ in range(2):
        done = visit.anna.post_form("/subscribe/finish", order=visit.order_id)
        assert (done.status, done.headers["location"]) == (303, "/subscribe")
    assert visit.purse() == (50, 0)


def test_relisting_without_a_subscription_says_so_and_comes_back_to_the_lot_through_the_money() -> None:
    visit = Visit()
    visit.app.publishing.cancel(SELLER, visit.lot.auction.id, visit.app.now())
    visit.app.clock.forward(days=31)
    seller = Client(visit.app).log_in(SELLER)
    sent = seller.post_form(f"{visit.path}/relist")
    assert (sent.status, sent.headers["location"]) == (303, f"/subscribe?next=%2Fauction%2F{visit.lot.auction.id}")
    page = seller.get("/subscribe", next=visit.path).text
    assert "Relisting needs a subscription." in page
    form = page.split('class="top-up"')[1].split("</form>")[0]
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    found = re.search(
        r'hx-get="(/buy_stars/([0-9a-f]{16})[^"]*)', seller.post_form("/buy_stars", **fields, amount=150).text
    )
    assert found
    order, payload = next((o, p) for o, p in visit.app.stars.links if o.id == found[2])
    visit.app.paying.credit(SELLER, "c1", payload, order.amount.amount, XTR, visit.app.now())
    paid = seller.send("GET", *found[1].replace("&amp;", "&").split("?")).text
    finish = dict(
        re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', paid.split("data-finish")[1].split("</form>")[0])
    )
    done = seller.post_form("/subscribe/finish", **finish)
    assert (done.status, done.headers["location"]) == (303, visit.path)
    assert "Your subscription is paid." in seller.get(visit.path).text
    assert seller.post_form(f"{visit.path}/relist").headers["location"].startswith("/auction/")


def test_a_session_that_ended_meanwhile_loses_neither_the_lot_nor_the_bid() -> None:
    visit = Visit()
    page = visit.anna.get(visit.path)
    form = page.text.split('class="top-up"')[1].split("</form>")[0]
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    visit.app.people.end_sessions(ANNA, visit.app.now())
    sent = visit.anna.post_form("/buy_stars", **fields, amount=150)
    assert sent.status == 303
    (target,) = parse_qs(urlsplit(sent.headers["location"]).query)["next"]
    path, _, query = target.partition("?")
    again = visit.anna.log_in(ANNA).send("GET", path, query)
    assert "<h1>Top up and bid</h1>" in again.text
    assert f'<a href="{visit.path}">A lamp</a>' in again.text
    assert 'value="150"' in again.text
    hostile = visit.anna.log_in(ANNA)
    visit.app.people.end_sessions(ANNA, visit.app.now())
    away = hostile.post_form("/buy_stars", amount="1", next="//evil.example", act="x")
    assert "evil" not in away.headers["location"]


def test_the_page_of_the_step_takes_any_sum_and_keeps_the_act() -> None:
    visit = Visit()
    query: dict[str, Any] = {
        "act": "bid",
        "lot": visit.lot.auction.id,
        "maximum": 100,
        "card_version": 1,
        "next": visit.path,
    }
    page = visit.anna.get("/buy_stars", **query)
    assert "<h1>Top up and bid</h1>" in page.text
    refused = visit.anna.post_form("/buy_stars", amount="none", **query)
    assert refused.status == 422
    assert page.text.count('name="maximum" value="100"') == refused.text.count('name="maximum" value="100"') == 2


def test_a_link_to_the_step_names_its_lot_and_confirms_no_unusual_bid() -> None:
    visit = Visit()
    unusual: dict[str, Any] = {
        "act": "bid",
        "lot": visit.lot.auction.id,
        "maximum": 1000,
        "card_version": 1,
        "confirmed": 1,
    }
    page = visit.anna.get("/buy_stars", amount=1000, **unusual)
    assert f'<a href="{visit.path}">A lamp</a>' in page.text
    assert 'name="maximum" value="1000"' in page.text
    assert 'name="confirmed"' not in page.text
    assert visit.anna.get("/buy_stars", **unusual | {"lot": "nosuchlot"}).status == 200


@pytest.mark.parametrize(
    "wrong",
    [{"act": "publish"}, {"act": "x"}, {"act": "bid"}, {"act": "bid", "lot": "l", "maximum": "-1", "card_version": 1},
     {"act": "buy", "lot": "l" * 65, "price": 1, "card_version": 1}],
)  # fmt: skip
def test_an_act_that_no_page_of_ours_asks_for_makes_no_invoice(wrong: dict[str, Any]) -> None:
    visit = Visit()
    assert visit.anna.post_form("/buy_stars", amount="50", **wrong).status == 422
    assert not visit.app.stars.links


def test_nobody_finishes_an_order_of_somebody_else_or_on_another_lot() -> None:
    visit = Visit()
    visit.presses(visit.anna.get(visit.path), 150)
    visit.pays()
    boris = Client(visit.app).log_in(BORIS)
    assert boris.post_form(f"{visit.path}/finish", order=visit.order_id).status == 404
    assert visit.anna.post_form("/auction/another/finish", order=visit.order_id).status == 404
    assert visit.anna.post_form("/subscribe/finish", order=visit.order_id).status == 404
    assert visit.anna.post_form("/new_auction/finish", order=visit.order_id).status == 404
    assert visit.bids == 0


def test_an_order_that_is_not_paid_finishes_nothing() -> None:
    visit = Visit()
    visit.presses(visit.anna.get(visit.path), 150)
    refused = visit.finishes()
    assert refused.status == 409
    assert "The payment has not arrived yet." in refused.text
    assert "what you topped up is in your wallet" not in refused.text
    assert visit.bids == 0


def test_money_alone_leads_back_to_where_one_came_from() -> None:
    visit = Visit()
    answer = visit.anna.post_form("/buy_stars", amount="250", next=visit.path)
    assert f"<h1>Top up ⭐{SPACE}250</h1>" in answer.text
    found = re.search(r'hx-get="/buy_stars/([0-9a-f]{16})', answer.text)
    assert found
    visit.order_id = found[1]
    visit.pays()
    paid = visit.polls()
    assert f'<a class="button full" href="{visit.path}" data-main>Back to the lot</a>' in paid
    assert "/finish" not in paid


def test_the_step_speaks_russian() -> None:
    visit = Visit()
    visit.app.people.set_language(ANNA, "ru")
    page = visit.presses(visit.anna.get(visit.path), 150)
    assert f"Пополнить на ⭐{SPACE}150 и сделать ставку" in page.text
