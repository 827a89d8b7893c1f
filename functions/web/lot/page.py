"""The page of a lot and its live part."""

from __future__ import annotations

from dataclasses import dataclass, field

from starbid.domain.addresses import Address
from starbid.domain.money import DEFAULT_CURRENCY
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.deals.second_chance import Prospect
from starbid.services.views import LotView
from web.kernel.caching import is_known
from web.kernel.http import HTML, Request, Response, path_with
from web.kernel.routing import Router
from web.lot.address_view import TypedAddress, address_box
from web.lot.bid_list import bid_list
from web.lot.deal_view import TypedDeal, deal_box
from web.lot.muting import mute_button
from web.lot.page_view import lot_page
from web.lot.price_box.parts import Typed, Viewer
from web.lot.price_box.view import box_tag, price_box
from web.lot.receipt_view import proof_of
from web.lot.report_view import TypedReport, report_form
from web.lot.second_chance_view import chance_box
from web.lot.talk_view import TypedTalk, talk_box
from web.lot.watching import watch_button
from web.shared import amounts
from web.shared.context import page_context, page_words, show
from web.shared.files import FileRow, file_rows
from web.shared.first_steps import walked
from web.shared.rendering import render
from web.shared.reputation import ReputationLine, as_buyer
from web.shared.roles import role_of
from web.shared.steps import top_up_page

router = Router()
SHOWN_BIDS = 30
_UNKEPT = "private, no-store"
_LIVE_HEADERS = {"cache-control": _UNKEPT}


@dataclass(frozen=True)
class RefusedForm:
    """A form to be shown again with what was typed: a bid, one of the deal that was refused or asks back, a report."""

    typed: Typed = field(default_factory=Typed)
    deal: TypedDeal = field(default_factory=TypedDeal)
    address: TypedAddress = field(default_factory=TypedAddress)
    report: TypedReport = field(default_factory=TypedReport)
    talk: TypedTalk = field(default_factory=TypedTalk)

    def beside_price(self, view: LotView) -> Typed:
        """What the price box tells: also of a step of the deal, where the page has no deal to tell it beside."""
        return self.typed if view.deal or not self.deal.fault else Typed(fault=self.deal.fault)


@dataclass(frozen=True)
class _Company:
    """What is read of a lot along with who looks: its seller, None where not known any more, and how the visitor stands
    to it. `paying` is their wallet in its currency.
    """

    seller: Person | None
    visitor_watches: bool = False
    visitor_muted_it: bool = False
    paying: Wallet | None = None


@dataclass(frozen=True)
class Seen:
    """A lot as it was looked at for a page."""

    view: LotView
    company: _Company


@router.get("/auction/<auction_id>")
def lot(request: Request, auction_id: str) -> Response:
    return show_lot(request, look(request, auction_id))


def look(request: Request, auction_id: str) -> Seen:
    """The lot as the one who looks sees it, what they did a moment ago included. Raises NotFound.

    Whether their session holds is read with the seller, and so is what a page tells of them: who asks for the language
    before, reads them twice.
    """
    browsing, viewer_id = request.app.browsing, request.visitor.claimed_id
    view = browsing.lot(auction_id, viewer_id, request.now, fresh=viewer_id is not None)
    company = _company(request, view)
    if viewer_id is not None and request.visitor.user_id is None:
        view = browsing.lot(auction_id, None, request.now)
    return Seen(view, company)


def show_lot(request: Request, seen: Seen, refused: RefusedForm | None = None, status: int = 200) -> Response:
    """The page of a lot, as it was looked at for this answer. No browser keeps an address, which is to be erased."""
    app, refused = request.app, refused or RefusedForm()
    view, company = seen.view, seen.company
    words = page_words(request)
    history = app.browsing.history(view.lot.auction, SHOWN_BIDS)
    bidding = history.has_bid(view.viewer_id)
    times = app.settings.business.deal_times
    viewer = _viewer(request, view, company.paying)
    address = _address(request, view)
    page = show(
        request,
        "lot/page.html",
        status,
        wallet=viewer.stars,
        purses=(viewer.wallet,) if viewer.wallet else (),
        paid_in=view.lot.auction.currency if view.status.is_open else None,
        top_up_at=_top_up_at(request, view, viewer),
        lot=lot_page(view, company.seller, app.settings, words, request.now),
        box=price_box(view, viewer, history, refused.beside_price(view), words, request.now),
        bids=bid_list(view, history, words),
        deal=deal_box(view, viewer.wallet, times, words, request.now, refused.deal, _files(request, view)),
        talk=talk_box(request, view, words, refused.talk),
        address=address_box(view, address, refused.address, words),
        buyer=_buyer(request, view, words),
        second_chance=chance_box(view, viewer.wallet, _to_offer(request, view), words, request.now),
        proof=proof_of(app.browsing.own_opening(view), view.lot.auction.currency),
        reason=refused.deal.text if refused.deal.form == "cancel" else "",
        can_take_down=app.publishing.may_take_down(role_of(request), view.lot.auction, request.now),
        watch=watch_button(request, view, words, on=company.visitor_watches),
        mute=mute_button(view, bidding=bidding, watching=company.visitor_watches, muted=company.visitor_muted_it),
        report=report_form(view, refused.report, words),
        hidden=view.lot.auction.hidden,
        bidding=bidding,
        oob=False,
    )
    page = walked(request, page) if bidding else page
    return page.with_headers(cache_control=_UNKEPT) if address or refused.address.values else page


@router.get("/auction/<auction_id>/live", page="/auction/<auction_id>")
def live(request: Request, auction_id: str) -> Response:
    """What changes on a lot's page; 304 while nothing has.

    `act` names the situation that the page shows, `deal` and `card` are the versions of the deal and of the words:
    where one of them moved on, a deal began, or the lot is over, the whole page is shown again.
    """
    view = seen_by_visitor(request, auction_id)
    words = page_words(request)
    viewer = _viewer(request, view)
    tag = box_tag(view, viewer, words, request.now)
    headers = {**_LIVE_HEADERS, "etag": tag}
    if _is_another_page(request, view):
        return Response("", 200, HTML, {**_LIVE_HEADERS, "hx-refresh": "true"})
    if is_known(request, tag):
        return Response("", 304, headers=headers)
    return Response(_live_part(request, view, viewer, words), 200, HTML, headers)


def _is_another_page(request: Request, view: LotView) -> bool:
    """Whether more changed than the live part. A lot that is over is asked about only by pages from before, or for the
    sake of a deal."""
    deal = request.query.get("deal", "") not in ("", str(view.deal.version if view.deal else 0))
    card = request.query.get("card", "") not in ("", str(view.lot.auction.card_version))
    return deal or card or ("act" in request.query and view.deal is None and view.lot.auction.is_final)


def _live_part(request: Request, view: LotView, viewer: Viewer, words: Language) -> str:
    history = request.app.browsing.history(view.lot.auction, SHOWN_BIDS)
    box = price_box(view, viewer, history, Typed(), words, request.now)
    return render(
        "lot/live_answer.html",
        words,
        page=page_context(request, words, viewer.stars),
        lot=lot_page(view, None, request.app.settings, words, request.now),
        box=box,
        bids=bid_list(view, history, words),
        oob=True,
        same_act=request.query.get("act") == box.act_key,
    )


def _buyer(request: Request, view: LotView, words: Language) -> ReputationLine | None:
    """What the seller of a sold lot may know of the buyer: no name, but how their deals went."""
    buyer = request.app.store.person(view.deal.buyer_id) if view.deal and view.is_seller else None
    return as_buyer(buyer, words) if buyer else None


def _top_up_at(request: Request, view: LotView, viewer: Viewer) -> str:
    """Where a newcomer brings in what is missing for the first bid; empty where no money of that currency comes in."""
    needed, wallet = view.next_min_bid or view.price, viewer.wallet
    missing = (wallet.missing(needed + wallet.owed) if wallet else None) or needed
    if not request.app.settings.business.purchase_of(missing):
        return ""
    return path_with(
        top_up_page(needed.currency), amount=amounts.typed(missing), next=f"/auction/{view.lot.auction.id}"
    )


def _address(request: Request, view: LotView) -> Address | None:
    """For the two of the deal."""
    return request.app.addressing.of(view.deal, view.viewer_id, request.now) if view.deal else None


def _files(request: Request, view: LotView) -> tuple[FileRow, ...]:
    """What was handed over, for the two of the deal."""
    if view.deal is None or view.viewer_id is None:
        return ()
    files = request.app.file_delivery.of(view.deal, view.viewer_id, request.now)
    return file_rows(files, view.deal.auction_id, request.app.settings.bot_url, page_words(request))


def _to_offer(request: Request, view: LotView) -> Prospect | None:
    """The offer that the seller may still make."""
    return request.app.second_chance.prospect(view.lot, request.now) if view.is_seller else None


def _company(request: Request, view: LotView) -> _Company:
    """Read along with who looks."""
    lot, visitor, store = view.lot.auction, request.visitor, request.app.store
    viewer_id = visitor.claimed_id
    if viewer_id is None:
        return _Company(store.person(lot.seller_id))
    batch = store.batch()
    viewer, seller = batch.person(viewer_id), batch.person(lot.seller_id)
    stars, paying = batch.wallet(viewer_id, DEFAULT_CURRENCY), batch.wallet(viewer_id, lot.currency)
    watches, muted = batch.watch_mark(viewer_id, lot.id, request.now), batch.is_muted(viewer_id, lot.id, request.now)
    batch.fetch()
    if not visitor.is_read:
        visitor.is_known_as(viewer.value, stars.value)
    if visitor.user_id is None:
        return _Company(seller.value)
    return _Company(seller.value, watches.value, muted.value, paying.value or Wallet.empty(viewer_id, lot.currency))


def seen_by_visitor(request: Request, auction_id: str) -> LotView:
    """The lot, read along with who looks."""
    browsing, visitor = request.app.browsing, request.visitor
    if visitor.claimed_id is None:
        return browsing.lot(auction_id, None, request.now)
    view, person, wallet = browsing.lot_and_person(auction_id, visitor.claimed_id, request.now)
    visitor.is_known_as(person, wallet)
    return view if visitor.user_id is not None else browsing.lot(auction_id, None, request.now)


def _viewer(request: Request, view: LotView, paying: Wallet | None = None) -> Viewer:
    """`paying`: their wallet in the lot's currency, where it was read."""
    person, stars = request.visitor.account
    if person is None or stars is None:
        return Viewer(None, None)
    currency = view.lot.auction.currency
    if currency == stars.currency:
        return Viewer(person, stars)
    return Viewer(person, (paying or request.app.store.wallet(person.id, currency)).after_offset())
