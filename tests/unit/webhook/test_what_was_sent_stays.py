"""What a person was sent stays as it is, whichever button below it they press, and whatever they open from there."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.lots import Lot
from starbid.services.ports import Notice
from starbid.telegram.messenger import BotMessenger
from starbid.telegram.notices import WORDS
from tests.support.factories import ANNA, BORIS, SELLER, put_up
from tests.support.fakes import FakeApp
from tests.support.happenings import MADE_WHEN_TOLD, all_notices
from webhook.in_place import MARK

from .chatting import DOCUMENT, PHOTO, Chat, FakeTelegram, bot

GOODS = "The code is 4711"
FACTS = {notice.kind: notice.facts for notice in all_notices()} | MADE_WHEN_TOLD
DEAL = ("sold", "delivered", "disputed", "refunded", "offered")
STAGES = {
    **dict.fromkeys(WORDS, DEAL),
    **dict.fromkeys(("new_bid", "outbid", "extended", "began", "ending_soon", "found"), ("live", "sold")),
    **dict.fromkeys(("unsold", "lost", "cancelled"), ("unsold", "refunded")),
    **dict.fromkeys(("credited", "refunded", "debt_offset", "renewal"), ("live",)),
    **dict.fromkeys(("subscribed", "subscription_ending", "subscription_ended", "subscription_shortened"), ("live",)),
}
"""How its lot may stand when a notice is read, by kind."""


def lot_in(app: FakeApp, stage: str) -> str:
    """A lot of SELLER's that ANNA won, or did not; BORIS is the runner-up."""
    terms: dict[str, Any] = {"reserve_price": 5000} if stage == "unsold" else {}
    lot = put_up(app, bid_step=10, title="A lamp", **terms).auction.id
    app.bidding.bid(lot, BORIS, 200, app.now())
    app.bidding.bid(lot, ANNA, 300, app.now())
    if stage == "live":
        app.bidding.bid(lot, BORIS, 400, app.now())
        return lot
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot, app.now())
    if stage in ("delivered", "disputed"):
        app.dealing.deliver(SELLER, lot, GOODS, app.now())
    if stage == "disputed":
        app.dealing.dispute(ANNA, lot, "it does not work", app.now())
    if stage in ("refunded", "offered"):
        app.clock.forward(days=8)
        app.dealing.take_back(ANNA, lot, app.now())
    if stage == "offered":
        app.second_chance.offer(SELLER, lot, app.now())
    return lot


@pytest.fixture
def people(app: FakeApp, anna: Chat, boris: Chat, seller: Chat, admin: Chat) -> dict[int, Chat]:
    anna.join(stars=10_000)
    boris.join(stars=10_000)
    app.run_streams()
    return {chat.id: chat for chat in (anna, boris, seller, admin)}


def tell(app: FakeApp, telegram: FakeTelegram, who: int, kind: str, lot: str | None) -> dict[str, Any]:
    """The notice as it stands in the person's chat."""

    def wallet(user_id: int, currency: str) -> Any:
        return app.store.wallet(user_id, currency, consistent=True)

    messenger = BotMessenger(bot(telegram), app.settings, app.now, wallet)
    facts = FACTS[kind] | {"until": (app.now() + timedelta(days=2)).isoformat()}
    made: Lot | None = app.store.lot(lot) if lot else None
    person = app.store.person(who)
    assert person
    number = messenger.tell(person, Notice(f"n{who}", who, kind, lot, facts), made)
    assert number
    return dict(telegram.chats[who][number])


def standing(message: dict[str, Any]) -> str:
    """All of a message but its buttons."""
    return json.dumps({name: value for name, value in message.items() if name != "reply_markup"}, sort_keys=True)


def data_of(message: dict[str, Any]) -> list[str]:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


def kept(telegram: FakeTelegram, who: int) -> Iterator[tuple[int, str]]:
    """Every message of a chat that is no screen and no card."""
    for number, message in telegram.chats[who].items():
        if not any(data.endswith(MARK) for data in data_of(message)) and "photo" not in message:
            yield number, standing(message)


def presses_everything(telegram: FakeTelegram, chat: Chat, told: dict[str, Any]) -> None:
    """Each button of a message, and each of all that comes of it, as it is by then."""
    number = told["message_id"]
    for data in data_of(told):
        before = dict(kept(telegram, chat.id))
        known, answers = set(telegram.chats[chat.id]), len(chat.toasts())
        assert chat.press_data(data, telegram.chats[chat.id][number]) == 200
        assert telegram.chats[chat.id].keys() - known or any(chat.toasts()[answers:]), f"{data} is answered"
        for opened in sorted(telegram.chats[chat.id].keys() - known):
            for onward in data_of(telegram.chats[chat.id][opened]):
                assert chat.press_data(onward, telegram.chats[chat.id][opened]) == 200
        after = dict(kept(telegram, chat.id))
        assert before == {number: after.get(number) for number in before}, f"{data} overwrites nothing"


@pytest.mark.parametrize(("kind", "stage"), [(kind, stage) for kind in WORDS for stage in STAGES[kind]])
def test_whatever_is_pressed_under_a_notice_its_words_stay(
    app: FakeApp, telegram: FakeTelegram, people: dict[int, Chat], kind: str, stage: str
) -> None:
    lot = lot_in(app, stage)
    for who in (ANNA, SELLER, BORIS):
        told = tell(app, telegram, who, kind, lot)
        presses_everything(telegram, people[who], told)
        assert standing(telegram.chats[who][told["message_id"]]) == standing(told)


@pytest.mark.parametrize("kind", ["dispute_opened", "dispute_answered"])
def test_an_admins_notices_stay_too(app: FakeApp, telegram: FakeTelegram, people: dict[int, Chat], kind: str) -> None:
    told = tell(app, telegram, 900, kind, lot_in(app, "disputed"))
    presses_everything(telegram, people[900], told)
    assert standing(telegram.chats[900][told["message_id"]]) == standing(told)


@pytest.mark.parametrize("content", [{"photo": [PHOTO], "caption": GOODS}, {"document": DOCUMENT, "caption": GOODS}])
def test_under_a_picture_or_a_file_it_is_the_same(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, content: dict[str, Any]
) -> None:
    anna.join(stars=500)
    lot = lot_in_live(app)
    data = ["go:menu", "go:auctions", "go:balance", "go:settings", "go:paysupport", "go:bids", "go:watchlist",
            f"o:{lot}", f"k:{lot}", f"mute:{lot}", f"mute:{lot}:1", "sub:link", "old:button"]  # fmt: skip
    rows = [[{"text": one, "callback_data": one}] for one in data]
    message = {"message_id": 990, "date": 1_700_000_000, "chat": {"id": anna.id, "type": "private"}, **content}
    telegram.chats[anna.id][990] = message | {"reply_markup": {"inline_keyboard": rows}}
    presses_everything(telegram, anna, dict(telegram.chats[anna.id][990]))
    assert standing(telegram.chats[anna.id][990]) == standing(message)


def lot_in_live(app: FakeApp) -> str:
    return put_up(app, bid_step=10, title="A lamp").auction.id


@pytest.fixture
def delivered(app: FakeApp, telegram: FakeTelegram, people: dict[int, Chat]) -> dict[str, Any]:
    """What ANNA reads when her lot is delivered."""
    return tell(app, telegram, ANNA, "delivered", lot_in(app, "delivered"))


def test_the_menu_under_delivered_goods_comes_as_a_new_message_and_is_moved_about_in(
    telegram: FakeTelegram, anna: Chat, delivered: dict[str, Any]
) -> None:
    anna.press("Menu", delivered)
    menu = anna.last
    assert menu["message_id"] != delivered["message_id"]
    assert GOODS in telegram.chats[ANNA][delivered["message_id"]]["text"]
    for button in ("Wallet", "Refunds", "Menu", "Settings", "Menu", "Help", "Support"):
        anna.press(button, menu)
        assert anna.last["message_id"] == menu["message_id"], button


def test_a_step_that_is_done_leaves_the_goods_and_takes_its_own_button(
    telegram: FakeTelegram, anna: Chat, delivered: dict[str, Any]
) -> None:
    anna.press("Confirm", delivered)
    asked = anna.last["message_id"]
    anna.press("Yes, confirm")
    assert anna.last["message_id"] == asked, "what came of it takes the place of the question"
    assert "Confirmed" in anna.words
    now = telegram.chats[ANNA][delivered["message_id"]]
    assert standing(now) == standing(delivered)
    assert "Confirm" not in anna.buttons(now)
    anna.press("Menu")
    assert "Confirmed" in telegram.chats[ANNA][asked]["text"], "an outcome is for keeps as well"


def test_a_bid_under_a_notice_is_answered_below_and_takes_the_buttons_that_bid(
    app: FakeApp, telegram: FakeTelegram, people: dict[int, Chat]
) -> None:
    anna, lot = people[ANNA], lot_in(app, "live")
    told = tell(app, telegram, ANNA, "outbid", lot)
    (bid,) = [text for text in anna.buttons(told) if text.startswith("Bid ")]
    anna.press(bid, told)
    assert "Somebody has a higher maximum" in anna.words
    now = telegram.chats[ANNA][told["message_id"]]
    assert standing(now) == standing(told)
    assert list(anna.buttons(now)) == ["Open the lot", "Menu", "Mute this lot"]


def test_what_an_older_version_sent_stays_too(telegram: FakeTelegram, anna: Chat) -> None:
    """Its menu had no mark: a new one comes below, and that is moved about in."""
    anna.say("/menu")
    old = telegram.chats[ANNA][anna.last["message_id"]]
    old["reply_markup"]["inline_keyboard"][-1][0]["callback_data"] = "go:help"
    anna.press("Wallet", old)
    assert old["text"].startswith("<b>Menu</b>")
    assert anna.words.startswith("<b>Wallet</b>")


def test_a_receipt_takes_the_place_of_its_question_and_then_stays(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    button, outcome = "Subscribe for ⭐\u202f100 from the wallet", "Subscribed until"
    anna.join()
    _, payload = app.paying.order_stars(ANNA, 500, app.now())
    app.paying.credit(ANNA, "charge", payload, 500, "XTR", app.now())
    anna.say("/subscribe")
    asked = anna.last["message_id"]
    anna.press(button)
    receipt = telegram.chats[ANNA][asked]
    assert outcome in receipt["text"]
    for onward in list(anna.buttons(receipt)):
        anna.press(onward, receipt)
        assert outcome in receipt["text"]


def test_a_living_message_under_which_somebody_pressed_goes_on_living(
    app: FakeApp, telegram: FakeTelegram, people: dict[int, Chat]
) -> None:
    app.__dict__["messenger"] = BotMessenger(
        bot(telegram), app.settings, app.now, lambda who, currency: app.store.wallet(who, currency, consistent=True)
    )
    del app.__dict__["sending"]  # made with another messenger
    lot, seller = lot_in_live(app), people[SELLER]
    app.bidding.bid(lot, ANNA, 200, app.now())
    app.run_streams()
    (living,) = [number for number, each in telegram.chats[SELLER].items() if "New bid on" in str(each.get("text"))]
    seller.press("Menu", telegram.chats[SELLER][living])
    app.bidding.bid(lot, BORIS, 300, app.now())
    app.clock.forward(seconds=10)
    app.run_streams()
    assert "2 bids so far" in telegram.chats[SELLER][living]["text"]
    assert seller.words.startswith("<b>Menu</b>")


# --- muting -----------------------------------------------------------------------------------------------------------


def test_a_lot_is_muted_under_a_notice_which_stays_and_offers_the_way_back(
    app: FakeApp, telegram: FakeTelegram, people: dict[int, Chat]
) -> None:
    seller, lot = people[SELLER], lot_in(app, "live")
    told = tell(app, telegram, SELLER, "new_bid", lot)
    for button, other, muted in (
        ("Mute this lot", "Unmute this lot", True),
        ("Unmute this lot", "Mute this lot", False),
    ):
        now = telegram.chats[SELLER][told["message_id"]]
        seller.press(button, now)
        assert standing(now) == standing(told)
        assert list(seller.buttons(now)) == ["Open the lot", "Menu", other]
        assert app.muting.is_muted(SELLER, lot, app.now()) == muted
        assert seller.toasts()[-1].startswith("This lot is muted" if muted else "You get all notices")


def test_the_card_of_a_lot_leads_to_what_one_hears_of_it(app: FakeApp, people: dict[int, Chat]) -> None:
    seller, anna, lot = people[SELLER], people[ANNA], lot_in_live(app)
    anna.say(f"/auction_{lot}")
    assert "Notices" not in anna.buttons(), "nobody tells somebody who has nothing to do with it"
    seller.say(f"/auction_{lot}")
    seller.press("Notices")
    screen = seller.last["message_id"]
    assert "You get all notices of this lot." in seller.words
    seller.press("Mute this lot")
    assert (seller.last["message_id"], app.muting.is_muted(SELLER, lot, app.now())) == (screen, True)
    assert "This lot is muted" in seller.words
    seller.press("Unmute this lot")
    assert not app.muting.is_muted(SELLER, lot, app.now())


def test_what_is_over_is_not_muted_and_says_so(app: FakeApp, telegram: FakeTelegram, people: dict[int, Chat]) -> None:
    seller, lot = people[SELLER], lot_in(app, "sold")
    seller.press_data(f"mute:{lot}:1", telegram.chats[SELLER].get(1))
    assert not app.muting.is_muted(SELLER, lot, app.now())
    assert seller.toasts()[-1] == "Bidding on this lot is over."


@pytest.mark.parametrize("data", ["mute", "mute:", "mute:lot1:2", "mute:lot1:1:1", "mute:LOT!:1"])
def test_a_garbled_button_mutes_nothing(anna: Chat, data: str) -> None:
    anna.press_data(data, None)
    assert anna.toasts()[-1].startswith("This button is old")
