"""The stand-in as the Bot API has it today: all that it can send is an update of Telegram's, its methods are known."""

import base64
from typing import Any

from local.telegram import bot_api, control
from tests.support.bot_contract import check_update, methods_by_name
from tests.unit.local.telegram.conftest import World

from .test_standin_payments import MONTH, link_slug, pay, send_invoice

KEYBOARD = {"inline_keyboard": [[{"text": "a", "callback_data": "x"}]]}


def drive_everything(world: World) -> set[str]:
    """Everything that somebody at the page can do, and what time does to a subscription; the actions taken."""
    done: set[str] = set()

    def act(action: str, **fields: Any) -> dict[str, Any]:
        done.add(action)
        answer = world.person(world.anna, action, **fields)
        assert answer.status_code < 300, answer.text
        said: dict[str, Any] = answer.json
        return said

    def act_list(action: str, **fields: Any) -> list[dict[str, Any]]:
        several: Any = act(action, **fields)
        return list(several)

    world.webhook.react = world.approve
    said = act("messages", text="/start")
    act("messages", text="a *reply*", reply_to=said["message_id"])
    act("messages", photo=base64.b64encode(world.png()).decode(), caption="a lamp")
    act("messages", document=base64.b64encode(b"x").decode(), name="a.txt", mime="text/plain", caption="a file")
    for kind in ("video", "animation", "voice", "audio", "document"):
        act("messages", media=[{"kind": kind, "data": "eA==", "name": f"a.{kind}", "mime": "a/b"}])
    for other in ("location", "contact", "poll", "sticker"):
        act("messages", other=other)
    album = [{"kind": "photo", "data": base64.b64encode(world.png()).decode()}] * 2
    first, _ = act_list("messages", media=album, caption="two")
    act_list("forward", message_id=first["message_id"])
    act_list("forward", text="A post of a channel")
    sent = world.ok("sendMessage", chat_id=world.anna, text="press", reply_markup=KEYBOARD)
    act("press", message_id=sent["message_id"], data="x")
    world.ok("sendMessageDraft", chat_id=world.anna, draft_id=7, text="Once", can_stop=True)
    act("stop", draft_id=7)
    act("drafts", refused=True)
    act("group", chat_id=-1001234, text="to all", thread=5)
    act("stars", amount=5_000)
    for enabled in (True, False):
        act("business", enabled=enabled, views_stars=True)
    act("refund", charge_id=act("pay", message_id=send_invoice(world)["message_id"])["charge_id"])
    monthly = act("pay", slug=link_slug(world, subscription_period=MONTH, payload="sub"))["charge_id"]
    world.clock.advance(days=31)  # renewed
    assert world.drain()
    for canceled in (True, False):
        act("subscription", id=monthly, canceled=canceled)
    world.stand_in.context.people.take_stars(world.anna, world.chat()["person"]["stars"])
    world.clock.advance(days=31)  # failed
    for blocked in (True, False):
        act("block", blocked=blocked)
    assert world.drain()
    return done


def kinds(update: dict[str, Any]) -> set[str]:
    """The kind of an update; of a message what is in it."""
    (kind,) = set(update) - {"update_id"}
    common = {"message_id", "from", "chat", "date"}
    return set(update[kind]) - common if kind == "message" else {kind}


def test_every_update_that_it_can_send_is_one_of_telegrams(world: World) -> None:
    assert drive_everything(world) == set(control.ACTIONS)
    for update in world.webhook.updates:
        check_update(update)
    assert set().union(*map(kinds, world.webhook.updates)) == {
        *("text", "entities", "reply_to_message", "photo", "document", "caption"),
        *("video", "animation", "voice", "audio", "location", "contact", "poll", "sticker"),
        *("media_group_id", "forward_origin", "message_thread_id", "is_topic_message"),
        *("successful_payment", "refunded_payment"),
        *("callback_query", "pre_checkout_query", "my_chat_member", "subscription", "business_connection"),
        "stopped_message_generation",
    }
    assert [one["state"] for one in world.webhook.of("subscription")] == ["canceled", "active", "failed"]


def test_a_refund_is_told_by_the_bot_itself_in_the_payers_chat(world: World) -> None:
    world.webhook.react = world.approve
    pay(world, slug=link_slug(world))
    (paid,) = world.webhook.of("message")
    charge = paid["successful_payment"]["telegram_payment_charge_id"]
    world.ok("refundStarPayment", user_id=world.anna, telegram_payment_charge_id=charge)
    assert world.drain()
    told = world.webhook.of("message")[-1]
    assert "refunded_payment" in told
    assert (told["from"]["is_bot"], told["from"]["username"]) == (True, "starbid_bot")
    assert (told["chat"]["id"], told["chat"]["type"]) == (world.anna, "private")
    assert paid["from"]["id"] == world.anna


def test_a_subscription_update_has_person_payload_and_state_only(world: World) -> None:
    drive_everything(world)
    for told in world.webhook.of("subscription"):
        assert set(told) == {"user", "invoice_payload", "state"}
        assert (told["user"]["id"], told["invoice_payload"]) == (world.anna, "sub")


def test_its_methods_are_the_bot_apis() -> None:
    assert set(bot_api.METHODS) <= set(methods_by_name())
