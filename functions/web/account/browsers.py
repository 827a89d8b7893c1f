"""The browsers that a person is told things in: set up by the script of a page (static/push.js), left by a form."""

from __future__ import annotations

from starbid.domain.errors import NotFound
from starbid.domain.push_addresses import read_address
from web.identity.devices import device_of
from web.kernel.http import Request, Response, redirect, to_json
from web.kernel.routing import Router
from web.shared.context import page_words, with_note

router = Router()


@router.get("/settings/push", page="/settings")
def standing(request: Request) -> Response:
    """What a service worker needs, which has no page of ours around it, to say where the browser takes messages now."""
    request.visitor.require_user()
    return to_json({"key": _key(request), "csrf": request.visitor.csrf_token})


@router.post("/settings/push")
def set_up(request: Request) -> Response:
    """`endpoint`, `p256dh`, `auth`: what the browser's subscription says. `instead_of`: the id that it had before."""
    user_id, form = request.visitor.require_user(), request.form
    _key(request)
    endpoint, key, secret = (form.get(name, "") for name in ("endpoint", "p256dh", "auth"))
    address = read_address(endpoint, key, secret, request.app.settings.push.local_service)
    device = device_of(request.headers.get("user-agent", "")) or page_words(request)._("Browser")
    instead_of, own = form.get("instead_of", ""), request.visitor.session
    session = own.id if own else ""
    browser = request.app.browsers.set_up(user_id, address, device, request.now, instead_of, session)
    return to_json({"id": browser.mark, "device": browser.device}, 201)


@router.post("/settings/push/remove")
def remove(request: Request) -> Response:
    """`browser`: its id. One that is gone already is fine."""
    request.app.browsers.forget(request.visitor.require_user(), request.form.get("browser", "")[:100])
    return with_note(redirect("/settings#push"), "browser-removed")


def _key(request: Request) -> str:
    """Raises NotFound where notices in browsers are not on offer."""
    if not request.app.settings.push.is_offered:
        raise NotFound
    return request.app.settings.push.public_key
