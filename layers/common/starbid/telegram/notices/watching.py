"""Notices in words to those who watch a lot (services.watching)."""

from __future__ import annotations

from starbid.domain.auction import Status
from starbid.services.notices import watching
from starbid.services.watching import PUNCTUAL, REMIND_BEFORE
from starbid.telegram.notices.telling import Message, Telling, about_course, says


@says(watching.BEGAN)
def _began(t: Telling) -> Message:
    if t.lot.status is not Status.LIVE:
        return _is_moved_or_over(t)
    moment = t.words.moment(t.lot.lot.auction.ends_at)
    text = t.words._(
        "“{title}” from your favourites has started.\nIt runs until {moment}.", title=t.title, moment=moment
    )
    return text, about_course(t)


@says(watching.ENDING_SOON)
def _ending_soon(t: Telling) -> Message:
    if t.lot.status is not Status.LIVE:
        return _is_moved_or_over(t)
    left = t.lot.lot.auction.ends_at - t.now
    if left > REMIND_BEFORE + PUNCTUAL:
        moment = t.words.moment(t.lot.lot.auction.ends_at)
        return t.words._(
            "“{title}” from your favourites now ends later: {moment}.", title=t.title, moment=moment
        ), about_course(t)
    minutes = max(1, round(left.total_seconds() / 60))
    text = t.words.ngettext(
        "“{title}” from your favourites ends in {n} minute.",
        "“{title}” from your favourites ends in {n} minutes.",
        minutes,
        title=t.title,
    )
    return f"{text}\n{_standing(t)}", about_course(t)


def _standing(t: Telling) -> str:
    """How a watched lot stands; of one whose bids are hidden only that they are."""
    view, words = t.lot, t.words
    if view.kind.is_sealed:
        return words._("Bids are hidden until the end.")
    if view.you_lead:
        return words._("You lead at {price}.", price=words.money(view.price))
    return words._("Now {price}.", price=words.money(view.price))


def _is_moved_or_over(t: Telling) -> Message:
    """A word that was held up until it was no news any more."""
    if t.lot.status is Status.SCHEDULED:
        moment = t.words.moment(t.lot.lot.auction.starts_at)
        return t.words._(
            "“{title}” from your favourites now starts later: {moment}.", title=t.title, moment=moment
        ), about_course(t)
    return t.words._("“{title}” from your favourites has ended.", title=t.title), about_course(t)
