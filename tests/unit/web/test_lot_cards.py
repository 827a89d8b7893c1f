"""Cards of lots in lists: kept from one page to the next, and never older than what they tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.i18n import language
from tests.support.factories import xtr
from tests.support.fakes import START
from web.shared import rendering
from web.shared.cards import LotCard, Standing

CARD = LotCard(
    id="lamp",
    title="A <lamp>",
    picture=None,
    category="home",
    price=xtr(1250),
    means="current bid",
    starts_at=None,
    ends_at=START + timedelta(hours=3),
    bids="2 bids",
    kind="English",
)


class Page:
    def __init__(self, **later: float) -> None:
        self.now = START + timedelta(**later)


def drawn(card: LotCard, code: str = "en", **later: float) -> str:
    words = language(code)
    template = rendering.environment().from_string("{{ lot_card(card) }}")
    return template.render(words=words, _=words._, card=card, page=Page(**later))


@pytest.fixture(autouse=True)
def draws(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows with each card that is not taken from what was kept."""
    rendering._drawn.cache_clear()
    made, parts = list[str](), rendering._parts

    def noted(code: str) -> Any:
        made.append(code)
        return parts(code)

    monkeypatch.setattr(rendering, "_parts", noted)
    return made


def test_a_card_that_says_the_same_is_drawn_once(draws: list[str]) -> None:
    assert drawn(CARD, seconds=5) == drawn(replace(CARD), seconds=5) == drawn(CARD, seconds=20)
    assert draws == ["en"]


@pytest.mark.parametrize("change", [
    {"price": xtr(1300)}, {"bids": "3 bids"}, {"means": "starts at"}, {"title": "Another"}, {"picture": "0" * 32},
    {"standing": Standing("good", "you lead")}, {"ends_at": START + timedelta(hours=4)},
])  # fmt: skip
def test_whatever_a_card_tells_is_told_anew_when_it_changes(change: dict[str, object]) -> None:
    assert drawn(CARD) != drawn(replace(CARD, **change))  # type: ignore[arg-type]


def test_the_time_left_goes_on() -> None:
    assert "3 h 0 min" in drawn(CARD)
    assert "2 h 59 min" in drawn(CARD, minutes=1)
    assert "time last" in drawn(CARD, hours=2, minutes=59, seconds=30)
    assert "ended" in drawn(CARD, hours=3)


def test_every_language_has_its_own() -> None:
    assert drawn(CARD) != drawn(CARD, "ru")
    assert drawn(CARD) == drawn(CARD)


def test_one_that_has_not_begun_tells_when_it_does() -> None:
    begins = replace(CARD, starts_at=START + timedelta(minutes=5))
    assert "starts in" in drawn(begins)
    assert "5:00" in drawn(begins)


def test_a_title_stays_text() -> None:
    assert "<lamp>" not in drawn(CARD)
    assert "A &lt;lamp&gt;" in drawn(CARD)


def test_one_standing_is_not_shown_to_another() -> None:
    assert "you lead" in drawn(replace(CARD, standing=Standing("good", "you lead")))
    assert "you lead" not in drawn(CARD)
