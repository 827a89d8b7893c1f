"""What is offered to press while a lot is filled in leads to a preview, and what contradicts it is refused at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.kinds import KINDS
from starbid.domain.lots import GOODS
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY
from starbid.i18n import language
from starbid.services.ports import SellDraft
from tests.support.fakes import FakeApp
from webhook.screens.selling_fields import pending
from webhook.screens.selling_options import field_values, options

from .chatting import Chat
from .selling_chat import chat_data, draft, lots, to_preview


@pytest.fixture
def ann(anna: Chat) -> Chat:
    """She may sell."""
    return anna.join(seller=True)


@pytest.fixture(scope="module", params=[code for code in CURRENCIES if code != DEFAULT_CURRENCY])
def asked(request: Any) -> Any:
    """A chat, as far as offers ask it, where things are sold in one of the currencies."""
    app = FakeApp({"TOPUP_CURRENCY": request.param})
    return type("Chat", (), {"words": language("en"), "app": app, "now": app.now()})


def answered(chat: Any, begun: SellDraft) -> Iterator[SellDraft]:
    """All drafts that come of pressing whatever is offered, field by field."""
    field = pending(chat, begun)
    if field is None:
        yield begun
        return
    for value in options(chat, begun, field):
        yield from answered(chat, replace(begun, fields={**begun.fields} | field_values(field, value)))


def began(chat: Any, kind: str, goods: str, **more: str) -> SellDraft:
    (currency,) = [code for code in chat.app.settings.business.currencies if CURRENCIES[code].goods == goods]
    fields = {"title": "A lamp", "description": "It shines.", "category": "home", "goods": goods, "type": kind}
    return SellDraft("d" * 32, {**fields, "currency": currency, **more}, (), (), chat.now)


def require_sound(chat: Any, ready: SellDraft) -> None:
    """Raises InvalidFields where its preview would have a fault to tell."""
    chat.app.draft_publishing.read(ready, chat.now)


@pytest.mark.parametrize("goods", GOODS)
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_pressed_leads_to_a_preview_without_a_fault(asked: Any, kind: str, goods: str) -> None:
    made = list(answered(asked, began(asked, kind, goods)))
    assert len(made) > 10
    for ready in made:
        require_sound(asked, ready)


@pytest.mark.parametrize("goods", GOODS)
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_pressed_among_more_options_leads_there_too(asked: Any, kind: str, goods: str) -> None:
    for start in ("1", "37", "100"):
        ready = next(answered(asked, began(asked, kind, goods, start_price=start, floor_price="1")))
        for field in (*KINDS[kind].fields, "start_price"):
            offered = options(asked, ready, field)
            assert offered or field == "start_price" or (field, start) == ("floor_price", "1"), field
            changed = [replace(ready, fields={**ready.fields, **field_values(field, value)}) for value in offered]
            for one in changed:
                require_sound(asked, one)
            ready = changed[-1] if changed else ready


def to_falling(chat: Chat, *answers: str) -> None:
    """From /sell through the questions of a falling price."""
    chat.say("/sell")
    chat.press("Without photos")
    for said in ("A lamp", "It shines."):
        chat.say(said)
    for part in (":ca:home", ":go:digital", ":ki:dutch"):
        chat.press(chat_data(chat, part))
    for said in answers:
        chat.say(said)


def test_the_lowest_price_is_offered_below_the_start_price(ann: Chat) -> None:
    to_falling(ann, "10")
    assert [label for label in ann.buttons() if "⭐" in label] == ["⭐\u202f1", "⭐\u202f2", "⭐\u202f5"]


def test_a_lowest_price_above_the_start_is_refused_when_it_is_written(app: FakeApp, ann: Chat) -> None:
    to_falling(ann, "10", "500")
    assert ann.words.startswith("It cannot be above the start price (⭐\u202f10).")
    assert "Start price" in ann.buttons()
    assert "floor_price" not in draft(app, ann).fields
    ann.say("10")
    assert "How much does the price drop" in ann.words


def test_a_duration_in_which_the_price_does_not_reach_its_lowest_is_neither_offered_nor_taken(
    app: FakeApp, ann: Chat
) -> None:
    to_falling(ann, "100", "10", "1")
    assert [label for label in ann.buttons() if "hour" in label or "day" in label] == ["1 day", "3 days", "7 days"]
    ann.press_data(f"sl:s:{draft(app, ann).id}:du:3600", None)
    assert ann.words.startswith("Price drops by: with these steps the price does not reach the lowest price")
    assert {"Size of a drop", "How often it drops", "Lowest price", "Start price"} <= set(ann.buttons())
    assert not draft(app, ann).fields.get("duration_seconds")
    ann.press("How often it drops")
    ann.press("5 minutes")
    ann.press("12 hours")
    ann.press("Publish")
    assert lots(app)[0].auction.duration == timedelta(hours=12)


def test_an_end_that_is_written_is_held_against_the_steps_too(app: FakeApp, ann: Chat) -> None:
    to_falling(ann, "100", "10", "1", "in 2 hours")
    assert ann.words.startswith("Price drops by: with these steps")
    assert "Size of a drop" in ann.buttons()


def test_a_start_price_above_the_reserve_names_the_reserve(app: FakeApp, ann: Chat) -> None:
    to_preview(ann)
    ann.press("More options")
    ann.press("Reserve price")
    assert [label for label in ann.buttons() if "⭐" in label] == ["⭐\u202f150", "⭐\u202f200", "⭐\u202f300"]
    ann.press("⭐\u202f150")
    ann.press("Start price")
    assert "⭐\u202f250" not in ann.buttons()
    ann.say("700")
    assert ann.words.startswith("Reserve price: it cannot be below the start price (⭐\u202f700).")
    assert draft(app, ann).fields["start_price"] == "100"
    ann.press("Reserve price")
    ann.press("Without it")
    ann.press("Start price")
    ann.say("700")
    assert "Publish" in ann.buttons()


def test_a_contradiction_of_the_site_is_no_reason_to_refuse_another_field(app: FakeApp, ann: Chat) -> None:
    to_preview(ann)
    site = {"reserve_price": "20", "buy_now_price": ""}
    app.drafts.change(ann.id, draft(app, ann).id, lambda kept: replace(kept, fields={**kept.fields} | site), app.now())
    ann.press_data(f"sl:f:{draft(app, ann).id}:bs", None)
    ann.say("7")
    assert draft(app, ann).fields["bid_step"] == "7"
    assert "cannot be below the start price" in ann.words


def test_a_kind_whose_former_prices_do_not_go_with_the_start_asks_for_them_again(app: FakeApp, ann: Chat) -> None:
    to_falling(ann, "100", "50", "10")
    ann.press("1 day")
    for label in ("More options", "Type", "Auction", "Start price"):
        ann.press(label)
    ann.say("20")
    for label in ("More options", "Type", "Price drops"):
        ann.press(label)
    assert ann.words.startswith("Lowest price")
    assert draft(app, ann).fields["floor_price"] == ""
