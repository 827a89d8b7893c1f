"""What operators decide about people: who may, what it does, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from clerk.jobs import run
from starbid.domain.audit_trail import Decision, Operator, decided
from starbid.domain.errors import Blocked, InDebt, InsufficientFunds, Invalid
from starbid.domain.ledger import ADJUSTMENTS, TransferKind
from starbid.domain.moderation import FixedRole, OutOfReach, OwnAccount, read_change, read_end, read_role
from starbid.domain.money import Money
from starbid.domain.restrictions import FOREVER, NONE, Limit, Restricted, restrictions_of
from starbid.domain.roles import NotAllowed, Role
from starbid.services.desk.carrying_out import NoSuchPerson
from tests.support.debts import fall_into_debt
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, put_up, xtr
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of
from tests.support.there import there

OWNER, SUPPORT, FINANCE = Operator(900, Role.OWNER), Operator(901, Role.SUPPORT), Operator(902, Role.FINANCE)


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    join(app, ANNA, stars=1000)
    join(app, BORIS, stars=1000)
    join(app, SELLER, seller=True)
    for operator in (OWNER, SUPPORT, FINANCE):
        join(app, operator.id)
        person = app.store.tables.people[operator.id]
        app.store.tables.people[operator.id] = replace(person, role=operator.role)
    return app


def by(app: FakeApp, operator: Operator, key: str = "k1", reason: str = "spam") -> Decision:
    return decided(operator, reason, key, app.now())


def actions(app: FakeApp) -> list[str]:
    return [entry.action for entry in app.store.tables.audit.values()]


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 300_000


def do_work(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clerk takes what was asked for, in order."""
    monkeypatch.setattr("clerk.people.app", lambda: app)
    while app.desk_work.asked:
        name, facts, _ = app.desk_work.asked.pop(0)
        run({"job": name} | facts, Context())


# --- blocks -----------------------------------------------------------------------------------------------------------


def test_a_block_stands_in_person_wallets_and_audit_and_ends_sessions(app: FakeApp) -> None:
    app.moderation.block(ANNA, by(app, SUPPORT))
    assert there(app.store.person(ANNA)).blocked
    assert there(there(app.store.person(ANNA)).ended_sessions.until) >= app.now()
    assert all(wallet.blocked for key, wallet in app.store.tables.wallets.items() if key[0] == ANNA)
    (entry,) = app.store.tables.audit.values()
    assert (entry.admin_id, entry.action, entry.user_id) == (901, "block-person", ANNA)
    assert (entry.before, entry.after, entry.reason) == ("active", "blocked", "spam")


def test_blocked_twice_with_one_form_it_stands_in_the_audit_once(app: FakeApp) -> None:
    app.moderation.block(ANNA, by(app, SUPPORT))
    version = there(app.store.person(ANNA)).version
    app.moderation.block(ANNA, by(app, SUPPORT))
    assert actions(app) == ["block-person"]
    assert there(app.store.person(ANNA)).version == version


def test_after_a_block_lots_without_bids_are_taken_down_and_those_with_bids_run_on(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    without, with_bids = put_up(app).auction.id, put_up(app).auction.id
    app.bidding.bid(with_bids, ANNA, 100, app.now())
    app.moderation.block(SELLER, by(app, SUPPORT))
    do_work(app, monkeypatch)
    status = [app.store.auction(lot).status(app.now()) for lot in (without, with_bids)]
    assert status == ["cancelled", "live"]
    assert app.bidding.bid(with_bids, BORIS, 200, app.now()).auction.leader_id == BORIS


def test_taking_down_many_goes_on_where_time_was_short(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    lots = [put_up(app).auction.id for _ in range(60)]
    app.moderation.block(SELLER, by(app, SUPPORT))
    monkeypatch.setattr(Context, "get_remaining_time_in_millis", lambda _: 1)
    do_work(app, monkeypatch)
    assert all(app.store.auction(lot).status(app.now()) == "cancelled" for lot in lots)


def test_who_was_unblocked_in_time_keeps_their_lots(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    lot = put_up(app).auction.id
    app.moderation.block(SELLER, by(app, SUPPORT))
    app.moderation.unblock(SELLER, by(app, SUPPORT, "k2"))
    do_work(app, monkeypatch)
    assert app.store.auction(lot).status(app.now()) == "live"


def test_the_work_after_a_block_is_asked_for_before_it_too_so_that_no_death_between_them_loses_it(
    app: FakeApp,
) -> None:
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        app.moderation.block(SELLER, by(app, SUPPORT))
    assert there(app.store.person(SELLER)).blocked
    assert app.desk_work.asked == [("blocked", {"user_id": SELLER}, 60)]


def test_nobody_blocks_themselves_and_none_but_owners_their_equals(app: FakeApp) -> None:
    with pytest.raises(OwnAccount):
        app.moderation.block(901, by(app, SUPPORT))
    for theirs in (900, 902):
        with pytest.raises(NotAllowed):
            app.moderation.block(theirs, by(app, SUPPORT))
    app.moderation.block(902, by(app, OWNER))
    assert app.operators.role(902) is None
    with pytest.raises(NotAllowed):  # a block takes away a role, and gives nobody power over who has it
        app.moderation.unblock(902, by(app, SUPPORT))
    assert app.desk_work.asked == [("blocked", {"user_id": 902}, 60), ("blocked", {"user_id": 902}, 0)]


def test_a_viewer_blocks_nobody(app: FakeApp) -> None:
    with pytest.raises(NotAllowed):
        app.moderation.block(ANNA, by(app, Operator(903, Role.VIEWER)))


def test_nobody_of_this_id(app: FakeApp) -> None:
    with pytest.raises(NoSuchPerson):
        app.moderation.block(12345, by(app, OWNER))


# --- restrictions -----------------------------------------------------------------------------------------------------


def test_who_is_barred_from_bids_neither_bids_nor_buys_and_sells_on(app: FakeApp) -> None:
    lot = put_up(app, buy_now_price=500).auction.id
    until = app.now() + timedelta(days=1)
    app.moderation.restrict(ANNA, restrictions_of({Limit.BIDS}, until), by(app, SUPPORT))
    with pytest.raises(Restricted) as bid:
        app.bidding.bid(lot, ANNA, 100, app.now())
    assert (bid.value.code, bid.value.details) == ("restricted", {"what": "bids", "until": until.isoformat()})
    with pytest.raises(Restricted):
        app.bidding.buy(lot, ANNA, 500, app.now())
    app.clock.forward(seconds=600)
    assert app.bidding.bid(lot, BORIS, 100, app.now()).auction.leader_id == BORIS


def test_a_restriction_ends_at_its_moment_and_not_before(app: FakeApp) -> None:
    lot = put_up(app).auction.id
    app.moderation.restrict(ANNA, restrictions_of({Limit.BIDS}, app.now() + timedelta(minutes=10)), by(app, SUPPORT))
    app.clock.forward(seconds=599)
    with pytest.raises(Restricted):
        app.bidding.bid(lot, ANNA, 100, app.now())
    app.clock.forward(seconds=1)
    assert app.bidding.bid(lot, ANNA, 100, app.now()).auction.leader_id == ANNA


def test_one_that_came_while_the_bid_was_decided_refuses_it(app: FakeApp) -> None:
    lot = put_up(app).auction.id
    app.store.lag = True  # what the bid reads first is from before
    app.moderation.restrict(ANNA, restrictions_of({Limit.BIDS}, None), by(app, SUPPORT))
    with pytest.raises(Restricted) as refused:
        app.bidding.bid(lot, ANNA, 100, app.now())
    assert refused.value.until == FOREVER
    assert refused.value.details["until"] is None
    assert app.store.auction(lot, consistent=True).bids_count == 0


def test_who_is_barred_from_lots_publishes_and_relists_none_and_bids_on(app: FakeApp) -> None:
    lot = put_up(app).auction.id
    app.moderation.restrict(SELLER, restrictions_of({Limit.LOTS}, None), by(app, SUPPORT))
    with pytest.raises(Restricted):
        put_up(app)
    app.publishing.cancel(SELLER, lot, app.now())
    with pytest.raises(Restricted):
        app.publishing.relist(SELLER, lot, app.now())
    app.moderation.restrict(SELLER, NONE, by(app, SUPPORT, "k2"))
    app.publishing.relist(SELLER, lot, app.now())
    entries = list(app.store.tables.audit.values())
    assert [(entry.before, entry.after) for entry in entries] == [
        ("none", "no lots until lifted"),
        ("no lots until lifted", "none"),
    ]


def test_a_block_is_told_before_a_restriction_and_that_before_a_debt(app: FakeApp) -> None:
    lot = put_up(app).auction.id
    join(app, CLARA)
    fall_into_debt(app, CLARA, 100)
    with pytest.raises(InDebt):
        app.bidding.bid(lot, CLARA, 100, app.now())
    app.moderation.restrict(CLARA, restrictions_of({Limit.BIDS, Limit.LOTS}, None), by(app, SUPPORT))
    with pytest.raises(Restricted):
        app.bidding.bid(lot, CLARA, 100, app.now())
    with pytest.raises(Restricted):
        app.publishing.require_seller(CLARA, app.now())
    app.moderation.block(CLARA, by(app, SUPPORT))
    with pytest.raises(Blocked):
        app.bidding.bid(lot, CLARA, 100, app.now())
    with pytest.raises(Blocked):
        app.publishing.require_seller(CLARA, app.now())


def test_a_restriction_outlives_a_block(app: FakeApp) -> None:
    app.moderation.restrict(ANNA, restrictions_of({Limit.BIDS}, None), by(app, SUPPORT))
    app.moderation.block(ANNA, by(app, SUPPORT))
    app.moderation.unblock(ANNA, by(app, SUPPORT))
    with pytest.raises(Restricted):
        app.bidding.bid(put_up(app).auction.id, ANNA, 100, app.now())


# --- roles ------------------------------------------------------------------------------------------------------------


def test_an_owner_grants_and_takes_roles(app: FakeApp) -> None:
    app.moderation.grant(ANNA, Role.SUPPORT, by(app, OWNER))
    assert app.operators.role(ANNA) is Role.SUPPORT
    app.moderation.grant(ANNA, None, by(app, OWNER, "k2"))
    assert app.operators.role(ANNA) is None
    told = [(entry.before, entry.after) for entry in app.store.tables.audit.values()]
    assert told == [("none", "support"), ("support", "none")]


def test_no_role_is_granted_by_less_than_an_owner_to_oneself_or_to_who_is_one_by_the_configuration(
    app: FakeApp,
) -> None:
    with pytest.raises(NotAllowed):
        app.moderation.grant(ANNA, Role.VIEWER, by(app, FINANCE))
    with pytest.raises(OwnAccount):
        app.moderation.grant(900, None, by(app, OWNER))
    other = Operator(904, Role.OWNER)
    with pytest.raises(FixedRole):
        app.moderation.grant(900, Role.VIEWER, by(app, other))
    assert actions(app) == []


def test_an_unknown_role_is_a_wrong_field() -> None:
    assert read_role("") is None
    with pytest.raises(Invalid):
        read_role("god")


# --- balances ---------------------------------------------------------------------------------------------------------


def test_a_credit_is_earned_and_a_debit_takes_what_was_bought_first(app: FakeApp) -> None:
    app.balances.adjust(ANNA, xtr(200), by(app, FINANCE))
    wallet = app.store.wallet(ANNA, "XTR")
    assert (wallet.available, wallet.bought, wallet.refundable) == (xtr(1200), xtr(1000), xtr(1000))
    app.balances.adjust(ANNA, xtr(-300), by(app, FINANCE, "k2"))
    wallet = app.store.wallet(ANNA, "XTR")
    assert (wallet.available, wallet.bought) == (xtr(900), xtr(700))
    kinds = {t.kind: t for t in app.store.tables.transfers.values()}
    assert ADJUSTMENTS in {entry.account for entry in kinds[TransferKind.ADJUSTMENT].entries}
    assert_invariants(dump_of(app.store))


def test_no_balance_falls_below_zero(app: FakeApp) -> None:
    with pytest.raises(InsufficientFunds):
        app.balances.adjust(ANNA, xtr(-1001), by(app, FINANCE))
    assert app.balances.adjust(ANNA, xtr(-1000), by(app, FINANCE)).available == xtr(0)
    assert len(app.store.tables.audit) == 1


def test_a_debit_sent_twice_is_one_and_answers_as_done_even_with_nothing_left(app: FakeApp) -> None:
    for _ in range(2):
        assert app.balances.adjust(ANNA, xtr(-1000), by(app, FINANCE)).available == xtr(0)
    assert actions(app) == ["adjust-balance"]


def test_a_credit_settles_a_debt(app: FakeApp) -> None:
    join(app, CLARA)
    fall_into_debt(app, CLARA, 100)
    wallet = app.balances.adjust(CLARA, xtr(180), by(app, FINANCE))
    assert (wallet.available, wallet.owed) == (xtr(80), xtr(0))
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize("change", [200, -200])
def test_the_audit_tells_what_was_there_though_money_moves_meanwhile(app: FakeApp, change: int) -> None:
    app.store.meanwhile(lambda: app.balances.adjust(ANNA, xtr(50), by(app, OWNER, "other")))
    app.balances.adjust(ANNA, xtr(change), by(app, FINANCE))
    told = [(entry.before, entry.after) for entry in app.store.tables.audit.values()]
    assert sorted(told) == sorted([("1000 XTR", "1050 XTR"), ("1050 XTR", f"{1050 + change} XTR")])


def test_a_credit_in_a_currency_that_somebody_never_had_makes_a_wallet(app: FakeApp) -> None:
    assert app.balances.adjust(ANNA, Money(550, "RUB"), by(app, FINANCE)).available == Money(550, "RUB")
    (entry,) = app.store.tables.audit.values()
    assert (entry.before, entry.after) == ("0.00 RUB", "5.50 RUB"), "as people write them, though it came in kopecks"


def test_only_finance_adjusts_and_nobody_their_own_but_owners(app: FakeApp) -> None:
    with pytest.raises(NotAllowed):
        app.balances.adjust(ANNA, xtr(1), by(app, SUPPORT))
    with pytest.raises(OwnAccount):
        app.balances.adjust(902, xtr(1), by(app, FINANCE))
    assert app.balances.adjust(900, xtr(1), by(app, OWNER)).available == xtr(1)


@pytest.mark.parametrize("typed", ["0", "-0", "", " ", "1.5", "10**9", "1000000001", str(10**18), "--1", "+-1", "1e3"])
def test_a_change_that_is_none(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_change("XTR", typed)
    assert refused.value.field == "change"


def test_a_change_is_signed_and_as_large_as_10_to_the_9() -> None:
    assert read_change("RUB", " -1 000 000 000 ") == Money(-(10**9), "RUB")
    assert read_change("XTR", "\N{MINUS SIGN}5") == xtr(-5)
    assert read_change("XTR", "+5") == xtr(5)
    with pytest.raises(Invalid, match="currency"):
        read_change("DOGE", "5")


# --- messages and notes -----------------------------------------------------------------------------------------------


def test_a_message_reaches_the_person_once_and_its_words_stand_in_no_audit(app: FakeApp) -> None:
    for _ in range(2):
        app.moderation.write_to(ANNA, "Please <b>send</b> a photo.", by(app, SUPPORT))
    told = [notice for notice in app.run_streams() if notice.kind == "operator_wrote"]
    assert [notice.facts["text"] for notice in told] == ["Please <b>send</b> a photo."]
    assert "photo" not in repr(app.store.tables.audit)


def test_a_message_that_would_not_arrive_is_refused(app: FakeApp) -> None:
    app.people.mark_unreachable(ANNA)
    with pytest.raises(OutOfReach) as refused:
        app.moderation.write_to(ANNA, "Hello", by(app, SUPPORT))
    assert refused.value.reason == "unreachable"
    app.moderation.block(BORIS, by(app, SUPPORT))
    with pytest.raises(OutOfReach):
        app.moderation.write_to(BORIS, "Hello", by(app, SUPPORT))
    with pytest.raises(Invalid):
        app.moderation.write_to(ANNA, "  ", by(app, SUPPORT))


def test_notes_are_kept_newest_first_with_author_and_time(app: FakeApp) -> None:
    app.moderation.note(ANNA, "called", by(app, SUPPORT))
    app.moderation.note(ANNA, "called", by(app, SUPPORT))
    app.clock.forward(seconds=1)
    app.moderation.note(ANNA, "answered", by(app, FINANCE, "k2"))
    notes = app.notes.of(ANNA, app.now()).items
    assert [(note.author_id, note.text) for note in notes] == [(902, "answered"), (901, "called")]


# --- ends -------------------------------------------------------------------------------------------------------------


def test_an_end_is_a_moment_in_the_operators_zone_or_so_many_days(app: FakeApp) -> None:
    from starbid.zones import zone_called

    zone, now = zone_called("Europe/Moscow"), app.now()
    assert zone
    typed = f"{(now + timedelta(days=2)):%Y-%m-%d}T12:00"
    end = read_end(typed, "", zone, now)
    assert end
    assert f"{end:%H:%M}" == "09:00"
    assert read_end("", "3", zone, now) == now + timedelta(days=3)
    assert read_end("", " ", zone, now) is None


@pytest.mark.parametrize(
    ("until", "days"), [("2001-01-01T00:00", ""), ("soon", ""), ("9999-12-31T23:59", ""), ("", "0"), ("", "99999"),
                        ("", "-1"), ("0001-01-01T00:00", "")],
)  # fmt: skip
def test_an_end_that_is_none(app: FakeApp, until: str, days: str) -> None:
    from starbid.zones import zone_called

    zone = zone_called("Asia/Tokyo")
    assert zone
    with pytest.raises(Invalid):
        read_end(until, days, zone, app.now())
