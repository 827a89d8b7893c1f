"""Of an album things are said once, and said all the same where the first word of it was lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from starbid import bootstrap
from starbid.domain.lots import MAX_PICTURES
from tests.support.fakes import Death, FakeApp
from tests.support.handed import photo as handed

from .chatting import DOCUMENT, PHOTO, Chat, FakeTelegram
from .handing import bought, give
from .helping import helping_app, ready
from .selling_chat import photo

Send = Callable[..., int]


@pytest.fixture
def app(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    """The helper is offered."""
    made = helping_app(telegram)
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


@contextmanager
def nothing_is_sent(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that says something dies before Telegram has it."""

    def dies(*_: Any, **__: Any) -> None:
        raise Death

    with monkeypatch.context() as patched:
        patched.setattr(app.bot, "send_message", dies)
        yield


def unasked(app: FakeApp, chat: Chat) -> tuple[Send, str]:
    return _plain(chat, photo=[PHOTO]), "Photos belong to a lot"


def of_a_listing(app: FakeApp, chat: Chat) -> tuple[Send, str]:
    ready(chat)
    chat.press_data("ai:listing", None)
    return _plain(chat, photo=[PHOTO]), "does not see photos"


def of_a_draft(app: FakeApp, chat: Chat) -> tuple[Send, str]:
    chat.join(seller=True).say("/sell")
    return lambda **how: photo(chat, **how), "Photos: "


def of_files_that_are_no_photos(app: FakeApp, chat: Chat) -> tuple[Send, str]:
    chat.join(seller=True).say("/sell")
    return _plain(chat, document=DOCUMENT | {"mime_type": "application/pdf"}), "only a photo works here"


def of_a_full_draft(app: FakeApp, chat: Chat) -> tuple[Send, str]:
    chat.join(seller=True).say("/sell")
    for _ in range(MAX_PICTURES):
        photo(chat)
    return lambda **how: photo(chat, **how), "Up to 8 photos"


def of_a_talk(app: FakeApp, chat: Chat) -> tuple[Send, str]:
    chat.press_data(f"dm:say:{bought(app, chat).auction.id}", None)
    return _plain(chat, document=DOCUMENT | {"mime_type": "application/pdf"}), "only a photo works here"


def of_a_dispute(app: FakeApp, chat: Chat) -> tuple[Send, str]:
    lot = bought(app, chat)
    app.dealing.deliver(lot.auction.seller_id, lot.auction.id, "the code", app.now())
    chat.press_data(f"d:dispute:{lot.auction.id}", None)
    return lambda **how: photo(chat, **how), "The photo is kept"


PLACES = [unasked, of_a_listing, of_a_draft, of_files_that_are_no_photos, of_a_full_draft, of_a_talk, of_a_dispute]


def _plain(chat: Chat, **content: Any) -> Send:
    def send(**how: Any) -> int:
        update_id = how.pop("update_id", None)
        return chat.update({"message": chat._message(**content, **how)}, update_id)

    return send


@pytest.mark.parametrize("place", PLACES)
def test_a_process_that_dies_before_it_has_answered_an_album_answers_when_the_update_comes_again(
    app: FakeApp, anna: Chat, monkeypatch: pytest.MonkeyPatch, place: Callable[[FakeApp, Chat], tuple[Send, str]]
) -> None:
    send, words = place(app, anna)

    def said() -> int:
        return sum(words in str(message.get("text")) for message in anna.messages)

    before = said()
    with nothing_is_sent(app, monkeypatch), pytest.raises(Death):
        send(media_group_id="album", update_id=901)
    assert said() == before
    app.clock.forward(minutes=2)
    send(media_group_id="album", update_id=901)
    assert said() == before + 1
    for number in (902, 903):
        send(media_group_id="album", update_id=number)
    assert said() == before + 1


def test_goods_whose_preview_was_lost_are_shown_when_the_update_comes_again(
    app: FakeApp, anna: Chat, seller: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot = bought(app, anna)
    seller.press_data(f"d:deliver:{lot.auction.id}", None)
    with nothing_is_sent(app, monkeypatch), pytest.raises(Death):
        give(seller, handed("one"), media_group_id="album", update_id=901, number=1)
    app.clock.forward(minutes=2)
    give(seller, handed("one"), media_group_id="album", update_id=901, number=1)
    assert "Nothing is sent yet" in seller.words
