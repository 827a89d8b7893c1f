"""The JSON between us and the page or tests: people, chats, and what a person does in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from werkzeug import Request, Response

from local.telegram import business, charges, checkout, forwarding, groups, invoices, person
from local.telegram.api_profile import commands_for, description_for, menu_button_for
from local.telegram.attachments import Attached
from local.telegram.body import Body
from local.telegram.content import MAX_ALBUM
from local.telegram.context import Context
from local.telegram.errors import ApiError, PageError
from local.telegram.files import Kind
from local.telegram.params import Upload
from local.telegram.people import START_STARS, Person, is_group


def answer(body: Any, status: int = 200) -> Response:
    """A JSON answer that must not be cached."""
    response = Response(json.dumps(body), status=status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def since(request: Request) -> int:
    """The number of the last change that the page has seen."""
    text = request.args.get("since", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def people(context: Context, seen: int) -> dict[str, Any]:
    """Everyone with the last words of their chat; only the number if nothing changed."""
    seq = context.store.counted("seq")
    if seen and seen >= seq:
        return {"seq": seq}
    everybody = context.people.all()
    operators = [one.id for one in everybody if one.id in context.operators]
    return {
        "seq": seq,
        "bot": context.shown_bot(),
        "people": [_listed(context, one) for one in everybody],
        "operators": operators,
    }


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
        "video": "Video",
        "animation": "GIF",
        "voice": "Voice message",
        "audio": "Music",
        "sticker": "Sticker",
        "location": "Location",
        "contact": "Contact",
        "poll": "Poll",
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
            "description": description_for(context, one.language_code),
        }
    return state


def create_person(context: Context, body: Body) -> Response:
    """`POST people`."""
    language = body.text("language_code", "en")
    created = context.people.create(body.text("first_name"), body.text("username"), language)
    return answer(created.card(), 201)


def post_message(context: Context, one: Person, body: Body) -> Response:
    """`POST messages`: `text`; or a `photo`, a `document`, `photos` (an album), each in base64, or `media` (see
    `attached`), with a `caption`; or `other`: a location, a contact, a poll, a sticker. Answers the message, or those
    of an album.
    """
    reply_to, items = body.number("reply_to"), attached(body)
    if items:
        sent = person.send(context, one, items, body.text("caption"), reply_to)
        return answer(sent if len(sent) > 1 else sent[0], 201)
    if body.text("other"):
        return answer(person.send_other(context, one, body.text("other"), reply_to), 201)
    return answer(person.write(context, one, body.text("text"), reply_to), 201)


def attached(body: Body) -> list[Attached]:
    """The files of a message. `media` is a list of objects: `kind` (photo, video, animation, voice, audio, document),
    `data` in base64, `name`, `mime`, and `bytes` where it is to claim another size.
    """
    photos = body.files("photos")
    if photos and not 2 <= len(photos) <= MAX_ALBUM:
        raise PageError(400, f"An album has 2 to {MAX_ALBUM} pictures.")
    if body.text("photo"):
        photos = [body.data("photo")]
    if photos:
        return [Attached(Kind.PHOTO, Upload("", "", data)) for data in photos]
    if body.text("document"):
        file = Upload(body.text("name", "file"), body.text("mime"), body.data("document"))
        return [Attached(Kind.DOCUMENT, file)]
    return [_attached(each) for each in body.objects("media")]


def _attached(one: Body) -> Attached:
    kind = one.text("kind").upper()
    if kind not in Kind.__members__ or kind == Kind.STICKER.name:
        raise PageError(400, "kind is to be photo, video, animation, voice, audio or document.")
    file = Upload(one.text("name", "file"), one.text("mime"), one.data("data"))
    return Attached(Kind[kind], file, one.number("bytes"))


def post_forward(context: Context, one: Person, body: Body) -> Response:
    """`POST forward`: `message_id` of this chat, with its album; or the post of a channel, `text` and `media`."""
    message_id = body.number("message_id")
    if message_id is None:
        return answer(forwarding.forward_post(context, one, body.text("text"), attached(body)), 201)
    return answer(forwarding.forward(context, one, message_id), 201)


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
    return answer(payments_of(context, one))


def post_business(context: Context, one: Person, body: Body) -> Response:
    """`POST business`: `enabled`, and `views_stars`, as a person does in Telegram's settings for business."""
    business.connect(context, one, enabled=body.flag("enabled"), views_stars=body.flag("views_stars"))
    return answer(payments_of(context, one))


def payments_of(context: Context, one: Person) -> dict[str, Any]:
    """`GET payments`: a person's payments and subscriptions, and whether the bot sees their Stars."""
    return {**charges.of_person(context, one), "views_stars": business.views_stars(context, one)}


def post_refund(context: Context, one: Person, body: Body) -> Response:
    """`POST refund`: Telegram itself gives a payment (`charge_id`) back, without asking the bot."""
    try:
        charges.refund(context, one, body.text("charge_id"))
    except ApiError as error:
        raise PageError(409, "This payment cannot be refunded.") from error
    return answer(payments_of(context, one))


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
    "business": post_business,
    "group": post_group,
    "forward": post_forward,
}
