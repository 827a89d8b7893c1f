"""Tables of an older version: they get the indexes that they lack, with what stands in them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from local import template
from local.emulator import Emulator
from local.resources import create_tables
from tests.support.emulator import client


def test_an_older_table_gets_its_new_index_and_keeps_its_rows(emulator: Emulator) -> None:
    tables = client("dynamodb", emulator.endpoint)
    stack = template.load(settings={}, stack="older")
    users = next(table for table in stack.tables.values() if table.name == stack.environment["USERS_TABLE"])
    keys = {"user_id", "due_shard", "due_at"}
    older = {
        **users.create,
        "AttributeDefinitions": [a for a in users.create["AttributeDefinitions"] if a["AttributeName"] in keys],
        "GlobalSecondaryIndexes": [i for i in users.create["GlobalSecondaryIndexes"] if i["IndexName"] == "due"],
    }
    create_tables(tables, replace(stack, tables={users.name: replace(users, create=older)}))
    tables.put_item(TableName=users.name, Item={"user_id": {"N": "1"}, "public_id": {"S": "a" * 13}})
    for _ in range(2):
        create_tables(tables, replace(stack, tables={users.name: users}))
    found = tables.query(
        TableName=users.name,
        IndexName="by_public_id",
        KeyConditionExpression="public_id = :id",
        ExpressionAttributeValues={":id": {"S": "a" * 13}},
    )
    assert [item["user_id"] for item in found["Items"]] == [{"N": "1"}]
    tables.delete_table(TableName=users.name)


def test_data_whose_index_has_other_keys_are_refused_with_what_to_do(emulator: Emulator) -> None:
    """Queries of such an index would fail one by one, far from their cause."""
    tables = client("dynamodb", emulator.endpoint)
    stack = template.load(settings={}, stack="renamed")
    users = next(table for table in stack.tables.values() if table.name == stack.environment["USERS_TABLE"])
    older = json.loads(json.dumps(users.create).replace("due_shard", "due_shelf"))
    create_tables(tables, replace(stack, tables={users.name: replace(users, create=older)}))
    with pytest.raises(ValueError, match="name another folder in DATA_DIR"):
        create_tables(tables, replace(stack, tables={users.name: users}))
    tables.delete_table(TableName=users.name)
