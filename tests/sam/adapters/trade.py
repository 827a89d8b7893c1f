"""The store: lots, bids, deals, money and people, through the use cases that write them and the reads of the pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from starbid.domain.bills import ProviderStatus, Reported, differing, new_bill, order_of
from starbid.domain.deals import DealState
from starbid.domain.intents import Intent, Placed, Wish
from starbid.domain.lots import Draft
from starbid.domain.money import XTR, Money, stars
from starbid.domain.payments import ChargeState, Provider
from starbid.domain.unfinished import BuyAct, Unfinished
from starbid.domain.wallet import WalletChange
from starbid.services.auctions.browsing import listing_of
from starbid.services.ports import ApiToken, IdempotencyRecord, Line, Search, Standing
from tests.support import factories, paying_out
from tests.support.desk import deciding, decision
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, xtr

from .day import STARS, Day


def a_lot_is_put_up_changed_listed_bid_on_and_sold(day: Day) -> None:
    app, store, now = day.app, day.app.store, day.clock.now
    lot = day.put_up(duration_seconds=60, extend_seconds=0).auction.id
    better: Draft = factories.draft(now, title="A better lamp", duration_seconds=60, extend_seconds=0)
    assert app.publishing.edit(SELLER, lot, better, (), now).card.title == "A better lamp"
    app.catalogue.put(listing_of(store.lot(lot, consistent=True), now), "Настольные лампы")
    assert [each.auction_id for each in app.catalogue.find(Search(text="better лампа", category="home")).items] == [lot]
    assert set(app.catalogue.asked("better лампы")) <= app.catalogue.words(lot)
    assert app.catalogue.stale(10) == []
    assert app.lot_words.words("Better, lamp") == ("better", "lamp")
    assert app.lot_words.sorts()["category#home"] == 1
    assert (app.lot_words.beginning("bet", 9), app.lot_words.ending("mp", 9)) == ({"better": 1}, {"lamp": 1})
    day.bid(lot, (BORIS, 300), (ANNA, 500), (BORIS, 400), (ANNA, 600))
    first = store.bids(lot, limit=2, consistent=True)
    rest = store.bids(lot, limit=2, cursor=first.cursor)
    assert [bid.number for bid in (*first.items, *rest.items)] == [4, 3, 2, 1]
    assert [bid.number for bid in store.bids(lot, below=2).items] == [1]
    batch = store.batch()
    found, seen = batch.auction(lot, consistent=True), batch.lot(lot)
    bidder, wallet = batch.person(ANNA, consistent=True), batch.wallet(ANNA, XTR, consistent=True)
    batch.fetch()
    auction = found.value
    assert (auction.leader_id, wallet.value.held, bidder.value.id) == (ANNA, xtr(600), ANNA)
    assert seen.value.auction == auction
    assert store.lots([lot])[lot].auction == auction
    assert store.lots_of_seller(SELLER).items[0].auction.id == lot
    assert store.bids_of(BORIS).items[0].auction_id == lot

    now = day.clock.forward(seconds=62)
    assert store.due_auctions(now, 10) == [lot]
    assert app.closing.sweep(now) == 1
    auction = store.auction(lot, consistent=True)
    assert store.last_bid(auction, BORIS).number == 3
    assert [bid.number for bid in store.bids_after(lot, 1, 10)] == [2, 3, 4]
    assert store.due_deals(now + timedelta(days=30), 10) == [lot]
    app.dealing.deliver(SELLER, lot, "the code", now)
    assert app.dealing.confirm(ANNA, lot, now).counts
    assert store.deal(lot).state is DealState.COMPLETED
    assert store.person(SELLER, consistent=True).reputation.sold == 1
    for who, stars_given in ((ANNA, 4), (SELLER, 5)):
        app.dealing.rate(who, lot, stars_given, "", now)
    assert [(each.auction_id, each.stars) for each in store.reviews_of(SELLER, limit=5).items] == [(lot, 4)]


def a_sealed_bid_stands_in_the_wallet(day: Day) -> None:
    lot = day.put_up(type="sealed", duration_seconds=90).auction.id
    day.bid(lot, (ANNA, 200), (BORIS, 300), (ANNA, 250))
    assert day.app.store.wallet(ANNA, XTR, consistent=True).stakes == {lot: xtr(250)}
    for _ in range(2):  # decided, then the holds are released
        day.app.closing.close(lot, day.clock.forward(minutes=2))
    assert day.app.store.wallet(ANNA, XTR, consistent=True).stakes == {}


def a_crowd_waits_and_one_of_it_decides(day: Day) -> None:
    line, store, now = day.app.intents, day.app.store, day.clock.now
    crowd = [Intent(f"{number:032x}", "lotx", ANNA, Wish.BID, xtr(200), now) for number in range(3)]
    assert line.take_lease("lotx", "one", now + timedelta(seconds=1), now)
    for intent in crowd:
        line.add(intent)
    assert line.waiting("lotx", 9) == crowd
    unit = store.unit()
    unit.decide_intent(crowd[0], Placed(1))
    unit.change_wallet(WalletChange.hold(ANNA, xtr(1)), Standing.GOOD, needed=xtr(2))
    unit.commit()
    unit = store.unit()
    unit.change_wallet(WalletChange.hold(ANNA, -xtr(1)))
    unit.commit()
    assert line.outcome_and_line(crowd[0])[0] == Placed(1)
    assert line.outcome_and_line(crowd[1]) == (None, Line(now + timedelta(seconds=1)))
    assert line.withdraw(crowd[0]) == Placed(1)
    assert line.withdraw(crowd[1]) is None
    line.drop(crowd[0])
    line.give_back_lease("lotx", "one", now)
    batch = store.batch()
    found, known, row = batch.line("lotx"), batch.record("unknown"), batch.bid("lotx", 1)
    batch.fetch()
    assert (found.value, known.value, row.value) == (Line(now), None, None)
    assert line.waiting("lotx", 9) == crowd[2:]


def a_dispute_ends_in_a_second_chance(day: Day) -> None:
    app, store, lot = day.app, day.app.store, day.sold()
    app.dealing.dispute(ANNA, lot, "it never came", day.clock.now, ("a" * 32,))
    app.dealing.add_pictures(ANNA, lot, ("b" * 32,), day.clock.now)
    assert store.deal(lot).dispute_pictures == ("a" * 32, "b" * 32)
    assert [deal.auction_id for deal in store.open_disputes(5)] == [lot]
    app.dealing.resolve(deciding("never sent", day.clock.now), lot, False)
    made = app.second_chance.offer(SELLER, lot, day.clock.now)
    assert store.due_offers(made.until, 10) == [lot]
    taken = app.second_chance.accept(BORIS, lot, day.clock.now).auction.id
    assert store.deal(taken).buyer_id == BORIS


def money_comes_goes_back_and_is_owed(day: Day) -> None:
    app, store, now = day.app, day.app.store, day.clock.now
    order, payload = app.paying.order_stars(CLARA, 10, now)
    assert (store.order(order.id), store.order_state(order.id, CLARA)) == (order, "open")
    waiting = app.paying.order_stars(CLARA, 10, now, BuyAct("lotx", stars(10), 1))[0]
    assert store.order(waiting.id).unfinished == waiting.unfinished
    charge = app.paying.credit(CLARA, "charge-of-clara", payload, 10, XTR, now)
    assert (store.order_state(order.id, CLARA), store.charge(charge.id)) == ("credited", charge)
    assert store.first_charge(order.id) == charge.id
    assert store.due_refunds(now, 10) == []
    assert app.refunding.refund(CLARA, charge.id, now).state is ChargeState.REFUNDED
    app.people.subscribe(CLARA, "first", now)
    _, payload = app.paying.order_subscription(CLARA, now)  # for days after those, which can go back
    paid = app.paying.credit(CLARA, "days-of-clara", payload, app.settings.business.subscription.amount, XTR, now)
    assert CLARA in store.due_subscriptions(now + timedelta(days=61), 10)
    assert app.refunding.refund(CLARA, paid.id, now).state is ChargeState.REFUNDED
    assert {each.id for each in store.charges_of(CLARA)} >= {charge.id, paid.id}
    assert set(store.charges([charge.id, paid.id, "nobody's"])) == {charge.id, paid.id}
    assert [each.kind for each in store.transfers(CLARA, XTR, limit=1, until=now, since=now).items]
    assert store.payments_of(CLARA, until=now).items

    lot = day.sold()
    (bought,) = [each for each in store.charges_of(ANNA) if each.amount == xtr(STARS)]
    app.refunding.taken_back(ANNA, bought.id, "", STARS, XTR, now)
    app.freezing.follow(ANNA, XTR, day.clock.now)
    assert [deal.auction_id for deal in store.undelivered_of(ANNA)] == [lot]
    assert lot in store.open_deals_of(ANNA, 50)[1]
    assert lot in [each.auction.id for each in store.deals_of(ANNA).items]
    assert store.deal(lot).frozen_at
    owing = store.unit()
    owing.change_debt(CLARA, xtr(0), xtr(5), xtr(0))
    owing.commit()
    assert app.debts.offset(CLARA, XTR, now).owed == xtr(0)
    assert store.wallets_of([CLARA], XTR)[CLARA].offsets == 1
    assert [wallet.currency for wallet in store.wallets(CLARA, consistent=True)] == [XTR]
    day.pay(ANNA, STARS)
    assert store.wallet(ANNA, XTR, consistent=True).owed == xtr(0)
    assert app.reconciling.compare(now, lambda: True, print).count == 0


def a_bill_is_opened_listed_and_decided_about(day: Day) -> None:
    store, now = day.app.store, day.clock.now
    bill = new_bill("b" * 32, Provider.QIWI, CLARA, Money(50_000, "RUB"), now, 300)
    unit = store.unit()
    unit.add_bill(bill, order_of(bill))
    unit.commit()
    assert (store.bill(bill.id), store.open_bill(CLARA, Provider.QIWI)) == (bill, bill.id)
    assert store.bills_of(CLARA).items == (bill,)
    assert store.due_bills(bill.expires_at, 5) == [bill.id]
    assert store.change_act(bill.id, Unfinished.at(BuyAct("lotx", bill.amount, 1), now))
    assert not store.change_act("nobody's", None)
    differs = differing(bill, Reported(bill.id, ProviderStatus.PAID, Decimal(499), "RUB"), now)
    unit = store.unit()
    unit.save_bill(bill, differs)
    unit.commit()
    assert store.open_bill(CLARA, Provider.QIWI) is None
    assert store.differing_bills(5) == [differs]
    day.app.scheduler.look_at_bill(bill.id, now)
    day.app.scheduler.forget_bill(bill.id)


def a_payout_is_asked_for_listed_and_decided_about(day: Day) -> None:
    app, store, now = day.app, day.app.store, day.clock.now
    paying_out.earned(app, 5000, "RUB", who=CLARA, days_ago=22)
    asked = paying_out.ask_roubles(app, 5000, who=CLARA)
    assert store.payout(asked.id) == asked
    assert store.payouts_of(CLARA).items == tuple(store.payouts_to_review(now, 5)) == (asked,)
    assert app.payouts.approve(asked.id, decision(app, at=now)).state == "approved"
    assert store.due_gifts(now, 5) == []


def people_are_found_blocked_and_have_tokens(day: Day) -> None:
    app, store, now = day.app, day.app.store, day.clock.now
    clara = store.person(CLARA, consistent=True)
    assert store.person_called(clara.public_id) == clara
    assert store.people([CLARA])[CLARA] == clara
    batch = store.batch()
    mark, question = batch.watch_mark(CLARA, "lamp", now), batch.question(CLARA, now)
    muted = batch.is_muted(CLARA, "lamp", now)
    batch.fetch()
    assert (mark.value, question.value, muted.value) == (False, None, False)
    token = ApiToken("d" * 64, CLARA, "program", now)
    app.tokens.keep(token)
    assert (store.token(token.digest), store.tokens_of(CLARA)) == (token, [token])
    app.tokens.drop(CLARA, token.public_id)
    assert store.token(token.digest) is None
    known = store.person(CLARA, consistent=True)
    assert known
    barred = replace(known, blocked=True, version=known.version + 1)
    unit = store.unit()
    unit.save_person(known, barred)
    unit.mark_wallet(barred, XTR)
    unit.commit()
    assert store.wallet(CLARA, XTR, consistent=True).blocked
    unit = store.unit()
    unit.mark_wallet(replace(barred, blocked=False), XTR)
    unit.commit()
    record = IdempotencyRecord("key", "f" * 64, {"status": 201})
    unit = store.unit()
    unit.record(record)
    unit.commit()
    assert store.idempotency_record("key") == record


SCENES = (
    a_lot_is_put_up_changed_listed_bid_on_and_sold,
    a_sealed_bid_stands_in_the_wallet,
    a_crowd_waits_and_one_of_it_decides,
    a_dispute_ends_in_a_second_chance,
    money_comes_goes_back_and_is_owed,
    a_bill_is_opened_listed_and_decided_about,
    a_payout_is_asked_for_listed_and_decided_about,
    people_are_found_blocked_and_have_tokens,
)
