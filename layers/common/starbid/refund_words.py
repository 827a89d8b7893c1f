"""Requests for a refund in words, the same in the chat and on the site, in plain text."""

from __future__ import annotations

from starbid.domain.payments import ChargeState
from starbid.domain.refund_requests import RefundRequest, RequestState
from starbid.i18n import Language


def stands(request: RefundRequest, charge: ChargeState, words: Language) -> str:
    """How it stands; `charge`: the payment by now."""
    _ = words._
    match request.state, charge:
        case RequestState.OPEN, ChargeState.CREDITED:
            return _("under review")
        case RequestState.REFUSED, ChargeState.CREDITED:
            return _("refused. Reason: {reason}", reason=request.answer)
        case _, ChargeState.CREDITED:
            return _("approved, but Telegram did not accept the refund")
        case _:
            return gone(charge, words)


def gone(charge: ChargeState, words: Language) -> str:
    """Of a payment that is no longer credited."""
    return words._("approved, on its way") if charge is ChargeState.REFUNDING else words._("refunded")
