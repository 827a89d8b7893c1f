"""`/my` of a busy trader: as much as one message may say, in either language."""

from __future__ import annotations

import pytest

from starbid.services.ports import SellDraft
from starbid.telegram.html import parsed_units
from tests.support.factories import ANNA, SELLER, join, put_up
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram

LONGEST = ["Щ" * 80, "&" * 80]


def busy(app: FakeApp, title: str) -> None:
    """ANNA has ten drafts, and eight lots sold and eight bought, which nobody has handed over."""
    join(app, ANNA + 50, stars=10_000)
    for number in range(10):
        app.sell_drafts.keep(ANNA, SellDraft(f"{number:032x}", {"title": title}, ("p",) * 8, (), app.now()), app.now())
    for _ in range(8):
        for owner, buyer in ((ANNA, ANNA + 50), (SELLER, ANNA)):
            lot = put_up(app, owner, title=title, buy_now_price=500).auction.id
            app.bidding.buy(lot, buyer, 500, app.now())
            app.clock.forward(minutes=10)


@pytest.mark.parametrize("title", LONGEST, ids=("letters", "signs"))
@pytest.mark.parametrize("code", ["en", "ru"])
def test_a_busy_trader_with_the_longest_titles_is_answered(
    app: FakeApp, telegram: FakeTelegram, code: str, title: str
) -> None:
    chat = Chat(app, telegram, ANNA, code).join(stars=10_000, seller=True)
    busy(app, title)
    assert chat.say("/my") == 200
    assert chat.messages, "not with silence"
    assert parsed_units(chat.words) <= 4096
    rows = chat.last["reply_markup"]["inline_keyboard"]
    opened = [button for row in rows for button in row if button.get("callback_data", "").startswith(("o:", "sl:o:"))]
    assert len(opened) == 26, "a button for each, also where a line was left out"
    heads = {"en": ("Drafts", "Selling", "Bought"), "ru": ("Черновики", "Вы продаёте", "Вы купили")}
    assert all(f"<b>{head}</b>" in chat.words for head in heads[code])
