"""From a new lot in the stream to those whose saved search it fits."""

from collections.abc import Callable

from notifier import projection, sender
from starbid.domain.criteria import Criteria
from starbid.services.ports import Unavailable
from starbid.storage.rows import card_item
from tests.support.factories import ANNA, BORIS, market
from tests.support.fakes import FakeApp
from tests.support.records import Context, auction_record, batch, failures, message, part_record

InPlace = Callable[[FakeApp], FakeApp]


def test_a_lot_is_announced_once_it_is_listed_and_only_when_it_is_new(put_in_place: InPlace) -> None:
    app, lot = market()
    put_in_place(app)
    app.saved_searches.save(ANNA, Criteria("lamp"), app.now())
    new = batch(auction_record(lot.auction), part_record(card_item(lot.card)))
    projection.lambda_handler(new, Context())
    assert app.outgoing.finders == [(lot.auction.id, "word#lamp", "")]

    app.bidding.bid(lot.auction.id, BORIS, 200, app.now())
    changed = batch(auction_record(app.store.auction(lot.auction.id), lot.auction))
    projection.lambda_handler(changed, Context())
    assert len(app.outgoing.finders) == 1


def test_a_lot_that_nobody_looks_for_makes_no_message(put_in_place: InPlace) -> None:
    app, lot = market()
    put_in_place(app)
    app.saved_searches.save(ANNA, Criteria("chair"), app.now())
    projection.lambda_handler(batch(auction_record(lot.auction)), Context())
    assert app.outgoing.finders == []


def test_a_lot_that_cannot_be_announced_comes_again(put_in_place: InPlace) -> None:
    app, lot = market()
    put_in_place(app)
    app.saved_searches.save(ANNA, Criteria("lamp"), app.now())
    app.outgoing.fail_next(Unavailable("sqs"))
    record = auction_record(lot.auction)
    came = batch(record)
    assert failures(projection.lambda_handler(came, Context())) != []
    assert failures(projection.lambda_handler(came, Context())) == []
    assert len(app.outgoing.finders) == 1


def test_a_step_tells_those_whose_search_it_fits(put_in_place: InPlace) -> None:
    app, lot = market()
    put_in_place(app)
    app.store.project(app.now())
    for who in (ANNA, BORIS):
        app.saved_searches.save(who, Criteria("lamp"), app.now())
    steps = [
        {"found": lot.auction.id, "place": "word#lamp", "after": ""},
        {"found": "gone", "place": "word#lamp", "after": ""},
        {"found": lot.auction.id},
    ]
    assert failures(sender.lambda_handler(batch(*map(message, steps)), Context())) == []
    assert [(notice.kind, notice.user_id) for notice in app.outgoing.notices] == [("found", ANNA), ("found", BORIS)]
