"""Every page of the panel, as an operator sees it when there is work, and when a form is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.e2e.client import Person
from tests.e2e.town import bid

if TYPE_CHECKING:
    from tests.e2e.pages import Walk

DAY = 86_400
LISTS = (
    *("users", "lots", "reports", "deals", "tickets", "canned", "payments", "payouts", "refunds", "reconciliation"),
    *("exports", "log", "audit", "broadcasts", "dead-letters", "pause"),
)
SECTIONS = ("deals", "lots", "bids", "payments", "ledger", "tickets", "log", "notes")


def panel(walk: Walk, lot: str, deal: str) -> None:
    """Before there is work, and with it. `lot` is on sale, `deal` is in dispute."""
    visits = [(walk.operator, path) for path in ("/admin", *(f"/admin/{name}" for name in LISTS))]
    walk.looks(*visits, state="at first")
    _leave_work(walk, lot)
    walk.looks(*visits, state="with work")
    _people(walk)
    _lots(walk, lot, deal)
    _money(walk)
    _talk(walk)
    _long_work(walk)
    assert walk.operator.posts("/admin/pause", {"reason": "Trouble", "request_id": "p"}).status_code == 303
    walk.looks((walk.operator, "/admin"), (walk.operator, "/admin/pause"), (walk.newcomer, "/"), state="paused")
    assert walk.operator.posts("/admin/resume", {"request_id": "r"}).status_code == 303
    walk.looks((walk.operator, "/admin/audit"), (walk.operator, "/admin/log"), state="with acts")


def _leave_work(walk: Walk, lot: str) -> None:
    nina, anna, town = walk.newcomer, walk.town.anna, walk.town
    town.stack.advance(0)
    assert nina.posts("/support", {"text": "Where is my money?", "request_id": "t"}).status_code == 303
    assert anna.posts(f"/auction/{lot}/report", {"reason": "other", "text": "Odd"}).status_code == 303
    wish = {"currency": "RUB", "amount": "500", "method": "", "details": "Card 2200", "request_id": "w"}
    assert nina.posts("/wallet/payout", wish).status_code == 303
    walk.looks((nina, "/support"), (anna, "/support"), (anna, f"/auction/{lot}"), state="with work")
    town.stack.advance(0)


def _people(walk: Walk) -> None:
    operator, anna = walk.operator, walk.town.anna
    one = f"/admin/users/{anna.id}"
    note = {"text": "Asked about lamps.", "reason": "To know", "request_id": "n"}
    assert operator.posts(f"{one}/note", note).status_code == 303
    walk.looks(*((operator, f"{one}?section={section}") for section in SECTIONS))
    walk.looks((operator, f"/admin/users/{operator.id}"))
    searches = ("/admin/search", "/admin/search?q=ann", "/admin/search?q=nothing+here", "/admin/users?q=nobody+there")
    walk.looks(*((operator, path) for path in searches))
    for act in ("block", "restrict", "balance", "message", "role", "note"):
        walk.is_refused(operator, f"{one}/{act}", {"reason": " ", "change": "x", "until": "x", "text": ""})
    for act in ("block", "message"):
        walk.is_refused(operator, "/admin/users/bulk", {"act": act, "person": str(anna.id)})
    limits = {"bids": "1", "reason": "Too many", "days": "3", "request_id": "l"}
    assert operator.posts(f"{one}/restrict", limits).status_code == 303
    walk.looks((operator, one), state="restricted")
    assert operator.posts(f"{one}/restrict", {"reason": "Enough", "request_id": "m"}).status_code == 303


def _lots(walk: Walk, lot: str, deal: str) -> None:
    operator = walk.operator
    one, sold = f"/admin/lots/{lot}", f"/admin/deals/{deal}"
    assert bid(walk.town.boris, lot, 900).status_code == 201
    walk.looks((operator, one), (operator, f"/admin/lots/{deal}"), (operator, sold))
    for act in ("hide", "move", "cancel", "dismiss"):
        walk.is_refused(operator, f"{one}/{act}", {"reason": " "})
    walk.is_refused(operator, f"{sold}/settle", {"to": "seller", "reason": " "})
    for act in ("hide", "move"):
        walk.is_refused(operator, "/admin/lots/bulk", {"act": act, "lots": lot})
    hidden = {"reason": "Looked at", "request_id": "h"}
    assert operator.posts(f"{one}/hide", hidden).status_code == 303
    walk.looks((operator, one), (walk.town.seller, f"/auction/{lot}"), state="hidden")
    settled = {"to": "buyer", "reason": "It is dark", "request_id": "s"}
    assert operator.posts(f"{sold}/settle", settled).status_code == 303
    walk.looks((operator, sold), (walk.town.anna, f"/auction/{deal}"), state="settled")


def _money(walk: Walk) -> None:
    operator, nina = walk.operator, walk.newcomer
    whose = f"/admin/payments?user_id={nina.id}"
    payments = (whose, f"{whose}&balances=1", "/admin/payments?state=differ", "/admin/payments?q=nothing")
    walk.looks(*((operator, path) for path in payments))
    first = f"/admin/payments/charge-{walk.town.anna.id}"
    bill, payout = (_first_link(operator, path) for path in ("/admin/payments?state=differ", "/admin/payouts"))
    walk.looks((operator, first), (operator, bill), (operator, payout))
    asked = _first_link(operator, "/admin/refunds")
    walk.looks((operator, asked), (operator, "/admin/refunds?state=refused"))
    walk.is_refused(operator, f"{asked}/refuse", {})
    for path in (f"{first}/refund", f"{payout}/approve", f"{payout}/refuse", "/admin/reconciliation/compare"):
        walk.is_refused(operator, path, {"reason": " "})
    assert operator.posts(f"{payout}/approve", {"reason": "Known", "request_id": "a"}).status_code == 303
    walk.looks((operator, payout), (operator, "/admin/payouts?state=all"), state="approved")


def _talk(walk: Walk) -> None:
    operator = walk.operator
    canned = {"title": "On its way", "text": "Hello, {name}. It is on its way."}
    canned |= {"reason": "Asked often", "request_id": "c"}
    walk.is_refused(operator, "/admin/canned", canned | {"title": ""})
    assert operator.posts("/admin/canned", canned).status_code == 303
    ticket = _first_link(operator, "/admin/tickets")
    walk.looks((operator, "/admin/canned"), (operator, ticket), state="with an answer kept")
    answer = {"text": "Soon.", "seen": "0", "reason": "An answer", "request_id": "f"}
    walk.is_refused(operator, f"{ticket}/answer", answer | {"text": ""})
    assert operator.posts(f"{ticket}/answer", answer).status_code == 303
    shown = ticket.replace("/admin/tickets", "/support")
    walk.looks((operator, ticket), (walk.newcomer, shown), (walk.newcomer, "/support"), state="answered")
    assert operator.posts(f"{ticket}/close", {"reason": "Done", "request_id": "g"}).status_code == 303
    walk.looks((operator, ticket), (walk.newcomer, shown), state="closed")


def _long_work(walk: Walk) -> None:
    operator, stack = walk.operator, walk.town.stack
    today = datetime.fromtimestamp(operator.now(), UTC).date().isoformat()
    walk.is_refused(operator, "/admin/exports", {"what": "ledger", "format": "csv", "from": "x", "to": today})
    asked = operator.posts("/admin/exports", {"what": "ledger", "format": "csv", "to": today, "request_id": "x"})
    assert asked.status_code == 303, asked.text
    export = asked.headers["location"]
    walk.looks((operator, export), (operator, f"{export}/progress"))
    stack.advance(0)
    walk.looks((operator, export), (operator, f"{export}/progress"), (operator, "/admin/exports"), state="done")
    draft = {"text": "Tonight!", "segment": "all", "language": "", "reason": "News", "request_id": "b"}
    walk.is_refused(operator, "/admin/broadcasts", draft | {"text": ""})
    written = operator.posts("/admin/broadcasts", draft)
    assert written.status_code == 303, written.text
    broadcast = written.headers["location"].partition("?")[0]
    stack.advance(0)
    walk.looks((operator, broadcast), (operator, "/admin/broadcasts"), state="a draft")
    walk.is_refused(operator, f"{broadcast}/start", {"reason": " "})
    assert operator.posts(f"{broadcast}/start", {"reason": "News", "request_id": "d"}).status_code == 303
    walk.looks((operator, broadcast), state="sent")


def _first_link(person: Person, path: str) -> str:
    """Where the first row of a list leads."""
    row = person.web.get(path).text.partition("<tr data-row")[2]
    link = row.partition('href="')[2].partition('"')[0]
    assert link, path
    return link
