"""Tables, streams, queues: what must hold so that nothing is lost."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from local.cloudformation import read_yaml
from local.filters import passes
from starbid.domain import talks
from starbid.domain.achievements.rules import COUNTED
from starbid.domain.event_log import LogKind
from starbid.domain.evidence import EVIDENCE_LIFE
from starbid.domain.tickets import PICTURES_LIFE
from starbid.observability import NAMESPACE, PASSED_OVER
from starbid.services.ports import DRAFT_LIFE, UPLOAD_LIFE
from tests.template.conftest import Document

MADE_AGAIN = {"ListingsTable", "ScratchTable"}
"""Rebuilt from the stream of auctions, or short-lived: these may be deleted with the stack."""
RECORDED = {"RecorderFunction.People": "users", "RecorderFunction.Updates": "scratch"}


def test_every_table_is_on_demand_with_a_key_that_costs_nothing_and_can_be_restored(template: Document) -> None:
    for table, properties in template.of("DynamoDB::Table").items():
        assert properties["BillingMode"] == "PAY_PER_REQUEST", table
        assert "SSESpecification" not in properties, f"{table}: a key of the account's own costs by the request"
        if table != "AddressesTable":
            assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, table


def test_of_addresses_there_is_no_copy_that_outlives_their_erasure(template: Document) -> None:
    addresses = template.of("DynamoDB::Table")["AddressesTable"]
    assert not addresses.keys() & {"PointInTimeRecoverySpecification", "StreamSpecification"}
    (index,) = addresses["GlobalSecondaryIndexes"]
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert addresses["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_what_cannot_be_made_again_outlives_the_stack_but_not_a_first_deployment_that_failed(
    template: Document,
) -> None:
    """`RetainExceptOnCreate`, and no protection before the address is known: a failed creation leaves nothing."""
    for kept in ("DynamoDB::Table", "S3::Bucket"):
        for name in set(template.of(kept)) - MADE_AGAIN:
            assert template.resources[name]["DeletionPolicy"] == "RetainExceptOnCreate", name
            assert template.resources[name]["UpdateReplacePolicy"] == "Retain", name


def test_tables_that_outlive_the_stack_cannot_be_deleted_by_a_slip(template: Document, root: Path) -> None:
    for table, properties in template.of("DynamoDB::Table").items():
        protected = properties.get("DeletionProtectionEnabled", False)
        assert protected == (table not in MADE_AGAIN and {"Fn::If": ["HasAddress", True, False]}), table
    document = read_yaml(root / "template.yaml")
    unknown = document["Parameters"]["BaseUrl"]["Default"]
    assert document["Conditions"]["HasAddress"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "BaseUrl"}, unknown]}]}


def test_every_attribute_that_is_defined_is_a_key(template: Document) -> None:
    for table, properties in template.of("DynamoDB::Table").items():
        schemas = [properties["KeySchema"], *(i["KeySchema"] for i in properties.get("GlobalSecondaryIndexes", ()))]
        keys = {key["AttributeName"] for schema in schemas for key in schema}
        assert {a["AttributeName"] for a in properties["AttributeDefinitions"]} == keys, table


def test_every_stream_has_a_reader_and_the_other_way_round(template: Document) -> None:
    streams = {i for i, p in template.of("DynamoDB::Table").items() if "StreamSpecification" in p}
    assert {p["Stream"]["Fn::GetAtt"][0] for p in template.events("DynamoDB").values()} == streams


def test_no_stream_has_more_than_two_readers(template: Document) -> None:
    """DynamoDB throttles the reading of a shard by more."""
    readers = Counter(properties["Stream"]["Fn::GetAtt"][0] for properties in template.events("DynamoDB").values())
    assert max(readers.values()) <= 2


def test_the_recorder_is_given_what_it_logs_and_nothing_else_of_a_table(template: Document) -> None:
    """Of people who comes and who can be reached or may act, of small records the receipts of updates."""
    given = {table: _filters(template, source) for source, table in RECORDED.items()}
    marks = {"unreachable": {"BOOL": False}, "blocked": {"BOOL": False}, "name": {"S": "Anna"}}

    def changed(**marked: bool) -> dict[str, Any]:
        after = marks | {name: {"BOOL": value} for name, value in marked.items()}
        return {"eventName": "MODIFY", "dynamodb": {"OldImage": marks, "NewImage": after}}

    people, updates = given["users"], given["scratch"]
    assert passes(people, {"eventName": "INSERT", "dynamodb": {"NewImage": marks}})
    for mark in ("unreachable", "blocked"):
        assert passes(people, changed(**{mark: True}))
        old = {"OldImage": changed(**{mark: True})["dynamodb"]["NewImage"], "NewImage": marks}
        assert passes(people, {"eventName": "MODIFY", "dynamodb": old})
    assert not passes(people, changed())
    assert passes(updates, {"eventName": "MODIFY", "dynamodb": {"NewImage": {"heard": {"S": "text"}}}})
    assert not passes(updates, {"eventName": "INSERT", "dynamodb": {"NewImage": {"value": {"S": "{}"}}}})
    assert not passes(updates, {"eventName": "REMOVE", "dynamodb": {"OldImage": {"heard": {"S": "text"}}}})


def test_the_achiever_is_given_what_may_count_towards_achievements_and_nothing_else(template: Document) -> None:
    pattern = _filters(template, "AchieverFunction.EventLog")
    for kind in LogKind:
        logged = {"eventName": "INSERT", "dynamodb": {"NewImage": {"kind": {"S": kind.value}}}}
        assert passes(pattern, logged) == (kind in COUNTED), kind
        assert not passes(pattern, logged | {"eventName": "REMOVE"}), "rows expire"


def _filters(template: Document, source: str) -> list[Any]:
    found = template.events("DynamoDB")[source]["FilterCriteria"]["Filters"]
    assert len(found) <= 5, "Lambda takes no more"
    return [json.loads(each["Pattern"]) for each in found]


def test_a_failing_record_is_tried_through_a_long_outage_and_then_kept(template: Document) -> None:
    """A limit of tries would be used up in minutes; the stream itself forgets after a day."""
    for source, properties in template.events("DynamoDB").items():
        assert properties["BisectBatchOnFunctionError"] is True, source
        assert "MaximumRetryAttempts" not in properties, source
        assert 3600 <= properties["MaximumRecordAgeInSeconds"] < 86_400, source
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"], source
        destination = properties["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0]
        assert destination in template.of("S3::Bucket"), source


def test_a_failing_message_does_not_repeat_its_whole_batch(template: Document) -> None:
    for source, properties in template.events("SQS").items():
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"], source


def test_every_queue_has_somewhere_to_put_what_fails(template: Document) -> None:
    queues = template.of("SQS::Queue")
    redrives = {
        i: p["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] for i, p in queues.items() if "RedrivePolicy" in p
    }
    for queue in queues:
        assert queue in redrives or "DeadLetter" in queue, queue
    assert all("RedrivePolicy" not in queues[target] for target in redrives.values())


def test_a_message_stays_hidden_while_a_function_may_work_on_it(template: Document) -> None:
    for source, properties in template.events("SQS").items():
        timeout = template.functions[source.split(".")[0]]["Timeout"]
        queue = template.of("SQS::Queue")[properties["Queue"]["Fn::GetAtt"][0]]
        assert queue["VisibilityTimeout"] >= 6 * timeout, source


def test_functions_that_schedules_start_keep_what_failed(template: Document) -> None:
    for source in template.events("ScheduleV2"):
        config = template.functions[source.split(".")[0]]["EventInvokeConfig"]
        assert config["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["JobDeadLetterQueue", "Arn"]}


def test_every_dead_letter_queue_and_every_stream_reader_can_raise_an_alarm(template: Document) -> None:
    alarms = template.of("CloudWatch::Alarm").values()
    waiting = [alarm for alarm in alarms if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"]
    watched = template.named_in(waiting, "SQS::Queue")
    assert watched == {queue for queue in template.of("SQS::Queue") if "DeadLetter" in queue}
    ages = [alarm for alarm in alarms if alarm["MetricName"] == "IteratorAge"]
    readers = template.named_in(ages, "Serverless::Function")
    assert readers == {source.split(".")[0] for source in template.events("DynamoDB")}


def test_what_the_code_counts_raises_an_alarm(template: Document) -> None:
    """An unreadable row is skipped so that it does not block the others: somebody has to be told."""
    counted = {alarm["MetricName"]: alarm for alarm in template.of("CloudWatch::Alarm").values()}
    assert counted[PASSED_OVER]["Namespace"] == NAMESPACE
    assert counted[PASSED_OVER]["Dimensions"] == [{"Name": "stack", "Value": {"Ref": "AWS::StackName"}}]
    assert counted["5xx"]["Dimensions"] == [{"Name": "ApiId", "Value": {"Ref": "HttpApi"}}]


def test_what_no_lot_refers_to_is_taken_away_and_not_before_it_has_expired(template: Document) -> None:
    rules = template.of("S3::Bucket")["PicturesBucket"]["LifecycleConfiguration"]["Rules"]
    assert all(rule["Status"] == "Enabled" for rule in rules)
    days = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}
    shown = EVIDENCE_LIFE.days + 1  # counted from the upload, which may be a day before the dispute
    kept = {"incoming/": UPLOAD_LIFE.days, "drafts/": DRAFT_LIFE.days, "evidence/": shown}
    until = {"tickets/": PICTURES_LIFE.days + 1, "talks/": talks.PICTURES_LIFE.days + 1, "goods/": 100}
    assert days == kept | until
    assert [r for r in rules if "AbortIncompleteMultipartUpload" in r and "Prefix" not in r]


def test_only_the_site_and_the_chat_read_what_belongs_to_one_person_or_two(template: Document) -> None:
    """The chat publishes for a payment, and shows photos of a dispute; those of a ticket and of a message are also
    sent.
    """
    owned = {
        "WebFunction": {"incoming/*", "drafts/*", "evidence/*", "tickets/*", "talks/*", "goods/*"},
        "WebhookFunction": {"incoming/*", "drafts/*", "evidence/*", "tickets/*", "talks/*", "goods/*"},
        "SenderFunction": {"tickets/*", "talks/*", "goods/*"},
    }
    for function in template.functions:
        reading = [s["Resource"] for s in template.statements(function) if "s3:GetObject" in s["Action"]]
        folders = set(re.findall(r"PicturesBucket\.Arn}/([^'\"]*)", str(reading)))
        assert folders <= owned.get(function, set()) | {"pictures/*"}, function
        assert (
            function in ("LogKeeperFunction", "ClerkFunction", "SenderFunction")
            or not reading
            or "pictures/*" in folders
        ), function
