"""Telegram: every call of the Bot API, the sender's messages, and payments; the stand-in answers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from starbid.domain.delivered_files import DeliveredFile, FileKind
from starbid.domain.kinds import KINDS
from starbid.domain.money import stars
from starbid.domain.payments import Charge
from starbid.i18n import language
from starbid.services.ports import DisputesMessage, LivingMessage, Look, Notice, Place, ShownCard
from starbid.services.views import view_lot
from starbid.telegram.cards import CardStyle, draw
from starbid.telegram.keyboards import Button
from starbid.telegram.kind_words import words_of
from starbid.telegram.photos import drawing
from starbid.telegram.reading import read_update
from starbid.telegram.registration import UPDATES, Outcome, introduce
from starbid.telegram.rich_blocks import RichCard, heading, paragraph
from starbid.telegram.transport import PooledRequest
from starbid.telegram.updates import Pressed
from tests.support.factories import ANNA, BORIS, SELLER

from .day import Day


def every_call_of_the_bot_api_is_made_and_understood(day: Day) -> None:
    bot = day.app.bot
    keyboard = (
        (Button("press", data="x"), Button("open", url="https://example.org"), Button("app", app="https://a.b")),
    )
    said = bot.send_message(ANNA, "<b>hello</b>", keyboard).message_id
    shown = bot.send_photo(ANNA, drawing(), "a lamp", keyboard)
    assert shown.file_id
    assert bot.edit_text(ANNA, said, "hello")
    assert bot.edit_caption(ANNA, shown.message_id, "hello")
    assert bot.edit_keyboard(ANNA, shown.message_id, keyboard)
    assert bot.edit_photo(ANNA, shown.message_id, shown.file_id, "a lamp", keyboard)
    rich = bot.send_rich(ANNA, RichCard((heading("a lamp", 3),), keyboard), [drawing(), shown.file_id])
    assert rich.message_id
    edited = bot.edit_rich(ANNA, rich.message_id, RichCard((paragraph("sold"),), ()), [shown.file_id])
    assert edited
    assert edited.photos == (shown.file_id,)
    assert bot.takes_rich()
    bot.rest_rich()
    assert not bot.takes_rich()
    day.app.bot_rest.begin(day.clock.now + timedelta(seconds=3), day.clock.now)
    assert day.app.bot_rest.until(day.clock.now) == day.clock.now + timedelta(seconds=3)
    day.app.bot_rest.keep_for_news(ANNA, 3, day.clock.now)
    assert day.app.bot_rest.is_kept_for_news(ANNA, day.clock.now)
    bot.send_photos(ANNA, [drawing()], "one")
    bot.send_photos(ANNA, [drawing(), drawing()], "two")
    bot.send_document(ANNA, b"words", "history.txt", "all of it")
    bot.send_known(ANNA, [DeliveredFile(shown.file_id, FileKind.PHOTO, "photo.jpg")] * 2)
    sent = bot.download(shown.file_id, 5_000_000)
    assert bot.download(shown.file_id, len(sent) - 1) is None
    assert bot.answer_callback("q", "done", alert=True)
    assert bot.answer_with_link("q", "https://t.me/starbid_bot?start=auction_lot1")
    assert bot.answer_pre_checkout("q")
    assert bot.answer_pre_checkout("q", "no")
    assert bot.send_invoice(ANNA, "title", "words", "payload", stars(100), ((Button("pay", pay=True),),)).message_id
    assert bot.create_invoice_link("title", "words", "payload", stars(100))
    assert bot.refund_stars(ANNA, "charge")
    assert bot.gift_premium(ANNA, 3, stars(1000))
    assert bot.end_subscription(ANNA, "charge")
    assert bot.allow_subscription(ANNA, "charge")
    assert bot.business_star_balance("a connection") == 0
    assert bot.star_transactions(0, 100) == []
    bot.send_chat_action(ANNA)
    for outcome in (Outcome.SET, Outcome.SAME):
        assert outcome in set(introduce(bot, day.app.settings).values()) <= {outcome, Outcome.SAME}
    bot.set_webhook("https://a.b", "secret", UPDATES, 40)
    assert bot.webhook().url == "https://a.b"
    assert bot.me().username == "starbid_bot"


def a_press_carries_the_buttons_of_its_message(day: Day) -> None:
    markup = {"inline_keyboard": [[{"text": "press", "callback_data": "x"}, {"text": "odd", "callback_game": {}}]]}
    chat = {"id": ANNA, "type": "private"}
    message = {"message_id": 7, "date": 0, "chat": chat, "text": "hello", "reply_markup": markup}
    sender = {"id": ANNA, "is_bot": False, "first_name": "Anna"}
    press = {"id": "q", "from": sender, "data": "x", "chat_instance": "c", "message": message}
    pressed = read_update({"update_id": 1, "callback_query": press}).content
    assert isinstance(pressed, Pressed)
    assert pressed.buttons == (("press", "x"),)
    assert [button.acts for row in pressed.keyboard for button in row] == [True, False]


def the_sender_tells_edits_and_redraws(day: Day) -> None:
    app, lot = day.app, day.put_up().auction.id
    for number, (person, amount) in enumerate(((BORIS, 200), (ANNA, 300)), start=1):
        day.bid(lot, (person, amount))
        facts = {"bids": number, "price": [amount, "XTR"], "ends_at": day.clock.now.isoformat()}
        app.sending.send(Notice(f"bid:{lot}:{number}", SELLER, "new_bid", lot, facts), day.clock.forward(seconds=10))
    outbid = {"price": [300, "XTR"], "bids": 2, "released": [200, "XTR"]}
    app.sending.send(Notice(f"outbid:{lot}", BORIS, "outbid", lot, outbid), day.clock.now)
    until = {"until": day.clock.now.isoformat()}
    app.sending.send(Notice("subscribed", ANNA, "subscribed", None, until), day.clock.now)
    app.sending.send(Notice(f"cancelled:{lot}", BORIS, "cancelled", lot, {"reason": "a fake"}), day.clock.now)
    app.shown_cards.put(ShownCard(lot, BORIS, 77, 1), day.clock.now)
    app.cards.redraw(lot, day.clock.now)


def lots_of_every_kind_have_their_words(day: Day) -> None:
    falls: dict[str, Any] = {"floor_price": 50, "drop_amount": 10, "drop_seconds": 60}
    for kind in KINDS:
        lot, words = day.put_up(type=kind, **(falls if kind == "dutch" else {})), language("ru")
        view = view_lot(lot, ANNA, day.clock.now)
        drawn = draw(view, CardStyle(words, day.clock.now, day.app.settings, Look()))
        assert lot.card.title in drawn.caption
        own = words_of(view)
        assert lot.card.title in own.question(view, stars(100), words) or kind == "dutch"
        assert own.held(words)
        assert own.ask_label(view, words)


def what_stands_in_a_chat_is_remembered(day: Day) -> None:
    cards, messages, now = day.app.shown_cards, day.app.living_messages, day.clock.now
    card = ShownCard("loty", BORIS, 77, 1, Look(Place(1, 2), bidding=True), now)
    newer = replace(card, version=2, until=None)
    cards.put(card, now)
    assert cards.one("loty", BORIS, now) == card
    assert cards.exchange(card, newer, now)
    assert not cards.exchange(card, newer, now)
    assert cards.of_lot("loty", now) == [newer]
    cards.drop("loty", BORIS)
    assert cards.of_lot("loty", now) == []
    for message in (
        LivingMessage("loty", 7, 1, now, now, fixed=False),
        DisputesMessage(7, ("loty",), (), (now,), now),
    ):
        messages.put("name", message, 60, now)
        assert messages.get("name", type(message), now) == message


def stars_are_sold_compared_and_given_back(day: Day) -> None:
    account, now = day.app.stars, day.clock.now
    order, payload = day.app.paying.order_subscription(ANNA, now)
    gateway = day.app.gateways[order.provider]
    assert gateway.invoice_link(order, "title", "words", payload).startswith("https://t.me/")
    assert account.transactions(0, 100) == []
    assert account.end_renewal(ANNA, "another charge")
    assert account.allow_renewal(ANNA, "another charge")
    assert account.own_balance("a connection") == 0
    assert account.give_premium(ANNA, 3, stars(1000))
    charge = Charge("another charge", order.provider, ANNA, order.amount, order.purpose, order.id, now)
    assert gateway.refund(charge)


def the_transport_answers_what_the_library_asks_of_it(_: Day) -> None:
    request = PooledRequest()
    asyncio.run(request.initialize())
    assert request.read_timeout
    asyncio.run(request.shutdown())


SCENES = (
    every_call_of_the_bot_api_is_made_and_understood,
    a_press_carries_the_buttons_of_its_message,
    the_sender_tells_edits_and_redraws,
    lots_of_every_kind_have_their_words,
    what_stands_in_a_chat_is_remembered,
    stars_are_sold_compared_and_given_back,
    the_transport_answers_what_the_library_asks_of_it,
)
