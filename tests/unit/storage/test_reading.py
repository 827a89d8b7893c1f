"""Reads that DynamoDB answers in part, and shares of what is due."""

from typing import Any

import pytest

from starbid.services.ports import Unavailable
from starbid.storage.reading import MOST_REPEATS, Reader


class Reluctant:
    """Answers one key of a batch, so many times; then none at all."""

    def __init__(self, answers: int) -> None:
        self.answers, self.asked = answers, 0

    def batch_get_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:
        self.asked += 1
        keys = RequestItems["things"]["Keys"]
        found, left = (keys[:1], keys[1:]) if self.asked <= self.answers else ([], keys)
        return {"Responses": {"things": found}, "UnprocessedKeys": {"things": {"Keys": left}} if left else {}}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def reader(client: Any) -> Reader:
    return Reader(client, {"things": "things"})


def things(client: Reluctant, number: int) -> list[dict[str, Any]]:
    keys = [{"id": n} for n in range(number)]
    return reader(client).get_many({"things": keys})["things"]


def test_what_was_left_out_is_asked_for_again() -> None:
    client = Reluctant(answers=4)
    assert things(client, 4) == [{"id": n} for n in range(4)]
    assert client.asked == 4


def test_a_store_that_leaves_out_everything_is_not_asked_for_ever() -> None:
    client = Reluctant(answers=0)
    with pytest.raises(Unavailable):
        things(client, 2)
    assert client.asked == MOST_REPEATS + 1


def test_a_shelf_full_of_what_is_stuck_does_not_starve_the_others() -> None:
    class Shards:
        def query(self, ExpressionAttributeValues: dict[str, Any], Limit: int, **_: Any) -> dict[str, Any]:
            shard = ExpressionAttributeValues[":key"]["S"]
            return {"Items": [{"shard": {"S": shard}}] * min(Limit, 1000 if shard == "a" else 1)}

    due = list(reader(Shards()).due("things", ["a", "b", "c"], 0, 100))

    assert [item["shard"] for item in due[-2:]] == ["b", "c"]
    assert len(due) == 36


def test_a_partition_that_takes_more_than_one_answer_is_read_to_its_end() -> None:
    class Partition:
        def query(self, ExclusiveStartKey: dict[str, Any] | None = None, **_: Any) -> dict[str, Any]:
            number = int(ExclusiveStartKey["id"]["N"]) + 1 if ExclusiveStartKey else 0
            last = {"LastEvaluatedKey": {"id": {"N": str(number)}}} if number < 3 else {}
            return {"Items": [{"id": {"N": str(number)}}], **last}

    found = reader(Partition()).query_all("things", {"group": "g"})

    assert [item["id"] for item in found] == [0, 1, 2, 3]
