"""Bot API methods that change or delete messages of the bot."""

from __future__ import annotations

from typing import Any

from local.telegram.content import media_fields, read_caption, read_message, read_person, read_text
from local.telegram.context import Context
from local.telegram.errors import bad_request
from local.telegram.keyboards import read_keyboard
from local.telegram.messages import Message
from local.telegram.params import Params
from local.telegram.rich import read_rich

MAX_DELETE_AGE_SECONDS = 48 * 3600
MEDIA = ("photo", "document")
TEXT_FIELDS = ("text", "entities")
CAPTION_FIELDS = ("caption", "caption_entities")
RICH = "rich_message"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


def _own(context: Context, params: Params) -> Message:
    if params.has("inline_message_id") and not params.has("chat_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    message = read_message(context, params, "edit")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


def _changed(
    context: Context, params: Params, message: Message, removed: tuple[str, ...], content: dict[str, Any]
) -> dict[str, Any]:
    """Put `content` in the place of the `removed` fields, the keyboard always included."""
    keyboard = read_keyboard(params, context.site_url, invoice="invoice" in message.body)
    kept = {key: value for key, value in message.body.items() if key not in (*removed, "reply_markup")}
    body = {**kept, **content, **keyboard.body()}
    if body == message.body:
        raise bad_request(NOT_MODIFIED)
    body["edit_date"] = context.timestamp()
    context.messages.replace(message, body)
    return body


def edit_message_text(context: Context, params: Params) -> dict[str, Any]:
    """`editMessageText`: of a text and of a rich message, each of which may become the other; a keyboard that is not
    sent again is gone, as in Telegram.
    """
    with context.store.transaction():
        message = _own(context, params)
        content = read_rich(context, params) if params.has("rich_message") else read_text(params)
        if "text" not in message.body and RICH not in message.body:
            raise bad_request("there is no text in the message to edit")
        return _changed(context, params, message, (*TEXT_FIELDS, RICH), content)


def edit_message_caption(context: Context, params: Params) -> dict[str, Any]:
    """`editMessageCaption`."""
    with context.store.transaction():
        message = _own(context, params)
        if not any(field in message.body for field in MEDIA):
            raise bad_request("there is no caption in the message to edit")
        return _changed(context, params, message, CAPTION_FIELDS, read_caption(params))


def edit_message_media(context: Context, params: Params) -> dict[str, Any]:
    """`editMessageMedia`: another picture and caption; a text or a rich message may become a picture."""
    content = media_fields(context, params, params.json("media"), params.files.get("media"))
    with context.store.transaction():
        message = _own(context, params)
        if "invoice" in message.body:
            raise bad_request("message can't be edited")
        return _changed(context, params, message, (*MEDIA, *CAPTION_FIELDS, *TEXT_FIELDS, RICH), content)


def edit_message_reply_markup(context: Context, params: Params) -> dict[str, Any]:
    """`editMessageReplyMarkup`."""
    with context.store.transaction():
        return _changed(context, params, _own(context, params), (), {})


def _delete(context: Context, message: Message) -> None:
    if context.timestamp() - int(message.body["date"]) > MAX_DELETE_AGE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    context.messages.delete(message)


def delete_message(context: Context, params: Params) -> bool:
    """`deleteMessage`: anyone's in a private chat, for 48 hours."""
    with context.store.transaction():
        _delete(context, read_message(context, params, "delete"))
        return True


def delete_messages(context: Context, params: Params) -> bool:
    """`deleteMessages`: missing ones are skipped."""
    person = read_person(context, params)
    numbers = params.json("message_ids")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= 100:
        raise bad_request("message identifiers are not specified")
    with context.store.transaction():
        for number in numbers:
            known = type(number) is int and abs(number) < 2**63
            message = context.messages.find(person.id, number) if known else None
            if message:
                _delete(context, message)
    return True


METHODS = {
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagemedia": edit_message_media,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
}
