"""Connecting groups and channels: who may, and what holds when two come at once or Telegram tells things twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from starbid.domain.showcases import ALL, MOST, MOST_KEEPERS, OWN, NotAdmin, NotConnected, Showcase, ShowcasesFull
from starbid.services.ports import Contended, TryLater
from starbid.services.showcases.connecting import Admin
from tests.support.factories import ANNA, BORIS, CLARA
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.there import there

CHAT, NEW = -5, -1005


def town(*admins: int) -> FakeApp:
    app = make_app()
    app.venues.add(CHAT, *admins)
    return app


def connect(app: FakeApp, who: int = ANNA, chat_id: int = CHAT) -> Showcase:
    return app.connecting.connect(chat_id, Admin(who, "en", None), app.now())


def chosen(app: FakeApp, shows: str, who: int = ANNA) -> Showcase:
    return app.connecting.change(CHAT, who, lambda known: known.showing(shows, who))


def test_only_an_admin_of_a_chat_that_the_bot_is_in_connects_it() -> None:
    app = town(ANNA)
    with pytest.raises(NotAdmin):
        connect(app, BORIS)
    app.venues.admins[NEW] = {ANNA}
    with pytest.raises(NotConnected):
        connect(app, ANNA, NEW)
    assert connect(app).keepers == (ANNA,)
    assert connect(app) == connect(app), "again is the same"


def test_of_two_admins_who_connect_it_at_the_same_moment_both_look_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    app = town(ANNA, BORIS)
    put = app.showcase_rows.put
    first: list[bool] = []

    def beaten(known: Showcase | None, showcase: Showcase) -> None:
        if not first:
            first.append(True)
            connect(app, BORIS)
        put(known, showcase)

    monkeypatch.setattr(app.showcase_rows, "put", beaten)
    connect(app)
    found = app.showcase_rows.one(CHAT)
    assert found
    assert set(found.keepers) == {ANNA, BORIS}


def test_who_is_always_beaten_gives_up_and_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    app = town(ANNA)

    def beaten(*_: object) -> None:
        raise Contended

    monkeypatch.setattr(app.showcase_rows, "put", beaten)
    with pytest.raises(Contended):
        connect(app)


def test_a_change_asks_again_whether_they_are_an_admin_now() -> None:
    app = town(ANNA)
    connect(app)
    app.venues.admins[CHAT].clear()
    acts: list[Callable[[], object]] = [lambda: chosen(app, ALL), lambda: app.connecting.disconnect(CHAT, ANNA)]
    for act in acts:
        with pytest.raises(NotAdmin):
            act()
    app.venues.fail_next(TryLater(5))
    with pytest.raises(TryLater):
        chosen(app, ALL)


@pytest.mark.parametrize("act", [
    lambda app: app.connecting.one(CHAT, BORIS),
    lambda app: app.connecting.change(CHAT, BORIS, lambda known: known),
    lambda app: app.connecting.disconnect(CHAT, BORIS),
    lambda app: app.connecting.leave(CHAT, BORIS),
])  # fmt: skip
def test_of_what_is_not_theirs_people_see_and_change_nothing(act: Callable[[FakeApp], object]) -> None:
    app = town(ANNA, BORIS)
    connect(app)
    with pytest.raises(NotConnected):
        act(app)


def test_a_keeper_who_leaves_takes_their_own_lots_with_them_and_the_last_one_everything() -> None:
    app = town(ANNA, BORIS)
    connect(app)
    connect(app, BORIS)
    chosen(app, OWN)
    app.connecting.leave(CHAT, ANNA)
    left = app.connecting.one(CHAT, BORIS)
    assert (left.keepers, left.shows, left.filed) == ((BORIS,), "", None)
    app.connecting.leave(CHAT, BORIS)
    assert app.showcase_rows.one(CHAT) is None


def others_first(app: FakeApp, monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], object]) -> None:
    """Let somebody else act just before the next write."""
    write = getattr(app.showcase_rows, name)

    def beaten(*given: object) -> None:
        monkeypatch.setattr(app.showcase_rows, name, write)
        act()
        write(*given)

    monkeypatch.setattr(app.showcase_rows, name, beaten)


def test_a_keeper_who_leaves_and_a_bot_that_is_turned_away_undo_no_change_of_the_same_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = town(ANNA, BORIS)
    connect(app)
    connect(app, BORIS)
    others_first(app, monkeypatch, "put", lambda: chosen(app, ALL, BORIS))
    app.connecting.leave(CHAT, ANNA)
    others_first(app, monkeypatch, "put", lambda: chosen(app, OWN, BORIS))
    assert app.connecting.barred(CHAT)
    left = there(app.showcase_rows.one(CHAT))
    assert (left.keepers, left.shows, left.may_post) == ((BORIS,), OWN, False)


def test_of_two_keepers_who_leave_at_the_same_moment_none_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    app = town(ANNA, BORIS)
    connect(app)
    connect(app, BORIS)
    others_first(app, monkeypatch, "put", lambda: app.connecting.leave(CHAT, BORIS))
    app.connecting.leave(CHAT, ANNA)
    assert app.showcase_rows.kept == {}


def test_a_keeper_who_comes_while_the_last_one_leaves_looks_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    app = town(ANNA, BORIS)
    connect(app)
    others_first(app, monkeypatch, "drop", lambda: connect(app, BORIS))
    app.connecting.leave(CHAT, ANNA)
    assert app.connecting.one(CHAT, BORIS).keepers == (BORIS,)


def test_what_telegram_tells_twice_or_late_changes_nothing_more() -> None:
    app = town(ANNA)
    connect(app)
    chosen(app, ALL)
    muted = app.venues.change(CHAT, may_post=False)
    told = [app.connecting.told(muted) for _ in range(2)]
    assert [before.may_post for each in told if each for before in [each[0]]] == [True, False]
    assert app.connecting.told(app.venues.add(NEW)) is None
    for _ in range(2):
        app.connecting.moved(CHAT, NEW)
    moved = app.showcase_rows.one(NEW)
    assert moved
    assert moved.shows == ALL
    assert (app.connecting.gone(CHAT), app.connecting.barred(CHAT)) == (None, False)
    assert app.connecting.gone(NEW) is None, "an old piece of news: the bot is there"
    del app.venues.known[NEW]
    for _ in range(2):
        app.connecting.gone(NEW)
    assert app.showcase_rows.kept == {}


def test_a_right_that_is_there_again_is_not_lost_by_older_news() -> None:
    app = town(ANNA)
    connect(app)
    lost = app.venues.change(CHAT, may_post=False)
    app.venues.change(CHAT, may_post=True)
    app.connecting.told(lost)
    assert app.connecting.one(CHAT, ANNA).may_post


def test_a_move_to_a_group_that_was_connected_first_brings_what_was_chosen_along() -> None:
    app = town(ANNA)
    app.venues.add(NEW, ANNA)
    connect(app)
    chosen(app, ALL)
    connect(app, ANNA, NEW)
    moved = app.connecting.moved(CHAT, NEW)
    assert moved
    assert (moved.shows, app.showcase_rows.one(CHAT), app.showcase_rows.one(NEW)) == (ALL, None, moved)
    assert app.connecting.moved(CHAT, NEW) is None


def test_a_move_to_a_group_that_has_choices_of_its_own_leaves_them() -> None:
    app = town(ANNA)
    app.venues.add(NEW, ANNA)
    connect(app)
    connect(app, ANNA, NEW)
    there = app.connecting.change(NEW, ANNA, lambda known: known.showing(ALL, ANNA))
    assert app.connecting.moved(CHAT, NEW) == there
    assert (app.showcase_rows.one(CHAT), app.showcase_rows.one(NEW)) == (None, there)


def test_there_is_an_end_to_what_one_keeps_and_to_keepers() -> None:
    app = town(ANNA)
    for number in range(MOST):
        app.venues.add(-100 - number, ANNA)
        connect(app, ANNA, -100 - number)
    with pytest.raises(ShowcasesFull):
        connect(app)
    connect(app, ANNA, -100)
    app.venues.add(NEW, CLARA, *range(1000, 1000 + MOST_KEEPERS))
    for who in range(1000, 1000 + MOST_KEEPERS):
        connect(app, who, NEW)
    with pytest.raises(ShowcasesFull):
        connect(app, CLARA, NEW)


def showcase_notices(app: FakeApp) -> list[tuple[str, int]]:
    return [(each.kind, each.user_id) for each in app.run_streams() if each.kind.startswith("showcase")]


def test_where_the_bot_is_refused_its_keepers_are_told_once_however_often_it_is() -> None:
    app = town(ANNA, BORIS)
    for who in (ANNA, BORIS):
        connect(app, who)
    for _ in range(3):
        assert app.connecting.barred(CHAT)
    told = showcase_notices(app)
    assert sorted(told) == [("showcase_shut_out", ANNA), ("showcase_shut_out", BORIS)]
    assert showcase_notices(app) == []


def test_who_dies_before_a_refusal_is_written_down_lets_it_be_told_by_the_same_notice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = town(ANNA)
    connect(app)
    put = app.showcase_rows.put

    def dies(*_: object) -> None:
        raise Death

    monkeypatch.setattr(app.showcase_rows, "put", dies)
    with pytest.raises(Death):
        app.connecting.barred(CHAT)
    monkeypatch.setattr(app.showcase_rows, "put", put)
    app.connecting.barred(CHAT)
    ids = [each.id for each in app.run_streams() if each.kind == "showcase_shut_out"]
    assert len(ids) == 2
    assert len(set(ids)) == 1, "the sender tells it once"


@pytest.mark.parametrize("look", [
    lambda app: app.connecting.one(CHAT, ANNA),
    lambda app: app.connecting.change(CHAT, ANNA, lambda known: known),
    connect,
])  # fmt: skip
def test_a_right_of_all_members_that_is_back_is_seen_as_soon_as_a_keeper_looks(
    look: Callable[[FakeApp], Showcase],
) -> None:
    app = town(ANNA)
    connect(app)
    chosen(app, ALL)
    app.venues.change(CHAT, may_post=False)
    app.connecting.barred(CHAT)
    assert look(app).filed is None, "it is not back"
    app.venues.change(CHAT, may_post=True)
    assert look(app).filed == "all"
    app.connecting.barred(CHAT)
    app.venues.known.clear()
    assert app.connecting.one(CHAT, ANNA).filed is None, "it may have sent the bot away"


def test_a_right_that_is_back_by_news_counts_if_all_members_have_it() -> None:
    """News of a plain member does not say what the group lets its members do."""
    app = town(ANNA)
    connect(app)
    app.venues.change(CHAT, may_post=False)
    app.connecting.barred(CHAT)
    said = replace(app.venues.known[CHAT], may_post=True)
    told = app.connecting.told(said)
    assert told
    assert (told[0].may_post, told[1].may_post) == (False, False)


def test_a_topic_that_is_gone_is_forgotten_and_told_once_unless_another_one_was_chosen() -> None:
    app = town(ANNA)
    app.connecting.connect(CHAT, Admin(ANNA, "en", None), app.now(), thread=7)
    assert app.connecting.outside(CHAT, 6).thread == 7
    for _ in range(3):
        assert app.connecting.outside(CHAT, 7).thread is None
    assert showcase_notices(app) == [("showcase_topic_gone", ANNA)]
