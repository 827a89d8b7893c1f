"""Notices in browsers in the settings of the chat: how it is, and the way to the page where a browser is set up."""

from __future__ import annotations

from starbid.domain.channels import Channel
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Row
from webhook.conversation import Conversation


def browsers_row(chat: Conversation) -> Row:
    """Nothing where they are not on offer. Only the browser itself can ask for them, so it is done on the site."""
    settings, words = chat.app.settings, chat.words
    if not settings.push.is_offered:
        return ()
    label = words._("Browser: on") if Channel.PUSH in chat.person.heard_by else words._("Browser: off")
    return (keyboards.site(label, "/settings#push", settings),)
