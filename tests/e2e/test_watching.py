"""Watched lots through the local clock: told once when they begin and 15 minutes before they end; scheduled lots."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.e2e.town import Town, bid, error_of

SOON = "from your favourites ends in 15 minutes."


def test_who_watches_is_told_exactly_once_15_minutes_before_the_end(town: Town) -> None:
    title = "A watched lamp"
    lot = town.publish(title=title, duration_seconds=3600)
    assert town.anna.posts(f"/auction/{lot}/watch", {"watch": "1"}).status_code == 303
    town.boris.says("/start")
    town.boris.presses(f"w:{lot}:1")
    assert title in town.anna.web.get("/watchlist").text
    town.stack.advance(2690)
    assert [text for text in town.told(town.anna, title) if "ends in" in text] == []
    town.stack.advance(70)
    assert len([text for text in town.told(town.anna, title) if SOON in text]) == 1
    assert len([text for text in town.told(town.boris, title) if "до конца 15 минут" in text]) == 1
    assert [text for text in town.told(town.seller, title) if "favourites" in text] == []
    town.stack.advance(1000)
    assert len([text for text in town.told(town.anna, title) if "from your favourites" in text]) == 1


def test_who_stops_watching_is_told_nothing(town: Town) -> None:
    title = "A lamp that is watched no more"
    lot = town.publish(title=title, duration_seconds=1800)
    for wanted in "10":
        town.anna.posts(f"/auction/{lot}/watch", {"watch": wanted})
    town.stack.advance(1800)
    assert town.told(town.anna, title) == []


def test_an_extended_lot_is_told_before_its_new_end_only(town: Town) -> None:
    title = "A lamp that is extended"
    lot = town.publish(title=title, duration_seconds=2400, extend_seconds=3600)
    town.anna.posts(f"/auction/{lot}/watch", {"watch": "1"})
    town.stack.advance(60)
    assert bid(town.boris, lot, 300).status_code == 201  # it ends an hour from now
    town.stack.advance(1500)
    assert [text for text in town.told(town.anna, title) if SOON in text] == []
    town.stack.advance(1260)
    assert len([text for text in town.told(town.anna, title) if SOON in text]) == 1


def test_a_scheduled_lot_is_closed_to_everybody_until_its_start_and_open_from_then_on(town: Town) -> None:
    title = "A lamp for later"
    starts_at = datetime.fromtimestamp(town.anna.now() + 7200, UTC).isoformat()
    lot = town.publish(title=title, starts_at=starts_at, duration_seconds=3600, buy_now_price=5000)
    town.anna.posts(f"/auction/{lot}/watch", {"watch": "1"})
    town.stack.advance(0)
    assert error_of(bid(town.anna, lot, 100)) == (409, "not_started")
    assert "Bidding has not started yet" in town.anna.web.get(f"/auction/{lot}").text
    assert (town.anna.lot(lot)["status"], listed(town, lot)) == ("scheduled", [False, False])
    town.stack.advance(7100)
    assert listed(town, lot) == [False, False]
    town.stack.advance(100)
    assert (town.anna.lot(lot)["status"], listed(town, lot)) == ("live", [True, True])
    assert len([text for text in town.told(town.anna, title) if "from your favourites has started" in text]) == 1
    assert bid(town.boris, lot, 100).status_code == 201
    town.stack.advance(2700)
    assert len([text for text in town.told(town.anna, title) if SOON in text]) == 1


def test_a_lot_cancelled_before_its_start_never_begins(town: Town) -> None:
    title = "A lamp that never was"
    starts_at = datetime.fromtimestamp(town.anna.now() + 600, UTC).isoformat()
    lot = town.publish(title=title, starts_at=starts_at, duration_seconds=3600)
    town.anna.posts(f"/auction/{lot}/watch", {"watch": "1"})
    assert town.seller.calls(f"/auctions/{lot}/cancel").status_code in (200, 201)
    town.stack.advance(4300)
    assert error_of(bid(town.anna, lot, 100)) == (409, "auction_closed")
    assert (town.anna.lot(lot)["status"], listed(town, lot)) == ("cancelled", [False, False])
    (told,) = town.told(town.anna, title)
    assert "was withdrawn" in told


def listed(town: Town, lot: str) -> list[bool]:
    """Whether the lot is in the list of the API, and on the front page."""
    items = town.anna.web.get("/api/v1/auctions", params={"sort": "newest", "limit": 48}).json()["items"]
    return [any(item["id"] == lot for item in items), f"/auction/{lot}" in town.anna.web.get("/?sort=newest").text]
