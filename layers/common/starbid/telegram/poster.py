"""Posts lots in groups and channels: implements services.ports.Poster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from starbid import observability
from starbid.config import Settings
from starbid.domain.lots import Lot
from starbid.domain.showcases import Showcase
from starbid.i18n import language
from starbid.services.ports import (
    Barred,
    FileIds,
    GroupMoved,
    NoTopic,
    Rejected,
    ShownPost,
    Spot,
    Unreachable,
)
from starbid.telegram.bot_api import BotApi, Sent
from starbid.telegram.bot_groups import Migrated
from starbid.telegram.cards import Drawn
from starbid.telegram.photos import Stored, deliver_photo, drawing
from starbid.telegram.posts import PostStyle, draw_post, draw_result

_NO_RIGHTS = (
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_admin_required",
    "chat_write_forbidden",
    "chat_send_photos_forbidden",
    "chat_send_media_forbidden",
    "chat_restricted",
)
_NO_TOPIC = ("message thread not found", "topic_deleted", "topic_closed")


class TelegramPoster:
    """Every method may raise TryLater, Barred and GroupMoved."""

    def __init__(self, bot: Callable[[], BotApi], settings: Settings, pictures: Stored, file_ids: FileIds) -> None:
        """`bot` is made when it is first used: who only has lots posted has no token."""
        self._bot, self._settings, self._pictures, self._file_ids = bot, settings, pictures, file_ids

    def post(self, showcase: Showcase, lot: Lot, now: datetime) -> int | None:
        drawn = self._draw(lot, showcase.language, showcase.zone, now)
        spot = Spot(thread=showcase.thread)

        def send(photo: bytes | str) -> Sent:
            try:
                return self._bot().send_photo(showcase.chat_id, photo, drawn.caption, drawn.keyboard, spot)
            except Rejected as refusal:
                if not _means(refusal, _NO_TOPIC):
                    raise
                raise (NoTopic if showcase.thread else Barred) from refusal

        with _as_told(f"a post of lot {lot.auction.id}"):
            sent = self._deliver(send, lot, now)
        return sent.message_id if sent else None

    def redraw(self, post: ShownPost, lot: Lot, now: datetime) -> bool:
        """Another picture too where the words have changed: it may be one of what changed."""
        drawn = self._draw(lot, post.language, post.zone, now)
        try:
            with _as_told(f"a post of lot {lot.auction.id}"):
                if post.card_version == lot.auction.card_version:
                    return self._bot().edit_caption(post.chat_id, post.message_id, drawn.caption, drawn.keyboard)
                return self._deliver(self._editing(post, drawn), lot, now) is not None
        except Rejected:  # each change would try it again
            return False

    def close(self, post: ShownPost, lot: Lot, now: datetime) -> None:
        drawn = self._draw(lot, post.language, post.zone, now, draw_result)
        with _as_told(f"the result of lot {lot.auction.id}"):
            self._bot().send_message(post.chat_id, drawn.caption, drawn.keyboard, Spot(reply_to=post.message_id))

    def take_down(self, post: ShownPost) -> None:
        with _as_told("a post that is taken down"):
            if self._bot().delete_message(post.chat_id, post.message_id):
                return
            words = language(post.language)
            gone = Drawn(words._("This lot is not shown any more."), ())
            try:
                self._editing(post, gone)(drawing())
            except Rejected:
                observability.logger("starbid").warning("a post stays, lot %s", post.auction_id)

    def _editing(self, post: ShownPost, drawn: Drawn) -> Callable[[bytes | str], Sent | None]:
        return lambda photo: self._bot().edit_photo(post.chat_id, post.message_id, photo, drawn.caption, drawn.keyboard)

    def _deliver(self, deliver: Callable[[bytes | str], Sent | None], lot: Lot, now: datetime) -> Sent | None:
        """A refusal that is about the chat, and not about the picture, is no reason to upload it once more."""
        picture = lot.card.pictures[0] if lot.card.pictures else None

        def judged(photo: bytes | str) -> Sent | None:
            try:
                return deliver(photo)
            except Rejected as refusal:
                if _means(refusal, _NO_RIGHTS):
                    raise Barred from refusal
                raise

        return deliver_photo(judged, picture, self._pictures, self._file_ids, now)

    def _draw(
        self,
        lot: Lot,
        code: str,
        zone: str | None,
        now: datetime,
        draw: Callable[[Lot, PostStyle], Drawn] = draw_post,
    ) -> Drawn:
        words = replace(language(code).to(zone or None, now), now=None)  # without a "today": it is read later
        return draw(lot, PostStyle(words, now, self._settings))


@contextmanager
def _as_told(what: str) -> Iterator[None]:
    """What Telegram says of a chat, in the words of the port; any other refusal is known to the log."""
    try:
        yield
    except Migrated as move:
        raise GroupMoved(move.chat_id) from move
    except Unreachable as gone:
        raise Barred from gone
    except Rejected as refusal:
        if _means(refusal, _NO_RIGHTS):
            raise Barred from refusal
        observability.logger("starbid").exception("%s was refused", what)
        raise


def _means(refusal: Rejected, reasons: tuple[str, ...]) -> bool:
    said = str(refusal).lower()
    return any(reason in said for reason in reasons)
