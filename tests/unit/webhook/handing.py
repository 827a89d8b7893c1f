"""A seller who hands over files in the chat."""

from __future__ import annotations

from itertools import count
from typing import Any

from starbid.domain.deals import Deal
from starbid.domain.lots import Lot
from starbid.telegram.messenger import BotMessenger
from tests.support.factories import put_up
from tests.support.fakes import FakeApp

from .chatting import Chat

SEND = "Send to the buyer"
FILES = ("sendPhoto", "sendDocument", "sendVideo", "sendAnimation", "sendAudio", "sendMediaGroup")
_numbers = count(1)


def deal(app: FakeApp, lot: Lot) -> Deal:
    return app.store.deal(lot.auction.id)


def give(chat: Chat, content: dict[str, Any], /, **how: Any) -> int:
    """Send a file; `number` is the message's."""
    update_id, number = how.pop("update_id", None), how.pop("number", next(_numbers))
    return chat.update({"message": chat._message(**content, **how) | {"message_id": number}}, update_id)


def ask(chat: Chat, lot: Lot) -> None:
    chat.press_data(f"d:deliver:{lot.auction.id}", None)


def previews(chat: Chat) -> int:
    return sum("Nothing is sent yet" in str(message.get("text")) for message in chat.messages)


def sent_to(chat: Chat) -> list[Any]:
    """What files went to a chat, by their ids."""
    ids: list[Any] = []
    for method, fields in chat.telegram.calls:
        if method in FILES and fields["chat_id"] == chat.id:
            group = [{"media": fields[method[4:].lower()]}] if "media" not in fields else fields["media"]
            ids.append([each["media"] for each in group])
    return [each for each in ids if all(isinstance(file_id, str) for file_id in each)]  # the rest are uploads


def bought(app: FakeApp, buyer: Chat) -> Lot:
    """By this buyer; words of notices are real."""
    app.__dict__["messenger"] = BotMessenger(app.bot, app.settings, app.now, app.store.wallet)
    buyer.join(stars=1000)
    lot = put_up(app, title="Lamp", buy_now_price=500)
    app.bidding.buy(lot.auction.id, buyer.id, 500, app.now())
    return lot
