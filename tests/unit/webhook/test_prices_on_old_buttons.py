"""A price on a button of a draft is in the currency that stands on it, whatever the draft is priced in by now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from starbid.domain.lot_form import filled
from starbid.i18n import language
from starbid.services.ports import SellDraft, is_draft_id
from starbid.telegram.keyboards import Button
from tests.support.fakes import FakeApp
from webhook.screens.selling_fields import CODE_OF
from webhook.screens.selling_options import rows

from .chatting import Chat
from .selling_chat import draft, to_preview

OLD = "This button is old."


@pytest.fixture
def ann(anna: Chat) -> Chat:
    """She may sell."""
    return anna.join(seller=True)


def asked(chat: Chat, code: str) -> dict[str, Any]:
    """The question of a field, as it stands in the chat."""
    chat.press_data(f"sl:f:{draft(chat.app, chat).id}:{code}", None)
    return dict(chat.last)


def sends(chat: Chat, goods: str) -> None:
    chat.press_data(f"sl:s:{draft(chat.app, chat).id}:go:{goods}", None)


def start_price(chat: Chat) -> str:
    return draft(chat.app, chat).fields.get("start_price", "")


def test_a_price_in_stars_is_no_price_in_roubles(app: FakeApp, ann: Chat) -> None:
    to_preview(ann)
    in_stars = asked(ann, "sp")
    ann.say("700")
    sends(ann, "physical")
    ann.press("⭐\u202f500", in_stars)
    assert start_price(ann) == ""
    assert ann.toasts()[-1].startswith(OLD)


def test_a_price_in_roubles_is_no_price_in_stars(app: FakeApp, ann: Chat) -> None:
    to_preview(ann)
    sends(ann, "physical")
    in_roubles = dict(ann.last)
    sends(ann, "digital")
    ann.press("₽500.00", in_roubles)
    assert start_price(ann) == ""
    assert ann.toasts()[-1].startswith(OLD)


@pytest.mark.parametrize(
    ("goods", "label", "typed"), [("digital", "⭐\u202f500", "500"), ("physical", "₽500.00", "500")]
)
def test_a_price_in_the_currency_of_the_draft_is_taken_and_marked(
    app: FakeApp, ann: Chat, goods: str, label: str, typed: str
) -> None:
    to_preview(ann)
    sends(ann, goods)
    asked(ann, "sp")
    ann.press(label)
    assert start_price(ann) == typed
    asked(ann, "sp")
    assert f"✓ {label}" in ann.buttons()


@pytest.mark.parametrize("value", ["500", "500EUR", "500XXX", "500xtr", "XTR", "-5XTR", "1e3XTR", "99999999999999XTR"])
def test_a_price_whose_currency_nobody_knows_is_none(app: FakeApp, ann: Chat, value: str) -> None:
    """Buttons of an older version carry the number alone."""
    to_preview(ann)
    ann.press_data(f"sl:s:{draft(app, ann).id}:sp:{value}", None)
    assert start_price(ann) == "100"
    assert ann.toasts()[-1].startswith(OLD)


@pytest.mark.parametrize("says", ["⭐\u202f500", "700"])
def test_a_price_that_meets_a_change_of_the_currency_is_asked_for_in_the_new_one(
    app: FakeApp, ann: Chat, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_preview(ann)
    in_stars = asked(ann, "sp")
    exchange, faster = app.sell_drafts.exchange, [{"goods": "physical", "currency": "RUB", "start_price": ""}]

    def slower(person_id: int, known: SellDraft, changed: SellDraft, now: Any) -> bool:
        if faster:
            exchange(person_id, known, replace(known, fields={**known.fields, **faster.pop()}), now)
        return exchange(person_id, known, changed, now)

    monkeypatch.setattr(app.sell_drafts, "exchange", slower)
    if says == "700":
        ann.say(says)
    else:
        ann.press(says, in_stars)
    assert (draft(app, ann).fields["currency"], start_price(ann)) == ("RUB", "")
    assert "₽500.00" in ann.buttons()


def test_another_currency_alone_leaves_no_price_either(app: FakeApp, ann: Chat) -> None:
    """The site keeps a form as it is filled in: here goods that are sent, still priced in Stars."""
    to_preview(ann)
    app.drafts.change(ann.id, draft(app, ann).id, with_fields(goods="physical"), app.now())
    ann.press_data(f"sl:s:{draft(app, ann).id}:cu:RUB", None)
    assert (draft(app, ann).fields["currency"], start_price(ann)) == ("RUB", "")


def test_a_currency_that_does_not_exist_is_asked_about_and_offers_no_prices(app: FakeApp, ann: Chat) -> None:
    to_preview(ann)
    app.drafts.change(ann.id, draft(app, ann).id, with_fields(currency="XXX"), app.now())
    assert not [label for label in ann.buttons(asked(ann, "sp")) if "500" in label]
    assert ann.say("700") == 200
    assert start_price(ann) == "100"


def with_fields(**fields: str) -> Any:
    return lambda kept: replace(kept, fields={**kept.fields, **fields})


@pytest.mark.parametrize("currency", ["XTR", "RUB", "USD", "EUR"])
def test_the_longest_button_of_a_price_fits_into_64_bytes(app: FakeApp, ann: Chat, currency: str) -> None:
    to_preview(ann)
    longest = replace(draft(app, ann), request_id="d" * 32, fields=filled({"currency": currency}))
    assert is_draft_id(longest.id)
    chat: Any = type("Chat", (), {"words": language("ru"), "app": app, "now": app.now()})
    for field in CODE_OF:
        made: list[tuple[Button, ...]] = list(rows(chat, longest, field))
        assert all(len((button.data or "").encode()) <= 64 for row in made for button in row)
