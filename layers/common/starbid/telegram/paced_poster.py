"""A poster that calls Telegram at the bot's pace: implements services.ports.Poster over another one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from starbid.domain.lots import Lot
from starbid.domain.showcases import Showcase
from starbid.services.call_pace import CallPace
from starbid.services.ports import Poster, ShownPost
from starbid.telegram.paced_messenger import minding_floods


class PacedPoster:
    """Every method may also raise Paced where the bot has to wait, and Crowded where the chat alone has."""

    def __init__(self, poster: Poster, pace: CallPace) -> None:
        self._poster, self._pace = poster, pace

    def post(self, showcase: Showcase, lot: Lot, now: datetime) -> int | None:
        with self._turn(showcase.chat_id):
            return self._poster.post(showcase, lot, now)

    def redraw(self, post: ShownPost, lot: Lot, now: datetime) -> bool:
        with self._turn(post.chat_id):
            return self._poster.redraw(post, lot, now)

    def close(self, post: ShownPost, lot: Lot, now: datetime) -> None:
        with self._turn(post.chat_id):
            self._poster.close(post, lot, now)

    def take_down(self, post: ShownPost) -> None:
        with self._turn(post.chat_id):
            self._poster.take_down(post)

    @contextmanager
    def _turn(self, chat_id: int) -> Iterator[None]:
        self._pace.take_post(chat_id)
        with minding_floods(self._pace, chat_id):
            yield
