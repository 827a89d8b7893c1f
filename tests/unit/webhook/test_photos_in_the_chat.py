"""Photos of a dispute in the chat: one, an album, a file; with words, before and after them."""

from __future__ import annotations

import io
from itertools import count
from typing import Any

import pytest
from PIL import Image

from starbid.domain.deals import Deal, DealState
from starbid.domain.lots import Lot
from starbid.services.ports import Contended
from tests.support.bot_pool import MOST_GIVEN_OUT
from tests.support.desk import deciding
from tests.support.factories import SELLER, put_up
from tests.support.fakes import Death, FakeApp
from tests.support.web import png

from .chatting import STICKER, Chat, FakeTelegram, broken, forbidden, timeout

ADMIN = 900
_numbers = count(1)


@pytest.fixture
def sold(app: FakeApp, anna: Chat) -> Lot:
    """Anna bought it."""
    anna.join(stars=1000)
    lot = put_up(app, title="Lamp", buy_now_price=500)
    app.bidding.buy(lot.auction.id, anna.id, 500, app.now())
    return lot


def deal(app: FakeApp, lot: Lot) -> Deal:
    return app.store.deal(lot.auction.id)


def file(telegram: FakeTelegram, data: bytes | None = None) -> str:
    """A file that somebody has sent, each time another picture; answers its id."""
    number = next(_numbers)
    telegram.files[f"file{number}"] = png((20 + number % 500, 30)) if data is None else data
    return f"file{number}"


def photo(chat: Chat, data: bytes | None = None, /, **how: Any) -> int:
    """Send a photo, or that of `file_id`; `number` is the message's."""
    file_id = how.pop("file_id", None) or file(chat.telegram, data)
    size = {"file_id": file_id, "file_unique_id": file_id, "width": 90, "height": 67}
    update_id, number = how.pop("update_id", None), how.pop("number", next(_numbers))
    message = chat._message(photo=[size], **how) | {"message_id": number}
    return chat.update({"message": message}, update_id)


def part(chat: Chat, number: int, caption: str = "", **how: Any) -> int:
    """Send a photo of an album; only the first has the caption."""
    words = {} if number else {"caption": caption}
    return photo(chat, media_group_id="album", number=number + 1, **words, **how)


def document(chat: Chat, data: bytes, mime: str, **more: Any) -> None:
    file_id = file(chat.telegram, data)
    sent = {"file_id": file_id, "file_unique_id": file_id, "file_name": "x", "mime_type": mime, "file_size": len(data)}
    chat.update({"message": chat._message(document=sent, **more)})


def ask(chat: Chat, lot: Lot, verb: str = "dispute") -> None:
    chat.press_data(f"d:{verb}:{lot.auction.id}", None)


def asked(chat: Chat, words: str) -> int:
    """How many messages say so."""
    return sum(words in str(message.get("text")) for message in chat.messages)


def albums(telegram: FakeTelegram, chat: Chat) -> list[int]:
    """How many pictures each message or album to a chat had."""
    return [
        len(fields["media"]) if method == "sendMediaGroup" else 1
        for method, fields in telegram.calls
        if method in ("sendMediaGroup", "sendPhoto") and fields["chat_id"] == chat.id
    ]


def test_a_photo_with_its_words_opens_the_dispute(app: FakeApp, sold: Lot, anna: Chat) -> None:
    ask(anna, sold)
    assert "up to 5 photos" in anna.words
    photo(anna, caption="Broken")
    assert "Your dispute is open" in anna.words
    assert (deal(app, sold).dispute, len(deal(app, sold).dispute_pictures)) == ("Broken", 1)


def test_a_photo_without_words_is_kept_until_they_come(app: FakeApp, sold: Lot, anna: Chat) -> None:
    ask(anna, sold)
    photo(anna)
    assert "The photo is kept" in anna.words
    assert deal(app, sold).state is DealState.AWAITING_DELIVERY
    photo(anna)
    anna.say("Broken")
    assert len(deal(app, sold).dispute_pictures) == 2


@pytest.mark.parametrize("caption_at", range(4))
def test_an_album_is_one_dispute_wherever_its_words_are(app: FakeApp, sold: Lot, anna: Chat, caption_at: int) -> None:
    ask(anna, sold)
    files = [file(anna.telegram) for _ in range(4)]
    for number, file_id in enumerate(files):
        words: dict[str, Any] = {"caption": "Broken"} if number == caption_at else {}
        photo(anna, file_id=file_id, media_group_id="album", number=100 + number, **words)
    assert (deal(app, sold).dispute, len(deal(app, sold).dispute_pictures)) == ("Broken", 4)
    assert asked(anna, "Your dispute is open") == 1
    assert asked(anna, "The photo is kept") == (1 if caption_at else 0)


def test_an_album_without_words_is_asked_for_them_once(app: FakeApp, sold: Lot, anna: Chat) -> None:
    ask(anna, sold)
    for number in (3, 1, 2):
        photo(anna, png((10 * number, 10)), media_group_id="album", number=number)
    assert asked(anna, "The photo is kept") == 1
    anna.say("Broken")
    sides = [width(app, sold, name) for name in deal(app, sold).dispute_pictures]
    assert sides == [10, 20, 30], "in the order of the messages"


def width(app: FakeApp, lot: Lot, name: str) -> int:
    return Image.open(io.BytesIO(app.pictures.evidence[lot.auction.id, name]["large"])).width


def test_an_album_that_is_delivered_again_is_the_same(app: FakeApp, sold: Lot, anna: Chat) -> None:
    ask(anna, sold)
    files = [file(anna.telegram) for _ in range(3)]
    for _ in range(2):
        for number, file_id in enumerate(files):
            part(anna, number, "Broken", file_id=file_id, update_id=7000 + number)
    said = asked(anna, "")
    for number, file_id in enumerate(files):  # sent once more by the person, as it were
        part(anna, number + 1, file_id=file_id)
    assert (len(deal(app, sold).dispute_pictures), asked(anna, "")) == (3, said)


def test_of_six_photos_five_are_taken_and_the_sixth_is_told_so_once(app: FakeApp, sold: Lot, anna: Chat) -> None:
    ask(anna, sold)
    for number in range(8):
        part(anna, number, "Broken")
    assert len(deal(app, sold).dispute_pictures) == 5
    assert asked(anna, "Up to 5 photos.") == 1
    assert "Add photos" not in anna.buttons()


def test_six_photos_before_the_words_are_five(app: FakeApp, sold: Lot, anna: Chat) -> None:
    ask(anna, sold)
    for _ in range(6):
        photo(anna)
    assert "Up to 5 photos." in anna.words
    anna.say("Broken")
    assert len(deal(app, sold).dispute_pictures) == 5


def test_a_death_after_the_dispute_counts_as_opened_with_its_photo(app: FakeApp, sold: Lot, anna: Chat) -> None:
    ask(anna, sold)
    file_id = file(anna.telegram)
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        photo(anna, file_id=file_id, caption="Broken", update_id=8000)
    app.clock.forward(seconds=31)
    photo(anna, file_id=file_id, caption="Broken", update_id=8000)
    assert "Your dispute is open" in anna.words
    assert len(deal(app, sold).dispute_pictures) == 1


@pytest.mark.parametrize("fault", [broken(), timeout()])
@pytest.mark.parametrize("what", ["getFile", "file"])
def test_a_photo_that_telegram_cannot_give_just_now_comes_again(
    app: FakeApp, sold: Lot, anna: Chat, what: str, fault: Any
) -> None:
    ask(anna, sold)
    file_id = file(anna.telegram)
    anna.telegram.fail(what, fault, times=2)
    assert photo(anna, file_id=file_id, caption="Broken", update_id=9000) == 503
    assert deal(app, sold).dispute is None
    anna.telegram.heal()
    assert photo(anna, file_id=file_id, caption="Broken", update_id=9000) == 200
    assert len(deal(app, sold).dispute_pictures) == 1


def test_a_photo_that_telegram_does_not_give_is_asked_for_again(app: FakeApp, sold: Lot, anna: Chat) -> None:
    ask(anna, sold)
    photo(anna, file_id="nobody knows it", caption="Broken")
    assert "Send it once more" in anna.words
    photo(anna, caption="Broken")
    assert len(deal(app, sold).dispute_pictures) == 1


@pytest.mark.parametrize(
    ("data", "mime", "words"),
    [
        (b"%PDF-1.7", "application/pdf", "As a file only a photo works here"),
        (b"x", "video/mp4", "As a file only a photo works here"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "Use PNG, JPEG or WebP"),
        (b"hello", "image/png", "Use PNG, JPEG or WebP"),
        (bytes(5 * 1024 * 1024 + 1), "image/png", "up to 5 MB"),
        (bytes(MOST_GIVEN_OUT + 1), "image/png", "up to 5 MB"),
    ],
)
def test_a_file_that_is_no_picture_is_refused_with_words(
    app: FakeApp, sold: Lot, anna: Chat, data: bytes, mime: str, words: str
) -> None:
    ask(anna, sold)
    document(anna, data, mime, caption="Broken")
    assert words in anna.words
    assert deal(app, sold).dispute is None
    assert not app.pictures.evidence
    anna.say("Broken")
    assert deal(app, sold).dispute == "Broken", "the question stays open"


def test_a_large_file_is_not_even_asked_for(app: FakeApp, sold: Lot, anna: Chat) -> None:
    ask(anna, sold)
    document(anna, bytes(6 * 1024 * 1024), "image/png", caption="Broken")
    assert not anna.telegram.called("getFile")


def test_a_picture_as_a_file_is_a_photo_without_its_notes(app: FakeApp, sold: Lot, anna: Chat) -> None:
    image, out = Image.new("RGB", (40, 20), "red"), io.BytesIO()
    exif = image.getexif()
    exif[0x010F] = "Cameramaker"
    image.save(out, "JPEG", exif=exif)
    ask(anna, sold)
    document(anna, out.getvalue(), "image/jpeg", caption="Broken")
    (kept,) = app.pictures.evidence.values()
    assert all(b"Cameramaker" not in data for data in kept.values())
    assert len(deal(app, sold).dispute_pictures) == 1


@pytest.mark.parametrize("content", [{"sticker": STICKER}, {"photo": []}])
def test_other_things_are_no_words(app: FakeApp, sold: Lot, anna: Chat, content: dict[str, Any]) -> None:
    ask(anna, sold)
    anna.update({"message": anna._message(**content, caption="Broken")})
    assert "Only text and photos" in anna.words
    assert deal(app, sold).dispute is None


def test_the_seller_sees_the_photos_and_answers_with_some(app: FakeApp, sold: Lot, anna: Chat, seller: Chat) -> None:
    ask(anna, sold)
    for number in range(2):
        part(anna, number, "Broken")
    ask(seller, sold, "answer")
    assert albums(seller.telegram, seller) == [2]
    assert "Broken" in seller.words
    photo(seller, caption="It was whole")
    assert (deal(app, sold).answer, len(deal(app, sold).answer_pictures)) == ("It was whole", 1)
    ask(anna, sold, "heard")
    assert albums(anna.telegram, anna) == [1]
    assert "It was whole" in anna.words
    ask(seller, sold, "answer")
    seller.say("It was quite whole")
    assert (deal(app, sold).answer, len(deal(app, sold).answer_pictures)) == ("It was quite whole", 1)


def test_an_operator_sees_whose_photos_they_are(app: FakeApp, sold: Lot, anna: Chat, seller: Chat, admin: Chat) -> None:
    ask(anna, sold)
    photo(anna, caption="Broken")
    ask(seller, sold, "answer")
    for number in range(3):
        part(seller, number, "It was whole")
    admin.press_data(f"a:look:{sold.auction.id}", None)
    assert albums(admin.telegram, admin) == [1, 3]
    captions = [str(message.get("caption") or "") for message in admin.messages]
    assert [one for one in captions if one] == ["<b>The buyer's photos</b>", "<b>The seller's photos</b>"]
    assert any(button.startswith("Refund") for button in admin.buttons()), "the choice comes last"


def test_an_operator_decides_though_telegram_does_not_take_the_photos(
    app: FakeApp, sold: Lot, anna: Chat, admin: Chat
) -> None:
    ask(anna, sold)
    photo(anna, caption="Broken")
    admin.telegram.fail("sendPhoto", broken(), times=2)
    admin.press_data(f"a:look:{sold.auction.id}", None)
    assert asked(admin, "could not be sent") == 1
    assert any(button.startswith("Refund") for button in admin.buttons())


def test_more_photos_come_with_a_button_until_there_are_five(app: FakeApp, sold: Lot, anna: Chat) -> None:
    ask(anna, sold)
    anna.say("Broken")
    anna.press("Add photos")
    assert "Send up to 5 photos" in anna.words
    anna.say("here they are")
    assert "Send a photo" in anna.words
    for number in range(3):
        photo(anna, media_group_id="album", number=number + 1)
    assert len(deal(app, sold).dispute_pictures) == 3
    assert asked(anna, "Added.") == 1
    anna.press("Add photos")
    assert "Send up to 2 photos" in anna.words
    for number in range(3):
        photo(anna, media_group_id="another", number=number + 10)
    assert len(deal(app, sold).dispute_pictures) == 5
    assert "Up to 5 photos." in anna.words


def test_the_same_words_twice_in_an_album_are_said_not_to_count(app: FakeApp, sold: Lot, anna: Chat) -> None:
    ask(anna, sold)
    photo(anna, media_group_id="album", number=1, caption="Broken")
    photo(anna, media_group_id="album", number=2, caption="and scratched")
    assert "The words under it are not" in anna.words
    assert (deal(app, sold).dispute, len(deal(app, sold).dispute_pictures)) == ("Broken", 2)


def test_photos_for_a_dispute_that_was_decided_meanwhile_are_refused(app: FakeApp, sold: Lot, anna: Chat) -> None:
    ask(anna, sold)
    photo(anna, media_group_id="album", number=1, caption="Broken")
    app.dealing.resolve(deciding("Clear", app.now()), sold.auction.id, False)
    photo(anna, media_group_id="album", number=2)
    assert "moved on" in anna.words
    assert len(deal(app, sold).dispute_pictures) == 1


def test_nothing_is_fetched_for_who_may_not_object(app: FakeApp, sold: Lot, anna: Chat, boris: Chat) -> None:
    boris.join()
    anna.press_data(f"d:dispute:{sold.auction.id}", None)
    app.dealing.deliver(SELLER, sold.auction.id, "code", app.now())
    app.dealing.confirm(anna.id, sold.auction.id, app.now())
    photo(anna, caption="Broken")
    assert "moved on" in anna.words
    boris.press_data(f"ev:add:{sold.auction.id}", None)
    photo(boris, media_group_id="album", caption="Broken")
    assert not anna.telegram.called("getFile")


def test_photos_of_a_dispute_that_was_given_up_are_not_in_the_next_one(app: FakeApp, sold: Lot, anna: Chat) -> None:
    ask(anna, sold)
    photo(anna)
    anna.say("/cancel")
    ask(anna, sold)
    anna.say("Broken")
    assert deal(app, sold).dispute_pictures == ()


def test_a_photo_to_nothing_is_no_part_of_anything(app: FakeApp, sold: Lot, anna: Chat) -> None:
    photo(anna, media_group_id="album")
    assert not anna.telegram.called("getFile")


def test_who_has_blocked_the_bot_meanwhile_has_their_dispute_all_the_same(app: FakeApp, sold: Lot, anna: Chat) -> None:
    ask(anna, sold)
    anna.telegram.fail("sendMessage", forbidden())
    photo(anna, caption="Broken")
    assert len(deal(app, sold).dispute_pictures) == 1


def test_a_message_of_an_album_that_loses_to_the_others_comes_again(app: FakeApp, sold: Lot, anna: Chat) -> None:
    ask(anna, sold)
    first, second = (file(anna.telegram) for _ in range(2))
    said = asked(anna, "")
    for number, file_id in enumerate((first, second)):
        app.store.fail_next(Contended(), times=4)
        assert part(anna, number, "Broken", file_id=file_id, update_id=9500 + number) == 503
        assert asked(anna, "") == said, "nobody is told to try again"
        assert part(anna, number, "Broken", file_id=file_id, update_id=9500 + number) == 200
        said = asked(anna, "")
    assert (deal(app, sold).dispute, len(deal(app, sold).dispute_pictures)) == ("Broken", 2)
