"""The template is read as CloudFormation would read it, the small one of these tests and the real one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.cloudformation import Resolver, TemplateError, environment_name
from local.template import TEMPLATE, Template, load

SMALL = Path(__file__).with_name("small_template.yaml")


def test_references_conditions_and_texts_are_resolved(template: Template) -> None:
    assert template.environment == {
        "FEE_PERCENT": "5",
        "THINGS_TABLE": "starbid-local-ThingsTable",
        "JOB_QUEUE_URL": "http://127.0.0.1/000000000000/starbid-local-JobQueue",
        "ADDRESS": "test-b-${Literal}",
    }
    assert "starbid-local-OnlyInProduction" not in template.queues


def test_settings_override_the_defaults_of_parameters() -> None:
    template = load(SMALL, settings={"FEE_PERCENT": "7", "STAGE": "production"})
    assert template.environment["FEE_PERCENT"] == "7"
    assert template.environment["EXTRA"] == "yes"
    assert "starbid-local-OnlyInProduction" in template.queues


def test_a_parameter_is_named_like_its_variable() -> None:
    assert environment_name("TelegramApiBaseUrl") == "TELEGRAM_API_BASE_URL"


def test_functions_inherit_from_globals(template: Template) -> None:
    assert template.functions["HttpFunction"].timeout == 10
    assert template.functions["JobFunction"].timeout == 60
    assert template.functions["JobFunction"].handler == "some.where.lambda_handler"


def test_sources_carry_their_settings(template: Template) -> None:
    (stream,) = template.streams
    assert (stream.table, stream.batch_size, stream.retries) == ("starbid-local-ThingsTable", 4, 2)
    assert stream.bisect
    assert stream.reports_failures
    assert stream.filters == ({"eventName": ["INSERT"]},)
    queue, line = template.queue_mappings
    assert (queue.queue, queue.batch_size) == ("starbid-local-JobQueue", 2)
    assert (line.queue, line.batch_size) == ("starbid-local-LineQueue.fifo", 1)
    (schedule,) = template.schedules
    assert (schedule.expression, schedule.input) == ("rate(1 minute)", '{"sweep": true}')


def test_queues_know_their_dead_letters(template: Template) -> None:
    queue = template.queues["starbid-local-JobQueue"]
    assert (queue.visibility, queue.max_receives, queue.dead_letters) == (60, 2, "starbid-local-DeadQueue")


def test_a_queue_that_keeps_the_order_is_named_so_as_aws_demands(template: Template) -> None:
    assert {name for name, queue in template.queues.items() if queue.fifo} == {
        "starbid-local-LineQueue.fifo",
        "starbid-local-DeadLineQueue.fifo",
    }


def test_a_table_becomes_the_arguments_that_create_it(template: Template) -> None:
    table = template.tables["starbid-local-ThingsTable"]
    assert table.ttl == "expires_at"
    assert table.create["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert table.create["BillingMode"] == "PAY_PER_REQUEST"


def test_a_function_is_found_by_its_address(template: Template) -> None:
    arn = template.functions["JobFunction"].arn
    assert template.function_of_arn(arn) == "JobFunction"
    assert template.function_of_arn(f"{arn}:live") == "JobFunction"
    assert template.function_of_arn(f"{arn}-other") is None


def test_functions_that_disagree_about_a_variable_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    function = "{Type: AWS::Serverless::Function, Properties: {Handler: a.b, Environment: {Variables: {A: %d}}}}"
    path.write_text(f"Resources:\n  One: {function % 1}\n  Two: {function % 2}\n")
    with pytest.raises(TemplateError, match="disagree about A"):
        _ = load(path, settings={}).environment


def test_a_file_that_is_no_template_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text("a: b\n")
    with pytest.raises(TemplateError, match="no Resources"):
        load(path, settings={})


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ({"Fn::Join": ["-", ["a", {"Ref": "AWS::Region"}]]}, "a-eu-central-1"),
        ({"Fn::If": ["Always", "yes", "no"]}, "yes"),
        ({"Fn::FindInMap": ["Sizes", "small", "cpu"]}, 1),
        ({"Fn::Sub": "${Queue.Arn}!"}, "arn:aws:sqs:eu-central-1:000000000000:here!"),
        ({"Fn::GetAtt": ["Queue", "QueueName"]}, "here"),
        ({"Fn::And": [True, {"Fn::Or": [False, {"Condition": "Always"}]}]}, True),
        ({"a": [{"Ref": "AWS::NoValue"}, 1], "b": {"Ref": "AWS::NoValue"}}, {"a": [1]}),
        ({"Ref": "ServerlessHttpApi"}, "ServerlessHttpApi"),
    ],
)
def test_intrinsic_functions(expression: Any, value: Any) -> None:
    assert _resolver().resolve(expression) == value


@pytest.mark.parametrize(
    "expression", [{"Ref": "Nothing"}, {"Fn::Base64": "x"}, {"Fn::If": ["Never", 1, 2]}, {"Fn::Sub": "${No.Arn}"}]
)
def test_what_cannot_be_resolved_is_an_error(expression: Any) -> None:
    with pytest.raises(TemplateError):
        _resolver().resolve(expression)


def _resolver() -> Resolver:
    document = {
        "Conditions": {"Always": {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}},
        "Mappings": {"Sizes": {"small": {"cpu": 1}}},
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "here"}}},
    }
    return Resolver(document, {}, stack="s", queue_base="http://q")


def test_the_real_template_is_understood_as_a_whole() -> None:
    template = load(TEMPLATE, settings={}, stack="here", queue_base="http://127.0.0.1:9/sqs")
    environment = template.environment
    assert {environment[name] for name in environment if name.endswith("_TABLE")} == set(template.tables)
    assert template.function_of_arn(environment["CLOSER_FUNCTION_ARN"]) == "AuctionCloserFunction"
    assert template.function_of_arn(environment["PAYMENTS_FUNCTION_ARN"]) == "PaymentsFunction"
    assert environment["CLOSER_QUEUE_URL"].startswith("http://127.0.0.1:9/sqs/")
    callbacks = ("POST", "/payments/callback/{provider}")
    assert {(r.method, r.path) for r in template.routes} == {
        ("POST", "/telegram/webhook"),
        ("ANY", "$default"),
        callbacks,
    }
    assert {m.table for m in template.streams} == {
        environment[f"{name}_TABLE"]
        for name in ("BIDS", "OUTBOX", "AUCTIONS", "WALLETS", "LEDGER", "USERS", "AUDIT", "SCRATCH", "EVENT_LOG")
    }
    for mapping in template.queue_mappings:
        assert template.queues[mapping.queue].visibility >= template.functions[mapping.function].timeout
