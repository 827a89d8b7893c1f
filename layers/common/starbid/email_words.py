"""Why a link of a mail does nothing, as text."""

from __future__ import annotations

from starbid.domain import email_errors, errors
from starbid.i18n import Language


def of_emails(words: Language) -> dict[type[errors.StarbidError], str]:
    """The sentence of each."""
    _ = words._
    return {
        email_errors.EmailLinkForged: _("This link is incomplete. Copy all of it from the message."),
        email_errors.EmailLinkOver: _("This link no longer works. Ask for a new one in the settings."),
        email_errors.EmailLinkOfAnother: _(
            "You are logged in here as another person. Log out, then open the link again."
        ),
        email_errors.EmailNotOffered: _("Notices are not sent by e-mail here."),
    }
