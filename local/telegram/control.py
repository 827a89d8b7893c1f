"""The JSON between us and the page or tests: people, chats, and what a person does in them."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any

from werkzeug import Request, Response

from local.telegram import charges, checkout, groups, invoices, person
from local.telegram.api_account import commands_for, menu_button_for
from local.telegram.context import Context
from local.telegram.errors import ApiError, PageError
from local.telegram.params import Upload, loads
from local.telegram.people import START_STARS, Person, is_group


def answer(body: Any, status: int = 200) -> Response:
    """A JSON answer that must not be cached."""
    response = Response(json.dumps(body), status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


class Body:
    """The JSON object of a POST. Other content types are refused: other sites cannot send this one unasked."""

    def __init__(self, request: Request) -> None:
        if request.mimetype != "application/json":
            raise PageError(415, "Send application/json.")
        try:
            self._fields = loads(request.get_data() or b"{}")
        except ValueError as error:
            raise PageError(400, "This is not JSON.") from error
        if not isinstance(self._fields, dict):
            raise PageError(400, "Send a JSON object.")

    def text(self, name: str, default: str = "") -> str:
        """A string field."""
        value = self._fields.get(name, default)
        if not isinstance(value, str):
            raise PageError(400, f"{name} is to be a string.")
        return value

    def number(self, name: str) -> int | None:
        """A whole number within 64 bits, or None where there is none."""
        value = self._fields.get(name)
        if value is not None and (type(value) is not int or abs(value) >= 2**63):
            raise PageError(400, f"{name} is to be a whole number.")
        return value

    def flag(self, name: str) -> bool:
        """A boolean field that must be there."""
        value = self._fields.get(name)
        if not isinstance(value, bool):
            raise PageError(400, f"{name} is to be true or false.")
        return value

    def data(self, name: str) -> bytes:
        """A file, in base64."""
        return _decoded(name, self.text(name))

    def files(self, name: str) -> list[bytes]:
        """Files, each in base64; none where there is no such field."""
        texts = self._fields.get(name, [])
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise PageError(400, f"{name} is to be a list of strings.")
        return [_decoded(name, text) for text in texts]


def _decoded(name: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PageError(400, f"{name} is to be base64.") from error


def since(request: Request) -> int:
    """The number of the last change that the page has seen."""
    text = request.args.get("since", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def people(context: Context, seen: int) -> dict[str, Any]:
    """Everyone with the last words of their chat; only the number if nothing changed."""
    seq = context.store.counted("seq")
    if seen and seen >= seq:
        return {"seq": seq}
    bot = {"username": context.bot.username, "name": context.bot.name, "site_url": context.site_url}
    everybody = context.people.all()
    operators = [one.id for one in everybody if one.id in context.operators]
    return {"seq": seq, "bot": bot, "people": [_listed(context, one) for one in everybody], "operators": operators}


def _listed(context: Context, one: Person) -> dict[str, Any]:
    message = context.messages.last(one.id)
    if message is None:
        return {**one.card(), "last": None}
    body = message.body
    words = body.get("text") or body.get("caption") or _kind(body)
    last = {"message_id": message.message_id, "date": body["date"], "text": words[:120], "bot": message.from_bot}
    return {**one.card(), "last": last}


def _kind(body: dict[str, Any]) -> str:
    names = {
        "photo": "Photo",
        "document": "File",
        "invoice": "Invoice",
        "successful_payment": "Payment",
        "refunded_payment": "Refund",
    }
    return next((name for field, name in names.items() if field in body), "")


def chat(context: Context, one: Person, seen: int) -> dict[str, Any]:
    """What changed in a chat after `seen`: messages, deletions, answers to presses, the person."""
    action, draft = context.activity.of(one.id)
    with context.store.lock:
        seq = context.store.counted("seq")
        waiting = context.courier.pending(one.id)
        refused = context.activity.refuses_drafts(one.id)
        state: dict[str, Any] = {
            "seq": seq,
            "action": action,
            "draft": draft,
            "drafts_refused": refused,
            "waiting": waiting,
        }
        if seen and seen >= seq:
            return state
        changed = context.messages.changed(one.id, seen)
        state |= {
            "person": context.people.get(one.id).card(),
            "messages": [message.card() for message in changed if not message.deleted],
            "deleted": [message.message_id for message in changed if message.deleted],
            "answers": context.presses.answered(one.id, seen),
            "commands": commands_for(context, one.id, one.language_code),
            "menu_button": menu_button_for(context, str(one.id)),
        }
    return state


def create_person(context: Context, body: Body) -> Response:
    """`POST people`."""
    language = body.text("language_code", "en")
    created = context.people.create(body.text("first_name"), body.text("username"), language)
    return answer(created.card(), 201)


def post_message(context: Context, one: Person, body: Body) -> Response:
    """`POST messages`: `text`, or `photo` / `photos` (an album) / `document` (base64) with a `caption`."""
    reply_to = body.number("reply_to")
    album = body.files("photos")
    if album:
        return answer(person.send_album(context, one, album, body.text("caption"), reply_to), 201)
    if body.text("photo"):
        sent = person.send_photo(context, one, body.data("photo"), body.text("caption"), reply_to)
    elif body.text("document"):
        file = Upload(body.text("name", "file"), body.text("mime"), body.data("document"))
        sent = person.send_document(context, one, file, body.text("caption"), reply_to)
    else:
        sent = person.write(context, one, body.text("text"), reply_to)
    return answer(sent, 201)


def post_press(context: Context, one: Person, body: Body) -> Response:
    """`POST press`: `message_id` and `data` of a callback button."""
    query_id = person.press(context, one, body.number("message_id") or 0, body.text("data"))
    return answer({"callback_query_id": query_id}, 202)


def post_stop(context: Context, one: Person, body: Body) -> Response:
    """`POST stop`: `draft_id` of what is being written."""
    person.stop(context, one, body.number("draft_id") or 0)
    return answer({"stopped": True}, 202)


def post_drafts(context: Context, one: Person, body: Body) -> Response:
    """`POST drafts`: `refused`, whether drafts in this chat are refused to the bot."""
    context.activity.refuse_drafts(one.id, refused=body.flag("refused"))
    return answer({"refused": context.activity.refuses_drafts(one.id)})


def post_pay(context: Context, one: Person, body: Body) -> Response:
    """`POST pay`: `message_id` of an invoice, or the `slug` of an invoice link. Answers how it went."""
    invoice = checkout.invoice_of(context, one, body.number("message_id"), body.text("slug") or None)
    return answer(checkout.pay(context, one, invoice).card())


def post_block(context: Context, one: Person, body: Body) -> Response:
    """`POST block`: `blocked`."""
    person.block(context, one, blocked=body.flag("blocked"))
    return answer(context.people.get(one.id).card())


def post_stars(context: Context, one: Person, body: Body) -> Response:
    """`POST stars`: stand-in money, 10 000 unless `amount` says otherwise."""
    amount = body.number("amount")
    amount = START_STARS if amount is None else amount
    if not 1 <= amount <= 10**9:
        raise PageError(400, "amount is to be between 1 and a milliard.")
    context.people.give_stars(one.id, amount)
    return answer(context.people.get(one.id).card())


def post_subscription(context: Context, one: Person, body: Body) -> Response:
    """`POST subscription`: `id` and `canceled`, as a person does in Telegram's settings."""
    if not charges.set_canceled_by_person(context, one, body.text("id"), canceled=body.flag("canceled")):
        raise PageError(409, "This subscription cannot be changed.")
    return answer(charges.of_person(context, one))


def post_refund(context: Context, one: Person, body: Body) -> Response:
    """`POST refund`: Telegram itself gives a payment (`charge_id`) back, without asking the bot."""
    try:
        charges.refund(context, one, body.text("charge_id"))
    except ApiError as error:
        raise PageError(409, "This payment cannot be refunded.") from error
    return answer(charges.of_person(context, one))


def invoice_card(context: Context, slug: str) -> Response:
    """`GET invoices/<slug>`: what the pay sheet shows."""
    invoice = invoices.find(context, slug)
    if invoice is None:
        raise PageError(404, "There is no such invoice.")
    return answer(invoice.card())


def post_group(context: Context, one: Person, body: Body) -> Response:
    """`POST group`: in the group `chat_id` a `text` or a `photo` (base64) with it, in a topic (`thread`), as a reply
    (`reply_to`); or a press: `data` under `message_id`.
    """
    chat_id = body.number("chat_id") or 0
    if not is_group(str(chat_id)):
        raise PageError(400, "chat_id is to be that of a group.")
    if body.text("data"):
        query_id = groups.press(context, one, chat_id, body.number("message_id") or 0, body.text("data"))
        return answer({"callback_query_id": query_id}, 202)
    picture = body.data("photo") if body.text("photo") else None
    thread = body.number("thread") or 0
    return answer(groups.write(context, one, chat_id, body.text("text"), picture, body.number("reply_to"), thread), 201)


def group(context: Context, chat_id: int) -> list[dict[str, Any]]:
    """`GET groups/<id>`: what stands in a group."""
    return [message.card() for message in context.messages.changed(chat_id, 0)]


ACTIONS: dict[str, Callable[[Context, Person, Body], Response]] = {
    "messages": post_message,
    "press": post_press,
    "stop": post_stop,
    "drafts": post_drafts,
    "pay": post_pay,
    "block": post_block,
    "stars": post_stars,
    "subscription": post_subscription,
    "refund": post_refund,
    "group": post_group,
}
