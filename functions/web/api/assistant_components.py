"""The shapes of bodies about the helper, for the OpenAPI document."""

from __future__ import annotations

from starbid.domain.assistant.packs import MOST_CHANGE
from starbid.domain.assistant.question import LONGEST_QUESTION, State
from starbid.domain.audit_trail import REASON_LENGTH
from web.api.schemas import FLAG, TIME, Schema, maybe, obj, one_of, page_of, text, whole

_ID = text(pattern="^[0-9a-z]{17}$")
_ORDER = text(pattern="^[0-9a-f]{16}$")
_LEFT: Schema = {**obj({"left": whole(0), "until": TIME}), "type": ["object", "null"]}
_CREDITS: Schema = {
    "trial": {**_LEFT, "description": "Null before it is started and once its time is over."},
    "quota": {**_LEFT, "description": "Null without a subscription."},
    "credits": {**whole(0), "description": "1 credit is 1 answer. Used after trial and quota."},
}


def of_assistant(person: Schema) -> Schema:
    """`person`: what /me tells."""
    message = {
        "id": _ID,
        "status": one_of(State),
        "question": text(),
        "answer": {**maybe("string"), "description": "Markdown. Null until there is one, and where there is none."},
        "created_at": TIME,
    }
    change = {
        "user_id": {**whole(1), "description": "In Telegram."},
        "change": {**whole(-MOST_CHANGE, MOST_CHANGE), "not": {"const": 0}},
        "reason": text(minLength=1, maxLength=REASON_LENGTH),
    }
    return {
        "Nothing": {"type": "object"},
        "Registration": {"type": "object", "properties": {"consent": FLAG}},
        "Registered": obj({"registered": FLAG}),
        "NewMessage": obj({"text": text(minLength=1, maxLength=LONGEST_QUESTION)}),
        "QueuedMessage": obj({"id": _ID, "status": one_of((State.QUEUED,))}),
        "Message": obj(message),
        "Messages": page_of(message),
        "Stop": obj({"id": _ID}),
        "Stopped": obj({"stopped": FLAG}),
        "Credits": obj(_CREDITS),
        "CreditsChange": obj(change),
        "NewPayment": obj({"pack": {**whole(1), "description": "How many credits."}}),
        "Payment": obj({"order_id": _ORDER, "link": text(description="Where it is paid in Telegram.")}),
        "PaidOrder": obj({"order_id": _ORDER}),
        "Profile": obj({**person, "consent": FLAG, "consent_at": maybe("string"), "credits": obj(_CREDITS)}),
    }
