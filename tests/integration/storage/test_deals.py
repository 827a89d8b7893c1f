"""Disputes, ratings, counters and second chances on every store, and at once on one with isolated transactions."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from starbid.domain.deal_errors import AlreadyRated, DealFrozen, WrongDealState, WrongOfferState
from starbid.domain.deals import DealState
from starbid.domain.errors import Invalid, StarbidError
from starbid.domain.people import Reputation
from starbid.domain.second_chance_offer import OfferState
from starbid.services.ports import ConditionFailed, Page, Reviewed, Standing
from starbid.storage.codec import encode
from tests.support.desk import deciding
from tests.support.dynamo import DynamoApp, check, hammer, join, put_up
from tests.support.factories import ANNA, BORIS, SELLER
from tests.support.fakes import StagedApp

ADMIN = 900
HTML = '<b>great</b> & "more" 🟢'


def sold(app: StagedApp, **changes: Any) -> str:
    """A lot that ANNA won before BORIS; the two and SELLER are registered by the first call."""
    if app.store.person(SELLER, consistent=True) is None:
        join(app, SELLER, seller=True)
        join(app, ANNA, stars=5_000)
        join(app, BORIS, stars=5_000)
    lot = put_up(app, **changes).auction.id
    app.bidding.bid(lot, BORIS, 300, app.now(), confirmed=True)
    app.bidding.bid(lot, ANNA, 500, app.now(), confirmed=True)
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot, app.now())
    return lot


def delivered(app: StagedApp) -> str:
    lot = sold(app)
    app.dealing.deliver(SELLER, lot, "the key", app.now())
    return lot


def refunded(app: StagedApp) -> str:
    lot = sold(app)
    app.dealing.dispute(ANNA, lot, "no", app.now())
    app.dealing.resolve(deciding("refund", app.now()), lot, False)
    return lot


def name_of(app: StagedApp, user_id: int) -> Reputation:
    person = app.store.person(user_id, consistent=True)
    assert person is not None
    return person.reputation


def test_a_disputed_and_rated_deal_comes_back_as_it_was_written(any_app: StagedApp) -> None:
    lot = delivered(any_app)
    disputed = any_app.dealing.dispute(ANNA, lot, HTML, any_app.now(), ("a" * 32, "b" * 32))
    assert any_app.store.deal(lot) == disputed
    answered = any_app.dealing.answer(SELLER, lot, "no", any_app.now(), ("c" * 32,))
    assert any_app.store.deal(lot) == answered
    answered = any_app.dealing.answer(SELLER, lot, HTML, any_app.now())
    assert any_app.store.deal(lot) == answered
    assert any_app.dealing.open_disputes() == [answered]
    resolved = any_app.dealing.resolve(deciding(HTML, any_app.now()), lot, True)
    assert any_app.store.deal(lot) == resolved
    one = any_app.dealing.rate(ANNA, lot, 2, HTML, any_app.now())
    assert any_app.store.deal(lot) == one
    both = any_app.dealing.rate(SELLER, lot, 5, "", any_app.now())
    assert any_app.store.deal(lot) == both
    assert [rating.text for rating in both.ratings] == [HTML, ""]


def test_an_offer_and_what_came_of_it_come_back_as_they_were_written(any_app: StagedApp) -> None:
    lot = refunded(any_app)
    made = any_app.second_chance.offer(SELLER, lot, any_app.now())
    assert any_app.store.auction(lot, consistent=True).offer == made
    new = any_app.second_chance.accept(BORIS, lot, any_app.now())
    assert any_app.store.lot(new.auction.id, consistent=True) == new
    assert any_app.store.auction(lot, consistent=True).offer == replace(made, state=OfferState.ACCEPTED)


def test_an_offer_comes_due_until_it_is_answered_or_over(any_app: StagedApp) -> None:
    lot, taken = refunded(any_app), refunded(any_app)
    for each in (lot, taken):
        any_app.second_chance.offer(SELLER, each, any_app.now())
    any_app.second_chance.decline(BORIS, taken, any_app.now())
    at = any_app.now() + timedelta(hours=48)
    assert any_app.store.due_offers(at - timedelta(milliseconds=1), 100) == []
    assert any_app.store.due_offers(at, 100) == [lot]
    any_app.clock.now = at
    assert (any_app.second_chance.sweep(at), any_app.store.due_offers(at, 100)) == (1, [])


def test_what_waits_for_its_delivery_is_found_by_its_buyer_newest_first(any_app: StagedApp) -> None:
    lots = []
    for _ in range(3):
        lots.append(sold(any_app))
        any_app.clock.forward(seconds=1)
    any_app.dealing.deliver(SELLER, lots[1], "x", any_app.now())
    assert [deal.auction_id for deal in any_app.store.undelivered_of(ANNA)] == [lots[2], lots[0]]
    assert any_app.store.undelivered_of(BORIS) == []


def test_whose_price_is_in_escrow_is_found_by_both_sides_newest_first_until_it_ends(any_app: StagedApp) -> None:
    lots = []
    for _ in range(4):
        lots.append(sold(any_app))
        any_app.clock.forward(seconds=1)
    any_app.dealing.deliver(SELLER, lots[0], "x", any_app.now())
    any_app.dealing.dispute(ANNA, lots[1], "no", any_app.now())
    any_app.dealing.deliver(SELLER, lots[2], "x", any_app.now())
    any_app.dealing.confirm(ANNA, lots[2], any_app.now())
    open_ones = [lots[3], lots[1], lots[0]]
    assert any_app.store.open_deals_of(SELLER, 10) == (open_ones, [])
    assert any_app.store.open_deals_of(ANNA, 10) == ([], open_ones)
    assert any_app.store.open_deals_of(ANNA, 2) == ([], open_ones[:2])
    assert any_app.store.open_deals_of(BORIS, 10) == ([], [])
    any_app.dealing.resolve(deciding("refund", any_app.now()), lots[1], False)
    any_app.clock.forward(days=14)
    assert any_app.dealing.sweep(any_app.now()) == 2
    assert any_app.store.open_deals_of(SELLER, 10) == ([], [])


def test_all_deals_of_a_person_are_found_on_both_sides_whatever_became_of_them(any_app: StagedApp) -> None:
    lots = list[str]()
    for each, stars in ((SELLER, 0), (ANNA, 5_000), (BORIS, 5_000)):
        join(any_app, each, stars=stars, seller=True)
    for number in range(7):
        seller, buyer = (ANNA, BORIS) if number % 3 == 1 else (SELLER, ANNA)
        lots.insert(0, put_up(any_app, seller, buy_now_price=300).auction.id)
        any_app.bidding.buy(lots[0], buyer, 300, any_app.now())
        any_app.clock.forward(seconds=1)
    any_app.dealing.deliver(SELLER, lots[-1], "x", any_app.now())
    any_app.dealing.confirm(ANNA, lots[-1], any_app.now())
    any_app.dealing.dispute(ANNA, lots[0], "no", any_app.now())
    any_app.dealing.resolve(deciding("refund", any_app.now()), lots[0], False)
    for limit in (1, 2, 3, 7, 50):
        assert deals_by(any_app, ANNA, limit) == lots
        assert deals_by(any_app, BORIS, limit) == [lots[2], lots[5]]
    assert any_app.store.deals_of(12_345) == Page(())
    newest = any_app.store.deals_of(ANNA, limit=1).items[0]
    assert newest.deal == any_app.store.deal(lots[0])


def test_a_cursor_of_another_list_of_deals_is_refused(any_app: StagedApp) -> None:
    sold(any_app)
    for cursor in ("x", "e30", "eyJhIjogMX0"):
        with pytest.raises(Invalid):
            any_app.store.deals_of(SELLER, limit=1, cursor=cursor)


def deals_by(app: StagedApp, person_id: int, limit: int) -> list[str]:
    """A person's deals, page by page."""
    found, cursor = list[str](), None
    while True:
        page = app.store.deals_of(person_id, limit=limit, cursor=cursor)
        found, cursor = [*found, *(lot.auction.id for lot in page.items)], page.cursor
        if cursor is None:
            return found


def test_a_frozen_deal_comes_back_as_it_was_written(any_app: StagedApp) -> None:
    lot = sold(any_app)
    (charge, *_) = any_app.store.charges_of(ANNA)
    any_app.refunding.taken_back(ANNA, charge.id, "", charge.amount.amount, "XTR", any_app.now())
    any_app.freezing.follow(ANNA, "XTR", any_app.now())
    deal = any_app.store.deal(lot)
    assert (deal.frozen_at, deal.left) == (any_app.now(), timedelta(days=14))
    before = any_app.store.unit()
    with pytest.raises(DealFrozen):
        any_app.dealing.deliver(SELLER, lot, "x", any_app.now())
    before.require_standing(ANNA, "XTR", Standing.SOLVENT)
    with pytest.raises(ConditionFailed) as refused:
        before.commit()
    assert refused.value.current("wallet").owes
    solvent = any_app.store.unit()
    solvent.require_standing(12_345, "XTR", Standing.SOLVENT)
    solvent.commit()


def test_of_two_deals_of_a_pair_the_second_does_not_count(any_app: StagedApp) -> None:
    for counts in (True, False):
        lot = delivered(any_app)
        assert any_app.dealing.confirm(ANNA, lot, any_app.now()).counts is counts
        assert any_app.store.deal(lot).counts is counts
    assert name_of(any_app, SELLER) == Reputation(sold=1)


def test_a_relisted_lot_is_noted_in_its_state(any_app: StagedApp) -> None:
    lot = refunded(any_app)
    new = any_app.publishing.relist(SELLER, lot, any_app.now())
    assert any_app.store.auction(lot, consistent=True).relisted
    assert any_app.publishing.relist(SELLER, lot, any_app.now()) == new


def test_open_disputes_are_found_oldest_first_and_are_due_after_thirty_days(any_app: StagedApp) -> None:
    lots = [sold(any_app) for _ in range(6)]
    for number, lot in enumerate(reversed(lots)):
        any_app.clock.forward(seconds=1)
        any_app.dealing.dispute(ANNA, lot, f"reason {number}", any_app.now())
    found = any_app.dealing.open_disputes()
    assert [deal.auction_id for deal in found] == lots[::-1]
    assert found[0] == any_app.store.deal(lots[-1])
    assert [deal.dispute for deal in any_app.dealing.open_disputes(2)] == ["reason 0", "reason 1"]
    assert any_app.store.due_deals(any_app.now() + timedelta(days=29), 100) == []
    assert set(any_app.store.due_deals(any_app.now() + timedelta(days=30), 100)) == set(lots)
    any_app.dealing.resolve(deciding("fine", any_app.now()), lots[-1], True)
    assert lots[-1] not in [deal.auction_id for deal in any_app.dealing.open_disputes()]


def test_a_hidden_rating_comes_due_and_counts_then(any_app: StagedApp) -> None:
    lot = delivered(any_app)
    any_app.dealing.confirm(ANNA, lot, any_app.now())
    assert any_app.store.due_deals(any_app.now() + timedelta(days=60), 100) == []
    any_app.dealing.rate(ANNA, lot, 2, "", any_app.now())
    assert name_of(any_app, SELLER) == Reputation(sold=1)
    any_app.clock.forward(days=7)
    assert any_app.store.due_deals(any_app.now(), 100) == [lot]
    assert any_app.dealing.sweep(any_app.now()) == 1
    assert name_of(any_app, SELLER) == Reputation(sold=1, seller_stars=2, seller_ratings=1)
    assert any_app.dealing.sweep(any_app.now()) == 0


def test_a_sellers_reviews_are_found_once_they_count_the_latest_first_and_page_by_page(any_app: StagedApp) -> None:
    lots, _ = list[str](), sold(any_app)
    for buyer in (ANNA, BORIS):
        lot = put_up(any_app, buy_now_price=300).auction.id
        any_app.bidding.buy(lot, buyer, 300, any_app.now())
        any_app.dealing.deliver(SELLER, lot, "the key", any_app.now())
        any_app.dealing.confirm(buyer, lot, any_app.now())
        any_app.dealing.rate(buyer, lot, 4, "", any_app.now())
        assert lot not in [each.auction_id for each in any_app.store.reviews_of(SELLER, limit=10).items]
        any_app.dealing.rate(SELLER, lot, 5, "", any_app.now())
        any_app.clock.forward(seconds=1)
        lots.insert(0, lot)
    assert any_app.store.reviews_of(SELLER, limit=10) == Page(tuple(Reviewed(lot, 4) for lot in lots))
    first = any_app.store.reviews_of(SELLER, limit=1)
    assert (first.items, bool(first.cursor)) == ((Reviewed(lots[0], 4),), True)
    assert any_app.store.reviews_of(SELLER, limit=10, cursor=first.cursor).items == (Reviewed(lots[1], 4),)
    assert any_app.store.reviews_of(ANNA, limit=10) == Page(())
    for cursor in ("x", "e30", "eyJhIjogMX0"):
        with pytest.raises(Invalid):
            any_app.store.reviews_of(SELLER, limit=1, cursor=cursor)


def test_counters_are_added_to_and_move_the_version(any_app: StagedApp) -> None:
    anna = join(any_app, ANNA)
    assert anna.reputation == Reputation()
    for gain in (Reputation(bought=1), Reputation(buyer_stars=4, buyer_ratings=1)):
        unit = any_app.store.unit()
        unit.add_reputation(ANNA, gain)
        unit.commit()
    after = any_app.store.person(ANNA, consistent=True)
    assert after == replace(
        anna, version=anna.version + 2, reputation=Reputation(bought=1, buyer_stars=4, buyer_ratings=1)
    )


def test_who_saves_a_person_that_has_counted_since_is_refused(any_app: StagedApp) -> None:
    before = join(any_app, ANNA)
    unit = any_app.store.unit()
    unit.add_reputation(ANNA, Reputation(sold=1))
    unit.commit()
    late = any_app.store.unit()
    late.save_person(before, replace(before, name="Anna", version=before.version + 1))
    with pytest.raises(ConditionFailed) as refused:
        late.commit()
    assert refused.value.current("person").reputation == Reputation(sold=1)
    assert any_app.people.set_language(ANNA, "ru").reputation == Reputation(sold=1)
    assert name_of(any_app, ANNA) == Reputation(sold=1)


def test_counters_register_nobody(any_app: StagedApp) -> None:
    unit = any_app.store.unit()
    unit.add_reputation(ANNA, Reputation(sold=1))
    with pytest.raises(ConditionFailed) as refused:
        unit.commit()
    assert refused.value.blames("person")
    assert refused.value.current("person") is None
    assert any_app.store.person(ANNA, consistent=True) is None


def test_a_person_written_before_there_were_counters_has_none(emulated: DynamoApp) -> None:
    store: Any = emulated.store
    old = {"user_id": 5, "name": "Old", "language": "en", "joined_at": 1, "blocked": False, "version": 3}
    store.client.put_item(TableName=store.tables["users"], Item=encode(old | {"unreachable": False}))
    assert name_of(emulated, 5) == Reputation()
    unit = emulated.store.unit()
    unit.add_reputation(5, Reputation(sold=1))
    unit.commit()
    assert name_of(emulated, 5) == Reputation(sold=1)


def outcomes(results: list[Any]) -> tuple[int, set[type]]:
    """How many went through, and how the others were refused."""
    refused = [result for result in results if isinstance(result, StarbidError)]
    assert all(isinstance(result, StarbidError) or not isinstance(result, BaseException) for result in results)
    return len(results) - len(refused), {type(result) for result in refused}


def test_confirming_and_disputing_many_times_at_once_only_one_happens(emulated: DynamoApp) -> None:
    lot, now = delivered(emulated), emulated.now()
    calls = [lambda: emulated.dealing.confirm(ANNA, lot, now), lambda: emulated.dealing.dispute(ANNA, lot, "no", now)]
    passed, refusals = outcomes(hammer(calls * 8))
    assert passed == 1
    assert WrongDealState in refusals
    assert emulated.store.deal(lot).state in (DealState.COMPLETED, DealState.DISPUTED)
    check(emulated.store)


def test_settling_both_ways_at_once_moves_the_money_once(emulated: DynamoApp) -> None:
    lot, now = delivered(emulated), emulated.now()
    emulated.dealing.dispute(ANNA, lot, "no", now)
    decisions = [deciding(f"as I see it, {number}", now) for number in range(16)]
    calls = [
        partial(emulated.dealing.resolve, decision, lot, number % 2 == 0) for number, decision in enumerate(decisions)
    ]
    assert outcomes(hammer(calls)) == (1, {WrongDealState})
    check(emulated.store)


def test_both_sides_rating_many_times_at_once_rate_once_each(emulated: DynamoApp) -> None:
    lot, now = delivered(emulated), emulated.now()
    emulated.dealing.confirm(ANNA, lot, now)
    calls = [
        lambda: emulated.dealing.rate(ANNA, lot, 2, "", now),
        lambda: emulated.dealing.rate(SELLER, lot, 5, "", now),
        lambda: emulated.people.set_language(ANNA, "ru"),
    ]
    hammer(calls * 6)
    for who, stars in ((ANNA, 2), (SELLER, 5)):  # those that met a conflict four times may say it once more
        try:
            emulated.dealing.rate(who, lot, stars, "", now)
        except AlreadyRated:
            continue
    assert name_of(emulated, SELLER) == Reputation(sold=1, seller_stars=2, seller_ratings=1)
    assert name_of(emulated, ANNA) == Reputation(bought=1, buyer_stars=5, buyer_ratings=1)
    check(emulated.store)


def test_an_offer_taken_many_times_at_once_is_one_sale(emulated: DynamoApp) -> None:
    lot, now = refunded(emulated), emulated.now()
    emulated.second_chance.offer(SELLER, lot, now)
    passed, refusals = outcomes(hammer([lambda: emulated.second_chance.accept(BORIS, lot, now)] * 16))
    assert passed == 1
    assert WrongOfferState in refusals
    assert len(check(emulated.store).auctions) == 2


def test_offering_and_putting_up_again_at_once_only_one_happens(emulated: DynamoApp) -> None:
    lot, now = refunded(emulated), emulated.now()
    calls = [
        lambda: emulated.second_chance.offer(SELLER, lot, now),
        lambda: emulated.publishing.relist(SELLER, lot, now),
    ]
    hammer(calls * 8)
    old = emulated.store.auction(lot, consistent=True)
    assert old.relisted is (old.offer is None)
    assert len(check(emulated.store).auctions) == (2 if old.relisted else 1)


def test_open_deals_come_by_what_moves_on_next_page_by_page_and_without_disputes(any_app: StagedApp) -> None:
    lots = []
    for _ in range(7):
        any_app.clock.forward(seconds=1)
        lots.append(sold(any_app))
    any_app.dealing.dispute(ANNA, lots[3], "broken", any_app.now())
    pages, cursor = [], None
    for _ in range(9):
        page = any_app.store.open_deals(limit=2, cursor=cursor)
        pages.append([deal.auction_id for deal in page.items])
        cursor = page.cursor
        if cursor is None:
            break
    assert cursor is None
    assert [lot for page in pages for lot in page] == [lot for lot in lots if lot != lots[3]]
    with pytest.raises(Invalid):
        any_app.store.open_deals(cursor="eyJhIjoxfQ")
