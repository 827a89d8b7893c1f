"""Where a physical lot goes, in the chat: said, confirmed, corrected, shown to the seller."""

from __future__ import annotations

import logging

import pytest

from starbid.domain.deals import DealState
from starbid.telegram.messenger import BotMessenger
from tests.support.factories import SELLER
from tests.support.fakes import Death, FakeApp
from tests.support.fiat import rub
from tests.support.physical import HOME, OTHER, TOLD, owe_roubles, sold_lamp

from .chatting import PHOTO, Chat

YES = "Yes, send it there"


@pytest.fixture
def lot(app: FakeApp, anna: Chat, seller: Chat) -> str:
    anna.join()
    return sold_lamp(app, anna.id)


def state(app: FakeApp, lot: str) -> DealState:
    return app.store.deal(lot).state


def say_it(chat: Chat, lot: str, name: str = HOME.name, place: str = HOME.address, phone: str = HOME.phone) -> None:
    chat.press_data(f"d:give_address:{lot}", None)
    for part in (name, place, phone):
        chat.say(part)


def test_the_winner_is_told_with_a_button_and_says_it_part_by_part(app: FakeApp, lot: str, anna: Chat) -> None:
    app.__dict__["messenger"] = BotMessenger(app.bot, app.settings, app.now, app.store.wallet)
    app.run_streams()
    assert "You won “A lamp” for ₽500.00" in anna.words
    assert "Say where it is to be sent" in anna.words
    anna.press("Give the address")
    assert "Send the name of the person" in anna.words
    anna.say(HOME.name)
    assert "Send the full address" in anna.words
    anna.say(HOME.address)
    assert "Which phone" in anna.words
    anna.say(HOME.phone)
    assert [*anna.buttons()] == [YES, "Change it", "Cancel"]
    assert all(line in anna.words for line in (*HOME.address.splitlines(), HOME.name, HOME.phone))
    assert state(app, lot) is DealState.AWAITING_ADDRESS, "nothing counts before it is confirmed"
    anna.press(YES)
    assert "The seller has the address now" in anna.words
    assert app.addresses.address(lot, app.now()) == HOME
    assert app.addresses.typed(lot, app.now()) == {}


def test_everything_may_come_at_once(app: FakeApp, lot: str, anna: Chat) -> None:
    anna.press_data(f"d:give_address:{lot}", None)
    anna.say(f"{HOME.name}\n{HOME.address}\n{HOME.phone}")
    anna.press(YES)
    assert app.addresses.address(lot, app.now()) == HOME


def test_wrong_input_says_what_is_wrong_and_is_asked_for_again(app: FakeApp, lot: str, anna: Chat) -> None:
    anna.press_data(f"d:give_address:{lot}", None)
    for wrong, told in (("😀😀", "Use letters or digits"), ("x" * 101, "Use 1 to 100 characters")):
        anna.say(wrong)
        assert told in anna.words
        assert "Cancel" in anna.buttons()
    anna.update({"message": anna._message(photo=[PHOTO])})
    assert "Only text works here" in anna.words
    anna.say("Anna")
    for wrong, told in (("x" * 4000, "Use 5 to 500 characters"), ("Mir", "Use 5 to 500 characters")):
        anna.say(wrong)
        assert told in anna.words
    anna.say("<b>Mira</b> street & co")
    anna.say("call me")
    assert "Enter a phone number" in anna.words
    anna.say("12345")
    assert "&lt;b&gt;Mira&lt;/b&gt; street &amp; co" in anna.words
    anna.press(YES)
    assert state(app, lot) is DealState.AWAITING_DELIVERY


def test_faults_of_everything_at_once_are_told_at_once(app: FakeApp, lot: str, anna: Chat) -> None:
    anna.press_data(f"d:give_address:{lot}", None)
    anna.say("😀\nMir\nno phone")
    assert "Name: use letters" in anna.words
    assert "Address: use 5 to 500" in anna.words
    assert "Phone: enter a phone number" in anna.words
    anna.say(f"{HOME.name}\n{HOME.address}\n{HOME.phone}")
    assert YES in anna.buttons()


def test_confirmed_twice_it_is_told_twice_and_given_once(app: FakeApp, lot: str, anna: Chat) -> None:
    say_it(anna, lot)
    asked, yes = anna.last, anna.buttons()[YES]
    anna.press_data(yes, asked)
    version = app.store.deal(lot).version
    anna.press_data(yes, asked)
    assert "The seller has the address now" in anna.words
    assert app.store.deal(lot).version == version


def test_confirmed_after_a_day_it_is_asked_for_again(app: FakeApp, lot: str, anna: Chat) -> None:
    say_it(anna, lot)
    asked = anna.last
    app.clock.forward(days=1)
    anna.press(YES, asked)
    assert "Send the name of the person" in anna.words
    assert state(app, lot) is DealState.AWAITING_ADDRESS


def test_an_old_button_does_not_confirm_what_was_typed_since(app: FakeApp, lot: str, anna: Chat) -> None:
    say_it(anna, lot)
    first = anna.last
    say_it(anna, lot, OTHER.name, OTHER.address, OTHER.phone)
    anna.press(YES, first)
    assert "Sadovaya street, 7" in anna.words
    assert state(app, lot) is DealState.AWAITING_ADDRESS
    anna.press(YES)
    assert app.addresses.address(lot, app.now()) == OTHER


def test_a_cancel_anywhere_changes_nothing_and_drops_what_was_typed(app: FakeApp, lot: str, anna: Chat) -> None:
    say_it(anna, lot)
    anna.press("Cancel")
    assert "Cancelled. Nothing has changed." in anna.words
    assert "Give the address" in anna.buttons()
    assert app.store.tables.addresses == {}
    anna.press_data(f"d:give_address:{lot}", None)
    anna.say("Anna")
    anna.press("Cancel")
    assert state(app, lot) is DealState.AWAITING_ADDRESS


def test_it_is_corrected_until_it_is_sent(app: FakeApp, lot: str, anna: Chat, seller: Chat) -> None:
    say_it(anna, lot)
    anna.press(YES)
    anna.say(f"/auction_{lot}")
    anna.press("Correct the address")
    assert "So far it goes to" in anna.words
    assert "Mira street, 5" in anna.words
    for part in (OTHER.name, OTHER.address, OTHER.phone):
        anna.say(part)
    yes = anna.buttons()[YES]
    anna.press(YES)
    assert app.addresses.address(lot, app.now()) == OTHER
    app.dealing.deliver(SELLER, lot, "RU123456789RU", app.now())
    anna.press_data(f"d:give_address:{lot}", None)
    assert "this step is no longer possible" in anna.toasts()[-1]
    anna.press_data(yes, None)
    assert "The seller has the address now" in anna.words, "pressed again, it is what counts"


def test_the_seller_sees_it_sends_and_is_told_how(app: FakeApp, lot: str, anna: Chat, seller: Chat) -> None:
    seller.say(f"/auction_{lot}")
    assert not {"Show the address", "Send the tracking number"} & set(seller.buttons())
    say_it(anna, lot)
    anna.press(YES)
    seller.say(f"/auction_{lot}")
    card = seller.last
    seller.press("Send the tracking number", card)
    assert "the carrier and the tracking number" in seller.words
    asked = seller.last
    seller.press("Show the address", asked)
    assert "<code>Mira street, 5, flat 12\nMoscow, 101000</code>" in seller.words
    seller.say("CDEK 1234567890")
    seller.press("Send to the buyer")
    assert app.store.deal(lot).delivery == "CDEK 1234567890", "looking at the address leaves no question"
    seller.press("Show the address", card)
    assert HOME.phone in seller.words


@pytest.mark.parametrize("data", ["ad:where:{}", "d:give_address:{}", "ad:ok:{}:0123456789ab:5", "ad:no:{}"])
def test_a_third_person_learns_and_changes_nothing(app: FakeApp, lot: str, anna: Chat, boris: Chat, data: str) -> None:
    say_it(anna, lot)
    typed = app.addresses.typed(lot, app.now())
    anna.press(YES)
    app.addresses.put_typed(lot, typed, app.now())
    boris.join()
    boris.press_data(data.format(lot), None)
    assert boris.messages == []
    assert boris.toasts()[-1] == "Это может сделать только другой человек."
    assert app.addresses.address(lot, app.now()) == HOME
    assert app.addresses.typed(lot, app.now()) == typed


def test_the_seller_cannot_say_where_it_goes(app: FakeApp, lot: str, seller: Chat) -> None:
    seller.press_data(f"d:give_address:{lot}", None)
    assert seller.toasts()[-1] == "Only another person can do this."
    seller.press_data(f"ad:where:{lot}", None)
    assert "this step is no longer possible" in seller.toasts()[-1]


def test_an_address_that_was_erased_is_shown_to_nobody(app: FakeApp, lot: str, anna: Chat, seller: Chat) -> None:
    say_it(anna, lot)
    anna.press(YES)
    app.dealing.deliver(SELLER, lot, "RU1", app.now())
    app.dealing.confirm(anna.id, lot, app.now())
    app.clock.forward(days=30)
    seller.press_data(f"ad:where:{lot}", None)
    assert "The address was erased" in seller.words
    seller.say(f"/auction_{lot}")
    assert "Show the address" not in seller.buttons()


def test_who_owes_is_told_why_it_has_to_wait(app: FakeApp, lot: str, anna: Chat) -> None:
    owe_roubles(app, anna.id, 90_000)
    app.follow_debts()
    anna.press_data(f"d:give_address:{lot}", None)
    assert "paused until the debt is settled" in anna.toasts()[-1]
    assert app.store.wallet(anna.id, "RUB").owed > rub(0)


def test_where_the_bot_dies_the_update_comes_again_and_all_is_well(app: FakeApp, lot: str, anna: Chat) -> None:
    say_it(anna, lot)
    asked = anna.last
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        anna.press(YES, asked, 77_001)
    app.clock.forward(minutes=5)
    assert anna.press(YES, asked, 77_001) == 200
    assert app.addresses.address(lot, app.now()) == HOME
    assert "The seller has the address now" in anna.words


def test_no_log_shows_what_was_typed_whatever_goes_wrong(
    app: FakeApp, lot: str, anna: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    say_it(anna, lot)
    anna.press(YES)
    anna.press_data(f"d:give_address:{lot}", None)
    anna.say(f"{HOME.name}\n{'x' * 501}\n{HOME.phone}")
    app.store.fail_next(RuntimeError("broken"))
    say_it(anna, lot, OTHER.name, OTHER.address, OTHER.phone)
    anna.press(YES)
    assert not any(part in caplog.text for part in TOLD)
