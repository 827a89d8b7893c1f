"""The login page: the ways in."""

from __future__ import annotations

from urllib.parse import urlencode

from starbid import links
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.shared.context import show

router = Router()


@router.get("/login", way_in=True)
def login(request: Request) -> Response:
    """Ways in: the bot, the Login Widget where the site has a public address, and by itself inside Telegram."""
    target = request.onward(request.query.get("next"))
    if request.visitor.person:
        return redirect(target)
    settings = request.app.settings
    widget = f"{settings.base_url}/login/telegram?{urlencode({'next': target})}" if settings.secure_cookies else None
    return show(
        request, "identity/login.html", next=target, start_url=links.to_bot(settings.bot_url, _payload(target)),
        widget=widget, is_lot=target.startswith("/auction/"),
    )  # fmt: skip


def _payload(target: str) -> str:
    """The bot opens the lot that somebody wanted to bid on; else its menu, with the button that logs in."""
    parts = target.split("/")
    return f"auction_{parts[2]}" if len(parts) == 3 and parts[1] == "auction" and parts[2].isalnum() else "site"
