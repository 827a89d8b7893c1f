"""Records of the operator's side, and the audit trail: the same for every store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.audit_trail import Operator, decided
from starbid.domain.errors import Invalid
from starbid.domain.roles import Role
from starbid.services.ports import ConditionFailed, DeskRow
from tests.support.factories import ANNA
from tests.support.fakes import START, StagedApp

ROW = DeskRow("note#1", "a", {"text": "hello", "count": 2, "tags": ["x"]})
ENTRY = decided(Operator(900, Role.OWNER, "127.0.0.1"), "spam", "k1", START).entry("block", user_id=ANNA, after="yes")


def test_a_row_is_found_as_it_was_saved(any_app: StagedApp) -> None:
    assert any_app.desk.row("note#1", "a", START) is None
    row = replace(ROW, listed=("notes", START), expires_at=START + timedelta(days=1))
    assert any_app.desk.save(row)
    assert any_app.desk.row("note#1", "a", START) == row


def test_a_version_is_written_once(any_app: StagedApp) -> None:
    desk = any_app.desk
    assert desk.save(ROW)
    assert not desk.save(ROW)
    second = replace(ROW, version=2, facts={"text": "changed"})
    assert desk.save(second)
    assert not desk.save(replace(second, facts={"text": "late"}))
    assert desk.row("note#1", "a", START) == second


def test_a_unit_writes_it_with_other_things_or_not_at_all(any_app: StagedApp) -> None:
    unit = any_app.store.unit()
    unit.save_row(ROW)
    unit.audit(ENTRY)
    unit.commit()
    again = any_app.store.unit()
    again.save_row(replace(ROW, version=2))
    again.audit(ENTRY)
    with pytest.raises(ConditionFailed) as done:
        again.commit()
    assert done.value.blames("audit")
    assert done.value.current("audit") == ENTRY
    stale = any_app.store.unit()
    stale.save_row(replace(ROW, version=3))
    with pytest.raises(ConditionFailed) as refused:
        stale.commit()
    assert refused.value.current("row") == ROW


def test_what_has_expired_is_not_there(any_app: StagedApp) -> None:
    end = START + timedelta(days=1)
    any_app.desk.save(replace(ROW, listed=("notes", START), expires_at=end))
    before = end - timedelta(seconds=1)
    assert any_app.desk.row("note#1", "a", before)
    assert any_app.desk.rows("note#1", before).items
    assert any_app.desk.listed("notes", before).items
    assert any_app.desk.row("note#1", "a", end) is None
    assert any_app.desk.rows("note#1", end).items == ()
    assert any_app.desk.listed("notes", end).items == ()


@pytest.mark.parametrize("backward", [False, True])
def test_groups_and_lists_come_page_by_page_in_their_order(any_app: StagedApp, backward: bool) -> None:
    desk = any_app.desk
    for number in range(5):
        listed = ("notes", START + timedelta(hours=5 - number))
        desk.save(DeskRow("note#1", f"m{number}", {}, listed=listed))
    desk.save(DeskRow("note#2", "m9", {}))
    found, cursor = list[str](), None
    while True:
        page = desk.rows("note#1", START, limit=2, cursor=cursor, backward=backward)
        found, cursor = [*found, *(row.member for row in page.items)], page.cursor
        if cursor is None:
            break
    assert found == sorted((f"m{number}" for number in range(5)), reverse=backward)
    in_list = [row.member for row in desk.listed("notes", START, backward=backward).items]
    assert in_list == sorted(in_list, reverse=not backward)
    with pytest.raises(Invalid):
        desk.rows("note#1", START, cursor="nonsense")


def test_what_was_dropped_is_gone_and_may_be_dropped_again(any_app: StagedApp) -> None:
    any_app.desk.save(ROW)
    any_app.desk.drop("note#1", "a")
    any_app.desk.drop("note#1", "a")
    assert any_app.desk.row("note#1", "a", START) is None
