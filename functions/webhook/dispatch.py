"""One update, exactly once: claimed, handled, and finished; given back where a retry can help."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starbid import observability
from starbid.bootstrap import App
from starbid.domain.errors import Conflict
from starbid.domain.people import Person
from starbid.services.claiming import Turn, received
from starbid.services.ports import Contended, Rejected, TryLater, Unreachable
from starbid.services.retrying import OUTAGES
from starbid.telegram.bot_api import AnswerLost
from starbid.telegram.reading import read_update
from starbid.telegram.updates import (
    Called,
    Connected,
    InGroup,
    InlineQuery,
    Membership,
    Migration,
    Paid,
    Placed,
    PreCheckout,
    Pressed,
    Refunded,
    Renewed,
    Said,
    Sender,
    Stopped,
    Unknown,
    Unreadable,
    Update,
)
from webhook import group_chats, inline, payments
from webhook.conversation import Conversation
from webhook.hearing import heard
from webhook.log import SERVICE, log
from webhook.questions import read_questions
from webhook.router import route
from webhook.screens import assistant_asking, finishing, stars

LEASE_SECONDS = 30
"""Longer than the function may run: a claim that is older belongs to a process that died."""
KEEP_SECONDS = 2 * 86_400
"""Telegram gives an update up after a day."""
PAUSES = (0.1, 0.2, 0.4, 0.8, 1.5)
"""Seconds between looks at an update that is being handled elsewhere: mostly that takes a moment only."""
MOST_FAILURES = 3
FAILURE_SECONDS = 86_400

DONE = 200
AGAIN = 503
"""Telegram brings the update again."""


class NotNow(Exception):
    """Nothing was done that could not be done again, and a retry can help."""


def handle(app: App, raw: dict[str, object], arrived: datetime) -> int:
    """The HTTP status to answer with. Never raises for what is in the update. `arrived`: when this delivery did."""
    update = read_update(raw)
    if isinstance(update.content, Unknown) or not group_chats.is_heard(app, update.content):
        return DONE
    if isinstance(update.content, Unreadable):
        observability.passed_over(SERVICE, "update %s has a %s that cannot be read", update.id, update.content.kind)
        return DONE
    if isinstance(update.content, InlineQuery):
        _suggest(app, update, update.content)
        return DONE
    try:
        if update.id is not None:
            return _once(app, update, arrived)
        if isinstance(update.content, Paid | Refunded):
            _attempt(app, update, arrived)
    except (NotNow, Contended) as error:
        for note in getattr(error, "__notes__", ()):
            log().error("update %s: %s", update.id, note)
        return AGAIN
    return DONE


def _suggest(app: App, update: Update, query: InlineQuery) -> None:
    """Never raises, and is not claimed: it changes nothing, so that a second answer does no harm, and a claim would be
    two writes for every letter that somebody types. Brought again it would come too late: they have typed on. Nor is an
    outage noted, which would be a write for every letter, into a store that has enough to do.
    """
    try:
        inline.answer(app, query)
    except (TryLater, Unreachable, Rejected) as error:
        log().warning("an inline query could not be answered: %r", error)
    except OUTAGES:
        observability.failed(SERVICE, "an inline query met an outage")
    except Exception as error:
        observability.failed(SERVICE, "an inline query failed")
        _note_fault(app, update, error)


def _once(app: App, update: Update, arrived: datetime) -> int:
    """Waits a while for another who handles it; takes over what that one gives back, as it first arrived."""
    is_handled, key = False, f"update#{update.id}"
    try:
        seconds = (LEASE_SECONDS, KEEP_SECONDS)
        with received(app.receipts, key, *seconds, arrived, app.now(), PAUSES, heard(update)) as (turn, first):
            if turn is Turn.MINE:
                _attempt(app, update, first)
            is_handled = turn is not Turn.BUSY
    except Exception:
        if not is_handled:
            raise
        log().exception("the claim of update %s stays until it lapses", update.id)
    return DONE if is_handled else AGAIN


def _attempt(app: App, update: Update, arrived: datetime) -> None:
    """Raises NotNow where it is to come again."""
    try:
        _handle(app, update, arrived)
    except (NotNow, Contended, Conflict) as error:
        log().warning("update %s is to come again: %r", update.id, error)
        raise NotNow from error
    except Exception as error:
        observability.failed(SERVICE, "update %s failed", update.id)
        _note_fault(app, update, error)
        if isinstance(update.content, Paid | Refunded) or not _is_hopeless(app, update):
            raise NotNow from error


def _note_fault(app: App, update: Update, error: Exception) -> None:
    """For the event log: the form of the update, nothing of what is in it."""
    form = type(update.content).__name__
    sender = getattr(update.content, "sender", None)
    app.faults.note(SERVICE, form, error, app.now(), sender.id if sender else None)


def _is_hopeless(app: App, update: Update) -> bool:
    """True at the third failure: an update that can never be handled must not block its chat for a day."""
    return not app.counters.count(f"failed#{update.id}", 1, MOST_FAILURES - 1, FAILURE_SECONDS, app.now())


def _handle(app: App, update: Update, arrived: datetime) -> None:
    match update.content:
        case Paid() as paid:
            person = _greet(app, paid.sender)  # first: the notice of the payment needs somebody to tell it to
            charge = payments.book(app, paid, update.id, app.now())
            if charge and charge.order_id and not person.blocked:
                _finish(app, update, arrived, person, charge.order_id)
        case Refunded() as refund:
            if refund.payer:  # told by the bot itself: the person was not heard from
                payer = refund.payer
                app.people.meet(payer.id, payer.name, payer.username, payer.language_code, app.now())
            payments.take_back(app, refund, app.now())
        case Renewed() as report if update.id is not None:
            payments.renew(app, report, update.id, app.now())
        case Connected() as connected if update.id is not None:
            _connect(app, update, update.id, arrived, connected)
        case PreCheckout() as query:
            _approve(app, query)
        case Stopped(sender, draft_id):
            assistant_asking.stop_draft(app, sender.id, draft_id)
        case Membership(sender, blocked=True):
            if app.store.person(sender.id):
                app.people.mark_unreachable(sender.id)
        case Membership(sender):
            _greet(app, sender)
        case InGroup() | Called() | Placed() | Migration() as content:
            group_chats.hear(app, content, f"u{update.id}", arrived)
        case Said() | Pressed() as content:
            _converse(app, update, arrived, content)
        case _:
            pass


def _approve(app: App, query: PreCheckout) -> None:
    try:
        payments.approve(app, _greet(app, query.sender), query)
    except TryLater as error:
        raise NotNow from error
    except (Rejected, Unreachable) as error:
        log().warning("a pre-checkout could not be answered: %r", error)


def _converse(app: App, update: Update, arrived: datetime, content: Said | Pressed) -> None:
    batch, user_id = app.store.batch(), content.sender.id
    known, state = batch.person(user_id), batch.question(user_id, app.now())
    batch.fetch()
    person = _greet(app, content.sender, known.value)
    if person.blocked:
        return
    pressed = content if isinstance(content, Pressed) else None
    chat = Conversation(app, person, app.now(), arrived, f"u{update.id}", pressed, read_questions(state.value))
    _talk(chat, update, lambda: route(chat, content))


def _connect(app: App, update: Update, update_id: int, arrived: datetime, told: Connected) -> None:
    """Kept also of one who is blocked: what ends counts for everybody."""
    sender = told.sender
    person = app.people.meet(sender.id, sender.name, sender.username, sender.language_code, app.now())
    if app.own_stars.hear(sender.id, told.connection_id, update_id, app.now()) and not person.blocked:
        chat = Conversation(app, person, app.now(), arrived, f"u{update_id}")
        _talk(chat, update, lambda: stars.tell_connected(chat))


def _finish(app: App, update: Update, arrived: datetime, person: Person, order_id: str) -> None:
    """What waited for the payment, at once. Doing it again is the same, so a trouble brings the update again."""
    chat = Conversation(app, person, app.now(), arrived, f"u{update.id}")
    _talk(chat, update, lambda: finishing.finish(chat, order_id))


def _talk(chat: Conversation, update: Update, work: Callable[[], object]) -> None:
    """Do the work and say what came of it. Raises NotNow where nothing has come of it yet, and what `work` does."""
    app, person = chat.app, chat.person
    try:
        work()
    except Unreachable:
        app.people.mark_unreachable(person.id)
    except AnswerLost:
        log().warning("an answer may not have arrived, update %s", update.id)
    except TryLater as error:
        if not chat.acted and not chat.said:
            raise NotNow from error
        log().warning("an answer could not be sent, update %s", update.id)
    except Rejected:
        log().exception("Telegram refused an answer, update %s", update.id)
    except Exception:
        if not chat.acted:
            raise
        log().exception("what was done could not be shown, update %s", update.id)


def _greet(app: App, sender: Sender, known: Person | None = None) -> Person:
    return app.people.greet(sender.id, sender.name, sender.username, sender.language_code, app.now(), known)
