"""Tickets for a day of the market (test_permissions): on the site, in chats, at a help desk."""

from __future__ import annotations

from itertools import count
from typing import Any

import clerk.app
import notifier.app
import notifier.sender
from starbid.domain.events import AnyEvent, TicketAnswered, TicketClosed, TicketMessaged, TicketOpened
from starbid.domain.tickets import Ticket
from starbid.services.desk.help_desk import JOB, NotTaken
from starbid.services.notices.tickets import ANSWERED, CLOSED, TICKET_NEWS
from starbid.services.ports import Notice
from tests.support.bot_pool import forbidden
from tests.support.factories import ANNA, BORIS, CLARA
from tests.support.fakes import ENVIRONMENT
from tests.support.moto_market import Market
from tests.support.records import Context, batch, event_record, message
from tests.support.web import Client, png

ADMIN = int(ENVIRONMENT["ADMIN_IDS"])
ADMIN_CHAT = -1001234
PLACE = {"ADMIN_CHAT_ID": str(ADMIN_CHAT), "SUPPORT_WEBHOOK_URL": "https://help.example/tickets"}
_numbers = count(70_000)


class Line:
    """The outside help desk: it takes the first call only."""

    def __init__(self) -> None:
        self.taken = 0

    def post(self, _body: bytes, _signature: str) -> None:
        self.taken += 1
        if self.taken > 1:
            raise NotTaken("503")


def tickets_in_the_chat(market: Market) -> None:
    app = market.app
    market.telegram.files["ticketphoto"] = png()
    photo = {"photo": [{"file_id": "ticketphoto", "file_unique_id": "t", "width": 90, "height": 67}]}
    market.update(CLARA, message={"text": "/support"})
    market.update(CLARA, message={"text": "My lot is gone"})
    market.update(CLARA, message=photo | {"caption": "It was this one"})
    ticket = app.tickets.open_of(CLARA, app.now())
    assert ticket.messages == 2
    for data in ("take", "reply"):
        market.press(ADMIN, f"tk:{data}:{ticket.id}")
    market.update(ADMIN, message=photo | {"caption": "Is it here?"})
    for data in ("close", "open", "close"):
        market.press(ADMIN, f"tk:{data}:{ticket.id}")
    market.press(CLARA, f"tk:say:{ticket.id}")
    market.update(CLARA, message={"text": "No"})
    assert app.tickets.ticket(ticket.id, app.now()).messages == 4
    _told(market, ticket)
    _in_the_chat_of_admins(market, ticket, photo)
    market.press(CLARA, "tk:leave")
    market.press(CLARA, f"tk:done:{ticket.id}")
    assert app.tickets.ticket(ticket.id, app.now()).is_closed


def _told(market: Market, ticket: Ticket) -> None:
    """The admins of what is new, in a topic; the person of an answer with a photo."""
    market.telegram.is_forum = True
    facts = {"ticket_id": ticket.id}
    told = [
        Notice("news:admins", ADMIN_CHAT, TICKET_NEWS.name, None, facts),
        Notice("news:answer", CLARA, ANSWERED.name, None, facts | {"number": 3}),
        Notice("news:closed", CLARA, CLOSED.name, None, facts),
    ]
    handler = notifier.sender.lambda_handler
    assert market.call("SenderFunction", handler, batch(*map(message, told))) == {"batchItemFailures": []}
    assert market.telegram.topics


def _in_the_chat_of_admins(market: Market, ticket: Ticket, photo: dict[str, Any]) -> None:
    app = market.app
    chat = {"id": ADMIN_CHAT, "type": "supergroup", "title": "Admins"}
    where = {"chat": chat, "message_thread_id": 501, "is_topic_message": True}
    for content in ({"text": "Look at /my"}, photo | {"caption": "There"}):
        market.update(ADMIN, message=where | content | {"message_id": next(_numbers)})
    assert app.tickets.ticket(ticket.id, app.now()).messages == 6
    for data in ("close", "open", "take"):
        shown = {"chat": chat, "message_id": 7, "date": 1, "text": "news"}
        press = {"id": "q", "data": f"tk:{data}:{ticket.id}", "message": shown, "chat_instance": "1"}
        market.update(ADMIN, callback_query=press)
    assert app.tickets.ticket(ticket.id, app.now()).assigned_to == ADMIN


def tickets_on_the_site(market: Market) -> None:
    app, photo = market.app, [("a.png", png())]
    with market.record.of("WebFunction"):
        anna, operator = Client(app).log_in(ANNA), Client(app).log_in(ADMIN)
        written = anna.post_files("/support", photo, "pictures", text="It is broken", request_id="t1")
        assert written.status == 303, written.text
        path = written.headers["location"].partition("?")[0]
        assert anna.get("/support").status == anna.get(path).status == 200
        ticket = app.tickets.open_of(ANNA, app.now())
        (picture,) = app.tickets.message(ticket.id, 1, app.now()).pictures
        for reader, page in ((anna, path), (operator, f"/admin/tickets/{ticket.id}")):
            assert reader.get(f"{page}/photos/1/{picture}").status == 200
        assert operator.get(f"/admin/tickets/{ticket.id}/photos/1/{'0' * 32}").status == 404
        for query in ({}, {"state": "waiting"}, {"state": "closed"}, {"user_id": ANNA}):
            assert operator.get("/admin/tickets", **query).status == 200
        assert operator.post_form("/admin/canned", title="Sorry", text="We are sorry.", reason="for all").status == 303
        (canned,) = app.ticket_desk.canned(app.now())
        at = f"/admin/tickets/{ticket.id}"
        assert operator.get(at, canned=canned.id).status == 200
        form = {"text": "See", "seen": "0", "reason": "an answer", "request_id": "a"}
        answer = operator.post_files(f"{at}/answer", photo, "pictures", **form)
        assert answer.status == 303, answer.text
        for act in ("assign", "close", "reopen"):
            assert operator.post_form(f"{at}/{act}", reason="it is solved", request_id=act).status == 303, act
        assert operator.post_form(f"/admin/canned/{canned.id}/drop", reason="not needed").status == 303
        assert anna.post_form(f"{path}/solved").status == 303
        assert anna.post_form("/support", text="It is not", ticket=ticket.id, request_id="t2").status == 303
    assert app.tickets.ticket(ticket.id, app.now()).messages == 3


def help_desk(market: Market) -> None:
    """It hears of a ticket by the notifier and the clerk; the second time it does not answer, and is asked again."""
    app = market.app
    market.update(BORIS, message={"text": "/support"})
    market.update(BORIS, message={"text": "Hello"})
    ticket = app.tickets.open_of(BORIS, app.now())
    app.__dict__["help_desk_line"] = line = Line()
    common = ("t", app.now(), BORIS, ticket.id)
    events: tuple[AnyEvent, ...] = (
        TicketOpened(*common),
        TicketMessaged(*common, 1, False),
        TicketAnswered(*common, 1, ADMIN),
        TicketClosed(*common, ADMIN),
    )
    records = batch(*map(event_record, events))
    assert market.call("NotifierFunction", notifier.app.lambda_handler, records) == {"batchItemFailures": []}
    facts = {"id": "t", "type": "ticket.opened", "ticket_id": ticket.id, "number": 1}
    body = {"job": JOB, **facts, "at": app.now().isoformat(), "tries": 0}
    for _ in range(2):
        with market.record.of("ClerkFunction"):
            done = clerk.app.lambda_handler(batch(message(body, queue="DeskQueue")), Context(100_000))
        assert done == {"batchItemFailures": []}
    assert line.taken == 2


def alerts(market: Market) -> None:
    """The chat of the admins gets some of a kind; where it takes none, each admin is told."""
    facts = {"payout_id": "1", "method": "premium_3", "amount": [10, "XTR"], "name": "Anna"}
    handler = notifier.sender.lambda_handler
    for number in range(5):
        alert = Notice(f"alert:{number}", ADMIN_CHAT, "payout_requested", None, facts)
        market.call("SenderFunction", handler, batch(message(alert)))
    market.clock.forward(minutes=2)
    market.telegram.fail("sendMessage", forbidden())
    alert = Notice("alert:3", ADMIN_CHAT, "payout_requested", None, facts)
    market.call("SenderFunction", handler, batch(message(alert)))
    assert len([chat for chat in market.telegram.called("sendMessage") if chat["chat_id"] == ADMIN_CHAT]) >= 3
