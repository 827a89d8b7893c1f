"""What waited for money, finished on the lot's page: done, or asked once more beside the price of the moment."""

from __future__ import annotations

from starbid.domain.errors import NotFound, StarbidError, UnusualBid
from starbid.domain.unfinished import BidAct, TakeAct, lot_of
from starbid.services.ports import Contended
from starbid.top_up_words import money_stays
from web.kernel.http import Request, Response
from web.kernel.routing import Router
from web.lot.deal_view import TypedDeal
from web.lot.page import RefusedForm, look, show_lot
from web.lot.price_box.parts import Typed
from web.lot.refusing import back_to, refused_bid, refused_deal
from web.shared import amounts
from web.shared.context import page_words, with_note

router = Router()


@router.post("/auction/<auction_id>/finish")
def finish(request: Request, auction_id: str) -> Response:
    """`order`: the one whose money an act on this lot waited for. Done once, be it here or by the bot."""
    user_id, order_id = request.visitor.require_user(), request.form.get("order", "")[:32]
    act = request.app.paying.act_of(order_id, user_id)
    if act is None or lot_of(act) != auction_id:
        raise NotFound
    try:
        finished = request.app.finishing.finish(order_id, user_id, request.now)
    except UnusualBid as slip:
        if request.wants_json:
            raise
        asked = Typed(amounts.typed(slip.amount), unusual=slip.amount)
        return show_lot(request, look(request, auction_id), RefusedForm(asked))
    except (StarbidError, Contended) as error:
        if isinstance(act, TakeAct):
            return refused_deal(request, auction_id, error, TypedDeal())
        tail = money_stays(act, error, page_words(request))
        return refused_bid(request, auction_id, error, act=act, tail=tail)
    assert finished is not None
    assert finished.lot is not None
    return with_note(back_to(finished.lot), "bid" if isinstance(act, BidAct) else "bought")
