"""Lots to be drawn and told of, and what is in their keyboards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from starbid.domain.closing import close
from starbid.domain.lots import Lot
from starbid.i18n import language
from starbid.services.settings import Business
from starbid.telegram.keyboards import Keyboard
from tests.support.factories import auction, bids, card, terms, wallet
from tests.support.fakes import START, make_app

SETTINGS = make_app().settings
HORRID = "<b>&😀" * 16
RU, EN = language("ru"), language("en")


def lot(*placed: tuple[int, int], reserve: int | None = None, buy_now: int | None = None, **changes: Any) -> Lot:
    made = bids(auction(terms(100, step=10, reserve=reserve, buy_now=buy_now)), *placed)
    return Lot(made, card(**changes))


def sold(*placed: tuple[int, int]) -> Lot:
    before = lot(*placed)
    winner = before.auction.leader_id
    assert winner
    done = close(before.auction, wallet(winner), 5, Business().deal_times, START + timedelta(hours=1))
    return replace(before, auction=done.auction, deal=done.deal)


def data(keyboard: Keyboard) -> list[list[str]]:
    return [[button.data or button.url or button.app or "" for button in row] for row in keyboard]
