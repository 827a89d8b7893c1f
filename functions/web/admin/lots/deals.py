"""Deals and disputes in the panel."""

from __future__ import annotations

from starbid.domain.audit_trail import Operator
from starbid.domain.deal_errors import NotSold, WrongDealState
from starbid.domain.deals import Deal
from starbid.domain.errors import Invalid, NotFound, StarbidError
from starbid.domain.roles import Right
from starbid.i18n import Language
from starbid.services.desk.attention import TO_READ, waiting
from starbid.services.desk.lot_lists import DealList
from web.admin import attention
from web.admin.acting import NOTHING, Refused, carry_out
from web.admin.attention import Need
from web.admin.desk import Desk, decision
from web.admin.lots import deal_view as view
from web.admin.lots.lot_view import whose
from web.admin.lots.names import deal_lists
from web.admin.shell import panel
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response, path_with
from web.shared.context import page_words
from web.shared.files import file_rows
from web.shared.refusals import message_of

desk = Desk()


@attention.source("disputes", Right.SEE)
def disputes(request: Request, words: Language) -> Need:
    found = request.app.dealing.open_disputes(TO_READ)
    since = waiting(deal.disputed_at or deal.sold_at for deal in found)
    return Need(words._("Disputes"), "/admin/deals?state=disputed", since)


@desk.get("/admin/deals", Right.SEE)
def deals(request: Request, operator: Operator) -> Response:
    """`state`: one of DealList; disputes where there is none. `user_id`: the deals of a person, in any state too."""
    typed, words, app = request.query.get("state", ""), page_words(request), request.app
    which = DealList(typed) if typed in tuple(DealList) else None
    cursor, of_whom = request.query.get("cursor") or None, request.query.get("user_id", "").strip()
    person_id = int(of_whom) if of_whom.isdecimal() and len(of_whom) < 17 else 0
    if of_whom:
        found = app.lot_lists.deals_of(person_id, which, cursor)
    else:
        which = which or DealList.DISPUTED
        found = app.lot_lists.deals(which, request.now, cursor)
    ids = {who for lot in found.items if lot.deal for who in (lot.deal.seller_id, lot.deal.buyer_id)}
    if person_id:
        ids.add(person_id)
    people = app.store.people(ids) if ids else {}
    return panel(
        request,
        operator,
        "admin/lots/deals.html",
        rows=[view.deal_row(lot, people, words) for lot in found.items],
        chips=_chips(of_whom, which, words),
        is_of_one=bool(of_whom),
        person=whose(person_id, people) if person_id else None,
        which=which,
        next_url=_list_url(of_whom, which, found.more) if found.more else "",
    )


def _chips(of_whom: str, which: DealList | None, words: Language) -> list[tuple[str, str, bool]]:
    """The lists to choose from, of the same person: address, name, whether it is this one."""
    every: list[tuple[DealList | None, str]] = [(None, words._("All"))] if of_whom else []
    lists = (*every, *deal_lists(words).items())
    return [(_list_url(of_whom, each), name, each is which) for each, name in lists]


def _list_url(of_whom: str, which: DealList | None, cursor: str | None = None) -> str:
    return path_with("/admin/deals", user_id=of_whom or None, state=which and which.value, cursor=cursor)


@desk.get("/admin/deals/<auction_id>", Right.SEE)
def deal(request: Request, operator: Operator, auction_id: str) -> Response:
    return _show(request, operator, auction_id, NOTHING)


@desk.post("/admin/deals/<auction_id>/settle", Right.SUPPORT)
def settle(request: Request, operator: Operator, auction_id: str) -> Response:
    """`to`: `seller` gets the price, or `buyer` has it back."""
    to = request.form.get("to", "")

    def act() -> Deal:
        if to not in ("seller", "buyer"):
            raise Invalid("to", "choice")
        return request.app.dealing.resolve(decision(request, operator), auction_id, to == "seller")

    def told(error: StarbidError, words: Language) -> str:
        is_decided = isinstance(error, WrongDealState) and not isinstance(error, NotSold)
        decided = view.decided(request.app.store.deal(auction_id), words) if is_decided else ""
        return decided or message_of(error, words)

    return carry_out(
        request,
        act,
        name=f"settle-{to}",
        again=lambda refused: _show(request, operator, auction_id, refused),
        back=f"/admin/deals/{auction_id}",
        done="settled",
        told=told,
    )


def _show(request: Request, operator: Operator, auction_id: str, refused: Refused) -> Response:
    """Where the lot goes to is not read for it: addresses are the two sides' affair."""
    try:
        lot = request.app.store.lot(auction_id, consistent=True)
    except NotFound:
        raise NoSuchPage from None
    if lot.deal is None:
        raise NoSuchPage
    words, deal = page_words(request), lot.deal
    people = request.app.store.people({deal.seller_id, deal.buyer_id})
    sees_goods = operator.role.has(Right.SUPPORT)
    handed = request.app.file_delivery.of(deal, operator.id, request.now) if deal.is_disputed and sees_goods else ()
    files = file_rows(handed, auction_id, request.app.settings.bot_url, words)
    return panel(
        request,
        operator,
        "admin/lots/deal.html",
        refused.status,
        deal=view.deal_page(lot, deal, people, words, request.now, sees_goods=sees_goods, files=files),
        is_own=operator.id in (deal.seller_id, deal.buyer_id),
        talk=request.app.talk_reading.readable(deal, request.now),
        refused=refused,
        url=f"/admin/deals/{auction_id}",
    )
