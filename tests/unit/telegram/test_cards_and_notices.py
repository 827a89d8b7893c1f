"""Cards and notices: their words, buttons and limits, in both languages."""

from dataclasses import replace
from datetime import timedelta

import pytest

from local.telegram.markup import parse_html
from starbid.domain.auction import Ending
from starbid.domain.deals import DealState
from starbid.domain.lots import Lot
from starbid.domain.offers import Offer, OfferState
from starbid.domain.settlement import close
from starbid.domain.wallet import Wallet
from starbid.i18n import language
from starbid.services import notices
from starbid.services.ports import Notice, ShownCard, TryLater
from starbid.services.settings import Business
from starbid.services.views import view_lot
from starbid.telegram.cards import CardStyle, Place, draw
from starbid.telegram.html import units
from starbid.telegram.keyboards import Keyboard
from starbid.telegram.messenger import BotMessenger, place_facts, read_place
from starbid.telegram.notice_words import WORDS
from tests.support.bot_pool import FakeTelegram, bad_request, bot, flood
from tests.support.factories import ANNA, BORIS, SELLER, auction, bids, card, person, terms, wallet, xtr
from tests.support.fakes import START, make_app

SETTINGS = make_app().settings
HTTPS = make_app({"BASE_URL": "https://bid.example"}).settings
HORRID = "<b>&😀" * 16
RU, EN = language("ru"), language("en")


def style(code: str = "en", **changes: object) -> CardStyle:
    return replace(CardStyle(language(code), START, SETTINGS), **changes)  # type: ignore[arg-type]


def lot(*placed: tuple[int, int], reserve: int | None = None, buy_now: int | None = None, **changes: object) -> Lot:
    made = bids(auction(terms(100, step=10, reserve=reserve, buy_now=buy_now)), *placed)
    return Lot(made, card(**changes))


def sold(*placed: tuple[int, int]) -> Lot:
    before = lot(*placed)
    done = close(before.auction, 5, Business().deal_times, START + timedelta(hours=1))
    return replace(before, auction=done.auction, deal=done.deal)


def data(keyboard: Keyboard) -> list[list[str]]:
    return [[button.data or button.url or button.app or "" for button in row] for row in keyboard]


@pytest.mark.parametrize("code", ["ru", "en"])
@pytest.mark.parametrize("placed", [(), ((ANNA, 500),), ((BORIS, 10**12),)])
def test_the_longest_card_stays_within_telegrams_limits(code: str, placed: tuple) -> None:
    assert len(HORRID) == 80
    big = lot(*placed, reserve=10**11, title=HORRID, description="🎁&<>" * 1000)
    big = replace(big, auction=replace(big.auction, ends_at=big.auction.ends_at + timedelta(hours=1)))
    drawn = draw(view_lot(big, ANNA, START), style(code, place=Place(240, 240, more=True)))
    assert units(parse_html(drawn.caption).text) <= 1024
    assert parse_html(drawn.caption).text.startswith("<b>&😀")
    assert all(len(button.data.encode()) <= 64 for row in drawn.keyboard for button in row if button.data)


def test_the_caption_has_the_order_of_every_card() -> None:
    drawn = draw(view_lot(lot((ANNA, 500), reserve=300), ANNA, START), style())
    title, price, time, facts, standing, _, description = drawn.caption.split("\n")
    assert title == "<b>A lamp</b>"
    assert price == f"<b>{EN.money(xtr(300))}</b> · current bid"
    assert time == "1 h 0 min left · until 1 May 2026, 13:00 UTC"
    assert facts == "1 bid · English auction · reserve met"
    assert standing == f"🟢 You lead. Your maximum is {EN.money(xtr(500))}."
    assert description == "Gives light."


def test_nobody_else_learns_a_maximum_or_the_reserve() -> None:
    caption = draw(view_lot(lot((ANNA, 501), reserve=777), BORIS, START), style()).caption
    assert "501" not in caption
    assert "777" not in caption
    assert "reserve not met" in caption


def test_the_keyboard_has_its_fixed_places() -> None:
    made = lot(buy_now=900)
    rows = data(draw(view_lot(made, ANNA, START), style(place=Place(3, 17))).keyboard)
    assert rows == [
        ["b:lot1:100:1", "b:lot1:140:1"],
        ["m:lot1", "n:lot1:900:1"],
        ["http://127.0.0.1:8000/auction/lot1"],
        ["k:lot1", "go:menu"],
        ["p:1:lot1", "p:2:lot1", "p:3:lot1"],
    ]


def test_the_ends_of_a_list_meet_unless_more_follow() -> None:
    last = data(draw(view_lot(lot(), ANNA, START), style(place=Place(3, 3))).keyboard)[-1]
    more = data(draw(view_lot(lot(), ANNA, START), style(place=Place(3, 3, more=True))).keyboard)[-1]
    first = data(draw(view_lot(lot(), ANNA, START), style(place=Place(1, 3))).keyboard)[-1]
    assert (last[2], more[2], first[0]) == ("p:0:lot1", "p:3:lot1", "p:2:lot1")


def test_the_site_is_a_mini_app_only_where_telegram_allows_it() -> None:
    button = draw(view_lot(lot(), ANNA, START), style(settings=HTTPS)).keyboard[2][0]
    assert (button.app, button.url) == ("https://bid.example/auction/lot1", None)


@pytest.mark.parametrize("code", ["ru", "en"])
@pytest.mark.parametrize("viewer", [SELLER, ANNA, BORIS])
def test_an_ended_card_offers_no_bid(code: str, viewer: int) -> None:
    later = START + timedelta(hours=2)
    for made in (sold((ANNA, 500)), replace(lot(), auction=auction().ended(Ending.UNSOLD, START))):
        drawn = draw(view_lot(made, viewer, later), style(code, now=later))
        assert not any(text.startswith(("b:", "m:", "n:")) for row in data(drawn.keyboard) for text in row)


FACTS = {
    "new_bid": {"price": [330, "XTR"], "bids": 2},
    "outbid": {"price": [330, "XTR"], "bids": 2, "released": [320, "XTR"]},
    "extended": {"price": [330, "XTR"], "bids": 2, "ends_at": START.isoformat()},
    "won": {"price": [330, "XTR"]},
    "lost": {"price": [330, "XTR"]},
    "sold": {"price": [330, "XTR"]},
    "unsold": {"best_bid": [330, "XTR"], "reserve": True},
    "cancelled": {"reason": "a fake <b>"},
    "began": {"ends_at": START.isoformat()},
    "ending_soon": {"ends_at": START.isoformat()},
    "delivered": {},
    "released": {"payout": [314, "XTR"], "fee": [16, "XTR"], "by": "time"},
    "returned": {"price": [330, "XTR"]},
    "disputed": {"text": "<b>broken</b> & 😀" * 130},
    "dispute_opened": {"text": "<b>broken</b> & 😀" * 130},
    "dispute_answered": {"text": "<b>fine</b> & 😀" * 130},
    "rated": {"visible": False},
    "second_chance": {"price": [330, "XTR"], "until": START.isoformat()},
    "second_chance_declined": {"price": [330, "XTR"]},
    "second_chance_expired": {"price": [330, "XTR"]},
    "credited": {"amount": [250, "XTR"]},
    "refunded": {"amount": [250, "XTR"], "owed": [0, "XTR"]},
    "debt_settled": {"amount": [100, "XTR"], "left": [0, "XTR"]},
    "subscribed": {"until": START.isoformat()},
    "subscription_ended": {},
}


def tell(telegram: FakeTelegram, kind: str, user_id: int, made: Lot | None, facts: dict, code: str = "en") -> dict:
    messenger = BotMessenger(bot(telegram), SETTINGS, lambda: START, lambda who, _: wallet(who, 750, 100))
    about = made.auction.id if made else None
    messenger.tell(person(user_id, language=code), Notice("n1", user_id, kind, about, facts), made)
    return list(telegram.chats[user_id].values())[-1]


def test_every_kind_of_notice_has_words() -> None:
    assert set(WORDS) == set(notices.KINDS) == set(FACTS)


@pytest.mark.parametrize("code", ["ru", "en"])
@pytest.mark.parametrize("kind", notices.KINDS)
@pytest.mark.parametrize("user_id", [SELLER, ANNA])
def test_every_notice_can_be_told_to_either_side(telegram: FakeTelegram, kind: str, code: str, user_id: int) -> None:
    made = sold((ANNA, 500))
    assert made.deal
    made = replace(made, card=replace(made.card, title=HORRID), deal=replace(made.deal, delivery="😀&" * 2000))
    sent = tell(telegram, kind, user_id, made, FACTS[kind], code)
    assert any("А" <= letter <= "я" for letter in sent["text"]) == (code == "ru")
    buttons = [button for row in sent["reply_markup"]["inline_keyboard"] for button in row]
    assert any(button.get("callback_data") in ("go:menu", f"o:{made.auction.id}") for button in buttons)


@pytest.mark.parametrize("code", ["ru", "en"])
@pytest.mark.parametrize(
    ("kind", "money"), [("released", {"payout": [314, "XTR"], "fee": [16, "XTR"]}), ("returned", {})]
)
def test_a_settled_dispute_is_told_to_both_with_the_reason(
    telegram: FakeTelegram, kind: str, money: dict, code: str
) -> None:
    facts = {"price": [330, "XTR"], "by": "admin", "reason": "sent <too> late", **money}
    texts = [tell(telegram, kind, who, sold((ANNA, 500)), facts, code)["text"] for who in (SELLER, ANNA)]
    assert all("sent &lt;too&gt; late" in text for text in texts)
    in_favour = ["в вашу пользу" in text or "in your favour" in text for text in texts]
    assert in_favour == ([True, False] if kind == "released" else [False, True])


def test_an_admin_is_led_from_a_dispute_to_the_open_ones(telegram: FakeTelegram) -> None:
    sent = tell(telegram, "dispute_opened", 900, sold((ANNA, 500)), {"text": "it <does> not work"})
    assert sent["text"].endswith("\n\nit &lt;does&gt; not work")
    assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "go:admin"


def test_being_outbid_says_what_is_free_and_has_the_next_bid_ready(telegram: FakeTelegram) -> None:
    made = lot((ANNA, 320), (BORIS, 500))
    sent = tell(telegram, "outbid", ANNA, made, FACTS["outbid"], "ru")
    assert (
        sent["text"]
        == f"Вас перебили: лот «A lamp», теперь {RU.money(xtr(330))}.\nВаши {RU.money(xtr(320))} снова свободны."
    )
    first = sent["reply_markup"]["inline_keyboard"][0][0]
    assert first == {"text": f"Поставить {RU.money(xtr(340))}", "callback_data": "b:lot1:340:3"}


def test_being_outbid_on_a_lot_that_has_ended_offers_no_bid(telegram: FakeTelegram) -> None:
    sent = tell(telegram, "outbid", ANNA, sold((ANNA, 320), (BORIS, 500)), FACTS["outbid"])
    assert "b:" not in str(sent["reply_markup"])


def test_credited_tells_the_new_balance(telegram: FakeTelegram) -> None:
    text = tell(telegram, "credited", ANNA, None, FACTS["credited"])["text"]
    assert f"Available {EN.money(xtr(750))}, held {EN.money(xtr(100))}." in text


def test_a_refund_that_left_a_debt_offers_to_settle_exactly_that(telegram: FakeTelegram) -> None:
    facts = {"amount": [250, "XTR"], "owed": [60, "XTR"]}
    assert "buy:60" in str(tell(telegram, "refunded", ANNA, None, facts)["reply_markup"])


@pytest.mark.parametrize(
    ("code", "free", "still"),
    [
        ("en", "you can bid and sell again", "is still open; until it is settled"),
        ("ru", "снова можно делать ставки и продавать", "Осталось погасить"),
    ],
)
def test_a_settled_debt_is_told_with_what_is_left_of_it_by_then(
    telegram: FakeTelegram, code: str, free: str, still: str
) -> None:
    facts = {"amount": [100, "XTR"], "left": [60, "XTR"]}

    def told(mine: Wallet) -> dict:
        messenger = BotMessenger(bot(telegram), SETTINGS, lambda: START, lambda *_: mine)
        messenger.tell(person(ANNA, language=code), Notice("n1", ANNA, "debt_settled", None, facts), None)
        return list(telegram.chats[ANNA].values())[-1]

    owing = told(wallet(ANNA, owed=60))
    assert still in owing["text"]
    assert free not in owing["text"]
    assert "buy:60" in str(owing["reply_markup"])
    for mine in (wallet(ANNA, 750), wallet(ANNA, 810, owed=60)):
        text = told(mine)["text"]
        assert free in text
        assert still not in text
        assert language(code).money(xtr(750)) in text


@pytest.mark.parametrize(("code", "words"), [("en", "let “A lamp” pass"), ("ru", "не ответил")])
def test_an_offer_that_expired_is_told_with_the_way_to_put_the_lot_up_again(
    telegram: FakeTelegram, code: str, words: str
) -> None:
    made = sold((BORIS, 330), (ANNA, 500))
    assert made.deal
    offer = Offer(BORIS, xtr(330), START, OfferState.EXPIRED)
    free = replace(made, deal=replace(made.deal, state=DealState.REFUNDED, offer=offer))
    sent = tell(telegram, "second_chance_expired", SELLER, free, FACTS["second_chance_expired"], code)
    assert words in sent["text"]
    assert "d:relist:lot1" in str(sent["reply_markup"])
    gone = replace(free, deal=replace(free.deal, relisted=True))
    sent = tell(telegram, "second_chance_expired", SELLER, gone, FACTS["second_chance_expired"], code)
    assert "relist" not in str(sent["reply_markup"])
    assert "\n" not in sent["text"]


def test_a_delivery_is_shown_at_once(telegram: FakeTelegram) -> None:
    made = sold((ANNA, 500))
    assert made.deal
    made = replace(made, deal=replace(made.deal, delivery="The code is <42>"))
    assert "The code is &lt;42&gt;" in tell(telegram, "delivered", ANNA, made, {})["text"]


def test_a_losers_notice_without_a_sale_says_why(telegram: FakeTelegram) -> None:
    text = tell(telegram, "lost", ANNA, lot(), {"best_bid": [50, "XTR"], "reserve": True})["text"]
    assert "reserve price was not reached" in text


def test_a_card_is_redrawn_in_place_with_its_place_kept(telegram: FakeTelegram) -> None:
    api = bot(telegram)
    sent = api.send_photo(ANNA, "id", "old")
    messenger = BotMessenger(api, SETTINGS, lambda: START, wallet)
    facts = {**place_facts(Place(2, 5, more=True)), "bidding": True}
    shown = ShownCard(ANNA, sent.message_id or 0, 1, facts)
    made = lot((BORIS, 500))
    messenger.redraw(person(ANNA), made, shown)
    messenger.redraw(person(ANNA), made, shown)
    messenger.redraw(person(ANNA), made, replace(shown, message_id=999))
    (message,) = telegram.chats[ANNA].values()
    assert "You were outbid" in message["caption"]
    assert message["reply_markup"]["inline_keyboard"][-1][1]["text"] == "2/5+"


def test_a_card_that_telegram_will_never_edit_is_given_up_and_one_that_has_to_wait_is_not(
    telegram: FakeTelegram,
) -> None:
    api = bot(telegram)
    sent = api.send_photo(ANNA, "id", "old")
    messenger = BotMessenger(api, SETTINGS, lambda: START, wallet)
    shown = ShownCard(ANNA, sent.message_id or 0, 1, {})
    telegram.fail("editMessageCaption", bad_request("A NEW REASON THAT NOBODY KNOWS"))
    assert not messenger.redraw(person(ANNA), lot(), shown)
    telegram.fail("editMessageCaption", flood(9))
    with pytest.raises(TryLater):
        messenger.redraw(person(ANNA), lot(), shown)
    assert messenger.redraw(person(ANNA), lot(), shown)


@pytest.mark.parametrize("facts", [{}, {"number": "1", "total": 2}, {"number": 1}])
def test_a_card_outside_a_list_has_no_place(facts: dict) -> None:
    assert read_place(facts) is None
