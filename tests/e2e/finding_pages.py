"""Pages that help to find lots, as people see them in each state."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.e2e.pages import Walk


def visit(walk: Walk, lot_id: str) -> None:
    """With a lot on sale; the lists have caught up."""
    anna = walk.town.anna
    walk.looks((anna, "/my/searches"), state="at first")
    for form in ({"q": "a lamp <b>"}, {"category": "art", "type": "dutch", "min_price": "10"}):
        assert anna.posts("/my/searches", form).status_code == 303
    silent = anna.web.get("/my/searches").text.partition('action="/my/searches/')[2].partition("/")[0]
    assert anna.posts(f"/my/searches/{silent}/tell", {"on": "0"}).status_code == 303
    walk.looks((anna, "/my/searches"), (anna, "/?q=lapm"), (None, "/?q=lapm"), (None, "/?category=other"))
    walk.looks((anna, f"/auction/{lot_id}/related"), (None, f"/seen?ids={lot_id}"))
    assert anna.posts("/watchlist/calendar", {"do": "renew"}).status_code == 303
    walk.looks((anna, "/watchlist"), state="with a calendar")
