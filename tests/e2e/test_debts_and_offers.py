"""Money that becomes free settles a debt, and an offer that nobody answers ends: seen from outside."""

from __future__ import annotations

from tests.e2e.client import Person
from tests.e2e.town import Town, bid, error_of

DAY = 86_400
SETTLED = "settled the debt from a refunded payment"


def test_a_hold_that_is_released_settles_what_is_owed_and_the_rest_can_be_bid(town: Town) -> None:
    nina = Person(town.stack, town.bot, 41, "Nina")
    nina.says("/start")
    nina.logs_in()
    for amount in (100, 20):
        nina.buys_stars(amount, f"nina-{amount}")
    led, live = town.publish(start_price=90), town.publish(start_price=5, bid_step=1)
    assert bid(nina, led, 100).status_code == 201
    assert nina.send_update(nina.refunded("nina-100", 100)).status_code == 200
    assert nina.wallet() == {"available": 0, "held": 100}
    assert error_of(bid(nina, live, 5)) == (403, "in_debt")

    assert bid(town.anna, led, 200).status_code == 201
    assert error_of(bid(nina, live, 21)) == (409, "insufficient_funds")
    assert bid(nina, live, 15).status_code == 201
    assert nina.wallet() == {"available": 5, "held": 15}
    (told,) = town.told(nina, SETTLED)
    assert "⭐\u202f80 from your wallet" in told
    assert "you can bid and sell again" in told
    assert "Debt settled" in nina.web.get("/wallet").text
    town.stack.advance(602)


def test_an_offer_that_nobody_answers_is_over_for_both_and_told_once(town: Town) -> None:
    lot = town.publish(title="A clock of the sea")
    assert bid(town.boris, lot, 150).status_code == 201
    assert bid(town.anna, lot, 300).status_code == 201
    town.stack.advance(602)
    town.stack.advance(14 * DAY + 60)
    assert town.seller.posts(f"/auction/{lot}/second_chance").status_code == 303
    town.stack.advance(2 * DAY - 60)
    assert town.told(town.seller, "to take “A clock of the sea”") == []
    town.stack.advance(120)
    for _ in range(2):
        assert len(town.told(town.seller, "to take “A clock of the sea”")) == 1
        town.stack.advance(DAY)
    assert "Срок предложения вышел" in town.boris.web.get(f"/auction/{lot}").text
    assert town.boris.posts(f"/auction/{lot}/second_chance/accept").status_code == 409
    assert town.seller.posts(f"/auction/{lot}/relist").status_code == 303
