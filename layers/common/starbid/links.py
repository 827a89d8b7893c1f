"""Addresses that leave the product: into the bot, to share a lot, of a picture. Only this module knows their form."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, quote, urlencode, urlsplit

PLACES = frozenset({"auctions", "sell", "my", "balance", "settings", "ask", "support"})
"""Payloads that open a screen of the bot: the command of the same name."""
_LOT = "auction_"
_LOT_ID = re.compile(r"[a-z0-9]{1,20}")
_CONNECT = "connect_"
_SUPERGROUP = "-100"
_POST = re.compile(r"c([1-9][0-9]{0,14})_([1-9][0-9]{0,14})")
_HOSTS = ("t.me", "telegram.me")


def to_bot(bot_address: str, payload: str) -> str:
    """Starts the bot with a payload: 1 to 64 of A-Z a-z 0-9 _ -."""
    return f"{bot_address}?start={payload}"


def to_lot(bot_username: str, auction_id: str) -> str:
    """Opens a lot in the chat with the bot. Always Telegram's own address: it is for chats."""
    return to_lot_in(f"https://t.me/{bot_username}", auction_id)


def to_lot_in(bot_address: str, auction_id: str) -> str:
    """The same in the bot at this address, which may be a stand-in: it is for the site."""
    return to_bot(bot_address, f"{_LOT}{auction_id}")


def to_post(bot_username: str, auction_id: str, chat_id: int, message_id: int | None) -> str:
    """Opens a lot in the chat with the bot, and leads back to the post in a group or channel that it was pressed in."""
    back = f"_c{_internal(chat_id)}_{message_id}" if message_id and _internal(chat_id) else ""
    return f"{to_lot(bot_username, auction_id)}{back}"


def post_of(text: str) -> str | None:
    """The address of the post that the end of such a payload (behind the lot's id) names; only members can open it.
    None for anything else.
    """
    found = _POST.fullmatch(text)
    return f"https://t.me/c/{found[1]}/{found[2]}" if found else None


def to_group(bot_username: str) -> str:
    """Lets somebody choose the group that they add the bot to."""
    return f"https://t.me/{bot_username}?startgroup=connect"


def to_channel(bot_username: str) -> str:
    """Lets somebody choose the channel that they make the bot an admin of, with the rights that it needs."""
    return f"https://t.me/{bot_username}?startchannel&admin=post_messages+edit_messages"


def to_connect(bot_username: str, chat_id: int, thread: int | None) -> str:
    """Opens the settings of a group in the chat with the bot; `thread` is the topic where it was called."""
    topic = f"_{thread}" if thread else ""
    return to_bot(f"https://t.me/{bot_username}", f"{_CONNECT}{chat_id}{topic}")


def _internal(chat_id: int) -> str:
    """The number of a supergroup or channel in addresses of its posts; empty for a small group, which has none."""
    number = str(chat_id)
    return number.removeprefix(_SUPERGROUP) if number.startswith(_SUPERGROUP) and len(number) > 10 else ""


def to_app(bot_username: str, auction_id: str) -> str:
    """Opens a lot in the bot's main Mini App, which finds the payload in its launch (static/miniapp.js)."""
    return f"https://t.me/{bot_username}?startapp={_LOT}{auction_id}"


def share(link: str, text: str) -> str:
    """Lets somebody choose the chats that a link goes to, in any Telegram and without a script. A space is written as
    %20: some of its apps show a plus sign as it is.
    """
    return f"https://t.me/share/url?{urlencode({'url': link, 'text': text}, quote_via=quote)}"


def lot_of(link: str) -> str | None:
    """The lot that a link of `to_lot` opens, of whichever bot; None for any other link."""
    try:
        parts = urlsplit(link)
        payload = parse_qs(parts.query).get("start", [""])[0]
    except ValueError:
        return None
    lot_id = payload.removeprefix(_LOT)
    is_lot = parts.hostname in _HOSTS and payload.startswith(_LOT) and _LOT_ID.fullmatch(lot_id)
    return lot_id if is_lot else None


def picture_path(picture_id: str, size: str) -> str:
    """Where the site serves a stored picture; `size` is one of the sizes that pictures are kept in."""
    return f"/pictures/{picture_id}/{size}"
