"""A lot sent on: a link for everybody, and from the Mini App a card that Telegram keeps for the person."""

from __future__ import annotations

from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from starbid.domain import limits
from starbid.domain.limits import Deed, Limit
from tests.support.blocking import block
from tests.support.bot_pool import FakeTelegram, bad_request, bot, broken, flood, forbidden, timeout
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, join, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Answer, Client

PREPARE = "savePreparedInlineMessage"


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture
def app(telegram: FakeTelegram) -> FakeApp:
    app = make_app(bot=bot(telegram))
    join(app, SELLER, seller=True)
    join(app, ANNA, stars=5000)
    join(app, BORIS, stars=5000, language="ru")
    return app


@pytest.fixture
def lot(app: FakeApp) -> str:
    return put_up(app, title="Lamp & shade", buy_now_price=900).auction.id


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def share(client: Client, lot: str, **headers: str) -> Answer:
    headers = {"x-csrf-token": client.csrf_token, "accept": "application/json"} | headers
    return client.send("POST", f"/auction/{lot}/share", headers=headers)


def prepared(telegram: FakeTelegram) -> dict[str, Any]:
    return telegram.called(PREPARE)[-1]


def test_everybody_finds_a_link_into_the_bot_that_needs_no_script(app: FakeApp, lot: str, anna: Client) -> None:
    for client in (Client(app), anna):
        text = unescape(client.get(f"/auction/{lot}").text)
        link = next(part for part in text.split('"') if part.startswith("https://t.me/share/url?"))
        asked = parse_qs(urlsplit(link).query)
        assert asked == {"url": [f"https://t.me/starbid_bot?start=auction_{lot}"], "text": ["Lamp & shade"]}
        assert ("data-prepare" in text) == (client is anna)


def test_a_card_is_prepared_for_the_one_who_asks(lot: str, anna: Client, telegram: FakeTelegram) -> None:
    answer = share(anna, lot)
    assert (answer.status, answer.json) == (200, {"message_id": "prepared-1"})
    call = prepared(telegram)
    assert call["user_id"] == ANNA
    assert (call["allow_user_chats"], call["allow_group_chats"], call["allow_channel_chats"]) == (True, True, True)
    assert "allow_bot_chats" not in call
    text = call["result"]["input_message_content"]["message_text"]
    assert text.startswith("<b>Lamp &amp; shade</b>")
    (button,) = call["result"]["reply_markup"]["inline_keyboard"][0]
    assert button["url"] == f"https://t.me/starbid_bot?start=auction_{lot}"


def test_it_is_a_public_card_in_the_senders_language(
    app: FakeApp, lot: str, anna: Client, telegram: FakeTelegram
) -> None:
    app.bidding.bid(lot, BORIS, 777, app.now())
    share(Client(app).log_in(BORIS), lot)
    text = prepared(telegram)["result"]["input_message_content"]["message_text"]
    assert "Цена на" in text
    assert "777" not in text
    assert "лидируете" not in text


def test_a_picture_that_telegram_has_goes_by_its_id_or_not_at_all(
    app: FakeApp, lot: str, anna: Client, telegram: FakeTelegram
) -> None:
    app.file_ids.keep(None, "drawing", app.now())
    share(anna, lot)
    assert prepared(telegram)["result"]["photo_file_id"] == "drawing"
    telegram.fail(PREPARE, bad_request("wrong file identifier/HTTP URL specified"))
    assert share(anna, lot).json["message_id"]
    assert prepared(telegram)["result"]["type"] == "article"


def test_pressed_twice_there_are_two_and_neither_is_seen_before_it_is_sent(
    lot: str, anna: Client, telegram: FakeTelegram
) -> None:
    assert share(anna, lot).json != share(anna, lot).json
    assert {method for method, _ in telegram.calls} == {PREPARE}


def test_a_lot_that_has_not_begun_can_be_sent_on(app: FakeApp, anna: Client, telegram: FakeTelegram) -> None:
    soon = put_up(app, starts_at="2026-05-02T12:00").auction.id
    assert share(anna, soon).json["message_id"]
    assert "Starts 2 May 2026" in prepared(telegram)["result"]["input_message_content"]["message_text"]


@pytest.mark.parametrize("fault", [bad_request("USER_ID_INVALID"), bad_request("user not found"), forbidden(),
                                   flood(5), flood(5000), broken(), timeout()])  # fmt: skip
def test_where_telegram_prepares_nothing_the_link_is_left(
    lot: str, anna: Client, telegram: FakeTelegram, fault: Any
) -> None:
    telegram.fail(PREPARE, fault, times=2)
    answer = share(anna, lot)
    assert (answer.status, answer.json) == (200, {"message_id": None})


def test_an_answer_without_an_id_is_none(lot: str, anna: Client, telegram: FakeTelegram) -> None:
    from tests.support.bot_pool import Answer as Told

    telegram.fail(PREPARE, Told(200, {"ok": True, "result": {"id": "", "expiration_date": 1}}))
    assert share(anna, lot).json == {"message_id": None}


def test_what_is_hidden_over_or_unknown_is_not_sent_on(
    app: FakeApp, lot: str, anna: Client, telegram: FakeTelegram
) -> None:
    assert share(anna, "nothing").status == 404
    hidden, over = put_up(app).auction.id, put_up(app, duration_seconds=60).auction.id
    app.bidding.bid(hidden, ANNA, 200, app.now())
    app.lot_acts.hide(deciding("A fake", app.now()), hidden)
    app.clock.forward(seconds=61)
    for who in (anna, Client(app).log_in(SELLER)):
        assert share(who, hidden).status == 404, "also to those who see it themselves"
        assert share(who, over).json["error"]["code"] == "auction_closed"
    assert telegram.calls == []


def test_who_is_blocked_or_nobody_prepares_nothing(
    app: FakeApp, lot: str, anna: Client, telegram: FakeTelegram
) -> None:
    assert Client(app).send("POST", f"/auction/{lot}/share").status == 403
    assert share(anna, lot, **{"x-csrf-token": "forged"}).status == 403
    block(app, BORIS)
    answer = share(Client(app).log_in(BORIS), lot)
    assert (answer.status, answer.json["error"]["code"]) == (403, "blocked")
    assert telegram.calls == []


def test_too_many_are_refused_before_telegram_is_asked(
    lot: str, anna: Client, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, Deed.SHARE, Limit(2, 3600))
    assert [share(anna, lot).status for _ in range(3)] == [200, 200, 429]
    assert len(telegram.calls) == 2


def test_its_address_is_no_page(lot: str, anna: Client) -> None:
    answer = anna.get(f"/auction/{lot}/share")
    assert (answer.status, answer.headers["location"]) == (303, f"/auction/{lot}")
