"""Every command, as a new person would use it, in both languages."""

import re

import pytest

from starbid import links
from starbid.i18n import language
from tests.support.debts import earn, fall_into_debt
from tests.support.factories import put_up, wallet
from tests.support.fakes import FakeApp
from tests.support.there import there
from webhook.registry import screens

from .chatting import Chat, FakeTelegram, price

EVERY = [*sorted(screens.commands), "cancel", "auction_lot1", "nonsense"]


@pytest.mark.parametrize("command", EVERY)
@pytest.mark.parametrize("code", ["en", "ru"])
def test_a_new_person_is_answered_in_their_language(
    app: FakeApp, telegram: FakeTelegram, command: str, code: str
) -> None:
    chat = Chat(app, telegram, 7, language=code)
    assert chat.say(f"/{command}") == 200
    assert chat.words
    assert any("А" <= letter <= "я" for letter in chat.words) == (code == "ru")
    assert there(app.store.person(7)).language == code


@pytest.mark.parametrize("command", sorted(set(EVERY) - {"buy_stars"}))
def test_every_screen_has_a_way_to_the_menu(anna: Chat, command: str) -> None:
    anna.say(f"/{command}")
    data = set(anna.buttons().values())
    assert "go:menu" in data or "go:auctions" in data


@pytest.mark.parametrize("command", sorted(set(screens.commands) - {"start", "admin", "topup", "ask"}))
def test_the_menu_reaches_every_command_in_two_presses(anna: Chat, command: str) -> None:
    """Fiat money is topped up by the same button, where it is on offer (test_topping_up); so is the AI helper's screen
    reached (test_assistant).
    """
    anna.say("/menu")
    first = set(anna.buttons().values())
    anna.press("Help")
    anna.say("/menu")
    reached = set(first)
    for data in [data for data in first if data.startswith("go:")]:
        anna.say("/menu")
        anna.press_data(data, anna.last)
        reached |= set(anna.buttons().values())
    same = {"stars": "balance", "menu": "menu", "watch": "watchlist"}
    assert f"go:{same.get(command, command)}" in reached


@pytest.mark.parametrize("text", ["/", "/ ", "/@starbid_bot", "//", "/\n"])
def test_a_slash_that_names_no_command_is_answered_with_the_menu(anna: Chat, text: str) -> None:
    assert anna.say(text) == 200
    assert "did not understand" in anna.words


@pytest.mark.parametrize(
    ("typed", "meant"), [("auction", "auctions"), ("setings", "settings"), ("BALANSE", "balance"), ("hlep", "help")]
)
def test_a_slip_in_a_command_is_answered_with_the_one_that_was_meant(anna: Chat, typed: str, meant: str) -> None:
    anna.say(f"/{typed}")
    assert f"Did you mean /{meant}?" in anna.words
    assert anna.buttons()[f"/{meant}"] == f"go:{meant}"


@pytest.mark.parametrize("typed", ["admn", "zzz", "x" * 4000, "<b>"])
def test_what_is_like_no_command_of_everybody_s_gets_the_menu(anna: Chat, typed: str) -> None:
    anna.say(f"/{typed}")
    assert "did not understand" in anna.words


def test_start_greets_by_name_and_offers_to_top_up(anna: Chat) -> None:
    anna.say("/start")
    assert "Anna" in anna.words
    assert anna.buttons()["Top up"] == "go:buy_stars"


def test_start_has_three_ways_in_and_more_is_the_menu_in_its_place(anna: Chat) -> None:
    anna.say("/start")
    assert list(anna.buttons().values()) == ["go:auctions", "go:sell", "go:buy_stars", "go:menu"]
    greeting = anna.last
    anna.press("More")
    assert anna.last["message_id"] == greeting["message_id"]
    assert len(anna.buttons()) > 10


def test_a_name_with_html_in_it_is_only_a_name(app: FakeApp, telegram: FakeTelegram) -> None:
    mallory = Chat(app, telegram, 9, name="<b>Mal</b> & Co")
    assert mallory.say("/start") == 200
    assert "&lt;b&gt;Mal&lt;/b&gt; &amp; Co" in mallory.words


def test_start_with_a_lot_opens_its_card(app: FakeApp, anna: Chat) -> None:
    lot = put_up(app, title="A blue lamp")
    anna.say(f"/start auction_{lot.auction.id}")
    assert "A blue lamp" in anna.words
    assert anna.last["photo"]


def test_start_with_an_amount_sends_the_invoice(anna: Chat, telegram: FakeTelegram) -> None:
    anna.say("/start buy_250")
    assert telegram.called("sendInvoice")[0]["prices"][0]["amount"] == 250


@pytest.mark.parametrize("place", sorted(links.PLACES))
def test_start_with_a_place_opens_the_same_as_its_command(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, place: str
) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", place)
    anna.say(f"/start {place}")
    other = Chat(app, telegram, 7)
    other.say(f"/{place}")
    assert anna.words == other.words
    assert "Hello" not in anna.words


@pytest.mark.parametrize("payload", ["buy_", "buy_x", "buy_0", "auction_", "auction_!!", "login_abc", "support", "🙈"])
def test_odd_links_are_answered(anna: Chat, payload: str) -> None:
    assert anna.say(f"/start {payload}") == 200
    assert anna.words


def test_a_lot_that_does_not_exist_is_said_so_with_a_way_on(anna: Chat) -> None:
    anna.say("/auction_nothere")
    assert anna.words == "There is no such lot."
    assert "go:auctions" in anna.buttons().values()


def test_commands_may_carry_the_bots_name_and_capitals(anna: Chat) -> None:
    anna.say("/Balance@starbid_bot")
    assert "Wallet" in anna.words


def test_cancel_leaves_a_question(anna: Chat) -> None:
    anna.say("/buy_stars")
    anna.say("/cancel")
    assert "Nothing has changed" in anna.words
    anna.say("250")
    assert "No live lot matches" in anna.words


def test_the_cancel_button_leaves_a_question(anna: Chat) -> None:
    anna.say("/buy_stars")
    anna.press("Cancel")
    anna.say("250")
    assert "No live lot matches" in anna.words


def test_another_command_leaves_a_question(anna: Chat, telegram: FakeTelegram) -> None:
    anna.say("/buy_stars")
    anna.say("/terms")
    anna.say("250")
    assert not telegram.called("sendInvoice")


def test_the_terms_in_the_chat_promise_no_more_than_those_of_the_site(anna: Chat) -> None:
    anna.say("/terms")
    assert "Stars leave as Telegram Premium; less than ⭐\u202f1\u202f000 cannot be paid out." in anna.words
    assert "prepaid credit, refundable as bought" in anna.words


def test_changing_the_language_holds_from_then_on(app: FakeApp, anna: Chat) -> None:
    anna.say("/language")
    anna.press("Русский")
    assert there(app.store.person(1)).language == "ru"
    anna.say("/menu")
    assert "<b>Меню</b>" in anna.words


def test_a_menu_button_edits_its_own_message(anna: Chat) -> None:
    anna.say("/menu")
    anna.press("Help")
    assert len(anna.messages) == 1
    assert "How it works" in anna.words


def test_the_wallet_shows_available_held_and_the_last_movements(anna: Chat) -> None:
    anna.join(stars=500)
    anna.say("/stars")
    words = language("en")
    assert f"Available {words.money(anna.app.store.wallet(1, 'XTR').available)}" in anna.words
    assert "Stars bought" in anna.words
    assert anna.buttons()["Get Stars from Telegram"] == "https://t.me/stars/buy"


def test_a_look_at_the_wallet_settles_a_debt_and_says_so_once(anna: Chat) -> None:
    anna.join()
    fall_into_debt(anna.app, anna.id, 100)
    anna.say("/balance")
    assert "Debt from a refunded payment: ⭐\u202f100." in anna.words
    assert "Whatever comes into this wallet settles it" in anna.words
    assert anna.buttons()["Settle ⭐\u202f100"] == "buy:100"
    earn(anna.app, 130, anna.id)
    anna.say("/balance")
    assert "Available ⭐\u202f30, frozen" in anna.words
    assert "⭐\u202f100 settled the debt from a refunded payment." in anna.words
    assert "Settle ⭐\u202f100" not in anna.buttons()
    anna.say("/balance")
    assert "had left open" not in anna.words
    assert "−⭐\u202f100 · Debt settled" in anna.words
    anna.app.people.set_language(anna.id, "ru")
    fall_into_debt(anna.app, anna.id, 100)
    anna.say("/balance")
    assert "Долг после возврата платежа: ⭐\u202f70." in anna.words
    assert "Его погасит всё, что поступит в этот кошелёк" in anna.words


def test_a_debt_larger_than_an_invoice_may_be_is_paid_in_parts(anna: Chat) -> None:
    anna.join()
    most = anna.app.settings.business.max_stars_purchase
    wallets = anna.app.store.tables.wallets
    wallets[anna.id, "XTR"] = wallet(anna.id, owed=most + 1)
    anna.say("/balance")
    assert f"buy:{most}" in anna.buttons().values()


def test_somebody_without_a_subscription_is_told_how_to_sell(anna: Chat) -> None:
    anna.say("/sell")
    assert "go:subscribe" in anna.buttons().values()


def test_a_subscriber_is_asked_for_photos_at_once(anna: Chat) -> None:
    anna.join(seller=True)
    anna.say("/sell")
    assert "Send photos of it" in anna.words
    assert "go:subscribe" not in anna.buttons().values()


def test_a_subscription_is_paid_once_however_often_its_button_is_pressed(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=500)
    anna.say("/subscribe")
    data = next(data for data in anna.buttons().values() if data.startswith("sub:pay"))
    for _ in range(3):
        anna.press_data(data, anna.last)
    assert app.store.wallet(1, "XTR").available.amount == 400
    assert "Subscribed until" in anna.words
    anna.say("/status")
    assert "Subscription: until" in anna.words


def test_a_subscription_that_is_too_dear_offers_to_top_up_and_subscribe(anna: Chat, telegram: FakeTelegram) -> None:
    anna.join(stars=30)
    anna.say("/subscribe")
    sums = [text for text in anna.buttons() if text.startswith("Top up")]
    assert sums == [f"Top up {price(sum_)} and subscribe" for sum_ in (100, 150, 250, 70)]
    anna.press(sums[-1])
    assert telegram.called("sendInvoice")[0]["prices"][0]["amount"] == 70


def test_the_monthly_subscription_is_a_link(anna: Chat) -> None:
    anna.say("/subscribe")
    anna.press("sub:link")
    assert "https://t.me/$invoice-" in "".join(anna.buttons().values())


def test_profile_shows_the_name(anna: Chat) -> None:
    anna.say("/profile")
    assert "<b>Anna</b>" in anna.words
