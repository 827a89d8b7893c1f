"""Disputes, ratings, second chances and putting up again, in the chat."""

import pytest

from starbid.domain.deals import DealState
from starbid.domain.lots import Lot
from tests.support.desk import deciding
from tests.support.factories import SELLER, put_up, xtr
from tests.support.fakes import Death, FakeApp

from .chatting import STICKER, Chat

ADMIN = 900
COMPLAINT = "It is <b>empty</b> & broken"


@pytest.fixture
def sold(app: FakeApp, anna: Chat, boris: Chat) -> Lot:
    """Anna won a lot for 155 before Boris, whose maximum was 150."""
    anna.join(stars=1000)
    boris.join(stars=1000)
    lot = put_up(app, title="Tea & <cake>")
    app.bidding.bid(lot.auction.id, boris.id, 150, app.now())
    app.bidding.bid(lot.auction.id, anna.id, 200, app.now())
    app.clock.forward(hours=2, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    return lot


def state(app: FakeApp, lot: Lot) -> DealState:
    return app.store.deal(lot.auction.id).state


def stars(app: FakeApp, who: int) -> int:
    return app.store.wallet(who, "XTR").available.amount


def dispute(chat: Chat, lot: Lot) -> None:
    chat.say(f"/auction_{lot.auction.id}")
    chat.press("Something is wrong")
    chat.press("Open a dispute")
    chat.say(COMPLAINT)


def refund(app: FakeApp, lot: Lot, anna: Chat) -> None:
    app.clock.forward(days=8)
    app.dealing.take_back(anna.id, lot.auction.id, app.now())


@pytest.mark.parametrize(
    ("button", "state_after", "seller_has", "buyer_has"),
    [
        ("Release ⭐\u202f148 to the seller", "completed", 148, 845),
        ("Refund ⭐\u202f155 to the buyer", "refunded", 0, 1000),
    ],
)
def test_an_admin_settles_a_dispute_with_a_reason(
    app: FakeApp, sold: Lot, anna: Chat, admin: Chat, button: str, state_after: str, seller_has: int, buyer_has: int
) -> None:
    dispute(anna, sold)
    assert state(app, sold) is DealState.DISPUTED
    admin.say("/menu")
    admin.press("For operators")
    assert "Open disputes: 1." in admin.words
    admin.press("Open disputes")
    assert "Tea &amp; &lt;cake&gt;" in admin.words
    admin.press("Tea & <cake>")
    assert "It is &lt;b&gt;empty&lt;/b&gt; &amp; broken" in admin.words
    admin.press(button)
    assert state(app, sold) is DealState.DISPUTED
    admin.say("Looked at both sides.")
    assert state(app, sold) == state_after
    assert (stars(app, SELLER), stars(app, anna.id)) == (seller_has, buyer_has)
    assert "Both have been told" in admin.words
    admin.say("/admin")
    assert "No open disputes" in admin.words


def test_nobody_else_sees_or_settles_disputes(app: FakeApp, sold: Lot, anna: Chat, seller: Chat) -> None:
    dispute(anna, sold)
    for chat in (anna, seller):
        chat.say("/menu")
        assert "For operators" not in chat.buttons()
        chat.say("/admin")
        assert "did not understand" in chat.words
        for verb in ("look", "release", "refund"):
            chat.press_data(f"a:{verb}:{sold.auction.id}", chat.last)
            chat.say("because")
    assert state(app, sold) is DealState.DISPUTED


def test_a_dispute_that_was_settled_meanwhile_is_not_settled_again(
    app: FakeApp, sold: Lot, anna: Chat, admin: Chat
) -> None:
    dispute(anna, sold)
    admin.press_data(f"a:release:{sold.auction.id}", None)
    app.dealing.resolve(deciding("Empty indeed.", app.now()), sold.auction.id, False)
    admin.say("Fine as it is.")
    assert state(app, sold) is DealState.REFUNDED
    assert stars(app, anna.id) == 1000


def test_a_death_after_the_settlement_counts_as_settled(app: FakeApp, sold: Lot, anna: Chat, admin: Chat) -> None:
    dispute(anna, sold)
    admin.press_data(f"a:refund:{sold.auction.id}", None)
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        admin.say("Empty indeed.", update_id=5)
    app.clock.forward(seconds=31)
    admin.say("Empty indeed.", update_id=5)
    assert "the buyer has the money back" in admin.words
    assert stars(app, anna.id) == 1000


def test_an_empty_or_endless_complaint_is_asked_for_again(app: FakeApp, sold: Lot, anna: Chat) -> None:
    anna.press_data(f"d:dispute:{sold.auction.id}", None)
    anna.say("x" * 2001)
    assert "2,000 characters" in anna.words
    assert state(app, sold) is DealState.AWAITING_DELIVERY
    anna.say("x" * 2000)
    assert state(app, sold) is DealState.DISPUTED


def test_a_dispute_after_the_release_is_refused(app: FakeApp, sold: Lot, anna: Chat) -> None:
    app.dealing.deliver(SELLER, sold.auction.id, "code", app.now())
    app.clock.forward(days=6, hours=23, minutes=59)
    anna.press_data(f"d:dispute:{sold.auction.id}", None)
    app.clock.forward(minutes=1)
    app.dealing.advance(sold.auction.id, app.now())
    anna.say(COMPLAINT)
    assert state(app, sold) is DealState.COMPLETED
    assert "moved on" in anna.words


def test_both_sides_rate_with_or_without_words(app: FakeApp, sold: Lot, anna: Chat, seller: Chat) -> None:
    app.dealing.deliver(SELLER, sold.auction.id, "code", app.now())
    app.dealing.confirm(anna.id, sold.auction.id, app.now())
    anna.say(f"/auction_{sold.auction.id}")
    anna.press("Rate")
    anna.press("★★★★")
    anna.say("Quick & <kind>")
    assert "Thank you for your rating: ★★★★" in anna.words
    seller.say(f"/auction_{sold.auction.id}")
    seller.press("Rate")
    seller.press("★★★★★")
    seller.press("Skip the text")
    given = {rating.by_seller: (rating.stars, rating.text) for rating in app.store.deal(sold.auction.id).ratings}
    assert given == {False: (4, "Quick & <kind>"), True: (5, "")}
    anna.say(f"/auction_{sold.auction.id}")
    assert "Rate" not in anna.buttons()


def test_a_second_rating_is_refused_and_the_same_one_again_is_none(app: FakeApp, sold: Lot, anna: Chat) -> None:
    app.dealing.deliver(SELLER, sold.auction.id, "code", app.now())
    app.dealing.confirm(anna.id, sold.auction.id, app.now())
    for data in ("RATE3", "RATE3", "RATE1", "rate9", "rate0"):
        anna.press_data(f"d:{data}:{sold.auction.id}", None)
    assert [rating.stars for rating in app.store.deal(sold.auction.id).ratings] == [3]


def test_the_runner_up_takes_what_fell_through(app: FakeApp, sold: Lot, anna: Chat, boris: Chat, seller: Chat) -> None:
    refund(app, sold, anna)
    seller.say(f"/auction_{sold.auction.id}")
    seller.press("Offer to the next bidder")
    assert "100" in seller.words, "what it would have cost without the buyer"
    seller.press("Yes, offer it")
    assert "the offer expires 11 May 2026, 14:00 UTC" in seller.words
    boris.say(f"/auction_{sold.auction.id}")
    assert "предлагает" in boris.last["caption"]
    boris.press("Купить лот за ⭐\u202f100")
    assert stars(app, boris.id) == 1000
    boris.press("Купить лот за ⭐\u202f100")
    assert stars(app, boris.id) == 900
    once = boris.words
    boris.press_data(f"d:ACCEPT:{sold.auction.id}", None)
    assert boris.words == once
    assert stars(app, boris.id) == 900
    boris.press("Открыть лот")
    assert "Что-то не так" in boris.buttons()


def test_the_runner_up_may_decline_and_nobody_else_may_answer(
    app: FakeApp, sold: Lot, anna: Chat, boris: Chat, seller: Chat
) -> None:
    refund(app, sold, anna)
    seller.press_data(f"d:OFFER:{sold.auction.id}", None)
    for chat in (anna, seller):
        chat.press_data(f"d:ACCEPT:{sold.auction.id}", None)
        chat.press_data(f"d:decline:{sold.auction.id}", None)
    for _ in range(2):
        boris.press_data(f"d:decline:{sold.auction.id}", None)
        assert "продавцу сообщили" in boris.words
    boris.press_data(f"d:ACCEPT:{sold.auction.id}", None)
    assert stars(app, boris.id) == 1000


def test_an_unsold_lot_is_put_up_again_by_one_press(app: FakeApp, seller: Chat) -> None:
    lot = put_up(app)
    app.clock.forward(hours=2, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    seller.say(f"/auction_{lot.auction.id}")
    again = seller.buttons()["Relist"]
    seller.press("Relist")
    assert "is relisted" in seller.words
    first = seller.buttons()["Open the lot"]
    seller.press_data(again, None)
    assert seller.buttons()["Open the lot"] == first
    assert app.store.wallet(SELLER, "XTR").held == xtr(0)


def test_a_sticker_is_no_rating(app: FakeApp, sold: Lot, anna: Chat) -> None:
    app.dealing.deliver(SELLER, sold.auction.id, "here", app.now())
    app.dealing.confirm(anna.id, sold.auction.id, app.now())
    anna.press_data(f"d:rate4:{sold.auction.id}", None)
    anna.update({"message": anna._message(sticker=STICKER)})
    assert "Only text" in anna.words
    assert app.store.deal(sold.auction.id).ratings == ()


def test_a_refunded_lot_that_is_up_again_says_so_to_its_seller(
    app: FakeApp, sold: Lot, anna: Chat, seller: Chat
) -> None:
    refund(app, sold, anna)
    seller.say(f"/auction_{sold.auction.id}")
    seller.press("Relist")
    assert "is relisted" in seller.words
    seller.say(f"/auction_{sold.auction.id}")
    assert "You have relisted it." in seller.words
    anna.say(f"/auction_{sold.auction.id}")
    assert "put it up again" not in anna.words
