"""The dry run changes as little of the template as the emulator needs. The run itself is `make deploy-check`."""

from typing import Any

from scripts.deploy_check.adapt import adapt


def _template(*actions: str, resource: Any = "arn:aws:sqs:::one") -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": [statement]}}}
    return {"Resources": {"Policy": policy}}


def _statement(template: dict[str, Any]) -> dict[str, Any]:
    statement: dict[str, Any] = template["Resources"]["Policy"]["Properties"]["PolicyDocument"]["Statement"][0]
    return statement


def test_the_right_to_send_is_the_right_to_send_batches_to_the_same_queue() -> None:
    statement = _statement(adapt(_template("sqs:SendMessage")))
    assert statement["Action"] == ["sqs:SendMessage", "sqs:SendMessageBatch"]
    assert statement["Resource"] == "arn:aws:sqs:::one"


def test_rights_that_the_emulator_understands_stay_as_they_are() -> None:
    template = _template("dynamodb:GetItem", "dynamodb:PutItem")
    assert adapt(template) == template


def test_parameters_and_schedules_are_asked_for_without_their_names() -> None:
    assert _statement(adapt(_template("ssm:GetParameters")))["Resource"] == "*"
    assert _statement(adapt(_template("scheduler:CreateSchedule")))["Resource"] == "*"


def test_the_template_that_was_given_is_left_alone() -> None:
    template = _template("ssm:GetParameters")
    adapt(template)
    assert template == _template("ssm:GetParameters")


def test_of_a_bucket_s_policy_only_what_asks_for_tls_is_left_out() -> None:
    tls = {"Effect": "Deny", "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    other = {"Effect": "Deny", "Action": "s3:DeleteObject", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}

    def policy(*statements: dict[str, Any]) -> dict[str, Any]:
        return {"Type": "AWS::S3::BucketPolicy", "Properties": {"PolicyDocument": {"Statement": [*statements]}}}

    adapted = adapt({"Resources": {"One": policy(tls), "Two": policy(tls, other)}})
    assert adapted["Resources"] == {"Two": policy(other)}


def test_functions_are_not_told_where_aws_is_so_that_the_emulator_tells_them() -> None:
    function = {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": {"AWS_ENDPOINT_URL": ""}}}}
    adapted = adapt({"Resources": {"WebFunction": function}})
    assert adapted["Resources"]["WebFunction"]["Properties"]["Environment"]["Variables"] == {}
