"""Telegram's list of Star transactions: every partner that Bot API 10.3 has, and what it may have one day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.enums import RevenueWithdrawalStateType, TransactionPartnerType
from aiogram.types import StarTransaction as Oracle
from telegram.constants import TransactionPartnerUser

from starbid.services.billing.reconciling import INVOICE, OTHERS
from starbid.services.ports import StarTransaction
from starbid.telegram.bot_api import ServerTrouble
from starbid.telegram.star_transactions import UNREADABLE, read_transactions
from tests.support.bot_pool import Answer, FakeTelegram, bot

DATE = 1_790_000_000
ANNA = {"id": 1, "is_bot": False, "first_name": "Anna"}
SHOP = {"id": -100123, "type": "channel", "title": "Shop"}
STICKER = {
    "file_id": "f",
    "file_unique_id": "u",
    "type": "regular",
    "width": 512,
    "height": 512,
    "is_animated": True,
    "is_video": False,
}
GIFT = {"id": "5170145012310081615", "sticker": STICKER, "star_count": 15}
AFFILIATE = {"commission_per_mille": 50, "amount": 12, "nanostar_amount": 500_000_000, "affiliate_user": ANNA}
PARTNERS: dict[str, dict[str, Any]] = {
    "user/invoice_payment": {
        "type": "user",
        "transaction_type": "invoice_payment",
        "user": ANNA,
        "invoice_payload": "stars:1:250:a:b",
        "affiliate": AFFILIATE,
        "subscription_period": 2_592_000,
    },
    "user/paid_media_payment": {
        "type": "user",
        "transaction_type": "paid_media_payment",
        "user": ANNA,
        "paid_media": [{"type": "preview", "width": 1, "height": 1, "duration": 1}],
        "paid_media_payload": "p",
    },
    "user/gift_purchase": {"type": "user", "transaction_type": "gift_purchase", "user": ANNA, "gift": GIFT},
    "user/premium_purchase": {
        "type": "user",
        "transaction_type": "premium_purchase",
        "user": ANNA,
        "premium_subscription_duration": 6,
    },
    "user/business_account_transfer": {"type": "user", "transaction_type": "business_account_transfer", "user": ANNA},
    "chat": {"type": "chat", "chat": SHOP, "gift": GIFT},
    "affiliate_program": {"type": "affiliate_program", "sponsor_user": ANNA, "commission_per_mille": 50},
    "fragment": {"type": "fragment"},
    "fragment/pending": {"type": "fragment", "withdrawal_state": {"type": "pending"}},
    "fragment/succeeded": {
        "type": "fragment",
        "withdrawal_state": {"type": "succeeded", "date": DATE, "url": "https://fragment.com/1"},
    },
    "fragment/failed": {"type": "fragment", "withdrawal_state": {"type": "failed"}},
    "telegram_ads": {"type": "telegram_ads"},
    "telegram_api": {"type": "telegram_api", "request_count": 100_000},
    "other": {"type": "other"},
}


def told(partner: object, side: str = "source", **changes: object) -> dict[str, Any]:
    transaction = {"id": "stx1", "amount": 237, "nanostar_amount": 500_000_000, "date": DATE, side: partner}
    return {name: value for name, value in (transaction | changes).items() if value is not None}


def read(*transactions: object) -> list[StarTransaction]:
    """By the adapter, as Telegram's answer comes to it."""
    telegram = FakeTelegram()
    telegram.fail("getStarTransactions", Answer(200, {"ok": True, "result": {"transactions": list(transactions)}}))
    return bot(telegram).star_transactions(0, 100)


@pytest.mark.parametrize("side", ["source", "receiver"])
@pytest.mark.parametrize("kind", PARTNERS)
def test_every_partner_on_either_side_is_read_as_the_newest_library_reads_it(kind: str, side: str) -> None:
    sent = told(PARTNERS[kind], side)
    oracle = Oracle.model_validate(sent)
    partner = oracle.source or oracle.receiver
    assert partner is not None
    (mine,) = read(sent)
    assert (mine.id, mine.amount, mine.nanostars, mine.at) == (
        oracle.id,
        oracle.amount,
        oracle.nanostar_amount,
        oracle.date,
    )
    assert mine.incoming is (oracle.source is not None)
    assert mine.kind == kind
    assert mine.kind.split("/")[0] == partner.type
    user, affiliate = getattr(partner, "user", None), getattr(partner, "affiliate", None)
    assert mine.payer_id == (user.id if user else None)
    assert mine.payload == (getattr(partner, "invoice_payload", None) or "")
    assert mine.months == (getattr(partner, "premium_subscription_duration", None) or 0)
    assert mine.commission == (affiliate.amount * 10**9 + affiliate.nanostar_amount if affiliate else 0)


def test_these_are_all_the_kinds_that_there_are_and_the_comparison_knows_each() -> None:
    assert {kind.split("/")[0] for kind in PARTNERS} == {each.value for each in TransactionPartnerType}
    states = {each.value for each in RevenueWithdrawalStateType}
    assert {kind.split("/")[1] for kind in PARTNERS if kind.startswith("fragment/")} == states
    bought = {kind.split("/")[1] for kind in PARTNERS if kind.startswith("user/")}
    assert bought == {str(each.value) for each in TransactionPartnerUser}
    assert {INVOICE} | OTHERS == set(PARTNERS)


def test_a_payment_has_what_it_takes_to_book_it() -> None:
    paid = told(PARTNERS["user/invoice_payment"] | {"affiliate": None}, amount=250, nanostar_amount=None)
    assert read(paid) == [
        StarTransaction(
            "stx1",
            250,
            datetime.fromtimestamp(DATE, UTC),
            incoming=True,
            kind=INVOICE,
            payer_id=1,
            payload="stars:1:250:a:b",
        )
    ]


@pytest.mark.parametrize(
    ("partner", "kind"),
    [
        ({"type": "loyalty_programme", "points": 7}, "loyalty_programme"),
        ({"type": "user", "transaction_type": "loan", "user": ANNA}, "user/loan"),
        ({"type": "user", "user": ANNA}, "user/?"),
        ({"type": "fragment", "withdrawal_state": {"type": "held"}}, "fragment/held"),
        ({"type": 7}, "?"),
        ({}, "?"),
        ("a text", "?"),
        ([], "?"),
        ({"type": "x" * 5_000}, "x" * 60),
        ({"type": "user", "transaction_type": "invoice_payment", "user": "Anna", "affiliate": 5}, INVOICE),
        ({"type": "user", "transaction_type": "invoice_payment", "affiliate": {"amount": "5"}}, INVOICE),
    ],
)
def test_a_partner_of_one_day_has_a_kind_too(partner: object, kind: str) -> None:
    (mine,) = read(told(partner))
    assert (mine.kind, mine.id, mine.amount, mine.incoming) == (kind, "stx1", 237, True)
    assert (mine.payer_id in (None, 1), mine.commission) == (True, 0)


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "text",
        [],
        {},
        told(PARTNERS["other"], id=None),
        told(PARTNERS["other"], id=5),
        told(PARTNERS["other"], id=""),
        told(PARTNERS["other"], id="x" * 256),
        told(PARTNERS["other"], amount=None),
        told(PARTNERS["other"], amount="237"),
        told(PARTNERS["other"], amount=2.5),
        told(PARTNERS["other"], amount=True),
        told(PARTNERS["other"], nanostar_amount="1"),
        told(PARTNERS["other"], date=None),
        told(PARTNERS["other"], date=10**12),
        told(PARTNERS["other"], date=10**17),
        told(PARTNERS["other"], date=10**30),
        told(None),
        told(PARTNERS["other"], receiver={"type": "other"}),
    ],
)
def test_one_that_cannot_be_read_says_so_and_hides_no_other(odd: object) -> None:
    first, mine, last = read(told(PARTNERS["chat"]), odd, told(PARTNERS["fragment"]))
    assert (first.kind, mine.kind, last.kind) == ("chat", UNREADABLE, "fragment")
    assert len(mine.id) <= 255


@pytest.mark.parametrize("answer", [True, None, [], "text", {}, {"transactions": {}}, {"transactions": None}])
def test_an_answer_that_is_no_list_is_trouble_of_the_server(answer: object) -> None:
    telegram = FakeTelegram()
    telegram.fail("getStarTransactions", Answer(200, {"ok": True, "result": answer}))
    with pytest.raises(ServerTrouble):
        bot(telegram).star_transactions(0, 100)
    with pytest.raises(ValueError, match="no list"):
        read_transactions(answer)


def test_the_place_and_the_size_of_a_page_are_asked_for() -> None:
    telegram = FakeTelegram()
    telegram.fail("getStarTransactions", Answer(200, b"<html>"))
    with pytest.raises(ServerTrouble):
        bot(telegram).star_transactions(700, 100)
    assert bot(telegram).star_transactions(700, 100) == []
    (asked,) = telegram.called("getStarTransactions")
    assert asked == {"offset": 700, "limit": 100}


def test_half_a_surrogate_pair_reaches_no_store() -> None:
    """Neither as an id, which is a key, nor as the name of a kind or in a payload."""
    source = {"type": "user", "transaction_type": "\ud800", "user": ANNA, "invoice_payload": "\ud800"}
    odd = {"id": "\ud800", "amount": 5, "date": DATE, "source": source}
    broken, read = read_transactions({"transactions": [odd, odd | {"id": "c"}]})
    assert (broken.kind, broken.id) == (UNREADABLE, "?")
    assert (read.kind, read.id, read.payload) == ("user/?", "c", "?")
