"""Finding people and lots for operators: the same for every store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.errors import Invalid
from starbid.domain.people import SUBSCRIPTION
from starbid.domain.restrictions import Limit, restrictions_of
from starbid.domain.roles import Role
from starbid.services.ports import PeopleList
from tests.support.blocking import block, unblock
from tests.support.factories import person
from tests.support.fakes import START, StagedApp


def known(app: StagedApp, user_id: int, name: str, username: str | None = None, **changes: object) -> None:
    joined = START + timedelta(minutes=user_id)
    app.store.add_person(person(user_id, name=name, username=username, joined_at=joined, **changes))


def found(app: StagedApp, word: str) -> set[int]:
    return set(app.finds.people(word).items)


def all_listed(app: StagedApp, which: PeopleList, limit: int = 2, *, backward: bool = True) -> list[int]:
    ids: list[int] = []
    cursor = None
    for _ in range(50):
        page = app.store.people_listed(which, backward=backward, limit=limit, cursor=cursor)
        assert len(page.items) <= limit
        ids += page.items
        cursor = page.cursor
        if cursor is None:
            return ids
    raise AssertionError("the list has no end")


def test_half_a_name_finds_a_person_whatever_its_case_and_accents(any_app: StagedApp) -> None:
    known(any_app, 1, "Фёдор Ёлкин", "fedya_e")
    known(any_app, 2, "José García")
    assert found(any_app, "фед") == {1}
    assert found(any_app, any_app.finds.words("ЁЛК")[0]) == {1}
    assert found(any_app, "garc") == found(any_app, "jose") == {2}
    assert found(any_app, "fedya") == {1}
    assert found(any_app, "елкина") == found(any_app, "z") == set()


def test_another_name_finds_and_the_former_no_longer(any_app: StagedApp) -> None:
    known(any_app, 1, "Anna Petrova", "anna")
    any_app.people.greet(1, "Anna Ivanova", None, "en", any_app.now())
    assert found(any_app, "petrov") == set()
    assert found(any_app, "ivan") == found(any_app, "anna") == {1}


def test_a_newcomer_is_found_at_once_and_registered_once(any_app: StagedApp) -> None:
    any_app.people.greet(5, "Boris", "bob", "en", any_app.now())
    again = any_app.store.add_person(person(5, name="Other"))
    assert again.name == "Boris"
    assert found(any_app, "bor") == found(any_app, "bob") == {5}
    assert found(any_app, "other") == set()


def test_people_stand_in_their_lists_in_order_each_once(any_app: StagedApp) -> None:
    for user_id in range(1, 8):
        known(any_app, user_id, f"P {user_id}")
    assert all_listed(any_app, PeopleList.ALL) == [7, 6, 5, 4, 3, 2, 1]
    assert all_listed(any_app, PeopleList.ALL, 3, backward=False) == [1, 2, 3, 4, 5, 6, 7]
    assert all_listed(any_app, PeopleList.BLOCKED) == []


def test_who_enters_a_state_enters_its_list_and_leaves_it_again(any_app: StagedApp) -> None:
    known(any_app, 1, "A", role=Role.SUPPORT)
    known(any_app, 2, "B", subscribed_until=START + SUBSCRIPTION)
    known(any_app, 3, "C", restrictions=restrictions_of({Limit.BIDS}, START))
    block(any_app, 2)
    lists = (PeopleList.ROLE, PeopleList.SELLING, PeopleList.RESTRICTED, PeopleList.BLOCKED)
    assert [all_listed(any_app, which) for which in lists] == [[1], [2], [3], [2]]
    assert any_app.store.person(3, consistent=True) == replace(
        person(3, name="C", joined_at=START + timedelta(minutes=3)), restrictions=restrictions_of({Limit.BIDS}, START)
    )
    unblock(any_app, 2)
    assert all_listed(any_app, PeopleList.BLOCKED) == []


def test_a_cursor_that_nobody_made_is_refused(any_app: StagedApp) -> None:
    with pytest.raises(Invalid):
        any_app.store.people_listed(PeopleList.ALL, cursor="nonsense")
    with pytest.raises(Invalid):
        any_app.finds.people("a", cursor="nonsense")


def test_beginnings_come_page_by_page(any_app: StagedApp) -> None:
    for user_id in range(1, 6):
        known(any_app, user_id, "Anna")
    first = any_app.finds.people("an", limit=3)
    rest = any_app.finds.people("an", limit=3, cursor=first.cursor)
    assert sorted(first.items + rest.items) == [1, 2, 3, 4, 5]
