"""A draft is kept for weeks, its question for a day: what comes later is answered with the way back to the draft."""

from __future__ import annotations

import pytest

from starbid.domain.lots import Lot
from starbid.services.ports import SellDraft
from tests.support.fakes import FakeApp
from webhook.screens.selling_fields import PATIENCE

from .chatting import PHOTO, Chat
from .selling_chat import chat_data, draft, photo

WORDS = {"en": "Continue “{title}”", "ru": "Продолжить «{title}»"}


@pytest.fixture(params=["anna", "boris"])
def person(request: pytest.FixtureRequest) -> Chat:
    chat: Chat = request.getfixturevalue(request.param)
    return chat.join(seller=True)


def begun(chat: Chat, title: str = "A lamp") -> str:
    """How the button is called that goes on with a draft, which was left days ago."""
    chat.say("/sell")
    chat.press(chat_data(chat, "sl:k:"))
    chat.say(title)
    chat.app.clock.forward(seconds=PATIENCE + 86_400)
    return WORDS[str(chat.user["language_code"])].format(title=title)


def test_words_of_two_days_later_find_the_way_to_the_draft(app: FakeApp, person: Chat) -> None:
    button = begun(person)
    person.say("It shines.")
    assert person.buttons()[button] == f"sl:o:{draft(app, person).id}"
    person.press(button)
    person.say("It shines.")
    assert draft(app, person).fields["description"] == "It shines."


def test_so_does_a_photo(app: FakeApp, person: Chat) -> None:
    button = begun(person)
    photo(person)
    assert not draft(app, person).pictures
    person.press(button)
    photo(person)
    assert len(draft(app, person).pictures) == 1


def test_a_draft_of_photos_alone_has_a_way_back_too(app: FakeApp, anna: Chat) -> None:
    anna.join()
    app.sell_drafts.keep(anna.id, SellDraft("0" * 32, {}, ("p",), (), app.now()), app.now())
    anna.say("A lamp")
    assert anna.buttons()["Continue “without a title”"] == f"sl:o:{'0' * 32}"


def test_of_many_drafts_the_newest_are_offered(app: FakeApp, anna: Chat) -> None:
    anna.join()
    for number in range(10):
        kept = SellDraft(f"{number:032x}", {"title": f"Lamp {number}"}, (), (), app.now())
        app.sell_drafts.keep(anna.id, kept, app.now())
        app.clock.forward(seconds=1)
    anna.say("It shines.")
    assert [text for text in anna.buttons() if "Lamp" in text] == [f"Continue “Lamp {n}”" for n in (9, 8, 7)]


def test_who_has_no_draft_is_offered_none(person: Chat) -> None:
    person.say("It shines.")
    assert "sl:o:" not in str(person.buttons())
    photo(person)
    assert "sl:o:" not in str(person.buttons())


def test_a_search_that_finds_something_is_only_that(lot: Lot, anna: Chat) -> None:
    begun(anna.join(seller=True), "A vase")
    anna.app.clock.now = lot.auction.starts_at
    anna.say(lot.card.title)
    assert "Continue" not in str(anna.buttons())


def test_a_forwarded_photo_belongs_to_no_draft(person: Chat) -> None:
    begun(person)
    hidden = {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}
    person.update({"message": person._message(photo=[PHOTO], forward_origin=hidden)})
    assert "sl:o:" not in str(person.buttons())
