"""What cards and notices say of each kind, of ratings, and of what follows a refund."""

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.deals import DealState
from starbid.domain.lots import Lot
from starbid.domain.ratings import Rating
from starbid.domain.second_chance_offer import Offer, OfferState
from starbid.domain.wallet import Wallet
from starbid.services.ports import Look, ShownCard
from starbid.services.views import view_lot
from starbid.telegram.cards import draw
from starbid.telegram.messenger import BotMessenger
from tests.support.bot_pool import FakeTelegram, bot
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, auction, card, person, terms, wallet, xtr
from tests.support.fakes import START

from .pieces import EN, SETTINGS, lot, sold
from .test_cards import style
from .test_notices_in_words import FACTS, tell


def rated(*ratings: Rating) -> Lot:
    made = sold((ANNA, 500))
    assert made.deal
    return replace(made, deal=replace(made.deal, state=DealState.COMPLETED, ended_at=START, ratings=ratings))


def test_a_rating_is_blind_until_both_are_given_and_then_told_with_its_words(telegram: FakeTelegram) -> None:
    of_buyer = Rating(by_seller=False, stars=4, text="good <b>", at=START)
    hidden = tell(telegram, "rated", SELLER, rated(of_buyer), {"visible": False})
    head, when = hidden["text"].split("\n")
    assert head == "You were rated for “A lamp”."
    assert when == "The rating appears when you rate too, or automatically: 8 May 2026, 12:00 UTC."
    assert hidden["reply_markup"]["inline_keyboard"][0][0] == {"text": "Rate", "callback_data": "d:rate:lot1"}
    both = rated(of_buyer, Rating(by_seller=True, stars=2, text="", at=START))
    shown = [tell(telegram, "rated", who, both, {"visible": True})["text"] for who in (SELLER, ANNA)]
    assert shown == ["You were rated ★★★★ for “A lamp”.\n<i>good &lt;b&gt;</i>", "You were rated ★★ for “A lamp”."]


def test_a_card_shows_the_rating_one_got_and_nothing_of_a_blind_one() -> None:
    of_buyer = Rating(by_seller=False, stars=4, text="good <b>", at=START)
    both = rated(of_buyer, Rating(by_seller=True, stars=2, text="", at=START))
    captions = [draw(view_lot(made, SELLER, START), style()).caption for made in (rated(of_buyer), both)]
    assert "★" not in captions[0]
    assert "The other side rated you ★★★★. <i>good &lt;b&gt;</i>" in captions[1]
    assert "★" not in draw(view_lot(both, BORIS, START), style()).caption


def test_a_title_with_quotes_of_its_own_gets_inner_ones(telegram: FakeTelegram) -> None:
    texts = [
        tell(telegram, "won", ANNA, replace(sold((ANNA, 500)), card=card(title=name)), {"price": [100, "XTR"]}, code)
        for name, code in (("Игра «Чай»", "ru"), ("A “tea” set", "en"), ("Игра «Чай»", "en"))
    ]
    heads = [text["text"].split("\n")[0] for text in texts]
    assert heads[0].startswith("Вы выиграли лот «Игра „Чай“» за")
    assert heads[1].startswith("You won “A ‘tea’ set” for")
    assert heads[2].startswith("You won “Игра «Чай»” for")


@pytest.mark.parametrize("kind", ["new_bid", "outbid", "extended"])
def test_now_is_the_moment_of_the_telling_however_late_the_notice_is(telegram: FakeTelegram, kind: str) -> None:
    made = lot((ANNA, 320), (BORIS, 500), (CLARA, 450))
    text = tell(telegram, kind, SELLER if kind != "outbid" else ANNA, made, FACTS[kind])["text"]
    assert f"now {EN.money(xtr(460))}" in text.lower()
    assert EN.money(xtr(330)) not in text


def sealed(kind: str = "sealed") -> Lot:
    fixed = replace(terms(100), kind=kind, extend_seconds=0)
    return Lot(auction(fixed, bids_count=3, leader_id=BORIS, leader_maximum=xtr(777)), card())


def test_a_redrawn_card_of_a_sealed_lot_keeps_ones_own_bid_and_shows_no_other(telegram: FakeTelegram) -> None:
    api = bot(telegram)
    sent = api.send_photo(ANNA, "id", "old")

    def purse(who: int, currency: str) -> Wallet:
        return wallet(who, 0, 300, stakes={"lot1": xtr(300)} if (who, currency) == (ANNA, "XTR") else {})

    messenger = BotMessenger(api, SETTINGS, lambda: START, purse)
    messenger.redraw(person(ANNA), sealed(), ShownCard("lot1", ANNA, sent.message_id or 0, 1, Look(bidding=True)))
    (message,) = telegram.chats[ANNA].values()
    assert f"Your sealed bid: {EN.money(xtr(300))}" in message["caption"]
    assert message["reply_markup"]["inline_keyboard"][0][0]["text"] == "Raise my bid"
    assert "777" not in str(message)


def dutch() -> Lot:
    fixed = replace(
        terms(100), kind="dutch", floor_price=xtr(60), drop_amount=xtr(20), drop_seconds=900, extend_seconds=0
    )
    return Lot(auction(fixed), card())


@pytest.mark.parametrize(
    ("minutes", "price", "meaning"),
    [
        (10, 100, "current price, drops in 5:00"),
        (15, 80, "current price, drops in 15:00"),
        (31, 60, "lowest price"),
    ],
)
def test_a_dutch_card_says_when_its_price_falls_next(minutes: int, price: int, meaning: str) -> None:
    now = START + timedelta(minutes=minutes)
    caption = draw(view_lot(dutch(), ANNA, now), style(now=now)).caption
    assert f"<b>{EN.money(xtr(price))}</b> · {meaning}\n" in caption
    assert f"Drops by {EN.money(xtr(20))} every 15 minutes, down to {EN.money(xtr(60))}." in caption


def test_somebody_who_bid_in_vain_reads_so_on_the_card() -> None:
    caption = draw(view_lot(sold((BORIS, 320), (ANNA, 500)), BORIS, START), style(look=Look(bidding=True))).caption
    assert "It went to somebody else; none of your money is frozen for it." in caption


@pytest.mark.parametrize(
    ("state", "later", "words"),
    [
        (OfferState.OPEN, 0, "Offered to the next bidder for"),
        (OfferState.OPEN, 49, "The next bidder did not buy it."),
        (OfferState.ACCEPTED, 1, "The next bidder bought it for"),
        (OfferState.DECLINED, 1, "The next bidder did not buy it."),
        (OfferState.EXPIRED, 49, "The next bidder did not buy it."),
    ],
)
def test_the_seller_reads_what_became_of_a_second_chance(state: OfferState, later: int, words: str) -> None:
    made = sold((BORIS, 320), (ANNA, 500))
    assert made.deal
    offer = Offer(BORIS, xtr(320), START + timedelta(hours=48), state)
    made = replace(made, deal=replace(made.deal, state=DealState.REFUNDED), auction=replace(made.auction, offer=offer))
    now = START + timedelta(hours=later)
    captions = [draw(view_lot(made, who, now), style(now=now)).caption for who in (SELLER, ANNA)]
    assert words in captions[0]
    assert "runner-up" not in captions[1]


def test_a_delivery_says_when_silence_counts_as_a_confirmation(telegram: FakeTelegram) -> None:
    made = sold((ANNA, 500))
    assert made.deal
    handed = replace(made.deal, state=DealState.DELIVERED, delivery="the code", due_at=START + timedelta(days=7))
    text = tell(telegram, "delivered", ANNA, replace(made, deal=handed), {})["text"]
    assert text.endswith("\nWithout a dispute, that happens automatically: 8 May 2026, 12:00 UTC.\n\nthe code")


def test_a_dutch_lot_that_nobody_bought_does_not_speak_of_bids(telegram: FakeTelegram) -> None:
    text = tell(telegram, "unsold", SELLER, dutch(), {"best_bid": None, "owed": False})["text"]
    assert text == "“A lamp” ended, and nobody bought it.\nYou can relist it."


def test_an_extension_says_how_long_is_left(telegram: FakeTelegram) -> None:
    made = lot((ANNA, 320), (BORIS, 500))
    text = tell(telegram, "extended", ANNA, made, FACTS["extended"])["text"]
    assert text.endswith("\nIt ends in 1 h 0 min: today 13:00 UTC.")
    over = replace(made, auction=replace(made.auction, ends_at=START))
    assert tell(telegram, "extended", ANNA, over, FACTS["extended"])["text"].endswith(
        "The new end is 1 May 2026, 12:00 UTC."
    )


def test_a_refund_is_told_to_each_side_in_its_own_words() -> None:
    made = sold((ANNA, 500))
    assert made.deal
    made = replace(made, deal=replace(made.deal, state=DealState.REFUNDED))
    captions = [draw(view_lot(made, who, START), style()).caption for who in (SELLER, ANNA)]
    assert "The buyer got the money back." in captions[0]
    assert f"Your {EN.money(xtr(100))} went back to your wallet." in captions[1]


@pytest.mark.parametrize(
    ("state", "later", "over"),
    [
        (OfferState.OPEN, 47, False),
        (OfferState.OPEN, 48, True),
        (OfferState.EXPIRED, 49, True),
        (OfferState.DECLINED, 49, False),
        (OfferState.ACCEPTED, 49, False),
    ],
)
def test_the_runner_up_reads_that_an_offer_is_over_that_they_let_pass(
    state: OfferState, later: int, over: bool
) -> None:
    made = sold((BORIS, 320), (ANNA, 500))
    assert made.deal
    offer = Offer(BORIS, xtr(320), START + timedelta(hours=48), state)
    made = replace(made, deal=replace(made.deal, state=DealState.REFUNDED), auction=replace(made.auction, offer=offer))
    now = START + timedelta(hours=later)
    drawn = {who: draw(view_lot(made, who, now), style(now=now)) for who in (SELLER, ANNA, BORIS, CLARA)}
    told = {who for who, card in drawn.items() if "The seller's offer to you has expired" in card.caption}
    assert told == ({BORIS} if over else set())
    is_open = state is OfferState.OPEN and not over
    assert ("d:accept:lot1" in str(drawn[BORIS].keyboard)) == is_open
    seen = draw(view_lot(made, BORIS, now), style(look=Look(bidding=True), now=now)).caption
    assert ("went to somebody else" in seen) != is_open, "what is offered has not gone to anybody"
    russian = draw(view_lot(made, BORIS, now), style("ru", now=now)).caption
    assert ("Срок предложения продавца вышел" in russian) == over
