"""The helper's accounts and questions, the same for every store."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from starbid.domain.assistant.account import MOST_PACKS, Account, changed
from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.assistant.question import LONGEST_ANSWER, LONGEST_QUESTION, Question, first_id_after
from starbid.domain.errors import Invalid
from starbid.services.ports import Throttled
from starbid.storage.reading import write_cursor
from tests.support.aws_faults import AwsFaults
from tests.support.dynamo import DynamoApp, join
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import START, StagedApp
from tests.support.helper_rows import (
    answered,
    full_account,
    full_question,
    keep,
    keep_account,
    opened,
    pack,
    question,
    saved,
)
from tests.support.there import there


def test_an_account_that_nobody_has_is_of_version_0(any_app: StagedApp) -> None:
    assert any_app.questions.account(ANNA) == Account(ANNA)
    assert any_app.questions.account_with(ANNA, question().id) == (Account(ANNA), None)
    assert any_app.questions.question(ANNA, question().id) is None


def test_every_field_of_an_account_is_read_as_it_was_written(any_app: StagedApp) -> None:
    full = keep_account(any_app, full_account())
    plain = Account(ANNA)
    same = [each.name for each in fields(Account) if getattr(full, each.name) == getattr(plain, each.name)]
    assert same == ["user_id"], "a field that has its default proves nothing"
    assert any_app.questions.account(ANNA) == full
    assert any_app.questions.account(BORIS) == Account(BORIS)


def test_every_field_of_a_question_is_read_as_it_was_written(any_app: StagedApp) -> None:
    full, plain = full_question(), question(3)
    same = [each.name for each in fields(Question) if getattr(full, each.name) == getattr(plain, each.name)]
    assert same == ["id", "user_id", "text", "asked_at"]
    keep(any_app, full, question(4))
    assert any_app.questions.question(ANNA, full.id) == full
    assert any_app.questions.question(ANNA, question(4).id) == question(4)
    assert any_app.questions.question(BORIS, full.id) is None, "it is nobody else's"


def test_an_account_and_a_question_come_together_or_either_alone(any_app: StagedApp) -> None:
    account = keep_account(any_app, full_account())
    keep(any_app, question(1))
    assert any_app.questions.account_with(ANNA, question(1).id) == (account, question(1))
    assert any_app.questions.account_with(ANNA, question(2).id) == (account, None)
    keep(any_app, question(1, BORIS))
    assert any_app.questions.account_with(BORIS, question(1, BORIS).id) == (Account(BORIS), question(1, BORIS))


def test_what_an_account_loses_is_gone_from_its_row(any_app: StagedApp) -> None:
    full = keep_account(any_app, full_account())
    bare = Account(ANNA, version=full.version + 1)
    assert any_app.questions.save(full, bare)
    assert any_app.questions.account(ANNA) == bare
    assert any_app.questions.due_accounts(START + timedelta(days=9), 10) == []


def test_an_account_is_saved_only_on_the_one_that_was_read(any_app: StagedApp) -> None:
    first = keep_account(any_app, Account(ANNA, consent_at=START))
    second = saved(any_app, first, has_paid=True)
    assert not any_app.questions.save(first, changed(first, granted=9)), "another was faster"
    assert not any_app.questions.save(Account(ANNA), changed(Account(ANNA))), "there is one already"
    assert not any_app.questions.save(Account(BORIS, version=1), Account(BORIS, version=2)), "there is none"
    assert any_app.questions.account(ANNA) == second
    assert any_app.questions.account(BORIS) == Account(BORIS)


def test_questions_come_newest_first_page_by_page_and_nobody_elses(any_app: StagedApp) -> None:
    mine = [answered(number) for number in range(5)]
    keep(any_app, *mine, *(answered(number, BORIS) for number in range(5)))
    keep_account(any_app, full_account())
    found, cursor, pages = list[Question](), None, 0
    while True:
        page = any_app.questions.asked(ANNA, "", limit=2, cursor=cursor)
        found += page.items
        cursor, pages = page.cursor, pages + 1
        if cursor is None or pages == 9:
            break
    assert found == mine[::-1]


def test_a_page_goes_on_behind_its_last_question_whatever_was_asked_meanwhile(any_app: StagedApp) -> None:
    keep(any_app, *map(question, range(4)))
    first = any_app.questions.asked(ANNA, "", limit=2)
    keep(any_app, question(9))
    rest = any_app.questions.asked(ANNA, "", limit=2, cursor=first.cursor)
    assert [each.text for each in (*first.items, *rest.items)] == [f"Question {number}?" for number in (3, 2, 1, 0)]


def test_only_what_was_asked_after_an_id_is_listed(any_app: StagedApp) -> None:
    keep(any_app, *map(question, range(4)))
    assert any_app.questions.asked(ANNA, question(1).id).items == (question(3), question(2)), "not the id itself"
    after = first_id_after(question(1).asked_at)
    assert any_app.questions.asked(ANNA, after).items == (question(3), question(2))
    before = first_id_after(question(1).asked_at - timedelta(milliseconds=1))
    assert any_app.questions.asked(ANNA, before).items == (question(3), question(2), question(1))
    assert any_app.questions.asked(ANNA, question(3).id).items == ()


@pytest.mark.parametrize("cursor", ["nonsense", "e30", "[1]", "0" * 16])
def test_a_cursor_that_is_none_is_refused(any_app: StagedApp, cursor: str) -> None:
    keep(any_app, *map(question, range(3)))
    with pytest.raises(Invalid):
        any_app.questions.asked(ANNA, "", cursor=cursor)


def test_a_cursor_of_another_list_is_refused(emulated: DynamoApp) -> None:
    """Not by moto, which fails at it."""
    join(emulated, ANNA)
    for number in range(3):
        emulated.paying.credit(ANNA, f"c{number}", "", 5, "XTR", emulated.clock.forward(seconds=1))
    keep(emulated, *map(question, range(3)))
    for another in (emulated.store.transfers(ANNA, "XTR", limit=1).cursor, write_cursor({"a": {"S": "1"}})):
        with pytest.raises(Invalid):
            emulated.questions.asked(ANNA, "", cursor=there(another))


def test_what_was_cleared_is_deleted_a_part_at_a_time_and_nothing_else(any_app: StagedApp) -> None:
    account = keep_account(any_app, full_account())
    keep(any_app, *map(question, range(7)), question(1, BORIS))
    unit = any_app.store.unit()
    unit.keep_pack(ANNA, pack())
    unit.commit()
    drop = any_app.questions.drop_asked
    assert drop(ANNA, question(5).id, 3) == 3
    assert drop(ANNA, question(5).id, 3) == 2
    assert drop(ANNA, question(5).id, 3) == 0, "the one of that id stays"
    assert any_app.questions.asked(ANNA, "").items == (question(6), question(5))
    assert drop(ANNA, first_id_after(question(5).asked_at), 3) == 1
    assert any_app.questions.asked(ANNA, "").items == (question(6),)
    assert any_app.questions.account(ANNA) == account
    assert any_app.questions.pack(ANNA, pack().id) == pack()
    assert any_app.questions.asked(BORIS, "").items == (question(1, BORIS),)


def test_long_answers_are_deleted_too_though_a_query_reads_few_of_them(any_app: StagedApp) -> None:
    """It reads 1 MB: of these about ten."""
    keep(any_app, *(answered(number, answer="я" * 30_000, shown=Formatted("ю" * 20_000)) for number in range(31)))
    assert any_app.questions.drop_asked(ANNA, question(30).id, 200) == 30
    assert [each.id for each in any_app.questions.asked(ANNA, "").items] == [question(30).id]


def test_accounts_come_due_at_their_moment_whichever_shard_they_are_in(any_app: StagedApp) -> None:
    people = range(1, 13)
    for who in people:
        keep_account(any_app, Account(who, open=opened(question(0, who), due_in=who)))
    keep_account(any_app, Account(50, clearing_due=START + timedelta(seconds=5)))
    keep_account(any_app, Account(51, consent_at=START))
    at = [START + timedelta(seconds=seconds) for seconds in (1, 5)]
    due = any_app.questions.due_accounts
    assert due(at[0] - timedelta(milliseconds=1), 50) == []
    assert due(at[0], 50) == [1]
    assert sorted(due(at[1], 50)) == [1, 2, 3, 4, 5, 50]
    assert sorted(due(START + timedelta(days=1), 50)) == [*people, 50]
    assert len(due(START + timedelta(days=1), 4)) <= 4


def test_an_account_is_due_no_more_once_its_question_is_closed(any_app: StagedApp) -> None:
    account = keep_account(any_app, Account(ANNA, open=opened(question()), clearing_due=START))
    account = saved(any_app, account, clearing_due=None)
    late = START + timedelta(days=1)
    assert any_app.questions.due_accounts(START, 10) == [], "the question is due later"
    assert any_app.questions.due_accounts(late, 10) == [ANNA]
    saved(any_app, account, open=None)
    assert any_app.questions.due_accounts(late, 10) == []


def test_the_longest_question_and_answer_and_the_fullest_account_have_room(any_app: StagedApp) -> None:
    """400 KB is the most that an item may have. Every fourth character is marked, as in `*я* *я*`."""
    marks = tuple(Mark(Look.STRIKETHROUGH, start, start + 1) for start in range(0, LONGEST_ANSWER // 2, 2))
    shown = Formatted("😀 " * (LONGEST_ANSWER // 4), marks)
    long = answered(1, text="Я" * LONGEST_QUESTION, answer="*😀* " * (LONGEST_ANSWER // 4), shown=shown)
    assert len(long.answer) == LONGEST_ANSWER
    cyrillic = answered(2, text="Я" * LONGEST_QUESTION, answer="я" * LONGEST_ANSWER)
    keep(any_app, long, cyrillic)
    assert any_app.questions.question(ANNA, long.id) == long
    assert any_app.questions.question(ANNA, cyrillic.id) == cyrillic
    packs = tuple(pack(number, order_id="f" * 16) for number in range(MOST_PACKS))
    account = keep_account(any_app, replace(full_account(), packs=packs))
    assert any_app.questions.account(ANNA) == account


def test_what_dynamodb_leaves_out_of_a_deletion_is_deleted_with_the_next_call(emulated: DynamoApp) -> None:
    """As it does when it throttles. Were it counted as gone, it would stay for ever."""
    keep(emulated, *map(question, range(5)))
    left = {"UnprocessedItems": {"a table": [{}]}, "ResponseMetadata": {"HTTPStatusCode": 200}}
    faults = AwsFaults(emulated.store.client)
    faults.plan = lambda operation, when: left if (operation, when) == ("BatchWriteItem", "before") else None
    with pytest.raises(Throttled):
        emulated.questions.drop_asked(ANNA, question(4).id, 200)
    faults.heal()
    assert emulated.questions.drop_asked(ANNA, question(4).id, 200) == 4
