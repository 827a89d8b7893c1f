"""What the chat tells a winner who paid less than they bid, and of a price at which a lot can be had at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.deals import DealState
from starbid.services.views import view_lot
from starbid.telegram.cards import draw
from tests.support.bot_pool import FakeTelegram
from tests.support.factories import ANNA, BORIS, CLARA, SELLER
from tests.support.fakes import START

from .pieces import data, lot, sold
from .test_cards import style
from .test_notices_in_words import tell


def plain(text: str) -> str:
    return text.replace("\u202f", " ")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "You bid ⭐ 500 and paid ⭐ 330; ⭐ 170 came back."),
        ("ru", "Ваша ставка — ⭐ 500, вы заплатили ⭐ 330, вам вернулось ⭐ 170."),
    ],
)
def test_notice_and_card_of_a_winner_say_what_came_back(telegram: FakeTelegram, code: str, said: str) -> None:
    made = sold((BORIS, 320), (ANNA, 500))
    told = tell(telegram, "won", ANNA, made, {"price": [330, "XTR"]}, code)
    assert said in plain(told["text"]).split("\n")
    assert said in plain(draw(view_lot(made, ANNA, START), style(code)).caption).split("\n")
    for other in (BORIS, CLARA, SELLER):
        assert "⭐ 500" not in plain(draw(view_lot(made, other, START), style(code)).caption)


def test_a_winner_who_paid_all_of_the_bid_gets_nothing_back_and_reads_nothing_of_it(telegram: FakeTelegram) -> None:
    made = sold((BORIS, 320), (ANNA, 330))
    assert "came back" not in tell(telegram, "won", ANNA, made, {"price": [330, "XTR"]})["text"]
    assert "came back" not in draw(view_lot(made, ANNA, START), style()).caption


def test_after_a_refund_the_card_tells_of_the_whole_price_only() -> None:
    made = sold((BORIS, 320), (ANNA, 500))
    assert made.deal
    made = replace(made, deal=replace(made.deal, state=DealState.REFUNDED, ended_at=START))
    assert "came back" not in draw(view_lot(made, ANNA, START), style()).caption


@pytest.mark.parametrize(
    ("placed", "reserve", "there"),
    [((), None, True), (((BORIS, 100),), None, False), (((BORIS, 100),), 300, True), (((BORIS, 300),), 300, False)],
)
def test_a_card_names_the_buy_now_price_on_its_button_or_else_in_words_and_only_while_it_is_there(
    placed: tuple[tuple[int, int], ...], reserve: int | None, there: bool
) -> None:
    made = lot(*placed, reserve=reserve, buy_now=900)
    bidder, seller = (draw(view_lot(made, who, START), style()) for who in (ANNA, SELLER))
    assert any(button.startswith("n:") for row in data(bidder.keyboard) for button in row) == there
    assert "900" not in plain(bidder.caption)
    assert ("buy now ⭐ 900" in plain(seller.caption)) == there
    ended = draw(view_lot(made, SELLER, START + timedelta(days=1)), style())
    assert "900" not in plain(ended.caption)
