"""What stands in another chat about a lot: what anybody may know, in the language of the one who sends it."""

import json
from dataclasses import replace

import pytest

from starbid import bootstrap
from starbid.domain.lots import Lot
from tests.support.desk import deciding
from tests.support.factories import put_up
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram, bad_request, chatting_app, price
from .inline_asking import ask, ids, last, words

CARD_END = "Price as of 1 May 2026, 12:00 UTC. The button shows the current one."


def test_a_card_says_what_it_is_and_when_its_price_was_so(
    app: FakeApp, anna: Chat, telegram: FakeTelegram, lot: Lot
) -> None:
    app.bidding.bid(lot.auction.id, anna.id, 150, app.now())
    ask(anna, "lamp")
    (result,) = last(telegram)["results"]
    assert result["title"] == "A lamp"
    assert result["description"] == f"{price(100)} · 1 h 0 min left"
    assert words(result).splitlines() == [
        "<b>A lamp</b>",
        f"<b>{price(100)}</b> · current bid",
        "1 h 0 min left · until 1 May 2026, 13:00 UTC",
        "1 bid",
        "",
        "Gives light.",
        "",
        f"<i>{CARD_END}</i>",
    ]
    link = f"https://t.me/starbid_bot?start=auction_{lot.auction.id}"
    assert result["reply_markup"] == {"inline_keyboard": [[{"text": "Open the lot", "url": link}]]}


def test_a_price_at_which_it_can_be_bought_stands_in_the_words(anna: Chat, telegram: FakeTelegram, lot: Lot) -> None:
    ask(anna)
    assert f"0 bids · buy now {price(900)}" in words(last(telegram)["results"][0])


def test_it_is_in_the_language_and_zone_of_the_one_who_sends_it(
    app: FakeApp, boris: Chat, telegram: FakeTelegram, lot: Lot
) -> None:
    app.people.set_zone(boris.id, "Asia/Kolkata")
    ask(boris)
    (result,) = last(telegram)["results"]
    assert "Цена на 1 мая 2026, 17:30 GMT+5:30. Текущая — по кнопке ниже." in words(result)
    assert "окончание: 1 мая 2026, 18:30 GMT+5:30" in words(result)
    assert result["reply_markup"]["inline_keyboard"][0][0]["text"] == "Открыть лот"


@pytest.mark.parametrize("code", ["ru", "de", None])
def test_who_never_spoke_to_the_bot_is_answered_and_not_registered(
    app: FakeApp, telegram: FakeTelegram, lot: Lot, code: str | None
) -> None:
    stranger = Chat(app, telegram, 77, language=code or "de")
    if code is None:
        stranger.user.pop("language_code")
    people = set(app.store.tables.people)
    assert ask(stranger, "lamp") == 200
    assert ids(telegram) == [lot.auction.id]
    assert ("Цена на" in words(last(telegram)["results"][0])) == (code == "ru")
    assert set(app.store.tables.people) == people


def test_nothing_personal_stands_in_it(app: FakeApp, anna: Chat, boris: Chat, telegram: FakeTelegram, lot: Lot) -> None:
    app.bidding.bid(lot.auction.id, anna.id, 777, app.now())
    told = []
    for chat in (anna, Chat(app, telegram, 88)):
        ask(chat)
        told.append(last(telegram)["results"])
    assert told[0] == told[1]
    assert "777" not in json.dumps(told)
    ask(Chat(app, telegram, lot.auction.seller_id))
    assert "your lot" not in words(last(telegram)["results"][0])


@pytest.mark.parametrize("kind", ["sealed", "vickrey"])
def test_sealed_amounts_are_nobodys_business(app: FakeApp, anna: Chat, telegram: FakeTelegram, kind: str) -> None:
    anna.join(stars=5000)
    lot = put_up(app, type=kind, start_price=100)
    app.run_streams()
    app.bidding.bid(lot.auction.id, anna.id, 777, app.now())
    app.run_streams()
    ask(anna)
    assert ids(telegram) == [lot.auction.id]
    assert "777" not in json.dumps(last(telegram))


def test_a_falling_price_is_that_of_the_moment(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    put_up(app, type="dutch", start_price=1000, floor_price=100, drop_amount=100, drop_seconds=60)
    app.run_streams()
    app.clock.forward(minutes=2, seconds=5)
    ask(anna)
    (result,) = last(telegram)["results"]
    assert result["description"].startswith(price(800))
    assert f"Drops by {price(100)} every minute" in words(result)


def test_a_picture_goes_by_telegrams_own_id_once_it_has_it(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    lot = put_up(app, pictures=("pic1",))
    app.run_streams()
    ask(anna)
    assert last(telegram)["results"][0]["type"] == "article"
    anna.say(f"/auction_{lot.auction.id}")
    ask(anna)
    (result,) = last(telegram)["results"]
    assert (result["type"], result["photo_file_id"]) == ("photo", app.file_ids.find("pic1", app.now()))
    app.clock.forward(days=31)
    assert app.file_ids.find("pic1", app.now()) is None


def test_a_site_with_https_gives_out_its_own_picture(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    app = chatting_app(telegram, BASE_URL="https://starbid.example")
    monkeypatch.setattr(bootstrap, "_app", app)
    put_up(app, pictures=("pic1",))
    put_up(app, duration_seconds=7200)
    app.run_streams()
    ask(Chat(app, telegram, 1))
    first, second = last(telegram)["results"]
    assert first["photo_url"] == "https://starbid.example/pictures/pic1/large"
    assert first["thumbnail_url"] == "https://starbid.example/pictures/pic1/small"
    assert second["type"] == "article"


def test_a_picture_that_telegram_does_not_take_costs_no_answer(
    app: FakeApp, anna: Chat, telegram: FakeTelegram
) -> None:
    put_up(app)
    app.file_ids.keep(None, "another bot's", app.now())
    app.run_streams()
    telegram.fail("answerInlineQuery", bad_request("wrong file identifier/HTTP URL specified"))
    assert ask(anna) == 200
    (result,) = last(telegram)["results"]
    assert result["type"] == "article"
    assert "A lamp" in words(result)


def test_a_blocked_person_gets_an_empty_answer(app: FakeApp, anna: Chat, telegram: FakeTelegram, lot: Lot) -> None:
    app.store.tables.people[anna.id] = replace(app.store.tables.people[anna.id], blocked=True)
    ask(anna)
    assert last(telegram)["results"] == []
    assert "button" not in last(telegram)


def test_a_hidden_lot_is_not_shown_even_while_the_list_has_it(
    app: FakeApp, anna: Chat, telegram: FakeTelegram, lot: Lot
) -> None:
    app.bidding.bid(lot.auction.id, anna.id, 150, app.now())
    app.lot_acts.hide(deciding("hide", app.now()), lot.auction.id)
    assert lot.auction.id in app.store.tables.listings
    for chat in (anna, Chat(app, telegram, lot.auction.seller_id)):
        ask(chat)
        assert last(telegram)["results"] == []


def test_what_was_sold_since_the_list_was_made_or_has_not_begun_is_left_out(
    app: FakeApp, anna: Chat, boris: Chat, telegram: FakeTelegram, lot: Lot
) -> None:
    put_up(app, title="Tomorrow", starts_at="2026-05-02T12:00")
    app.run_streams()
    app.bidding.buy(lot.auction.id, boris.id, 900, app.now())
    ask(anna)
    assert last(telegram)["results"] == []


@pytest.mark.parametrize("code", ["en", "ru"])
def test_the_longest_words_fit(app: FakeApp, telegram: FakeTelegram, code: str) -> None:
    """Whether they do is judged by the Bot API's contract."""
    for title in ("😀" * 40, "<&>" * 26, "Щ" * 80):
        put_up(app, title=title, description="&" * 2000, type="dutch", start_price=1_000_000, floor_price=100,
               drop_amount=100_000, drop_seconds=60)  # fmt: skip
    app.run_streams()
    assert ask(Chat(app, telegram, 5, language=code)) == 200
    assert len(last(telegram)["results"]) == 3


def test_where_the_bot_has_a_main_mini_app_a_button_opens_the_lot_there(
    telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = chatting_app(telegram, TELEGRAM_MAIN_MINI_APP="true")
    monkeypatch.setattr(bootstrap, "_app", app)
    lot = put_up(app).auction.id
    app.run_streams()
    ask(Chat(app, telegram, 1))
    rows = last(telegram)["results"][0]["reply_markup"]["inline_keyboard"]
    assert [button["url"] for row in rows for button in row] == [
        f"https://t.me/starbid_bot?start=auction_{lot}",
        f"https://t.me/starbid_bot?startapp=auction_{lot}",
    ]
