from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from notifier.projection import lambda_handler
from starbid.domain.auction import Auction, Ending
from starbid.domain.deals import DealTimes, open_deal
from starbid.domain.lots import Lot
from starbid.services.ports import Contended, Listing, Search
from starbid.storage.deal_rows import deal_item
from starbid.storage.rows import card_item
from tests.support.factories import ANNA, BORIS, SELLER, join, market, put_up, xtr
from tests.support.fakes import FakeApp, make_app
from tests.support.records import Context, auction_record, batch, failures, part_record


def hand_in(*records: dict[str, Any]) -> dict[str, Any]:
    return lambda_handler(batch(*records), Context())


def changed(lot: Auction, times: int = 1) -> Iterator[dict[str, Any]]:
    """Records of a state that was changed several times."""
    for _ in range(times):
        before, lot = lot, replace(lot, version=lot.version + 1)
        yield auction_record(lot, before)


def listed(app: FakeApp) -> dict[str, Listing]:
    return {listing.auction_id: listing for listing in app.catalogue.find(Search()).items}


def test_a_new_lot_gets_into_the_lists_and_has_no_cards_to_redraw(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, lot = market()
    put_in_place(app)

    answer = hand_in(auction_record(lot.auction), part_record(card_item(lot.card)))

    assert failures(answer) == []
    assert listed(app)[lot.auction.id].title == lot.card.title
    assert app.outgoing.refreshed == []
    assert {place for _, place, _ in app.outgoing.shows} == {"all", "category#home", f"seller#{SELLER}"}


def test_a_lot_that_was_hidden_before_it_was_seen_is_posted_nowhere(
    put_in_place: Callable[[FakeApp], FakeApp],
) -> None:
    app, lot = market()
    put_in_place(app)
    auctions = app.store.tables.auctions
    auctions[lot.auction.id] = replace(auctions[lot.auction.id], hidden=True)
    hand_in(auction_record(lot.auction), part_record(card_item(lot.card)))
    assert app.outgoing.shows == []


def test_many_changes_of_a_lot_in_a_batch_become_one_listing_of_it_as_it_is_now(
    put_in_place: Callable[[FakeApp], FakeApp],
) -> None:
    app, lot = market()
    put_in_place(app)
    for bidder_id, amount in ((ANNA, 200), (BORIS, 300)):
        app.bidding.bid(lot.auction.id, bidder_id, amount, app.now())
    app.store.trips.clear()

    hand_in(*changed(lot.auction, times=2))

    assert app.store.trips.count("put_listing") == 1
    assert listed(app)[lot.auction.id].price == xtr(205)
    assert app.outgoing.refreshed == [(lot.auction.id, 3)]


def test_an_ended_lot_leaves_the_lists_and_its_cards_say_so(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, lot = market()
    put_in_place(app)
    hand_in(auction_record(lot.auction))
    app.clock.forward(hours=1, seconds=2)
    after = app.closing.close(lot.auction.id, app.now())

    hand_in(auction_record(after, lot.auction))

    assert after.ending is Ending.UNSOLD
    assert listed(app) == {}
    assert app.outgoing.refreshed == [(lot.auction.id, 2)]


def test_an_operator_has_rows_renewed_whose_words_an_older_version_indexed(
    put_in_place: Callable[[FakeApp], FakeApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, first = market()
    put_in_place(app)
    second = put_up(app, title="Сумка")
    app.store.project(app.now())
    app.catalogue.terms |= {lot.auction.id: frozenset() for lot in (first, second)}
    app.catalogue.outdated |= {first.auction.id, second.auction.id}
    monkeypatch.setattr("notifier.projection.REINDEXED", 1)

    answers = [lambda_handler({"job": "reindex"}, Context()) for _ in range(3)]

    assert answers == [{"reindexed": 1, "more": True}, {"reindexed": 1, "more": True}, {"reindexed": 0, "more": False}]
    assert [row.auction_id for row in app.catalogue.find(Search(text="сумок")).items] == [second.auction.id]
    assert app.outgoing.refreshed == []


def test_a_lot_whose_words_did_not_change_is_not_looked_up_in_the_dictionary_at_each_bid(
    put_in_place: Callable[[FakeApp], FakeApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    put_in_place(app)
    lot = put_up(app, title="Неслыханная кочерга")
    asked: list[str] = []

    def forms(word: str) -> tuple[str, ...]:
        asked.append(word)
        return ()

    monkeypatch.setattr("starbid.storage.catalogue.word_forms.forms", forms)

    for record in changed(lot.auction, 3):
        hand_in(record)

    assert len(asked) == len(set(asked))
    assert "кочерга" in asked


def test_an_old_record_that_comes_late_does_not_bring_a_lot_back(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, lot = market()
    put_in_place(app)
    app.clock.forward(hours=1, seconds=2)
    after = app.closing.close(lot.auction.id, app.now())

    hand_in(auction_record(after, lot.auction))
    hand_in(auction_record(lot.auction))

    assert listed(app) == {}


def test_new_words_are_listed_without_redrawing_cards_twice(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, lot = market()
    put_in_place(app)
    words = replace(lot.card, title="Another lamp", version=2)
    app.store.tables.cards[lot.auction.id] = words

    hand_in(part_record(card_item(words), card_item(lot.card)))

    assert listed(app)[lot.auction.id].title == "Another lamp"
    assert app.outgoing.refreshed == []


def test_a_step_of_a_deal_touches_neither_lists_nor_cards(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, lot = market()
    put_in_place(app)
    app.store.trips.clear()
    deal = open_deal(lot.auction.id, SELLER, ANNA, xtr(100), xtr(0), 5, app.now(), DealTimes())

    hand_in(part_record(deal_item(deal)))

    assert app.store.trips == []
    assert app.outgoing.refreshed == []


def test_a_lot_that_fails_does_not_stop_the_others_and_comes_again(
    put_in_place: Callable[[FakeApp], FakeApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, first = market()
    put_in_place(app)
    second, third = put_up(app), put_up(app)
    records = [auction_record(lot.auction) for lot in (first, second, third)]
    fail_for(app, second.auction.id, monkeypatch)

    answer = hand_in(*records)

    assert failures(answer) == [records[1]["dynamodb"]["SequenceNumber"]]
    assert set(listed(app)) == {first.auction.id, third.auction.id}


def test_of_several_failures_the_earliest_record_is_named(
    put_in_place: Callable[[FakeApp], FakeApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, first = market()
    put_in_place(app)
    second = put_up(app)
    records = [*changed(first.auction, 2), *changed(second.auction), *changed(first.auction)]
    fail_for(app, None, monkeypatch)

    assert failures(hand_in(*records)) == [records[0]["dynamodb"]["SequenceNumber"]]


def test_where_the_queue_fails_the_lot_comes_again(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, lot = market()
    put_in_place(app)
    (record,) = changed(lot.auction)
    app.outgoing.fail_next(ConnectionError())

    assert failures(hand_in(record)) == [record["dynamodb"]["SequenceNumber"]]
    assert failures(hand_in(record)) == []
    assert app.outgoing.refreshed == [(lot.auction.id, 1)]


def test_a_lot_that_is_gone_is_passed_over(fake: FakeApp) -> None:
    join(fake, SELLER, seller=True)
    lot = put_up(fake).auction

    assert failures(hand_in(auction_record(replace(lot, id="gone")))) == []


@pytest.mark.parametrize("fault", [KeyError("reverse"), ValueError(), TypeError()])
def test_a_lot_that_cannot_be_read_keeps_none_waiting(
    put_in_place: Callable[[FakeApp], FakeApp], monkeypatch: pytest.MonkeyPatch, fault: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    app, odd = market()
    put_in_place(app)
    fine = put_up(app)
    fail_for(app, odd.auction.id, monkeypatch, fault)
    assert failures(hand_in(auction_record(odd.auction), auction_record(fine.auction))) == []
    assert set(listed(app)) == {fine.auction.id}
    assert "cannot be read and is passed over" in caplog.text


def test_nor_does_it_stop_the_renewal_of_rows(
    put_in_place: Callable[[FakeApp], FakeApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, odd = market()
    put_in_place(app)
    fine = put_up(app)
    monkeypatch.setattr(app.catalogue, "stale", lambda _: [odd.auction.id, fine.auction.id, "gone"])
    fail_for(app, odd.auction.id, monkeypatch, KeyError("reverse"))
    assert lambda_handler({"job": "reindex"}, Context()) == {"reindexed": 1, "more": False}
    assert set(listed(app)) == {fine.auction.id}


def fail_for(
    app: FakeApp, auction_id: str | None, monkeypatch: pytest.MonkeyPatch, fault: Exception | None = None
) -> None:
    """Let the store fail at one lot (None: at all)."""
    real = app.store.lot

    def lot(key: str, *, consistent: bool = False) -> Lot:
        if auction_id in (None, key):
            raise fault or Contended
        return real(key, consistent=consistent)

    monkeypatch.setattr(app.store, "lot", lot)


def test_the_log_of_a_lot_that_has_ended_is_written_and_of_no_other(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, lot = market()
    put_in_place(app)
    app.bidding.bid(lot.auction.id, ANNA, 200, app.now())
    hand_in(*changed(lot.auction))
    assert app.log_requests.asked == []

    app.clock.forward(hours=2)
    over = app.closing.close(lot.auction.id, app.now())
    hand_in(auction_record(over, lot.auction))
    assert app.log_requests.asked == [(lot.auction.id, "")]

    hand_in(part_record(card_item(lot.card)))
    assert len(app.log_requests.asked) == 1, "only a change of its state can have ended it"


def test_where_the_log_cannot_be_asked_for_the_record_comes_again(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, lot = market()
    put_in_place(app)
    app.clock.forward(hours=2)
    over = app.closing.close(lot.auction.id, app.now())
    app.log_requests.fail_next(ConnectionError())
    record = auction_record(over, lot.auction)
    assert failures(hand_in(record)) == [record["dynamodb"]["SequenceNumber"]]
    assert failures(hand_in(record)) == []
    assert app.log_requests.asked == [(lot.auction.id, "")]
