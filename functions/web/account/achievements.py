"""What a person has achieved, how far they are with the rest, and what everybody may know of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from starbid.achievement_words import sentence, title, what_counts
from starbid.domain.achievements.kinds import Key
from starbid.domain.achievements.progress import Standing
from starbid.domain.money import DEFAULT_CURRENCY
from starbid.i18n import Language
from web.kernel.http import Request, Response
from web.kernel.routing import Router
from web.shared.context import page_words, show

router = Router()


@dataclass(frozen=True)
class Medal:
    """`have` of `target` things are done; `earned_at` is None where it is yet to be earned, or nobody's business."""

    title: str
    text: str
    have: int = 1
    target: int = 1
    earned_at: datetime | None = None


@router.get("/achievements")
def achievements(request: Request) -> Response:
    """Those that the person has, the latest first; then the others, the nearest first. Nobody else sees it."""
    person, words = request.visitor.require_person(), page_words(request)
    earned, ahead = split(request.app.achieving.standings(person))
    business = request.app.settings.business
    offered = (business.bills.currency,) if business.offers_bills else ()
    return show(
        request,
        "account/achievements.html",
        earned=medals(earned, words),
        ahead=medals(ahead, words),
        what_counts=what_counts(tuple(dict.fromkeys((DEFAULT_CURRENCY, *offered))), words),
    )


def split(standings: Sequence[Standing]) -> tuple[tuple[Standing, ...], tuple[Standing, ...]]:
    """Those that are earned, and those that are ahead."""
    earned = tuple(each for each in standings if each.earned_at)
    return earned, tuple(standings[len(earned) :])


def medals(standings: Iterable[Standing], words: Language) -> tuple[Medal, ...]:
    """Achievements as their owner sees them."""
    return tuple(
        Medal(title(each.key, words), sentence(each.key, words), each.have, each.achievement.target, each.earned_at)
        for each in standings
    )


def public_medals(keys: Iterable[Key], words: Language) -> tuple[Medal, ...]:
    """Achievements as everybody sees them."""
    return tuple(Medal(title(key, words), sentence(key, words)) for key in keys)
