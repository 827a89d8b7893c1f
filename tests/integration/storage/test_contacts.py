"""Where people are reached: the fake, DynamoDB as moto has it, and the emulator do the same."""

from __future__ import annotations

from starbid.services.ports import Contact
from tests.support.factories import ANNA, BORIS
from tests.support.fake_clock import START
from tests.support.fakes import StagedApp


def contact(who: int, place: str, **facts: object) -> Contact:
    return Contact(who, place, facts, START)


def test_a_person_is_reached_where_they_said_and_nobody_else_is(any_app: StagedApp) -> None:
    contacts = any_app.contacts
    mine = [contact(ANNA, "email", address="anna@example.org"), contact(ANNA, "push#1", keys=["🔑", 1])]
    for each in (*reversed(mine), contact(BORIS, "push#1")):
        contacts.put(each)
    assert contacts.of(ANNA) == mine
    assert contacts.one(ANNA, "push#1") == mine[1]
    assert contacts.one(BORIS, "email") is None


def test_a_place_is_changed_and_left(any_app: StagedApp) -> None:
    contacts = any_app.contacts
    contacts.put(contact(ANNA, "email", address="old@example.org"))
    contacts.put(contact(ANNA, "email", address="new@example.org"))
    assert [each.facts["address"] for each in contacts.of(ANNA)] == ["new@example.org"]
    for _ in range(2):
        contacts.drop(ANNA, "email")
    assert contacts.of(ANNA) == []


def test_what_is_renewed_is_what_is_still_there(any_app: StagedApp) -> None:
    contacts = any_app.contacts
    contacts.renew(contact(ANNA, "push#1", used=1))
    assert contacts.of(ANNA) == []
    contacts.put(contact(ANNA, "push#1", used=1))
    contacts.renew(contact(ANNA, "push#1", used=2))
    assert [each.facts["used"] for each in contacts.of(ANNA)] == [2]
