"""The login page: the ways in."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from starbid import links
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.shared.context import show

router = Router()

SCREENS = {
    "new_auction": "sell",
    "my": "my",
    "wallet": "balance",
    "settings": "settings",
    "assistant": "ask",
    "support": "support",
}
"""The bot's screen for a part of the site, as a payload."""


@router.get("/login", way_in=True)
def login(request: Request) -> Response:
    """Ways in: Telegram's login by OpenID Connect where the site is a client of it, else the Login Widget where it has
    a public address; the bot; and by itself inside Telegram.
    """
    target = request.onward(request.query.get("next"))
    if request.visitor.person:
        return redirect(target)
    return ways_in(request, target)


def ways_in(request: Request, target: str, status: int = 200, fault: str = "") -> Response:
    """The page. `fault`: why the last try did not work."""
    settings = request.app.settings
    query = urlencode({"next": target})
    has_widget = settings.secure_cookies and not settings.has_openid
    return show(
        request, "identity/login.html", status, next=target, fault=fault,
        openid=f"/login/oidc?{query}" if settings.has_openid else None,
        start_url=links.to_bot(settings.bot_url, _payload(target)),
        widget=f"{settings.base_url}/login/telegram?{query}" if has_widget else None,
    )  # fmt: skip


def _payload(target: str) -> str:
    """The bot opens the lot that somebody wanted to bid on, or its own screen for the page that they wanted; else it
    greets, with the way to its menu.
    """
    _, place, *rest = urlsplit(target).path.split("/")
    if place == "auction" and len(rest) == 1 and rest[0].isalnum():
        return f"auction_{rest[0]}"
    return SCREENS.get(place, "site")
