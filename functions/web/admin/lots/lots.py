"""All lots, and the page of one with what operators do with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starbid.domain.audit_trail import AuditEntry, Decision, Operator
from starbid.domain.errors import NotFound
from starbid.domain.kinds import KINDS
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.domain.reports import Report
from starbid.domain.roles import Right
from starbid.services.desk.lot_lists import LotFilter
from starbid.services.views import ShownBid
from web.admin.acting import NOTHING, Refused, carry_out
from web.admin.desk import Desk, decision
from web.admin.lots import lot_view as view
from web.admin.lots.names import lot_states
from web.admin.shell import panel
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response, path_with
from web.shared.context import page_words
from web.shared.names import kind_name

desk = Desk()
BIDS, REPORTS, ENTRIES = 30, 50, 100
FILTERS = ("q", "status", "category", "kind", "seller")
LONGEST = 100
"""Of what is typed into a filter."""


@desk.get("/admin/lots", Right.SEE)
def lots(request: Request, operator: Operator) -> Response:
    """Newest first; `status`, `category`, `kind`, `seller` (an id) and `q` (words of the title, or an id) narrow it."""
    asked, words = _asked(request), page_words(request)
    seller_id = int(asked["seller"]) if asked["seller"].isdecimal() and len(asked["seller"]) < 17 else None
    wanted = LotFilter(asked["status"], asked["category"], asked["kind"], seller_id, asked["q"])
    is_nobody = bool(asked["seller"]) and seller_id is None
    cursor = request.query.get("cursor") or None
    found = request.app.lot_lists.lots(wanted, request.now, cursor)
    shown = () if is_nobody else found.items
    people = request.app.store.people({lot.card.seller_id for lot in shown}) if shown else {}
    return panel(
        request,
        operator,
        "admin/lots/lots.html",
        rows=[view.lot_row(lot, people, words, request.now) for lot in shown],
        asked=asked,
        states=lot_states(words),
        categories=view.categories(words),
        kinds={kind: kind_name(kind, words) for kind in KINDS},
        next_url=path_with("/admin/lots", **_given(asked), cursor=found.more) if found.more and not is_nobody else "",
        is_narrowed=any(asked.values()),
    )


@desk.get("/admin/lots/<auction_id>", Right.SEE)
def lot(request: Request, operator: Operator, auction_id: str) -> Response:
    return show_lot(request, operator, auction_id, NOTHING)


@desk.post("/admin/lots/<auction_id>/hide", Right.SUPPORT)
def hide(request: Request, operator: Operator, auction_id: str) -> Response:
    return _act(request, operator, auction_id, "hide", request.app.lot_acts.hide, "lot-hidden")


@desk.post("/admin/lots/<auction_id>/show", Right.SUPPORT)
def show(request: Request, operator: Operator, auction_id: str) -> Response:
    return _act(request, operator, auction_id, "show", request.app.lot_acts.show, "lot-shown")


@desk.post("/admin/lots/<auction_id>/move", Right.SUPPORT)
def move(request: Request, operator: Operator, auction_id: str) -> Response:
    """`category`: where to."""

    def act(decided: Decision, auction_id: str) -> object:
        return request.app.lot_acts.move(decided, auction_id, request.form.get("category", ""))

    return _act(request, operator, auction_id, "move", act, "lot-moved")


@desk.post("/admin/lots/<auction_id>/cancel", Right.SUPPORT)
def cancel(request: Request, operator: Operator, auction_id: str) -> Response:
    return _act(request, operator, auction_id, "cancel", request.app.lot_acts.cancel, "cancelled")


@desk.post("/admin/lots/<auction_id>/dismiss", Right.SUPPORT)
def dismiss(request: Request, operator: Operator, auction_id: str) -> Response:
    """The reports of the lot: nothing is wrong."""
    return _act(request, operator, auction_id, "dismiss", request.app.reports.dismiss, "reports-dismissed")


def _act(
    request: Request,
    operator: Operator,
    auction_id: str,
    name: str,
    act: Callable[[Decision, str], object],
    done: str,
) -> Response:
    return carry_out(
        request,
        lambda: act(decision(request, operator), auction_id),
        name=name,
        again=lambda refused: show_lot(request, operator, auction_id, refused),
        back="/admin/reports" if request.form.get("back") == "reports" else f"/admin/lots/{auction_id}",
        done=done,
    )


def show_lot(request: Request, operator: Operator, auction_id: str, refused: Refused) -> Response:
    found = _lot(request, auction_id)
    words, app, now = page_words(request), request.app, request.now
    reports, said = app.reports.of(auction_id, now), app.reports.said(auction_id, now, REPORTS)
    bids = app.browsing.bids(found.auction, BIDS)
    log = _log(request, found)
    people = _people(request, found, said.items, log, bids.items)
    return panel(
        request,
        operator,
        "admin/lots/lot.html",
        refused.status,
        lot=view.lot_facts(found, people, words, now),
        bids=[(bid, view.whose(bid.bidder_id, people)) for bid in bids.items],
        reports=reports,
        outcome=view.last_outcome(reports, words),
        reasons=view.reasons_line(reports, words),
        said=view.report_lines(said.items, reports, people, words),
        log=view.log_lines(log, people, words),
        categories=view.categories(words),
        refused=refused,
        url=f"/admin/lots/{auction_id}",
    )


def _lot(request: Request, auction_id: str) -> Lot:
    try:
        return request.app.store.lot(auction_id, consistent=True)
    except NotFound:
        raise NoSuchPage from None


def _log(request: Request, lot: Lot) -> list[AuditEntry]:
    """What operators did with it, among the last ENTRIES acts that concern its people."""
    concerned = [lot.card.seller_id, *([lot.deal.buyer_id] if lot.deal else [])]
    pages = (request.app.audit_trail.entries(user_id=who, limit=ENTRIES) for who in dict.fromkeys(concerned))
    subject = f"lot/{lot.auction.id}"
    entries = {entry.id: entry for page in pages for entry in page.items if entry.subject == subject}
    return sorted(entries.values(), key=lambda entry: entry.at, reverse=True)


def _people(
    request: Request, lot: Lot, said: Sequence[Report], log: Sequence[AuditEntry], bids: Sequence[ShownBid]
) -> dict[int, Person]:
    """All whom the page names, in one read."""
    ids = {lot.card.seller_id, *(report.reporter_id for report in said), *(entry.admin_id for entry in log)}
    ids |= {bid.bidder_id for bid in bids} | ({lot.deal.buyer_id} if lot.deal else set())
    return request.app.store.people(ids)


def _asked(request: Request) -> dict[str, str]:
    return {
        name: request.query.get(name, "").strip()[:LONGEST] for name in ("q", "status", "category", "kind", "seller")
    }


def _given(asked: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if value}
