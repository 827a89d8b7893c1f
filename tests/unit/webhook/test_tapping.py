"""A bid by a tap in a post of a group or channel: what came of it is told to the one who pressed alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from starbid import bootstrap
from starbid.domain.leaving import left
from starbid.domain.lots import Lot
from starbid.domain.showcases import ALL, Showcase
from starbid.telegram.html import MAX_TOAST, units
from tests.support.bot_pool import flood
from tests.support.factories import SELLER, put_up, xtr
from tests.support.fakes import Death, FakeApp
from tests.support.venue_telegram import Place
from webhook.dispatch import LEASE_SECONDS

from .chatting import Chat, FakeTelegram, bad_request, chatting_app, forbidden

CHANNEL, GROUP = -1009876543210, -55


@pytest.fixture
def app(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = chatting_app(telegram)
    for name in ("venues", "poster"):
        made.__dict__.pop(name)
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


@pytest.fixture
def channel(telegram: FakeTelegram) -> Place:
    return Place(telegram, CHANNEL, "channel")


@pytest.fixture
def lot(app: FakeApp, anna: Chat, boris: Chat, channel: Place) -> Lot:
    """It stands in a channel; the step is 10, the start 100."""
    anna.join(stars=1000)
    boris.join(stars=1000)
    return posted(app)


def posted(app: FakeApp, chat_id: int = CHANNEL, **changes: Any) -> Lot:
    made = Showcase(chat_id, "Lamps", True, True, "en", None, app.now(), (SELLER,)).showing(ALL, SELLER)
    app.showcase_rows.put(None, made)
    lot = put_up(app, **({"bid_step": 10} | changes))
    show(app)
    return lot


def show(app: FakeApp) -> None:
    """The posts as they are after what has happened; some time passes."""
    app.run_streams()
    app.run_posts()
    app.clock.forward(seconds=20)
    for auction_id in set(app.store.tables.auctions):
        app.posting.redraw(auction_id, app.now())
    app.clock.forward(seconds=20)


def tap(who: Chat, place: Place, data: str = "", update_id: int | None = None) -> str:
    """Press the first button of the last post, and what is told."""
    (message, *_) = reversed(place.posts())
    before = len(who.telegram.called("answerCallbackQuery"))
    who.press_data(data or next(iter(who.buttons(message).values())), message, update_id)
    answers = who.telegram.called("answerCallbackQuery")[before:]
    assert len(answers) <= 1
    return plain(answers[0].get("text", "")) if answers else ""


def plain(text: object) -> str:
    return str(text).replace("\u202f", " ")


def button(who: Chat, place: Place) -> str:
    """What the first button of the last post says."""
    return plain(next(iter(who.buttons(place.posts()[-1]))))


def state(app: FakeApp, lot: Lot) -> Any:
    return app.store.auction(lot.auction.id)


def test_a_tap_bids_a_step_more_and_says_what_was_bid_what_is_frozen_and_who_leads(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, channel: Place, lot: Lot
) -> None:
    said = tap(anna, channel)
    assert said == "Your bid of ⭐ 100 is in. You lead at ⭐ 100. ⭐ 100 is frozen."
    assert telegram.called("answerCallbackQuery")[-1]["show_alert"] is True
    assert (state(app, lot).leader_id, state(app, lot).bids_count) == (anna.id, 1)
    show(app)
    assert button(anna, channel) == "Bid ⭐ 110"


def test_who_is_outbid_at_once_is_told_so_and_nothing_is_frozen(
    app: FakeApp, anna: Chat, boris: Chat, channel: Place, lot: Lot
) -> None:
    app.bidding.bid(lot.auction.id, anna.id, 500, app.now())
    show(app)
    said = tap(boris, channel)
    assert "сразу перебили" in said
    assert state(app, lot).leader_id == anna.id
    assert app.store.wallet(boris.id, "XTR").held.amount == 0


def test_a_post_that_shows_an_old_price_bids_nothing_says_the_new_one_and_is_drawn_again(
    app: FakeApp, anna: Chat, boris: Chat, channel: Place, lot: Lot
) -> None:
    app.bidding.bid(lot.auction.id, anna.id, 500, app.now())
    app.bidding.bid(lot.auction.id, boris.id, 200, app.now())
    app.clock.forward(seconds=20)
    assert tap(boris, channel) == "Цена изменилась: теперь ⭐ 210. Ставка не сделана."
    assert state(app, lot).bids_count == 2
    assert button(anna, channel) == "Bid ⭐ 220"


def test_a_second_tap_of_the_one_who_leads_bids_nothing(app: FakeApp, anna: Chat, channel: Place, lot: Lot) -> None:
    tap(anna, channel)
    for _ in range(2):
        assert tap(anna, channel) == "You lead at ⭐ 100. ⭐ 100 is frozen."
        show(app)
    assert state(app, lot).bids_count == 1


def test_an_update_that_comes_twice_bids_once(app: FakeApp, anna: Chat, channel: Place, lot: Lot) -> None:
    for _ in range(2):
        tap(anna, channel, update_id=4711)
    assert state(app, lot).bids_count == 1


def test_a_tap_that_dies_after_its_bid_says_what_it_came_to(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, channel: Place, lot: Lot
) -> None:
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        tap(anna, channel, update_id=4712)
    assert telegram.called("answerCallbackQuery") == []
    app.clock.forward(seconds=LEASE_SECONDS + 1)
    assert tap(anna, channel, update_id=4712) == "You lead at ⭐ 100. ⭐ 100 is frozen."
    assert state(app, lot).bids_count == 1


def test_who_never_started_the_bot_is_led_into_it_and_back(
    app: FakeApp, telegram: FakeTelegram, channel: Place, lot: Lot
) -> None:
    stranger = Chat(app, telegram, 77)
    tap(stranger, channel)
    number = channel.posts()[-1]["message_id"]
    payload = f"auction_{lot.auction.id}_c9876543210_{number}"
    assert telegram.called("answerCallbackQuery")[-1]["url"] == f"https://t.me/starbid_bot?start={payload}"
    assert state(app, lot).bids_count == 0
    assert app.store.person(77) is None, "a tap registers nobody"
    stranger.say(f"/start {payload}")
    assert any(lot.card.title in str(message.get("caption")) for message in stranger.messages)
    assert stranger.buttons()["Back to the post"] == f"https://t.me/c/9876543210/{number}"


def test_from_a_small_group_whose_posts_have_no_address_the_way_leads_to_the_lot(
    app: FakeApp, telegram: FakeTelegram
) -> None:
    group = Place(telegram, GROUP, "group")
    lot = posted(app, GROUP)
    tap(Chat(app, telegram, 77), group)
    address = f"https://t.me/starbid_bot?start=auction_{lot.auction.id}"
    assert telegram.called("answerCallbackQuery")[-1]["url"] == address


def test_who_has_blocked_the_bot_is_led_into_it_first(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, channel: Place, lot: Lot
) -> None:
    app.people.mark_unreachable(anna.id)
    tap(anna, channel)
    assert "url" in telegram.called("answerCallbackQuery")[-1]
    assert state(app, lot).bids_count == 0
    person = app.store.person(anna.id)
    assert person
    assert person.unreachable, "a press elsewhere does not say that they want to hear of us"


def test_who_has_left_is_led_into_the_bot_and_bids_nothing(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, channel: Place, lot: Lot
) -> None:
    app.people.change(anna.id, lambda person: left(person, "nobody", "p" * 13, app.now()))
    tap(anna, channel)
    assert "url" in telegram.called("answerCallbackQuery")[-1]
    assert state(app, lot).bids_count == 0


def test_who_is_blocked_by_an_operator_gets_silence(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, channel: Place, lot: Lot
) -> None:
    people = app.store.tables.people
    people[anna.id] = replace(people[anna.id], blocked=True)
    assert tap(anna, channel) == ""
    answered = telegram.called("answerCallbackQuery")[-1]
    assert not answered.keys() & {"text", "url"}
    assert not answered.get("show_alert")
    assert state(app, lot).bids_count == 0


def test_who_has_no_money_gets_the_button_that_tops_up_and_bids_in_private_chat(
    app: FakeApp, telegram: FakeTelegram, channel: Place, lot: Lot
) -> None:
    clara = Chat(app, telegram, 3).join(stars=40)
    said = tap(clara, channel)
    assert said == "You have ⭐ 40. You need ⭐ 60 more. I have written to you in our own chat."
    assert any(each.startswith(f"t:60:bid:{lot.auction.id}:100:") for each in clara.buttons().values())
    assert state(app, lot).bids_count == 0


def test_who_has_no_money_and_has_just_blocked_the_bot_is_led_into_it(
    app: FakeApp, telegram: FakeTelegram, channel: Place, lot: Lot
) -> None:
    clara = Chat(app, telegram, 3).join(stars=40)
    telegram.fail("sendMessage", forbidden())
    tap(clara, channel)
    assert "url" in telegram.called("answerCallbackQuery")[-1]


def test_the_seller_who_taps_hears_that_it_is_their_own(app: FakeApp, seller: Chat, channel: Place, lot: Lot) -> None:
    assert "your own lot" in tap(seller, channel)


def test_after_the_end_nothing_is_bid_and_the_post_shows_the_result(
    app: FakeApp, anna: Chat, boris: Chat, channel: Place, lot: Lot
) -> None:
    app.bidding.bid(lot.auction.id, boris.id, 200, app.now())
    show(app)
    old = next(iter(anna.buttons(channel.posts()[-1]).values()))
    app.clock.forward(hours=2)
    assert "over" in tap(anna, channel, old)
    assert "sold" in channel.posts()[-1]["caption"]
    assert list(anna.buttons(channel.posts()[-1])) == ["Open the lot"]


def test_a_hidden_lot_cannot_be_bid_on_and_its_post_is_removed(
    app: FakeApp, anna: Chat, channel: Place, lot: Lot
) -> None:
    auctions, old = app.store.tables.auctions, next(iter(anna.buttons(channel.posts()[-1]).values()))
    message = json.loads(json.dumps(channel.posts()[-1]))
    known = auctions[lot.auction.id]
    auctions[lot.auction.id] = replace(known, hidden=True, version=known.version + 1)
    anna.press_data(old, message)
    assert anna.toasts()[-1] == "There is no such lot."
    app.posting.redraw(lot.auction.id, app.now())
    assert channel.posts() == []


def test_a_hidden_lot_whose_post_telegram_no_longer_removes_leaves_nothing_of_it(
    app: FakeApp, telegram: FakeTelegram, channel: Place, lot: Lot
) -> None:
    known = app.store.tables.auctions[lot.auction.id]
    app.store.tables.auctions[lot.auction.id] = replace(known, hidden=True, version=known.version + 1)
    telegram.fail("deleteMessage", bad_request("message can't be deleted for everyone"))
    app.posting.redraw(lot.auction.id, app.now())
    (left,) = channel.posts()
    assert left["caption"] == "This lot is not shown any more."
    assert not left.get("reply_markup")


@pytest.mark.parametrize("kind", [
    {"type": "sealed"},
    {"type": "dutch", "floor_price": 50, "drop_amount": 5, "drop_seconds": 60},
])  # fmt: skip
def test_what_is_not_bid_on_a_step_at_a_time_is_only_opened(
    app: FakeApp, anna: Chat, channel: Place, kind: dict[str, Any]
) -> None:
    anna.join(stars=1000)
    lot = posted(app, bid_step=None, **kind)
    assert list(anna.buttons(channel.posts()[-1])) == ["Open the lot"]
    said = tap(anna, channel, f"gb:{lot.auction.id}:100:{state(app, lot).version}")
    assert state(app, lot).bids_count == 0
    assert said


@pytest.mark.parametrize(
    "data", ["gb:", "gb:x", "gb:lot:1:2:3", "gb:LOT:1:1", "gb:lot:-5:1", "gb:lot:1:", "gb:" + "9" * 61]
)
def test_a_forged_tap_does_no_harm(app: FakeApp, anna: Chat, channel: Place, lot: Lot, data: str) -> None:
    assert tap(anna, channel, data) in ("This button is old.", "There is no such lot.")
    assert state(app, lot).bids_count == 0


def test_what_is_pressed_in_private_chat_is_no_tap_and_what_is_not_a_tap_is_not_heard_elsewhere(
    app: FakeApp, anna: Chat, channel: Place, lot: Lot
) -> None:
    amount, version = 100, state(app, lot).version
    anna.press_data(f"gb:{lot.auction.id}:{amount}:{version}", None)
    assert "old" in anna.toasts()[-1]
    before = len(anna.toasts())
    tap(anna, channel, f"b:{lot.auction.id}:{amount}:{version}")
    assert (state(app, lot).bids_count, len(anna.toasts())) == (0, before)


def test_an_answer_that_cannot_be_given_is_no_reason_to_bid_again(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, channel: Place, lot: Lot
) -> None:
    telegram.fail("answerCallbackQuery", flood(5))
    (message,) = channel.posts()
    assert anna.press_data(next(iter(anna.buttons(message).values())), message) == 200
    assert state(app, lot).bids_count == 1


def test_a_tap_costs_no_more_trips_to_the_store_than_a_bid_in_private_chat(
    app: FakeApp, anna: Chat, boris: Chat, channel: Place, lot: Lot
) -> None:
    app.store.trips.clear()
    tap(anna, channel)
    in_a_channel = len(app.store.trips)
    boris.say(f"/auction_{lot.auction.id}")
    data = next(each for each in boris.buttons().values() if each.startswith("b:"))
    app.store.trips.clear()
    boris.press(data)
    assert in_a_channel <= len(app.store.trips)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_is_told_fits_into_an_alert_with_the_largest_amounts(
    app: FakeApp, telegram: FakeTelegram, channel: Place, language: str
) -> None:
    most = 10**9
    rich = Chat(app, telegram, 8, language=language).join(stars=10)
    app.store.tables.wallets[8, "XTR"] = replace(app.store.wallet(8, "XTR"), available=xtr(3 * most))
    other = Chat(app, telegram, 9, language=language).join(stars=10)
    app.store.tables.wallets[9, "XTR"] = replace(app.store.wallet(9, "XTR"), available=xtr(3 * most))
    lot = posted(app, start_price=most, bid_step=None)
    said = [tap(rich, channel)]
    app.bidding.bid(lot.auction.id, 8, 2 * most, app.now())
    said.append(tap(other, channel))
    show(app)
    said.append(tap(other, channel))
    for text in said:
        assert units(text) <= MAX_TOAST
        assert not text.endswith("…")


def test_the_event_log_hears_of_a_tap_and_not_of_other_presses_in_groups(
    app: FakeApp, anna: Chat, channel: Place, lot: Lot
) -> None:
    tap(anna, channel, update_id=90_001)
    tap(anna, channel, "zz:1", update_id=90_002)
    assert {key: heard.command for key, (heard, _) in app.scratch.heard.items() if key.startswith("update#9000")} == {
        "update#90001": "gb"
    }
