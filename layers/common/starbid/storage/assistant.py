"""The helper's accounts and questions: one partition a person, the account in `due` while something is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starbid.domain.assistant.account import Account, Pack
from starbid.domain.assistant.question import Question
from starbid.services.ports import Page, Throttled
from starbid.storage import rows
from starbid.storage.assistant_rows import (
    ACCOUNT,
    account_from,
    account_item,
    account_key,
    pack_from,
    pack_item,
    pack_key,
    question_from,
    question_item,
    question_key,
    question_part,
)
from starbid.storage.clients import client
from starbid.storage.codec import Item, encode
from starbid.storage.conditional import put_if
from starbid.storage.errors import aws_errors
from starbid.storage.reading import Reader
from starbid.storage.unit_parts import Parts

DELETED_AT_ONCE = 25
"""Maximum of BatchWriteItem."""
_TABLE = "assistant"


class DynamoQuestions:
    """Implements `ports.Questions`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._reader = Reader(client("dynamodb"), tables)
        self._table = tables[_TABLE]

    def account(self, user_id: int) -> Account:
        item = self._reader.get(_TABLE, account_key(user_id), consistent=True)
        return account_from(item) if item else Account(user_id)

    def account_with(self, user_id: int, question_id: str) -> tuple[Account, Question | None]:
        keys = [account_key(user_id), question_key(user_id, question_id)]
        found = self._reader.get_many({_TABLE: keys}, consistent={_TABLE})[_TABLE]
        items = {item["part"]: item for item in found}
        account, question = items.get(ACCOUNT), items.get(question_part(question_id))
        return account_from(account) if account else Account(user_id), question_from(question) if question else None

    def question(self, user_id: int, question_id: str) -> Question | None:
        item = self._reader.get(_TABLE, question_key(user_id, question_id), consistent=True)
        return question_from(item) if item else None

    def asked(
        self, user_id: int, after: str, *, before: str = "", limit: int = 20, cursor: str | None = None
    ) -> Page[Question]:
        span = _between(question_part(f"{after}!"), question_part(_below(before) if before else "~"))
        items, following = self._reader.page(_TABLE, {"user_id": user_id}, limit, cursor, ConsistentRead=True, **span)
        return Page(tuple(question_from(item) for item in items), following)

    def save(self, before: Account, after: Account) -> bool:
        return put_if(self._reader.client, self._table, account_item(after), *written_on(before))

    def drop_asked(self, user_id: int, up_to: str, limit: int) -> int:
        """A query ends after 1 MB, which may be a few long answers: it is asked until it has no more."""
        options: dict[str, Any] = {"ProjectionExpression": "part", "ConsistentRead": True}
        options |= _between(question_part(""), question_part(up_to))
        dropped = 0
        start: dict[str, Any] = {}
        while dropped < limit:
            items, last = self._reader.query(_TABLE, {"user_id": user_id}, Limit=limit - dropped, **options, **start)
            parts = [item["part"] for item in items if item["part"] != question_part(up_to)]
            self._delete(user_id, parts)
            dropped += len(parts)
            if last is None:
                break
            start = {"ExclusiveStartKey": last}
        return dropped

    def pack(self, user_id: int, pack_id: str) -> Pack | None:
        item = self._reader.get(_TABLE, pack_key(user_id, pack_id), consistent=True)
        return pack_from(item["pack"]) if item else None

    def due_accounts(self, now: datetime, limit: int) -> list[int]:
        due = self._reader.due(_TABLE, rows.shards("assistant"), rows.ms(now), limit)
        return [item["user_id"] for item in due][:limit]

    def _delete(self, user_id: int, parts: list[str]) -> None:
        """Raises Throttled where DynamoDB leaves some of them out: none of them was counted as gone."""
        gone = [{"DeleteRequest": {"Key": encode({"user_id": user_id, "part": part})}} for part in parts]
        for first in range(0, len(gone), DELETED_AT_ONCE):
            request: dict[str, Any] = {self._table: gone[first : first + DELETED_AT_ONCE]}
            with aws_errors():
                answer = self._reader.client.batch_write_item(RequestItems=request)
            if answer.get("UnprocessedItems"):
                raise Throttled("UnprocessedItems")


class AssistantVerbs(Parts):
    """The part of `ports.Unit` about the helper."""

    def save_account(self, before: Account, after: Account) -> None:
        condition, values = written_on(before)
        action = {"Item": encode(account_item(after))}
        self._add("account", str(after.user_id), _TABLE, "Put", action, condition, values, account_from)

    def add_question(self, question: Question) -> None:
        self._write(question, "attribute_not_exists(part)")

    def save_question(self, question: Question) -> None:
        self._write(question, "attribute_exists(part)")

    def drop_question(self, user_id: int, question_id: str) -> None:
        action = {"Key": encode(question_key(user_id, question_id))}
        self._add("question", question_id, _TABLE, "Delete", action, "", {}, question_from)

    def keep_pack(self, user_id: int, pack: Pack) -> None:
        self._add("pack", pack.id, _TABLE, "Put", {"Item": encode(pack_item(user_id, pack))}, "", {}, dict)

    def _write(self, question: Question, condition: str) -> None:
        action = {"Item": encode(question_item(question))}
        self._add("question", question.id, _TABLE, "Put", action, condition, {}, question_from)


def written_on(before: Account) -> tuple[str, Item]:
    """The condition on what is there before, with its values."""
    if not before.version:
        return "attribute_not_exists(part)", {}
    return "version = :before", {":before": before.version}


def _below(question_id: str) -> str:
    """Greater than every id that is less than this one."""
    return f"{question_id[:-1]}{chr(ord(question_id[-1]) - 1)}~"


def _between(least: str, most: str) -> dict[str, Any]:
    """Of the sort key: both ends are in it."""
    return {
        "and_key": " AND #part BETWEEN :least AND :most",
        "names": {"#part": "part"},
        "values": {":least": least, ":most": most},
    }
