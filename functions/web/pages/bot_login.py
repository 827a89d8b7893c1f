"""Logging in through the bot: the link, and the field for the code that the chat gives."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlencode

from starbid.services.logins import LoginOver, WrongPin
from starbid.wording import refusal
from web.http import Request, Response, local_path, redirect
from web.identity.session import Session, session_cookie
from web.pages.context import page_words, show
from web.routing import Router

router = Router()
_DIGITS = re.compile(r"[^0-9]")
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@router.post("/login/code/begin")
def begin(request: Request) -> Response:
    """Makes an attempt of this browser and shows its link."""
    device = device_of(request.headers.get("user-agent", ""))
    code = request.app.logins.begin(request.visitor.csrf_token, device, request.now)
    return redirect("/login/code?" + urlencode({"code": code, "next": local_path(request.form.get("next"))}))


@router.get("/login/code")
def ask(request: Request) -> Response:
    code, target = request.query.get("code", ""), local_path(request.query.get("next"))
    if request.visitor.person:
        return redirect(target)
    try:
        request.app.logins.find(code, request.now)
    except LoginOver as error:
        return _page(request, "", target, 409, refusal(error, page_words(request)))
    return _page(request, code, target)


@router.post("/login/code")
def finish(request: Request) -> Response:
    """`code` of the attempt, `pin` from the chat."""
    code, target = request.form.get("code", ""), local_path(request.form.get("next"))
    pin = _DIGITS.sub("", request.form.get("pin", ""))[:12]
    try:
        user_id = request.app.logins.finish(code, request.visitor.csrf_token, pin, request.now)
    except WrongPin as error:
        return _page(request, code, target, 422, refusal(error, page_words(request)))
    except LoginOver as error:
        return _page(request, "", target, 409, refusal(error, page_words(request)))
    session = Session.begin(user_id, request.now)
    return redirect(target).with_cookies(session_cookie(session, request.app.settings))


def device_of(user_agent: str) -> str:
    """A browser in words that its owner knows it by: `Firefox, Linux`; "" for one that we do not know."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)


def _page(request: Request, code: str, target: str, status: int = 200, fault: str = "") -> Response:
    link = f"{request.app.settings.bot_url}?start=login_{code}" if code else ""
    return show(request, "account/bot_login.html", status, code=code, next=target, link=link, fault=fault)
