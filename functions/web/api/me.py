"""The caller's own account."""

from __future__ import annotations

from starbid.domain.errors import Invalid
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY
from starbid.domain.wallet import with_default
from web.api import shapes
from web.api.about import About, paging
from web.api.schemas import one_of
from web.kernel.http import Request, Response, to_json
from web.kernel.routing import Router
from web.shared.search_query import read_limit

router = Router()
LEDGER_LIMIT = 50


@router.get("/me", about=About("The caller", answer="Person"))
def me(request: Request) -> Response:
    return to_json(shapes.person(request.visitor.require_person(), request.now))


@router.get("/me/wallet", about=About("Money by currency", answer="Wallets"))
def my_wallet(request: Request) -> Response:
    """By currency, Stars always among them; those as they are after whatever was done before, a debt settled."""
    user_id, store = request.visitor.require_user(), request.app.store
    found = with_default(store.wallets(user_id, consistent=True), user_id)
    wallets = request.app.debts.offset_all(found, request.now)
    return to_json({wallet.currency: shapes.wallet(wallet) for wallet in wallets})


@router.get(
    "/me/ledger",
    about=About(
        "Movements of money, newest first",
        answer="Ledger",
        query={"currency": one_of(CURRENCIES), **paging(LEDGER_LIMIT)},
    ),
)
def my_ledger(request: Request) -> Response:
    user_id = request.visitor.require_user()
    currency = request.query.get("currency") or DEFAULT_CURRENCY
    if currency not in CURRENCIES:
        raise Invalid("currency", "choice")
    limit = read_limit(request.query, LEDGER_LIMIT, LEDGER_LIMIT)
    cursor = request.query.get("cursor") or None
    page = request.app.store.transfers(user_id, currency, limit=limit, cursor=cursor)
    return to_json({"items": [shapes.entry(transfer) for transfer in page.items], "cursor": page.cursor})
