"""The time zone of one who says when a lot ends or starts: chosen on the way, and back to the question."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starbid.services.ports import SellDraft
from starbid.telegram.keyboards import Button
from starbid.telegram.updates import Said
from starbid.zones import name_of
from webhook import asking, callback_data
from webhook.conversation import Conversation
from webhook.questions import Question
from webhook.registry import screens
from webhook.screens import zones
from webhook.screens.selling_fields import TIMES, draft_id, field_of
from webhook.screens.selling_setting import ask_field


@dataclass(frozen=True)
class AskCity(Question):
    """Which city has the same time? `code`: the field that is asked for after that."""

    name = "sell-zone"
    draft: str
    code: str

    @property
    def again(self) -> str:
        return f"sl:z:{self.draft}:{self.code}:{zones.OTHER}"


def press(chat: Conversation, args: list[str]) -> None:
    """`<draft>:<field>`: the choice; with a zone's name: that one; with `other`: to be written. Raises Garbled,
    DraftGone.
    """
    written, code, *rest = args if len(args) > 1 else ["", ""]
    draft = chat.app.drafts.opened(chat.person.id, draft_id(written), chat.now)
    if field_of(code) not in TIMES:
        raise callback_data.Garbled
    if not rest:
        place = f"{draft.id}:{code}"
        back = (Button(chat.words._("Back"), f"sl:f:{place}"),)
        zones.show_choice(chat, lambda name: f"sl:z:{place}:{name}", back)
        return
    (name,) = callback_data.parts(rest, 1)
    if name == zones.OTHER:
        asking.ask(chat, AskCity(draft.id, code), zones.city_question(chat))
        return
    zones.take_pressed(chat, name)
    _back(chat, draft, code)


@screens.answer(AskCity)
def answer(chat: Conversation, question: AskCity, said: Said) -> None:
    """A city or a zone's name. Raises Invalid, DraftGone."""
    draft = chat.app.drafts.opened(chat.person.id, question.draft, chat.now)
    zones.take_written(chat, said.text)
    _back(chat, draft, question.code)


def _back(chat: Conversation, draft: SellDraft, code: str) -> None:
    """The question again. A start that was named before stays the moment that it was."""

    def step(kept: SellDraft) -> SellDraft:
        if kept.fields.get("starts_at"):
            return kept
        return replace(kept, fields={**kept.fields, "starts_zone": name_of(chat.words.zone) or "UTC"})

    ask_field(chat, chat.app.drafts.change(chat.person.id, draft.id, step, chat.now), field_of(code))
