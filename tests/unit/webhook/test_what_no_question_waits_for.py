"""Whatever somebody sends unasked is answered with what would be right: never with silence, and an album once."""

from typing import Any

import pytest

from starbid.domain.lots import Lot
from tests.support.fakes import FakeApp

from .chatting import DOCUMENT, PHOTO, STICKER, Chat, FakeTelegram

FILE = {"file_id": "f", "file_unique_id": "f"}
FILM = FILE | {"width": 640, "height": 480, "duration": 3}
PLACE = {"latitude": 55.75, "longitude": 37.62}
POLL = {
    "id": "1", "question": "Which?", "options": [], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
    "type": "regular", "allows_multiple_answers": False, "allows_revoting": True, "members_only": False,
}  # fmt: skip
CHANNEL = {
    "type": "channel", "date": 1, "message_id": 7, "chat": {"id": -1001, "type": "channel", "title": "News"},
}  # fmt: skip
HIDDEN = {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}
SENT: dict[str, tuple[dict[str, Any], str]] = {
    "a photo": ({"photo": [PHOTO]}, "Photos belong to a lot"),
    "a photo with words": ({"photo": [PHOTO], "caption": "how much?"}, "Photos belong to a lot"),
    "a file": ({"document": DOCUMENT}, "Files belong to a deal"),
    "a voice message": ({"voice": FILE | {"duration": 3}}, "cannot listen"),
    "music": ({"audio": FILE | {"duration": 180}}, "cannot listen"),
    "a video": ({"video": FILM, "caption": "my lamp"}, "cannot watch videos"),
    "a round video": ({"video_note": FILE | {"length": 240, "duration": 3}}, "cannot watch videos"),
    "a GIF": ({"animation": FILM, "document": FILE}, "cannot watch videos"),
    "a sticker": ({"sticker": STICKER}, "only words"),
    "a die": ({"dice": {"emoji": "🎲", "value": 6}}, "only words"),
    "a place": ({"location": PLACE}, "where you are"),
    "a venue": ({"location": PLACE, "venue": {"location": PLACE, "title": "x", "address": "y"}}, "where you are"),
    "a contact": ({"contact": {"phone_number": "+1", "first_name": "A"}}, "no phone numbers"),
    "a poll": ({"poll": POLL}, "do not vote"),
    "a forwarded post": ({"text": "Great lamps", "forward_origin": CHANNEL}, "forwarded message"),
    "a forwarded photo": ({"photo": [PHOTO], "caption": "Lamps", "forward_origin": HIDDEN}, "forwarded message"),
    "a forwarded voice message": ({"voice": FILE | {"duration": 3}, "forward_origin": HIDDEN}, "forwarded message"),
}


def send(chat: Chat, **content: Any) -> None:
    assert chat.update({"message": chat._message(**content)}) == 200


@pytest.mark.parametrize("what", SENT)
def test_it_is_answered_with_what_would_be_right(anna: Chat, what: str) -> None:
    content, words = SENT[what]
    send(anna, **content)
    assert words in anna.words
    assert len(anna.messages) == 1
    assert len(anna.buttons()) >= 2, "a way on, and the menu"
    assert "go:menu" in anna.buttons().values()


@pytest.mark.parametrize("what", SENT)
def test_so_it_is_in_russian(boris: Chat, what: str) -> None:
    send(boris, **SENT[what][0])
    assert any("а" <= letter <= "я" for letter in boris.words)
    assert not any(word in boris.words for word in ("Photos", "cannot", "what"))


def test_every_button_under_it_leads_somewhere(anna: Chat) -> None:
    for content, _ in SENT.values():
        send(anna, **content)
        message = anna.last
        for data in anna.buttons(message).values():
            anna.press_data(data, message)
            assert "old" not in " ".join(anna.toasts())


def test_what_no_bot_api_of_today_knows_is_answered_too(app: FakeApp, anna: Chat) -> None:
    from .chatting import post

    assert post({"update_id": 1, "message": {**anna._message(), "hologram": {"file_id": "x"}}}) == 200
    assert "did not understand" in anna.words


@pytest.mark.parametrize("forwarded", [False, True])
def test_thirty_photos_in_albums_are_answered_once_an_album(anna: Chat, forwarded: bool) -> None:
    origin = {"forward_origin": CHANNEL} if forwarded else {}
    for number in range(30):
        send(anna, photo=[PHOTO], media_group_id=str(number // 10), **origin)
    assert len(anna.messages) == 3


def test_an_album_of_videos_is_answered_once(anna: Chat) -> None:
    for _ in range(5):
        send(anna, video=FILM, media_group_id="7")
    assert len(anna.messages) == 1


def test_two_people_may_have_albums_of_one_name(anna: Chat, boris: Chat) -> None:
    for chat in (anna, boris):
        send(chat, photo=[PHOTO], media_group_id="7")
        assert len(chat.messages) == 1


def test_a_forwarded_word_is_no_search_and_a_written_one_is(lot: Lot, anna: Chat) -> None:
    send(anna, text=lot.card.title, forward_origin=HIDDEN)
    assert "forwarded" in anna.words
    anna.say(lot.card.title)
    assert "forwarded" not in anna.words


def test_a_forwarded_answer_answers_the_question(anna: Chat, telegram: FakeTelegram) -> None:
    anna.say("/buy_stars")
    send(anna, text="250", forward_origin=HIDDEN)
    assert telegram.called("sendInvoice")[0]["prices"][0]["amount"] == 250


def test_while_a_question_is_open_it_is_asked_again(anna: Chat) -> None:
    anna.say("/buy_stars")
    for content in ({"voice": FILE | {"duration": 3}}, {"location": PLACE}, {"sticker": STICKER}):
        send(anna, **content)
        assert "/cancel" in anna.words or "Cancel" in anna.buttons()


@pytest.mark.parametrize(
    "notice",
    [
        {"write_access_allowed": {"from_attachment_menu": True}},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400}},
        {"pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}},
    ],
)
def test_what_telegram_tells_of_the_chat_itself_is_no_message_to_answer(
    app: FakeApp, anna: Chat, notice: dict[str, Any]
) -> None:
    anna.join(unreachable=True)
    send(anna, **notice)
    assert anna.messages == []
    person = app.store.person(1)
    assert person is not None
    assert not person.unreachable, "they let the bot in"
