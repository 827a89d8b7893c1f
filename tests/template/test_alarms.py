"""What the operator sees: alarms, dashboard, and the optional parts of a stack."""

import json
import re
from pathlib import Path
from typing import Any

from local.cloudformation import read_yaml
from tests.template.conftest import Document
from web.kernel.session import SESSION_COOKIE

OPTIONAL = {
    "DomainName": "",
    "CertificateArn": "",
    "UseCloudFront": "false",
    "TraceWithXRay": "false",
    "AlarmEmail": "",
    "MonthlyBudget": 0,
}


def _widgets(template: Document) -> list[dict[str, Any]]:
    body = template.of("CloudWatch::Dashboard")["Dashboard"]["DashboardBody"]["Fn::Sub"]
    widgets: list[dict[str, Any]] = json.loads(body)["widgets"]
    return widgets


def _series(template: Document) -> list[list[str]]:
    return [metric for widget in _widgets(template) for metric in widget["properties"]["metrics"]]


def test_every_alarm_reaches_the_topic_and_says_what_is_wrong(template: Document) -> None:
    for name, alarm in template.of("CloudWatch::Alarm").items():
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}], name
        assert len(alarm["AlarmDescription"]) > 10, name
        assert alarm["TreatMissingData"] == "notBreaching", name


def test_every_alarm_is_explained_to_the_one_whom_it_wakes(template: Document, root: Path) -> None:
    explained = (root / "docs" / "operations.md").read_text("utf-8")
    for name in template.of("CloudWatch::Alarm"):
        assert f"`{name}`" in explained, name


def test_every_function_raises_an_alarm_when_it_breaks_down(template: Document) -> None:
    failing = [alarm for alarm in template.of("CloudWatch::Alarm").values() if alarm["MetricName"] == "Errors"]
    assert template.named_in(failing, "Serverless::Function") == set(template.functions)


def test_the_dashboard_shows_every_function_table_and_queue(template: Document) -> None:
    shown = template.named_in(template.of("CloudWatch::Dashboard"), "Serverless::Function")
    assert shown == set(template.functions)
    for kind in ("DynamoDB::Table", "SQS::Queue"):
        expected = set(template.of(kind))
        assert template.named_in(template.of("CloudWatch::Dashboard"), kind) == expected, kind


def test_what_the_dashboard_names_is_in_the_template(template: Document) -> None:
    for series in _series(template):
        named = re.search(r"\$\{(\w+)[.}]", series[-1])
        assert named is None or named[1] in template.resources, series


def test_widgets_lie_side_by_side(template: Document) -> None:
    taken: set[tuple[int, int]] = set()
    for widget in _widgets(template):
        cells = {(x, widget["y"]) for x in range(widget["x"], widget["x"] + widget["width"])}
        assert not cells & taken, widget["properties"]["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells


def test_what_costs_extra_is_off_unless_it_is_asked_for(root: Path) -> None:
    parameters = read_yaml(root / "template.yaml")["Parameters"]
    for name, default in OPTIONAL.items():
        assert parameters[name]["Default"] == default, name


def test_every_parameter_says_what_it_is_for(root: Path) -> None:
    for name, parameter in read_yaml(root / "template.yaml")["Parameters"].items():
        assert parameter.get("Description") or name == "TelegramApiBaseUrl", name


def test_parts_that_are_a_matter_of_choice_depend_on_a_condition(template: Document, root: Path) -> None:
    conditions = read_yaml(root / "template.yaml")["Conditions"]
    for kind in ("ApiGatewayV2::DomainName", "CloudFront::Distribution", "Budgets::Budget", "SNS::Subscription"):
        for name in template.of(kind):
            assert template.resources[name]["Condition"] in conditions, name


def test_only_files_are_kept_by_cloudfront(template: Document) -> None:
    config = template.of("CloudFront::Distribution")["Edge"]["DistributionConfig"]
    kept = {behaviour["PathPattern"] for behaviour in config["CacheBehaviors"]}
    assert kept == {"/static/*", "/pictures/*"}
    assert config["DefaultCacheBehavior"]["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    policy = template.of("CloudFront::CachePolicy")["EdgeCachePolicy"]["CachePolicyConfig"]
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "none"}, "a file's version is in its name"
    assert key["EnableAcceptEncodingBrotli"]
    assert key["EnableAcceptEncodingGzip"]
    assert key["CookiesConfig"] == {"CookieBehavior": "none"}


def test_cloudfront_passes_on_who_asks_for_a_picture(template: Document) -> None:
    """A draft belongs to its owner; the answer says that it is not cached."""
    behaviours = template.of("CloudFront::Distribution")["Edge"]["DistributionConfig"]["CacheBehaviors"]
    (pictures,) = (each for each in behaviours if each["PathPattern"] == "/pictures/*")
    policy = template.of("CloudFront::OriginRequestPolicy")[pictures["OriginRequestPolicyId"]["Ref"]]
    cookies = policy["OriginRequestPolicyConfig"]["CookiesConfig"]
    assert cookies == {"CookieBehavior": "whitelist", "Cookies": [SESSION_COOKIE]}
