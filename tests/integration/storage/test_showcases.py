"""Groups and channels where lots are posted: by chat, by keeper, and where each is filed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.showcases import ALL, OWN, Showcase
from starbid.services.ports import Contended, ShownPost
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import START, StagedApp

GROUP, CHANNEL, SUPERGROUP = -5, -1001, -1002


def showcase(chat_id: int = GROUP, *keepers: int) -> Showcase:
    return Showcase(chat_id, "Лампы 😀", False, True, "ru", "Europe/Berlin", START, keepers or (ANNA,))


def put(app: StagedApp, chat_id: int = GROUP, shows: str = "", keeper: int = ANNA) -> Showcase:
    made = showcase(chat_id, keeper).showing(shows, keeper)
    app.showcase_rows.put(None, made)
    return made


def test_a_showcase_is_read_as_it_was_written(any_app: StagedApp) -> None:
    made = replace(showcase().showing(OWN, ANNA), thread=77)
    any_app.showcase_rows.put(None, made)
    assert any_app.showcase_rows.one(GROUP) == made
    assert any_app.showcase_rows.of(ANNA) == [made]
    assert (any_app.showcase_rows.one(CHANNEL), any_app.showcase_rows.of(BORIS)) == (None, [])
    bare = replace(showcase(CHANNEL), zone=None)
    any_app.showcase_rows.put(None, bare)
    assert any_app.showcase_rows.one(CHANNEL) == bare


def test_it_is_found_where_it_is_filed_and_nowhere_else(any_app: StagedApp) -> None:
    rows, made = any_app.showcase_rows, put(any_app, shows=ALL)
    assert rows.filed(ALL, "", 9) == ((GROUP,), None)
    art = made.showing("art", ANNA)
    rows.put(made, art)
    assert (rows.filed(ALL, "", 9), rows.filed("category#art", "", 9)) == (((), None), ((GROUP,), None))
    own = art.showing(OWN, ANNA)
    rows.put(art, own)
    assert rows.filed(f"seller#{ANNA}", "", 9) == ((GROUP,), None)
    barred = own.changed(may_post=False)
    rows.put(own, barred)
    assert rows.filed(f"seller#{ANNA}", "", 9) == ((), None)
    assert rows.of(ANNA) == [barred]


def test_of_two_who_change_it_one_is_refused_and_nothing_of_theirs_is_written(any_app: StagedApp) -> None:
    rows, made = any_app.showcase_rows, put(any_app)
    rows.put(made, made.showing(ALL, ANNA))
    with pytest.raises(Contended):
        rows.put(made, made.showing("art", ANNA).kept_by(BORIS))
    with pytest.raises(Contended):
        rows.put(None, showcase(GROUP, BORIS))
    with pytest.raises(Contended):
        rows.drop(made)
    assert rows.filed("category#art", "", 9) == ((), None)
    assert rows.of(BORIS) == []


def test_all_who_keep_it_find_it_until_it_is_dropped(any_app: StagedApp) -> None:
    rows, made = any_app.showcase_rows, put(any_app, shows=ALL)
    both = made.kept_by(BORIS)
    rows.put(made, both)
    assert rows.of(ANNA) == rows.of(BORIS) == [both]
    rows.drop(both)
    assert (rows.one(GROUP), rows.of(ANNA), rows.of(BORIS)) == (None, [], [])
    assert rows.filed(ALL, "", 9) == ((), None)
    with pytest.raises(Contended):
        rows.drop(both)


def test_a_group_that_becomes_a_supergroup_is_the_same_showcase(any_app: StagedApp) -> None:
    rows, made = any_app.showcase_rows, put(any_app, shows=ALL)
    moved = made.changed(chat_id=SUPERGROUP)
    rows.put(made, moved)
    assert (rows.one(GROUP), rows.one(SUPERGROUP), rows.of(ANNA)) == (None, moved, [moved])
    assert rows.filed(ALL, "", 9) == ((SUPERGROUP,), None)
    again = put(any_app, GROUP)
    with pytest.raises(Contended):
        rows.put(again, again.changed(chat_id=SUPERGROUP))


def test_a_place_comes_in_pages_each_chat_once(any_app: StagedApp) -> None:
    chats = [-1001, -1002, -1003, -7, -8]
    for chat_id in chats:
        put(any_app, chat_id, ALL)
    seen: list[int] = []
    after: str | None = ""
    while after is not None:
        page, after = any_app.showcase_rows.filed(ALL, after, 2)
        assert len(page) <= 2
        seen += page
    assert sorted(seen) == sorted(chats)


def post(chat_id: int = GROUP) -> ShownPost:
    return ShownPost("lot1", chat_id, 70, 1, 1, "ru", "Europe/Berlin", START)


def test_a_post_is_known_by_lot_and_chat_until_its_time_is_over(any_app: StagedApp) -> None:
    posts, now = any_app.shown_posts, any_app.now()
    until = now + timedelta(days=40)
    for chat_id in (GROUP, CHANNEL):
        posts.put(post(chat_id), until, now)
    assert posts.one("lot1", GROUP, now) == post()
    assert sorted(each.chat_id for each in posts.of_lot("lot1", now)) == sorted((GROUP, CHANNEL))
    posts.drop("lot1", CHANNEL)
    assert posts.of_lot("lot1", now) == [post()]
    assert posts.of_lot("lot1", until) == []
    assert posts.of_lot("lot2", now) == []


def test_of_two_who_drew_a_post_the_second_changes_nothing(any_app: StagedApp) -> None:
    posts, now = any_app.shown_posts, any_app.now()
    until, known = now + timedelta(days=40), post()
    posts.put(known, until, now)
    drawn = replace(known, version=2, until=now + timedelta(minutes=1))
    assert posts.exchange(known, drawn, until, now)
    assert not posts.exchange(known, replace(known, version=3), until, now)
    assert posts.one("lot1", GROUP, now) == drawn
