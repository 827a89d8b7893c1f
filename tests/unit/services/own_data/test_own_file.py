"""The file of a person's own data: one JSON document with all of it, and nothing of anybody else."""

from __future__ import annotations

import itertools
import json
from contextlib import suppress
from typing import Any

import pytest

from starbid.domain.audit_trail import Operator
from starbid.domain.errors import TooOften
from starbid.domain.exports import KEPT_FOR, LEASE, ExportGone, ExportNotReady, NoSuchExport, State
from starbid.domain.roles import Role
from starbid.services.exports import making
from starbid.services.exports.making import ExportMaking
from starbid.services.exports.records import own_id
from starbid.services.own_data import interests, kind, money, records, trade
from tests.support import fake_exports
from tests.support.a_life import EMAIL, lived
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import START, Death, FakeApp, make_app
from tests.support.mortal import Fate, Mortal
from tests.support.there import there
from tests.unit.services.exports.exporting import make

FILE = f"files/{own_id(ANNA)}.json"


@pytest.fixture
def in_small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """One thing a step, few bytes a part."""
    monkeypatch.setattr(making, "PART", 300)
    monkeypatch.setattr(fake_exports, "LEAST_PART", 300)
    for module in (interests, money, records):
        monkeypatch.setattr(module, "AT_ONCE", 1)
    monkeypatch.setattr(trade, "LOTS_AT_ONCE", 1)
    monkeypatch.setattr(trade, "TALK_AT_ONCE", 1)
    monkeypatch.setattr(records, "TICKETS_AT_ONCE", 1)


def made(app: FakeApp) -> dict[str, Any]:
    app.own_exports.ask(ANNA, app.now())
    make(app, own_id(ANNA))
    document: dict[str, Any] = json.loads(app.export_files.files[FILE])
    return document


def test_all_of_a_life_is_in_it() -> None:
    app = lived()
    found = made(app)
    assert list(found) == [each.key for each in app.own_data]
    empty = [key for key, entries in found.items() if not entries]
    assert empty == ["bills", "payouts"]
    text = json.dumps(found)
    for word in (
        "name",
        "user",
        "lot",
        "words as a seller",
        "words as a buyer",
        "phone",
        "token",
        "search",
        "draft",
        "laptop",
        "refund",
    ):
        assert f"mine-{word}" in text or f"mine_{word}" in text
    for word in (EMAIL, "mine-question", "mine-answer", "mine-ticket"):
        assert word in text


def test_nothing_of_another_person_is_in_it() -> None:
    app = lived()
    text = json.dumps(made(app))
    assert "theirs-name" not in text
    assert "theirs_user" not in text
    assert "theirs-words" not in text
    assert "theirs-act" not in text
    assert app.store.tables.people[BORIS].public_id not in text


def test_nothing_secret_is_in_it() -> None:
    app = lived()
    text = json.dumps(made(app))
    assert "d" * 64 not in text  # the digest of a token
    (session,) = app.sessions.kept(ANNA, app.now())
    assert session.id not in text
    assert session.nonce not in text
    assert there(app.watch_calendars.secret(app.store.tables.people[ANNA])) not in text
    assert app.contacts.of(ANNA)[-1].facts["secret"] not in text


def test_when_things_were_set_up_is_told() -> None:
    app = lived()
    set_up, found = START.isoformat(), made(app)
    assert found["profile"][0]["calendar_address_since"] == set_up
    assert found["sessions"] == [{"device": "mine-laptop", "in_telegram": False, "since": set_up, "last_seen": set_up}]


def test_money_is_in_minor_units_and_every_movement_of_it_is_there() -> None:
    found = made(lived())
    assert found["wallets"] == [
        {
            "currency": "XTR",
            "available": {"amount": 890, "currency": "XTR"},
            "frozen": {"amount": 0, "currency": "XTR"},
            "owed": {"amount": 0, "currency": "XTR"},
        }
    ]
    assert sum(each["change"]["amount"] for each in found["movements"]) == 890


def test_a_large_one_is_the_same_document_in_parts(in_small_parts: None) -> None:
    app = lived()
    found = made(app)
    assert len(app.export_files.files[FILE]) > 2000
    assert app.export_files.uploads == {}
    assert [key for key, entries in found.items() if not entries] == ["bills", "payouts"]
    assert len(found["movements"]) == 3


def test_killed_between_any_two_calls_it_is_whole_all_the_same(in_small_parts: None) -> None:
    app = lived()
    whole = made(app)
    for moment in itertools.count():
        app.clock.forward(hours=9)
        fate = Fate(moment)
        app.own_exports.ask(ANNA, app.now())
        desk, files, work = (Mortal(port, fate) for port in (app.desk, app.export_files, app.desk_work))
        with suppress(Death):
            ExportMaking(desk, files, app.own_document, work, app.now).make(own_id(ANNA), lambda: False)
            make(app, own_id(ANNA))
        app.clock.forward(seconds=int(LEASE.total_seconds()))
        make(app, own_id(ANNA))
        again = json.loads(app.export_files.files.pop(FILE))
        assert {key: len(entries) for key, entries in again.items()} == {
            key: len(entries) for key, entries in whole.items()
        }, fate.last
        if not fate.was_met:
            break
    assert moment > 5


def test_who_has_nothing_gets_a_document_all_the_same() -> None:
    app = make_app()
    join(app, ANNA)
    found = made(app)
    assert len(found["profile"]) == 1
    assert not any(entries for key, entries in found.items() if key not in ("profile", "events"))


def test_of_two_presses_one_file_comes() -> None:
    app = lived()
    first = app.own_exports.ask(ANNA, app.now())
    assert app.own_exports.ask(ANNA, app.now()) == first
    make(app, own_id(ANNA))
    assert len(app.export_files.files) == 1


def test_eight_files_a_day_are_enough() -> None:
    app = lived()
    for _ in range(8):
        made(app)
    with pytest.raises(TooOften):
        app.own_exports.ask(ANNA, app.now())
    app.clock.forward(days=1)
    assert made(app)


def test_the_file_is_there_for_a_day_and_only_once_it_is_made() -> None:
    app = lived()
    with pytest.raises(NoSuchExport):
        app.own_exports.link(ANNA, app.now())
    app.own_exports.ask(ANNA, app.now())
    with pytest.raises(ExportNotReady):
        app.own_exports.link(ANNA, app.now())
    make(app, own_id(ANNA))
    assert FILE in app.own_exports.link(ANNA, app.now())
    app.clock.forward(seconds=int(KEPT_FOR.total_seconds()))
    with pytest.raises(ExportGone):
        app.own_exports.link(ANNA, app.now())


def test_nobody_else_fetches_it_not_even_an_owner() -> None:
    app = lived()
    made(app)
    with pytest.raises(NoSuchExport):
        app.own_exports.link(BORIS, app.now())
    owner = Operator(900, Role.OWNER, "127.0.0.1")
    with pytest.raises(NoSuchExport):
        app.exports.find(owner, own_id(ANNA), app.now())
    with pytest.raises(NoSuchExport):
        app.exports.link(owner, own_id(ANNA), app.now())
    assert app.exports.page(owner, app.now()).items == ()


def test_one_that_stood_still_goes_on_when_it_is_asked_for_again() -> None:
    app = lived()
    app.own_exports.ask(ANNA, app.now())
    app.desk_work.asked.clear()  # the message was lost
    app.clock.forward(seconds=int(LEASE.total_seconds()))
    assert app.own_exports.one(ANNA, app.now()).is_stuck(app.now())
    assert app.own_exports.ask(ANNA, app.now()).state is State.WAITING
    assert app.desk_work.asked == [("export", {"id": own_id(ANNA)}, 0)]


def test_what_json_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError):
        kind.plain(object())
