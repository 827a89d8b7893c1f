"""Who sells for the first time says what time it is where they are, on the way and without losing it."""

from __future__ import annotations

import pytest

from starbid.domain.lot_form import END
from tests.support.fakes import START, FakeApp
from tests.support.there import there

from .chatting import Chat, FakeTelegram
from .selling_chat import chat_data, draft

LABELS = {"en": ("Time zone: UTC", "GMT+3 · Moscow"), "ru": ("Часовой пояс: UTC", "GMT+3 · Москва")}


def asked_how_long(chat: Chat) -> str:
    """The draft's id; the question of the length stands in the chat."""
    chat.say("/sell")
    chat.press(chat_data(chat, "sl:k:"))
    chat.say("A lamp")
    chat.say("It shines.")
    for choice in (":ca:home", ":go:digital", ":ki:english", ":sp:100"):
        chat.press(chat_data(chat, choice))
    return draft(chat.app, chat).id


@pytest.fixture(params=["en", "ru"])
def newcomer(request: pytest.FixtureRequest, app: FakeApp, telegram: FakeTelegram) -> Chat:
    return Chat(app, telegram, 1, request.param).join(seller=True)


def test_nine_in_the_evening_is_nine_in_moscow(app: FakeApp, newcomer: Chat) -> None:
    asked_how_long(newcomer)
    zone, moscow = LABELS[str(newcomer.user["language_code"])]
    question = newcomer.last["message_id"]
    newcomer.press(zone)
    newcomer.press(moscow)
    assert newcomer.last["message_id"] == question, "in the place of the question"
    assert zone.replace("UTC", "Europe/Moscow (GMT+3)") in newcomer.buttons()
    assert "Europe/Moscow" in newcomer.words
    newcomer.say("today 21:00" if newcomer.user["language_code"] == "en" else "сегодня 21:00")
    assert draft(app, newcomer).fields[END] == START.replace(hour=21 - 3).isoformat()


def test_back_from_the_choice_is_the_question(newcomer: Chat) -> None:
    kept = asked_how_long(newcomer)
    asked = newcomer.words
    newcomer.press(f"sl:z:{kept}:du")
    newcomer.press(chat_data(newcomer, f"sl:f:{kept}:du"))
    assert newcomer.words == asked


def test_another_city_is_written_and_leads_back(app: FakeApp, newcomer: Chat) -> None:
    kept = asked_how_long(newcomer)
    asked = newcomer.words
    newcomer.press(f"sl:z:{kept}:du:other")
    newcomer.say("nowhere at all")
    newcomer.say("Lisbon")
    assert there(app.store.person(1)).zone == "Europe/Lisbon"
    assert newcomer.words == asked.replace("UTC", "Europe/Lisbon (GMT+1)"), "the same question"
    newcomer.say("in 3 hours" if newcomer.user["language_code"] == "en" else "через 3 часа")
    assert draft(app, newcomer).fields[END]


def test_a_start_that_was_named_stays_the_moment_that_it_was(app: FakeApp, newcomer: Chat) -> None:
    kept = asked_how_long(newcomer)
    newcomer.press(f"sl:f:{kept}:st")
    newcomer.say("tomorrow 18:30")
    before = draft(app, newcomer).fields
    newcomer.press(f"sl:z:{kept}:st:Asia/Tokyo")
    assert draft(app, newcomer).fields == before
    assert before["starts_zone"] == "UTC"


def test_a_start_that_is_yet_to_be_named_is_read_in_the_new_zone(app: FakeApp, newcomer: Chat) -> None:
    kept = asked_how_long(newcomer)
    newcomer.press(f"sl:z:{kept}:st:Asia/Tokyo")
    assert draft(app, newcomer).fields["starts_zone"] == "Asia/Tokyo"
    newcomer.say("tomorrow 18:30")
    fields = draft(app, newcomer).fields
    assert (fields["starts_at"], fields["starts_zone"]) == ("2026-05-02T18:30", "Asia/Tokyo")


@pytest.mark.parametrize(
    "tail", ["du:Nowhere", "du:../etc", "ti", "ti:Asia/Tokyo", "du:Asia/Tokyo:x", "xx:Asia/Tokyo", "", "du:"]
)
def test_a_button_that_nobody_made_changes_nothing(app: FakeApp, newcomer: Chat, tail: str) -> None:
    kept = asked_how_long(newcomer)
    assert newcomer.press(f"sl:z:{kept}:{tail}") == 200
    assert newcomer.press(f"sl:z:{tail}") == 200
    assert there(app.store.person(1)).zone is None


def test_a_draft_that_is_gone_is_said_so(app: FakeApp, newcomer: Chat) -> None:
    kept = asked_how_long(newcomer)
    newcomer.press(f"sl:z:{kept}:du:other")
    app.sell_drafts.drop(newcomer.id, kept)
    assert newcomer.say("Lisbon") == 200
    assert there(app.store.person(1)).zone is None
    assert newcomer.press(f"sl:z:{kept}:du:Asia/Tokyo") == 200
    assert there(app.store.person(1)).zone is None


def test_no_button_of_the_choice_is_too_long(newcomer: Chat) -> None:
    kept = asked_how_long(newcomer)
    newcomer.press(f"sl:z:{kept}:du")
    carried = [data for data in newcomer.buttons().values() if data.startswith("sl:z:")]
    assert len(carried) > 20
    assert max(len(data) for data in carried) <= 62, "two are for the mark of a screen"
