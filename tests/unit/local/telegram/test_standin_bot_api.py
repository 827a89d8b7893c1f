"""The Bot API server accepts what Telegram accepts and refuses the rest in Telegram's words."""

import json
from typing import Any

import pytest

from tests.unit.local.telegram.conftest import World

BUTTON = {"text": "330 ⭐", "callback_data": "bid:330"}


def keyboard(*buttons: str | dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def test_a_sent_message_comes_back_as_telegram_would_show_it(world: World) -> None:
    message = world.ok("sendMessage", chat_id=world.anna, text=" Hello, <b>Anna</b>: /menu ", parse_mode="HTML")
    assert message["text"] == "Hello, Anna: /menu"
    assert message["entities"] == [
        {"type": "bold", "offset": 7, "length": 4},
        {"type": "bot_command", "offset": 13, "length": 5},
    ]
    assert message["from"]["is_bot"] is True
    assert message["chat"] == {"id": 1001, "type": "private", "first_name": "Anna", "username": "anna"}
    assert message["date"] == int(world.clock.time.timestamp())


def test_message_numbers_rise_over_all_chats(world: World) -> None:
    first = world.ok("sendMessage", chat_id=world.anna, text="1")["message_id"]
    assert world.ok("sendMessage", chat_id=world.boris, text="2")["message_id"] > first


def test_a_wrong_token_is_unauthorized_and_an_unknown_method_not_found(world: World) -> None:
    wrong = world.client.get("/api/bot1:wrong/getMe")
    assert (wrong.status_code, wrong.json["description"]) == (401, "Unauthorized")
    assert world.refusal("sendTelepathy") == (404, "Not Found")


def test_forms_queries_and_the_test_environment_are_understood(world: World) -> None:
    path = f"/api/bot{world.token}"
    markup = json.dumps(keyboard(BUTTON))
    form = world.client.post(f"{path}/sendMessage", data={"chat_id": "1001", "text": "x", "reply_markup": markup})
    assert form.json["result"]["reply_markup"] == keyboard(BUTTON)
    assert world.client.get(f"{path}/SENDMESSAGE?chat_id=1001&text=hi").json["result"]["text"] == "hi"
    assert world.client.get(f"{path}/test/getMe").json["result"]["username"] == "starbid_bot"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "message text is empty"),
        ("  ", "message text is empty"),
        ("x" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
    ],
)
def test_a_text_has_one_to_4096_units(world: World, text: str, words: str) -> None:
    assert world.refusal("sendMessage", chat_id=world.anna, text=text) == (400, f"Bad Request: {words}")


def test_a_text_of_4096_units_is_sent(world: World) -> None:
    assert world.ok("sendMessage", chat_id=world.anna, text="x" * 4096)


@pytest.mark.parametrize("chat", [999, -5, "@channel", "", "1" * 30, "１００１"])
def test_an_unknown_chat_is_not_found(world: World, chat: int | str) -> None:
    code, words = world.refusal("sendMessage", chat_id=chat, text="x")
    assert code == 400
    assert words in ("Bad Request: chat not found", "Bad Request: chat_id is empty")


def test_a_person_who_never_met_the_bot_is_no_chat_for_it(world: World) -> None:
    stranger = world.client.post("/people", json={"first_name": "Vera"}).json["id"]
    assert world.refusal("sendMessage", chat_id=stranger, text="x") == (400, "Bad Request: chat not found")
    world.say("/start", stranger)
    assert world.ok("sendMessage", chat_id=stranger, text="x")


def test_a_person_who_blocked_the_bot_is_forbidden(world: World) -> None:
    world.person(world.anna, "block", blocked=True)
    answer = world.refusal("sendMessage", chat_id=world.anna, text="x")
    assert answer == (403, "Forbidden: bot was blocked by the user")


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "я" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": 5}, "BUTTON_DATA_INVALID"),
        ({"text": "x"}, "Text buttons are unallowed"),
        ({"text": "", "callback_data": "x"}, 'Field "text"'),
        ({"text": "x", "url": "javascript:alert(1)"}, "Unsupported URL protocol"),
        ({"text": "x", "url": "somewhere"}, "Wrong HTTP URL"),
        ({"text": "x", "url": "http://[::1"}, "Wrong HTTP URL"),
        ({"text": "x", "web_app": {"url": "http://example.org"}}, "Only HTTPS links are allowed"),
        ({"text": "x", "web_app": 5}, "Wrong HTTP URL"),
        ({"text": "x", "login_url": {"url": "https://example.org"}}, "BOT_DOMAIN_INVALID"),
        ({"text": "x", "pay": True}, "BUTTON_TYPE_INVALID"),
        ({"text": "x", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ("x", "must be an Object"),
    ],
)
def test_a_button_that_telegram_would_not_take_is_refused(
    world: World, button: str | dict[str, Any], words: str
) -> None:
    code, description = world.refusal("sendMessage", chat_id=world.anna, text="x", reply_markup=keyboard(button))
    assert code == 400
    assert words in description


def test_callback_data_of_64_bytes_and_links_to_the_site_are_taken(world: World) -> None:
    buttons: list[dict[str, Any]] = [
        {"text": "a", "callback_data": "я" * 32},
        {"text": "b", "login_url": {"url": f"{world.site}/login/telegram"}},
        {"text": "c", "web_app": {"url": f"{world.site}/auction/1"}},
    ]
    sent = world.ok("sendMessage", chat_id=world.anna, text="x", reply_markup=keyboard(*buttons))
    assert sent["reply_markup"]["inline_keyboard"] == [buttons]


def test_an_edit_that_changes_nothing_is_refused_and_a_keyboard_not_sent_again_is_gone(world: World) -> None:
    sent = world.ok("sendMessage", chat_id=world.anna, text="x", reply_markup=keyboard(BUTTON))
    where = {"chat_id": world.anna, "message_id": sent["message_id"]}
    code, words = world.refusal("editMessageText", **where, text="x", reply_markup=keyboard(BUTTON))
    assert code == 400
    assert words.startswith("Bad Request: message is not modified: ")
    edited = world.ok("editMessageText", **where, text="x")
    assert "reply_markup" not in edited
    assert edited["edit_date"]
    assert world.ok("editMessageReplyMarkup", **where, reply_markup=keyboard(BUTTON))["reply_markup"]


def test_what_cannot_be_edited_or_deleted_is_refused(world: World) -> None:
    own = world.say("hello")["message_id"]
    where = {"chat_id": world.anna, "message_id": own}
    assert world.refusal("editMessageText", **where, text="y")[1] == "Bad Request: message can't be edited"
    missing = {"chat_id": world.anna, "message_id": 99_999}
    assert world.refusal("editMessageText", **missing, text="y")[1] == "Bad Request: message to edit not found"
    assert world.refusal("deleteMessage", **missing)[1] == "Bad Request: message to delete not found"
    text = world.ok("sendMessage", chat_id=world.anna, text="x")["message_id"]
    answer = world.refusal("editMessageCaption", chat_id=world.anna, message_id=text, caption="y")
    assert answer[1] == "Bad Request: there is no caption in the message to edit"


def test_messages_are_deleted_for_48_hours(world: World) -> None:
    sent = world.ok("sendMessage", chat_id=world.anna, text="x")["message_id"]
    old = world.ok("sendMessage", chat_id=world.anna, text="y")["message_id"]
    assert world.ok("deleteMessage", chat_id=world.anna, message_id=sent) is True
    world.clock.advance(hours=49)
    answer = world.refusal("deleteMessage", chat_id=world.anna, message_id=old)
    assert answer[1] == "Bad Request: message can't be deleted for everyone"


def test_many_messages_are_deleted_at_once_and_missing_ones_passed_over(world: World) -> None:
    numbers = [world.ok("sendMessage", chat_id=world.anna, text="x")["message_id"] for _ in range(2)]
    assert world.ok("deleteMessages", chat_id=world.anna, message_ids=[*numbers, 999, "x", 10**30]) is True
    assert world.chat()["messages"] == []
    assert world.refusal("deleteMessages", chat_id=world.anna, message_ids=[])[0] == 400


def test_a_message_may_answer_another_that_is_there(world: World) -> None:
    asked = world.say("how much?")["message_id"]
    sent = world.ok("sendMessage", chat_id=world.anna, text="330", reply_parameters={"message_id": asked})
    assert sent["reply_to_message"]["text"] == "how much?"
    missing = {"message_id": 999}
    answer = world.refusal("sendMessage", chat_id=world.anna, text="x", reply_parameters=missing)
    assert answer[1] == "Bad Request: message to be replied not found"
    lenient = {**missing, "allow_sending_without_reply": True}
    assert "reply_to_message" not in world.ok("sendMessage", chat_id=world.anna, text="x", reply_parameters=lenient)


def test_a_photo_comes_by_upload_by_address_or_by_file_id(world: World) -> None:
    uploaded = world.upload("sendPhoto", "photo", world.png(), chat_id="1001", caption="<i>a</i>", parse_mode="HTML")
    size = uploaded.json["result"]["photo"][-1]
    assert (size["width"], size["height"]) == (4, 3)
    assert uploaded.json["result"]["caption_entities"][0]["type"] == "italic"
    assert world.ok("sendPhoto", chat_id=world.anna, photo=size["file_id"])["photo"][-1]["file_id"] == size["file_id"]
    world.pictures["https://example.org/a.png"] = world.png(7, 5)
    fetched = world.ok("sendPhoto", chat_id=world.anna, photo="https://example.org/a.png")
    assert fetched["photo"][-1]["width"] == 7


def test_a_kept_file_can_be_downloaded_by_the_bot_and_seen_on_the_page(world: World) -> None:
    sent = world.upload("sendPhoto", "photo", world.png(), chat_id="1001").json["result"]
    file_id = sent["photo"][-1]["file_id"]
    path = world.ok("getFile", file_id=file_id)["file_path"]
    for root in ("/file", "/api/file"):
        assert world.client.get(f"{root}/bot{world.token}/{path}").data == world.png()
    assert world.client.get(f"/api/file/bot{world.token}/test/{path}").data == world.png()
    assert world.client.get(f"/file/bot1:wrong/{path}").status_code == 401
    seen = world.client.get(f"/media/{file_id}")
    assert (seen.data, seen.mimetype) == (world.png(), "image/png")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg/>", "IMAGE_PROCESS_FAILED"),
        (b"\x89PNG\r\n\x1a\n", "IMAGE_PROCESS_FAILED"),
        (b"\xff\xd8\xff\xe0\0\0", "IMAGE_PROCESS_FAILED"),
    ],
)
def test_what_is_no_picture_is_no_photo(world: World, data: bytes, words: str) -> None:
    answer = world.upload("sendPhoto", "photo", data, chat_id="1001")
    assert (answer.status_code, answer.json["description"]) == (400, f"Bad Request: {words}")


def test_photos_out_of_proportion_out_of_reach_or_unknown_are_refused(world: World) -> None:
    narrow = world.upload("sendPhoto", "photo", world.png(100, 4), chat_id="1001")
    assert narrow.json["description"] == "Bad Request: PHOTO_INVALID_DIMENSIONS"
    far = world.refusal("sendPhoto", chat_id=world.anna, photo="https://example.org/none.png")
    assert far[1] == "Bad Request: failed to get HTTP URL content"
    assert "wrong file identifier" in world.refusal("sendPhoto", chat_id=world.anna, photo="AgACnothing")[1]
    assert "no photo in the request" in world.refusal("sendPhoto", chat_id=world.anna)[1]


def test_a_caption_has_at_most_1024_units(world: World) -> None:
    answer = world.upload("sendPhoto", "photo", world.png(), chat_id="1001", caption="x" * 1025)
    assert answer.json["description"] == "Bad Request: message caption is too long"


def test_a_document_is_served_as_a_download_never_as_a_page(world: World) -> None:
    sent = world.upload("sendDocument", "document", b"<script>", chat_id="1001").json["result"]
    page = world.client.get(f"/media/{sent['document']['file_id']}")
    assert page.mimetype == "application/octet-stream"
    assert "attachment" in page.headers["Content-Disposition"]


def test_an_album_is_sent_whole_or_not_at_all(world: World) -> None:
    file_id = world.upload("sendPhoto", "photo", world.png(), chat_id="1001").json["result"]["photo"][0]["file_id"]
    good = {"type": "photo", "media": file_id}
    album = world.ok("sendMediaGroup", chat_id=world.anna, media=[good, {**good, "caption": "b"}])
    assert len({message["media_group_id"] for message in album}) == 1
    before = len(world.chat()["messages"])
    assert world.refusal("sendMediaGroup", chat_id=world.anna, media=[good, {**good, "media": "gone"}])[0] == 400
    assert world.refusal("sendMediaGroup", chat_id=world.anna, media=[good])[0] == 400
    assert len(world.chat()["messages"]) == before


def test_the_menu_shows_commands_of_the_persons_language(world: World) -> None:
    world.ok("setMyCommands", commands=[{"command": "menu", "description": "Menu"}])
    world.ok("setMyCommands", commands=[{"command": "menu", "description": "Меню"}], language_code="ru")
    assert world.chat(world.anna)["commands"] == [{"command": "menu", "description": "Menu"}]
    assert world.chat(world.boris)["commands"] == [{"command": "menu", "description": "Меню"}]
    assert world.refusal("setMyCommands", commands=[{"command": "Menu!", "description": "x"}])[0] == 400


def test_the_webhook_is_acknowledged_and_its_state_told(world: World) -> None:
    assert world.ok("setWebhook", url=f"{world.site}/x", allowed_updates=["message"]) is True
    info = world.ok("getWebhookInfo")
    assert info["url"] == f"{world.site}/x"
    assert info["allowed_updates"] == ["message"]
    assert world.ok("getUpdates") == []
    assert world.ok("deleteWebhook") is True


def test_an_answer_to_a_button_is_short_and_opens_only_the_bot(world: World) -> None:
    sent = world.ok("sendMessage", chat_id=world.anna, text="x", reply_markup=keyboard(BUTTON))
    press = world.person(world.anna, "press", message_id=sent["message_id"], data="bid:330").json
    query = {"callback_query_id": press["callback_query_id"]}
    assert world.refusal("answerCallbackQuery", **query, text="x" * 201)[1] == "Bad Request: MESSAGE_TOO_LONG"
    assert world.refusal("answerCallbackQuery", **query, url="https://example.org")[1] == "Bad Request: URL_INVALID"
    assert world.refusal("answerCallbackQuery", callback_query_id="5")[1].startswith("Bad Request: query is too old")
    assert world.ok("answerCallbackQuery", **query, text="x" * 200, url="https://t.me/starbid_bot?start=x")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'{"text": NaN}', "application/json"),
        (b'{"chat_id": 1001, "text": "\\ud800"}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"chat_id=1001&text=x&reply_markup={", "application/x-www-form-urlencoded"),
        (b"chat_id=1001&text=x&reply_markup=[1]", "application/x-www-form-urlencoded"),
        (b"chat_id=1001&text=x&entities=[5]", "application/x-www-form-urlencoded"),
        (b'chat_id=1001&text=x&entities=[{"type":"bold","offset":0,"length":9}]', "application/x-www-form-urlencoded"),
        (b"chat_id=1001&text=x&parse_mode=Markdown", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"chat_id=1001&text=" + b"x" * 3_000_000, "application/x-www-form-urlencoded"),
    ],
)
def test_a_hostile_body_is_refused_and_never_an_error_of_ours(world: World, body: bytes, content_type: str) -> None:
    answer = world.client.post(f"/api/bot{world.token}/sendMessage", data=body, content_type=content_type)
    assert 400 <= answer.status_code < 500
    assert answer.json["ok"] is False
    assert answer.json["description"]
