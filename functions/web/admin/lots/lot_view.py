"""What the list of lots and the page of one tell operators: what everybody may know, and no hidden amount."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from starbid.category_words import category_name
from starbid.domain.audit_trail import AuditEntry
from starbid.domain.lots import CATEGORIES, Lot
from starbid.domain.money import Money
from starbid.domain.people import Person
from starbid.domain.reports import Report, ReportedLot
from starbid.i18n import Language
from starbid.report_words import reason_name
from starbid.services.views import view_lot
from web.admin.lots.names import act_name, lot_states, outcome_name
from web.shared.names import goods_name, kind_name
from web.shared.names import kind_badge as badge_of


@dataclass(frozen=True)
class Whose:
    """A person by id, with the name where they are known."""

    id: int
    name: str


@dataclass(frozen=True)
class LotRow:
    id: str
    title: str
    seller: Whose
    category: str
    badge: str
    price: Money
    bids: int
    state: str
    is_hidden: bool
    created_at: datetime


@dataclass(frozen=True)
class LotFacts:
    """The head of a lot's page. `seller_category`: where an operator moved it away from."""

    row: LotRow
    kind: str
    goods: str
    seller_category: str
    category: str
    start_price: Money
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    cancel_reason: str
    description: str
    pictures: tuple[str, ...]
    is_open: bool
    has_deal: bool
    is_sealed: bool
    buyer: Whose | None


@dataclass(frozen=True)
class ReportLine:
    reporter: Whose
    reason: str
    text: str
    at: datetime
    is_open: bool


@dataclass(frozen=True)
class LogLine:
    at: datetime
    admin: Whose
    what: str
    change: str
    reason: str


def whose(user_id: int, people: Mapping[int, Person]) -> Whose:
    return Whose(user_id, people[user_id].name if user_id in people else str(user_id))


def lot_row(lot: Lot, people: Mapping[int, Person], words: Language, now: datetime) -> LotRow:
    """`view_lot` of nobody: what is sealed stays so for operators too."""
    view, card = view_lot(lot, None, now), lot.card
    return LotRow(
        id=card.auction_id,
        title=card.title,
        seller=whose(card.seller_id, people),
        category=category_name(card.listed_in, words),
        badge=badge_of(view.kind.name, words),
        price=view.price,
        bids=lot.auction.bids_count,
        state=lot_states(words)[view.status.value],
        is_hidden=lot.auction.hidden,
        created_at=card.created_at,
    )


def lot_facts(lot: Lot, people: Mapping[int, Person], words: Language, now: datetime) -> LotFacts:
    auction, card, view = lot.auction, lot.card, view_lot(lot, None, now)
    return LotFacts(
        row=lot_row(lot, people, words, now),
        kind=kind_name(auction.terms.kind, words),
        goods=goods_name(card.goods, words),
        seller_category=category_name(card.category, words) if card.listed_in != card.category else "",
        category=card.listed_in,
        start_price=auction.terms.start_price,
        starts_at=auction.starts_at,
        ends_at=auction.ends_at,
        ended_at=auction.ended_at,
        cancel_reason=auction.cancel_reason,
        description=card.description,
        pictures=card.pictures,
        is_open=view.status.is_open,
        has_deal=lot.deal is not None,
        is_sealed=view.kind.is_sealed and not auction.is_final,
        buyer=whose(lot.deal.buyer_id, people) if lot.deal else None,
    )


def categories(words: Language) -> dict[str, str]:
    return {category: category_name(category, words) for category in CATEGORIES}


def report_lines(
    said: Iterable[Report], lot: ReportedLot, people: Mapping[int, Person], words: Language
) -> tuple[ReportLine, ...]:
    """The newest first."""
    newest = sorted(said, key=lambda report: report.at, reverse=True)
    return tuple(
        ReportLine(
            whose(report.reporter_id, people),
            reason_name(report.reason, words),
            report.text,
            report.at,
            lot.is_open and report.round == lot.round,
        )
        for report in newest
    )


def reasons_line(lot: ReportedLot, words: Language) -> str:
    """`looks like fraud 3, something else 1`: the most frequent first."""
    ordered = sorted(lot.counts.items(), key=lambda each: -each[1])
    return ", ".join(f"{reason_name(reason, words)} {count}" for reason, count in ordered)


def last_outcome(lot: ReportedLot, words: Language) -> str:
    return outcome_name(lot.last.outcome, words) if lot.last else ""


def log_lines(entries: Iterable[AuditEntry], people: Mapping[int, Person], words: Language) -> tuple[LogLine, ...]:
    def change(entry: AuditEntry) -> str:
        return f"{entry.before} → {entry.after}" if entry.before and entry.after else entry.after

    return tuple(
        LogLine(e.at, whose(e.admin_id, people), act_name(e.action, words), change(e), e.reason) for e in entries
    )
