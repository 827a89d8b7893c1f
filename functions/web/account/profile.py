"""Who a person is to others: their own profile, the public page of a seller, and the reviews."""

from __future__ import annotations

from starbid.assistant_standing import AnswersLeft, answers_left
from starbid.domain.people import Person
from starbid.i18n import Language
from starbid.services.deals.reviews import Review
from starbid.services.ports import Page
from starbid.services.sifting import sifted
from starbid.services.views import LotView
from web.account.achievements import medals, public_medals, split
from web.account.review_view import ShownSpread, shown_reviews, shown_spread
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response, path_with, redirect
from web.kernel.routing import Router
from web.shared.cards import card_of_lot
from web.shared.context import page_words, show
from web.shared.reputation import as_buyer, as_seller

router = Router()
FEW = 3
"""Reviews of a page that leads to all of them."""
ENOUGH = 12
"""Lots of a public page, where there are so many."""


@router.get("/profile")
def profile(request: Request) -> Response:
    person, words = request.visitor.require_person(), page_words(request)
    standings = request.app.achieving.standings(person)
    earned, _ = split(standings)
    reviews, spread = _few_reviews(request, person, words)
    return show(
        request, "account/profile.html", person=person, sells_until=person.subscribed_until
        if person.may_sell(request.now) else None, sells=as_seller(person, words), buys=as_buyer(person, words),
        left=_answers_left(request, person, words), earned=medals(earned, words), all_achievements=len(standings),
        reviews=shown_reviews(reviews), spread=spread,
    )  # fmt: skip


def _answers_left(request: Request, person: Person, words: Language) -> tuple[AnswersLeft, ...]:
    """Of the AI helper, where it is offered."""
    terms = request.app.settings.business.assistant
    return answers_left(request.app.asking.standing(person, request.now), terms, words) if terms.is_offered else ()


def _few_reviews(request: Request, person: Person, words: Language) -> tuple[tuple[Review, ...], ShownSpread | None]:
    """The latest reviews of a person, and how the stars are spread; nothing is read of who was never rated."""
    if not person.reputation.seller_ratings:
        return (), None
    reviews = request.app.reviews
    return reviews.latest(person, limit=FEW).items, shown_spread(reviews.spread(person), words)


@router.get("/u/<public_id>")
def public_profile(request: Request, public_id: str) -> Response:
    """What anybody may know of a seller: the name, since when, what others think of them, and what they sell.

    Who has never put anything up for sale has no such page: it would tell who is a member.
    """
    words, cursor = page_words(request), request.query.get("cursor") or None
    person = _seller(request, public_id)
    first = _lots(request, person, cursor)
    if not first.items:
        return _nothing_offered(request, person, cursor)
    page = sifted(first, lambda cursor: _lots(request, person, cursor), _is_public, ENOUGH)
    reviews, spread = _few_reviews(request, person, words) if cursor is None else ((), None)
    return show(
        request,
        "account/public.html",
        person=person,
        sells=as_seller(person, words),
        buys=as_buyer(person, words),
        medals=public_medals(request.app.achieving.public_of(person.id), words) if cursor is None else (),
        reviews=shown_reviews(reviews),
        spread=spread,
        live=[card_of_lot(view, None, words) for view in page.items if view.status.is_open],
        sold=[card_of_lot(view, None, words) for view in page.items if view.is_completed],
        more_url=path_with(f"/u/{public_id}", cursor=page.cursor) if page.cursor else None,
        is_first=cursor is None,
    )


@router.get("/u/<public_id>/reviews")
def reviews(request: Request, public_id: str) -> Response:
    """All that buyers say of a seller, the latest first."""
    words, cursor = page_words(request), request.query.get("cursor") or None
    person = _seller(request, public_id)
    page = request.app.reviews.latest(person, cursor=cursor) if person.reputation.seller_ratings else Page(())
    if not page.items and page.cursor is None:
        return _unrated(person, cursor)
    return show(
        request,
        "account/reviews.html",
        person=person,
        sells=as_seller(person, words),
        spread=shown_spread(request.app.reviews.spread(person), words),
        reviews=shown_reviews(page.items),
        more_url=path_with(f"/u/{public_id}/reviews", cursor=page.cursor) if page.cursor else None,
    )


def _seller(request: Request, public_id: str) -> Person:
    person = request.app.store.person_called(public_id)
    if person is None or person.left_at:
        raise NoSuchPage
    return person


def _lots(request: Request, person: Person, cursor: str | None) -> Page[LotView]:
    return request.app.browsing.offered_by(person, request.visitor.user_id or 0, request.now, cursor)


def _is_public(view: LotView) -> bool:
    """What is on sale, and what counts as a sale; what found no buyer is nobody's business."""
    return view.status.is_open or view.is_completed


def _nothing_offered(request: Request, person: Person, cursor: str | None) -> Response:
    """Behind the last lot the list begins again. Where there never was one, the person alone is told why."""
    if cursor:
        return redirect(f"/u/{person.public_id}")
    if request.visitor.user_id != person.id:
        raise NoSuchPage
    return show(request, "account/unseen.html", 404)


def _unrated(person: Person, cursor: str | None) -> Response:
    """Behind the last review the list begins again. Nobody learns here who is a member and was never rated."""
    if cursor and person.reputation.seller_ratings:
        return redirect(f"/u/{person.public_id}/reviews")
    raise NoSuchPage
