"""What operators do about the helper's credits through the API: by their session, or by a token of theirs (spec,
section 8).
"""

from __future__ import annotations

import hashlib
import re
import secrets

from starbid.domain.assistant.account import Account
from starbid.domain.audit_trail import Operator, decided
from starbid.domain.errors import NotFound
from starbid.domain.roles import Right
from starbid.services.desk.carrying_out import NoSuchPerson, known
from starbid.services.idempotency import Answer, MakeRecord
from web.api import assistant_shapes
from web.api.about import About
from web.api.repeats import HEADER, act_once, done, memory_key, told_once
from web.kernel.http import Request, Response
from web.kernel.json_body import read_object, read_string, read_whole
from web.kernel.routing import Router
from web.shared.roles import require_operator

router = Router()
LARGEST_ID = 10**16
_ORDER_ID = re.compile("[0-9a-f]{1,32}")
_ROLE = {403: "`forbidden`: the caller is no operator; `not_allowed`: the role is too small (finance is needed)"}


@router.post(
    "/assistant/update_credits",
    about=About(
        "For operators (finance): give somebody credits, or take them. Without an Idempotency-Key each call counts",
        body="CreditsChange",
        answer="Credits",
        refused={
            **_ROLE,
            404: "`not_found`: there is nobody of this id",
            409: "`too_few_credits`: there are fewer (`left`); `own_account`: only owners change their own; "
            "`too_many_packs`",
            422: "`invalid`: `change` is zero, too large or no whole number; `reason` says nothing",
        },
    ),
)
def update_credits(request: Request) -> Response:
    operator = require_operator(request, Right.FINANCE)
    fields, key = read_object(request), _key(request, operator)

    def act(make_record: MakeRecord[Account] | None) -> Account:
        user_id, change = read_whole(fields, "user_id"), read_whole(fields, "change")
        decision = decided(operator, read_string(fields, "reason"), key, request.now)
        if not 0 < user_id < LARGEST_ID:
            raise NoSuchPerson
        return request.app.buying.change(user_id, change, decision, make_record)

    return act_once(request, operator.id, act, lambda account: _state(request, account))


@router.post(
    "/assistant/complete_payment",
    about=About(
        "For operators (finance): grant the pack of an order whose payment is there, but which was not granted",
        body="PaidOrder",
        answer="Credits",
        refused={
            **_ROLE,
            404: "`not_found`: no pack was ordered under this id",
            409: "`not_paid`: nobody has paid it; `given_back`: it was paid back; `insufficient_funds`: its money was "
            "spent on something else; `too_many_packs`",
        },
    ),
)
def complete_payment(request: Request) -> Response:
    operator = require_operator(request, Right.FINANCE)
    fields, key = read_object(request), _key(request, operator)

    def work() -> Answer:
        order_id = read_string(fields, "order_id")
        if not _ORDER_ID.fullmatch(order_id):
            raise NotFound
        decision = decided(operator, "", key, request.now, needs_reason=False)
        return _state(request, request.app.buying.complete(order_id, decision))

    return told_once(request, operator.id, work)


def _state(request: Request, account: Account) -> Answer:
    """Of the person whose account it is."""
    person = known(request.app.store, account.user_id)
    return done(assistant_shapes.left(request.app.asking.standing_of(account, person, request.now)))


def _key(request: Request, operator: Operator) -> str:
    """Of the decision: the same for a repeat, and of this operator alone."""
    key = request.headers.get(HEADER.lower())
    return secrets.token_hex(16) if key is None else hashlib.sha256(memory_key(operator.id, key).encode()).hexdigest()
