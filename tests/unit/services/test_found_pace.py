"""However many new lots and searches there are, their notices leave the queue to what concerns money."""

from collections import Counter
from typing import Any

import pytest

from starbid.domain.criteria import Criteria
from starbid.domain.switches import Switch
from starbid.domain.windows import Window
from starbid.services import found_pace
from starbid.services.ports import Crowded, Unavailable
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, put_up
from tests.support.fakes import FakeApp, make_app

WORDS = [f"{first}{second}" for first in ("kra", "mol", "tip", "zun", "fes", "bor") for second in ("dok", "lam", "vit",
         "gor", "pek", "nus", "rad", "sob", "tek", "wim")]  # fmt: skip
WRITES = ("claim", "finish", "forget", "put", "count")


@pytest.fixture
def app() -> FakeApp:
    made = make_app()
    join(made, SELLER, seller=True)
    return made


@pytest.fixture
def writes(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the scratch table is written to, by the kind of write."""
    counted: Counter[str] = Counter()

    def follow(name: str) -> None:
        write = getattr(app.scratch, name)

        def counting(*args: Any, **named: Any) -> Any:
            counted[name] += 1
            return write(*args, **named)

        monkeypatch.setattr(app.scratch, name, counting)

    for name in WRITES:
        follow(name)
    return counted


def crowd(app: FakeApp, people: int, words: list[str] | None = None) -> range:
    """People who look for a word each, or all for a lamp."""
    who = range(1000, 1000 + people)
    for number, person in enumerate(who):
        join(app, person)
        app.saved_searches.save(person, Criteria(words[number] if words else "lamp"), app.now())
    return who


def queued(app: FakeApp) -> int:
    """Notices that the steps which are there put on the queue now."""
    before = len(app.outgoing.notices)
    app._take_steps()
    return len(app.outgoing.notices) - before


def announced(app: FakeApp, **changes: Any) -> str:
    lot = put_up(app, **changes)
    app.store.project(app.now())
    app.announcing.announce(lot, app.now())
    return lot.auction.id


def told(app: FakeApp) -> list[int]:
    return sorted(person.id for person, notice, _ in app.messenger.told if notice.kind == "found")


def test_a_hundred_notices_in_ten_seconds_enter_the_queue_and_the_rest_comes_in_time(app: FakeApp) -> None:
    who = crowd(app, 330)
    announced(app)
    each = []
    for _ in range(4):
        each.append(queued(app))
        app.clock.forward(seconds=10)
    assert each == [100, 100, 100, 30]
    assert sorted(notice.user_id for notice in app.outgoing.notices) == list(who)
    assert app.outgoing.finders == []


def test_lots_of_many_words_share_the_pace(app: FakeApp) -> None:
    """Before there was one, five lots put 300 notices on the queue at once."""
    crowd(app, len(WORDS), WORDS)
    for number in range(5):
        announced(app, title=f"Lot {number}", description=" ".join(WORDS))
    each = []
    while app.outgoing.finders:
        each.append(queued(app))
        app.clock.forward(seconds=10)
    assert each == [100, 100, 100]


def test_a_step_that_waits_says_until_when_and_is_no_trouble(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found_pace, "NOTICES", Window(1, 10))
    for who in (ANNA, BORIS):
        join(app, who)
        app.saved_searches.save(who, Criteria("lamp" if who == ANNA else "oil"), app.now())
    lot = announced(app, title="Oil lamp")
    app.announcing.step(lot, "word#lamp", "", app.now())
    with pytest.raises(Crowded) as waits:
        app.announcing.step(lot, "word#oil", "", app.now())
    assert 1 <= waits.value.seconds <= 10


def test_a_lot_that_has_waited_for_two_hours_is_no_news(app: FakeApp) -> None:
    crowd(app, 1)
    announced(app, duration_seconds=90_000)
    app.clock.forward(hours=2)
    waiting = list(app.outgoing.finders)
    assert queued(app) == 1
    app.outgoing.finders = waiting
    app.clock.forward(seconds=1)
    assert queued(app) == 0
    assert app.outgoing.finders == []


def test_twenty_lots_of_a_seller_are_told_in_an_hour_and_another_sellers_are_too(app: FakeApp) -> None:
    crowd(app, 1)
    join(app, CLARA, seller=True)
    lots = [announced(app) for _ in range(25)]
    assert [lot for lot, _, _ in app.outgoing.finders] == lots[:20]
    other = announced(app, seller_id=CLARA)
    app.clock.forward(hours=1)
    later = announced(app)
    assert [lot for lot, _, _ in app.outgoing.finders[20:]] == [other, later]


def test_a_stream_that_brings_a_lot_again_counts_it_once(app: FakeApp) -> None:
    crowd(app, 1)
    lot = put_up(app)
    app.store.project(app.now())
    for _ in range(30):
        app.outgoing.fail_next(Unavailable("sqs"))
        with pytest.raises(Unavailable):
            app.announcing.announce(lot, app.now())
    app.announcing.announce(lot, app.now())
    others = [announced(app) for _ in range(25)]
    assert [lot for lot, _, _ in app.outgoing.finders] == [lot.auction.id, *others[:19]]
    app.outgoing.finders.clear()
    for passed_over in others[19:]:
        app.announcing.announce(app.store.lot(passed_over), app.now())
    assert app.outgoing.finders == [], "one that was passed over stays so"


def test_lots_that_nobody_looks_for_count_for_nothing(app: FakeApp, writes: Counter[str]) -> None:
    join(app, ANNA)
    app.saved_searches.save(ANNA, Criteria("lamp"), app.now())
    for _ in range(25):
        announced(app, title="Chair", description="Wood.")
    writes.clear()
    announced(app)
    assert len(app.outgoing.finders) == 1
    assert writes == {"count": 2}


def test_who_is_not_told_costs_no_write(app: FakeApp, writes: Counter[str]) -> None:
    """Four claims and a record for each notice it was."""
    off, blocked, away = crowd(app, 3)
    app.people.switch(off, {Switch.SEARCH: False})
    app.store.block(blocked)
    app.people.mark_unreachable(away)
    put_up(app)
    app.store.project(app.now())
    writes.clear()
    app.announcing.announce(app.store.lot(put_up(app).auction.id), app.now())
    app.run_streams()
    assert told(app) == []
    assert not {"claim", "finish", "forget", "put"} & set(writes)


def test_a_notice_costs_three_writes_and_one_more_each_time_that_it_waits_at_most(
    app: FakeApp, writes: Counter[str]
) -> None:
    """Five, and four more for each time that it came too early, as long as each notice was claimed by its id too."""
    crowd(app, 1)
    first = announced(app)
    queued(app)
    writes.clear()
    app.run_streams()
    assert told(app) == [1000]
    assert writes == {"claim": 1, "put": 1, "forget": 1}
    second = announced(app)
    queued(app)
    app.run_streams()
    writes.clear()
    for _ in range(10):
        app.clock.forward(seconds=5)
        app.run_streams()
    assert not writes, "it waits already"
    app.clock.forward(seconds=15)
    app.run_streams()
    assert writes == {"claim": 1, "put": 1, "forget": 1}
    assert len(told(app)) == 2
    writes.clear()
    for lot in (first, second):
        app.announcing.announce(app.store.lot(lot), app.now())
    app._take_steps()
    app.sending.send(app.outgoing.notices[0], app.now())
    assert not {"claim", "put", "forget"} & set(writes), "it was told"
    assert len(told(app)) == 2
