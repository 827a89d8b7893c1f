"""Whether everybody was told everything: a notice covered by a newer message of its kind counts as told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from starbid.services import living
from starbid.services.notices.bids import EXTENDED, LOST, OUTBID
from starbid.services.notices.deals import DISPUTE_OPENED
from starbid.services.ports import Notice
from tests.support.fakes import FakeMessenger

Shown = dict[tuple[int, str | None, str], int]
"""The newest state that was shown, by person, lot and kind."""


def never_told(
    wanted: dict[str, Notice],
    but: int,
    told: Counter[str],
    messenger: FakeMessenger,
    waiting: set[str],
    is_past: Callable[[Notice], bool],
) -> list[str]:
    """Ids of untold notices, except those for the person `but`; `told` counts new messages by notice, and `waiting` are
    lots with an open dispute: admins need not hear of others any more. `is_past`: of which outbidding nobody need hear.
    """
    shown = _newest_shown(messenger)
    outbid, lost = _last_outbid(wanted), _lost_to_others(wanted)
    heard = {(p.id, lot) for p, n, _ in messenger.told if n.kind == DISPUTE_OPENED.name for lot in n.facts["lots"]}
    missing = (
        n
        for n in wanted.values()
        if (
            n.auction_id in waiting and (n.user_id, n.auction_id) not in heard
            if n.kind == DISPUTE_OPENED.name
            else not (told[n.id] or _is_shown(n, shown) or is_past(n) or _is_told_of_being_outbid(n, outbid, lost))
        )
    )
    return [notice.id for notice in missing if notice.user_id != but]


def _last_outbid(wanted: dict[str, Notice]) -> Shown:
    """The number of the bid that outbid a person last, by person and lot."""
    last: Shown = {}
    for notice in wanted.values():
        if notice.kind == OUTBID.name:
            key = (notice.user_id, notice.auction_id, notice.kind)
            last[key] = max(last.get(key, 0), int(notice.facts["bids"]))
    return last


def _lost_to_others(wanted: dict[str, Notice]) -> set[tuple[int, str | None]]:
    """Who hears, and about which lot, that somebody else has it."""
    return {(n.user_id, n.auction_id) for n in wanted.values() if n.kind == LOST.name and n.facts["price"]}


def _is_told_of_being_outbid(notice: Notice, outbid: Shown, lost: set[tuple[int, str | None]]) -> bool:
    """A moved end is news to who leads: who was outbid since hears that, and the end with it; who led below the reserve
    when the lot was bought hears of the sale.
    """
    if notice.kind != EXTENDED.name:
        return False
    later = outbid.get((notice.user_id, notice.auction_id, OUTBID.name), 0) > int(notice.facts["bids"])
    return later or (notice.user_id, notice.auction_id) in lost


def _newest_shown(messenger: FakeMessenger) -> Shown:
    shown: Shown = {}
    edited = [(person, notice, lot) for person, notice, lot, _ in messenger.edited]
    for person, notice, lot in (*messenger.told, *edited):
        if lot and living.is_living(notice):
            key = (person.id, notice.auction_id, notice.kind)
            shown[key] = max(shown.get(key, 0), living.state_shown(notice, lot))
    return shown


def _is_shown(notice: Notice, shown: Shown) -> bool:
    key = (notice.user_id, notice.auction_id, notice.kind)
    return living.is_living(notice) and shown.get(key, -1) >= living.state_told(notice)
