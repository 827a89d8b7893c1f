"""Updates reach the webhook in order, again and again, and are not forgotten by a restart."""

import base64
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from local.telegram.deliver import Courier
from local.telegram.store import Store
from tests.unit.local.telegram.conftest import World


def test_a_text_arrives_with_its_command_marked_and_the_secret_in_the_header(world: World) -> None:
    world.say("/start auction_x1")
    update = world.webhook.updates[0]
    assert update["message"]["text"] == "/start auction_x1"
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert update["message"]["from"]["language_code"] == "en"
    assert update["message"]["date"] == int(world.clock.time.timestamp())
    assert world.webhook.headers[0]["X-Telegram-Bot-Api-Secret-Token"] == "hush"


def test_an_update_is_tried_again_until_it_is_taken_and_the_next_one_waits(world: World) -> None:
    answers = iter([500, 403, 200, 200])
    world.webhook.react = lambda update: setattr(world.webhook, "status", next(answers))
    world.person(world.anna, "messages", text="one")
    world.person(world.anna, "messages", text="two")
    assert world.drain()
    assert [message["text"] for message in world.webhook.of("message")] == ["one", "one", "one", "two"]
    assert len({update["update_id"] for update in world.webhook.updates}) == 2


def test_a_webhook_that_cannot_be_reached_is_tried_again(world: World) -> None:
    failures = iter([OSError("refused"), OSError("refused")])

    def refuse(update: dict[str, Any]) -> None:
        error = next(failures, None)
        if error:
            raise error

    world.webhook.react = refuse
    world.say("hello")
    assert len(world.webhook.updates) == 3
    assert "refused" in world.ok("getWebhookInfo")["last_error_message"]


def wait_for(world: World, text: str) -> None:
    """Until the webhook was asked to take it, whether it did or not."""
    until = time.monotonic() + 10
    while text not in [message["text"] for message in world.webhook.of("message")]:
        assert time.monotonic() < until, text
        time.sleep(0.01)


def test_one_persons_trouble_does_not_hold_up_another(make_world: Callable[..., World]) -> None:
    world = make_world(retry_delays=(30.0,))
    world.webhook.status = 500
    world.person(world.anna, "messages", text="stuck")
    wait_for(world, "stuck")
    assert not world.stand_in.drain(0.1)
    world.webhook.status = 200
    world.person(world.boris, "messages", text="through")
    wait_for(world, "through")
    assert not world.stand_in.drain(0.1)


def test_what_was_not_delivered_is_delivered_after_a_restart_and_numbers_go_on_rising(
    make_world: Callable[..., World],
) -> None:
    world = make_world(retry_delays=(30.0,))
    world.webhook.status = 500
    world.person(world.anna, "messages", text="before")
    wait_for(world, "before")
    assert not world.stand_in.drain(0.1)
    world.webhook.status = 200
    world.reopen()
    assert world.drain()
    world.say("after")
    texts = [message["text"] for message in world.webhook.of("message")]
    assert texts[-2:] == ["before", "after"]
    numbers = [update["update_id"] for update in world.webhook.updates]
    assert numbers == sorted(numbers)
    assert [message["text"] for message in world.chat()["messages"]] == ["before", "after"]


def test_an_update_that_is_too_old_is_dropped(tmp_path: Path) -> None:
    store = Store(tmp_path / "x.sqlite3")
    seen: list[bytes] = []

    def transport(url: str, body: bytes, headers: Mapping[str, str]) -> int:
        seen.append(body)
        return 200

    sql = "INSERT INTO updates (update_id, person_id, kind, body, created) VALUES (?, 1, ?, '{}', ?)"
    store.run(sql, 1, "callback_query", time.time() - 151)
    store.run(sql, 2, "message", time.time() - 151)
    courier = Courier(store, "http://x", "s", transport)
    courier.start()
    assert courier.drain(5)
    courier.close()
    store.close()
    assert len(seen) == 1


def test_kinds_of_update_that_the_bot_did_not_ask_for_are_not_sent(world: World) -> None:
    world.ok("setWebhook", url="x", allowed_updates=["message"])
    world.person(world.anna, "block", blocked=True)
    world.person(world.anna, "block", blocked=False)
    world.say("hello")
    assert [set(update) for update in world.webhook.updates] == [{"update_id", "message"}]


def test_messages_of_many_at_once_all_arrive_once_and_in_order_of_each(world: World) -> None:
    def talk(person_id: int) -> None:
        for number in range(15):
            world.person(person_id, "messages", text=f"{person_id}:{number}")

    threads = [threading.Thread(target=talk, args=(person,)) for person in (world.anna, world.boris, world.anna)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.drain()
    texts = [message["text"] for message in world.webhook.of("message")]
    assert len(texts) == 45
    assert [text for text in texts if text.startswith("1002")] == [f"1002:{number}" for number in range(15)]
    numbers = [m["message_id"] for m in world.webhook.of("message") if m["chat"]["id"] == world.anna]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 30


def test_a_press_arrives_with_the_whole_message_and_its_answer_is_shown_once(world: World) -> None:
    markup = {"inline_keyboard": [[{"text": "Bid", "callback_data": "bid:330"}]]}
    sent = world.ok("sendMessage", chat_id=world.anna, text="Lot", reply_markup=markup)
    seen = world.chat()["seq"]
    answer = world.person(world.anna, "press", message_id=sent["message_id"], data="bid:330")
    assert answer.status_code == 202
    assert world.drain()
    query = world.webhook.of("callback_query")[0]
    assert (query["id"], query["data"]) == (answer.json["callback_query_id"], "bid:330")
    assert query["message"] == sent
    assert query["from"]["id"] == world.anna
    assert query["chat_instance"]
    world.ok("answerCallbackQuery", callback_query_id=query["id"], text="You lead", show_alert=True)
    shown = world.chat(since=seen)
    assert shown["answers"] == [
        {"id": query["id"], "message_id": sent["message_id"], "text": "You lead", "show_alert": True, "url": ""}
    ]
    assert "answers" not in world.chat(since=shown["seq"])
    assert world.chat()["answers"] == []


def test_a_button_that_is_gone_cannot_be_pressed(world: World) -> None:
    sent = world.ok("sendMessage", chat_id=world.anna, text="Lot")
    assert world.person(world.anna, "press", message_id=sent["message_id"], data="x").status_code == 409
    assert world.person(world.anna, "press", message_id=999, data="x").status_code == 404
    assert world.person(world.boris, "press", message_id=sent["message_id"], data="x").status_code == 404


def test_blocking_and_unblocking_tell_the_bot_once_each(world: World) -> None:
    for blocked in (True, True, False):
        world.person(world.anna, "block", blocked=blocked)
    assert world.drain()
    changes = world.webhook.of("my_chat_member")
    states = [(one["old_chat_member"]["status"], one["new_chat_member"]["status"]) for one in changes]
    assert states == [("member", "kicked"), ("kicked", "member")]


def test_who_blocked_the_bot_neither_writes_nor_presses(world: World) -> None:
    world.person(world.anna, "block", blocked=True)
    assert world.person(world.anna, "messages", text="x").status_code == 409
    assert world.person(world.anna, "press", message_id=1, data="x").status_code == 409


def test_a_picture_of_a_person_arrives_with_an_id_to_download_it_by(world: World) -> None:
    photo = base64.b64encode(world.png(8, 6)).decode()
    assert world.person(world.anna, "messages", photo=photo, caption="my /lot").status_code == 201
    assert world.drain()
    message = world.webhook.of("message")[0]
    assert message["caption"] == "my /lot"
    assert message["caption_entities"][0]["type"] == "bot_command"
    path = world.ok("getFile", file_id=message["photo"][-1]["file_id"])["file_path"]
    assert world.client.get(f"/file/bot{world.token}/{path}").data == world.png(8, 6)


def test_an_album_of_a_person_arrives_as_a_message_for_each_picture(world: World) -> None:
    photos = [base64.b64encode(world.png(8, side)).decode() for side in (6, 7, 8)]
    assert world.person(world.anna, "messages", photos=photos, caption="broken").status_code == 201
    assert world.drain()
    parts = world.webhook.of("message")
    assert [part["photo"][-1]["height"] for part in parts] == [6, 7, 8]
    assert [part.get("caption") for part in parts] == ["broken", None, None]
    assert len({part["media_group_id"] for part in parts}) == 1
    for odd in (photos[:1], photos * 4, "x", [5]):
        assert world.person(world.anna, "messages", photos=odd).status_code == 400
    not_one = [photos[0], base64.b64encode(b"hello").decode()]
    assert world.person(world.anna, "messages", photos=not_one).status_code == 400
    assert world.drain()
    assert len(world.webhook.of("message")) == 3, "whole or not at all"


def test_a_file_of_a_person_arrives_as_a_document(world: World) -> None:
    data = base64.b64encode(b"a;b").decode()
    world.person(world.anna, "messages", document=data, name="../../lots.csv", mime="text/csv")
    assert world.drain()
    assert world.webhook.of("message")[0]["document"]["file_name"] == "lots.csv"


def test_an_answer_carries_the_message_it_answers(world: World) -> None:
    asked = world.ok("sendMessage", chat_id=world.anna, text="How much?", reply_markup={"force_reply": True})
    file = {"document": base64.b64encode(b"a;b").decode(), "name": "lots.csv", "mime": "text/csv"}
    for content in ({"text": "500"}, {"photo": base64.b64encode(world.png(8, 6)).decode()}, file):
        world.person(world.anna, "messages", reply_to=asked["message_id"], **content)
    assert world.drain()
    replies = [message["reply_to_message"]["text"] for message in world.webhook.of("message")]
    assert replies == ["How much?"] * 3
