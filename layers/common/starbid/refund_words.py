"""Requests for a refund in words, the same in the chat and on the site, in plain text."""

from __future__ import annotations

from starbid.domain.payments import Charge, ChargeState
from starbid.domain.refund_requests import RefundRequest, RequestState
from starbid.i18n import Language
from starbid.receipt_words import state


def stands(request: RefundRequest, charge: Charge, words: Language) -> str:
    """How it stands; `charge`: the payment by now."""
    _ = words._
    match request.state, charge.state:
        case RequestState.OPEN, ChargeState.CREDITED:
            return _("under review")
        case RequestState.REFUSED, ChargeState.CREDITED:
            return _("refused. Reason: {reason}", reason=request.answer)
        case _, ChargeState.CREDITED:
            return _("approved, but Telegram did not accept the refund")
        case RequestState.APPROVED, ChargeState.REFUNDING:
            return _("approved, on its way")
        case _:
            return state(charge, words)
