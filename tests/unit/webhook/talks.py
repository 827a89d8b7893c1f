"""Two people of a deal who write to each other through the bot."""

from __future__ import annotations

from itertools import count
from typing import Any

from starbid.domain.lots import Lot
from starbid.domain.talks import Message, talk_of
from tests.support.factories import put_up
from tests.support.fakes import FakeApp
from tests.support.web import png

from .chatting import Chat, FakeTelegram

_numbers = count(1)


def sell(app: FakeApp, buyer: Chat, title: str = "Tea & <cake>") -> Lot:
    """The person buys a lot at once."""
    lot = put_up(app, title=title, buy_now_price=500)
    app.bidding.buy(lot.auction.id, buyer.id, 500, app.now())
    return lot


def deliver(app: FakeApp, rounds: int = 4) -> None:
    """Notices go out through the real messenger."""
    for part in ("messenger", "sending", "ticket_telling", "talk_telling"):
        app.__dict__.pop(part, None)
    for _ in range(rounds):
        app.run_streams()
        app.clock.forward(seconds=6)


def kept(app: FakeApp, lot: Lot) -> list[Message]:
    """All that was written about a lot, the oldest first."""
    return list(app.talks.after(talk_of(app.store.deal(lot.auction.id)).id, 0, 500, app.now()))


def texts(app: FakeApp, lot: Lot) -> list[tuple[str, str]]:
    return [("buyer" if message.by_buyer else "seller", message.text) for message in kept(app, lot)]


def ask(chat: Chat, lot: Lot) -> None:
    chat.press_data(f"dm:say:{lot.auction.id}", None)


def file(telegram: FakeTelegram, data: bytes | None = None) -> str:
    """A file that somebody has sent, each time another picture; answers its id."""
    number = next(_numbers)
    telegram.files[f"talk{number}"] = png((20 + number % 500, 30)) if data is None else data
    return f"talk{number}"


def photo(chat: Chat, data: bytes | None = None, /, **how: Any) -> int:
    """Send a photo, or that of `file_id`."""
    file_id, update_id = how.pop("file_id", None) or file(chat.telegram, data), how.pop("update_id", None)
    size = {"file_id": file_id, "file_unique_id": file_id, "width": 90, "height": 67}
    message = chat._message(photo=[size], **how) | {"message_id": next(_numbers)}
    return chat.update({"message": message}, update_id)


def document(chat: Chat, data: bytes, mime: str, size: int | None = None, **more: Any) -> None:
    file_id = file(chat.telegram, data)
    sent = {"file_id": file_id, "file_unique_id": file_id, "file_name": "x", "mime_type": mime}
    chat.update({"message": chat._message(document=sent | {"file_size": size or len(data)}, **more)})


def said_to(telegram: FakeTelegram, person_id: int) -> list[str]:
    """All that the bot sent to somebody, as Telegram got it."""
    return [str(fields) for _, fields in telegram.calls if fields.get("chat_id") == person_id]
