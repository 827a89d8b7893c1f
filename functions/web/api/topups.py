"""Top-ups of fiat money through the API (spec, section 7)."""

from __future__ import annotations

from collections.abc import Mapping

from starbid.domain.bills import UNPAID_ENDS, BillState, BillTerms, ProviderFailed
from starbid.domain.errors import Conflict, Invalid, NotFound
from starbid.domain.intents import Memory
from starbid.domain.limits import Deed
from starbid.domain.money import Money
from starbid.domain.payments import Provider
from starbid.services.billing.top_ups import Opened
from starbid.services.idempotency import Answer, MakeRecord
from starbid.services.ports import Contended
from web.api import shapes
from web.api.about import About, paging
from web.api.repeats import answer_once, respond
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response, to_json
from web.kernel.json_body import read_object, read_whole
from web.kernel.routing import Router
from web.shared.providers import chosen_provider
from web.shared.search_query import read_limit

router = Router()
MOST = 50


@router.post(
    "/me/topups",
    about=About(
        "Make a bill; 409 where one over another amount is open",
        body="NewTopUp",
        answer="TopUp",
        status=201,
        also={200: "The bill over this amount that is open already"},
    ),
)
def top_up(request: Request) -> Response:
    """What is remembered of an answer is the bill; where it can be paid is known only once its provider has answered,
    which a repeat asks again where the first request did not live to hear it.
    """
    user_id, fields = request.visitor.require_user(), read_object(request)
    app, now = request.app, request.now

    def work(memory: Memory | None) -> Answer:
        amount, provider = _read(fields, app.settings.business.bills)
        app.limits.require(Deed.INVOICE, user_id, now)
        make_record = MakeRecord(memory, _kept) if memory else None
        return _kept(app.top_ups.open(user_id, amount, provider, now, make_record=make_record))

    answer = answer_once(request, user_id, work)
    return respond(_told(request, user_id, answer) if "bill" in answer else answer)


@router.get("/me/topups", about=About("The caller's bills, newest first", answer="TopUps", query=paging(MOST)))
def my_top_ups(request: Request) -> Response:
    user_id, limit = request.visitor.require_user(), read_limit(request.query, MOST, MOST)
    page = request.app.top_ups.bills_of(user_id, limit=limit, cursor=request.query.get("cursor") or None)
    return to_json({"items": [shapes.top_up(bill) for bill in page.items], "cursor": page.cursor})


@router.get("/me/topups/<bill_id>", about=About("One bill, as its provider has it", answer="TopUp"))
def my_top_up(request: Request, bill_id: str) -> Response:
    """As it was last heard of, where the provider does not answer."""
    user_id, top_ups = request.visitor.require_user(), request.app.top_ups
    try:
        bill = top_ups.check(bill_id, user_id, request.now, is_watched=False)
    except (ProviderFailed, Conflict, Contended):
        bill = top_ups.bill(bill_id, user_id)
    except NotFound:
        raise NoSuchPage from None
    return to_json(shapes.top_up(bill))


def _read(fields: Mapping[str, object], terms: BillTerms) -> tuple[Money, Provider]:
    """Raises Invalid."""
    amount, currency, name = read_whole(fields, "amount"), fields.get("currency"), fields.get("provider")
    if currency is None:
        raise Invalid("currency", "required")
    if currency != terms.currency:
        raise Invalid("currency", "choice")
    if name is not None and not isinstance(name, str):
        raise Invalid("provider", "text")
    provider = chosen_provider(name, terms)
    if provider is None:
        raise Invalid("provider", "required")
    return Money(amount, terms.currency), provider


def _kept(opened: Opened) -> Answer:
    return {"status": 201 if opened.is_new else 200, "bill": opened.bill.id}


def _told(request: Request, user_id: int, answer: Answer) -> Answer:
    """The bill as it was made, whatever has become of it since; one that was paid before its provider had said where,
    as it is. Raises ProviderFailed, Conflict.
    """
    top_ups = request.app.top_ups
    bill = top_ups.bill(answer["bill"], user_id)
    if bill.state is BillState.CREATING and not bill.is_over(request.now):
        bill = top_ups.open(user_id, bill.amount, bill.provider, request.now).bill
    body = shapes.top_up(bill)
    if bill.pay_url:
        body["status"] = "waiting"
    elif bill.is_open or bill.state in UNPAID_ENDS:
        raise ProviderFailed(bill.provider)
    return {"status": answer["status"], "body": body}
