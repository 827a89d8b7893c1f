"""What of a price box depends on the kind of auction: a class for each way to sell, a registry for all kinds.

A new kind has its line in `KIND_BOXES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starbid.services.views import LotView
from web.lot.price_box.dutch import FallingBox
from web.lot.price_box.english import RisingBox
from web.lot.price_box.sealed import SealedBox

KIND_BOXES: Final[Mapping[str, RisingBox]] = {
    "english": RisingBox(),
    "dutch": FallingBox(),
    "sealed": SealedBox(),
    "vickrey": SealedBox(),
}


def box_of(view: LotView) -> RisingBox:
    """What the kind of this lot draws."""
    return KIND_BOXES[view.kind.name]
