"""The sections of a person's page: each is one bounded read, however much they have done."""

from __future__ import annotations

from urllib.parse import quote

from starbid.domain.audit_trail import AuditEntry
from starbid.domain.deals import Deal
from starbid.domain.kinds import kind_of
from starbid.domain.lots import Lot
from starbid.domain.money import CURRENCIES
from starbid.domain.people import Person
from starbid.i18n import Language
from starbid.ledger_words import movement
from starbid.wording import provider_name
from web.admin.actions import names_of_actions
from web.admin.lots.names import deal_state, lot_states
from web.admin.money.payments_view import bill_state, charge_state
from web.admin.people import assistant
from web.admin.people.section import SHOWN, Read, Row, Section
from web.kernel.http import Request, path_with
from web.shared.ticket_view import state_name


def names(words: Language) -> dict[str, str]:
    """The sections in their order, by their key in the address."""
    _ = words._
    return {
        "deals": _("Deals"),
        "lots": _("Lots"),
        "bids": _("Bids"),
        "payments": _("Payments"),
        "ledger": _("Ledger"),
        "tickets": _("Tickets"),
        "assistant": _("AI helper"),
        "log": _("Log"),
        "notes": _("Notes"),
    }


def read(section: str, request: Request, person: Person, words: Language) -> Section:
    """Raises Invalid for a cursor of another list."""
    return _READS[section](request, person, words, request.query.get("cursor") or None)


def _deals(request: Request, person: Person, words: Language, cursor: str | None) -> Section:
    page = request.app.store.deals_of(person.id, limit=SHOWN, cursor=cursor)
    rows = tuple(_deal_row(lot, lot.deal, person, words) for lot in page.items if lot.deal)
    heads = (words._("Lot"), words._("Side"), words._("Price"), words._("State"), words._("Sold on"))
    all_url = path_with("/admin/deals", user_id=str(person.id))
    return Section(heads, rows, words._("No deals yet."), page.cursor, all_url)


def _deal_row(lot: Lot, deal: Deal, person: Person, words: Language) -> Row:
    side = words._("sells") if deal.seller_id == person.id else words._("buys")
    cells = (lot.card.title, side, words.money(deal.price), deal_state(deal, words), words.moment(deal.sold_at))
    return Row(f"/admin/deals/{lot.auction.id}", cells)


def _lots(request: Request, person: Person, words: Language, cursor: str | None) -> Section:
    page = request.app.store.lots_of_seller(person.id, limit=SHOWN, cursor=cursor)
    rows = tuple(_lot_row(lot, request, words) for lot in page.items)
    heads = (words._("Lot"), words._("Status"), words._("Price"), words._("Bids"), words._("Ends"))
    all_url = path_with("/admin/lots", seller=str(person.id))
    return Section(heads, rows, words._("No lots yet."), page.cursor, all_url)


def _lot_row(lot: Lot, request: Request, words: Language) -> Row:
    auction = lot.auction
    is_hidden = kind_of(auction).is_sealed and not auction.is_final
    price = words._("hidden") if is_hidden else words.money(auction.price)
    status = lot_states(words)[auction.status(request.now).value]
    cells = (lot.card.title, status, price, str(auction.bids_count), words.moment(auction.ends_at))
    return Row(f"/admin/lots/{auction.id}", cells)


def _bids(request: Request, person: Person, words: Language, cursor: str | None) -> Section:
    """Never a maximum: of an open lot it is nobody's business, an operator's neither."""
    page = request.app.store.bids_of(person.id, limit=SHOWN, cursor=cursor)
    lots = request.app.store.lots(dict.fromkeys(bid.auction_id for bid in page.items))
    rows = []
    for bid in page.items:
        lot = lots.get(bid.auction_id)
        title = lot.card.title if lot else bid.auction_id
        price = words._("hidden") if bid.sealed else words.money(bid.price)
        status = lot_states(words)[lot.auction.status(request.now).value] if lot else ""
        cells = (title, words.moment(bid.placed_at), price, status)
        rows.append(Row(f"/admin/lots/{bid.auction_id}", cells))
    heads = (words._("Lot"), words._("When"), words._("Price after the bid"), words._("Status"))
    return Section(heads, tuple(rows), words._("No bids yet."), page.cursor)


def _payments(request: Request, person: Person, words: Language, _: str | None) -> Section:
    charges = request.app.store.charges_of(person.id, limit=SHOWN)
    bills = request.app.store.bills_of(person.id, limit=SHOWN).items
    rows = [
        (charge.paid_at, charge.id, words.money(charge.amount), charge_state(charge.state, words)[0], charge.provider)
        for charge in charges
    ]
    rows += [
        (bill.created_at, bill.id, words.money(bill.amount), bill_state(bill, words)[0], bill.provider)
        for bill in bills
    ]
    newest = sorted(rows, key=lambda row: row[0], reverse=True)[:SHOWN]
    shown = (
        Row(
            f"/admin/payments/{quote(payment_id, safe='')}",
            (words.moment(at), amount, provider_name(provider), state, _short(payment_id)),
        )
        for at, payment_id, amount, state, provider in newest
    )
    heads = (words._("When"), words._("Amount"), words._("Provider"), words._("State"), words._("ID"))
    all_url = path_with("/admin/payments", user_id=str(person.id))
    return Section(heads, tuple(shown), words._("No payments yet."), all_url=all_url)


def _short(payment_id: str) -> str:
    return payment_id if len(payment_id) <= 24 else f"{payment_id[:20]}…"


def _ledger(request: Request, person: Person, words: Language, cursor: str | None) -> Section:
    currency = request.query.get("currency", "")
    if currency not in CURRENCIES:
        wallets = request.app.store.wallets(person.id)
        currency = wallets[0].currency if wallets else next(iter(CURRENCIES))
    page = request.app.store.transfers(person.id, currency, limit=SHOWN, cursor=cursor)
    rows = tuple(
        Row("", (words.moment(each.at), movement(each.kind, words), words.money(each.change), _short(each.id)))
        for each in page.items
    )
    heads = (words._("When"), words._("What"), words._("Change"), words._("ID"))
    return Section(heads, rows, words._("Nothing has moved in this currency."), page.cursor)


def _tickets(request: Request, person: Person, words: Language, cursor: str | None) -> Section:
    page = request.app.tickets.of(person.id, request.now, limit=SHOWN, cursor=cursor)
    rows = tuple(
        Row(
            f"/admin/tickets/{each.id}",
            (
                each.subject or each.id,
                state_name(each, words, to_operator=True),
                str(each.messages),
                words.moment(each.opened_at),
            ),
        )
        for each in page.items
    )
    heads = (words._("Ticket"), words._("State"), words._("Messages"), words._("Opened"))
    return Section(heads, rows, words._("No tickets yet."), page.cursor)


def _log(request: Request, person: Person, words: Language, cursor: str | None) -> Section:
    """What operators did about the person; all that the person did is in the event log."""
    page = request.app.audit_trail.entries(user_id=person.id, limit=SHOWN, cursor=cursor)
    acts = names_of_actions(words)

    def row(each: AuditEntry) -> Row:
        what, change = acts.get(each.action, each.action), _change(each.before, each.after)
        return Row("", (words.moment(each.at), what, str(each.admin_id), change, each.reason))

    rows = tuple(row(each) for each in page.items)
    heads = (words._("When"), words._("What"), words._("Operator"), words._("Change"), words._("Reason"))
    empty = words._("No operator has done anything here.")
    return Section(heads, rows, empty, page.cursor, path_with("/admin/log", user_id=str(person.id)))


def _change(before: str, after: str) -> str:
    return " → ".join(part for part in (before, after) if part)


def _notes(request: Request, person: Person, words: Language, cursor: str | None) -> Section:
    page = request.app.notes.of(person.id, request.now, limit=SHOWN, cursor=cursor)
    authors = request.app.store.people(dict.fromkeys(note.author_id for note in page.items))
    notes = tuple((_author(note.author_id, authors), words.moment(note.at), note.text) for note in page.items)
    return Section(empty=words._("No notes yet."), cursor=page.cursor, notes=notes)


def _author(author_id: int, known: dict[int, Person]) -> str:
    return known[author_id].name if author_id in known else str(author_id)


_READS: dict[str, Read] = {
    "deals": _deals,
    "lots": _lots,
    "bids": _bids,
    "payments": _payments,
    "ledger": _ledger,
    "tickets": _tickets,
    "assistant": assistant.read,
    "log": _log,
    "notes": _notes,
}
