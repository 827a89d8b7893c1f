"""The first question of the form of a lot: is it sent by a message, or by post?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starbid.domain.lots import GOODS
from starbid.domain.money import CURRENCIES
from starbid.i18n import Language


@dataclass(frozen=True)
class GoodsChoice:
    """What can be sold, in which of the currencies, and what that means for the seller."""

    value: str
    label: str
    line: str
    chosen: bool


def goods_choices(chosen: str, currencies: Sequence[str], words: Language) -> tuple[GoodsChoice, ...]:
    _ = words._
    labels = {"digital": _("Something digital"), "physical": _("A thing to send")}
    lines = {
        "digital": _("A code, a link, a file, a service. The buyer gets it in a message."),
        "physical": _("You send it to the address that the buyer gives after the sale."),
    }

    def priced_in(goods: str) -> str:
        signs = (CURRENCIES[code].sign for code in currencies if CURRENCIES[code].goods == goods)
        return _("Price in {signs}.", signs=", ".join(signs))

    return tuple(
        GoodsChoice(goods, labels[goods], f"{lines[goods]} {priced_in(goods)}", goods == chosen) for goods in GOODS
    )
