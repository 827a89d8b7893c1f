"""Notices: their words and buttons, in both languages."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.deals import DealState
from starbid.domain.lots import Lot
from starbid.domain.second_chance_offer import Offer, OfferState
from starbid.domain.wallet import Wallet
from starbid.i18n import language
from starbid.services import notices
from starbid.services.notices.switches import BY_ITSELF
from starbid.services.ports import Notice
from starbid.services.waiting_telling import SHOWN
from starbid.telegram.html import units
from starbid.telegram.messenger import BotMessenger
from starbid.telegram.notices import WORDS
from tests.support.bot_pool import FakeTelegram, bot
from tests.support.factories import ANNA, BORIS, SELLER, person, wallet, xtr
from tests.support.fakes import START
from tests.support.happenings import MADE_WHEN_TOLD, all_notices

from .pieces import EN, HORRID, RU, SETTINGS, lot, sold

BY_THEMSELVES = ("dispute_opened", "broadcast")
"""Told by no event: of all open disputes together, and from a list of its own."""
FACTS: dict[str, dict[str, Any]] = {
    "broadcast": {"text": "Весна <sale> & more: https://starbid.example"},
    "new_bid": {"price": [330, "XTR"], "bids": 2},
    "outbid": {"price": [330, "XTR"], "bids": 2, "released": [320, "XTR"]},
    "extended": {"price": [330, "XTR"], "bids": 2, "ends_at": START.isoformat()},
    "won": {"price": [330, "XTR"]},
    "lost": {"price": [330, "XTR"], "owed": False, "winner_owed": False},
    "sold": {"price": [330, "XTR"]},
    "unsold": {"best_bid": [330, "XTR"], "owed": False},
    "cancelled": {"reason": "a fake <b>"},
    "lot_reported": {"why": "fraud"},
    "reports_settled": {"outcome": "dismissed"},
    "lot_hidden": {"reason": "a fake <b>"},
    "lot_shown": {"reason": "it is <fine>"},
    "lot_moved": {"reason": "these are books"},
    "began": {"at": START.isoformat(), "ends_at": START.isoformat()},
    "ending_soon": {"at": START.isoformat(), "ends_at": START.isoformat()},
    "address_given": {"corrected": False},
    "reminded": {"state": "awaiting_address"},
    "delivered": {},
    "released": {"payout": [314, "XTR"], "fee": [16, "XTR"], "by": "time", "reason": ""},
    "returned": {"price": [330, "XTR"], "by": "time", "reason": ""},
    "disputed": {"text": "<b>broken</b> & 😀" * 130},
    "dispute_withdrawn": {},
    "frozen": {"until": START.isoformat()},
    "thawed": {},
    "subscription_shortened": {"until": START.isoformat()},
    "dispute_answered": {"text": "<b>fine</b> & 😀" * 130, "version": 3},
    "rated": {"visible": False},
    "second_chance": {"price": [330, "XTR"], "until": START.isoformat()},
    "second_chance_declined": {"price": [330, "XTR"]},
    "second_chance_expired": {"price": [330, "XTR"]},
    "credited": {"amount": [250, "XTR"], "bill_id": "", "awaits": "", "price": None},
    "bill_ended": {"bill_id": "0" * 32, "amount": [50_000, "RUB"], "state": "expired"},
    "bill_puzzling": {"bill_id": "0" * 32, "amount": [50_000, "RUB"], "said": "ON_HOLD"},
    "bill_differs": {"bill_id": "0" * 32, "amount": [50_000, "RUB"], "paid": "<b>499.00</b> RUB"},
    "bill_to_review": {"bill_id": "0" * 32, "amount": [50_000, "RUB"], "paid": "<b>499.00</b> RUB"},
    "bill_returned": {"bill_id": "0" * 32, "amount": [50_000, "RUB"], "paid": "<b>499.00</b> RUB"},
    "provider_troubled": {"provider": "qiwi"},
    "ledger_differs": {},
    "credits_bought": {"credits": 50, "price": [80, "XTR"], "from_wallet": True},
    "credits_changed": {"change": -1, "credits": 1_250},
    "credits_withdrawn": {"credits": 21},
    "payout_requested": {"payout_id": "0123456789abcdef0123", "amount": [50_000, "RUB"], "method": "outside"},
    "payout_approved": {"amount": [50_000, "RUB"], "method": "outside"},
    "payout_paid": {"amount": [1000, "XTR"], "method": "premium_3"},
    "payout_refused": {"amount": [50_000, "RUB"], "method": "outside", "reason": "the card is <closed>"},
    "payout_returned": {"amount": [1000, "XTR"], "method": "premium_3", "reason": "telegram"},
    "refund_requested": {"payer": 2**31, "mark": "0123456789abcdef", "amount": [250, "XTR"]},
    "refund_refused": {"amount": [250, "XTR"], "reason": "it is <spent>"},
    "refund_failed": {"amount": [250, "XTR"]},
    "ticket_closed": {"ticket_id": "0123456789ab"},
    "achievement": {"keys": ["first_bid", "trusted_seller"]},
    **MADE_WHEN_TOLD,
    "operator_wrote": {"text": "<b>mind</b> & 😀" * 130},
    "leaving_asked": {"due_at": START.isoformat()},
    "leaving_put_off": {"due_at": START.isoformat(), "obstacles": ["lots", "money"]},
    "account_deleted": {},
    "browser_added": {"device": "Chrome, <b>Windows & 😀"},
    "email_stopped": {"address": "an…@<b>example.org", "why": "bounced"},
    "refunded": {"amount": [250, "XTR"], "owed": [0, "XTR"]},
    "debt_offset": {"amount": [100, "XTR"], "left": [0, "XTR"]},
    "subscribed": {"until": START.isoformat()},
    "subscription_ending": {"until": START.isoformat()},
    "subscription_ended": {},
    "renewal": {"state": "failed", "until": START.isoformat(), "another": False, "request_id": "0123456789abcdefu1"},
}


def tell(
    telegram: FakeTelegram, kind: str, user_id: int, made: Lot | None, facts: dict[str, Any], code: str = "en"
) -> dict[str, Any]:
    messenger = BotMessenger(bot(telegram), SETTINGS, lambda: START, lambda who, _: wallet(who, 750, 100))
    about = made.auction.id if made else None
    messenger.tell(person(user_id, language=code), Notice("n1", user_id, kind, about, facts), made)
    return list(telegram.chats[user_id].values())[-1]


def test_every_kind_of_notice_has_words() -> None:
    assert set(WORDS) == set(notices.KINDS) == set(FACTS)


def test_words_are_tried_with_the_facts_that_their_notices_bring() -> None:
    made = {*MADE_WHEN_TOLD, *BY_THEMSELVES}
    brought = {(notice.kind, *sorted(notice.facts)) for notice in all_notices() if notice.kind not in made}
    assert brought == {(kind, *sorted(facts)) for kind, facts in FACTS.items() if kind not in made}


@pytest.mark.parametrize("code", ["ru", "en"])
@pytest.mark.parametrize("kind", notices.KINDS)
@pytest.mark.parametrize("user_id", [SELLER, ANNA])
def test_every_notice_can_be_told_to_either_side(telegram: FakeTelegram, kind: str, code: str, user_id: int) -> None:
    made = sold((ANNA, 500))
    assert made.deal
    made = replace(made, card=replace(made.card, title=HORRID), deal=replace(made.deal, delivery="😀&" * 2000))
    sent = tell(telegram, kind, user_id, made, FACTS[kind], code)
    words = sent["reply_markup"]["inline_keyboard"][0][0]["text"] if kind == "broadcast" else sent["text"]
    assert any("А" <= letter <= "я" for letter in words) == (code == "ru")
    buttons = [button for row in sent["reply_markup"]["inline_keyboard"] for button in row]
    assert any(button.get("callback_data") in ("go:menu", f"o:{made.auction.id}") for button in buttons)


@pytest.mark.parametrize("code", ["ru", "en"])
@pytest.mark.parametrize("kind", sorted(set(notices.KINDS) - BY_ITSELF))
def test_what_a_notice_says_first_stands_by_itself(telegram: FakeTelegram, kind: str, code: str) -> None:
    """In the message of what waited for the end of quiet hours."""
    made = replace(sold((ANNA, 500)), card=replace(sold((ANNA, 500)).card, title=HORRID))
    messenger = BotMessenger(bot(telegram), SETTINGS, lambda: START, lambda who, _: wallet(who, 750, 100))
    notice = Notice("n1", ANNA, kind, made.auction.id, FACTS[kind])
    line = messenger.headline(person(ANNA, language=code), notice, made)
    bot(telegram).send_message(ANNA, line, ())
    assert line.strip()
    assert "\n" not in line
    assert units(line) <= (4096 - 100) // SHOWN


@pytest.mark.parametrize("code", ["ru", "en"])
@pytest.mark.parametrize(
    ("kind", "money"), [("released", {"payout": [314, "XTR"], "fee": [16, "XTR"]}), ("returned", {})]
)
def test_a_settled_dispute_is_told_to_both_with_the_reason(
    telegram: FakeTelegram, kind: str, money: dict[str, Any], code: str
) -> None:
    facts = {"price": [330, "XTR"], "by": "admin", "reason": "sent <too> late", **money}
    texts = [tell(telegram, kind, who, sold((ANNA, 500)), facts, code)["text"] for who in (SELLER, ANNA)]
    assert all("sent &lt;too&gt; late" in text for text in texts)
    in_favour = ["в вашу пользу" in text or "in your favour" in text for text in texts]
    assert in_favour == ([True, False] if kind == "released" else [False, True])


def test_an_admin_is_led_from_a_dispute_to_the_open_ones(telegram: FakeTelegram) -> None:
    facts = {"lots": ["lot1"], "more": False, "text": "it <does> not work"}
    sent = tell(telegram, "dispute_opened", 900, sold((ANNA, 500)), facts)
    assert sent["text"].endswith("\n\nit &lt;does&gt; not work")
    assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "a:list"


def test_of_many_disputes_an_admin_reads_how_many_and_the_newest(telegram: FakeTelegram) -> None:
    facts = {"lots": ["lot1", "lot2"], "more": False, "text": "no"}
    text = tell(telegram, "dispute_opened", 900, sold((ANNA, 500)), facts, "en")["text"]
    assert text == "Disputes to settle: 2.\nThe newest is about “A lamp”.\n\nno"
    assert ": 2+." in tell(telegram, "dispute_opened", 900, sold((ANNA, 500)), facts | {"more": True}, "en")["text"]


@pytest.mark.parametrize(
    ("code", "text"),
    [("en", "No dispute waits to be settled any more."), ("ru", "Споров, которые ждут решения, больше нет.")],
)
def test_where_nothing_is_open_any_more_an_admin_reads_that(telegram: FakeTelegram, code: str, text: str) -> None:
    assert tell(telegram, "dispute_opened", 900, None, {"lots": [], "more": False, "text": ""}, code)["text"] == text


def test_being_outbid_says_what_is_free_and_has_the_next_bid_ready(telegram: FakeTelegram) -> None:
    made = lot((ANNA, 320), (BORIS, 500))
    sent = tell(telegram, "outbid", ANNA, made, FACTS["outbid"], "ru")
    assert (
        sent["text"]
        == f"Вас перебили: лот «A lamp», теперь {RU.money(xtr(330))}.\nВаши {RU.money(xtr(320))} разморожены."
    )
    first = sent["reply_markup"]["inline_keyboard"][0][0]
    assert first == {"text": f"Поставить {RU.money(xtr(340))}", "callback_data": "b:lot1:340:3"}


def test_being_outbid_many_bids_ago_says_the_present_price_and_that_all_is_free(telegram: FakeTelegram) -> None:
    """The amount would be that of the first time."""
    made = lot((ANNA, 320), (BORIS, 500), (ANNA, 600), (BORIS, 700))
    text = tell(telegram, "outbid", ANNA, made, FACTS["outbid"])["text"]
    assert text == f"You were outbid on “A lamp”: now {EN.money(xtr(610))}.\nYour money for it is back."


def test_being_outbid_on_a_lot_that_has_ended_offers_no_bid(telegram: FakeTelegram) -> None:
    sent = tell(telegram, "outbid", ANNA, sold((ANNA, 320), (BORIS, 500)), FACTS["outbid"])
    assert "b:" not in str(sent["reply_markup"])


def test_credited_tells_the_new_balance(telegram: FakeTelegram) -> None:
    text = tell(telegram, "credited", ANNA, None, FACTS["credited"])["text"]
    assert f"Available {EN.money(xtr(750))}, frozen {EN.money(xtr(100))}." in text


@pytest.mark.parametrize(
    ("awaits", "label"),
    [("bid", "Bid ₽100.00"), ("buy", "Buy the lot for ₽100.00"), ("take", "Buy the lot for ₽100.00")],
)
def test_what_waited_for_the_money_is_a_button_that_says_what_it_spends(
    telegram: FakeTelegram, awaits: str, label: str
) -> None:
    facts = {"amount": [15_000, "RUB"], "bill_id": "0" * 32, "awaits": awaits, "price": [10_000, "RUB"]}
    ((button, _menu),) = tell(telegram, "credited", ANNA, None, facts)["reply_markup"]["inline_keyboard"]
    assert (button["text"], button["callback_data"]) == (label, f"bl:done:{'0' * 32}")


def test_a_notice_from_before_prices_were_named_offers_to_look_around(telegram: FakeTelegram) -> None:
    facts = {"amount": [15_000, "RUB"], "bill_id": "0" * 32, "awaits": "bid"}
    assert "bl:done" not in str(tell(telegram, "credited", ANNA, None, facts)["reply_markup"])


def test_a_refund_that_left_a_debt_offers_to_settle_exactly_that(telegram: FakeTelegram) -> None:
    facts = {"amount": [250, "XTR"], "owed": [60, "XTR"]}
    assert "buy:60" in str(tell(telegram, "refunded", ANNA, None, facts)["reply_markup"])


@pytest.mark.parametrize(
    ("code", "free", "still"),
    [
        ("en", "you can bid and sell again", "is still owed. Until it is settled"),
        ("ru", "снова можно делать ставки и продавать", "Осталось погасить"),
    ],
)
def test_a_settled_debt_is_told_with_what_is_left_of_it_by_then(
    telegram: FakeTelegram, code: str, free: str, still: str
) -> None:
    facts = {"amount": [100, "XTR"], "left": [60, "XTR"]}

    def told(mine: Wallet) -> dict[str, Any]:
        messenger = BotMessenger(bot(telegram), SETTINGS, lambda: START, lambda *_: mine)
        messenger.tell(person(ANNA, language=code), Notice("n1", ANNA, "debt_offset", None, facts), None)
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


@pytest.mark.parametrize(("code", "words"), [("en", "did not answer"), ("ru", "не ответил")])
def test_an_offer_that_expired_is_told_with_the_way_to_put_the_lot_up_again(
    telegram: FakeTelegram, code: str, words: str
) -> None:
    made = sold((BORIS, 330), (ANNA, 500))
    assert made.deal
    offer = Offer(BORIS, xtr(330), START, OfferState.EXPIRED)
    free = replace(made, deal=replace(made.deal, state=DealState.REFUNDED), auction=replace(made.auction, offer=offer))
    sent = tell(telegram, "second_chance_expired", SELLER, free, FACTS["second_chance_expired"], code)
    assert words in sent["text"]
    assert "d:relist:lot1" in str(sent["reply_markup"])
    gone = replace(free, auction=replace(free.auction, relisted=True))
    sent = tell(telegram, "second_chance_expired", SELLER, gone, FACTS["second_chance_expired"], code)
    assert "relist" not in str(sent["reply_markup"])
    assert "\n" not in sent["text"]


def test_a_delivery_is_shown_at_once(telegram: FakeTelegram) -> None:
    made = sold((ANNA, 500))
    assert made.deal
    made = replace(made, deal=replace(made.deal, delivery="The code is <42>"))
    assert "The code is &lt;42&gt;" in tell(telegram, "delivered", ANNA, made, {})["text"]


def test_a_losers_notice_without_a_sale_says_why(telegram: FakeTelegram) -> None:
    text = tell(telegram, "lost", ANNA, lot(), FACTS["lost"] | {"price": None})["text"]
    assert "reserve price was not reached" in text


@pytest.mark.parametrize(("kind", "said"), [("english", "None of your money is frozen"), ("vickrey", "is back")])
@pytest.mark.parametrize("price", [None, [330, "XTR"]])
def test_only_a_hidden_bid_was_frozen_to_the_end(
    telegram: FakeTelegram, kind: str, said: str, price: list[Any] | None
) -> None:
    made = lot()
    made = replace(made, auction=replace(made.auction, terms=replace(made.auction.terms, kind=kind)))
    text = tell(telegram, "lost", ANNA, made, FACTS["lost"] | {"price": price})["text"]
    assert said in text.partition("\n")[2]


@pytest.mark.parametrize(("placed", "frozen"), [((), False), (((ANNA, 320),), True)])
def test_a_withdrawn_lot_without_bids_had_nobodys_money(
    telegram: FakeTelegram, placed: tuple[tuple[int, int], ...], frozen: bool
) -> None:
    for who in (SELLER, BORIS):
        text = tell(telegram, "cancelled", who, lot(*placed), FACTS["cancelled"])["text"]
        assert ("All money frozen for it is back." in text) == frozen
    assert tell(telegram, "cancelled", BORIS, lot(), {"reason": ""})["text"] == "“A lamp” was withdrawn."


RENEWAL = {"until": (START + timedelta(days=3)).isoformat(), "another": False, "request_id": "0123456789abcdefu1"}


def renewal(telegram: FakeTelegram, code: str = "en", **facts: object) -> tuple[str, list[str]]:
    """What a person reads of it, and what the buttons below it do."""
    sent = tell(telegram, "renewal", ANNA, None, RENEWAL | facts, code)
    buttons = [button for row in sent["reply_markup"]["inline_keyboard"] for button in row]
    return sent["text"], [button["callback_data"] for button in buttons]


def test_a_cancelled_renewal_is_told_with_the_end_of_the_paid_days(telegram: FakeTelegram) -> None:
    text, buttons = renewal(telegram, state="canceled")
    assert "You cancelled your subscription in Telegram. It will not be renewed." in text
    assert "You can sell until 4 May" in text
    assert "go:subscribe" in buttons


def test_a_failed_renewal_says_how_to_pay(telegram: FakeTelegram) -> None:
    for until in (RENEWAL["until"], None):
        text, buttons = renewal(telegram, state="failed", until=until)
        assert "Telegram could not renew your subscription: the payment did not go through." in text
        assert ("You can sell until" in text) == (until is not None)
        assert ("It has ended. Your live lots continue." in text) == (until is None)
        assert "Pay from the wallet, or in Telegram with a new link." in text
        assert buttons[:2] == ["sub:pay:0123456789abcdefu1", "sub:link"]


def test_a_renewal_that_goes_on_is_told(telegram: FakeTelegram) -> None:
    text, _ = renewal(telegram, state="active")
    assert text.startswith("Your subscription is renewed automatically again.\nYou can sell until")
    assert renewal(telegram, state="active", until=START.isoformat())[0].count("\n") == 0


def test_nobody_is_told_that_it_ends_while_another_one_is_renewed(telegram: FakeTelegram) -> None:
    for state in ("canceled", "failed"):
        text, buttons = renewal(telegram, state=state, another=True)
        assert text.endswith("You have another one, which is renewed as before.")
        assert "sub:pay:0123456789abcdefu1" not in buttons


@pytest.mark.parametrize(("code", "words"), [("en", "has been paid"), ("ru", "по вашим реквизитам")])
def test_roubles_that_were_paid_out_are_told(telegram: FakeTelegram, code: str, words: str) -> None:
    facts = {"amount": [50_000, "RUB"], "method": "outside"}
    assert words in tell(telegram, "payout_paid", ANNA, None, facts, code)["text"]


def test_a_refused_payout_is_told_with_the_reason_and_the_balance(telegram: FakeTelegram) -> None:
    text = tell(telegram, "payout_refused", ANNA, None, FACTS["payout_refused"])["text"]
    assert "Reason: the card is &lt;closed&gt;" in text
    assert f"Available {EN.money(xtr(750))}" in text


@pytest.mark.parametrize(("reason", "words"), [("debt", "a payment was taken back"), ("telegram", "did not accept")])
def test_a_payout_that_came_back_is_told_with_why(telegram: FakeTelegram, reason: str, words: str) -> None:
    facts = FACTS["payout_returned"] | {"reason": reason}
    assert words in tell(telegram, "payout_returned", ANNA, None, facts)["text"]


def test_an_operator_is_led_to_the_payout(telegram: FakeTelegram) -> None:
    sent = tell(telegram, "payout_requested", 900, None, FACTS["payout_requested"])
    assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "po:look:0123456789abcdef0123"


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        (
            "credits_bought",
            {"credits": 1, "price": [20, "XTR"], "from_wallet": False},
            "1 ответ Помогатора за ⭐ 20,",
        ),
        (
            "credits_bought",
            {"credits": 10, "price": [20, "XTR"], "from_wallet": True},
            "10 ответов Помогатора за ⭐ 20",
        ),
        ("credits_changed", {"change": 3, "credits": 1_250}, "подарила вам 3 ответа Помогатора"),
        ("credits_changed", {"change": -21, "credits": 0}, "списала 21 ответ Помогатора"),
        ("credits_withdrawn", {"credits": 5}, "а с ним 5 неиспользованных ответов"),
    ],
)
def test_answers_of_the_helper_are_told_with_their_number(
    telegram: FakeTelegram, kind: str, facts: dict[str, Any], said: str
) -> None:
    sent = tell(telegram, kind, ANNA, None, facts, "ru")
    assert said in sent["text"].replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert sent["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "go:ask"
