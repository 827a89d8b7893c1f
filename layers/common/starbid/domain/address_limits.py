"""How often one address may do what costs and asks for no login.

Many people can share an address (a mobile network, an office), so there is room for a crowd, and an end to a program.
"""

from __future__ import annotations

from enum import StrEnum

from starbid.domain.limits import Limit


class Traffic(StrEnum):
    """What is counted. The values are parts of keys in the scratch table."""

    LOGIN = "login"
    """Proving who one is."""
    SEARCH = "search"
    """A search by words, and suggestions while one types."""
    FORM = "form"
    """Any other form of somebody who is not logged in."""


ADDRESS_LIMITS = {
    Traffic.LOGIN: Limit(40, 600),
    Traffic.SEARCH: Limit(300, 150),
    Traffic.FORM: Limit(60, 600),
}
