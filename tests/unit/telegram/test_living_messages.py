"""What a living message says, and how it is edited in the chat."""

from dataclasses import replace

import pytest

from starbid.domain.lots import Lot
from starbid.services.ports import Notice, TryLater
from starbid.telegram.messenger import BotMessenger
from tests.support.bot_pool import FakeTelegram, bad_request, bot, flood
from tests.support.factories import ANNA, BORIS, SELLER, person, wallet, xtr
from tests.support.fakes import START

from .pieces import EN, SETTINGS, lot, sold

ADMIN = 900


def messenger(telegram: FakeTelegram) -> BotMessenger:
    return BotMessenger(bot(telegram), SETTINGS, lambda: START, lambda who, _: wallet(who, 750, 100))


def new_bid(number: int, price: int) -> Notice:
    return Notice(f"bid:lot1:{number}:new_bid", SELLER, "new_bid", "lot1", {"price": [price, "XTR"], "bids": number})


def text_of(telegram: FakeTelegram, who: int) -> str:
    return str(list(telegram.chats[who].values())[-1]["text"])


def test_a_bid_is_told_with_all_that_came_since(telegram: FakeTelegram) -> None:
    made = lot((ANNA, 320), (BORIS, 500), (ANNA, 700))
    number = messenger(telegram).tell(person(SELLER, language="en"), new_bid(1, 100), made)
    assert number in telegram.chats[SELLER]
    assert text_of(telegram, SELLER).endswith("3 bids so far. It ends in 1 h 0 min: today 13:00 UTC.")
    assert EN.money(made.auction.price) in text_of(telegram, SELLER)


def test_it_is_edited_in_its_place(telegram: FakeTelegram) -> None:
    teller, seller = messenger(telegram), person(SELLER, language="en")
    number = teller.tell(seller, new_bid(1, 100), lot((ANNA, 320)))
    assert number is not None
    newer = lot((ANNA, 320), (BORIS, 500))
    assert teller.edit(seller, new_bid(2, 330), newer, number)
    assert teller.edit(seller, new_bid(2, 330), newer, number), "one that says the same is no error"
    assert len(telegram.chats[SELLER]) == 1
    assert "2 bids so far." in text_of(telegram, SELLER)


@pytest.mark.parametrize("reason", ["message to edit not found", "message can't be edited", "MESSAGE_TOO_LONG"])
def test_one_that_is_gone_or_never_to_be_edited_says_so(telegram: FakeTelegram, reason: str) -> None:
    telegram.fail("editMessageText", bad_request(reason))
    assert not messenger(telegram).edit(person(SELLER), new_bid(1, 100), lot((ANNA, 320)), 5)


def test_where_telegram_asks_for_patience_the_edit_comes_again(telegram: FakeTelegram) -> None:
    telegram.fail("editMessageText", flood(7))
    with pytest.raises(TryLater) as wait:
        messenger(telegram).edit(person(SELLER), new_bid(1, 100), lot((ANNA, 320)), 5)
    assert wait.value.seconds == 7


def test_a_purchase_is_no_bid(telegram: FakeTelegram) -> None:
    """A bid below the reserve that is told when the lot has been bought."""
    made = sold((ANNA, 320))
    auction = made.auction
    terms = replace(auction.terms, buy_now_price=xtr(900))
    bought = replace(
        auction, terms=terms, price=xtr(900), leader_maximum=xtr(900), bids_count=2, ended_at=START, ends_at=START
    )
    bought = replace(bought, scheduled_end=auction.ends_at, ended_at=auction.starts_at)
    assert bought.bought
    messenger(telegram).tell(person(SELLER, language="en"), new_bid(1, 100), replace(made, auction=bought))
    assert text_of(telegram, SELLER).endswith("1 bid so far.")
    assert EN.money(xtr(100)) in text_of(telegram, SELLER)


def test_an_admin_reads_the_newest_answer_and_can_look_at_the_dispute(telegram: FakeTelegram) -> None:
    made = disputed("answer <three>")
    notice = Notice("a:1", ADMIN, "dispute_answered", "lot1", {"text": "answer one", "version": 3})
    messenger(telegram).tell(person(ADMIN, language="en"), notice, made)
    assert "answer &lt;three&gt;" in text_of(telegram, ADMIN)
    assert "answer one" not in text_of(telegram, ADMIN)
    (sent,) = telegram.chats[ADMIN].values()
    assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "a:look:lot1"


def disputed(answer: str) -> Lot:
    made = sold((ANNA, 320))
    assert made.deal
    return replace(made, deal=replace(made.deal, dispute="broken", answer=answer))
