"""Notices in words of what the two sides of a deal write to each other. Whose account it is stands in none."""

from __future__ import annotations

from starbid.domain.talks import TEXT_LENGTH
from starbid.services.notices import talks
from starbid.talk_words import careful_line, who_reads
from starbid.telegram import keyboards
from starbid.telegram.html import cut, escape
from starbid.telegram.keyboards import Button
from starbid.telegram.notices.telling import Message, Telling, about_lot, says

_UNITS = 2 * TEXT_LENGTH
"""Of a message: a character is two at most."""


@says(talks.WROTE)
def _wrote(t: Telling) -> Message:
    if t.lot.is_seller:
        head = t.words._("Message about “{title}” from the buyer:", title=t.title)
    else:
        head = t.words._("Message about “{title}” from the seller:", title=t.title)
    lines = [f"<b>{head}</b>"]
    if photos := int(t.facts["photos"]):
        lines.append(t.words.ngettext("{n} photo above", "{n} photos above", photos))
    if text := str(t.facts["text"]):
        lines.append(f"<blockquote>{escape(cut(text, _UNITS))}</blockquote>")
    if not t.facts["is_whole"]:
        lines.append(t.words._("Not all of it could be shown here: press “Messages” to see it."))
    if t.facts["careful"]:
        lines.append(f"<b>{careful_line(t.words)}</b>")
    if t.facts["first"]:
        lines.append(who_reads(t.words))
    lot_id = t.lot.lot.auction.id
    report = Button(t.words._("Report"), f"dm:rp:{lot_id}:{t.facts['number']}")
    answer = keyboards.answer_to(t.words._("Answer"), lot_id)
    read = () if t.facts["is_whole"] else (keyboards.messages(t.words._("Messages"), lot_id),)
    way = (keyboards.lot(t.words._("Open the deal"), lot_id), keyboards.menu(t.words))
    return "\n".join(lines), ((answer, report), read, way)


@says(talks.UNDELIVERED)
def _undelivered(t: Telling) -> Message:
    if t.lot.is_seller:
        text = t.words._(
            "Your message about “{title}” has not been delivered: the buyer has stopped the bot. They can read it "
            "once they are back.",
            title=t.title,
        )
    else:
        text = t.words._(
            "Your message about “{title}” has not been delivered: the seller has stopped the bot. They can read it "
            "once they are back.",
            title=t.title,
        )
    return text, about_lot(t)


@says(talks.BARRED)
def _barred(t: Telling) -> Message:
    if t.lot.is_seller:
        text = t.words._(
            "Your message about “{title}” is kept, but the buyer cannot read or answer messages here at present.",
            title=t.title,
        )
    else:
        text = t.words._(
            "Your message about “{title}” is kept, but the seller cannot read or answer messages here at present.",
            title=t.title,
        )
    return text, about_lot(t)
