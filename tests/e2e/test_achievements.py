"""Achievements through the real streams: log, achiever, outbox, notifier, sender, chat."""

from __future__ import annotations

from tests.e2e.town import Town, bid


def test_a_first_bid_is_told_once_and_stands_in_the_list(town: Town) -> None:
    lot = town.publish(title="A lamp for beginners")
    for amount in (100, 200, 300):
        assert bid(town.anna, lot, amount).status_code == 201
    assert town.told(town.anna, "🏅") == [
        "🏅 Achievement: <b>First bid</b>\nYour first bid on a lot.",
    ]
    assert len(town.told(town.seller, "<b>First lot</b>")) == 1
    town.stack.advance(1200)
    assert len(town.told(town.anna, "<b>First win</b>")) == 1
    town.anna.says("/achievements")
    assert town.bot.messages_to(town.anna.id)[-1].startswith("<b>Achievements</b> · 2 of 16\n🏅 <b>First win</b> · ")
    assert town.told(town.boris, "🏅") == []
