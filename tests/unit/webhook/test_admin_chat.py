"""The chat that the admins share: alerts go there, replies there answer tickets, buttons act by the presser's role."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from starbid import bootstrap
from starbid.domain.roles import Role
from starbid.domain.tickets import Side, Ticket, TicketState
from starbid.services.notices.payouts import REQUESTED
from starbid.services.ports import Notice
from tests.support.factories import xtr
from tests.support.fakes import FakeApp
from tests.support.web import png

from .chatting import PHOTO, Chat, FakeTelegram, bad_request, chatting_app, forbidden

GROUP, OTHER_GROUP, ADMIN = -1001234, -1009999, 900
_numbers = count(70_000)


@pytest.fixture
def app(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = chatting_app(telegram, ADMIN_CHAT_ID=str(GROUP))
    made.__dict__.pop("messenger")
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


@pytest.fixture(autouse=True)
def known(anna: Chat, admin: Chat) -> None:
    anna.join()


def group(telegram: FakeTelegram, chat: int = GROUP) -> list[dict[str, Any]]:
    return list(telegram.chats[chat].values())


def run(app: FakeApp) -> None:
    for _ in range(4):
        app.run_streams()
        app.clock.forward(seconds=6)


def opened(app: FakeApp, anna: Chat, text: str = "My lot is gone") -> Ticket:
    anna.say("/support")
    anna.say(text)
    run(app)
    ticket = app.tickets.open_of(anna.id, app.now())
    assert ticket is not None
    return ticket


def say(who: Chat, text: str = "", chat: int = GROUP, **more: Any) -> int:
    """In a group: `thread` of a topic, `to` another message, or any content."""
    thread, to = more.pop("thread", None), more.pop("to", None)
    where = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
    where |= {"reply_to_message": json.loads(json.dumps(to))} if to else {}
    content = more or {"text": text}
    place = {"id": chat, "type": "supergroup", "title": "Admins"}
    return who.update({"message": who._message(chat=place, **where, **content) | {"message_id": next(_numbers)}})


def press(who: Chat, data: str, message: dict[str, Any]) -> int:
    return who.press_data(data, message)


def operator_of(app: FakeApp, who: Chat, role: Role) -> None:
    known = app.store.tables.people[who.id]
    app.store.tables.people[who.id] = replace(known, role=role)


def said(app: FakeApp, ticket: Ticket) -> list[tuple[Side, str]]:
    page = app.tickets.messages(ticket.id, app.now(), backward=False)
    return [(message.side, message.text) for message in page.items]


def test_in_a_forum_a_ticket_has_a_topic_and_what_is_said_there_goes_to_the_person(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, admin: Chat
) -> None:
    telegram.is_forum = True
    ticket = opened(app, anna)
    assert telegram.topics == [f"Anna · {ticket.id}"]
    assert "My lot is gone" in group(telegram)[-1]["text"]
    assert not any("gone" in str(each.get("text")) for each in admin.messages), "told once, in the chat they share"
    say(admin, "Look at /my", thread=501)
    assert said(app, ticket) == [(Side.PERSON, "My lot is gone"), (Side.OPERATOR, "Look at /my")]
    assert telegram.called("setMessageReaction")
    before = len(group(telegram))
    run(app)
    assert "Look at /my" in anna.words
    assert len(group(telegram)) == before, "what was said there is not said there again"
    anna.say("Thanks")
    run(app)
    sent = telegram.called("sendMessage")[-1]
    assert (sent["chat_id"], sent["message_thread_id"]) == (GROUP, 501)
    assert telegram.topics == [f"Anna · {ticket.id}"]


def test_elsewhere_replies_to_its_messages_answer(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, admin: Chat
) -> None:
    ticket = opened(app, anna)
    first = group(telegram)[-1]
    say(admin, "Look at /my", to=first)
    anna.say("Still")
    run(app)
    assert telegram.called("sendMessage")[-1]["reply_parameters"]["message_id"] == first["message_id"]
    say(admin, "And now?", to=group(telegram)[-1])
    assert [text for _, text in said(app, ticket)] == ["My lot is gone", "Look at /my", "Still", "And now?"]


def test_a_photo_goes_to_the_person(app: FakeApp, telegram: FakeTelegram, anna: Chat, admin: Chat) -> None:
    telegram.files = {"p": png()}
    ticket = opened(app, anna)
    say(admin, to=group(telegram)[-1], photo=[PHOTO], caption="Here")
    run(app)
    message = app.tickets.message(ticket.id, 2, app.now())
    assert message is not None
    assert (message.text, len(message.pictures)) == ("Here", 1)
    assert any(fields["chat_id"] == anna.id for fields in telegram.called("sendPhoto"))


def test_an_update_that_comes_twice_answers_once(app: FakeApp, telegram: FakeTelegram, anna: Chat, admin: Chat) -> None:
    ticket = opened(app, anna)
    to = json.loads(json.dumps(group(telegram)[-1]))
    place = {"id": GROUP, "type": "supergroup", "title": "Admins"}
    message = admin._message(chat=place, text="Once", reply_to_message=to)
    for _ in range(2):
        admin.update({"message": message}, 4242)
    assert len(said(app, ticket)) == 2


@pytest.mark.parametrize("role", [None, Role.VIEWER])
def test_who_has_no_role_for_it_is_told_so_and_answers_nobody(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, boris: Chat, role: Role | None
) -> None:
    boris.join()
    if role:
        operator_of(app, boris, role)
    ticket = opened(app, anna)
    first = group(telegram)[-1]
    say(boris, "I answer", to=first)
    assert len(said(app, ticket)) == 1
    assert "support" in group(telegram)[-1]["text"]
    for verb in ("close", "take", "open"):
        press(boris, f"tk:{verb}:{ticket.id}", first)
    assert app.tickets.ticket(ticket.id, app.now()) == ticket
    assert len(boris.toasts()) >= 3


def test_buttons_act_by_the_role_of_who_presses(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, boris: Chat, admin: Chat
) -> None:
    boris.join()
    operator_of(app, boris, Role.SUPPORT)
    ticket = opened(app, anna)
    first = group(telegram)[-1]
    press(boris, f"tk:take:{ticket.id}", first)
    assert app.tickets.ticket(ticket.id, app.now()).assigned_to == boris.id
    press(admin, f"tk:close:{ticket.id}", first)
    assert app.tickets.ticket(ticket.id, app.now()).state is TicketState.CLOSED
    press(boris, f"tk:close:{ticket.id}", first)
    run(app)
    assert "closed" in group(telegram)[-1]["text"]
    say(boris, "Too late", to=first)
    assert "Не отправлено" in group(telegram)[-1]["text"], "in the language of who is told"


def test_other_groups_and_talk_without_a_ticket_are_left_alone(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, admin: Chat
) -> None:
    opened(app, anna)
    calls = len(telegram.calls)
    assert say(admin, "hello all") == 200
    assert say(admin, "hello", thread=777) == 200
    assert say(admin, "/start", chat=OTHER_GROUP) == 200
    assert say(admin, "x", chat=OTHER_GROUP, thread=501) == 200
    assert len(telegram.calls) == calls


def test_a_button_of_another_alert_goes_on_in_the_pressers_own_chat(
    app: FakeApp, telegram: FakeTelegram, admin: Chat, boris: Chat
) -> None:
    boris.join()
    message = {"message_id": 9, "date": 1, "chat": {"id": GROUP, "type": "supergroup", "title": "Admins"}, "text": "x"}
    press(admin, "po:list", message)
    assert "Payouts" in admin.words
    assert "own chat" in admin.toasts()[-1]
    before = len(boris.messages)
    press(boris, "po:list", message)
    assert len(boris.messages) == before
    telegram.fail("sendMessage", forbidden())
    press(admin, "po:list", message)
    assert "press Start" in admin.toasts()[-1]


def payout(number: int) -> Notice:
    facts = {"payout_id": f"{number:020}", "amount": xtr(1000), "method": "premium_3"}
    return REQUESTED.notice(f"p{number}", GROUP, None, **facts)


def test_many_alerts_of_a_kind_are_gathered(app: FakeApp, telegram: FakeTelegram) -> None:
    app.outgoing.notices = [payout(number) for number in range(20)]
    app.run_streams()
    assert len(group(telegram)) == 3
    assert len(app.outgoing.notices) == 1, "one waits, and tells of the others"
    app.clock.forward(seconds=61)
    app.run_streams()
    assert len(group(telegram)) == 4
    assert "16 more" in group(telegram)[-1]["text"]
    assert all("web_app" not in json.dumps(each) and "go:menu" not in json.dumps(each) for each in group(telegram))


@pytest.mark.parametrize("fault", [forbidden(), bad_request("chat not found"), bad_request("not enough rights")])
def test_where_the_chat_takes_nothing_each_admin_is_told_and_once_why(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, admin: Chat, fault: Any
) -> None:
    anna.say("/support")
    anna.say("My lot is gone")
    app.outgoing.notices = [payout(1), payout(2)]
    for _ in range(3):
        telegram.fail("sendMessage", fault, times=0)
        _failing_group(telegram, fault)
        app.run_streams()
        app.clock.forward(seconds=6)
    texts = [str(each.get("text")) for each in admin.messages]
    assert sum("ADMIN_CHAT_ID" in text for text in texts) == 1
    assert sum("Payout to review" in text for text in texts) == 2
    assert sum("My lot is gone" in text for text in texts) == 1
    assert not group(telegram)


def _failing_group(telegram: FakeTelegram, fault: Any) -> None:
    """Every message to the group is refused."""
    if "sendMessage" in telegram.__dict__.get("_refusing", ()):
        return
    real = telegram._sendMessage

    def send(fields: dict[str, Any]) -> Any:
        return fault if fields["chat_id"] == GROUP else real(fields)

    telegram.__dict__["_refusing"] = {"sendMessage"}
    telegram._sendMessage = send  # type: ignore[method-assign]


def test_a_topic_that_somebody_deleted_is_opened_again(app: FakeApp, telegram: FakeTelegram, anna: Chat) -> None:
    telegram.is_forum = True
    opened(app, anna)
    anna.say("more")
    telegram.fail("sendMessage", bad_request("message thread not found"))
    run(app)
    assert len(telegram.topics) == 2
    assert telegram.called("sendMessage")[-1]["message_thread_id"] == 502


def test_the_photos_of_a_message_go_to_the_topic_that_is_opened_again(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    telegram.is_forum = True
    opened(app, anna)
    telegram.files = {"p": png()}
    anna.update({"message": anna._message(photo=[PHOTO], caption="Look")})
    telegram.fail("sendPhoto", bad_request("message thread not found"))
    telegram.fail("sendMessage", bad_request("message thread not found"))
    run(app)
    for method in ("sendPhoto", "sendMessage"):
        assert telegram.called(method)[-1]["message_thread_id"] == 502


def test_photos_that_telegram_refuses_do_not_keep_the_words_of_a_ticket(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    opened(app, anna)
    telegram.files = {"p": png()}
    anna.update({"message": anna._message(photo=[PHOTO], caption="Look")})
    anna.say("and more")
    telegram.fail("sendPhoto", bad_request("PHOTO_INVALID_DIMENSIONS"), times=9)
    run(app)
    assert all(word in str(group(telegram)[-1]["text"]) for word in ("Look", "and more"))


def test_a_ticket_with_hostile_words_is_shown_as_words(app: FakeApp, telegram: FakeTelegram, anna: Chat) -> None:
    opened(app, anna, "<a href='tg://user?id=1'>me</a> & </blockquote>")
    assert "&lt;a href" in group(telegram)[-1]["text"]
