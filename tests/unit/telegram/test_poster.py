"""Posts in groups and channels through the Bot API: what Telegram answers, in the words of the port."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.config import read_settings
from starbid.domain.auction import Ending
from starbid.domain.lots import Lot
from starbid.domain.people import LANGUAGES
from starbid.domain.showcases import Showcase, Venue
from starbid.i18n import language
from starbid.services.ports import Barred, GroupMoved, NoTopic, Rejected, ShownPost, TryLater
from starbid.telegram.html import MAX_CAPTION, parsed_units
from starbid.telegram.poster import TelegramPoster
from starbid.telegram.posts import PostStyle, draw_post
from starbid.telegram.venue_fields import venue_of
from tests.support.bot_pool import Answer, FakeTelegram, bad_request, bot, flood, forbidden, timeout
from tests.support.factories import auction, bids, card, lot, terms, xtr
from tests.support.fakes import ENVIRONMENT, START, FakeApp, make_app
from tests.support.venue_telegram import BOT, member

CHAT, NEW = -1009876543210, -1001111111111
MIGRATED = Answer(
    400,
    {
        "ok": False, "error_code": 400, "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": NEW},
    },
)  # fmt: skip
TURNED_AWAY = [
    forbidden(),
    bad_request("chat not found"),
    bad_request("not enough rights to send photos to the chat"),
    bad_request("need administrator rights in the channel chat"),
    bad_request("CHAT_WRITE_FORBIDDEN"),
    bad_request("CHAT_SEND_PHOTOS_FORBIDDEN"),
]


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture
def app(telegram: FakeTelegram) -> FakeApp:
    return make_app({}, bot=bot(telegram))


@pytest.fixture
def poster(app: FakeApp) -> TelegramPoster:
    return TelegramPoster(lambda: app.bot, app.settings, app.pictures, app.file_ids)


def showcase(**changes: Any) -> Showcase:
    return replace(Showcase(CHAT, "Lamps", True, True, "en", None, START, (1,)), **changes)


def known(of: Lot, number: int, **changes: Any) -> ShownPost:
    made = ShownPost(of.auction.id, CHAT, number, 1, of.auction.card_version, "en", "", START)
    return replace(made, **changes)


def test_a_post_has_picture_price_a_button_that_bids_and_the_way_to_the_lot(
    telegram: FakeTelegram, poster: TelegramPoster
) -> None:
    assert poster.post(showcase(thread=7), lot(), START) == 1
    (sent,) = telegram.called("sendPhoto")
    assert (sent["chat_id"], sent["message_thread_id"]) == (CHAT, 7)
    assert "start price" in sent["caption"]
    (bid,), (open_it,) = sent["reply_markup"]["inline_keyboard"]
    assert bid["callback_data"] == "gb:lot1:100:1"
    assert open_it["url"] == "https://t.me/starbid_bot?start=auction_lot1"


@pytest.mark.parametrize("reason", ["message thread not found", "TOPIC_CLOSED"])
@pytest.mark.parametrize(("thread", "told"), [(7, NoTopic), (None, Barred)])
def test_a_topic_that_is_gone_or_closed_is_told_apart_from_a_chat_whose_general_one_is_closed(
    telegram: FakeTelegram, poster: TelegramPoster, reason: str, thread: int | None, told: type[Exception]
) -> None:
    telegram.fail("sendPhoto", bad_request(reason))
    with pytest.raises(told):
        poster.post(showcase(thread=thread), lot(), START)
    assert telegram.called("sendPhoto") == [], "no second call of this one"


@pytest.mark.parametrize("answer", TURNED_AWAY)
def test_a_chat_that_turns_the_bot_away_is_told_apart_from_a_lot_that_is_refused(
    telegram: FakeTelegram, poster: TelegramPoster, answer: Answer
) -> None:
    made = lot()
    number = poster.post(showcase(), made, START)
    assert number
    telegram.fail("sendPhoto", answer)
    telegram.fail("editMessageCaption", answer)
    with pytest.raises(Barred):
        poster.post(showcase(), made, START)
    with pytest.raises(Barred):
        poster.redraw(known(made, number), made, START)


def test_another_refusal_is_of_the_post_alone(telegram: FakeTelegram, poster: TelegramPoster) -> None:
    made = lot()
    telegram.fail("sendPhoto", bad_request("PHOTO_INVALID_DIMENSIONS"), times=2)
    with pytest.raises(Rejected):
        poster.post(showcase(), made, START)
    telegram.fail("editMessageCaption", bad_request("can't parse entities"))
    assert poster.redraw(known(made, 1), made, START) is False
    assert poster.redraw(known(made, 99), made, START) is False, "it is gone"


def test_a_group_that_moved_says_where(telegram: FakeTelegram, poster: TelegramPoster) -> None:
    made = lot()
    calls: dict[str, Callable[[], object]] = {
        "sendPhoto": lambda: poster.post(showcase(), made, START),
        "editMessageCaption": lambda: poster.redraw(known(made, 1), made, START),
        "deleteMessage": lambda: poster.take_down(known(made, 1)),
    }
    for method, call in calls.items():
        telegram.fail(method, MIGRATED)
        with pytest.raises(GroupMoved) as move:
            call()
        assert move.value.chat_id == NEW


def test_floods_and_lost_answers_are_waited_for(telegram: FakeTelegram, poster: TelegramPoster) -> None:
    for fault in (flood(7), timeout()):
        telegram.fail("sendPhoto", fault)
        with pytest.raises(TryLater):
            poster.post(showcase(), lot(), START)


def test_a_result_answers_the_post_in_few_words(telegram: FakeTelegram, poster: TelegramPoster) -> None:
    sold = bids(auction(), (2, 200))
    made = Lot(replace(sold, ending=Ending.SOLD), card(title="<b>A lamp</b>"))
    post = ShownPost(made.auction.id, CHAT, 7, 1, 1, "ru", "", START)
    poster.close(post, made, START)
    (sent,) = telegram.called("sendMessage")
    assert sent["reply_parameters"]["message_id"] == 7
    assert sent["reply_parameters"]["allow_sending_without_reply"] is True
    assert sent["text"].startswith("<b>&lt;b&gt;A lamp&lt;/b&gt;</b>\n")
    assert [button["text"] for row in sent["reply_markup"]["inline_keyboard"] for button in row] == ["Открыть лот"]


def test_where_the_words_changed_the_picture_is_put_in_again(telegram: FakeTelegram, poster: TelegramPoster) -> None:
    made = lot()
    number = poster.post(showcase(), made, START)
    assert number
    moved = replace(made, auction=bids(made.auction, (2, 150)))
    assert poster.redraw(known(made, number), moved, START)
    assert not telegram.called("editMessageMedia")
    changed = replace(made, auction=replace(made.auction, card_version=2, version=5))
    assert poster.redraw(known(made, number), changed, START)
    assert telegram.called("editMessageMedia")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("title", ["Ж" * 80, "<b>&\"'" * 16, "😀" * 80])
def test_the_longest_words_fit_in_every_state(code: str, title: str) -> None:
    words, settings = language(code), read_settings(ENVIRONMENT)
    live = auction(terms(10**9, step=10**8, reserve=2 * 10**9, buy_now=3 * 10**9), lasts=timedelta(days=9))
    states = [
        live,
        replace(live, starts_at=START + timedelta(days=1)),
        bids(live, (2, 10**9)),
        *(replace(live, ending=ending, ended_at=START) for ending in type(live.ending)),
    ]
    for state in states:
        made = Lot(state, card(title=title, description="&<Ж😀" * 900))
        drawn = draw_post(made, PostStyle(words, START, settings))
        assert parsed_units(drawn.caption) < MAX_CAPTION
        assert all(len((one.data or "").encode()) <= 64 for row in drawn.keyboard for one in row)


def test_a_post_tells_nothing_of_anybody() -> None:
    """It is everybody's: no maximum, no reserve, no bidder."""
    live = bids(auction(terms(100, step=10, reserve=7654)), (2, 5432))
    drawn = draw_post(Lot(live, card()), PostStyle(language("en"), START, read_settings(ENVIRONMENT)))
    assert live.leader_maximum == xtr(5432)
    assert not {"5432", "5 432", "7654", "7 654"} & set(drawn.caption.replace("\u202f", " ").split())
    assert "reserve not met" in drawn.caption


@pytest.mark.parametrize(("kind", "status", "rights", "expected"), [
    ("channel", "administrator", {}, True),
    ("channel", "administrator", {"can_post_messages": False}, False),
    ("channel", "member", {}, False),
    ("supergroup", "member", {}, True),
    ("group", "administrator", {}, True),
    ("supergroup", "restricted", {}, True),
    ("supergroup", "restricted", {"can_send_photos": False}, False),
    ("supergroup", "restricted", {"is_member": False}, False),
    ("supergroup", "left", {}, False),
    ("group", "kicked", {}, False),
])  # fmt: skip
def test_where_the_bot_may_post(kind: str, status: str, rights: dict[str, Any], expected: bool) -> None:
    chat = {"id": CHAT, "type": kind, "title": "x"}
    assert venue_of(chat, member(BOT, status, **rights)) == Venue(CHAT, "x", kind == "channel", expected)


@pytest.mark.parametrize(("status", "expected"), [("member", False), ("restricted", False), ("administrator", True)])
@pytest.mark.parametrize("right", ["can_send_messages", "can_send_photos"])
def test_what_a_group_keeps_all_its_members_from_it_keeps_the_bot_from_unless_it_is_an_admin(
    right: str, status: str, expected: bool
) -> None:
    for_all = {"can_send_messages": True, "can_send_photos": True}
    for permissions, may_post in ((for_all, True), (for_all | {right: False}, expected)):
        venue = venue_of(
            {"id": CHAT, "type": "supergroup", "title": "x", "permissions": permissions}, member(BOT, status)
        )
        assert venue
        assert venue.may_post is may_post


@pytest.mark.parametrize(
    "chat", [{}, {"id": "1", "type": "group"}, {"id": 5, "type": "private"}, {"id": True, "type": "group"}]
)
def test_what_is_no_group_is_none(chat: dict[str, Any]) -> None:
    assert venue_of(chat, {"status": "member"}) is None
