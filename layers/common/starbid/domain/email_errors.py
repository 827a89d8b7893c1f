"""Why a link of a mail does nothing."""

from __future__ import annotations

from starbid.domain.errors import StarbidError


class EmailLinkForged(StarbidError, code="bad_link"):
    """It was not made here, or changed since."""


class EmailLinkOver(StarbidError, code="link_over"):
    """Its day is over, or another address was asked for since."""


class EmailLinkOfAnother(StarbidError, code="link_of_another"):
    """Somebody else is logged in where it was opened."""


class EmailNotOffered(StarbidError, code="email_not_offered"):
    """Nothing is sent by e-mail here."""
