"""The rules of what the sides of a deal write to each other: who, until when, how much, kept for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain import talks
from starbid.domain.deals import Deal, DealState, DealTimes, open_deal
from starbid.domain.errors import Invalid, NotYours, TooOften
from starbid.domain.talks import (
    GRACE,
    LIFE,
    AlreadyReportedMessage,
    Fault,
    Message,
    NoSuchMessage,
    Talk,
    TalkClosed,
    talk_of,
)
from tests.support.factories import ANNA, BORIS, SELLER, xtr
from tests.support.fakes import START

SECOND = timedelta(seconds=1)


@pytest.fixture
def deal() -> Deal:
    return open_deal("lamp", SELLER, ANNA, xtr(100), xtr(100), 5, START, DealTimes())


def ended(deal: Deal) -> Deal:
    return replace(deal, state=DealState.COMPLETED, ended_at=START, due_at=None)


def write(talk: Talk, who: int = ANNA, text: str = "hello", album: str = "") -> tuple[Talk, Message]:
    return talks.written(talk, who, text, ("p1",) if album else (), album, START, START + LIFE)


def test_only_the_two_write_from_the_sale_until_the_grace_is_over(deal: Deal) -> None:
    for who in (ANNA, SELLER):
        talks.require_writing(deal, who, START)
        talks.require_writing(deal, who, START + timedelta(days=900))  # as long as it goes on
        talks.require_writing(ended(deal), who, START + GRACE - SECOND)
        with pytest.raises(TalkClosed):
            talks.require_writing(ended(deal), who, START + GRACE)
    for stranger in (BORIS, None):
        with pytest.raises(NotYours):
            talks.require_writing(deal, stranger, START)


def test_it_is_read_for_a_time_after_the_end(deal: Deal) -> None:
    assert talks.is_kept(deal, START + timedelta(days=900))
    assert talks.is_kept(ended(deal), START + LIFE - SECOND)
    assert not talks.is_kept(ended(deal), START + LIFE)


@pytest.mark.parametrize("days", [1, 7, 365])
@pytest.mark.parametrize("currency", ["XTR", "RUB"])
def test_a_row_outlives_every_end_that_its_deal_can_have(deal: Deal, days: int, currency: str) -> None:
    times = DealTimes(days, days)
    deal = replace(deal, price=replace(deal.price, currency=currency))
    longest = {"XTR": 3 * days + days, "RUB": 14 + 3 * days + 21}[currency] + 30
    end = START + timedelta(days=longest)
    assert talks.kept_until(deal, START, times) >= end + LIFE
    assert talks.kept_until(ended(deal), START + GRACE, times) == START + LIFE


@pytest.mark.parametrize("days", [1, 7, 365])
@pytest.mark.parametrize("currency", ["XTR", "RUB"])
def test_a_row_is_erased_when_the_privacy_pages_say_also_where_its_deal_ends_at_once(
    deal: Deal, days: int, currency: str
) -> None:
    times = DealTimes(days, days)
    deal = replace(deal, price=replace(deal.price, currency=currency))
    assert talks.kept_until(deal, START, times) <= START + talks.erased_within(times) - talks.ERASING


def test_with_the_times_that_we_offer_all_is_erased_within_half_a_year() -> None:
    assert talks.erased_within(DealTimes()) == timedelta(days=180)


def test_numbers_go_on_if_both_write(deal: Deal) -> None:
    talk, first = write(talk_of(deal))
    talk, second = write(talk, SELLER)
    assert (first.number, second.number, talk.count, talk.version) == (1, 2, 2, 2)
    assert (first.by_buyer, second.by_buyer) == (True, False)


def test_each_side_has_twenty_in_an_hour_of_its_own(deal: Deal) -> None:
    talk = talk_of(deal)
    for _ in range(20):
        talk, _message = write(talk)
    with pytest.raises(TooOften) as refused:
        write(talk)
    assert 0 < refused.value.seconds <= 3600
    write(talk, SELLER)
    hour = timedelta(seconds=refused.value.seconds)
    talks.written(talk, ANNA, "x", (), "", START + hour, START + LIFE)
    with pytest.raises(TooOften):
        talks.written(talk, ANNA, "x", (), "", START + hour - SECOND, START + LIFE)


def test_after_the_limit_messages_fit_one_by_one_and_not_twenty_with_the_next_hour(deal: Deal) -> None:
    talk = talk_of(deal)
    for _ in range(20):
        talk, _message = write(talk)
    for _ in range(3):
        talk, _message = talks.written(talk, ANNA, "x", (), "", START + timedelta(minutes=9), START + LIFE)
    with pytest.raises(TooOften) as refused:
        talks.written(talk, ANNA, "x", (), "", START + timedelta(minutes=9), START + LIFE)
    assert refused.value.seconds == 180


def test_photos_join_their_album_up_to_ten_with_their_words(deal: Deal) -> None:
    _, message = write(talk_of(deal), text="", album="a")
    for number in range(2, 11):
        message = talks.joined(message, f"w{number}" if number > 8 else "", (f"p{number}",), START)
    assert (len(message.pictures), message.text) == (10, "w9\nw10")
    assert talks.joined(message, "", ("p2",), START).pictures == message.pictures  # the same photo is one
    with pytest.raises(Invalid):
        talks.joined(message, "", ("p11",), START)
    with pytest.raises(Invalid):
        talks.joined(message, "x" * 1000, (), START)


def test_an_album_arrives_until_it_has_been_quiet(deal: Deal) -> None:
    _, message = write(talk_of(deal), album="a")
    later = talks.joined(message, "", ("p2",), START + 2 * SECOND)
    assert later.is_arriving(START + 4 * SECOND)
    assert not later.is_arriving(START + 5 * SECOND)
    assert not talks.whole(later).is_arriving(START)
    assert not write(talk_of(deal))[1].is_arriving(START)


@pytest.mark.parametrize("text", ["", "  ", "\u200b\u2060", "\u3164"])
def test_words_that_show_nothing_need_a_photo(text: str) -> None:
    with pytest.raises(Invalid):
        talks.read_words(text, 0)
    assert talks.read_words(text, 1) == ""


@pytest.mark.parametrize("text", ["x" * 1001, "a\x00b", "\ud800"])
def test_words_that_cannot_be_kept_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        talks.read_words(text, 1)


def test_a_message_is_reported_once_and_by_its_receiver(deal: Deal) -> None:
    talk, message = write(talk_of(deal))
    with pytest.raises(NoSuchMessage):
        talks.reported(talk, message, ANNA, Fault.SPAM)
    after, marked = talks.reported(talk, message, SELLER, Fault.SPAM)
    assert (after.reported, marked.fault) == ((1,), "spam")
    with pytest.raises(AlreadyReportedMessage):
        talks.reported(after, marked, SELLER, Fault.FRAUD)


@pytest.mark.parametrize("state", DealState)
def test_only_a_dispute_that_goes_on_opens_it_to_operators(deal: Deal, state: DealState) -> None:
    assert not talks.is_open_to_operators(replace(deal, state=state)) or state is DealState.DISPUTED
    was_disputed = replace(deal, state=state, disputed_at=START)
    assert talks.is_open_to_operators(was_disputed) == (state is DealState.DISPUTED)
