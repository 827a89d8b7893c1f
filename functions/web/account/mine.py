"""One's own lots and bids, the profile, and the public profile."""

from __future__ import annotations

from starbid.assistant_standing import AnswersLeft, answers_left
from starbid.domain.people import Person
from starbid.i18n import Language
from web.account.mine_view import grouped, my_bid, my_lot
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response, path_with, redirect
from web.kernel.routing import Router
from web.shared.cards import card_of_lot
from web.shared.context import page_words, show
from web.shared.ratings import ratings_of_seller
from web.shared.reputation import as_buyer, as_seller

router = Router()


@router.get("/my/auctions")
def my_auctions(request: Request) -> Response:
    person, words = request.visitor.require_person(), page_words(request)
    cursor = request.query.get("cursor") or None
    page = request.app.browsing.lots_of(person.id, person.id, request.now, cursor)
    _ = words._
    titles = {"act": _("Your action needed"), "live": _("Live"), "scheduled": _("Scheduled"), "ended": _("Ended")}
    times = request.app.settings.business.deal_times
    groups = grouped((my_lot(view, words, request.now, times) for view in page.items), titles)
    more_url = path_with("/my/auctions", cursor=page.cursor) if page.cursor else None
    return show(request, "account/auctions.html", groups=groups, more_url=more_url)


@router.get("/my/bids")
def my_bids(request: Request) -> Response:
    person, words = request.visitor.require_person(), page_words(request)
    page = request.app.browsing.bids_of(person.id, request.now, request.query.get("cursor") or None)
    _ = words._
    titles = {
        "act": _("Your action needed"), "live": _("You lead"), "waits": _("Waiting for the end"), "won": _("Won"),
        "ended": _("Ended"),
    }  # fmt: skip
    times = request.app.settings.business.deal_times
    groups = grouped((my_bid(mine, words, request.now, times) for mine in page.items), titles)
    more_url = path_with("/my/bids", cursor=page.cursor) if page.cursor else None
    return show(request, "account/bids.html", groups=groups, more_url=more_url)


@router.get("/profile")
def profile(request: Request) -> Response:
    person, words = request.visitor.require_person(), page_words(request)
    return show(
        request, "account/profile.html", person=person, sells_until=person.subscribed_until
        if person.may_sell(request.now) else None, sells=as_seller(person, words), buys=as_buyer(person, words),
        left=_answers_left(request, person, words),
    )  # fmt: skip


def _answers_left(request: Request, person: Person, words: Language) -> tuple[AnswersLeft, ...]:
    """Of the AI helper, where it is offered."""
    terms = request.app.settings.business.assistant
    return answers_left(request.app.asking.standing(person, request.now), terms, words) if terms.is_offered else ()


@router.get("/u/<public_id>")
def public_profile(request: Request, public_id: str) -> Response:
    """What anybody may know of a seller: the name, since when, what others think of them, and what they sell.

    Who has never put anything up for sale has no such page: it would tell who is a member.
    """
    words, cursor = page_words(request), request.query.get("cursor") or None
    person = request.app.store.person_called(public_id)
    if person is None or person.left_at:
        raise NoSuchPage
    viewer = request.visitor.user_id or 0
    page = request.app.browsing.lots_of(person.id, viewer, request.now, cursor)
    offered = [view for view in page.items if person.is_called(view.lot.card.seller_public_id)]
    if not offered and not page.cursor:
        return _nothing_offered(request, person, cursor)
    live = [view for view in offered if view.status.is_open]
    sold = [view for view in offered if view.is_completed]
    return show(
        request,
        "account/public.html",
        person=person,
        sells=as_seller(person, words),
        buys=as_buyer(person, words),
        ratings=[rating for view in offered for rating in ratings_of_seller(view.lot.deal, request.now)],
        live=[card_of_lot(view, None, words) for view in live],
        sold=[card_of_lot(view, None, words) for view in sold],
        more_url=path_with(f"/u/{public_id}", cursor=page.cursor) if page.cursor else None,
    )


def _nothing_offered(request: Request, person: Person, cursor: str | None) -> Response:
    """Behind the last lot the list begins again. Where there never was one, the person alone is told why."""
    if cursor:
        return redirect(f"/u/{person.public_id}")
    if request.visitor.user_id != person.id:
        raise NoSuchPage
    return show(request, "account/unseen.html", 404)
