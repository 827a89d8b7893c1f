"""Admins and disputes: a few in a row are told each, more by one message, and nothing that waits goes unheard."""

from __future__ import annotations

import pytest

from starbid.services import open_disputes
from starbid.services.claiming import LEASE_SECONDS
from starbid.services.living import PACE_SECONDS
from starbid.services.open_disputes import MOST, QUIET_SECONDS, SOUNDS
from starbid.services.ports import Notice, Unreachable
from starbid.services.telling import Sending
from starbid.storage.chats import RecordedMessages
from starbid.storage.recorded import RecordedMutes
from tests.support.desk import deciding
from tests.support.factories import ANNA, SELLER, join, market, put_up
from tests.support.fakes import Death, FakeApp
from tests.support.mortal import Fate, Mortal

ADMIN = 900


def market_with_admin() -> FakeApp:
    app, _ = market(stars=100_000)
    join(app, ADMIN)
    app.run_streams()
    app.messenger.told.clear()
    return app


def dispute(app: FakeApp, text: str = "it does not work") -> str:
    lot = put_up(app, start_price=1, buy_now_price=1).auction.id
    app.bidding.buy(lot, ANNA, 1, app.now())
    app.dealing.dispute(ANNA, lot, text, app.now())
    return lot


def told(app: FakeApp) -> list[list[str]]:
    """The open lots of each new message to the admin, in order."""
    return [n.facts["lots"] for p, n, _ in app.messenger.told if (p.id, n.kind) == (ADMIN, "dispute_opened")]


def edits(app: FakeApp) -> list[list[str]]:
    return [n.facts["lots"] for _, n, *_ in app.messenger.edited if n.kind == "dispute_opened"]


def wait(app: FakeApp, seconds: int) -> None:
    for _ in range(seconds // PACE_SECONDS):
        app.run_streams()
        app.clock.forward(seconds=PACE_SECONDS)
    app.run_streams()


@pytest.fixture
def one_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_disputes, "SOUNDS", 1)


def test_a_few_disputes_in_a_row_are_told_by_a_message_each() -> None:
    app = market_with_admin()
    lots = []
    for _ in range(SOUNDS):
        lots.append(dispute(app))
        app.run_streams()
        app.clock.forward(seconds=PACE_SECONDS)
    assert [sorted(each) for each in told(app)] == [sorted(lots[: n + 1]) for n in range(SOUNDS)]
    lots.append(dispute(app))
    app.run_streams()
    assert (len(told(app)), sorted(edits(app)[-1])) == (SOUNDS, sorted(lots))


def test_fifty_disputes_that_are_opened_and_withdrawn_make_a_few_sounds_in_ten_minutes() -> None:
    app = market_with_admin()
    for _ in range(50):
        lot = dispute(app)
        app.run_streams()
        app.dealing.withdraw(ANNA, lot, app.now())
        app.dealing.deliver(SELLER, lot, "c", app.now())
        app.dealing.confirm(ANNA, lot, app.now())
        app.run_streams()
        app.clock.forward(seconds=5)
    wait(app, QUIET_SECONDS)
    assert len(told(app)) == SOUNDS
    assert len(edits(app)) <= 2 * 50
    assert edits(app)[-1] == []
    assert "dispute_withdrawn" not in app.messenger.kinds_for(ADMIN)
    assert not app.outgoing.notices


@pytest.mark.usefixtures("one_sound")
def test_one_more_is_shown_at_once_and_heard_when_the_quiet_is_over() -> None:
    app = market_with_admin()
    first = dispute(app)
    wait(app, 60)
    second, third = dispute(app), dispute(app)
    wait(app, 60)
    assert told(app) == [[first]]
    assert {tuple(sorted(lots)) for lots in edits(app)} == {tuple(sorted((first, second, third)))}
    wait(app, QUIET_SECONDS)
    assert [sorted(lots) for lots in told(app)] == [[first], sorted((first, second, third))]
    wait(app, 3 * QUIET_SECONDS)
    assert len(told(app)) == 2, "each is heard once"
    assert not app.outgoing.notices


@pytest.mark.usefixtures("one_sound")
def test_what_is_over_when_the_quiet_is_makes_no_sound() -> None:
    app = market_with_admin()
    first, second = dispute(app), dispute(app)
    third = dispute(app)
    wait(app, 30)
    assert [sorted(lots) for lots in told(app)] == [sorted((first, second, third))]
    fourth = dispute(app)
    wait(app, 30)
    app.dealing.withdraw(ANNA, fourth, app.now())
    wait(app, QUIET_SECONDS)
    assert len(told(app)) == 1
    assert fourth not in edits(app)[-1]


def test_the_newest_is_shown_with_its_own_words() -> None:
    app = market_with_admin()
    dispute(app, "first")
    wait(app, QUIET_SECONDS)
    second = dispute(app, "second")
    app.run_streams()
    app.dealing.withdraw(ANNA, second, app.now())
    wait(app, 10)
    drawn = [(n.facts["text"], lot) for p, n, lot in app.messenger.told if p.id == ADMIN]
    assert [text for text, _ in drawn] == ["first", "second"]
    assert drawn[1][1] is not None
    assert drawn[1][1].auction.id == second
    assert app.messenger.edited[-1][1].facts["text"] == "first"


def test_one_that_an_admin_settled_is_off_every_admins_message() -> None:
    app = market_with_admin()
    lot = dispute(app)
    wait(app, 30)
    app.dealing.resolve(deciding("fine", app.now()), lot, True)
    wait(app, 30)
    assert (len(told(app)), edits(app)) == (1, [[]])


def test_an_index_that_is_behind_hides_no_dispute(monkeypatch: pytest.MonkeyPatch) -> None:
    app = market_with_admin()
    lot = dispute(app)
    monkeypatch.setattr(app.store, "open_disputes", lambda limit: [])
    wait(app, 10)
    assert told(app) == [[lot]]
    app.dealing.withdraw(ANNA, lot, app.now())
    wait(app, 10)
    assert edits(app) == [[]]


def test_beyond_those_that_are_counted_each_is_still_heard() -> None:
    app = market_with_admin()
    lots = {dispute(app) for _ in range(MOST + 3)}
    for _ in range(5):
        wait(app, QUIET_SECONDS)
    heard = {lot for shown in told(app) for lot in shown}
    assert heard == lots
    assert len(told(app)) <= 4
    last = [n for p, n, _ in app.messenger.told if p.id == ADMIN][-1]
    assert last.facts["more"]


def test_a_message_that_was_deleted_is_sent_again_only_for_what_waits() -> None:
    app = market_with_admin()
    first = dispute(app)
    wait(app, 30)
    app.messenger.gone = set(range(1, 100))
    app.dealing.withdraw(ANNA, first, app.now())
    wait(app, 30)
    assert told(app) == [[first]]
    second = dispute(app)
    wait(app, 30)
    assert told(app) == [[first], [second]]


def test_an_admin_out_of_reach_keeps_nobody_waiting() -> None:
    app = market_with_admin()
    app.messenger.fail_next(Unreachable())
    notice = Notice("n", ADMIN, "dispute_opened", dispute(app), {})
    app.sending.send(notice, app.now())
    assert app.store.tables.people[ADMIN].unreachable
    app.sending.send(Notice("m", ADMIN, "dispute_opened", notice.auction_id, {}), app.now())
    assert told(app) == []


def test_answers_about_many_lots_are_one_message_with_the_newest() -> None:
    app = market_with_admin()
    for number in range(30):
        app.dealing.answer(SELLER, dispute(app), f"answer {number}", app.now())
        wait(app, 10)
    assert app.messenger.kinds_for(ADMIN).count("dispute_answered") == 1
    (*_, (_, _, lot, _)) = [each for each in app.messenger.edited if each[1].kind == "dispute_answered"]
    assert lot is not None
    assert lot.deal is not None
    assert lot.deal.answer == "answer 29"


def run(app: FakeApp, lots: list[str], fate: Fate) -> None:
    scratch = Mortal(app.scratch, fate)
    messages, messenger = RecordedMessages(scratch), Mortal(app.messenger, fate)
    sending = Sending(app.store, scratch, messages, RecordedMutes(scratch), app.people, messenger)
    for lot in lots:
        sending.send(Notice(f"{lot}:dispute_opened", ADMIN, "dispute_opened", lot, {}), app.now())
        app.clock.forward(seconds=QUIET_SECONDS)


def moments() -> int:
    app, fate = market_with_admin(), Fate()
    run(app, [dispute(app)], fate)
    return fate.moments


@pytest.mark.parametrize("moment", range(moments()))
def test_a_sender_that_dies_anywhere_loses_no_dispute(moment: int) -> None:
    app, fate = market_with_admin(), Fate(moment)
    lot = dispute(app)
    with pytest.raises(Death):
        run(app, [lot], fate)
    fate.revive()
    app.clock.forward(seconds=LEASE_SECONDS)
    run(app, [lot], fate)
    between = fate.last in (("tell", "after"), ("put", "before"))
    assert told(app) == [[lot]] * (2 if between else 1)
