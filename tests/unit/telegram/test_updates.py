"""Reading updates: whatever the shape, it never raises."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from starbid.domain.renewals import RenewalState
from starbid.telegram.attached import MOST_BYTES, Document, Media, Photo
from starbid.telegram.keyboards import Button
from starbid.telegram.reading import read_update
from starbid.telegram.updates import (
    Called,
    Form,
    InGroup,
    Membership,
    Migration,
    Paid,
    PreCheckout,
    Pressed,
    Refunded,
    Renewed,
    Said,
    Sender,
    Stopped,
    Unknown,
    Unreadable,
)
from tests.support.bot_judge import judge

FIELDS = [
    "message", "callback_query", "pre_checkout_query", "my_chat_member", "from", "chat", "text", "photo", "id", "data",
    "type", "first_name", "is_bot", "successful_payment", "refunded_payment", "currency", "total_amount", "message_id",
    "invoice_payload", "telegram_payment_charge_id", "reply_markup", "inline_keyboard", "callback_data",
    "new_chat_member", "status", "update_id", "reply_to_message", "caption", "document", "file_id", "file_unique_id",
    "file_name", "file_size", "width", "height", "date", "username", "language_code", "subscription", "user", "state",
    "stopped_message_generation", "draft_id",
]  # fmt: skip
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["private", "XTR"])
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | st.text(), inner, max_size=6),
    max_leaves=12,
)
objects = st.dictionaries(st.sampled_from(FIELDS), anything, max_size=6)
PERSON = {"id": 7, "first_name": "Ann", "last_name": "Lee", "username": "ann", "language_code": "ru"}
ANN = Sender(7, "Ann Lee", "ann", "ru")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(objects)
def test_any_shape_is_read_without_an_exception(raw: dict[str, Any]) -> None:
    update = read_update(raw)
    assert update.id is None or update.id >= 0


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(["message", "callback_query", "pre_checkout_query", "my_chat_member", "subscription"]), objects)
def test_any_shape_behind_a_known_person_is_read_without_an_exception(kind: str, body: dict[str, Any]) -> None:
    content = read_update({"update_id": 1, kind: body | {"from": PERSON, "user": PERSON}}).content
    who = content.payer if isinstance(content, Refunded) else getattr(content, "sender", ANN)
    assert who == ANN
    json.dumps(str(content)).encode()


def test_a_text() -> None:
    body = {"from": PERSON, "chat": {"id": 7, "type": "private"}, "text": "/start x"}
    assert read_update({"update_id": 3, "message": body}).content == Said(ANN, "/start x")


def said(**content: Any) -> Said:
    """A message of Ann's with such content, as the published Bot API has it."""
    body = {"message_id": 9, "date": 1, "from": PERSON | {"is_bot": False}, "chat": {"id": 7, "type": "private"}}
    judge("update", "message", body | content)
    read = read_update({"update_id": 3, "message": body | content}).content
    assert isinstance(read, Said)
    return read


def test_what_a_text_replies_to() -> None:
    asked = {"message_id": 5, "date": 1, "from": BOT, "chat": CHAT, "text": "How many?"}
    assert said(text="50", reply_to_message=asked) == Said(ANN, "50", reply_to=5)
    assert said(text="50", external_reply={"origin": {"type": "hidden_user", "date": 1, "sender_user_name": "x"}}) == (
        Said(ANN, "50")
    )


@pytest.mark.parametrize("odd", [None, 5, [], {}, {"message_id": "5"}, {"message_id": 0}, {"message_id": True}])
def test_a_reply_to_nothing_that_can_be_named_is_a_text(odd: Any) -> None:
    body = {"from": PERSON, "chat": CHAT, "text": "50", "reply_to_message": odd}
    assert read_update({"update_id": 3, "message": body}).content == Said(ANN, "50")


SMALL = {"file_id": "s", "file_unique_id": "us", "width": 90, "height": 67, "file_size": 900}
LARGE = {"file_id": "l", "file_unique_id": "ul", "width": 1280, "height": 960, "file_size": 90_000}


@pytest.mark.parametrize("sizes", [[SMALL, LARGE], [LARGE, SMALL]])
def test_a_picture_comes_in_its_largest_size_with_its_caption(sizes: list[dict[str, Any]]) -> None:
    read = said(photo=sizes, caption="hi")
    assert read == Said(ANN, "hi", is_text=False, photo=Photo("l", "ul", 90_000))
    assert said(photo=[{name: SMALL[name] for name in SMALL if name != "file_size"}]).photo == Photo("s", "us", None)


def test_of_a_picture_with_large_sizes_the_largest_that_we_take_comes() -> None:
    huge = LARGE | {"file_id": "h", "width": 9000, "file_size": MOST_BYTES + 1}
    fits = LARGE | {"file_size": MOST_BYTES}
    assert said(photo=[SMALL, huge, fits]).photo == Photo("l", "ul", MOST_BYTES)
    assert said(photo=[huge, huge | {"file_id": "i", "width": 9001}]).photo == Photo("h", "ul", MOST_BYTES + 1)


def test_messages_of_an_album_name_it_and_their_place() -> None:
    read = said(photo=[SMALL], media_group_id="123")
    assert (read.album, read.message_id) == ("123", 9)
    odds: tuple[Any, ...] = (None, 5, "", [], {})
    for odd in odds:
        body = {"from": PERSON, "chat": CHAT, "photo": [SMALL], "media_group_id": odd, "message_id": odd}
        content = read_update({"update_id": 3, "message": body}).content
        assert isinstance(content, Said)
        assert content.album is None
    assert len(said(photo=[SMALL], media_group_id="x" * 9999).album or "") < 999


def test_a_file_comes_with_what_is_told_of_it() -> None:
    file = {"file_id": "f", "file_unique_id": "uf"}
    assert said(document=file) == Said(ANN, "", is_text=False, document=Document("f", None, None, None))
    told = said(document=file | {"file_name": "n" * 300 + ".pdf", "mime_type": "application/pdf", "file_size": 3})
    assert told.document == Document("f", "n" * 300 + ".pdf", "application/pdf", 3)


@pytest.mark.parametrize("form", ["video", "audio", "animation"])
def test_moving_pictures_and_sound_are_read_and_what_cannot_be_read_counts_as_not_sent(form: str) -> None:
    about = {"file_unique_id": "u", "file_name": "a.mp4", "mime_type": "video/mp4", "file_size": 3, "duration": 1}
    file = {"file_id": "f", **about, **({} if form == "audio" else {"width": 9, "height": 9})}
    assert said(**{form: file}).media == Media(form, Document("f", "a.mp4", "video/mp4", 3))
    odds: tuple[Any, ...] = (None, [], {}, {"file_id": 5}, {"file_id": ""}, {"file_id": "x" * 257})
    for odd in odds:
        content = read_update({"update_id": 3, "message": {"from": PERSON, "chat": CHAT, form: odd}}).content
        assert isinstance(content, Said)
        assert content.media is None


def test_an_animation_is_a_document_as_well() -> None:
    file = {"file_id": "f", "file_unique_id": "u"}
    told = said(animation=file | {"width": 9, "height": 9, "duration": 1}, document=file)
    assert told.media == Media("animation", Document("f", None, None, None))
    assert told.document == told.media.file


def test_what_is_neither_has_no_text() -> None:
    sticker = {"file_id": "s", "file_unique_id": "u", "type": "regular", "width": 9, "height": 9}
    read = said(sticker=sticker | {"is_animated": False, "is_video": False})
    assert read == Said(ANN, "", is_text=False, form=Form.STICKER)


def test_a_gif_comes_with_its_file_and_a_new_kind_of_message_is_told_as_unknown() -> None:
    gif = {"file_id": "g", "file_unique_id": "ug"}
    moving = gif | {"width": 9, "height": 9, "duration": 1}
    read = said(animation=moving, document=gif)
    assert (read.form, read.document) == (Form.FILM, Document("g", None, None, None))
    body = {"from": PERSON, "chat": CHAT, "hologram": {}}
    assert read_update({"update_id": 3, "message": body}).content == Said(ANN, "", is_text=False, form=Form.OTHER)


def test_what_was_said_elsewhere_says_so() -> None:
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}
    assert said(text="hi", forward_origin=origin).is_forwarded
    assert not said(text="hi").is_forwarded


@pytest.mark.parametrize("notice", [{"write_access_allowed": {}}, {"message_auto_delete_timer_changed": {}}])
def test_what_telegram_tells_of_a_chat_is_said_by_nobody(notice: dict[str, Any]) -> None:
    body = {"from": PERSON, "chat": CHAT, **notice}
    assert read_update({"update_id": 3, "message": body}).content == Membership(ANN, blocked=False)


NO_PHOTOS: tuple[Any, ...] = (None, {}, [], [None, 5], [{"file_id": "x"}], [{"file_id": "", "file_unique_id": ""}])


@pytest.mark.parametrize("photo", NO_PHOTOS)
def test_a_picture_that_cannot_be_fetched_counts_as_not_sent(photo: Any) -> None:
    body = {"from": PERSON, "photo": photo, "document": photo, "caption": "hi"}
    assert read_update({"update_id": 3, "message": body}).content == Said(ANN, "hi", is_text=False)


def test_a_press_with_the_buttons_around_it() -> None:
    keyboard = {"inline_keyboard": [[{"text": "1/3", "callback_data": "p:0:a"}, {"text": "site", "url": "u"}], "odd"]}
    message = {"message_id": 5, "date": 9, "photo": [], "chat": {"type": "private"}, "reply_markup": keyboard}
    body = {"id": "q", "from": PERSON, "data": "b:x:1:2", "message": message}
    rows = ((Button("1/3", "p:0:a"), Button("site", url="u")),)
    expected = Pressed(ANN, "q", "b:x:1:2", 5, has_no_text=True, keyboard=rows)
    assert read_update({"callback_query": body}).content == expected
    assert expected.buttons == (("1/3", "p:0:a"),)


def test_buttons_are_read_back_as_they_were_sent_and_others_do_nothing() -> None:
    row = [
        {"text": "a", "callback_data": "go:menu"},
        {"text": "b", "web_app": {"url": "https://x"}},
        {"text": "c", "pay": True},
        {"text": "d", "copy_text": {"text": "?"}},
        {"callback_data": "no text"},
        7,
    ]
    message = {"message_id": 5, "date": 9, "text": "", "reply_markup": {"inline_keyboard": [row, None]}}
    pressed = read_update({"callback_query": {"id": "q", "from": PERSON, "data": "x", "message": message}}).content
    assert isinstance(pressed, Pressed)
    expected = (Button("a", "go:menu"), Button("b", app="https://x"), Button("c", pay=True), Button("d"))
    assert pressed.keyboard == (expected,)
    assert [button.acts for button in expected] == [True, True, True, False]


PAYMENT = {
    "currency": "XTR",
    "total_amount": 5,
    "invoice_payload": "p",
    "telegram_payment_charge_id": "c",
    "provider_payment_charge_id": "",
}
BOT = {"id": 99, "is_bot": True, "first_name": "Starbid", "username": "starbid_bot"}
CHAT = {"id": 7, "type": "private", "first_name": "Ann", "last_name": "Lee", "username": "ann"}
OF_CHAT = Sender(7, "Ann Lee", "ann", None)


def test_a_payment() -> None:
    paid = read_update({"update_id": 1, "message": {"from": PERSON, "successful_payment": PAYMENT}}).content
    assert paid == Paid(ANN, "c", "XTR", 5, "p")


@pytest.mark.parametrize(
    ("around", "payer"),
    [
        ({"from": BOT, "chat": CHAT}, OF_CHAT),  # as the Bot API server passes it on
        ({"chat": CHAT}, OF_CHAT),
        ({"from": BOT, "chat": CHAT, "via_bot": BOT, "sender_chat": CHAT}, OF_CHAT),
        ({"from": PERSON, "chat": CHAT}, ANN),
        ({"from": PERSON}, ANN),
        ({"from": BOT, "chat": {"id": -5, "type": "group", "title": "t"}}, None),
        ({"from": BOT, "chat": {"id": 99, "type": "private", "first_name": "Starbid"}}, None),  # never a person
        ({"from": BOT, "chat": {"id": 7}}, None),
        ({"from": BOT}, None),
        ({}, None),
    ],
)
def test_a_refund_is_the_payers_whose_chat_it_is_told_in(around: dict[str, Any], payer: Sender | None) -> None:
    body = around | {"message_id": 1, "date": 1, "refunded_payment": PAYMENT}
    assert read_update({"update_id": 1, "message": body}).content == Refunded(payer, "c", "XTR", 5, "p")


def test_a_payment_that_no_sender_stands_under_is_the_one_of_the_chat() -> None:
    body = {"chat": CHAT, "successful_payment": PAYMENT}
    assert read_update({"update_id": 1, "message": body}).content == Paid(OF_CHAT, "c", "XTR", 5, "p")


def test_other_messages_of_a_bot_are_nobodys() -> None:
    """What the bot pins itself, and what other bots write, comes so."""
    contents: tuple[dict[str, Any], ...] = ({"pinned_message": {}}, {"text": "/start"}, {"photo": []})
    for content in contents:
        body = {"from": BOT, "chat": CHAT, "date": 1, "message_id": 1} | content
        assert read_update({"update_id": 1, "message": body}).content == Unknown()


@pytest.mark.parametrize("state", list(RenewalState))
def test_what_becomes_of_a_subscription(state: RenewalState) -> None:
    body = {"user": PERSON, "invoice_payload": "p", "state": str(state)}
    assert read_update({"update_id": 1, "subscription": body}).content == Renewed(ANN, "p", state)


@pytest.mark.parametrize(
    ("update", "kind"),
    [
        ({"message": {"chat": CHAT, "refunded_payment": {}}}, "refunded_payment"),
        ({"message": {"from": PERSON, "refunded_payment": PAYMENT | {"total_amount": "5"}}}, "refunded_payment"),
        ({"message": {"from": BOT, "successful_payment": PAYMENT}}, "successful_payment"),
        ({"pre_checkout_query": {"from": PERSON}}, "pre_checkout_query"),
        ({"subscription": {"user": PERSON, "invoice_payload": "p", "state": "paused"}}, "subscription"),
        ({"subscription": {"user": BOT, "invoice_payload": "p", "state": "failed"}}, "subscription"),
        ({"subscription": None}, "subscription"),
    ],
)
def test_what_is_about_money_and_cannot_be_read_is_not_lost_in_silence(update: dict[str, Any], kind: str) -> None:
    assert read_update({"update_id": 1} | update).content == Unreadable(kind)


def test_a_payment_counts_in_whatever_message_it_comes() -> None:
    payment = {"currency": "XTR", "total_amount": 5, "telegram_payment_charge_id": "c", "invoice_payload": 12}
    body = {"from": {"id": 7}, "chat": {"type": "group"}, "successful_payment": payment}
    assert read_update({"message": body}).content == Paid(Sender(7, "", None, None), "c", "XTR", 5, "")


def test_a_pre_checkout() -> None:
    body = {"id": "q", "from": PERSON, "currency": "XTR", "total_amount": 5, "invoice_payload": "p"}
    assert read_update({"pre_checkout_query": body}).content == PreCheckout(ANN, "q", "XTR", 5, "p")


def test_what_is_written_and_stopped_is_its_persons_whose_chat_it_is_in() -> None:
    """Telegram names no sender: a private chat has the person's id."""
    body = {"chat": CHAT, "draft_id": 5}
    judge("update", "stopped_message_generation", body)
    assert read_update({"update_id": 1, "stopped_message_generation": body}).content == Stopped(OF_CHAT, 5)


@pytest.mark.parametrize(
    "body",
    [
        {"chat": CHAT},
        {"chat": CHAT, "draft_id": "5"},
        {"chat": CHAT, "draft_id": 2**60},
        {"draft_id": 5},
        {"chat": {"id": "7", "type": "private"}, "draft_id": 5},
        {"chat": {"id": -7, "type": "group"}, "draft_id": 5},
        None,
    ],
)
def test_a_stop_that_cannot_be_read_is_nothing(body: Any) -> None:
    assert read_update({"update_id": 1, "stopped_message_generation": body}).content == Unknown()


def test_blocking_and_letting_in() -> None:
    for status, blocked in (("kicked", True), ("member", False)):
        body = {"from": PERSON, "chat": {"type": "private"}, "new_chat_member": {"status": status}}
        assert read_update({"my_chat_member": body}).content == Membership(ANN, blocked)


def test_a_press_below_a_message_without_text_knows_that_it_cannot_be_edited_as_one() -> None:
    message = {"message_id": 5, "date": 1, "chat": {"id": 7, "type": "private"}}
    for body, has_text in ((message, False), (message | {"invoice": {}}, False), (message | {"text": "x"}, True)):
        press = {"id": "1", "from": PERSON, "data": "go:menu", "message": body}
        content = read_update({"update_id": 3, "callback_query": press}).content
        assert isinstance(content, Pressed)
        assert content.has_no_text is not has_text


# --- groups and channels ----------------------------------------------------------------------------------------------

SUPERGROUP = {"id": -1001, "type": "supergroup", "title": "Lamps"}
SOMEBODY = {"id": 5, "is_bot": False, "first_name": "Anna", "language_code": "ru"}


@pytest.mark.parametrize(("text", "is_call"), [
    ("/connect", True), ("/connect@starbid_bot", True), ("/connect now", True), ("/start@starbid_bot connect", True),
    ("/start connect", True), ("/start", False), ("/start@starbid_bot", False), ("/connected", False), ("hi", False),
])  # fmt: skip
def test_a_group_calls_by_connect_and_by_the_link_that_adds_the_bot(text: str, is_call: bool) -> None:
    message = {"message_id": 1, "date": 1, "chat": SUPERGROUP, "from": SOMEBODY, "text": text}
    content = read_update({"update_id": 1, "message": message}).content
    assert isinstance(content, Called) == is_call
    assert not is_call or content == Called(-1001, None, "ru")


def test_a_call_of_an_anonymous_admin_or_a_channel_is_heard_too() -> None:
    author = {"id": 1_087_968_824, "is_bot": True, "first_name": "Group"}
    message = {"chat": SUPERGROUP, "from": author, "sender_chat": SUPERGROUP, "text": "/connect",
               "message_thread_id": 9, "is_topic_message": True}  # fmt: skip
    assert read_update({"update_id": 1, "message": message}).content == Called(-1001, 9, None)


@pytest.mark.parametrize(("fact", "expected"), [
    ({"migrate_to_chat_id": -1002}, Migration(-1001, -1002)),
    ({"migrate_from_chat_id": -7}, Migration(-7, -1001)),
])  # fmt: skip
def test_a_migration_is_read_on_both_sides(fact: dict[str, Any], expected: Migration) -> None:
    message = {"chat": SUPERGROUP, "from": SOMEBODY} | fact
    assert read_update({"update_id": 1, "message": message}).content == expected


@pytest.mark.parametrize("body", [
    {"chat": SUPERGROUP, "migrate_to_chat_id": "x"},
    {"chat": {"type": "supergroup"}, "text": "/connect"},
    {"chat": {"id": True, "type": "group"}, "text": "/connect"},
    {"chat": {"id": -1, "type": "channel"}, "text": "/connect"},
    {"chat": SUPERGROUP, "text": ["/connect"]},
])  # fmt: skip
def test_odd_messages_of_groups_are_nothing_for_us(body: dict[str, Any]) -> None:
    assert isinstance(read_update({"update_id": 1, "message": body}).content, Unknown)


@pytest.mark.parametrize("change", [
    {"chat": SUPERGROUP},
    {"chat": SUPERGROUP, "old_chat_member": {}, "new_chat_member": 5},
    {"chat": {"id": "x", "type": "group"}, "old_chat_member": {}, "new_chat_member": {}},
    {"chat": {"id": -5, "type": "club"}, "old_chat_member": {}, "new_chat_member": {}},
])  # fmt: skip
def test_odd_changes_of_the_bots_place_are_nothing_for_us(change: dict[str, Any]) -> None:
    assert isinstance(read_update({"update_id": 1, "my_chat_member": change}).content, Unknown)


def test_a_press_in_a_channel_is_heard_and_a_post_there_is_not() -> None:
    channel = {"id": -1002, "type": "channel", "title": "x"}
    query = {"id": "q", "from": SOMEBODY, "message": {"chat": channel, "message_id": 4}, "data": "gb:a:1:1"}
    content = read_update({"update_id": 1, "callback_query": query}).content
    assert isinstance(content, InGroup)
    assert content.chat_id == -1002
    said = {"chat": channel, "from": SOMEBODY, "text": "hello"}
    assert isinstance(read_update({"update_id": 1, "message": said}).content, Unknown)
