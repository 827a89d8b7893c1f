"""Lots in the chat one after the other: the market's, and those that somebody sells or bids on."""

from starbid.domain.lots import Lot
from tests.support.factories import SELLER, put_up
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram, price


def test_pages_turn_in_the_same_message_and_come_round(app: FakeApp, anna: Chat) -> None:
    for number in (1, 2, 3):
        put_up(app, title=f"Lot number {number}", duration_seconds=3600 * number)
    app.run_streams()
    anna.say("/auctions")
    assert "Lot number 1" in anna.words
    seen = []
    for _ in range(3):
        anna.press("›")
        seen.append(anna.words.split("\n")[0])
    assert [title[-5] for title in seen] == ["2", "3", "1"]
    anna.press("‹")
    assert "Lot number 3" in anna.words
    assert "3/3" in anna.buttons()
    assert len(anna.messages) == 1


def test_a_card_in_a_list_keeps_its_place_after_a_bid(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=1000)
    for number in (1, 2):
        put_up(app, title=f"Lot number {number}", duration_seconds=3600 * number)
    app.run_streams()
    anna.say("/auctions")
    anna.press("›")
    anna.press(price(100))
    assert "You lead" in anna.words
    assert "2/2" in anna.buttons()


def test_more_lots_than_a_page_are_reached(app: FakeApp, anna: Chat) -> None:
    for number in range(30):
        put_up(app, title=f"Lot number {number:02}", duration_seconds=3600 + number)
    app.run_streams()
    anna.say("/auctions")
    assert "1/24+" in anna.buttons()
    for _ in range(24):
        anna.press("›")
    assert "Lot number 24" in anna.words
    assert "25/30" in anna.buttons()


def test_without_lots_the_first_step_is_offered(anna: Chat) -> None:
    anna.say("/auctions")
    assert "no lots right now" in anna.words
    assert "go:sell" in anna.buttons().values()


def test_my_bids_tell_where_one_leads(app: FakeApp, lot: Lot, anna: Chat, boris: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press(price(100))
    anna.say("/bids")
    assert "you lead" in anna.words
    boris.say(f"/auction_{lot.auction.id}")
    boris.press(price(150))
    anna.say("/bids")
    assert "outbid" in anna.words
    anna.press("A lamp")
    assert anna.last["photo"]


def test_paging_over_a_card_that_was_deleted_sends_a_new_one(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    for number in (1, 2):
        put_up(app, title=f"Lot number {number}", duration_seconds=3600 * number)
    app.run_streams()
    anna.say("/auctions")
    gone = anna.last
    telegram.chats[anna.id].clear()
    anna.press("›", gone)
    assert "Lot number 2" in anna.words
    anna.press_data(f"p:5:{gone['reply_markup']['inline_keyboard'][0][0]['callback_data'].split(':')[1]}", None)
    assert len(anna.messages) == 2


def test_lists_of_ones_own_say_how_each_lot_ended(
    app: FakeApp, lot: Lot, anna: Chat, boris: Chat, telegram: FakeTelegram
) -> None:
    app.bidding.bid(lot.auction.id, anna.id, 150, app.now())
    app.bidding.bid(lot.auction.id, boris.id, 500, app.now())
    unsold = put_up(app, reserve_price=5000)
    app.bidding.bid(unsold.auction.id, anna.id, 200, app.now())
    later = put_up(app, title="Later", starts_at="2026-05-02T15:00")
    Chat(app, telegram, SELLER).say("/my")
    assert "2 bids" in telegram.called("sendMessage")[-1]["text"]
    app.clock.forward(hours=3)
    anna.say("/bids")
    assert "time is up" in anna.words
    for auction_id in (lot.auction.id, unsold.auction.id):
        app.closing.close(auction_id, app.now())
    anna.say("/bids")
    assert "went to somebody else" in anna.words
    assert "not sold" in anna.words
    seller = Chat(app, telegram, SELLER)
    seller.say("/my")
    assert "“Later” · ⭐\u202f100 · starts in 1 d 0 h" in seller.words
    seller.press_data(f"d:CANCEL:{later.auction.id}", None)
    seller.say("/my")
    assert "withdrawn" in seller.words


def test_a_purchase_is_green_until_the_money_goes_back(app: FakeApp, lot: Lot, anna: Chat) -> None:
    app.bidding.buy(lot.auction.id, anna.id, 900, app.now())
    anna.say("/bids")
    assert "🟢 " in anna.words
    app.clock.forward(days=14)
    app.dealing.advance(lot.auction.id, app.now())
    anna.say("/bids")
    assert "went back to your wallet" in anna.words
    assert "🟢" not in anna.words


def test_a_seller_reads_no_count_of_bids_where_nobody_bids(app: FakeApp, seller: Chat) -> None:
    put_up(app, type="dutch", start_price=500, floor_price=100, drop_amount=100, drop_seconds=600)
    app.run_streams()
    seller.say("/my")
    assert "(current price, drops in 10:00) · 1 h 0 min left" in seller.words
