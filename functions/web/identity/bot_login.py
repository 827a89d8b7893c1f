"""Logging in through the bot: the link, and the field for the code that the chat gives."""

from __future__ import annotations

from urllib.parse import urlencode

from starbid import links
from starbid.domain.typed_numbers import typed_digits
from starbid.services.logins import LoginOver, WrongPin
from starbid.wording import refusal
from web.identity.devices import device_of
from web.identity.entering import REPLACE, Switch, ask_first, enter, other_person
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.shared.context import page_words, show

router = Router()


@router.post("/login/code/begin", page="/login")
def begin(request: Request) -> Response:
    """Makes an attempt of this browser and shows its link."""
    device = device_of(request.headers.get("user-agent", ""))
    code = request.app.logins.begin(request.visitor.csrf_token, device, request.now)
    return redirect("/login/code?" + urlencode({"code": code, "next": request.onward(request.form.get("next"))}))


@router.get("/login/code", way_in=True)
def ask(request: Request) -> Response:
    code, target = request.query.get("code", ""), request.onward(request.query.get("next"))
    if request.visitor.person:
        return redirect(target)
    try:
        request.app.logins.find(code, request.now)
    except LoginOver as error:
        return _page(request, "", target, 409, refusal(error, page_words(request)))
    return _page(request, code, target)


@router.post("/login/code", page="/login")
def finish(request: Request) -> Response:
    """`code` of the attempt, `pin` from the chat; `replace` where somebody else is logged in, who was asked."""
    code, target = request.form.get("code", ""), request.onward(request.form.get("next"))
    pin = typed_digits(request.form.get("pin", ""))[:12]
    try:
        question = _question(request, code, pin, target)
        if question:
            return ask_first(request, question, 409)
        user_id = request.app.logins.finish(code, request.visitor.csrf_token, pin, request.now)
        _, cookie = enter(request, user_id, "bot")
    except WrongPin as error:
        return _page(request, code, target, 422, refusal(error, page_words(request)))
    except LoginOver as error:
        return _page(request, "", target, 409, refusal(error, page_words(request)))
    return redirect(target).with_cookies(cookie)


def _question(request: Request, code: str, pin: str, target: str) -> Switch | None:
    """Where somebody else is logged in on this browser and has not been asked. Raises WrongPin, LoginOver."""
    if request.visitor.person is None or request.form.get(REPLACE) == "1":
        return None
    new = request.app.store.person(request.app.logins.who(code, request.visitor.csrf_token, pin, request.now))
    other = other_person(request, new.id) if new else None
    if new is None or other is None:
        return None
    fields = {"code": code, "pin": pin, "next": target, REPLACE: "1"}
    return Switch("/login/code", fields, target, other.name, new.name)


def _page(request: Request, code: str, target: str, status: int = 200, fault: str = "") -> Response:
    link = links.to_bot(request.app.settings.bot_url, f"login_{code}") if code else ""
    return show(request, "identity/bot_login.html", status, code=code, next=target, link=link, fault=fault)
