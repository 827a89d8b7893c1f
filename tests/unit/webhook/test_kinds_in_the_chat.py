"""Dutch, sealed and Vickrey lots in the chat, and what each kind says of itself."""

from dataclasses import replace
from typing import Any

import pytest

from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.ports import ShownCard
from starbid.telegram.messenger import BotMessenger
from tests.support.factories import SELLER, put_up, xtr
from tests.support.fakes import FakeApp
from tests.support.there import there

from .chatting import Chat, FakeTelegram, price

DUTCH: dict[str, Any] = {"type": "dutch", "start_price": 200, "floor_price": 100, "drop_amount": 20, "drop_seconds": 60}
HIDDEN = 890
"""An amount of digits that no id of a lot has: base32 ends at 7."""


@pytest.fixture
def seller(app: FakeApp, telegram: FakeTelegram, anna: Chat, boris: Chat) -> Chat:
    anna.join(stars=1000)
    boris.join(stars=1000)
    return Chat(app, telegram, SELLER)


def open_card(chat: Chat, lot: Lot) -> None:
    chat.say(f"/auction_{lot.auction.id}")


def card_in(app: FakeApp, lot: Lot, chat: Chat, message: dict[str, Any]) -> tuple[Person, Lot, ShownCard]:
    """What the sender knows of the card that stands in a chat."""
    card = there(app.shown_cards.one(lot.auction.id, chat.id, app.now()))
    person = there(app.store.person(chat.id))
    return person, app.store.lot(lot.auction.id), replace(card, message_id=message["message_id"])


def balance(app: FakeApp, who: Chat) -> tuple[int, int]:
    wallet = app.store.wallet(who.id, "XTR")
    return wallet.available.amount, wallet.held.amount


def test_a_dutch_price_that_falls_between_seeing_and_pressing_is_the_lower_one(
    app: FakeApp, seller: Chat, anna: Chat
) -> None:
    lot = put_up(app, **DUTCH)
    open_card(anna, lot)
    app.clock.forward(seconds=120)
    anna.press(f"Buy the lot for {price(200)}")
    assert f"“A lamp” is yours for {price(160)}" in anna.words
    assert balance(app, anna) == (840, 0)


def test_of_two_who_buy_the_same_dutch_lot_the_second_reads_so_on_the_card(
    app: FakeApp, seller: Chat, anna: Chat, boris: Chat
) -> None:
    lot = put_up(app, **DUTCH)
    for chat in (anna, boris):
        open_card(chat, lot)
    card, before = boris.last, len(boris.messages)
    anna.press(f"Buy the lot for {price(200)}")
    boris.press(f"Купить лот за {price(200)}", card)
    assert (len(boris.messages), boris.last["message_id"]) == (before, card["message_id"])
    assert "Торги по этому лоту завершены." in boris.toasts()[-1]
    assert f"Купить лот за {price(200)}" not in boris.buttons()
    assert (balance(app, anna), balance(app, boris)) == ((800, 0), (1000, 0))


def test_a_dutch_lot_takes_no_bid_from_a_button_that_nobody_made(app: FakeApp, seller: Chat, anna: Chat) -> None:
    lot = put_up(app, **DUTCH)
    open_card(anna, lot)
    assert "Set a maximum" not in anna.buttons()
    for data in (f"m:{lot.auction.id}", f"b:{lot.auction.id}:200:{lot.auction.version}"):
        anna.press_data(data, anna.last)
        assert "drops automatically" in anna.toasts()[-1]
    assert balance(app, anna) == (1000, 0)


@pytest.mark.parametrize("kind", ["sealed", "vickrey"])
def test_a_sealed_bid_counts_though_others_bid_while_it_was_thought_about(
    app: FakeApp, seller: Chat, anna: Chat, boris: Chat, kind: str
) -> None:
    lot = put_up(app, type=kind)
    open_card(anna, lot)
    anna.press("Place a sealed bid")
    app.bidding.bid(lot.auction.id, boris.id, HIDDEN, app.now())
    anna.say("150")
    assert f"Your sealed bid is {price(150)}" in anna.words
    assert "moved on" not in str(anna.messages)
    anna.press("Raise my bid")
    assert f"from {price(151)} up" in anna.words
    assert f"Your sealed bid: {price(150)}" in anna.words
    anna.say("149")
    assert f"lowest bid is now {price(151)}" in anna.words
    anna.say("150")
    assert f"Your sealed bid: {price(150)}" in anna.words
    assert balance(app, anna) == (850, 150)
    assert str(HIDDEN) not in str(anna.messages)


@pytest.mark.parametrize("kind", ["sealed", "vickrey"])
def test_nothing_in_the_chat_tells_of_other_sealed_bids_before_the_end(
    app: FakeApp, seller: Chat, anna: Chat, boris: Chat, kind: str
) -> None:
    lot = put_up(app, type=kind)
    app.bidding.bid(lot.auction.id, boris.id, HIDDEN, app.now())
    app.bidding.bid(lot.auction.id, boris.id, HIDDEN + 1, app.now())
    for chat in (seller, anna):
        app.watching.watch(anna.id, lot.auction.id, app.now())
        open_card(chat, lot)
        chat.press_data(f"k:{lot.auction.id}", chat.last)
        for command in ("/my", "/bids", "/watchlist", "/auctions"):
            chat.say(command)
        secrets = (str(HIDDEN), str(HIDDEN + 1), lot.auction.pseudonym(boris.id), "Борис")
        assert not [secret for secret in secrets if secret in str(chat.messages)]
    boris.say("/bids")
    assert f"(начальная цена) · ваша закрытая ставка: {price(HIDDEN + 1)}" in boris.words


def test_ten_times_the_least_on_a_sealed_lot_says_that_it_is_held_until_the_end(
    app: FakeApp, seller: Chat, anna: Chat
) -> None:
    lot = put_up(app, type="sealed")
    open_card(anna, lot)
    anna.press("Place a sealed bid")
    anna.say("1000")
    assert "frozen until the end" in anna.words
    assert "while you lead" not in anna.words
    assert balance(app, anna) == (1000, 0)
    anna.press(f"Bid {price(1000)}")
    assert balance(app, anna) == (0, 1000)


def test_a_sealed_lot_that_ended_while_one_typed_says_so(app: FakeApp, seller: Chat, anna: Chat) -> None:
    lot = put_up(app, type="vickrey", duration_seconds=600)
    open_card(anna, lot)
    anna.press("Place a sealed bid")
    app.clock.forward(seconds=600)
    anna.say("500")
    assert "“A lamp”\nBidding on this lot is over." in anna.words
    assert balance(app, anna) == (1000, 0)


RULES: dict[str, tuple[dict[str, Any], str]] = {
    "english": ({}, "Set the most you would pay"),
    "dutch": (DUTCH, "drops by ⭐\u202f20 every minute"),
    "sealed": ({"type": "sealed"}, "pays its own amount"),
    "vickrey": ({"type": "vickrey"}, "pays only the second-highest amount"),
}


@pytest.mark.parametrize("kind", RULES)
def test_every_card_leads_to_the_rules_of_its_kind(app: FakeApp, seller: Chat, anna: Chat, kind: str) -> None:
    fields, words = RULES[kind]
    open_card(anna, put_up(app, **fields))
    anna.press("The rules")
    assert words in anna.words
    assert "The seller: no sales yet · no ratings yet" in anna.words
    anna.press("Open the lot")
    assert "The rules" in anna.buttons()


@pytest.mark.parametrize(
    ("kind", "paid", "words"),
    [
        ("english", 305, "one step of ⭐\u202f5 above it makes ⭐\u202f305"),
        ("sealed", 400, "The highest bid won and pays its own amount: ⭐\u202f400."),
        ("vickrey", 300, "pays the second-highest amount: ⭐\u202f300."),
    ],
)
def test_a_sold_card_says_why_it_cost_what_it_did(
    app: FakeApp, seller: Chat, anna: Chat, boris: Chat, kind: str, paid: int, words: str
) -> None:
    lot = put_up(app, type=kind)
    app.bidding.bid(lot.auction.id, anna.id, 400, app.now())
    app.bidding.bid(lot.auction.id, boris.id, 300, app.now())
    app.clock.forward(hours=2)
    open_card(boris, lot)
    assert "Лот достался другому" in boris.words
    open_card(anna, lot)
    anna.press("Why this price")
    assert f"“A lamp” was sold for {price(paid)}." in anna.words
    assert words in anna.words
    assert app.store.deal(lot.auction.id).price == xtr(paid)


def test_who_was_outbid_reads_so_on_a_card_opened_anew(
    app: FakeApp, seller: Chat, anna: Chat, boris: Chat, telegram: FakeTelegram
) -> None:
    clara = Chat(app, telegram, 3).join(stars=1000)
    lot = put_up(app)
    for chat, amount in ((clara, 110), (anna, 200), (boris, 300)):
        app.bidding.bid(lot.auction.id, chat.id, amount, app.now())
    for chat in (clara, anna):
        open_card(chat, lot)
        assert "🟠 You were outbid." in chat.words
    Chat(app, telegram, 4).join()
    stranger = Chat(app, telegram, 4)
    open_card(stranger, lot)
    assert "outbid" not in stranger.words


def test_a_leader_whose_card_was_opened_before_reads_on_it_that_they_were_outbid(
    app: FakeApp, seller: Chat, anna: Chat, boris: Chat
) -> None:
    lot = put_up(app)
    app.bidding.bid(lot.auction.id, anna.id, 200, app.now())
    open_card(anna, lot)
    card = anna.last
    app.bidding.bid(lot.auction.id, boris.id, 300, app.now())
    BotMessenger(app.bot, app.settings, app.now, app.store.wallet).redraw(*card_in(app, lot, anna, card))
    shown = next(message for message in anna.messages if message["message_id"] == card["message_id"])
    assert "🟠 You were outbid." in shown["caption"]


def test_a_scheduled_lot_of_ones_own_says_when_it_begins(app: FakeApp, seller: Chat) -> None:
    put_up(app, starts_at="2026-05-02T15:00")
    seller.say("/my")
    assert "starts in 1 d 3 h" in seller.words


def test_the_profile_shows_ratings_and_deals(app: FakeApp, seller: Chat, anna: Chat) -> None:
    lot = put_up(app)
    app.bidding.bid(lot.auction.id, anna.id, 100, app.now())
    app.clock.forward(hours=2, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    app.dealing.deliver(SELLER, lot.auction.id, "here", app.now())
    app.dealing.confirm(anna.id, lot.auction.id, app.now())
    app.dealing.rate(anna.id, lot.auction.id, 4, "", app.now())
    seller.say("/profile")
    assert "As a seller: 1 sale · no ratings yet" in seller.words
    open_card(seller, lot)
    seller.press("Rate")
    seller.press("★★★★★")
    seller.press("Skip the text")
    assert "Thank you for your rating: ★★★★★.\nThe other side rated you ★★★★." in seller.words
    seller.say("/profile")
    assert "As a seller: ★ 4.0 · 1 rating · 1 sale" in seller.words
    anna.say("/profile")
    assert "As a buyer: ★ 5.0 · 1 rating · 1 purchase" in anna.words


def test_the_rules_promise_a_buy_now_price_only_while_it_is_there(app: FakeApp, seller: Chat, anna: Chat) -> None:
    lot = put_up(app, start_price=100, buy_now_price=900)
    open_card(anna, lot)
    anna.press("The rules")
    assert f"bought at once for {price(900)}, until the first bid" in anna.words
    open_card(anna, lot)
    anna.press(price(100))
    open_card(anna, lot)
    anna.press("The rules")
    assert "bought at once" not in anna.words
    assert price(900) not in anna.words


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("vickrey", "You pay the second-highest bid, never more than yours."),
        ("sealed", "If you win, you pay what you bid."),
    ],
)
def test_the_question_for_a_hidden_bid_says_what_winning_costs(
    app: FakeApp, seller: Chat, anna: Chat, kind: str, said: str
) -> None:
    open_card(anna, put_up(app, type=kind))
    anna.press("Place a sealed bid")
    assert said in anna.words
