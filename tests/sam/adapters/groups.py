"""Groups and channels: how they are kept, the queue of cards and posts, and the posts themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from starbid.domain.showcases import Showcase
from starbid.services.ports import ShownPost
from tests.support.factories import ANNA, SELLER

from .day import Day


def lots_are_posted_in_groups_and_channels(day: Day) -> None:
    app, now = day.app, day.clock.now
    lot = day.put_up()
    place = Showcase(-1001, "Lamps", True, True, "en", None, now, (SELLER,))
    number = app.poster.post(place, lot, now)
    post = ShownPost(lot.auction.id, -1001, number, 1, 1, "en", "", now)
    assert app.poster.redraw(post, lot, now)
    app.poster.close(post, lot, now)
    app.poster.take_down(post)
    assert app.venues.admins_among(-1001, (SELLER,)) == frozenset()
    assert app.venues.venue(-1001) is None


def cards_and_posts_have_a_queue_of_their_own(day: Day) -> None:
    queue, now, url = day.app.outgoing, day.clock.now, day.app.settings.card_queue_url
    queue.refresh_cards("lot1", 3)
    queue.wake_cards("lot2", now, 0)
    queue.wake_posts("lot3", 0)
    queue.show_lot("lot4", [("all", "")])
    queue.post_lot("lot5", [-1001])
    messages = day.received(url)
    said = [message["said"] for message in messages]
    assert sorted(body["cards"] for body in said if "cards" in body) == ["lot1", "lot2"]
    assert sorted(body["posts"] for body in said if "posts" in body) == ["lot1", "lot3"]
    assert [body["chat"] for body in said if "post" in body] == [-1001]
    assert [body["place"] for body in said if "show" in body] == ["all"]
    queue.postpone(messages[0]["ReceiptHandle"], 0, url.rpartition("/")[2])
    assert [again["MessageId"] for again in day.received(url)] == [messages[0]["MessageId"]]


def groups_and_channels_are_kept(day: Day) -> None:
    rows, posts, now = day.app.showcase_rows, day.app.shown_posts, day.clock.now
    made = Showcase(-1001, "Лампы", True, True, "ru", "Europe/Berlin", now, (ANNA,)).showing("all", ANNA)
    rows.put(None, made)
    assert (rows.one(-1001), rows.of(ANNA), rows.filed("all", "", 9)) == (made, [made], ((-1001,), None))
    rows.drop(made)
    post, until = ShownPost("lot1", -1001, 7, 1, 1, "ru", "", now), now + timedelta(days=30)
    posts.put(post, until, now)
    assert posts.exchange(post, replace(post, version=2), until, now)
    assert posts.of_lot("lot1", now) == [posts.one("lot1", -1001, now)]
    posts.drop("lot1", -1001)


SCENES = (
    groups_and_channels_are_kept,
    cards_and_posts_have_a_queue_of_their_own,
    lots_are_posted_in_groups_and_channels,
)
