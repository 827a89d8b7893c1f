"""Notices in words about tickets: answers to their people, and to the admins what people write."""

from __future__ import annotations

from starbid.services.notices import tickets
from starbid.telegram import keyboards
from starbid.telegram.html import MAX_TEXT, cut, escape, one_line, parsed_units
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.notices.telling import Message, Telling, says

_LEAST = 40
"""Units of a message that are shown of it, or it is only counted."""


@says(tickets.ANSWERED)
def _answered(t: Telling) -> Message:
    head = t.words._("<b>Support answers</b>")
    text = str(t.facts["text"])
    said = escape(cut(text, MAX_TEXT - parsed_units(head) - 1))
    return f"{head}\n{said}" if text else head, (_person_row(t), (_on_the_site(t), keyboards.menu(t.words)))


@says(tickets.CLOSED)
def _closed(t: Telling) -> Message:
    text = t.words._("Support has closed your ticket. Something is still open? Answer here within 14 days.")
    return text, ((_answer_button(t), keyboards.menu(t.words)),)


@says(tickets.TICKET_NEWS)
def _news(t: Telling) -> Message:
    """Operators' own words are marked; in the chat that they share a reply is an answer."""
    name = escape(cut(one_line(str(t.facts["name"])), 60))
    lines = [t.words._("<b>Ticket {id}</b> · {name}", id=t.facts["ticket_id"], name=name)]
    room = MAX_TEXT - parsed_units(lines[0]) - 200
    for side, text, photos in t.facts["said"]:
        line = _said(t, side, text, photos, room)
        room -= parsed_units(line)
        lines.append(line)
        if room < _LEAST:
            lines.append(t.words._("There is more: open it in the panel."))
            break
    if t.facts["state"] == "closed":
        lines.append(t.words._("The ticket is closed."))
    elif t.facts["is_first"] and t.notice.user_id < 0:
        lines.append(t.words._("Reply here, and the person gets it."))
    return "\n".join(lines), _operator_rows(t)


@says(tickets.ADMIN_CHAT_LOST)
def _lost(t: Telling) -> Message:
    text = t.words._(
        "The chat of ADMIN_CHAT_ID does not take my messages: was I removed from it, or is the id wrong? Until that is "
        "mended, alerts come here."
    )
    return text, ((keyboards.menu(t.words),),)


@says(tickets.ADMIN_TOPIC_LOST)
def _topic_lost(t: Telling) -> Message:
    text = t.words._(
        "The topic of ADMIN_CHAT_ID does not take my messages: was it deleted or closed? Until that is mended, alerts "
        "go to the general topic of that chat."
    )
    return text, ((keyboards.menu(t.words),),)


def _said(t: Telling, side: str, text: str, photos: int, room: int) -> str:
    parts = [t.words._("An operator:")] if side == "operator" else []
    if photos:
        parts.append(t.words.ngettext("{n} photo", "{n} photos", photos))
    if text:
        parts.append(f"<blockquote>{escape(cut(text, max(room, _LEAST)))}</blockquote>")
    return "\n".join(parts)


def _operator_rows(t: Telling) -> tuple[Row, ...]:
    ticket_id, _ = t.facts["ticket_id"], t.words._
    panel = keyboards.site(_("Open in the panel"), f"/admin/tickets/{ticket_id}", t.settings)
    last = (panel, keyboards.menu(t.words))
    if t.facts["state"] == "closed":
        return ((Button(_("Re-open"), f"tk:open:{ticket_id}"),), last)
    close = Button(_("Close the ticket"), f"tk:close:{ticket_id}")
    if t.notice.user_id < 0:
        return ((Button(_("I take it"), f"tk:take:{ticket_id}"), close), last)
    return ((Button(_("Answer"), f"tk:reply:{ticket_id}"), close), last)


def _person_row(t: Telling) -> Row:
    return (_answer_button(t), Button(t.words._("Solved"), f"tk:done:{t.facts['ticket_id']}"))


def _answer_button(t: Telling) -> Button:
    return Button(t.words._("Answer"), f"tk:say:{t.facts['ticket_id']}")


def _on_the_site(t: Telling) -> Button:
    return keyboards.site(t.words._("Open on the site"), f"/support/{t.facts['ticket_id']}", t.settings)
