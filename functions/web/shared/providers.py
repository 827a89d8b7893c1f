"""The provider of bills that a request names."""

from __future__ import annotations

from starbid.domain.bills import BillTerms
from starbid.domain.errors import Invalid
from starbid.domain.payments import Provider


def chosen_provider(name: str | None, terms: BillTerms) -> Provider | None:
    """The one of that name, or the only one; None where several are offered and none is named. Raises Invalid."""
    if not name and len(terms.providers) > 1:
        return None
    known = next((one for one in terms.providers if not name or one.value == name), None)
    if known is None:
        raise Invalid("provider", "choice")
    return known
