"""Watching lots in the chat: the button on cards, the list, the reminders."""

from __future__ import annotations

from datetime import timedelta

import pytest

from starbid.services.watching import MOST
from tests.support.factories import ANNA, SELLER, put_up
from tests.support.fake_watches import fill_list
from tests.support.fakes import FakeApp
from tests.unit.webhook.chatting import Chat

HOURS_2 = 7200


@pytest.fixture
def lot(app: FakeApp) -> str:
    return put_up(app, title="A lamp of the sea", duration_seconds=HOURS_2).auction.id


@pytest.fixture
def anna(app: FakeApp, telegram: object) -> Chat:
    return Chat(app, telegram, ANNA).join(stars=1000)  # type: ignore[arg-type]


def watching(app: FakeApp, lot: str) -> bool:
    return app.watching.is_watching(ANNA, lot, app.now())


def test_the_button_of_a_card_says_how_it_is_and_what_will_come(app: FakeApp, lot: str, anna: Chat) -> None:
    anna.say(f"/auction_{lot}")
    assert anna.buttons()["Add to favourites"] == f"w:{lot}:1"
    anna.press("Add to favourites")
    assert watching(app, lot)
    assert anna.buttons()["In favourites ✓"] == f"w:{lot}:0"
    anna.press("In favourites ✓")
    assert not watching(app, lot)
    assert anna.toasts() == [
        "Added to favourites. I will write 15 minutes before it ends.",
        "Removed from favourites.",
    ]
    assert len(anna.messages) == 1, "the card is edited in place"


@pytest.mark.parametrize("name", ["{}", "auction_{}", "/auction_{}"])
def test_a_lot_is_watched_by_its_id(app: FakeApp, lot: str, anna: Chat, name: str) -> None:
    anna.say(f"/watch {name.format(lot)}")
    assert watching(app, lot)
    assert "15 minutes before it ends" in anna.words
    assert anna.buttons()["Open the lot"] == f"o:{lot}"


@pytest.mark.parametrize(("text", "told"), [("/watch", "No favourites yet"), ("/watch no such", "no such lot")])
def test_watching_nothing_shows_the_list_or_says_what_is_wrong(anna: Chat, text: str, told: str) -> None:
    anna.say(text)
    assert told in anna.words


def test_a_press_that_arrives_twice_changes_nothing_more(app: FakeApp, lot: str, anna: Chat) -> None:
    anna.say(f"/auction_{lot}")
    card = anna.last
    for _ in range(2):
        anna.press_data(f"w:{lot}:1", card)
    assert watching(app, lot)
    assert app.watches.watchers(lot, "", 9) == ((ANNA,), None)


def test_a_card_stays_watched_where_a_bid_edits_it_and_where_another_is_opened(
    app: FakeApp, lot: str, anna: Chat
) -> None:
    anna.say(f"/auction_{lot}")
    anna.press("Add to favourites")
    anna.press_data(f"b:{lot}:100:1", anna.last)
    assert "You lead" in anna.words
    assert "In favourites ✓" in anna.buttons()
    app.run_streams()
    anna.say("/auctions")
    assert "In favourites ✓" in anna.buttons()


def test_the_seller_has_no_such_button(app: FakeApp, lot: str, telegram: object) -> None:
    seller = Chat(app, telegram, SELLER)  # type: ignore[arg-type]
    seller.say(f"/auction_{lot}")
    assert not any(data.startswith("w:") for data in seller.buttons().values())


@pytest.mark.parametrize("data", ["w", "w:lot", "w:LOT!:1", "w:lot:2", "w:lot:1:1", "wl:x", "wl", "wl:-1"])
def test_a_button_that_nobody_made_leads_to_the_menu(anna: Chat, data: str) -> None:
    anna.press_data(data, None)
    assert "Menu" in anna.words


def test_what_is_over_and_a_full_list_are_said(app: FakeApp, lot: str, anna: Chat) -> None:
    anna.say(f"/auction_{lot}")
    fill_list(app.watches, ANNA, MOST, app.now())
    anna.press("Add to favourites")
    app.clock.forward(hours=2)
    anna.press_data(f"w:{lot}:1", anna.last)
    assert anna.toasts() == [
        "Your favourites are full. Remove a lot, then add this one.",
        "Bidding on this lot is over.",
    ]
    assert not watching(app, lot)


def test_a_watch_button_leaves_an_open_question_alone(app: FakeApp, lot: str, anna: Chat) -> None:
    anna.say(f"/auction_{lot}")
    card = anna.last
    anna.press("Set a maximum")
    anna.press_data(f"w:{lot}:1", card)
    anna.say("150")
    assert app.store.auction(lot, consistent=True).leader_id == ANNA


def test_an_empty_list_leads_to_lots(anna: Chat) -> None:
    anna.say("/watchlist")
    assert anna.words.startswith("No favourites yet.")
    assert "go:auctions" in anna.buttons().values()


def test_the_list_shows_each_lot_as_it_stands_with_a_button(app: FakeApp, lot: str, anna: Chat) -> None:
    later = put_up(app, title="A vase", starts_at=(app.now() + timedelta(hours=5)).isoformat()).auction.id
    over = put_up(app, title="A comb", duration_seconds=60).auction.id
    for each in (lot, later, over):
        app.watching.watch(ANNA, each, app.now())
    app.bidding.bid(lot, ANNA, 300, app.now())
    app.clock.forward(minutes=2, seconds=2)
    app.closing.close(over, app.now())
    anna.say("/menu")
    anna.press("Favourites")
    price = anna.words.split(" · ")[1]
    assert anna.words.replace(price, "P").split("\n") == [
        "<b>Favourites</b>",
        "🟢 “A lamp of the sea” · P · you lead · 1 h 57 min left",
        "🕒 “A vase” · P · starts in 4 h 57 min",
        "⚪ “A comb” · P · not sold",
    ]
    assert {f"o:{each}" for each in (lot, later, over)} <= set(anna.buttons().values())


def test_a_long_list_goes_on_in_place(app: FakeApp, anna: Chat) -> None:
    for number in range(10):
        lot = put_up(app, title=f"Lamp {number}", duration_seconds=HOURS_2 + number).auction.id
        app.watching.watch(ANNA, lot, app.now())
    anna.say("/watchlist")
    assert ("Lamp 7" in anna.words, "Lamp 8" in anna.words) == (True, False)
    anna.press("More")
    assert ("Lamp 7" in anna.words, "Lamp 8" in anna.words, "Lamp 9" in anna.words) == (False, True, True)
    assert "More" not in anna.buttons()
    assert len(anna.messages) == 1


def test_before_its_start_a_lot_takes_no_bid_but_can_be_watched(app: FakeApp, anna: Chat) -> None:
    starts_at = app.now() + timedelta(hours=1)
    lot = put_up(app, starts_at=starts_at.isoformat(), buy_now_price=500).auction.id
    anna.say(f"/auction_{lot}")
    assert "Starts today 13:00 UTC" in anna.words
    assert not any(data.startswith(("b:", "m:", "n:")) for data in anna.buttons().values())
    card = anna.last
    for data in (f"b:{lot}:100:1", f"B:{lot}:100:1", f"m:{lot}", f"n:{lot}:500", f"N:{lot}:500"):
        anna.press_data(data, card)
    assert app.store.auction(lot, consistent=True).bids_count == 0
    anna.press("Add to favourites", card)
    assert anna.toasts()[-1] == "Added to favourites. I will write when it starts."
    anna.say("/auctions")
    assert "There are no lots right now" in anna.words
    app.clock.forward(hours=1)
    app.run_streams()
    anna.say("/auctions")
    assert "1 h 0 min left" in anna.words
