"""Files that were uploaded on the site reach the buyer's chat, each once, and again where they are asked for."""

from __future__ import annotations

import pytest

from starbid.domain.lots import Lot
from tests.support.fakes import FakeApp

from .chatting import Chat, bad_request
from .handing import FILES, bought

UPLOADS = (("map.pdf", b"one"), ("key.txt", b"two"))


@pytest.fixture
def sold(app: FakeApp, anna: Chat) -> Lot:
    return bought(app, anna)


def hand_over(app: FakeApp, lot: Lot, words: str = "") -> None:
    app.file_delivery.deliver_uploads(lot.auction.seller_id, lot.auction.id, words, UPLOADS, app.now())


def documents(chat: Chat) -> int:
    return sum(method in FILES and fields["chat_id"] == chat.id for method, fields in chat.telegram.calls)


def test_they_come_with_the_notice_each_once(app: FakeApp, sold: Lot, anna: Chat) -> None:
    hand_over(app, sold, "the words")
    for _ in range(2):
        app.run_streams()
    sent = [fields for method, fields in anna.telegram.calls if method == "sendDocument"]
    assert len(sent) == len(UPLOADS)
    assert all(fields["chat_id"] == anna.id for fields in sent)
    assert "the words" in str(anna.telegram.calls)


def test_they_are_sent_again_to_who_may_have_them(app: FakeApp, sold: Lot, anna: Chat, boris: Chat) -> None:
    hand_over(app, sold)
    boris.join()
    boris.press_data(f"df:get:{sold.auction.id}", None)
    assert documents(boris) == 0
    anna.press_data(f"df:get:{sold.auction.id}", None)
    assert documents(anna) == len(UPLOADS)


def test_one_that_is_not_there_any_more_keeps_nobody_from_the_words(app: FakeApp, sold: Lot, anna: Chat) -> None:
    hand_over(app, sold, "the words")
    app.file_copies.kept.clear()
    app.run_streams()
    assert documents(anna) == 0
    assert "the words" in str(anna.telegram.calls)
    anna.press_data(f"df:get:{sold.auction.id}", None)
    assert "Not all files could be sent just now" in str(anna.telegram.calls)


def test_what_telegram_refuses_is_left_out(app: FakeApp, sold: Lot, anna: Chat) -> None:
    hand_over(app, sold, "the words")
    anna.telegram.fail("sendDocument", bad_request("file is too big"))
    app.run_streams()
    assert "the words" in str(anna.telegram.calls)
