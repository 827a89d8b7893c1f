"""What the lists and the page of a deal tell operators. Never where a lot is sent to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starbid.domain.deals import Deal, DealState
from starbid.domain.evidence import shown
from starbid.domain.lots import Lot
from starbid.domain.money import Money
from starbid.domain.people import Person
from starbid.i18n import Language
from web.admin.lots.lot_view import Whose, whose
from web.admin.lots.names import deal_state
from web.shared.files import FileRow


@dataclass(frozen=True)
class DealRow:
    """`next_at`: when it moves on, or somebody is reminded."""

    id: str
    title: str
    price: Money
    seller: Whose
    buyer: Whose
    state: str
    is_disputed: bool
    sold_at: datetime
    since: datetime
    next_at: datetime | None


@dataclass(frozen=True)
class Said:
    """What one side wrote, the addresses of its photos, and what it handed over."""

    title: str
    text: str
    at: datetime | None
    photos: tuple[str, ...] = ()
    files: tuple[FileRow, ...] = ()


@dataclass(frozen=True)
class Mark:
    name: str
    at: datetime


@dataclass(frozen=True)
class DealPage:
    row: DealRow
    fee: Money
    payout: Money
    is_physical: bool
    said: tuple[Said, ...]
    marks: tuple[Mark, ...]
    ending: str
    reason: str
    hides_goods: bool


def deal_row(lot: Lot, people: Mapping[int, Person], words: Language) -> DealRow:
    deal = lot.deal
    assert deal is not None
    return DealRow(
        id=deal.auction_id,
        title=lot.card.title,
        price=deal.price,
        seller=whose(deal.seller_id, people),
        buyer=whose(deal.buyer_id, people),
        state=deal_state(deal, words),
        is_disputed=deal.is_disputed,
        sold_at=deal.sold_at,
        since=_since(deal),
        next_at=deal.due_at,
    )


def deal_page(
    lot: Lot,
    deal: Deal,
    people: Mapping[int, Person],
    words: Language,
    now: datetime,
    *,
    sees_goods: bool,
    files: tuple[FileRow, ...] = (),
) -> DealPage:
    """What was handed over is a part of the case only where there is one, and for those who may decide it; `files`
    only as long as the dispute is open.
    """
    is_case = deal.dispute is not None
    return DealPage(
        row=deal_row(lot, people, words),
        fee=deal.fee,
        payout=deal.payout,
        is_physical=deal.is_physical,
        said=_said(deal, words, now, files, with_goods=is_case and sees_goods),
        marks=_marks(deal, words),
        ending=_ending(deal, words),
        reason=deal.reason,
        hides_goods=is_case and not sees_goods and deal.is_delivered,
    )


def decided(deal: Deal, words: Language) -> str:
    """To one who wanted to settle it: how it stands instead."""
    if not deal.reason:
        return ""
    head = words._("Another operator has already decided: {decision}", decision=_ending(deal, words))
    return f"{head} {words._('Reason: {reason}', reason=deal.reason)}"


def _ending(deal: Deal, words: Language) -> str:
    _, money = words._, words.money
    match deal.state:
        case DealState.COMPLETED:
            return _("{amount} went to the seller.", amount=money(deal.payout))
        case DealState.REFUNDED:
            return _("{amount} went back to the buyer.", amount=money(deal.price))
        case _:
            return ""


def _said(
    deal: Deal, words: Language, now: datetime, files: tuple[FileRow, ...], *, with_goods: bool
) -> tuple[Said, ...]:
    _, photos, path = words._, shown(deal, now), f"/auction/{deal.auction_id}/evidence"

    def addresses(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f"{path}/{name}" for name in names)

    parts = (
        Said(_("What the seller sent"), deal.delivery or "", deal.delivered_at, (), files) if with_goods else None,
        Said(_("The buyer says"), deal.dispute or "", deal.disputed_at, addresses(photos.by_buyer)),
        Said(_("The seller says"), deal.answer or "", None, addresses(photos.by_seller)),
    )
    return tuple(part for part in parts if part and (part.text or part.photos or part.files))


def _marks(deal: Deal, words: Language) -> tuple[Mark, ...]:
    _ = words._
    marks = {
        _("Sold"): deal.sold_at,
        _("The buyer gave the address"): deal.addressed_at,
        _("Sent"): deal.delivered_at,
        _("Frozen: the buyer owes"): deal.frozen_at,
        _("Disputed"): deal.disputed_at,
        _("Ended"): deal.ended_at,
    }
    known = [Mark(name, at) for name, at in marks.items() if at]
    return tuple(sorted(known, key=lambda mark: mark.at))


def _since(deal: Deal) -> datetime:
    """Since when it stands where it does."""
    moments = (deal.sold_at, deal.addressed_at, deal.delivered_at, deal.disputed_at, deal.frozen_at, deal.ended_at)
    return max(moment for moment in moments if moment)
