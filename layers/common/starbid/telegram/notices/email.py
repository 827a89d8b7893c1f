"""What the chat says where mail no longer goes to a person."""

from __future__ import annotations

from starbid.domain.events import WhyStopped
from starbid.services.notices import email
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.notices.telling import Message, Telling, says


@says(email.EMAIL_STOPPED)
def _stopped(t: Telling) -> Message:
    _, address = t.words._, escape(str(t.facts["address"]))
    match t.facts["why"]:
        case WhyStopped.COMPLAINED:
            text = _("E-mail to {address} is off: a message was marked as spam there.", address=address)
            rest = _("Notices keep coming here. Want them by e-mail again? Confirm the address once more.")
        case WhyStopped.UNCONFIRMED:
            text = _("The confirmation could not be delivered to {address}.", address=address)
            rest = _("Check the address for typos and send the link again.")
        case _:
            text = _("E-mail to {address} is off: messages come back undelivered.", address=address)
            rest = _("Notices keep coming here. You can add another address in the settings.")
    site = keyboards.site(_("E-mail settings"), "/settings#email", t.settings)
    return f"{text}\n{rest}", ((site,), (keyboards.menu(t.words),))
