"""What people send instead of a lot: too many photos, no photos, words that are none, times that are over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from starbid.domain.errors import TooOften
from starbid.domain.limits import LIMITS, Deed
from starbid.domain.lots import MAX_PICTURES
from tests.support.fakes import FakeApp
from tests.support.web import png

from .chatting import STICKER, Chat, broken
from .selling_chat import album, chat_data, document, draft, file, lots, photo, said, to_preview

VIDEO = {"file_id": "v", "file_unique_id": "v", "width": 90, "height": 67, "duration": 3}
VOICE = {"file_id": "o", "file_unique_id": "o", "duration": 3}
GIF = {"file_id": "g", "file_unique_id": "g", "width": 90, "height": 67, "duration": 3}


@pytest.fixture
def ann(app: FakeApp, anna: Chat) -> Chat:
    """She may sell, and is asked for photos."""
    anna.join(seller=True)
    anna.say("/sell")
    return anna


def titled(chat: Chat) -> None:
    chat.press(chat_data(chat, "sl:k:"))
    chat.say("A lamp")
    chat.say("It shines.")
    chat.press("Home")
    chat.press("Something digital")
    chat.press("Auction")


def test_of_thirty_photos_at_once_eight_are_kept_and_that_is_said_once(app: FakeApp, ann: Chat) -> None:
    for _ in range(3):
        album(ann, 10)
    assert len(draft(app, ann).pictures) == MAX_PICTURES
    assert said(ann, "Up to 8 photos: the others were left out.") == 1
    assert len(app.pictures.drafts) == MAX_PICTURES, "nothing is decoded for nothing"


def test_an_album_is_asked_on_once_and_its_count_is_that_of_all(app: FakeApp, ann: Chat) -> None:
    album(ann, 3)
    assert said(ann, "Photos: 3 of 8.") == 1
    assert said(ann, "Photos: 1 of 8.") == 0
    photo(ann)
    assert ann.words.startswith("Photos: 4 of 8.")


def test_photos_of_an_album_keep_the_order_of_their_messages(app: FakeApp, ann: Chat) -> None:
    files = [file(ann) for _ in range(4)]
    for at in (2, 0, 3, 1):
        photo(ann, file_id=files[at], number=100 + at, media_group_id="album")
    in_order = draft(app, ann).pictures
    app.sell_drafts.drop(ann.id, draft(app, ann).id)
    ann.press_data("sl:new", None)
    for name in files:
        photo(ann, file_id=name)
    sizes = [app.pictures.drafts[ann.id, name]["small"] for name in draft(app, ann).pictures]
    assert [app.pictures.drafts[ann.id, name]["small"] for name in in_order] == sizes


def test_a_photo_that_comes_twice_is_one(app: FakeApp, ann: Chat) -> None:
    same = file(ann)
    photo(ann, file_id=same)
    photo(ann, file_id=same)
    assert len(draft(app, ann).pictures) == 1


def test_a_forwarded_album_brings_its_words_as_the_description(app: FakeApp, ann: Chat) -> None:
    origin = {"type": "hidden_user", "date": 1_700_000_000, "sender_user_name": "Somebody"}
    album(ann, 2, caption="A lamp of mine, it shines.", forward_origin=origin)
    assert draft(app, ann).fields["description"] == "A lamp of mine, it shines."
    assert said(ann, "The words under the photo are kept as the description.") == 1
    ann.press("Done")
    ann.say("A lamp")
    assert "Which category?" in ann.words, "it is not asked for again"


def test_a_photo_that_comes_late_is_added_and_the_question_stays(app: FakeApp, ann: Chat) -> None:
    album(ann, 2, "album7")
    ann.press("Done")
    photo(ann, media_group_id="album7")
    assert len(draft(app, ann).pictures) == 3
    ann.say("A lamp")
    assert draft(app, ann).fields["title"] == "A lamp"


@pytest.mark.parametrize("content", [{"video": VIDEO}, {"voice": VOICE}, {"sticker": STICKER}])
def test_what_is_no_photo_is_answered_with_what_would_be_right(app: FakeApp, ann: Chat, content: object) -> None:
    ann.update({"message": ann._message(**dict(content))})  # type: ignore[call-overload]
    assert "Only photos work here: PNG, JPEG or WebP, up to 5 MB." in ann.words
    assert "Without photos" in ann.buttons()
    ann.press("Without photos")
    ann.update({"message": ann._message(**dict(content))})  # type: ignore[call-overload]
    assert "Only text works here" in ann.words
    ann.say("A lamp")
    assert draft(app, ann).fields["title"] == "A lamp"


def test_an_animation_and_a_file_that_is_no_picture_are_refused(app: FakeApp, ann: Chat) -> None:
    clip = {"file_id": "g", "file_unique_id": "g", "mime_type": "video/mp4"}
    ann.update({"message": ann._message(animation=GIF, document=clip)})
    assert "As a file only a photo works here" in ann.words
    document(ann, b"%PDF-1.7", "application/pdf")
    assert "As a file only a photo works here" in ann.words
    document(ann, b"no picture at all", "image/png")
    assert "We cannot read this photo." in ann.words
    assert draft(app, ann).pictures == ()


def test_a_photo_of_twenty_megabytes_is_too_large_and_is_not_fetched(app: FakeApp, ann: Chat) -> None:
    document(ann, b"\x89PNG" + b"x" * 20_000_000, "image/png")
    assert "A photo can be up to 5 MB." in ann.words
    assert not ann.telegram.called("getFile")


def test_a_photo_as_a_file_is_as_good_as_any(app: FakeApp, ann: Chat) -> None:
    document(ann, png((64, 64)), "image/png")
    assert len(draft(app, ann).pictures) == 1


def test_an_album_of_other_things_is_refused_once(app: FakeApp, ann: Chat) -> None:
    for _ in range(5):
        document(ann, b"%PDF-1.7", "application/pdf", media_group_id="files")
    assert said(ann, "As a file only a photo works here") == 1


def test_words_where_photos_are_waited_for_are_the_title_until_there_is_one(app: FakeApp, ann: Chat) -> None:
    ann.say("ab")
    assert "3" in ann.words, "too short for a title"
    ann.say("A lamp")
    assert draft(app, ann).fields["title"] == "A lamp"
    assert "Describe it" in ann.words
    ann.press_data(f"sl:f:{draft(app, ann).id}:ph", None)
    ann.say("Another name")
    assert "Only photos work here" in ann.words
    assert draft(app, ann).fields["title"] == "A lamp"


def test_a_trouble_of_telegram_brings_the_photo_again(app: FakeApp, ann: Chat) -> None:
    name = file(ann)
    ann.telegram.fail("getFile", broken(), times=2)
    assert photo(ann, file_id=name, update_id=77) == 503
    assert photo(ann, file_id=name, update_id=77) == 200
    assert len(draft(app, ann).pictures) == 1


def test_one_who_may_not_sell_yet_sends_only_so_many_photos(app: FakeApp, boris: Chat) -> None:
    boris.join()
    boris.say("/sell")
    app.limits.require(Deed.UNPAID_PICTURE, boris.id, app.now(), LIMITS[Deed.UNPAID_PICTURE].most)
    with pytest.raises(TooOften):
        app.limits.require(Deed.UNPAID_PICTURE, boris.id, app.now())
    photo(boris)
    assert draft(app, boris).pictures == ()


@pytest.mark.parametrize(("title", "fault"), [("\u200b\u2060", "Nothing in this can be seen"), ("x", "Use 3 to 80"),
                                              ("я" * 81, "Use 3 to 80")])  # fmt: skip
def test_a_title_that_is_none_is_asked_for_again(app: FakeApp, ann: Chat, title: str, fault: str) -> None:
    ann.press("Without photos")
    ann.say(title)
    assert fault in ann.words
    ann.say("<b>A lamp</b> & more")
    assert draft(app, ann).fields["title"] == "<b>A lamp</b> & more"


def test_a_title_of_emoji_alone_is_as_good_as_the_rules_say(app: FakeApp, ann: Chat) -> None:
    ann.press("Without photos")
    ann.say("🌞🌞")
    assert "Use 3 to 80" in ann.words
    ann.say("🌞🌞🌞")
    assert draft(app, ann).fields["title"] == "🌞🌞🌞"


@pytest.mark.parametrize("text", ["1e3", "1,5", "-5", "0", "five", "1.250", "9" * 14, "⭐"])
def test_what_is_no_price_is_asked_for_again_with_prices_to_press(app: FakeApp, ann: Chat, text: str) -> None:
    titled(ann)
    ann.say(text)
    assert "whole number" in ann.words
    assert "⭐\u202f100" in ann.buttons()
    assert not draft(app, ann).fields.get("start_price")


@pytest.mark.parametrize(("text", "amount"), [("100 ⭐", "100"), ("⭐ 1 250", "1250"), ("١٢", "12")])
def test_a_price_is_read_as_everywhere(app: FakeApp, ann: Chat, text: str, amount: str) -> None:
    titled(ann)
    ann.say(text)
    assert draft(app, ann).fields["start_price"] == amount


def test_an_end_in_the_past_or_one_that_nobody_can_read_is_asked_for_again(app: FakeApp, ann: Chat) -> None:
    titled(ann)
    ann.press("⭐\u202f100")
    for text, fault in (("1.1.2020 10:00", "over already"), ("soon", "cannot be read"), ("in 40 days", "30 days")):
        ann.say(text)
        assert fault in ann.words
        assert "1 day" in ann.buttons()
    ann.say("in 2 hours")
    assert "Publish" in ann.buttons()


def test_an_end_is_in_the_persons_own_zone_with_half_hours_too(app: FakeApp, ann: Chat) -> None:
    app.people.set_zone(ann.id, "Asia/Kolkata")
    titled(ann)
    ann.press("⭐\u202f100")
    ann.say("tomorrow 21:00")
    assert "tomorrow 21:00 GMT+5:30" in ann.words
    ann.press("Publish")
    assert f"{lots(app)[0].auction.ends_at:%H:%M}" == "15:30"


def test_an_end_that_was_named_stays_however_long_one_looks_at_the_preview(app: FakeApp, ann: Chat) -> None:
    titled(ann)
    ann.press("⭐\u202f100")
    ann.say("tomorrow 21:00")
    app.clock.forward(hours=1)
    ann.press("Publish")
    assert f"{lots(app)[0].auction.ends_at:%H:%M}" == "21:00"


def test_an_end_that_passes_before_the_publication_is_told_and_nothing_is_put_up(app: FakeApp, ann: Chat) -> None:
    titled(ann)
    ann.press("⭐\u202f100")
    ann.say("in 2 hours")
    app.clock.forward(hours=3)
    ann.press("Publish")
    assert "Check:" in ann.words
    assert "over already" in ann.words
    assert not lots(app)
    ann.press("Duration")
    ann.press("1 day")
    ann.press("Publish")
    assert len(lots(app)) == 1


def test_a_start_that_the_clocks_skip_is_refused(app: FakeApp, seller: Chat) -> None:
    app.clock.now = datetime(2027, 3, 27, 12, tzinfo=UTC)
    ann = seller.join(seller=True, zone="Europe/Berlin")
    to_preview(ann)
    ann.press("More options")
    ann.press("Start")
    ann.say("28.03 2:30")
    assert "There is no such time in this time zone" in ann.words
    ann.say("28.03 3:30")
    assert "Publish" in ann.buttons()
    ann.press("Publish")
    assert lots(app)[-1].auction.starts_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "data",
    ["sl", "sl:", "sl:o", "sl:o:", "sl:o:x:y", "sl:f:{id}:zz", "sl:f:{id}", "sl:s:{id}:ti:x", "sl:s:{id}:sp:-",
     "sl:s:{id}:ca:nowhere", "sl:s:{id}:ki:lottery", "sl:s:{id}:du:5", "sl:s:{id}:sp:1e3", "sl:s:{id}:ph:x",
     "sl:p:{id}:", "sl:p:{id}", "sl:t:{id}:00000000:x", "sl:e:../x", "sl:a:nolot", "sl:i:x", "sl:o:" + "a" * 33],
)  # fmt: skip
def test_a_forged_button_does_no_harm(app: FakeApp, ann: Chat, data: str) -> None:
    titled(ann)
    before = draft(app, ann)
    assert ann.press_data(data.format(id=before.id), None) == 200
    assert draft(app, ann) == before
    assert not lots(app)


def test_a_picture_that_is_no_longer_stored_is_asked_for_again(app: FakeApp, ann: Chat) -> None:
    photo(ann)
    titled(ann)
    ann.press("⭐\u202f100")
    ann.press("1 day")
    app.pictures.drafts.clear()
    ann.press("Publish")
    assert "No longer stored" in ann.words
    assert not lots(app)
    ann.press("Remove all")
    ann.press("Without photos")
    ann.press("Publish")
    assert len(lots(app)) == 1


def test_the_longest_words_fit_into_every_message(app: FakeApp, ann: Chat) -> None:
    ann.press("Without photos")
    ann.say("🌞" * 80)
    ann.say("<&>" * 1300)
    ann.press("Home")
    ann.press("Something digital")
    ann.press("Auction")
    ann.press("⭐\u202f500")
    ann.press("7 days")
    assert len(ann.words) < 1100
    ann.press("Publish")
    ann.say("/my")
    ann.say("/sell")
    assert lots(app)[0].auction.ends_at - app.now() == timedelta(days=7)
