"""The progress line of any deal, after whatever people, debts and time did to it: what is done is done."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from starbid import deal_words
from starbid.domain.deal_progress import progress
from starbid.domain.deal_rules import DealStep, open_steps
from starbid.domain.deals import Deal
from starbid.i18n import language
from tests.support.factories import ANNA, SELLER

from .test_what_is_offered import TIMES, deals_at

LANGUAGES = (language("en"), language("ru"))


@given(deals_at(), st.booleans())
def test_what_is_done_has_its_time_and_an_open_deal_has_one_present_step(
    at: tuple[Deal, datetime], is_buyer: bool
) -> None:
    deal, now = at
    marks = deal_words.marks(deal, progress(deal, now, TIMES), is_buyer=is_buyer)
    done = [mark for mark in marks if mark.state == "done"]
    assert marks[: len(done)] == tuple(done)
    times = [mark.at for mark in done if mark.at]
    assert len(times) == len(done)
    assert times == sorted(times)
    assert times[-1] <= now
    present = [mark.state for mark in marks[len(done) :]]
    if deal.is_open:
        assert present[0] == ("bad" if deal.is_disputed else "now")
        assert set(present[1:]) <= {"later"}
        assert len(done) == 1 + (deal.addressed_at is not None) + deal.is_delivered
    else:
        assert present == []


@given(deals_at(), st.booleans())
def test_every_deadline_is_named_in_both_languages(at: tuple[Deal, datetime], is_buyer: bool) -> None:
    deal, now = at
    stands = progress(deal, now, TIMES)
    if not deal.is_open:
        return
    said = [deal_words.waits(deal, stands, is_buyer=is_buyer), deal_words.then(deal, stands, is_buyer=is_buyer)]
    moments = {fact for each in said if each for fact in each.facts.values() if isinstance(fact, datetime)}
    expected = set() if stands.is_over else {at for at in (stands.send_by, stands.moves_at) if at}
    assert moments == expected
    english, russian = ([words.say(each) for each in said if each] for words in LANGUAGES)
    assert not {*english} & {*russian}


@given(deals_at())
def test_whose_action_is_needed_has_a_step_to_take(at: tuple[Deal, datetime]) -> None:
    deal, now = at
    stands = progress(deal, now, TIMES)
    forward = {DealStep.GIVE_ADDRESS, DealStep.DELIVER, DealStep.CONFIRM, DealStep.ANSWER}
    for who, is_buyer in ((SELLER, False), (ANNA, True)):
        may = open_steps(deal, who, now, TIMES) & forward
        if deal.addressed_at:  # a correction is possible, and nobody waits for it
            may -= {DealStep.GIVE_ADDRESS}
        settles = is_buyer and deal.frozen_at is not None and not stands.is_over
        answered = may == {DealStep.ANSWER} and (bool(deal.answer) or stands.is_over)
        overdue = stands.is_over and may == {DealStep.CONFIRM}
        expected = settles or bool(may and not answered and not overdue)
        assert deal_words.needs(deal, stands, is_buyer=is_buyer) is expected
