"""Pictures that a browser sends while the form of a lot is being filled in: into the bucket, then looked at."""

from __future__ import annotations

from collections.abc import Callable

from starbid.domain.errors import StarbidError, SubscriptionRequired
from starbid.domain.limits import Deed
from starbid.services.ports import Contended
from web.kernel.http import Request, Response, to_json
from web.kernel.routing import Router
from web.sell.intake import accept_upload
from web.shared.context import page_words
from web.shared.refusals import as_refusal, message_of, status_of, with_patience
from web.shared.rendering import picture_url

router = Router()


@router.post("/new_auction/uploads")
def upload_form(request: Request) -> Response:
    """Where the browser may send one picture: a presigned POST of the bucket.

    `subscribe`: for a form that pays for the subscription first. `auction_id`: for the lot being edited.
    """

    def answer(user_id: int) -> Response:
        deed = require_right(request, user_id, request.form.get("auction_id", ""))
        request.app.limits.require(deed, user_id, request.now)
        return to_json(request.app.pictures.upload_form(user_id, request.now))

    return _told(request, answer)


@router.post("/new_auction/pictures")
def uploaded(request: Request) -> Response:
    """A picture has arrived in the bucket under `key`: look at it now, so that publishing is quick."""

    def answer(user_id: int) -> Response:
        deed = require_right(request, user_id, request.form.get("auction_id", ""), subscribing=False)
        request.app.limits.require(deed, user_id, request.now)
        picture_id = accept_upload(request.app.pictures, user_id, request.form.get("key", ""), request.now)
        return to_json({"picture": picture_id, "url": picture_url(picture_id, "small")}, 201)

    return _told(request, answer)


def require_right(request: Request, user_id: int, auction_id: str = "", *, subscribing: bool = True) -> Deed:
    """Before a picture is looked at: to sell, or to change the lot; answers what it counts as. Raises what
    `require_seller` and `require_editor` do.

    `subscribing`: paying for the subscription with this very form counts. `top_up` in the form: so does topping up.
    """
    publishing = request.app.publishing
    if auction_id:
        publishing.require_editor(user_id, auction_id[:20], request.now)
    else:
        pays = subscribing and bool(request.form.get("subscribe"))
        try:
            publishing.require_seller(user_id, request.now, subscribing=pays)
        except SubscriptionRequired:
            if not request.form.get("top_up"):
                raise
            return Deed.UNPAID_PICTURE
    return Deed.PICTURE


def _told(request: Request, answer: Callable[[int], Response]) -> Response:
    """A refusal as the script shows it: one sentence."""
    user_id = request.visitor.require_user()
    try:
        return answer(user_id)
    except (StarbidError, Contended) as error:
        told = as_refusal(error)
        response = to_json({"message": message_of(told, page_words(request))}, status_of(told))
        return with_patience(response, told)
