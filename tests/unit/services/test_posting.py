"""Lots in groups and channels: one post a chat, edited in place at the pace of its chat until the lot has ended."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from starbid.domain.lots import Lot
from starbid.domain.showcases import ALL, OWN, Showcase
from starbid.services.call_pace import CallPace
from starbid.services.ports import Barred, Crowded, GroupMoved, NoTopic, OutOfOrder, Rejected, ShownPost, TryLater
from starbid.services.showcases.pace import IN_A_CHAT, ChatPace
from starbid.services.showcases.posting import APART, AT_ONCE, FALLS_APART, KEPT, STEP, TURN_SECONDS
from starbid.telegram.paced_poster import PacedPoster
from tests.support.factories import ANNA, BORIS, SELLER, join, put_up
from tests.support.fakes import Death, FakeApp, FakePace, make_app
from tests.support.there import there

GROUP, CHANNEL, SUPERGROUP = -5, -1001, -1002


def town() -> FakeApp:
    """A seller and two with money."""
    app = make_app()
    join(app, SELLER, seller=True)
    for who in (ANNA, BORIS):
        join(app, who, stars=20_000)
    return app


def connect(app: FakeApp, chat_id: int = GROUP, shows: str = ALL, keeper: int = ANNA, **facts: Any) -> Showcase:
    made = Showcase(chat_id, "Lamps", False, True, "en", None, app.now(), (keeper,)).showing(shows, keeper)
    made = made.changed(**facts) if facts else made
    app.showcase_rows.put(None, made)
    return made


def posted(*chats: int, **changes: Any) -> tuple[FakeApp, Lot]:
    """A lot that stands in some chats which show all lots."""
    app = town()
    for chat_id in chats:
        connect(app, chat_id)
    lot = put_up(app, **changes)
    app.run_streams()
    app.run_posts()
    return app, lot


def bid(app: FakeApp, lot: Lot) -> int:
    """One more bid; answers the lot's version, which the message about it carries."""
    count = app.store.auction(lot.auction.id).bids_count
    app.bidding.bid(lot.auction.id, (ANNA, BORIS)[count % 2], 200 + 100 * count, app.now(), confirmed=True)
    return app.store.auction(lot.auction.id).version


def post_of(app: FakeApp, lot: Lot, chat_id: int = GROUP) -> ShownPost | None:
    return app.shown_posts.one(lot.auction.id, chat_id, app.now())


def drawn(app: FakeApp, chat_id: int = GROUP) -> list[int]:
    """The versions that were drawn in a chat, in order."""
    return [version for what, chat, version in app.poster.calls if chat == chat_id and what != "take down"]


# --- new lots ---------------------------------------------------------------------------------------------------------


def test_a_new_lot_is_posted_where_all_its_category_or_its_sellers_lots_are_shown() -> None:
    app = make_app()
    join(app, SELLER, seller=True)
    shown = {-1: connect(app, -1, ALL), -2: connect(app, -2, "home"), -3: connect(app, -3, OWN, SELLER)}
    for chat_id, shows, keeper in ((-4, "art", ANNA), (-5, OWN, ANNA), (-6, "", ANNA)):
        connect(app, chat_id, shows, keeper)
    connect(app, -7, may_post=False)
    lot = put_up(app)
    app.run_streams()
    app.run_posts()
    assert {chat for _, chat, _ in app.poster.calls} == set(shown)
    assert {post.chat_id for post in app.shown_posts.of_lot(lot.auction.id, app.now())} == set(shown)


def test_however_often_its_message_comes_a_lot_is_posted_once_a_chat() -> None:
    app, lot = posted(GROUP)
    for _ in range(3):
        app.posting.post(lot.auction.id, GROUP, app.now())
        app.clock.forward(minutes=1)
    assert drawn(app) == [1]


def test_a_process_that_dies_before_the_post_leaves_it_to_the_next_one() -> None:
    app = town()
    connect(app)
    lot = put_up(app)
    app.poster.fail_next(Death())
    with pytest.raises(Death):
        app.posting.post(lot.auction.id, GROUP, app.now())
    with pytest.raises(TryLater):
        app.posting.post(lot.auction.id, GROUP, app.now())
    app.clock.forward(minutes=2)
    app.posting.post(lot.auction.id, GROUP, app.now())
    assert drawn(app) == [1]


def test_a_chat_that_has_no_room_gets_the_others_when_it_has() -> None:
    app = town()
    connect(app)
    lots = [put_up(app) for _ in range(IN_A_CHAT.most + 2)]
    app.run_streams()
    app.run_posts()
    assert (len(app.poster.posts), len(app.outgoing.posts)) == (IN_A_CHAT.most, 2)
    app.clock.forward(seconds=IN_A_CHAT.seconds)
    app.run_posts()
    assert (len(app.poster.posts), app.outgoing.posts) == (len(lots), [])


def test_what_has_waited_for_hours_has_ended_or_is_hidden_is_no_news() -> None:
    app = town()
    connect(app)
    late, over, hidden = put_up(app, duration_seconds=86_400), put_up(app), put_up(app)
    app.store.tables.auctions[hidden.auction.id] = _hidden(app, hidden)
    app.posting.post(hidden.auction.id, GROUP, app.now())
    app.clock.forward(hours=3)
    for lot in (late, over):
        app.posting.post(lot.auction.id, GROUP, app.now())
        app.posting.step(lot.auction.id, ALL, "", app.now())
    assert (app.poster.calls, app.outgoing.posts) == ([], [])


def _hidden(app: FakeApp, lot: Lot) -> Any:
    auction = app.store.tables.auctions[lot.auction.id]
    return replace(auction, hidden=True, version=auction.version + 1)


def test_showcases_of_a_place_come_in_steps_each_once() -> None:
    app = town()
    chats = [-number for number in range(1, 2 * STEP + 4)]
    for chat_id in chats:
        connect(app, chat_id)
    put_up(app)
    app.run_streams()
    app.run_posts()
    assert sorted(chat for _, chat, _ in app.poster.calls) == sorted(chats)


def test_a_lot_that_moves_while_it_is_posted_is_drawn_again() -> None:
    app = town()
    connect(app)
    lot = put_up(app)
    send = app.poster.post

    def slowly(*args: Any) -> int | None:
        number = send(*args)
        bid(app, lot)
        return number

    app.poster.__dict__["post"] = slowly
    app.posting.post(lot.auction.id, GROUP, app.now())
    assert app.outgoing.post_wakes == [(lot.auction.id, 0)]


# --- changes ----------------------------------------------------------------------------------------------------------


def test_a_change_is_drawn_once_in_each_chat() -> None:
    app, lot = posted(GROUP, CHANNEL)
    app.clock.forward(seconds=20)
    version = bid(app, lot)
    for _ in range(2):
        app.posting.redraw(lot.auction.id, app.now(), version)
    assert (drawn(app), drawn(app, CHANNEL)) == ([1, version], [1, version])


def test_a_lot_without_posts_costs_no_read_of_it() -> None:
    app, lot = posted()
    app.store.trips.clear()
    app.posting.redraw(lot.auction.id, app.now(), 2)
    assert app.store.trips == []


def test_many_bids_become_few_edits_and_the_last_one_is_seen() -> None:
    app, lot = posted(GROUP)
    app.clock.forward(seconds=20)
    for _ in range(60):
        version = bid(app, lot)
        with suppress(TryLater):
            app.posting.redraw(lot.auction.id, app.now(), version)
        app.clock.forward(seconds=1)
    in_the_rush = len(drawn(app)) - 1
    assert in_the_rush <= 60 // APART.total_seconds() + 1
    app.clock.forward(seconds=20)
    app.posting.redraw(lot.auction.id, app.now())
    assert drawn(app)[-1] == version


def test_in_no_minute_a_chat_gets_more_than_telegram_takes() -> None:
    """Ten lots that all move every second, in one group."""
    app = town()
    connect(app)
    lots = [put_up(app) for _ in range(10)]
    made: list[float] = []
    for second in range(600):
        app.run_streams()
        before = len(app.poster.calls)
        app.run_posts()
        for lot in lots:
            app.store.tables.auctions[lot.auction.id] = _moved(app, lot)
            with suppress(TryLater):
                app.posting.redraw(lot.auction.id, app.now(), app.store.auction(lot.auction.id).version)
        made += [second] * (len(app.poster.calls) - before)
        app.clock.forward(seconds=1)
    worst = max(sum(begin <= at < begin + 60 for at in made) for begin in range(600))
    assert worst <= 20
    assert len(made) >= 100, "and what it takes is used"
    drawn_lots = {lot.auction.id for lot in app.poster.shown(GROUP)}
    assert drawn_lots == {lot.auction.id for lot in lots}


def _moved(app: FakeApp, lot: Lot) -> Any:
    auction = app.store.tables.auctions[lot.auction.id]
    return replace(auction, version=auction.version + 1)


def test_those_that_have_to_wait_ask_for_one_turn_however_many_changes_there_are() -> None:
    app, lot = posted(GROUP)
    app.outgoing.post_wakes.clear()
    for _ in range(3):
        version = bid(app, lot)
        app.posting.redraw(lot.auction.id, app.now(), version)
        app.clock.forward(seconds=TURN_SECONDS)
    assert drawn(app) == [1], "it was posted a moment ago"
    assert len(app.outgoing.post_wakes) == 1
    app.clock.forward(seconds=APART.total_seconds())
    app.posting.redraw(lot.auction.id, app.now())
    assert drawn(app) == [1, version]


def test_of_very_many_posts_a_turn_draws_some_the_oldest_first_and_the_others_follow() -> None:
    app, lot = posted()
    for chat_id in range(-AT_ONCE - 10, 0):
        connect(app, chat_id)
        app.shown_posts.put(ShownPost(lot.auction.id, chat_id, -chat_id, 1, 1, "en", "", app.now()), *_times(app))
    app.clock.forward(seconds=20)
    version = bid(app, lot)
    app.posting.redraw(lot.auction.id, app.now(), version)
    assert len(app.poster.calls) == AT_ONCE
    assert [seconds for _, seconds in app.outgoing.post_wakes] == [TURN_SECONDS]
    app.clock.forward(seconds=TURN_SECONDS)
    app.posting.redraw(lot.auction.id, app.now())
    assert {chat for _, chat, _ in app.poster.calls} == set(range(-AT_ONCE - 10, 0))


def _times(app: FakeApp) -> tuple[Any, Any]:
    return app.now() + timedelta(days=30), app.now()


# --- the end ----------------------------------------------------------------------------------------------------------


def test_the_result_is_drawn_at_once_whenever_the_post_was_edited_last() -> None:
    app, lot = posted(GROUP)
    bid(app, lot)
    app.clock.forward(hours=1, seconds=3)
    app.posting.redraw(lot.auction.id, app.now(), 2)
    app.clock.forward(seconds=TURN_SECONDS)
    app.closing.close_if_due(app.store.auction(lot.auction.id), app.now())
    version = app.store.auction(lot.auction.id).version
    app.posting.redraw(lot.auction.id, app.now(), version)
    assert app.poster.shown(GROUP)[0].auction.is_final
    assert drawn(app) == [1, 2, version]


def over(app: FakeApp, lot: Lot) -> int:
    """The lot ends, and its post shows that; its version."""
    app.clock.forward(hours=1, seconds=3)
    app.closing.close_if_due(app.store.auction(lot.auction.id), app.now())
    version = app.store.auction(lot.auction.id).version
    app.posting.redraw(lot.auction.id, app.now(), version)
    return version


def closed(app: FakeApp) -> list[int]:
    return [chat for what, chat, _ in app.poster.calls if what == "close"]


def test_a_lot_that_somebody_got_has_its_result_posted_once_in_each_chat() -> None:
    app, lot = posted(GROUP, CHANNEL)
    bid(app, lot)
    over(app, lot)
    assert closed(app) == []
    for _ in range(3):
        assert app.outgoing.post_wakes
        app.clock.forward(seconds=TURN_SECONDS)
        app.posting.redraw(lot.auction.id, app.now())
    assert sorted(closed(app)) == sorted((GROUP, CHANNEL))
    assert drawn(app)[-2:] == [3, 3]


def test_a_lot_that_nobody_got_ends_in_its_post_alone() -> None:
    app, lot = posted(GROUP)
    over(app, lot)
    app.clock.forward(seconds=TURN_SECONDS)
    app.posting.redraw(lot.auction.id, app.now())
    assert closed(app) == []


def test_a_result_that_died_before_it_was_known_is_not_posted_again() -> None:
    app, lot = posted(GROUP)
    bid(app, lot)
    over(app, lot)
    app.clock.forward(seconds=TURN_SECONDS)
    known = there(app.shown_posts.one(lot.auction.id, GROUP, app.now()))
    app.posting.redraw(lot.auction.id, app.now())
    app.shown_posts.put(known, *_times(app))
    app.clock.forward(seconds=TURN_SECONDS)
    app.posting.redraw(lot.auction.id, app.now())
    assert closed(app) == [GROUP]
    assert there(app.shown_posts.one(lot.auction.id, GROUP, app.now())).closed


def test_the_result_waits_until_its_chat_has_room() -> None:
    app, lot = posted(GROUP)
    bid(app, lot)
    over(app, lot)
    app.clock.forward(seconds=TURN_SECONDS)
    while not ChatPace(app.counters).wait(GROUP, app.now()):
        pass
    app.posting.redraw(lot.auction.id, app.now())
    assert closed(app) == []
    app.clock.forward(seconds=IN_A_CHAT.seconds)
    app.posting.redraw(lot.auction.id, app.now())
    assert closed(app) == [GROUP]


def test_a_withdrawn_lot_is_shown_as_such() -> None:
    app, lot = posted(GROUP)
    app.publishing.cancel(SELLER, lot.auction.id, app.now())
    app.posting.redraw(lot.auction.id, app.now(), app.store.auction(lot.auction.id).version)
    assert app.poster.shown(GROUP)[0].auction.is_final


def test_a_hidden_lot_is_taken_down_and_its_post_forgotten() -> None:
    app, lot = posted(GROUP)
    app.store.tables.auctions[lot.auction.id] = _hidden(app, lot)
    app.posting.redraw(lot.auction.id, app.now(), 2)
    assert (app.poster.shown(GROUP), post_of(app, lot)) == ([], None)


def test_a_post_is_known_for_a_while_after_the_end_of_its_lot_however_long_that_goes_on() -> None:
    app, lot = posted(GROUP, duration_seconds=20 * 86_400)
    app.clock.now = lot.auction.ends_at + KEPT - timedelta(minutes=1)
    assert post_of(app, lot)
    app.clock.forward(minutes=2)
    assert post_of(app, lot) is None


# --- prices that fall, lots that begin --------------------------------------------------------------------------------


def test_a_lot_that_begins_later_gets_its_button_when_it_begins() -> None:
    app = town()
    connect(app)
    lot = put_up(app, starts_at=(app.now() + timedelta(minutes=25)).isoformat())
    app.run_streams()
    app.run_posts()
    waited = timedelta(0)
    while waited < timedelta(minutes=25):
        ((_, seconds),) = app.outgoing.post_wakes
        app.outgoing.post_wakes.clear()
        app.clock.forward(seconds=seconds)
        waited += timedelta(seconds=seconds)
        app.posting.redraw(lot.auction.id, app.now())
    assert waited < timedelta(minutes=26)
    assert drawn(app) == [1, 1]


def test_a_falling_price_is_drawn_about_once_a_minute() -> None:
    app = town()
    connect(app)
    lot = put_up(app, type="dutch", start_price=1000, floor_price=100, drop_amount=10, drop_seconds=10)
    app.run_streams()
    app.run_posts()
    for _ in range(10):
        ((_, seconds),) = app.outgoing.post_wakes
        app.outgoing.post_wakes.clear()
        app.clock.forward(seconds=seconds)
        app.posting.redraw(lot.auction.id, app.now())
        assert seconds == FALLS_APART.total_seconds()
    assert len(drawn(app)) == 11


# --- trouble ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [TryLater, OutOfOrder])
def test_a_chat_that_has_to_wait_keeps_no_other_one_waiting(kind: type[TryLater]) -> None:
    app, lot = posted(GROUP, CHANNEL)
    app.clock.forward(seconds=20)
    version = bid(app, lot)
    app.poster.fail_next(kind(9))
    with pytest.raises(kind) as wait:
        app.posting.redraw(lot.auction.id, app.now(), version)
    assert wait.value.seconds == 9
    assert sorted((len(drawn(app)), len(drawn(app, CHANNEL)))) == [1, 2]
    app.clock.forward(seconds=9)
    app.posting.redraw(lot.auction.id, app.now(), version)
    assert (drawn(app)[-1], drawn(app, CHANNEL)[-1]) == (version, version)


def paced(app: FakeApp) -> CallPace:
    """Posts keep the pace of the bot from now on."""
    assert isinstance(app.pace, FakePace)
    app.pace.moves_clock = True
    pace = CallPace(app.counters, app.claims, app.bot_rest, app.pace)
    app.posting._poster = PacedPoster(app.poster, pace)
    return pace


def test_a_group_that_telegram_lets_rest_keeps_no_other_one_waiting() -> None:
    app, lot = posted(GROUP, CHANNEL, SUPERGROUP)
    paced(app).flooded(GROUP, 40 + 20)
    for _ in range(2):
        app.clock.forward(seconds=20)
        version = bid(app, lot)
        with pytest.raises(Crowded):
            app.posting.redraw(lot.auction.id, app.now(), version)
        assert (drawn(app, CHANNEL)[-1], drawn(app, SUPERGROUP)[-1]) == (version, version)
    assert drawn(app) == [1]
    app.clock.forward(seconds=21)
    app.posting.redraw(lot.auction.id, app.now(), version)
    assert drawn(app) == [1, version]


def test_two_lots_that_move_in_the_same_second_wait_where_both_stand_and_nowhere_else() -> None:
    app, lot = posted(CHANNEL)
    connect(app, GROUP)
    other = put_up(app)
    app.run_streams()
    app.run_posts()
    paced(app)
    app.clock.forward(seconds=20)
    app.posting.redraw(lot.auction.id, app.now(), bid(app, lot))
    app.poster.calls.clear()
    version = bid(app, other)
    with pytest.raises(Crowded):
        app.posting.redraw(other.auction.id, app.now(), version)
    assert (drawn(app), drawn(app, CHANNEL)) == ([version], [])
    app.clock.forward(seconds=TURN_SECONDS)
    app.posting.redraw(other.auction.id, app.now(), version)
    assert drawn(app, CHANNEL) == [version]


def test_where_the_bot_is_turned_away_nothing_more_is_posted_and_others_go_on() -> None:
    app, lot = posted(GROUP, CHANNEL)
    app.clock.forward(seconds=20)
    version = bid(app, lot)
    app.poster.fail_next(Barred())
    app.posting.redraw(lot.auction.id, app.now(), version)
    barred = [each for each in app.showcase_rows.kept.values() if not each.may_post]
    assert len(barred) == 1
    app.clock.forward(seconds=20)
    app.posting.redraw(lot.auction.id, app.now())
    assert len(app.poster.calls) == 3, "no second try before the lot moves again"
    app.connecting.gone(barred[0].chat_id)
    app.poster.fail_next(Barred())
    app.clock.forward(seconds=20)
    app.posting.redraw(lot.auction.id, app.now(), bid(app, lot))
    assert len(app.shown_posts.of_lot(lot.auction.id, app.now())) == 1, "nobody looks after that chat any more"
    new = put_up(app)
    app.run_streams()
    app.run_posts()
    assert [each.auction.id for each in app.poster.shown(barred[0].chat_id)].count(new.auction.id) == 0


def test_a_post_whose_topic_is_gone_stands_outside_of_it_and_so_do_the_next_with_one_call_each() -> None:
    app = town()
    connect(app, thread=7)
    lots = [put_up(app), put_up(app)]
    app.poster.fail_next(NoTopic())
    app.run_streams()
    app.run_posts()
    assert {lot.auction.id for lot in app.poster.shown(GROUP)} == {lot.auction.id for lot in lots}
    assert there(app.showcase_rows.one(GROUP)).thread is None
    assert [each.user_id for each in app.run_streams() if each.kind == "showcase_topic_gone"] == [ANNA]


def test_a_chat_that_is_disconnected_as_its_topic_goes_gets_no_post(monkeypatch: pytest.MonkeyPatch) -> None:
    app = town()
    made = connect(app, thread=7)
    lot = put_up(app)
    app.poster.fail_next(NoTopic())
    post = app.poster.post

    def disconnected(*given: Any) -> Any:
        app.showcase_rows.drop(made)
        return post(*given)

    monkeypatch.setattr(app.poster, "post", disconnected)
    app.posting.post(lot.auction.id, GROUP, app.now())
    assert app.poster.calls == []


def test_a_new_post_that_is_turned_away_is_not_tried_again() -> None:
    app = town()
    connect(app)
    lot = put_up(app)
    app.poster.fail_next(Barred())
    for _ in range(2):
        app.posting.post(lot.auction.id, GROUP, app.now())
        app.clock.forward(minutes=1)
    assert app.poster.calls == []
    assert not app.showcase_rows.kept[GROUP].may_post


def test_a_lot_that_telegram_refuses_is_given_up_alone() -> None:
    app = town()
    connect(app)
    lots = [put_up(app), put_up(app)]
    app.poster.fail_next(Rejected("no"))
    for lot in lots:
        app.posting.post(lot.auction.id, GROUP, app.now())
    assert [each.auction.id for each in app.poster.shown(GROUP)] == [lots[1].auction.id]
    assert app.showcase_rows.kept[GROUP].may_post


def test_a_post_that_an_admin_deleted_is_forgotten() -> None:
    app, lot = posted(GROUP)
    known = post_of(app, lot)
    assert known
    app.poster.gone.add(known.message_id)
    app.clock.forward(seconds=20)
    app.posting.redraw(lot.auction.id, app.now(), bid(app, lot))
    assert post_of(app, lot) is None


@pytest.mark.parametrize("edits", [False, True])
def test_a_group_that_became_a_supergroup_gets_its_lots_there(edits: bool) -> None:
    app, lot = posted(GROUP) if edits else (town(), None)
    if lot is None:
        connect(app, thread=7)
        lot = put_up(app)
    app.poster.fail_next(GroupMoved(SUPERGROUP))
    app.clock.forward(seconds=20)
    if edits:
        app.posting.redraw(lot.auction.id, app.now(), bid(app, lot))
    else:
        app.posting.post(lot.auction.id, GROUP, app.now())
    assert (GROUP in app.showcase_rows.kept, app.showcase_rows.kept[SUPERGROUP].thread) == (False, None)
    app.run_posts()
    assert [each.auction.id for each in app.poster.shown(SUPERGROUP)] == [lot.auction.id]
    assert post_of(app, lot, GROUP) is None


# --- somebody looks -------------------------------------------------------------------------------------------------


def test_a_post_that_somebody_presses_is_drawn_if_it_is_old_and_its_chat_has_room() -> None:
    app, lot = posted(GROUP)
    app.posting.refresh(lot, GROUP, app.now())
    assert drawn(app) == [1]
    bid(app, lot)
    moved = app.store.lot(lot.auction.id, consistent=True)
    for _ in range(9):
        app.posting.refresh(moved, GROUP, app.now())
    assert drawn(app) == [1, 2]
    app.posting.refresh(moved, CHANNEL, app.now())
    assert drawn(app, CHANNEL) == []


# --- two turns at once ------------------------------------------------------------------------------------------------


def test_a_turn_that_comes_after_a_newer_one_draws_nothing_old() -> None:
    app, lot = posted(GROUP)
    app.clock.forward(seconds=20)
    version = bid(app, lot)
    old, post = app.store.lot(lot.auction.id), there(app.shown_posts.one(lot.auction.id, GROUP, app.now()))
    version = bid(app, lot)
    app.posting.redraw(lot.auction.id, app.now(), version)
    app.posting._redraw_one(old, post, app.now())
    assert drawn(app) == [1, version]


def test_a_turn_that_meets_a_newer_one_has_its_post_drawn_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    app, lot = posted(GROUP)
    app.clock.forward(seconds=20)
    version = bid(app, lot)
    redraw = app.poster.redraw

    def meets(post: ShownPost, shown: Lot, now: datetime) -> bool:
        app.shown_posts.put(replace(post, version=version + 1), *_times(app))
        return redraw(post, shown, now)

    with monkeypatch.context() as meeting:
        meeting.setattr(app.poster, "redraw", meets)
        app.posting.redraw(lot.auction.id, app.now(), version)
    assert app.outgoing.post_wakes
    assert there(app.shown_posts.one(lot.auction.id, GROUP, app.now())).version == 0


def test_a_lot_whose_post_stands_there_is_not_posted_again() -> None:
    app, lot = posted(GROUP)
    app.claims.forget(f"post#{lot.auction.id}#{GROUP}")
    app.posting.post(lot.auction.id, GROUP, app.now())
    assert [what for what, _, _ in app.poster.calls] == ["post"]
    assert app.outgoing.post_wakes, "it may be old by now"
