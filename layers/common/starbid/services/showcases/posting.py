"""Lots in groups and channels: a post each, edited in place until the lot has ended.

A lot has one post a chat, and one edit a chat shows all that has happened since the last. Each chat has a pace of its
own: a post that has to wait for it keeps no other one waiting, and is drawn with the next turn of its lot. There is one
such turn at a time, however many ask for it, because its moment is claimed before its message is sent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from starbid.domain.auction import Ending, Status
from starbid.domain.errors import NotFound
from starbid.domain.kinds import kind_of
from starbid.domain.lots import Lot, is_news
from starbid.domain.showcases import NotConnected, Showcase, places_of
from starbid.services.cards.falling import LONGEST_DELAY
from starbid.services.claiming import BUSY_SECONDS, KEEP_SECONDS, LEASE_SECONDS, Turn, claimed
from starbid.services.ports import (
    Barred,
    Claims,
    Crowded,
    GroupMoved,
    NoTopic,
    Outgoing,
    Paced,
    Poster,
    Rejected,
    Showcases,
    ShownPost,
    ShownPosts,
    Store,
    TryLater,
)
from starbid.services.showcases.connecting import Connecting
from starbid.services.showcases.pace import ChatPace
from starbid.services.sweeping import longest_wait

STEP = 25
"""Showcases of a place that are looked up at once."""
AT_ONCE = 50
"""Posts that one turn edits: some ten seconds."""
TURN_SECONDS = 5
"""The least between two turns of a lot."""
APART = timedelta(seconds=15)
"""The least between two edits of a post while its lot is open: others in the same chat have to move, too."""
FALLS_APART = timedelta(seconds=60)
"""Between two edits for a price that falls by the clock."""
KEPT = timedelta(days=30)
"""How long a post is known after the end of its lot."""


class Posting:
    """Every method may raise TryLater, and is safe to repeat."""

    def __init__(
        self,
        store: Store,
        showcases: Showcases,
        connecting: Connecting,
        posts: ShownPosts,
        poster: Poster,
        outgoing: Outgoing,
        claims: Claims,
        pace: ChatPace,
    ) -> None:
        self._store, self._showcases, self._connecting, self._posts = store, showcases, connecting, posts
        self._poster, self._outgoing, self._claims, self._pace = poster, outgoing, claims, pace

    def announce(self, lot: Lot) -> None:
        """Have a new lot posted wherever it is shown."""
        if not lot.auction.hidden:
            self._outgoing.show_lot(lot.auction.id, [(place, "") for place in places_of(lot)])

    def step(self, auction_id: str, place: str, after: str, now: datetime) -> None:
        """Have it posted in the showcases of a place behind a mark, so many at most, and have the others looked up."""
        lot = self._read(auction_id)
        if lot is None or not is_news(lot, now):
            return
        chats, following = self._showcases.filed(place, after, STEP)
        self._outgoing.post_lot(auction_id, chats)
        if following:
            self._outgoing.show_lot(auction_id, [(place, following)])

    def post(self, auction_id: str, chat_id: int, now: datetime) -> None:
        """Post a lot in a chat that shows it, once. Raises Crowded where the chat has no room for it now."""
        lot, showcase = self._read(auction_id), self._showcases.one(chat_id)
        if lot is None or showcase is None or showcase.filed not in places_of(lot) or not is_news(lot, now):
            return
        key = f"post#{auction_id}#{chat_id}"
        if self._claims.finished(key):
            return
        if self._posts.one(auction_id, chat_id, now):  # it stands there; who posted it was stopped a moment later
            self._outgoing.wake_posts(auction_id, 0)
            return
        if wait := self._pace.wait(chat_id, now):
            raise Crowded(wait)
        with claimed(self._claims, key, LEASE_SECONDS, KEEP_SECONDS, now) as turn:
            if turn is Turn.BUSY:
                raise TryLater(BUSY_SECONDS)
            if turn is Turn.MINE:
                self._post(showcase, lot, now)

    def redraw(self, auction_id: str, now: datetime, version: int | None = None) -> None:
        """Edit the lot's posts to show its present state, as far as their chats have room; the others follow.

        `version`: that of the lot from which on posts are right, after a change; nothing is done where none is older.
        """
        posts = self._posts.of_lot(auction_id, now)
        if not any(version is None or post.version < version for post in posts):
            return
        lot = self._read(auction_id)
        if lot is None:
            return
        old = sorted((post for post in posts if _is_old(post, lot, now)), key=lambda post: post.version)
        if old and not self._claims.claim(f"posts#{auction_id}", TURN_SECONDS, now):
            raise TryLater(TURN_SECONDS)
        self._turn(lot, old, now)

    def refresh(self, lot: Lot, chat_id: int, now: datetime) -> None:
        """Edit one post, for somebody who looks at it, if it is old and its chat has room."""
        post = self._posts.one(lot.auction.id, chat_id, now)
        if post and _is_old(post, lot, now) and not self._pace.wait(chat_id, now):
            self._redraw_one(lot, post, now)

    def _turn(self, lot: Lot, old: Sequence[ShownPost], now: datetime) -> None:
        """The moment of the next turn is set first: a post that fails is no reason to stop."""
        batch, rested = old[:AT_ONCE], [_rested(post, lot) for post in old]
        due = [post for post in batch if _rested(post, lot) <= now]
        waits = [at for at in rested if at > now]
        if len(old) > len(batch):
            waits.append(now + timedelta(seconds=TURN_SECONDS))
        if moment := _next_change(lot, now):
            waits.append(moment)
        if waits:
            self._wake(lot.auction.id, min(waits), now)
        failures = list(self._edit_each(lot, due, now))
        if failures:
            group = ExceptionGroup("posts not redrawn", failures)
            raise (longest_wait(group) or group) from group

    def _edit_each(self, lot: Lot, due: Sequence[ShownPost], now: datetime) -> Iterator[Exception]:
        """What failed. One chat that has no room keeps no other one waiting; the bot's own pace ends the turn."""
        for post in due:
            if wait := self._pace.wait(post.chat_id, now):
                self._wake(lot.auction.id, now + timedelta(seconds=wait), now)
                continue
            try:
                self._redraw_one(lot, post, now)
            except Paced as full:
                yield full
                return
            except Exception as failure:
                failure.add_note(f"while at {post!r}")
                yield failure

    def _redraw_one(self, lot: Lot, post: ShownPost, now: datetime) -> None:
        """One that is gone is forgotten. In a connected chat that turns the bot away it waits for the next change of
        the lot: the bot may be let in by then. Nothing is done where another turn was faster; one that met this turn is
        drawn once more, as nobody knows whose words came last.
        """
        if self._posts.one(post.auction_id, post.chat_id, now) != post:
            return
        is_closing = _owes_result(post, lot) and post.version >= lot.auction.version
        try:
            if lot.auction.hidden:
                self._poster.take_down(post)
                stands = False
            elif is_closing:
                self._close(lot, post, now)
                stands = True
            else:
                stands = self._poster.redraw(post, lot, now)
        except Barred:
            stands = self._connecting.barred(post.chat_id)
        except GroupMoved as move:
            self._follow_move(lot.auction.id, post.chat_id, move.chat_id)
            stands = False
        if stands:
            drawn = replace(_drawn(post, lot, now), closed=post.closed or is_closing)
            if not self._posts.exchange(post, drawn, _kept_until(lot, now), now):
                self._posts.put(replace(drawn, version=0), _kept_until(lot, now), now)
                self._wake(lot.auction.id, now, now)
            elif _owes_result(drawn, lot):
                self._wake(lot.auction.id, now, now)
        else:
            self._posts.drop(post.auction_id, post.chat_id)

    def _close(self, lot: Lot, post: ShownPost, now: datetime) -> None:
        """Say once what came of it."""
        key = f"result#{lot.auction.id}#{post.chat_id}"
        with claimed(self._claims, key, LEASE_SECONDS, KEEP_SECONDS, now) as turn, suppress(Rejected):
            if turn is Turn.BUSY:
                raise TryLater(BUSY_SECONDS)
            if turn is Turn.MINE:
                self._poster.close(post, lot, now)

    def _post(self, showcase: Showcase, lot: Lot, now: datetime) -> None:
        auction = lot.auction
        try:
            message_id = self._poster.post(showcase, lot, now)
        except Barred:
            self._connecting.barred(showcase.chat_id)
            return
        except GroupMoved as move:
            self._follow_move(auction.id, showcase.chat_id, move.chat_id)
            return
        except NoTopic:
            with suppress(NotConnected):
                self._post(self._connecting.outside(showcase.chat_id, showcase.thread), lot, now)
            return
        except Rejected:  # of this lot alone; its poster has told the log
            return
        if message_id is None:
            return
        known = ShownPost(auction.id, showcase.chat_id, message_id, 0, 0, showcase.language, showcase.zone or "", now)
        self._posts.put(_drawn(known, lot, now), _kept_until(lot, now), now)
        if self._store.auction(auction.id, consistent=True).version != auction.version:  # nobody knew of the post yet
            self._outgoing.wake_posts(auction.id, 0)
        elif moment := _next_change(lot, now):
            self._wake(auction.id, moment, now)

    def _follow_move(self, auction_id: str, old: int, new: int) -> None:
        """What stood in the old group has no numbers in the new one, so the lot gets a new post there."""
        self._connecting.moved(old, new)
        self._outgoing.post_lot(auction_id, [new])

    def _wake(self, auction_id: str, at: datetime, now: datetime) -> None:
        """See to the next turn: one message, however many ask for one at about that moment."""
        at = min(at, now + LONGEST_DELAY)
        seconds = max(1, math.ceil((at - now).total_seconds() / TURN_SECONDS) * TURN_SECONDS)
        moment = (int(now.timestamp()) + seconds) // TURN_SECONDS
        keep = seconds + LEASE_SECONDS + 1
        with claimed(self._claims, f"posts-turn#{auction_id}#{moment}", LEASE_SECONDS, keep, now) as turn:
            if turn is Turn.MINE:
                self._outgoing.wake_posts(auction_id, seconds)

    def _read(self, auction_id: str) -> Lot | None:
        try:
            return self._store.lot(auction_id, consistent=True)
        except NotFound:
            return None


def _is_old(post: ShownPost, lot: Lot, now: datetime) -> bool:
    if post.version < lot.auction.version or _owes_result(post, lot):
        return True
    return post.until is not None and post.until <= now


def _owes_result(post: ShownPost, lot: Lot) -> bool:
    """A lot that somebody has got is told of once more, as an answer to its post."""
    return lot.auction.ending is Ending.SOLD and not lot.auction.hidden and not post.closed


def _rested(post: ShownPost, lot: Lot) -> datetime:
    """When a post may be edited again: the last time at once, and so what has to leave."""
    return post.edited_at if lot.auction.is_final or lot.auction.hidden else post.edited_at + APART


def _next_change(lot: Lot, now: datetime) -> datetime | None:
    """When time alone changes what a post shows: a lot begins, or its price falls."""
    if lot.auction.status(now) is Status.SCHEDULED:
        return lot.auction.starts_at
    return kind_of(lot.auction).next_fall(lot.auction, now, FALLS_APART)


def _drawn(post: ShownPost, lot: Lot, now: datetime) -> ShownPost:
    auction, until = lot.auction, _next_change(lot, now)
    return replace(post, version=auction.version, card_version=auction.card_version, edited_at=now, until=until)


def _kept_until(lot: Lot, now: datetime) -> datetime:
    return max(now, lot.auction.ends_at) + KEPT
