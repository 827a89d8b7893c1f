"""The price box of a lot: the price, the clock and the facts, around the situation of the one who looks."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from starbid.domain.auction import Status
from starbid.i18n import Language
from starbid.services.auctions.bid_history import BidHistory
from starbid.services.views import LotView
from web.lot.bid_list import who_leads
from web.lot.price_box.kind_box import box_of
from web.lot.price_box.parts import Aside, Bar, Fact, PriceBox, Typed, Viewer, ViewerState
from web.lot.price_box.steps import least_for
from web.lot.price_box.viewer_state import viewer_state
from web.shared import amounts
from web.shared.price_words import means_of
from web.shared.steps import Note

POLL_NEAR, POLL_LIVE, POLL_FAR, POLL_SLOWLY = 2, 3, 10, 20
NEAR, FAR = timedelta(minutes=2), timedelta(days=1)
"""How far a lot's start or end is decides how often it is asked about. The page asks by itself when the clock is at
zero.
"""


def price_box(
    view: LotView, viewer: Viewer, history: BidHistory, typed: Typed, words: Language, now: datetime
) -> PriceBox:
    """The box as `viewer` sees it at `now`."""
    mine = viewer_state(view, viewer, history.has_bid(view.viewer_id), typed, words, now)
    open_ = view.status.is_open
    clock, clock_means = _clock(view, words)
    live = view.status is Status.LIVE
    return PriceBox(
        price=view.price,
        means=means_of(view, words),
        clock=clock,
        clock_means=clock_means,
        stopped=words.time_left(view.left) if view.stands_still and live else "",
        facts=(*_facts(view, who_leads(view, history, words), words), *mine.facts),
        hints=_hints(view, words, now),
        banner=mine.banner,
        one_tap=mine.one_tap,
        least=least_for(view) if live and view.next_min_bid else None,
        form=mine.form,
        steps=mine.steps,
        wallet=viewer.wallet if open_ and not view.is_seller else None,
        act_key=mine.key,
        polls=_pace(view, now),
        tag=box_tag(view, viewer, words, now),
        deal_version=view.deal.version if view.deal else 0,
        card_version=view.lot.auction.card_version,
        bar=_bar(view, mine, words) if clock or (live and view.stands_still) else None,
        aside=_aside(view, mine, words),
        fall=box_of(view).fall(view, words, now),
        typed=amounts.typed(typed.unusual) if typed.unusual else typed.amount,
        fault=typed.fault,
        unusual=typed.unusual,
        unusual_text=box_of(view).unusual_text(words) if typed.unusual else "",
        unusual_button=box_of(view).unusual_button(words.money(typed.unusual), words) if typed.unusual else "",
    )


def _bar(view: LotView, mine: ViewerState, words: Language) -> Bar:
    means = mine.stands or means_of(view, words)
    again = mine.one_tap if mine.stands else None
    return Bar(means, mine.tone, words._("Details") if again else mine.opens or box_of(view).opens(words), again)


def _aside(view: LotView, mine: ViewerState, words: Language) -> Aside | None:
    if mine.stands:
        return Aside(f"{mine.stands} · {words.money(view.price)}", mine.tone)
    told = mine.banner if mine.banner and not view.status.is_open else None
    return Aside(told.title, told.tone) if told else None


def box_tag(view: LotView, viewer: Viewer, words: Language, now: datetime) -> str:
    """An ETag: the same as long as nothing that the live part shows has changed but the ticking of its clock."""
    auction, deal, wallet = view.lot.auction, view.deal, viewer.wallet
    parts = (
        auction.id, auction.version, view.lot.auction.card_version, view.status, view.stands_still, view.viewer_id,
        words.code, view.price,
        words.zone_name, words.today,
        deal.version if deal else 0, _in_last_minutes(view, now), _pace(view, now),
        (wallet.available.amount, wallet.held.amount, wallet.owed.amount, wallet.blocked) if wallet else (),
        wallet.barred_until(now) if wallet else None,
    )  # fmt: skip
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:20]}"'


def _pace(view: LotView, now: datetime) -> int:
    """Seconds between two looks of an open page; 0 for none."""
    auction = view.lot.auction
    match view.status:
        case Status.SCHEDULED:
            return POLL_LIVE if auction.starts_at - now <= NEAR else POLL_SLOWLY
        case Status.LIVE:
            left = auction.ends_at - now
            return POLL_NEAR if left <= NEAR else POLL_LIVE if left <= FAR else POLL_FAR
        case Status.CLOSING:
            return POLL_NEAR
        case _:
            return POLL_SLOWLY if view.deal else 0


def _clock(view: LotView, words: Language) -> tuple[datetime | None, str]:
    auction = view.lot.auction
    if view.status is Status.SCHEDULED:
        return auction.starts_at, words._("until the start")
    if view.status is Status.LIVE and view.stands_still:
        return None, words._("left, paused")
    if view.status is Status.LIVE:
        return auction.ends_at, words._("left")
    return None, ""


def _facts(view: LotView, leader: str, words: Language) -> tuple[Fact, ...]:
    auction, _ = view.lot.auction, words._
    facts = [] if view.kind.falls else [Fact(words.ngettext("{n} bid", "{n} bids", auction.bids_count))]
    if view.reserve_met is not None and view.status in (Status.LIVE, Status.UNSOLD):
        facts.append(Fact(_("reserve met"), "good") if view.reserve_met else Fact(_("reserve not met"), "warn"))
    if auction.extended_by > timedelta() and view.status is Status.LIVE:
        facts.append(Fact(_("extended by {time}", time=_rounded(auction.extended_by, words)), "warn"))
    if leader and not view.you_lead and view.status is Status.LIVE:
        facts.append(Fact(_("{who} leads", who=leader)))
    return tuple(facts)


def _rounded(length: timedelta, words: Language) -> str:
    seconds = int(length.total_seconds())
    whole = seconds // 60 * 60 if seconds > 60 else max(1, seconds)
    return words.span(timedelta(seconds=whole))


def _in_last_minutes(view: LotView, now: datetime) -> bool:
    auction = view.lot.auction
    window = timedelta(seconds=auction.terms.extend_seconds)
    return view.status is Status.LIVE and not view.stands_still and auction.ends_at - now <= window


def _hints(view: LotView, words: Language, now: datetime) -> tuple[Note, ...]:
    """What a bid does to the end, and what one has done; an end that was moved as far as it goes stays."""
    auction, _ = view.lot.auction, words._
    if not _in_last_minutes(view, now):
        return ()
    window, terms = timedelta(seconds=auction.terms.extend_seconds), auction.terms
    room = auction.scheduled_end + timedelta(seconds=terms.max_extension_seconds) - auction.ends_at
    if auction.extended_by > timedelta():
        title = _("Extended: a bid in the last {window} added time.", window=words.span(window))
        more = _("Another bid now adds time again.") if room > timedelta() else _("Further bids add no more time.")
        return (Note("warn", "clock", title, more),)
    if room <= timedelta():
        return ()
    most = words.span(min(window, room))
    return (Note("warn", "clock", _("A bid now adds up to {window}.", window=most)),)
