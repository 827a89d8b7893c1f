"""All lots are paused and go on: once, by who may, with everything that has to be refused meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.auction import Ending, Status
from starbid.domain.audit_trail import Operator
from starbid.domain.errors import AuctionClosed, Blocked, StarbidError
from starbid.domain.intents import Memory
from starbid.domain.pause import KEPT, TAKES_EFFECT, Paused, PauseStands, StillMoving
from starbid.domain.roles import NotAllowed, Role
from starbid.services.cards.falling import card_of
from starbid.services.idempotency import MakeRecord, once, record_of
from starbid.services.ports import Contended, Look, Unavailable
from tests.support.factories import ANNA, BORIS, SELLER, draft, join, market, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.paused import carry, decision, pause, pause_for, resume
from tests.support.there import there

FALLING: dict[str, Any] = {
    "type": "dutch",
    "start_price": 1_000,
    "floor_price": 100,
    "drop_amount": 100,
    "drop_seconds": 60,
}
MOMENT = timedelta(milliseconds=1)


def test_a_pause_is_one_act_with_its_reason_in_the_audit() -> None:
    app = make_app()
    app.pausing.pause(decision(app, "k1"))
    (entry,) = app.store.tables.audit.values()
    assert (entry.action, entry.subject, entry.admin_id) == ("pause", "pause/1", 900)
    assert (entry.before, entry.after, entry.reason) == ("running", "paused", "prices are wrong")


def test_it_takes_effect_within_two_seconds_and_not_at_once_so_that_everybody_sees_it_by_then() -> None:
    app, lot = market()
    app.pausing.pause(decision(app))
    began = app.now() + TAKES_EFFECT
    assert timedelta(seconds=2) >= TAKES_EFFECT
    app.bidding.bid(lot.auction.id, ANNA, 200, began - MOMENT)
    with pytest.raises(Paused):
        app.bidding.bid(lot.auction.id, BORIS, 500, began)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SUPPORT, Role.FINANCE])
def test_only_an_owner_pauses_and_resumes(role: Role) -> None:
    app = make_app()
    with pytest.raises(NotAllowed):
        app.pausing.pause(decision(app, by=Operator(5, role)))
    pause(app)
    with pytest.raises(NotAllowed):
        app.pausing.resume(decision(app, by=Operator(5, role)))
    assert app.store.pauses().running


def test_a_form_that_is_sent_twice_counts_once() -> None:
    app = make_app()
    first = app.pausing.pause(decision(app, "same"))
    assert app.pausing.pause(decision(app, "same")) == first
    ended = app.pausing.resume(decision(app, "too"))
    assert app.pausing.resume(decision(app, "too")) == ended
    assert [entry.action for entry in app.store.tables.audit.values()] == ["pause", "resume"]
    assert app.pausing.pause(decision(app, "same")) == ended, "sent once more much later, it begins no second pause"


def test_of_two_owners_at_once_one_pauses_and_the_other_is_told() -> None:
    app = make_app()
    app.store.meanwhile(lambda: app.pausing.pause(decision(app, "theirs")))
    with pytest.raises(PauseStands) as told:
        app.pausing.pause(decision(app, "mine"))
    assert told.value.paused
    assert len(app.store.tables.audit) == len(app.store.pauses().history) == 1


def test_of_two_owners_at_once_one_resumes_and_the_other_is_told() -> None:
    app = make_app()
    pause(app)
    app.store.meanwhile(lambda: app.pausing.resume(decision(app, "theirs")))
    with pytest.raises(PauseStands) as told:
        app.pausing.resume(decision(app, "mine"))
    assert not told.value.paused


def test_nothing_is_resumed_that_is_not_paused() -> None:
    app = make_app()
    with pytest.raises(PauseStands):
        app.pausing.resume(decision(app))


def test_a_store_in_trouble_is_tried_again() -> None:
    app = make_app()
    app.store.fail_next(Contended())
    assert app.pausing.pause(decision(app)).running


def test_resumed_at_once_it_lasts_no_time_at_all() -> None:
    app, lot = market()
    app.pausing.pause(decision(app))
    app.pausing.resume(decision(app))
    assert app.store.auction(lot.auction.id).ends_at == lot.auction.ends_at


def test_the_next_pause_need_not_wait_for_the_moving_until_there_are_too_many() -> None:
    app, lot = market()
    for _ in range(KEPT):
        pause_for(app, timedelta(seconds=10))
    assert app.store.auction(lot.auction.id).ends_at == lot.auction.ends_at + KEPT * timedelta(seconds=10)
    with pytest.raises(StillMoving):
        app.pausing.pause(decision(app))
    carry(app)
    pause_for(app, timedelta(seconds=10))
    assert app.store.auction(lot.auction.id).ends_at == lot.auction.ends_at + (KEPT + 1) * timedelta(seconds=10)
    assert len(app.store.pauses().history) == KEPT


# --- what is refused --------------------------------------------------------------------------------------------------


def test_nobody_bids_buys_publishes_or_relists_and_nothing_is_held() -> None:
    app, lot = market(buy_now_price=900)
    falling = put_up(app, **FALLING)
    gone = put_up(app)
    app.publishing.cancel(SELLER, gone.auction.id, app.now())
    pause(app)
    now = app.now()
    acts: list[Any] = [
        lambda: app.bidding.bid(lot.auction.id, ANNA, 200, now),
        lambda: app.bidding.buy(lot.auction.id, ANNA, 900, now),
        lambda: app.bidding.buy(falling.auction.id, ANNA, 1_000, now),
        lambda: app.publishing.publish(SELLER, draft(now), (), "r", now),
        lambda: app.publishing.relist(SELLER, gone.auction.id, now),
    ]
    for act in acts:
        with pytest.raises(Paused):
            act()
    assert not app.store.wallet(ANNA, "XTR").held.amount
    assert not app.store.tables.bids


def test_a_lot_that_was_published_before_is_answered_when_its_form_comes_again() -> None:
    app = make_app()
    join(app, SELLER, seller=True)
    first = app.publishing.publish(SELLER, draft(), (), "r", app.now())
    pause(app)
    assert app.publishing.publish(SELLER, draft(), (), "r", app.now()).auction.id == first.auction.id


def test_paused_comes_after_blocked_and_before_all_that_the_lot_says() -> None:
    app, lot = market()
    ended = put_up(app, duration_seconds=60)
    early = put_up(app, starts_at=(app.now() + timedelta(days=3)).isoformat())
    app.clock.forward(minutes=2)
    pause(app)
    for each in (lot, ended, early):
        assert _refusal(app, each.auction.id, SELLER) == "paused"
    app.store.block(ANNA)
    assert _refusal(app, lot.auction.id, ANNA) == "blocked"
    with pytest.raises(Blocked):
        app.publishing.publish(ANNA, draft(), (), "r", app.now())


def _refusal(app: FakeApp, auction_id: str, person_id: int) -> str:
    with pytest.raises(StarbidError) as refused:
        app.bidding.bid(auction_id, person_id, 200, app.now())
    return refused.value.code


def test_what_arrived_before_is_decided_as_ever_however_late() -> None:
    app, lot = market(duration_seconds=600)
    before = app.now()
    pause_for(app, timedelta(minutes=30))
    carry(app)
    accepted = app.bidding.bid(lot.auction.id, ANNA, 200, before)
    assert accepted.bid.placed_at == before
    assert accepted.auction.ends_at == lot.auction.ends_at + timedelta(minutes=30)


def test_a_late_bid_of_the_last_seconds_adds_the_time_that_it_would_have_added() -> None:
    app, lot = market(duration_seconds=600, extend_seconds=120)
    app.clock.forward(seconds=590)
    arrived = app.now()
    pause_for(app, timedelta(minutes=30))
    accepted = app.bidding.bid(lot.auction.id, ANNA, 200, arrived)
    assert accepted.auction.ends_at == arrived + timedelta(seconds=120) + timedelta(minutes=30)


def test_paused_is_not_remembered_for_a_key() -> None:
    app, lot = market()
    pause(app)

    def work(memory: Memory) -> dict[str, Any]:
        def tell(_: object) -> dict[str, Any]:
            return {"placed": True}

        app.bidding.bid(lot.auction.id, ANNA, 200, app.now(), MakeRecord(memory, tell))
        return {"placed": True}

    memory = Memory("key", "body")
    with pytest.raises(Paused):
        once(app.store, memory, work, lambda refusal: {"code": refusal.code})
    resume(app)
    assert once(app.store, memory, work, lambda refusal: {"code": refusal.code}) == {"placed": True}
    assert record_of(memory, {}).key in app.store.tables.idempotency_records


def test_deals_and_payments_go_on() -> None:
    app, lot = market(buy_now_price=500)
    app.bidding.buy(lot.auction.id, ANNA, 500, app.now())
    pause(app)
    app.dealing.deliver(SELLER, lot.auction.id, "Here it is.", app.now())
    app.dealing.confirm(ANNA, lot.auction.id, app.now())
    join(app, 77, stars=300)
    assert app.store.wallet(77, "XTR").available.amount == 300
    assert app.store.wallet(SELLER, "XTR").available.amount == 475


def test_an_offer_is_not_taken_meanwhile_and_can_be_declined() -> None:
    app, lot = market(duration_seconds=60)
    for who, amount in ((BORIS, 200), (ANNA, 300)):
        app.bidding.bid(lot.auction.id, who, amount, app.now())
    now = app.clock.forward(hours=3)
    app.closing.close(lot.auction.id, now)
    app.dealing.dispute(ANNA, lot.auction.id, "nothing came", now)
    app.dealing.resolve(decision(app), lot.auction.id, False)
    app.second_chance.offer(SELLER, lot.auction.id, now)
    pause(app)
    with pytest.raises(Paused):
        app.second_chance.accept(BORIS, lot.auction.id, app.now())
    resume(app)
    taken = app.second_chance.accept(BORIS, lot.auction.id, app.now())
    assert there(taken.deal).buyer_id == BORIS


# --- what stands still ------------------------------------------------------------------------------------------------


def test_nothing_closes_that_had_not_ended_and_what_had_ended_settles() -> None:
    app, lot = market(duration_seconds=600)
    over = put_up(app, duration_seconds=590)
    app.bidding.bid(over.auction.id, ANNA, 200, app.now())
    app.bidding.bid(lot.auction.id, BORIS, 200, app.now())
    app.clock.forward(seconds=590)
    pause(app)
    app.clock.forward(hours=5)
    app.closing.sweep(app.now())
    app.scheduler.fire(app)
    app.browsing.lot(lot.auction.id, ANNA, app.now())
    assert app.store.auction(over.auction.id).ending is Ending.SOLD
    stands = app.store.auction(lot.auction.id)
    assert (stands.ending, stands.status(app.now())) == (Ending.OPEN, Status.LIVE)
    assert app.browsing.lot(lot.auction.id, ANNA, app.now()).left == timedelta(seconds=9)


def test_a_lot_that_ends_in_the_moment_in_which_the_pause_begins_has_ended() -> None:
    app, lot = market(duration_seconds=60)
    app.clock.forward(seconds=59)
    pause(app)
    assert there(app.store.pauses().running).began == lot.auction.ends_at
    app.clock.forward(seconds=2)
    assert app.closing.close(lot.auction.id, app.now()).ending is Ending.UNSOLD


def test_the_sweep_is_not_kept_busy_by_lots_that_stand_still() -> None:
    app, _ = market()
    stopped = [put_up(app, duration_seconds=600).auction.id for _ in range(5)]
    pause(app)
    app.clock.forward(hours=1)
    app.store.trips.clear()
    assert app.closing.sweep(app.now()) == 0
    assert app.store.trips == ["pauses", "auctions"]
    assert stopped


def test_after_it_every_lot_closes_to_the_second_with_the_time_that_it_had_left() -> None:
    app, lot = market(duration_seconds=600)
    app.bidding.bid(lot.auction.id, ANNA, 200, app.now())
    app.clock.forward(seconds=400)
    pause_for(app, timedelta(hours=2))
    ends_at = lot.auction.ends_at + timedelta(hours=2)
    carry(app)
    app.clock.now = ends_at + timedelta(seconds=2) - MOMENT
    app.scheduler.fire(app)
    assert app.store.auction(lot.auction.id).ending is Ending.OPEN
    app.clock.now = ends_at + timedelta(seconds=2)
    assert app.now() in [alarm.at for alarm in app.scheduler.alarms if alarm.what == "close"]
    app.scheduler.fire(app)
    assert app.store.auction(lot.auction.id).ending is Ending.SOLD


def test_the_cap_of_the_soft_close_moves_too() -> None:
    app, lot = market(duration_seconds=600, extend_seconds=120, max_extension_seconds=130)
    app.clock.forward(seconds=595)
    app.bidding.bid(lot.auction.id, ANNA, 200, app.now())
    pause_for(app, timedelta(hours=1))
    app.clock.forward(seconds=100)
    accepted = app.bidding.bid(lot.auction.id, BORIS, 400, app.now())
    cap = lot.auction.ends_at + timedelta(seconds=130) + timedelta(hours=1)
    assert accepted.auction.ends_at == cap
    with pytest.raises(AuctionClosed):
        app.bidding.bid(lot.auction.id, ANNA, 900, cap)


def test_a_price_that_falls_stands_still_and_goes_on_from_there() -> None:
    app, _ = market()
    lot = put_up(app, **FALLING).auction.id
    app.clock.forward(seconds=130)
    assert app.browsing.lot(lot, ANNA, app.now()).price.amount == 800
    pause(app)
    app.clock.forward(minutes=30)
    assert app.browsing.lot(lot, ANNA, app.now()).price.amount == 800
    resume(app)
    for carried in (False, True):
        if carried:
            carry(app)
        assert app.browsing.lot(lot, ANNA, app.now()).price.amount == 800
    app.clock.forward(seconds=48)
    assert app.browsing.lot(lot, ANNA, app.now()).price.amount == 800
    app.clock.forward(seconds=1)
    assert app.browsing.lot(lot, ANNA, app.now()).price.amount == 700
    bought = app.bidding.buy(lot, ANNA, 700, app.now())
    assert bought.auction.price.amount == 700


def test_a_lot_that_was_to_begin_meanwhile_begins_at_the_end_with_its_whole_time() -> None:
    app, _ = market()
    starts = app.now() + timedelta(minutes=5)
    lot = put_up(app, starts_at=starts.isoformat(), duration_seconds=3600)
    pause_for(app, timedelta(minutes=20))
    stands = app.store.auction(lot.auction.id)
    assert stands.starts_at == app.now()
    assert stands.ends_at == app.now() + timedelta(hours=1)
    later = put_up(app, starts_at=(app.now() + timedelta(hours=3)).isoformat())
    pause_for(app, timedelta(minutes=20))
    assert app.store.auction(later.auction.id).ends_at == later.auction.ends_at


def test_a_lot_that_is_edited_meanwhile_begins_at_the_end_of_the_pause() -> None:
    app, lot = market(duration_seconds=3600)
    pause(app)
    app.clock.forward(minutes=10)
    app.publishing.edit(SELLER, lot.auction.id, draft(app.now(), duration_seconds=7200), (), app.now())
    app.clock.forward(minutes=10)
    resume(app)
    stands = app.store.auction(lot.auction.id)
    assert (stands.starts_at, stands.ends_at) == (app.now(), app.now() + timedelta(hours=2))


def test_an_edit_of_its_words_changes_no_times() -> None:
    app, lot = market(duration_seconds=3600)
    pause_for(app, timedelta(minutes=10))
    after = app.publishing.edit(SELLER, lot.auction.id, draft(app.now(), title="A better lamp"), (), app.now())
    assert after.auction.starts_at == lot.auction.starts_at
    assert after.auction.ends_at == lot.auction.ends_at + timedelta(minutes=10)
    pause_for(app, timedelta(minutes=10))
    assert app.store.auction(lot.auction.id).ends_at == lot.auction.ends_at + timedelta(minutes=20)


def test_a_lot_that_is_put_up_again_lasts_as_long_as_it_was_meant_to() -> None:
    app, lot = market(duration_seconds=3600)
    pause_for(app, timedelta(hours=3))
    app.publishing.cancel(SELLER, lot.auction.id, app.now())
    again = app.publishing.relist(SELLER, lot.auction.id, app.now())
    assert again.auction.ends_at == app.now() + timedelta(hours=1)


def test_a_queue_that_does_not_answer_is_made_up_for_by_the_sweep() -> None:
    app, lot = market()
    pause(app)
    app.desk_work.fail_next(Unavailable())
    resume(app)
    assert not app.desk_work.asked
    assert not app.pausing.see_to_the_moving(app.now()), "it may be on its way"
    app.clock.forward(minutes=3)
    assert app.pausing.see_to_the_moving(app.now())
    carry(app)
    assert app.store.tables.auctions[lot.auction.id].carried == 1
    app.clock.forward(minutes=3)
    assert not app.pausing.see_to_the_moving(app.now())


def test_a_card_in_a_chat_follows_its_price_again_after_the_pause() -> None:
    app, _ = market()
    lot = put_up(app, **FALLING).auction
    app.shown_cards.put(card_of(lot, ANNA, 7, Look(), app.now()), app.now())
    app.falling.follow(lot, app.now())
    assert [at for _, at, _ in app.outgoing.wakes] == [lot.starts_at + timedelta(minutes=1)]
    app.clock.forward(seconds=30)
    pause(app)
    app.clock.forward(minutes=10)
    app.outgoing.wakes.clear()
    app.cards.redraw(lot.id, app.now(), due=lot.starts_at + timedelta(minutes=1))
    assert not app.outgoing.wakes, "no price falls"
    resume(app)
    carry(app)
    moved = app.store.auction(lot.id)
    app.cards.redraw(lot.id, app.now(), version=moved.version)
    assert [at for _, at, _ in app.outgoing.wakes] == [moved.starts_at + timedelta(minutes=1)]
    assert moved.starts_at + timedelta(minutes=1) == app.now() + timedelta(seconds=29)
