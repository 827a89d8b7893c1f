"""E-mail in the settings of the chat: how it is, and the way to the page where an address is given.

An address is typed on the site alone: what is typed here stays in the chat.
"""

from __future__ import annotations

from starbid.domain.channels import Channel
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Row
from webhook.conversation import Conversation


def email_row(chat: Conversation) -> Row:
    """Nothing where no e-mail is sent here."""
    settings = chat.app.settings
    if not settings.email_sender:
        return ()
    words = chat.words
    label = words._("E-mail: on") if Channel.EMAIL in chat.person.heard_by else words._("E-mail: off")
    return (keyboards.site(label, "/settings#email", settings),)
