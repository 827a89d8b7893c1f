"""Buttons that log in at the site. Telegram refuses a whole message for one as long as the site's domain is not linked
to the bot (`BOT_DOMAIN_INVALID`, docs/operations.md). No method tells whether it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from starbid.services.ports import Rejected
from starbid.telegram.keyboards import Keyboard, without_logins
from webhook.log import log

T = TypeVar("T")


def or_without_logins(keyboard: Keyboard, call: Callable[[Keyboard], T]) -> T:
    """`call` with the keyboard; where Telegram refuses that, once more with plain links in the place of such buttons.

    Raises what the last try raises.
    """
    plain = without_logins(keyboard)
    if plain == keyboard:
        return call(keyboard)
    try:
        return call(keyboard)
    except Rejected as refusal:
        log().warning("no button logs in, is the site's domain told to @BotFather (/setdomain)? %s", refusal)
    return call(plain)
