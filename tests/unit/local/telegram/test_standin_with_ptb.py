"""python-telegram-bot speaks with the stand-in as with Telegram: its typed objects parse every answer."""

import io
from collections.abc import Coroutine
from typing import Any
from urllib.parse import urlsplit

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, LabeledPrice, Update
from telegram.error import BadRequest, Forbidden, InvalidToken
from telegram.request import BaseRequest, RequestData

from tests.support.there import there
from tests.unit.local.telegram.conftest import World

PREFIX = "/_local/telegram"


class InProcess(BaseRequest):
    """Hands each call to the WSGI application: the bodies are those that PTB's own request class makes."""

    def __init__(self, client: Any) -> None:
        self._client = client

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **more: Any
    ) -> tuple[int, bytes]:
        form: dict[str, Any] = dict(request_data.json_parameters) if request_data else {}
        for name, (filename, content, mime) in (request_data.multipart_data if request_data else {}).items():
            assert isinstance(content, bytes)
            form[name] = (io.BytesIO(content), filename, mime)
        path = urlsplit(url).path.removeprefix(PREFIX)
        answer = self._client.open(path, method=method, data=form or None)
        return answer.status_code, answer.data


def run(call: Coroutine[Any, Any, Any]) -> Any:
    """Run a call that never waits, without an event loop and so without a socket."""
    try:
        call.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("the call waited for something")


def bot_of(world: World, token: str) -> Bot:
    base = f"{world.site}{PREFIX}"
    requests = [InProcess(world.client), InProcess(world.client)]
    return Bot(
        token,
        base_url=f"{base}/api/bot",
        base_file_url=f"{base}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
    )


@pytest.fixture
def bot(world: World) -> Bot:
    bot = bot_of(world, world.token)
    run(bot.get_me())
    return bot


KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("330 ⭐", callback_data="bid:330")]])


def test_get_me_names_the_bot(bot: Bot) -> None:
    assert (bot.username, bot.id, bot.first_name) == ("starbid_bot", 123456, "Starbid")


def test_a_text_is_sent_edited_and_deleted(bot: Bot, world: World) -> None:
    sent = run(bot.send_message(world.anna, "<b>330</b> ⭐", parse_mode="HTML", reply_markup=KEYBOARD))
    assert sent.date == world.clock.time
    assert sent.entities[0].type == "bold"
    assert sent.reply_markup.inline_keyboard[0][0].callback_data == "bid:330"
    edited = run(bot.edit_message_text("340", world.anna, sent.message_id))
    assert edited.text == "340"
    assert edited.edit_date == world.clock.time
    with pytest.raises(BadRequest, match="not modified"):
        run(bot.edit_message_text("340", world.anna, sent.message_id))
    marked = run(bot.edit_message_reply_markup(world.anna, sent.message_id, reply_markup=KEYBOARD))
    assert marked.reply_markup == KEYBOARD
    assert run(bot.delete_message(world.anna, sent.message_id)) is True


def test_a_picture_is_sent_by_bytes_changed_and_fetched_again(bot: Bot, world: World) -> None:
    sent = run(bot.send_photo(world.anna, world.png(), caption="<i>lot</i>", parse_mode="HTML", reply_markup=KEYBOARD))
    assert (sent.photo[-1].width, sent.photo[-1].height) == (4, 3)
    assert run(bot.edit_message_caption(world.anna, sent.message_id, caption="new")).caption == "new"
    media = InputMediaPhoto(world.png(9, 6), caption="<b>other</b>", parse_mode="HTML")
    changed = run(bot.edit_message_media(media, world.anna, sent.message_id, reply_markup=KEYBOARD))
    assert (changed.photo[-1].width, changed.caption) == (9, "other")
    file = run(bot.get_file(changed.photo[-1].file_id))
    assert bytes(run(file.download_as_bytearray())) == world.png(9, 6)


def test_an_album_is_sent_by_bytes(bot: Bot, world: World) -> None:
    album = run(bot.send_media_group(world.anna, [InputMediaPhoto(world.png()), InputMediaPhoto(world.png(5, 5))]))
    assert [message.photo[-1].width for message in album] == [4, 5]


def test_a_document_and_a_copy_of_it_are_sent(bot: Bot, world: World) -> None:
    sent = run(bot.send_document(world.anna, b"BEGIN:VCALENDAR", filename="lot.ics"))
    assert sent.document.file_name == "lot.ics"
    copy = run(bot.copy_message(world.boris, world.anna, sent.message_id))
    assert copy.message_id > sent.message_id


def test_updates_parse_and_buttons_are_answered(bot: Bot, world: World) -> None:
    sent = run(bot.send_message(world.anna, "Lot", reply_markup=KEYBOARD))
    world.say("/start auction_x1")
    world.person(world.anna, "press", message_id=sent.message_id, data="bid:330")
    world.person(world.anna, "block", blocked=True)
    assert world.drain()
    message, press, block = [Update.de_json(update, bot) for update in world.webhook.updates]
    assert there(message.message).entities[0].type == "bot_command"
    assert there(there(press.callback_query).message).message_id == sent.message_id
    assert run(there(press.callback_query).answer("You lead", show_alert=True)) is True
    assert there(block.my_chat_member).new_chat_member.status == "kicked"
    with pytest.raises(Forbidden, match="blocked"):
        run(bot.send_message(world.anna, "x"))


def test_stars_are_asked_for_paid_and_given_back(bot: Bot, world: World) -> None:
    def approve(update: dict[str, Any]) -> None:
        if "pre_checkout_query" in update:
            query = Update.de_json(update, bot).pre_checkout_query
            assert (there(query).total_amount, there(query).currency) == (500, "XTR")
            assert run(there(query).answer(ok=True)) is True

    world.webhook.react = approve
    sent = run(bot.send_invoice(world.anna, "500 Stars", "For the wallet", "buy:500", "XTR", [LabeledPrice("a", 500)]))
    assert sent.invoice.total_amount == 500
    assert world.person(world.anna, "pay", message_id=sent.message_id).json["status"] == "paid"
    assert world.drain()
    payment = there(Update.de_json(world.webhook.updates[-1], bot).message).successful_payment
    assert there(payment).invoice_payload == "buy:500"
    assert run(bot.refund_star_payment(world.anna, there(payment).telegram_payment_charge_id)) is True
    with pytest.raises(BadRequest, match=r"(?i)charge_already_refunded"):
        run(bot.refund_star_payment(world.anna, there(payment).telegram_payment_charge_id))
    assert world.drain()
    assert there(there(Update.de_json(world.webhook.updates[-1], bot).message).refunded_payment).total_amount == 500
    incoming, outgoing = run(bot.get_star_transactions()).transactions
    assert incoming.source.user.id == outgoing.receiver.user.id == world.anna
    assert run(bot.get_my_star_balance()).amount == 0


def test_a_subscription_is_asked_for_by_link_and_its_changes_are_in_api_kwargs(bot: Bot, world: World) -> None:
    world.webhook.react = world.approve
    prices = [LabeledPrice("30 days", 100)]
    link = run(bot.create_invoice_link("Seller", "30 days", "sub", "XTR", prices, subscription_period=2_592_000))
    slug = link.rpartition("/")[2]
    charge = world.person(world.anna, "pay", slug=slug).json["charge_id"]
    world.person(world.anna, "subscription", id=charge, canceled=True)
    assert world.drain()
    paid, canceled = [Update.de_json(update, bot) for update in world.webhook.updates[-2:]]
    assert there(there(paid.message).successful_payment).is_first_recurring is True
    assert there(there(there(paid.message).successful_payment).subscription_expiration_date) > world.clock.time
    assert canceled.api_kwargs["subscription"]["state"] == "canceled"
    assert run(bot.edit_user_star_subscription(world.anna, charge, is_canceled=True)) is True


def test_the_bots_settings_are_kept(bot: Bot, world: World) -> None:
    assert run(bot.set_my_commands([("menu", "Menu")])) is True
    assert run(bot.get_my_commands())[0].command == "menu"
    assert run(bot.set_webhook("https://example.org/hook", allowed_updates=Update.ALL_TYPES)) is True
    assert run(bot.get_webhook_info()).url == "https://example.org/hook"
    assert run(bot.set_chat_menu_button()) is True
    assert run(bot.get_chat_menu_button()).type == "commands"
    assert run(bot.get_chat(world.anna)).first_name == "Anna"
    assert run(bot.send_chat_action(world.anna, "typing")) is True


def test_a_wrong_token_is_an_invalid_token(world: World) -> None:
    with pytest.raises(InvalidToken):
        run(bot_of(world, "1:wrong").get_me())
