"""From the sale to the money, in the chat."""

import pytest

from starbid.domain.deals import DealState
from starbid.domain.lots import Lot
from starbid.telegram.messenger import BotMessenger
from tests.support.factories import SELLER, put_up, xtr
from tests.support.fakes import Death, FakeApp

from .chatting import STICKER, VOICE, Answer, Chat, FakeTelegram, bad_request, flood


@pytest.fixture
def sold(app: FakeApp, anna: Chat) -> Lot:
    """Anna won a lot for 100."""
    anna.join(stars=1000)
    lot = put_up(app, title="Tea & <cake>")
    app.bidding.bid(lot.auction.id, anna.id, 100, app.now())
    app.clock.forward(hours=2, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    return lot


def state(app: FakeApp, lot: Lot) -> DealState:
    return app.store.deal(lot.auction.id).state


def test_the_seller_delivers_and_the_buyer_confirms(app: FakeApp, sold: Lot, seller: Chat, anna: Chat) -> None:
    seller.say("/my")
    assert "Your action needed. Send it to the buyer by 8 May 2026, 14:00 UTC." in seller.words
    seller.press("Tea & <cake>")
    seller.press("Send to the buyer")
    seller.say("The code is <42> & more")
    seller.press("Send to the buyer")
    assert "Sent: the buyer has been told" in seller.words
    anna.say("/my")
    assert "Your action needed. Check it and confirm by 8 May 2026, 14:00 UTC." in anna.words
    anna.press("Tea & <cake>")
    card = anna.last
    anna.press("What the seller sent", card)
    assert anna.words == "The code is &lt;42&gt; &amp; more"
    anna.press("Confirm", card)
    assert state(app, sold) is DealState.DELIVERED
    anna.press("Yes, confirm")
    assert state(app, sold) is DealState.COMPLETED
    assert app.store.wallet(SELLER, "XTR").available == xtr(95)


def test_a_delivery_that_is_no_text_is_asked_for_again(app: FakeApp, sold: Lot, seller: Chat) -> None:
    seller.press_data(f"d:deliver:{sold.auction.id}", None)
    seller.update({"message": seller._message(photo=[])})
    assert "Only text" in seller.words
    assert state(app, sold) is DealState.AWAITING_DELIVERY
    seller.say("x" * 4000)
    seller.press("Send to the buyer")
    assert state(app, sold) is DealState.DELIVERED


def test_a_long_delivery_full_of_emoji_is_shown_whole(app: FakeApp, sold: Lot, anna: Chat) -> None:
    text = "😀<" * 2000
    app.dealing.deliver(SELLER, sold.auction.id, text, app.now())
    anna.press_data(f"d:read:{sold.auction.id}", None)
    assert "".join(message["text"] for message in anna.messages) == text.replace("<", "&lt;")


def test_a_death_after_the_delivery_counts_as_delivered(app: FakeApp, sold: Lot, seller: Chat) -> None:
    seller.press_data(f"d:deliver:{sold.auction.id}", None)
    seller.say("the code")
    preview = seller.last
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        seller.press("Send to the buyer", preview, 5)
    app.clock.forward(seconds=31)
    seller.press("Send to the buyer", preview, 5)
    assert app.store.deal(sold.auction.id).delivery == "the code"
    assert "Sent: the buyer has been told" in seller.words


def test_only_the_right_side_takes_a_step(app: FakeApp, sold: Lot, seller: Chat, anna: Chat, boris: Chat) -> None:
    app.dealing.deliver(SELLER, sold.auction.id, "code", app.now())
    boris.join()
    for verb in ("CONFIRM", "BACK", "read", "deliver"):
        boris.press_data(f"d:{verb}:{sold.auction.id}", None)
    seller.press_data(f"d:CONFIRM:{sold.auction.id}", None)
    anna.press_data(f"d:deliver:{sold.auction.id}", None)
    assert state(app, sold) is DealState.DELIVERED
    assert boris.messages == []


def test_the_buyer_takes_the_money_back_after_a_week(app: FakeApp, sold: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{sold.auction.id}")
    assert "Take the money back" not in anna.buttons()
    app.clock.forward(days=8)
    anna.say(f"/auction_{sold.auction.id}")
    anna.press("Take the money back")
    anna.press("Take the money back")
    assert state(app, sold) is DealState.REFUNDED
    assert "back in your wallet" in anna.words
    anna.press_data(f"d:BACK:{sold.auction.id}", None)
    assert app.store.wallet(anna.id, "XTR").available == xtr(1000)


def test_one_who_confirmed_is_offered_to_rate_and_no_message_offers_to_confirm_again(
    app: FakeApp, sold: Lot, anna: Chat
) -> None:
    app.dealing.deliver(SELLER, sold.auction.id, "code", app.now())
    app.run_streams()
    (told,) = [(person, notice) for person, notice, _ in app.messenger.told if notice.kind == "delivered"]
    BotMessenger(app.bot, app.settings, app.now, app.store.wallet).tell(*told, app.store.lot(sold.auction.id))
    notice = anna.last
    anna.say(f"/auction_{sold.auction.id}")
    card = anna.last
    anna.press("Confirm", notice)
    assert "Confirm" in anna.buttons(notice)  # nothing is confirmed yet
    anna.press("Yes, confirm")
    assert "Confirmed" in anna.words
    for message in (anna.last, notice, card):
        assert "Rate" in anna.buttons(message)
        assert not {"Confirm", "Yes, confirm", "Something is wrong"} & set(anna.buttons(message))
    assert "code" in notice["text"]
    assert "The deal is complete." in card["caption"]
    anna.press("Rate")
    anna.press("★★★★")
    anna.press("Skip the text")
    assert [rating.stars for rating in app.store.deal(sold.auction.id).ratings] == [4]


def test_who_delivered_is_not_offered_to_deliver_again(app: FakeApp, sold: Lot, seller: Chat) -> None:
    seller.say(f"/auction_{sold.auction.id}")
    card = seller.last
    seller.press("Send to the buyer")
    seller.say("code")
    seller.press("Send to the buyer")
    assert "Send to the buyer" not in seller.buttons(card)
    assert "Waiting for the buyer to confirm, until 8 May 2026, 14:00 UTC." in card["caption"]


def test_who_took_the_money_back_is_not_offered_it_again(app: FakeApp, sold: Lot, anna: Chat) -> None:
    app.clock.forward(days=8)
    anna.say(f"/auction_{sold.auction.id}")
    old = anna.last
    anna.say(f"/auction_{sold.auction.id}")
    card = anna.last
    anna.press("Take the money back", old)
    anna.press("Take the money back")
    assert state(app, sold) is DealState.REFUNDED
    for message in (old, card):
        assert not {"Take the money back", "Something is wrong"} & set(anna.buttons(message))


@pytest.mark.parametrize("refusal", [
    bad_request("A NEW REASON THAT NOBODY KNOWS"),
    flood(9),
    Answer(404, {"ok": False, "error_code": 404, "description": "Not Found"}),
])  # fmt: skip
@pytest.mark.parametrize("method", ["editMessageCaption", "editMessageReplyMarkup"])
def test_old_buttons_that_cannot_be_taken_away_stop_no_confirmation(
    app: FakeApp, telegram: FakeTelegram, sold: Lot, anna: Chat, method: str, refusal: Answer
) -> None:
    app.dealing.deliver(SELLER, sold.auction.id, "code", app.now())
    anna.say(f"/auction_{sold.auction.id}")
    telegram.fail(method, refusal)
    assert anna.press_data(f"d:CONFIRM:{sold.auction.id}:999", None) == 200
    assert state(app, sold) is DealState.COMPLETED
    assert "Confirmed" in anna.words


@pytest.mark.parametrize("data", ["d:CONFIRM:{}:x", "d:CONFIRM:{}:1:2", "d:confirm:{}:1", "d:CONFIRM:{}:-1"])
def test_a_confirmation_that_this_bot_did_not_offer_is_none(app: FakeApp, sold: Lot, anna: Chat, data: str) -> None:
    app.dealing.deliver(SELLER, sold.auction.id, "code", app.now())
    anna.press_data(data.format(sold.auction.id), None)
    assert state(app, sold) is DealState.DELIVERED
    assert anna.toasts() == ["This button is old. Here is the menu."]


def test_confirming_twice_pays_once(app: FakeApp, sold: Lot, anna: Chat) -> None:
    app.dealing.deliver(SELLER, sold.auction.id, "code", app.now())
    for _ in range(3):
        anna.press_data(f"d:CONFIRM:{sold.auction.id}", None)
    assert app.store.wallet(SELLER, "XTR").available == xtr(95)
    assert "Confirmed" in anna.words


def test_a_seller_cancels_a_lot_without_bids_after_being_asked(app: FakeApp, seller: Chat) -> None:
    lot = put_up(app)
    seller.say(f"/auction_{lot.auction.id}")
    seller.press("Withdraw")
    assert app.store.auction(lot.auction.id).ending == "open"
    sure = seller.buttons()["Yes, withdraw it"]
    seller.press_data(sure, seller.last)
    seller.press_data(sure, seller.last)
    assert app.store.auction(lot.auction.id).ending == "cancelled"
    assert "withdrawn" in seller.words


def test_nobody_cancels_a_lot_with_bids_or_of_somebody_else(app: FakeApp, seller: Chat, anna: Chat) -> None:
    anna.join(stars=1000)
    lot = put_up(app)
    anna.press_data(f"d:CANCEL:{lot.auction.id}", None)
    app.bidding.bid(lot.auction.id, anna.id, 100, app.now())
    seller.press_data(f"d:CANCEL:{lot.auction.id}", None)
    assert "already bid" in seller.toasts()[-1]
    assert app.store.auction(lot.auction.id).ending == "open"


def test_an_old_button_asks_nothing_that_would_be_refused(app: FakeApp, sold: Lot, seller: Chat, anna: Chat) -> None:
    lot_id = sold.auction.id
    for chat, verb, words in (
        (anna, "confirm", "moved on"),
        (seller, "confirm", "another person"),
        (seller, "cancel", "is over"),
        (anna, "cancel", "another person"),
    ):
        before = len(chat.messages)
        chat.press_data(f"d:{verb}:{lot_id}", None)
        assert words in chat.toasts()[-1]
        assert len(chat.messages) == before
    other = put_up(app)
    app.bidding.bid(other.auction.id, anna.id, 100, app.now())
    seller.press_data(f"d:cancel:{other.auction.id}", None)
    assert "already bid" in seller.toasts()[-1]


def test_the_buyer_reads_when_a_silent_confirmation_comes(app: FakeApp, sold: Lot, seller: Chat, anna: Chat) -> None:
    app.dealing.deliver(SELLER, sold.auction.id, "the code", app.now())
    anna.say("/my")
    assert "The seller is paid automatically (8 May 2026, 14:00 UTC) unless you open a dispute before." in anna.words
    seller.say("/my")
    assert "automatically (8 May 2026, 14:00 UTC) unless the buyer opens a dispute before." in seller.words


@pytest.mark.parametrize(
    "content", [{"photo": [], "caption": "here it is"}, {"sticker": STICKER}, {"voice": VOICE, "caption": "listen"}]
)
def test_a_sticker_or_a_voice_is_not_taken_for_a_delivery_and_the_question_stays(
    app: FakeApp, sold: Lot, seller: Chat, content: dict[str, object]
) -> None:
    seller.say(f"/auction_{sold.auction.id}")
    seller.press("Send to the buyer")
    seller.update({"message": seller._message(**content)})
    assert "stickers, voice and video messages may not reach everybody" in seller.words
    assert state(app, sold) is DealState.AWAITING_DELIVERY
    seller.say("https://files.example/1")
    seller.press("Send to the buyer")
    assert app.store.deal(sold.auction.id).delivery == "https://files.example/1"
