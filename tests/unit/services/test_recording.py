"""What the event log says of everything that happens, and what it never says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.auction import Bid
from starbid.domain.audit_trail import Operator, decided
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.events import EVENTS, LotCancelled, LotSold, LotUnsold, RequestFailed, SecondChanceOffered
from starbid.domain.ledger import TransferKind
from starbid.domain.roles import Role
from starbid.services.ports import Contended, Heard
from starbid.services.recording import (
    LOGGED,
    NAMES,
    LotFacts,
    Recorded,
    of_audit,
    of_bid,
    of_event,
    of_heard,
    of_reach,
    of_registration,
    of_transfer,
)
from starbid.services.recording.registry import logs
from tests.support.factories import ANNA, BORIS, SELLER, market, person, put_up, xtr
from tests.support.fakes import START, FakeApp
from tests.support.happenings import happened

UNLOGGED = {
    "LotHidden",
    "LotShown",
    "LotMoved",
    "LotEndingSoon",
    "DealReminded",
    "PaymentCredited",
    "PaymentRefunded",
    "DebtOffset",
    "OperatorWrote",
}
"""What only reminds, and what the ledger and the record of operators tell."""
WRITTEN = ("stolen", "it does not work", "ON_HOLD", "0123456789abcdefu1")
"""What people and providers wrote in the events of `happened`, and a request's own key."""


def the(entries: tuple[LogEntry, ...]) -> LogEntry:
    (entry,) = entries
    return entry


def bids_of(app: FakeApp) -> list[Bid]:
    return [what for what in app.store.take_stream() if isinstance(what, Bid)]


def test_every_event_is_registered_and_none_twice() -> None:
    assert set(LOGGED) == set(EVENTS.values())
    with pytest.raises(ValueError, match="registered twice"):
        logs(LotSold, LogKind.LOT, "sold")


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_makes_entries_of_small_facts_and_of_nothing_that_was_written(name: str) -> None:
    event = happened(name)
    entries = of_event(event, LotFacts("english", "art", "digital"))
    assert bool(entries) is (name not in UNLOGGED)
    assert len({entry.id for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.at == event.at
        assert (entry.kind, entry.name) in NAMES
        assert all(type(value) in (int, str) for value in entry.details.values())
        assert not [text for text in WRITTEN if text in repr(entry)]
    assert of_event(event) == of_event(event), "a replayed batch makes the same entries"


def test_a_sale_is_an_entry_of_the_seller_and_one_of_the_winner() -> None:
    sold = LotSold("sold:lot1", START, "lot1", SELLER, ANNA, xtr(310))
    seller, winner = of_event(sold, LotFacts("english", "art", "digital"))
    assert (seller.name, seller.user_id, seller.details["winner_id"]) == ("sold", SELLER, ANNA)
    assert (winner.name, winner.user_id, winner.details["seller_id"]) == ("won", ANNA, SELLER)
    for entry in (seller, winner):
        assert entry.subject == "lot/lot1"
        assert entry.details["price"] == 310
        assert entry.details["category"] == "art"


def test_the_reason_of_an_operator_is_a_flag() -> None:
    entry = the(of_event(LotCancelled("c", START, "lot1", SELLER, "it was stolen from my aunt")))
    assert entry.details == {"by_operator": 1}
    assert the(of_event(LotCancelled("c", START, "lot1", SELLER, ""))).details == {"by_operator": 0}


def test_what_somebody_would_have_paid_is_nowhere() -> None:
    unsold = the(of_event(LotUnsold("u", START, "lot1", SELLER, xtr(777), ANNA)))
    assert unsold.details == {"had_bids": 1}
    offered = the(of_event(SecondChanceOffered("o", START, "lot1", SELLER, ANNA, xtr(777), START)))
    assert "777" not in repr(offered)


def test_a_bid_tells_the_price_that_everybody_sees_and_no_maximum() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 8765, app.now(), confirmed=True)
    app.bidding.bid(lot.auction.id, BORIS, 300, app.now())
    first, second = map(of_bid, bids_of(app))
    assert (first.kind, first.name, first.user_id, first.subject) == ("bid", "bid", ANNA, f"lot/{lot.auction.id}")
    assert (first.details["price"], second.details["price"]) == (100, 305)
    assert (first.details["leads"], second.details["leads"]) == (1, 0)
    assert "8765" not in repr((first, second))
    assert first.id != second.id


@pytest.mark.parametrize("kind", ["sealed", "vickrey"])
def test_a_hidden_bid_tells_no_amount_at_all(kind: str) -> None:
    app, _ = market()
    lot = put_up(app, type=kind).auction
    app.store.take_stream()
    app.bidding.bid(lot.id, ANNA, 876, app.now(), confirmed=True)
    (entry,) = map(of_bid, bids_of(app))
    assert entry.details == {"number": 1, "currency": "XTR", "seller_id": SELLER, "hidden": 1}


def test_a_movement_tells_what_it_did_to_each_account() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 200, app.now())
    app.clock.forward(hours=2)
    app.closing.close(lot.auction.id, app.now())
    app.dealing.deliver(SELLER, lot.auction.id, "the code", app.now())
    app.dealing.confirm(ANNA, lot.auction.id, app.now())
    moved = {t.kind: of_transfer(t) for t in app.store.tables.transfers.values() if t.user_id in (ANNA, SELLER)}
    sale, release, bought = moved[TransferKind.SALE], moved[TransferKind.RELEASE], moved[TransferKind.STARS]
    assert (sale.kind, sale.subject) == (LogKind.PAYMENT, f"lot/{lot.auction.id}")
    assert (sale.details["amount"], sale.details["user"], sale.details["escrow"]) == (-100, -100, 100)
    parts = [release.details[name] for name in ("user", "escrow", "revenue")]
    assert parts == [95, -100, 5]
    assert bought.kind is LogKind.TOPUP
    assert bought.details["provider"] == "stars"
    for entry in moved.values():
        accounts = {"user", "receivable", "source", "escrow", "revenue", "adjustments", "payouts"}
        assert sum(int(v) for name, v in entry.details.items() if name in accounts) == 0


def test_a_person_is_logged_when_they_come_and_when_they_cannot_be_reached_or_may_not_act() -> None:
    anna = person(ANNA)
    assert of_registration(anna).id == f"registered:{ANNA}"
    assert anna.name not in repr(of_registration(anna))
    gone = replace(anna, unreachable=True, version=2)
    assert [entry.name for entry in of_reach(anna, gone, START)] == ["bot_blocked"]
    assert [entry.name for entry in of_reach(gone, replace(anna, version=3), START)] == ["bot_unblocked"]
    both = replace(anna, unreachable=True, blocked=True, version=2)
    assert [entry.name for entry in of_reach(anna, both, START)] == ["bot_blocked", "blocked"]
    assert of_reach(anna, replace(anna, name="another", version=2), START) == ()


def test_leaving_twice_is_two_entries_and_a_record_that_comes_again_is_one() -> None:
    anna = person(ANNA)
    first = of_reach(anna, replace(anna, unreachable=True, version=2), START)
    again = of_reach(anna, replace(anna, unreachable=True, version=4), START)
    assert the(first).id != the(again).id
    assert first == of_reach(anna, replace(anna, unreachable=True, version=2), START)


def test_an_operators_act_is_logged_without_its_reason_and_address() -> None:
    decision = decided(Operator(900, Role.OWNER, "203.0.113.7"), "he swore at us", "k1", START)
    entry = of_audit(decision.entry("block-person", user_id=ANNA, before="active", after="blocked"))
    assert (entry.kind, entry.name, entry.user_id, entry.details) == ("admin", "block-person", ANNA, {"admin_id": 900})
    assert "swore" not in repr(entry)
    assert "203.0.113.7" not in repr(entry)


def test_a_message_is_its_form_and_the_command() -> None:
    entry = of_heard("update#5", Heard(ANNA, "command", "balance"), START)
    assert (entry.kind, entry.name, entry.details) == ("message", "command", {"command": "balance"})
    assert of_heard("update#6", Heard(ANNA, "text"), START).details == {}


def test_lots_that_ended_are_logged_with_what_they_are() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 200, app.now())
    app.clock.forward(hours=2)
    app.closing.close(lot.auction.id, app.now())
    events = [what for what in app.store.take_stream() if not isinstance(what, Bid)]
    app.recording.record([Recorded(event=event) for event in events], app.now())
    sold = {entry.name: entry for entry in app.event_log.entries.values()}["sold"]
    card = lot.card
    told = {"kind": "english", "category": card.category, "goods": card.goods}
    assert dict(sold.details) | told == sold.details


def test_a_lot_that_is_not_there_is_logged_without() -> None:
    app, _ = market()
    app.recording.record([Recorded(event=LotSold("sold:x", START, "x", SELLER, ANNA, xtr(310)))], app.now())
    assert "kind" not in app.event_log.page(START + timedelta(hours=1)).items[0].details


def test_many_lots_are_read_together() -> None:
    app, _ = market()
    lots = [put_up(app).auction.id for _ in range(35)]
    app.store.trips.clear()
    sold = [LotSold(f"sold:{lot}", START, lot, SELLER, ANNA, xtr(310)) for lot in lots]
    app.recording.record([Recorded(event=event) for event in sold], app.now())
    assert len(app.store.trips) == 2
    assert len(app.event_log.entries) == 70


def test_a_fault_is_noted_by_its_class_and_never_fails_again() -> None:
    app, _ = market()
    app.faults.note("web", "/auction/<auction_id>", ValueError("Anna's secret"), START, ANNA)
    app.store.fail_next(RuntimeError("the store is on fire"))
    app.faults.note("web", "/", KeyError("x"), START)
    (fault,) = [event for event in app.store.tables.events.values() if isinstance(event, RequestFailed)]
    assert (fault.route, fault.error, fault.user_id) == ("/auction/<auction_id>", "ValueError", ANNA)
    entry = the(of_event(fault))
    assert (entry.kind, entry.name) == ("error", "web")
    assert "secret" not in repr(entry)


def test_an_outage_is_not_noted_where_it_would_only_grow() -> None:
    app, _ = market()
    app.faults.note("web", "/", Contended(), START)
    assert not [event for event in app.store.tables.events.values() if isinstance(event, RequestFailed)]
