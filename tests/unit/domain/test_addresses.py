"""Spec, section 3, "Deal": the delivery address of a physical lot."""

from datetime import datetime, timedelta

import pytest

from starbid.domain import deals, disputes
from starbid.domain.addresses import Address, give_address, is_shown, read_address
from starbid.domain.deal_errors import AlreadyDisputed, DealFrozen, WrongDealState
from starbid.domain.deals import Deal, DealState, DealTimes
from starbid.domain.errors import InvalidFields, NotYours
from starbid.domain.money import Money
from tests.support.factories import ANNA, BORIS, SELLER, xtr
from tests.support.fakes import START
from tests.support.fiat import rub

TIMES, DAY, MS = DealTimes(), timedelta(days=1), timedelta(milliseconds=1)
GOOD = {"name": "Anna Ivanova", "address": "Mira street, 5", "phone": "+7 (900) 123-45-67"}


def sold(price: Money | None = None) -> Deal:
    price = price or rub(50_000)
    return deals.open_deal("lot1", SELLER, ANNA, price, Money.zero(price.currency), 5, START, TIMES)


def addressed(at: datetime = START + 3 * DAY) -> Deal:
    return give_address(sold(), ANNA, at, TIMES)


def faults(**changes: str) -> dict[str, str]:
    with pytest.raises(InvalidFields) as refusal:
        read_address(GOOD | changes)
    return {fault.field: fault.reason for fault in refusal.value.errors}


# --- what is an address -----------------------------------------------------------------------------------------------


def test_an_address_is_kept_without_blanks_around_its_lines_and_without_empty_lines() -> None:
    typed = {"name": "  Anna \t Ivanova ", "address": "\r\n Mira street,  5 \r\n\r\n Moscow\n", "phone": " 8 900 "}
    assert faults(phone="8 90") == {"phone": "phone"}
    assert read_address(typed | {"phone": " 89001234567 "}) == Address(
        "Anna Ivanova", "Mira street, 5\nMoscow", "89001234567"
    )


@pytest.mark.parametrize(("name", "least", "most"), [("name", 1, 100), ("address", 5, 500)])
def test_a_part_has_its_length(name: str, least: int, most: int) -> None:
    for length in (least, most):
        assert getattr(read_address(GOOD | {name: "x" * length}), name) == "x" * length
    assert faults(**{name: "x" * (most + 1)}) == {name: "length"}
    if least > 1:
        assert faults(**{name: "x" * (least - 1)}) == {name: "length"}


def test_an_address_of_4000_characters_is_refused() -> None:
    assert faults(address="Mira street, 5 " * 270) == {"address": "length"}


@pytest.mark.parametrize("blank", ["", "   ", "\n\n", "\u00a0\t"])
def test_blanks_are_nothing_and_every_fault_is_told_at_once(blank: str) -> None:
    told = faults(name=blank, address=blank, phone=blank)
    assert told == dict.fromkeys(("name", "address", "phone"), "required")


def test_what_cannot_be_seen_or_stored_is_refused() -> None:
    assert faults(name="\u200b\u200b", address="\u2060" * 9) == {"name": "unseen", "address": "unseen"}
    assert faults(name="A\x00", address="Mira\ud800 street") == {"name": "text", "address": "text"}


def test_emoji_and_signs_alone_are_no_name_and_no_address() -> None:
    assert faults(name="😀😀", address="🏠🏠🏠🏠🏠🏠") == {"name": "letters", "address": "letters"}
    assert read_address(GOOD | {"name": "Anna 😀", "address": "🏠 Mira street, 5"}).name == "Anna 😀"


def test_html_is_an_address_like_any_other() -> None:
    """Every surface escapes it."""
    assert read_address(GOOD | {"address": "<b>Mira</b> street & co"}).address == "<b>Mira</b> street & co"


def test_marks_that_would_turn_round_the_words_after_them_are_dropped() -> None:
    assert read_address(GOOD | {"address": "Mira \u202estreet, 5"}).address == "Mira street, 5"


@pytest.mark.parametrize("phone", ["+7 (900) 123-45-67", "12345", "8\u2011900\u2011123\u201145\u201167", "1" * 30])
def test_a_phone_is_digits_and_the_signs_between_them(phone: str) -> None:
    assert set(read_address(GOOD | {"phone": phone}).phone) <= set("0123456789+() -")


@pytest.mark.parametrize(
    "phone", ["1234", "1" * 31, "+-() +-() 1234", "call me", "8 900 123 45 67 (A)", "٠١٢٣٤٥٦", "😀" * 5]
)
def test_anything_else_is_no_phone(phone: str) -> None:
    assert faults(phone=phone) == {"phone": "phone"}


def test_an_address_does_not_show_where_objects_are_printed() -> None:
    printed = repr(read_address(GOOD))
    assert not any(part in printed for part in GOOD.values())


# --- what it does to a deal -------------------------------------------------------------------------------------------


def test_a_physical_deal_waits_14_days_for_an_address_and_then_returns_the_price() -> None:
    deal = sold()
    assert (deal.state, deal.due_at) == (DealState.AWAITING_ADDRESS, START + 14 * DAY)
    with pytest.raises(WrongDealState):
        deals.expire(deal, START + 14 * DAY - MS)
    with pytest.raises(WrongDealState):
        give_address(deal, ANNA, START + 14 * DAY, TIMES)
    refunded, transfer = deals.expire(deal, START + 14 * DAY)
    assert (refunded.state, transfer.change) == (DealState.REFUNDED, rub(50_000))


def test_a_digital_deal_asks_for_no_address() -> None:
    deal = sold(xtr(300))
    assert deal.state is DealState.AWAITING_DELIVERY
    with pytest.raises(WrongDealState):
        give_address(deal, ANNA, START, TIMES)


def test_the_sellers_time_counts_from_the_address() -> None:
    deal = addressed()
    assert (deal.state, deal.addressed_at) == (DealState.AWAITING_DELIVERY, START + 3 * DAY)
    assert deals.may_take_back_at(deal, TIMES) == START + 10 * DAY
    assert deal.due_at == START + 17 * DAY
    with pytest.raises(WrongDealState):
        deals.take_back(deal, ANNA, START + 10 * DAY - MS, TIMES)
    assert deals.take_back(deal, ANNA, START + 10 * DAY, TIMES)[0].state is DealState.REFUNDED


def test_a_correction_moves_no_clock_and_comes_too_late_once_it_is_sent() -> None:
    deal = addressed()
    corrected = give_address(deal, ANNA, START + 9 * DAY, TIMES)
    assert (corrected.addressed_at, corrected.due_at, corrected.state) == (deal.addressed_at, deal.due_at, deal.state)
    assert corrected.version == deal.version + 1
    sent = deals.deliver(corrected, SELLER, "RU123456789RU", START + 9 * DAY, TIMES)
    with pytest.raises(WrongDealState):
        give_address(sent, ANNA, START + 9 * DAY, TIMES)


def test_nothing_is_sent_or_taken_back_before_there_is_an_address() -> None:
    with pytest.raises(WrongDealState) as refusal:
        deals.deliver(sold(), SELLER, "RU1", START, TIMES)
    assert refusal.value.details == {"state": "awaiting_address"}
    with pytest.raises(WrongDealState):
        deals.take_back(sold(), ANNA, START + 13 * DAY, TIMES)


def test_a_physical_deal_is_released_21_days_after_it_was_sent_whatever_the_setting() -> None:
    times = DealTimes(release_days=2)
    sent = deals.deliver(addressed(), SELLER, "RU1", START + 4 * DAY, times)
    assert sent.due_at == START + 25 * DAY
    with pytest.raises(WrongDealState):
        deals.release(sent, START + 25 * DAY - MS)
    assert deals.release(sent, START + 25 * DAY)[0].state is DealState.COMPLETED


@pytest.mark.parametrize("who", [SELLER, BORIS])
def test_only_the_buyer_says_where_it_goes(who: int) -> None:
    for deal in (sold(), addressed()):
        with pytest.raises(NotYours):
            give_address(deal, who, START + 4 * DAY, TIMES)


def test_a_frozen_deal_takes_no_address_and_its_clock_stands_still() -> None:
    frozen = deals.freeze(sold(), START + 4 * DAY, TIMES)
    with pytest.raises(DealFrozen):
        give_address(frozen, ANNA, START + 5 * DAY, TIMES)
    thawed = deals.thaw(frozen, START + 9 * DAY)
    assert (thawed.state, thawed.due_at) == (DealState.AWAITING_ADDRESS, START + 19 * DAY)
    given = give_address(thawed, ANNA, START + 18 * DAY, TIMES)
    assert deals.may_take_back_at(given, TIMES) == START + 25 * DAY, "what stood still before counts for nothing"


def test_a_frozen_deal_without_an_address_goes_back_when_its_time_is_over() -> None:
    frozen = deals.freeze(sold(), START, TIMES)
    with pytest.raises(DealFrozen):
        deals.expire(frozen, START + 7 * DAY)
    assert deals.give_back(frozen, START + 7 * DAY)[0].state is DealState.REFUNDED


def test_a_dispute_without_an_address_is_possible_and_leads_back_to_where_it_was() -> None:
    disputed = disputes.dispute(sold(), ANNA, "a mistake", START + DAY)
    with pytest.raises(WrongDealState):
        give_address(disputed, ANNA, START + 2 * DAY, TIMES)
    back = disputes.withdraw(disputed, ANNA, START + 5 * DAY)
    assert (back.state, back.due_at) == (DealState.AWAITING_ADDRESS, START + 18 * DAY)
    with pytest.raises(AlreadyDisputed):
        disputes.dispute(back, ANNA, "again", START + 6 * DAY)
    assert disputes.decide_by_time(disputed, START + 31 * DAY)[0].state is DealState.REFUNDED


def test_a_dispute_with_an_address_leads_back_to_the_seller() -> None:
    disputed = disputes.dispute(addressed(), ANNA, "late", START + 5 * DAY)
    assert disputes.withdraw(disputed, ANNA, START + 6 * DAY).state is DealState.AWAITING_DELIVERY


def test_the_two_of_a_deal_see_the_address_until_30_days_after_its_end() -> None:
    given = addressed()
    ended, _ = deals.expire(given, START + 17 * DAY)
    for who in (SELLER, ANNA):
        assert not is_shown(sold(), who, START)
        assert is_shown(given, who, START + 99 * DAY)
        assert is_shown(ended, who, START + 47 * DAY - MS)
        assert not is_shown(ended, who, START + 47 * DAY)
    assert not is_shown(given, BORIS, START + 4 * DAY)
    assert not is_shown(given, None, START + 4 * DAY)
