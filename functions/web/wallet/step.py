"""What the forms that top up share, whatever the currency: the act that waits for the money, and its lot."""

from __future__ import annotations

from collections.abc import Mapping

from starbid.domain.errors import Invalid, NotFound, StarbidError
from starbid.domain.lots import Lot
from starbid.domain.unfinished import Act, lot_of
from web.kernel.http import Request, path_with
from web.shared.acts import act_of, currency_of, fields_of


def linked(request: Request) -> dict[str, str]:
    """What a link fills in. It may be anybody's: it confirms no unusual bid."""
    return {name: value for name, value in request.query.items() if name != "confirmed"}


def act_in(given: Mapping[str, str], currency: str) -> Act | None:
    """The act of a form that asks for money of `currency`. Raises Invalid, also where other money pays for it."""
    act = act_of(given)
    if act and currency_of(act) != currency:
        raise Invalid("currency", "choice")
    return act


def act_shown(given: Mapping[str, str], currency: str) -> Act | None:
    """The same for the form itself, which asks for money alone where the act is none."""
    try:
        return act_in(given, currency)
    except Invalid:
        return None


def is_settled(request: Request, user_id: int, act: Act) -> bool:
    """Whether no money is asked for an act on a lot: it is done, or cannot be done as it was seen. The lot's page says
    which. Raises NotFound.
    """
    try:
        return request.app.finishing.come_to(user_id, act, request.now) is not None
    except NotFound:
        raise
    except StarbidError:
        if request.wants_json:
            raise
        return True


def lot_shown(request: Request, act: Act | None) -> Lot | None:
    """What is bid on or bought with the money; the person may have come by a link."""
    auction_id = lot_of(act) if act else None
    try:
        return request.app.store.lot(auction_id) if auction_id else None
    except NotFound:
        return None


def step_again(request: Request, page: str) -> str:
    """The page of the form that was sent by one who is not logged in any more; empty where it says nothing."""
    try:
        fields = fields_of(act_of(request.form))
    except Invalid:
        fields = {}
    amount, onward = request.form.get("amount", "")[:40], request.form.get("next")
    if not amount and not onward:
        return ""
    return path_with(page, amount=amount, next=request.page(onward, "/wallet"), **fields)
