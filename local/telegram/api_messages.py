"""Bot API methods that write into a chat."""

from __future__ import annotations

import secrets
from typing import Any

from local.telegram import invoices
from local.telegram.activity import Draft
from local.telegram.content import (
    COPIED,
    media_fields,
    read_caption,
    read_file,
    read_media_list,
    read_person,
    read_recipient,
    read_text,
    reply_fields,
    thread_fields,
    without_reply,
)
from local.telegram.context import Context
from local.telegram.entities import units
from local.telegram.errors import bad_request, too_many
from local.telegram.keyboards import Keyboard, read_keyboard
from local.telegram.params import Params
from local.telegram.people import Group, Person
from local.telegram.rich import read_rich


def _send(
    context: Context,
    params: Params,
    content: dict[str, Any],
    keyboard: Keyboard | None = None,
    extra: dict[str, Any] | None = None,
) -> dict[str, Any]:
    person = read_recipient(context, params)
    keyboard = keyboard or read_keyboard(params, context.site_url)
    rows = keyboard.body().get("reply_markup", {}).get("inline_keyboard", [])
    if isinstance(person, Group) and any("web_app" in button for row in rows for button in row):
        raise bad_request("BUTTON_TYPE_INVALID")
    where = {**thread_fields(params, person), **reply_fields(context, params, person)}
    return context.say_as_bot(person, {**where, **content, **keyboard.body()}, {**keyboard.extra(), **(extra or {})})


def send_message(context: Context, params: Params) -> dict[str, Any]:
    """`sendMessage`."""
    read_recipient(context, params)
    return _send(context, params, read_text(params))


def send_photo(context: Context, params: Params) -> dict[str, Any]:
    """`sendPhoto`: by upload, file id or address."""
    read_recipient(context, params)
    text = read_caption(params)
    file = read_file(context, params, "photo", params.text("photo"), params.files.get("photo"))
    return _send(context, params, {"photo": file.photo(), **text})


def send_rich_message(context: Context, params: Params) -> dict[str, Any]:
    """`sendRichMessage`: given as blocks."""
    read_recipient(context, params)
    return _send(context, params, read_rich(context, params))


def send_document(context: Context, params: Params) -> dict[str, Any]:
    """`sendDocument`: by upload, file id or address."""
    read_recipient(context, params)
    text = read_caption(params)
    file = read_file(context, params, "document", params.text("document"), params.files.get("document"))
    return _send(context, params, {"document": file.document(), **text})


def send_media_group(context: Context, params: Params) -> list[dict[str, Any]]:
    """`sendMediaGroup`: all items are looked at before the first is sent."""
    person = read_recipient(context, params)
    where = thread_fields(params, person)
    group = {"media_group_id": str(secrets.randbits(60)), **where, **reply_fields(context, params, person)}
    contents = [media_fields(context, params, media) for media in read_media_list(params)]
    with context.store.transaction():
        return [context.say_as_bot(person, {**group, **content}) for content in contents]


def send_invoice(context: Context, params: Params) -> dict[str, Any]:
    """`sendInvoice`: without buttons of its own it gets one that pays."""
    person = read_recipient(context, params)
    invoice = invoices.read_invoice(params, link=False)
    keyboard = read_keyboard(params, context.site_url, invoice=True)
    with context.store.transaction():
        sent = _send(context, params, {"invoice": invoice.body()}, keyboard, {"invoice": invoice.card()})
        invoices.keep(context, invoice, person.id, sent["message_id"])
    return sent


def send_chat_action(context: Context, params: Params) -> bool:
    """`sendChatAction`: shown for five seconds."""
    person = read_recipient(context, params)
    context.activity.show(person.id, params.required("action"))
    return True


def send_message_draft(context: Context, params: Params) -> bool:
    """`sendMessageDraft`: an answer that is still being written."""
    person, number = read_recipient(context, params), params.integer("draft_id")
    if isinstance(person, Group) or context.activity.refuses_drafts(person.id):
        raise bad_request("message drafts can't be sent to the chat")
    if not number:
        raise bad_request("DRAFT_ID_INVALID")
    content = read_text(params) if params.text("text").strip() else {}
    draft = Draft(number, content, params.flag("can_stop"), params.flag("keep_on_stop"))
    seconds = context.activity.draft(person.id, draft)
    if seconds:
        raise too_many(seconds)
    return True


def copy_message(context: Context, params: Params) -> dict[str, Any]:
    """`copyMessage`: the content of a message of any chat, without its author."""
    person = read_recipient(context, params)
    source = read_person(context, Params({"chat_id": params.text("from_chat_id")}, {}))
    message = context.messages.find(source.id, params.integer("message_id"))
    if message is None:
        raise bad_request("message to copy not found")
    content = {key: value for key, value in message.body.items() if key in COPIED}
    if not content:
        raise bad_request("message can't be copied")
    if params.has("caption") and "text" not in content:
        content = {key: value for key, value in content.items() if not key.startswith("caption")}
        content |= read_caption(params)
    return {"message_id": _copy(context, params, person, content)["message_id"]}


def _copy(context: Context, params: Params, person: Person, content: dict[str, Any]) -> dict[str, Any]:
    keyboard = read_keyboard(params, context.site_url)
    fields = {**reply_fields(context, params, person), **content, **keyboard.body()}
    return context.say_as_bot(person, without_reply(fields), keyboard.extra())


def answer_callback_query(context: Context, params: Params) -> bool:
    """`answerCallbackQuery`: what the person sees after pressing a button."""
    text, url = params.text("text"), params.text("url")
    if units(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    if url and not _opens_bot(context, url):
        raise bad_request("URL_INVALID")
    answered = context.presses.answer(
        params.required("callback_query_id"),
        {"text": text, "show_alert": params.flag("show_alert"), "url": url},
    )
    if not answered:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return True


def _opens_bot(context: Context, url: str) -> bool:
    """Telegram follows only links that open the bot itself with a parameter (games aside)."""
    names = (f"t.me/{context.bot.username}?", f"telegram.me/{context.bot.username}?")
    bare = url.lower().removeprefix("https://").removeprefix("http://")
    return bare.startswith(tuple(name.lower() for name in names)) or url.lower().startswith(
        f"tg://resolve?domain={context.bot.username}&".lower()
    )


METHODS = {
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "sendrichmessage": send_rich_message,
    "senddocument": send_document,
    "sendmediagroup": send_media_group,
    "sendinvoice": send_invoice,
    "sendchataction": send_chat_action,
    "sendmessagedraft": send_message_draft,
    "copymessage": copy_message,
    "answercallbackquery": answer_callback_query,
}
