"""Who may fetch what was handed over, where from, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from secrets import token_hex

import pytest

from starbid.domain.deal_errors import WrongDealState
from starbid.domain.delivered_files import DeliveredFile
from starbid.domain.errors import NotFound, NotYours, TooOften
from starbid.domain.limits import LIMITS, Deed
from starbid.domain.roles import Role
from starbid.services.ports import Contended, Rejected, TryLater
from tests.support.factories import ANNA, BORIS, SELLER, join, put_up
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.handed import zipped
from tests.support.invariants import assert_invariants, dump_of

DAY = timedelta(days=1)
OTHER_ACCOUNT, ADMIN, SUPPORT, VIEWER = 101, 900, 70, 71


class Telegram:
    """What it has, by id; `asked` for, and the `trouble` of the next call."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {"doc": b"content"}
        self.asked: list[str] = []
        self.trouble: BaseException | None = None

    def download(self, file_id: str, most: int) -> bytes | None:
        self.asked.append(file_id)
        if self.trouble:
            raise self.trouble
        if file_id not in self.files:
            raise Rejected("wrong file_id or the file is temporarily unavailable")
        data = self.files[file_id]
        return data if len(data) <= most else None


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest.fixture
def app(telegram: Telegram) -> FakeApp:
    made = make_app(bot=telegram)
    join(made, ANNA, stars=5_000)
    join(made, BORIS, stars=5_000)
    join(made, OTHER_ACCOUNT)
    join(made, SUPPORT, role=Role.SUPPORT)
    join(made, VIEWER, role=Role.VIEWER)
    return made


@pytest.fixture
def lot(app: FakeApp) -> str:
    """Bought by ANNA."""
    lot_id = put_up(app, buy_now_price=500).auction.id
    app.bidding.buy(lot_id, ANNA, 500, app.now())
    return lot_id


def deliver(app: FakeApp, lot: str, *files: DeliveredFile) -> None:
    app.dealing.deliver(SELLER, lot, "", app.now(), files or (zipped(),))


def link(app: FakeApp, who: int, lot: str, number: int = 1) -> str | None:
    return app.file_delivery.link(who, lot, number, app.now(), key=token_hex(8), address="198.51.100.7")


def looks(app: FakeApp) -> list[tuple[int, str]]:
    """Who fetched what, as it is on record, the newest first."""
    return [(entry.admin_id, entry.after) for entry in app.audit_trail.entries(action="read-files").items]


def test_the_two_sides_fetch_a_copy_which_is_made_once(app: FakeApp, telegram: Telegram, lot: str) -> None:
    deliver(app, lot)
    assert link(app, ANNA, lot) == link(app, SELLER, lot) == f"https://files.example/{lot}/1?as=name.zip"
    assert telegram.asked == ["doc"]
    assert app.file_copies.kept == {(lot, 1): b"content"}


@pytest.mark.parametrize("who", [BORIS, OTHER_ACCOUNT, VIEWER, SUPPORT, ADMIN, 0])
def test_to_everybody_else_it_is_not_there(app: FakeApp, telegram: Telegram, lot: str, who: int) -> None:
    deliver(app, lot)
    link(app, ANNA, lot)
    with pytest.raises(NotFound):
        link(app, who, lot)
    assert app.file_delivery.of(app.store.deal(lot), who, app.now()) == ()
    assert telegram.asked == ["doc"]


@pytest.mark.parametrize("number", [0, 2, -1, 10**9])
def test_there_is_no_other_place(app: FakeApp, lot: str, number: int) -> None:
    deliver(app, lot)
    with pytest.raises(NotFound):
        link(app, ANNA, lot, number)


def test_what_is_not_sold_or_not_sent_has_none(app: FakeApp, lot: str) -> None:
    for lot_id in (lot, put_up(app).auction.id, "nothing"):
        with pytest.raises(NotFound):
            link(app, ANNA, lot_id)


def test_a_former_buyer_has_no_part_in_the_next_sale(app: FakeApp, lot: str) -> None:
    """A lot is sold once: what is sold again is another lot."""
    app.clock.forward(days=7)
    app.dealing.take_back(ANNA, lot, app.now())
    again = app.publishing.relist(SELLER, lot, app.now()).auction.id
    app.bidding.buy(again, BORIS, 500, app.now())
    deliver(app, again)
    assert link(app, BORIS, again)
    for other in (lot, again):
        with pytest.raises(NotFound):
            link(app, ANNA, other)


def test_an_operator_who_settles_fetches_it_as_long_as_it_is_disputed(app: FakeApp, lot: str) -> None:
    deliver(app, lot)
    app.dealing.dispute(ANNA, lot, "empty", app.now())
    assert link(app, SUPPORT, lot)
    assert link(app, ADMIN, lot)
    with pytest.raises(NotFound):
        link(app, VIEWER, lot)
    app.dealing.withdraw(ANNA, lot, app.now())
    with pytest.raises(NotFound):
        link(app, SUPPORT, lot)


def test_each_look_of_an_operator_is_on_record_and_none_of_the_two_sides(app: FakeApp, lot: str) -> None:
    deliver(app, lot, zipped(), zipped())
    app.dealing.dispute(ANNA, lot, "empty", app.now())
    for who in (ANNA, SELLER):
        assert link(app, who, lot)
        assert app.file_delivery.fetched(app.store.deal(lot), who, "k", app.now())
    with pytest.raises(NotFound):
        link(app, VIEWER, lot)
    assert app.file_delivery.fetched(app.store.deal(lot), VIEWER, "k", app.now()) == ()
    assert looks(app) == []
    link(app, SUPPORT, lot, 2)
    app.clock.forward(seconds=1)
    for _ in range(2):  # an update that comes twice
        assert len(app.file_delivery.fetched(app.store.deal(lot), ADMIN, "u1", app.now())) == 2
    assert looks(app) == [(ADMIN, "all files: 2"), (SUPPORT, "file 2 of 2")]
    entry = app.audit_trail.entries(action="read-files").items[-1]
    assert (entry.subject, entry.address) == (f"lot/{lot}", "198.51.100.7")


def test_what_cannot_be_put_on_record_is_not_handed_out(app: FakeApp, telegram: Telegram, lot: str) -> None:
    deliver(app, lot)
    app.dealing.dispute(ANNA, lot, "empty", app.now())
    app.store.fail_next(Contended())
    with pytest.raises(Contended):
        link(app, SUPPORT, lot)
    app.store.fail_next(Contended())
    with pytest.raises(Contended):
        app.file_delivery.fetched(app.store.deal(lot), SUPPORT, "k", app.now())
    assert telegram.asked == []


def test_after_a_refund_both_sides_still_have_it_as_they_have_the_words(app: FakeApp, lot: str) -> None:
    deliver(app, lot)
    app.dealing.dispute(ANNA, lot, "empty", app.now())
    app.clock.forward(days=30)
    app.dealing.advance(lot, app.now())
    assert not app.store.deal(lot).is_open
    assert link(app, ANNA, lot)


def test_of_60_mb_telegram_is_not_even_asked(app: FakeApp, telegram: Telegram, lot: str) -> None:
    deliver(app, lot, zipped(size=60_000_000))
    assert link(app, ANNA, lot) is None
    assert telegram.asked == []


def test_of_an_unknown_size_trying_tells(app: FakeApp, telegram: Telegram, lot: str) -> None:
    telegram.files["large"] = b"x" * 20_000_001
    deliver(app, lot, zipped("large", None), zipped("doc", None))
    assert link(app, ANNA, lot) is None
    assert link(app, ANNA, lot, 2)


@pytest.mark.parametrize("trouble", [Rejected("wrong file_id"), TryLater(5)])
def test_what_telegram_does_not_give_out_now_is_in_the_chat_and_asked_for_the_next_time(
    app: FakeApp, telegram: Telegram, lot: str, trouble: Exception
) -> None:
    deliver(app, lot)
    telegram.trouble = trouble
    assert link(app, ANNA, lot) is None
    telegram.trouble = None
    assert link(app, ANNA, lot)


def test_a_copy_that_is_gone_is_made_again(app: FakeApp, telegram: Telegram, lot: str) -> None:
    deliver(app, lot)
    link(app, ANNA, lot)
    app.file_copies.kept.clear()
    assert link(app, ANNA, lot)
    assert telegram.asked == ["doc", "doc"]


def test_where_the_process_dies_while_it_copies_the_next_one_copies(app: FakeApp, telegram: Telegram, lot: str) -> None:
    deliver(app, lot)
    telegram.trouble = Death()
    with pytest.raises(Death):
        link(app, ANNA, lot)
    telegram.trouble = None
    assert link(app, ANNA, lot)


def test_fetching_without_end_ends(app: FakeApp, lot: str) -> None:
    deliver(app, lot)
    for _ in range(LIMITS[Deed.FILE].most):
        link(app, ANNA, lot)
    with pytest.raises(TooOften):
        link(app, ANNA, lot)
    assert link(app, SELLER, lot)


def test_thirty_days_after_the_end_copies_and_ids_are_erased(app: FakeApp, telegram: Telegram, lot: str) -> None:
    deliver(app, lot)
    link(app, ANNA, lot)
    app.dealing.confirm(ANNA, lot, app.now())
    app.clock.forward(days=30, milliseconds=-1)
    assert app.file_delivery.sweep(app.now()) == 0
    assert link(app, ANNA, lot)
    app.clock.forward(milliseconds=1)
    with pytest.raises(NotFound):
        link(app, ANNA, lot)
    assert app.file_delivery.sweep(app.now()) == 1
    assert app.file_copies.kept == {}
    assert app.store.tables.files[lot].files == ()
    assert_invariants(dump_of(app.store))


def test_where_erasing_stops_half_way_the_next_sweep_ends_it(app: FakeApp, lot: str) -> None:
    deliver(app, lot)
    app.dealing.confirm(ANNA, lot, app.now())
    app.clock.forward(days=30)
    app.file_copies.fail_next(RuntimeError("the bucket is away"))
    with pytest.raises(ExceptionGroup):
        app.file_delivery.sweep(app.now())
    assert app.file_delivery.sweep(app.now()) == 1
    assert app.file_delivery.sweep(app.now()) == 0


def test_a_blocked_seller_may_still_hand_over_what_was_sold(app: FakeApp, lot: str) -> None:
    parcel = app.file_delivery.put_aside(SELLER, lot, 1, zipped(), "", app.now())
    app.store.tables.people[SELLER] = replace(app.store.tables.people[SELLER], blocked=True)
    assert app.file_delivery.deliver(SELLER, lot, parcel.mark, app.now())
    assert app.store.deal(lot).files == 1


def test_nobody_else_puts_anything_aside(app: FakeApp, lot: str) -> None:
    for who in (ANNA, BORIS, ADMIN):
        with pytest.raises(NotYours):
            app.file_delivery.put_aside(who, lot, 1, zipped(), "", app.now())
        assert app.parts_aside.of(who, lot, app.now()) == {}


def test_after_it_was_sent_nothing_more_is_put_aside(app: FakeApp, lot: str) -> None:
    deliver(app, lot)
    with pytest.raises(WrongDealState):
        app.file_delivery.put_aside(SELLER, lot, 1, zipped("other"), "", app.now())
