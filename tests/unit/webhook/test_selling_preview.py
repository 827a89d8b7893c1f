"""What a seller sees before a lot is put up, and the way back to it."""

from __future__ import annotations

import pytest

from tests.support.fakes import FakeApp

from .chatting import Chat, price
from .selling_chat import draft, to_preview


@pytest.fixture
def ann(anna: Chat) -> Chat:
    """She may sell."""
    return anna.join(seller=True)


def test_the_preview_names_the_category_and_the_sums_that_were_set(app: FakeApp, ann: Chat) -> None:
    to_preview(ann)
    assert "\nHome\n" in ann.words
    assert "Buy-now" not in ann.words
    for code, amount in (("bn", "900"), ("rp", "300")):
        ann.press_data(f"sl:f:{draft(app, ann).id}:{code}", None)
        ann.say(amount)
    assert f"Home · Buy-now price: {price(900)} · Reserve price: {price(300)}" in ann.words


@pytest.mark.parametrize("code", ["du", "bn", "ki", "ti", "st"])
def test_a_field_that_is_edited_from_the_preview_leads_back_to_it(app: FakeApp, ann: Chat, code: str) -> None:
    to_preview(ann)
    ann.press_data(f"sl:f:{draft(app, ann).id}:{code}", None)
    assert "Back" not in ann.buttons()
    ann.press("Back to the preview")
    assert ann.words.startswith("<b>A lamp</b>")


def test_other_goods_have_a_price_of_their_own(app: FakeApp, ann: Chat) -> None:
    """A hundred Stars are not a hundred roubles."""
    to_preview(ann)
    place = draft(app, ann).id
    ann.press_data(f"sl:f:{place}:bn", None)
    ann.say("900")
    ann.press_data(f"sl:s:{place}:go:physical", None)
    assert draft(app, ann).fields["currency"] == "RUB"
    assert not draft(app, ann).fields["buy_now_price"]
    assert "Start price" in ann.words
    ann.say("1250")
    assert "1,250.00" in ann.words
    ann.press_data(f"sl:s:{place}:go:physical", None)
    assert "1,250.00" in ann.words, "pressed again it changes nothing"
