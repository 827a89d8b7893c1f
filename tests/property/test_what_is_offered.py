"""What is offered is what is not refused: on random deals and lots, at random times, by both surfaces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from starbid.domain import closing, deals, disputes, relisting, second_chance
from starbid.domain.addresses import give_address
from starbid.domain.auction import Ending, Status
from starbid.domain.changing import may_change
from starbid.domain.deal_ratings import rate
from starbid.domain.deal_rules import DealStep, open_steps
from starbid.domain.deals import Deal, DealState, DealTimes
from starbid.domain.errors import StarbidError, passes
from starbid.domain.kinds.base import require_open
from starbid.domain.lots import Lot
from starbid.domain.money import Money
from starbid.domain.relisting import may_relist
from starbid.domain.second_chance import may_offer
from starbid.domain.second_chance_offer import Offer, OfferState
from starbid.i18n import language
from starbid.services.views import view_lot
from starbid.telegram.deal_buttons import deal_rows
from tests.support import factories
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, xtr
from tests.support.fakes import START
from web.lot.deal_view import DealBox, deal_box

TIMES, DAY, WORDS = DealTimes(), timedelta(days=1), language("en")
PEOPLE = (SELLER, ANNA, BORIS)
Take = Callable[[Deal, int, datetime], object]

TAKEN: dict[DealStep, Take] = {
    DealStep.GIVE_ADDRESS: lambda deal, who, now: give_address(deal, who, now, TIMES),
    DealStep.DELIVER: lambda deal, who, now: deals.deliver(deal, who, "the key", now, TIMES),
    DealStep.CONFIRM: deals.confirm,
    DealStep.TAKE_BACK: lambda deal, who, now: deals.take_back(deal, who, now, TIMES),
    DealStep.DISPUTE: lambda deal, who, now: disputes.dispute(deal, who, "no", now),
    DealStep.WITHDRAW: disputes.withdraw,
    DealStep.ANSWER: lambda deal, who, _now: disputes.answer(deal, who, "it fits"),
    DealStep.RATE: lambda deal, who, now: rate(deal, who, 5, "", now),
}
BY_ITSELF: tuple[Callable[[Deal, datetime], object], ...] = (
    lambda deal, now: deals.freeze(deal, now, TIMES),
    deals.thaw,
    deals.release,
    deals.expire,
    disputes.decide_by_time,
)
moments = st.sampled_from([timedelta(0), timedelta(hours=1), DAY, 7 * DAY, 14 * DAY, 31 * DAY])


def is_refused(take: Callable[[], object]) -> bool:
    try:
        take()
    except StarbidError:
        return True
    return False


def after(take: Callable[[], object], otherwise: Deal) -> Deal:
    """The deal after a step, or as it was where the step was refused."""
    try:
        done = take()
    except StarbidError:
        return otherwise
    deal = done[0] if isinstance(done, tuple) else done
    assert isinstance(deal, Deal)
    return deal


@st.composite
def deals_at(draw: st.DrawFn) -> tuple[Deal, datetime]:
    """A deal after what people, debts and time did to it, and a moment after that."""
    price = draw(st.sampled_from((xtr(300), Money(30_000, "RUB"))))
    deal, now = deals.open_deal("lot1", SELLER, ANNA, price, Money.zero(price.currency), 5, START, TIMES), START
    for _ in range(draw(st.integers(0, 6))):
        now += draw(moments)
        if draw(st.booleans()):
            take, who = TAKEN[draw(st.sampled_from(DealStep))], draw(st.sampled_from((SELLER, ANNA)))
            deal = after(lambda take=take, who=who, deal=deal, now=now: take(deal, who, now), deal)  # type: ignore[misc]
        else:
            move = draw(st.sampled_from(BY_ITSELF))
            deal = after(lambda move=move, deal=deal, now=now: move(deal, now), deal)  # type: ignore[misc]
    return deal, now + draw(moments)


@given(deals_at(), st.sampled_from(PEOPLE), st.sampled_from(DealStep))
def test_a_step_is_open_to_exactly_those_whom_it_does_not_refuse(
    at: tuple[Deal, datetime], who: int, step: DealStep
) -> None:
    deal, now = at
    refused = is_refused(lambda: TAKEN[step](deal, who, now))
    assert (step in open_steps(deal, who, now, TIMES)) is not refused


@given(deals_at(), st.sampled_from((SELLER, ANNA)))
def test_pages_and_chat_offer_the_steps_that_are_open_and_no_others(at: tuple[Deal, datetime], who: int) -> None:
    deal, now = at
    sold = factories.auction(ending=Ending.SOLD, leader_id=ANNA, price=deal.price, ended_at=START)
    view = view_lot(Lot(sold, factories.card(), deal), who, now)
    box = deal_box(view, None, TIMES, WORDS, now)
    assert box
    assert on_the_page(box) == open_steps(deal, who, now, TIMES) == in_the_chat(deal_rows(view, WORDS, now, TIMES))


def on_the_page(box: DealBox) -> set[DealStep]:
    forms = {DealStep.DELIVER: box.can_deliver, DealStep.GIVE_ADDRESS: box.can_give_address}
    forms |= {DealStep.DISPUTE: box.can_dispute, DealStep.ANSWER: box.can_answer}
    paths = {"confirm": DealStep.CONFIRM, "take_back": DealStep.TAKE_BACK, "withdraw": DealStep.WITHDRAW}
    steps = {step for step, shown in forms.items() if shown}
    steps |= {paths[action.url.rpartition("/")[2]] for action in box.actions}
    return steps | ({DealStep.RATE} if box.rating and box.rating.asks else set())


def in_the_chat(rows: object) -> set[DealStep]:
    names = {step.value: step for step in DealStep} | {"back": DealStep.TAKE_BACK, "wrong": DealStep.DISPUTE}
    assert isinstance(rows, list)
    verbs = [(button.data or "").split(":")[1] for row in rows for button in row]
    return {names[verb] for verb in verbs if verb in names}


# --- lots -------------------------------------------------------------------------------------------------------------


@st.composite
def lots_at(draw: st.DrawFn) -> tuple[Lot, datetime]:
    """A lot in any state, with or without bids, a deal, an offer."""
    now = START + draw(st.sampled_from([-DAY, timedelta(minutes=1), timedelta(hours=1), 3 * DAY]))
    auction = factories.auction()
    if draw(st.booleans()):
        auction = factories.bids(auction, (ANNA, 200), (BORIS, 400))
    ending = draw(st.sampled_from(Ending))
    auction = replace(
        auction,
        ending=ending,
        cancel_reason=draw(st.sampled_from(["", "no"])) if ending is Ending.CANCELLED else "",
        relisted=draw(st.booleans()),
        left_out=draw(st.sampled_from([(), (CLARA,)])),
        offer=draw(st.one_of(st.none(), offers())),
    )
    sold = deals.open_deal(auction.id, SELLER, BORIS, xtr(300), xtr(0), 5, START, TIMES)
    deal = replace(sold, state=draw(st.sampled_from(DealState))) if ending is Ending.SOLD else None
    return Lot(auction, factories.card(), deal), now


def offers() -> st.SearchStrategy[Offer]:
    until = st.sampled_from([START, START + 2 * DAY, START + 9 * DAY])
    return st.builds(Offer, st.sampled_from(PEOPLE), st.just(xtr(210)), until, st.sampled_from(OfferState))


@given(lots_at(), st.sampled_from(PEOPLE))
def test_a_lot_may_be_changed_by_exactly_those_who_may_cancel_it(at: tuple[Lot, datetime], who: int) -> None:
    lot, now = at
    refused = is_refused(lambda: closing.cancel(lot.auction, who, False, "", now))
    assert may_change(lot.auction, who, now) is not refused


@given(lots_at(), st.sampled_from(PEOPLE))
def test_putting_up_again_is_offered_once_to_exactly_those_whom_it_does_not_refuse(
    at: tuple[Lot, datetime], who: int
) -> None:
    lot, now = at
    refused = is_refused(lambda: relisting.relist(lot, lot.auction.terms, who, "lot2", "salt", now))
    assert may_relist(lot, who, now) is not (refused or lot.auction.relisted)


@given(lots_at(), st.sampled_from(PEOPLE))
def test_a_second_chance_is_offered_to_exactly_those_whom_it_does_not_refuse(
    at: tuple[Lot, datetime], who: int
) -> None:
    lot, now = at
    fair = factories.bids(factories.auction(), (ANNA, 200))
    refused = is_refused(lambda: second_chance.offer(lot, who, fair, now))
    assert may_offer(lot, who, now) is not refused


@given(lots_at(), st.sampled_from(PEOPLE))
def test_an_offer_stands_for_exactly_those_who_may_answer_it(at: tuple[Lot, datetime], who: int) -> None:
    lot, now = at
    refused = is_refused(lambda: second_chance.decline(lot.auction, who, now))
    assert (lot.auction.offer_to(who, now) is not None) is not refused


@given(lots_at(), st.sampled_from(PEOPLE))
def test_a_lot_is_biddable_for_exactly_those_to_whom_it_is_open(at: tuple[Lot, datetime], who: int) -> None:
    lot, now = at
    assert view_lot(lot, who, now).may_bid is passes(require_open, lot.auction, who, now)


@given(lots_at())
def test_a_status_is_open_or_final_or_neither_while_the_lot_is_closing(at: tuple[Lot, datetime]) -> None:
    lot, now = at
    status = lot.auction.status(now)
    assert [status.is_open, status.is_final].count(True) == (0 if status is Status.CLOSING else 1)
    assert status.is_final is lot.auction.is_final


def test_a_new_way_to_take_a_deal_further_is_compared_here() -> None:
    assert TAKEN.keys() == set(DealStep)
