"""Photos of a dispute: who shows how many, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain import deals, disputes, evidence
from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deals import Deal, DealState, DealTimes
from starbid.domain.errors import Invalid, NotYours
from starbid.domain.evidence import EVIDENCE_LIFE, MAX_EVIDENCE, Shown
from tests.support.factories import ANNA, BORIS, SELLER, xtr
from tests.support.fakes import START

FIVE = ("a", "b", "c", "d", "e")
MS = timedelta(milliseconds=1)


def sold() -> Deal:
    return deals.open_deal("lot1", SELLER, ANNA, xtr(310), xtr(0), 5, START, DealTimes())


def disputed(*pictures: str) -> Deal:
    return disputes.dispute(sold(), ANNA, "broken", START, pictures)


def answered(*pictures: str) -> Deal:
    return disputes.answer(disputed("a"), SELLER, "whole", pictures)


def test_five_photos_come_with_a_dispute_and_six_do_not() -> None:
    assert disputed(*FIVE).dispute_pictures == FIVE
    with pytest.raises(Invalid) as refused:
        disputed(*FIVE, "f")
    assert (refused.value.reason, refused.value.facts) == ("too_many", {"most": MAX_EVIDENCE})


def test_the_same_photo_twice_is_one() -> None:
    assert disputed("a", "b", "a").dispute_pictures == ("a", "b")
    assert disputed(*FIVE, "a").dispute_pictures == FIVE


def test_the_photos_of_an_answer_come_on_top_of_the_former_and_the_text_in_its_place() -> None:
    again = disputes.answer(answered("x"), SELLER, "quite whole", ("y", "x"))
    assert (again.answer, again.answer_pictures) == ("quite whole", ("x", "y"))
    with pytest.raises(Invalid):
        disputes.answer(again, SELLER, "quite whole", ("1", "2", "3", "4"))


def test_the_same_answer_with_the_same_photos_changes_nothing_and_another_photo_does() -> None:
    deal = answered("x")
    assert disputes.answer(deal, SELLER, "whole", ("x",)) is deal
    assert disputes.answer(deal, SELLER, "whole") is deal
    assert disputes.answer(deal, SELLER, "whole", ("y",)).version == deal.version + 1


def test_each_side_adds_to_its_own() -> None:
    deal = evidence.add(evidence.add(answered("x"), ANNA, ("b",)), SELLER, ("y",))
    assert (deal.dispute_pictures, deal.answer_pictures) == (("a", "b"), ("x", "y"))
    assert evidence.add(deal, ANNA, ("a",)) is deal
    assert (evidence.room(deal, ANNA), evidence.room(deal, SELLER)) == (3, 3)
    with pytest.raises(Invalid):
        evidence.add(deal, ANNA, ("c", "d", "e", "f"))


def test_nobody_adds_to_what_they_have_not_said_or_to_what_is_decided() -> None:
    with pytest.raises(WrongDealState):
        evidence.add(sold(), ANNA, ("a",))
    with pytest.raises(WrongDealState):
        evidence.add(disputed(), SELLER, ("a",))
    with pytest.raises(NotYours):
        evidence.add(disputed(), BORIS, ("a",))
    decided, _ = disputes.resolve(answered(), True, "clear", START)
    for side in (ANNA, SELLER):
        with pytest.raises(WrongDealState):
            evidence.add(decided, side, ("b",))


def test_photos_are_shown_for_half_a_year_whatever_becomes_of_the_dispute() -> None:
    deal = answered("x")
    withdrawn = disputes.withdraw(deal, ANNA, START)
    decided, _ = disputes.resolve(deal, True, "clear", START)
    for each in (deal, withdrawn, decided):
        assert evidence.shown(each, START + EVIDENCE_LIFE - MS) == Shown(("a",), ("x",))
        assert evidence.shown(each, START + EVIDENCE_LIFE) == Shown()
    assert withdrawn.state is DealState.AWAITING_DELIVERY
    assert "x" in evidence.shown(deal, START)
    assert "y" not in evidence.shown(deal, START)
    assert evidence.shown(replace(sold(), dispute_pictures=("a",)), START) == Shown()


def test_a_photo_has_the_name_of_its_content_its_lot_and_its_person() -> None:
    name = evidence.picture_name("lot1", ANNA, b"data")
    assert name == evidence.picture_name("lot1", ANNA, b"data")
    others = [("lot2", ANNA, b"data"), ("lot1", BORIS, b"data"), ("lot1", ANNA, b"date")]
    assert len({name, *(evidence.picture_name(*each) for each in others)}) == 4
    assert (len(name), set(name) <= set("0123456789abcdef")) == (32, True)
