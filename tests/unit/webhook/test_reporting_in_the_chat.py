"""Reporting a lot in the chat: two presses from its card."""

from __future__ import annotations

import pytest

from tests.support.desk import deciding
from tests.support.factories import ANNA, SELLER, join, put_up
from tests.support.fakes import FakeApp
from tests.unit.webhook.chatting import Chat, FakeTelegram

ADMIN = 900


@pytest.fixture
def lot(app: FakeApp) -> str:
    return put_up(app, title="A <b>lamp</b>").auction.id


@pytest.fixture
def anna(app: FakeApp, telegram: FakeTelegram) -> Chat:
    return Chat(app, telegram, ANNA).join(stars=1000)


def reason(app: FakeApp, lot: str) -> tuple[str, str] | None:
    known = app.reports.by(ANNA, lot, app.now())
    return (known.reason.value, known.text) if known else None


def test_the_card_leads_to_a_report_in_two_presses(app: FakeApp, lot: str, anna: Chat) -> None:
    anna.say(f"/auction_{lot}")
    anna.press("The rules")
    anna.press("Report this lot")
    assert "What is wrong with “A &lt;b&gt;lamp&lt;/b&gt;”?" in anna.words
    anna.press("Looks like fraud")
    assert "I will tell you the outcome" in anna.words
    assert reason(app, lot) == ("fraud", "")


def test_something_else_is_said_in_words(app: FakeApp, lot: str, anna: Chat) -> None:
    anna.say(f"/auction_{lot}")
    anna.press(f"rp:{lot}:other")
    anna.say("It is <i>my</i> photo")
    assert reason(app, lot) == ("other", "It is <i>my</i> photo")


def test_too_long_words_are_asked_for_again(app: FakeApp, lot: str, anna: Chat) -> None:
    anna.say(f"/auction_{lot}")
    anna.press(f"rp:{lot}:other")
    anna.say("x" * 501)
    assert reason(app, lot) is None
    anna.say("Shorter")
    assert reason(app, lot) == ("other", "Shorter")


def test_pressed_twice_it_is_one_report_and_another_reason_is_too_late(app: FakeApp, lot: str, anna: Chat) -> None:
    anna.say(f"/auction_{lot}")
    card = anna.last
    anna.press(f"rp:{lot}:fraud", card)
    anna.press(f"rp:{lot}:fraud", card)
    anna.press(f"rp:{lot}:offensive", card)
    assert anna.toasts()[-1] == "You have already reported this lot."
    assert app.reports.of(lot, app.now()).count == 1


@pytest.mark.parametrize("data", ["rp", "rp:", "rp:no such lot", "rp:abc:weapons", "rp:abc:fraud:1", "rp:gone"])
def test_a_button_that_is_none_of_ours_does_nothing(app: FakeApp, lot: str, anna: Chat, data: str) -> None:
    anna.say(f"/auction_{lot}")
    assert anna.press(data) == 200
    assert app.reports.queue(app.now()).items == ()


def test_the_seller_is_not_asked_about_their_own_lot(app: FakeApp, lot: str, telegram: FakeTelegram) -> None:
    seller = Chat(app, telegram, SELLER)
    seller.say(f"/auction_{lot}")
    seller.press("The rules")
    assert "Report this lot" not in seller.buttons()
    seller.press(f"rp:{lot}:fraud")
    assert app.reports.queue(app.now()).items == ()


def test_an_operator_finds_the_queue_in_their_menu_and_hears_of_the_first_report(
    app: FakeApp, lot: str, anna: Chat, telegram: FakeTelegram
) -> None:
    join(app, ADMIN)
    admin = Chat(app, telegram, ADMIN)
    anna.say(f"/auction_{lot}")
    anna.press(f"rp:{lot}:fraud")
    admin.say("/admin")
    assert "Reported lots: 1." in admin.words
    assert admin.buttons()["Reports"].endswith("/admin/reports")


def test_a_hidden_lot_is_not_there_for_strangers_in_the_chat_either(
    app: FakeApp, lot: str, anna: Chat, telegram: FakeTelegram
) -> None:
    anna.say(f"/auction_{lot}")
    app.lot_acts.hide(deciding("A fake", app.now()), lot)
    anna.press("The rules")
    assert "no such lot" in " ".join((anna.words, *anna.toasts()))


def test_who_pages_through_the_lots_passes_over_one_that_was_hidden_since(app: FakeApp, lot: str, anna: Chat) -> None:
    for title in ("Second", "Third"):
        app.clock.forward(seconds=1)
        put_up(app, title=title)
    app.run_streams()
    anna.say("/auctions")
    names = ["lamp", "Second", "Third"]
    first = next(name for name in names if name in anna.words)
    others = [name for name in names if name != first]
    hidden = next(each for each in app.store.tables.listings.values() if others[0] in each.title)
    app.lot_acts.hide(deciding("A fake", app.now()), hidden.auction_id)
    for _ in range(2):
        anna.press("›")
        assert others[0] not in anna.words
    assert first in anna.words
