"""A person's settings in the chat, while the day of the market is recorded."""

from __future__ import annotations

from starbid.domain.switches import Switch
from tests.support.factories import ANNA
from tests.support.moto_market import Market
from tests.support.there import there
from web.identity.tokens import new_token


def settings_in_the_chat(market: Market) -> None:
    """She deletes a token that she made on the site, and ends all sessions."""
    app = market.app
    token, _ = new_token(app.settings.secret_key, ANNA, "robot", "n", app.now())
    app.tokens.keep(token)
    of_token = (f"st:token:{token.public_id}", f"st:TOKEN:{token.public_id}")
    for data in ("nk:outbid:0", "st:tokens", *of_token, "st:SESSIONS"):
        market.press(ANNA, data)
    assert token.digest not in {one.digest for one in app.tokens.of(ANNA)}
    person = there(app.store.person(ANNA, consistent=True))
    assert person.switched_off == {Switch.OUTBID}
    assert person.ended_sessions.until is not None
    market.press(ANNA, "nk:outbid:1")
