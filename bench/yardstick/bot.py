"""The yardstick's side of the chat: the same messages through the same library, prepared and not sent."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session
from tables import Bid, Lot, Question, ShownCard, Transfer, User
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.request import BaseRequest
from words import _, moment, ngettext, now, stars, time_left

SITE = "http://127.0.0.1:8000"
MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "-"}


class Unsent(BaseRequest):
    """Encodes a call for the wire, and answers as Telegram would."""

    read_timeout = 10.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self, url: str, method: str, request_data: Any = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        del method
        urlencode(request_data.json_parameters)
        sends = url.rpartition("/")[2].startswith(("send", "edit"))
        return 200, json.dumps({"ok": True, "result": MESSAGE if sends else True}).encode()


_request = Unsent()
_bot = Bot("1:token-of-the-yardstick", request=_request, get_updates_request=_request)


def call(name: str, *args: Any, **named: Any) -> Any:
    """A coroutine that never waits needs no event loop."""
    try:
        getattr(_bot, name)(*args, **named).send(None)
    except StopIteration as done:
        return done.value
    raise RuntimeError("it waited")


def button(text: str, data: str | None = None, url: str | None = None) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=data, url=url)


def tell_balance(db: Session, user: User) -> None:
    wallet = user.stars
    recent = select(Transfer).where(Transfer.user_id == user.id, Transfer.currency == "XTR")
    movements = db.scalars(recent.order_by(Transfer.at.desc()).limit(5)).all()
    lines = [_("<b>Wallet</b>"), _balance(wallet.available, wallet.held)]
    if movements:
        lines += ["", _("Last movements:"), *(f"+{stars(each.amount)} · {_kind(each.kind)}" for each in movements)]
    rows = [
        [button(_("Top up"), "go:buy_stars"), button(_("Get Stars from Telegram"), url="https://t.me/stars/buy")],
        [button(_("Refunds"), "go:paysupport"), button(_("All movements"), url=f"{SITE}/wallet")],
        [button(_("Menu"), "go:menu")],
    ]
    call("send_message", user.id, "\n".join(lines), parse_mode="HTML", reply_markup=InlineKeyboardMarkup(rows),
         link_preview_options=LinkPreviewOptions(is_disabled=True))  # fmt: skip


def _balance(available: int, held: int) -> str:
    return _("Available {available}, held {held}.", available=stars(available), held=stars(held))


def _kind(kind: str) -> str:
    names = {
        "stars": _("Stars bought"), "sale": _("paid for a lot"), "release": _("a lot sold"),
        "return": _("money back for a lot"), "subscription": _("subscription"), "refund": _("payment refunded"),
        "refund_undone": _("refund not possible"), "offset_debt": _("debt settled"),
    }  # fmt: skip
    return names.get(kind, _("other"))


def pending_question(db: Session, user: User) -> Question | None:
    question = db.get(Question, user.id)
    return question if question and question.expires_at > now() else None


def show_outcome(db: Session, lot: Lot, user: User, bid: Bid, query: dict[str, Any]) -> None:
    """The toast, the present card, and the record that it is in this chat."""
    told = _("You lead at {price}. {maximum} is held.", price=stars(lot.price), maximum=stars(bid.maximum))
    call("answer_callback_query", query["id"], told, False)
    message_id = query["message"]["message_id"]
    call("edit_message_caption", user.id, message_id, caption=_caption(lot), parse_mode="HTML",
         reply_markup=InlineKeyboardMarkup(_keyboard(lot)))  # fmt: skip
    shown = ShownCard(lot_id=lot.id, chat_id=user.id, message_id=message_id, version=lot.version, bidding=True,
                      expires_at=lot.ends_at)  # fmt: skip
    db.merge(shown)


def _caption(lot: Lot) -> str:
    end = lot.ends_at
    count = ngettext("{n} bid", "{n} bids", lot.bids_count)
    return "\n".join((
        f"<b>{lot.title}</b>",
        f"<b>{stars(lot.price)}</b> · {_('current bid')}",
        _("{time} left · until {moment}", time=time_left(end - now()), moment=moment(end)),
        f"{count} · {_('English auction')}",
        _("🟢 You lead. Your maximum is {maximum}.", maximum=stars(lot.leader_maximum or 0)),
        "",
        lot.description[:300],
    ))  # fmt: skip


def _keyboard(lot: Lot) -> list[list[InlineKeyboardButton]]:
    return [
        [button(_("Raise my maximum"), f"m:{lot.id}")],
        [button(_("Open on the site"), url=f"{SITE}/auction/{lot.id}"), button(_("Menu"), "go:menu")],
    ]
