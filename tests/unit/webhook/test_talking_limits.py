"""How often one may write to the other side of a deal, and what counts."""

from __future__ import annotations

import pytest

from starbid.domain.limits import LIMITS, Deed
from starbid.domain.lots import Lot
from tests.support.fakes import Death, FakeApp

from .chatting import Chat, FakeTelegram
from .talks import ask, deliver, file, kept, photo, sell


@pytest.fixture
def lot(app: FakeApp, anna: Chat, seller: Chat) -> Lot:
    """Anna bought it."""
    anna.join(stars=1000)
    made = sell(app, anna, "Lamp")
    deliver(app)
    return made


def test_twenty_an_hour_and_the_next_one_is_told_when(app: FakeApp, lot: Lot, anna: Chat, seller: Chat) -> None:
    most = LIMITS[Deed.TALK].most
    ask(anna, lot)
    anna.say("0")
    for number in range(1, most):
        anna.reply(str(number), anna.last)
    ask(anna, lot)
    anna.say("one too many")
    assert "That was too many in a short time. Try again in" in anna.words
    assert len(kept(app, lot)) == most
    ask(seller, lot)
    seller.say("the other side still may")
    assert len(kept(app, lot)) == most + 1
    app.clock.forward(hours=1)
    ask(anna, lot)
    anna.say("an hour later")
    assert len(kept(app, lot)) == most + 2


def test_an_album_counts_once(app: FakeApp, lot: Lot, anna: Chat) -> None:
    for album in ("a", "b", "c"):
        ask(anna, lot)
        for _ in range(9):
            photo(anna, media_group_id=album)
    assert [len(message.pictures) for message in kept(app, lot)] == [9, 9, 9]


def use_up(anna: Chat, lot: Lot) -> None:
    ask(anna, lot)
    anna.say("0")
    for number in range(1, LIMITS[Deed.TALK].most):
        anna.reply(str(number), anna.last)


def test_a_photo_beyond_the_limit_is_not_even_fetched(
    app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat
) -> None:
    use_up(anna, lot)
    ask(anna, lot)
    photo(anna)
    assert "That was too many in a short time. Try again in" in anna.words
    assert not telegram.called("getFile")
    assert len(kept(app, lot)) == LIMITS[Deed.TALK].most


def test_at_the_limit_an_album_that_has_begun_still_takes_its_photos(app: FakeApp, lot: Lot, anna: Chat) -> None:
    for number in range(LIMITS[Deed.TALK].most - 1):
        app.talking.write(anna.id, lot.auction.id, "one", (), str(number), app.now())
    ask(anna, lot)
    for _ in range(3):
        photo(anna, media_group_id="a")
    assert len(kept(app, lot)[-1].pictures) == 3


def test_at_the_limit_a_photo_that_comes_again_is_confirmed(app: FakeApp, lot: Lot, anna: Chat) -> None:
    for number in range(LIMITS[Deed.TALK].most - 1):
        app.talking.write(anna.id, lot.auction.id, "one", (), str(number), app.now())
    ask(anna, lot)
    file_id = file(anna.telegram)
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        photo(anna, file_id=file_id, update_id=7)
    app.clock.forward(seconds=31)
    photo(anna, file_id=file_id, update_id=7)
    assert anna.words.startswith("Sent to the seller.")
    assert len(kept(app, lot)) == LIMITS[Deed.TALK].most
