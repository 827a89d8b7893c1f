"""What AWS says, as the ports' errors: one map, and nobody else who reads botocore's exceptions."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ResponseStreamingError

from starbid.services.ports import ConditionFailed, Contended, Throttled, Unavailable, UploadGone
from starbid.storage.errors import Absent, CallRefused, Cancelled, Malformed, Unmet, aws_errors
from starbid.storage.objects import content_of, found
from starbid.storage.unit import DynamoUnit
from tests.support.factories import ANNA, person, xtr
from tests.support.fakes import START

SOURCES = Path(__file__).resolve().parents[3] / "layers" / "common" / "starbid"
CONDITION, CONFLICT, NOTHING = ({"Code": code} for code in ("ConditionalCheckFailed", "TransactionConflict", "None"))


def said(code: str, status: int = 400, **more: Any) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}, **more}
    return ClientError(answer, "Operation")


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (said("ConditionalCheckFailedException"), Unmet),
        (said("PreconditionFailed", 412), Unmet),
        (said("ConflictException", 409), Unmet),
        (said("NoSuchKey", 404), Absent),
        (said("404", 404), Absent),
        (said("NoSuchUpload", 404), UploadGone),
        (said("ConditionalRequestConflict", 409), Unavailable),
        (said("ValidationException"), Malformed),
        (said("TransactionConflictException"), Contended),
        (said("TransactionInProgressException"), Unavailable),
        (said("ThrottlingException"), Throttled),
        (said("RequestThrottled", 403), Throttled),
        (said("ProvisionedThroughputExceededException"), Throttled),
        (said("RequestLimitExceeded"), Throttled),
        (said("SlowDown", 503), Unavailable),
        (said("InternalServerError", 500), Unavailable),
        (ConnectTimeoutError(endpoint_url="https://aws"), Unavailable),
        (said("AccessDeniedException"), CallRefused),
        (said("ResourceNotFoundException", 404), Absent),
        (said("AFaultOfNextYear", 418), CallRefused),
    ],
)
def test_every_failure_of_aws_has_a_name_of_ours(error: Exception, meant: type[Exception]) -> None:
    with pytest.raises(meant) as raised, aws_errors():
        raise error
    assert type(raised.value) is meant
    assert raised.value.__cause__ is error


def test_what_is_no_failure_of_aws_is_left_alone() -> None:
    with pytest.raises(KeyError), aws_errors():
        raise KeyError


def test_a_throttled_call_is_one_that_was_not_answered() -> None:
    assert issubclass(Throttled, Unavailable)


def commit(error: Exception) -> None:
    class Refusing:
        def transact_write_items(self, **_: Any) -> None:
            raise error

    client: Any = Refusing()
    unit = DynamoUnit(client, {"users": "users", "wallets": "wallets"})
    unit.require_money(ANNA, xtr(1), START)
    unit.save_person(person(ANNA), person(ANNA))
    unit.commit()


def cancelled(*reasons: dict[str, Any]) -> ClientError:
    return said("TransactionCanceledException", CancellationReasons=list(reasons))


def test_a_unit_says_which_condition_did_not_hold_and_what_is_there() -> None:
    wallet = {"user_id": {"N": str(ANNA)}, "currency": {"S": "XTR"}, "available": {"N": "7"}}
    with pytest.raises(ConditionFailed) as failed:
        commit(cancelled({**CONDITION, "Item": wallet}, CONDITION))
    assert failed.value.current("wallet").available == xtr(7)
    assert failed.value.blames("person")
    assert failed.value.current("person") is None


def test_a_condition_that_did_not_hold_counts_for_more_than_a_conflict() -> None:
    with pytest.raises(ConditionFailed) as failed:
        commit(cancelled(CONFLICT, CONDITION))
    assert [refusal.what for refusal in failed.value.refusals] == ["person"]


@pytest.mark.parametrize(
    "error",
    [cancelled(NOTHING, CONFLICT), cancelled({"Code": "ThrottlingError"}, NOTHING), said("ThrottlingException")],
)
def test_a_unit_that_met_another_or_was_throttled_is_tried_again(error: Exception) -> None:
    with pytest.raises(Contended):
        commit(error)


def test_a_unit_that_met_another_says_on_which_items() -> None:
    throttled = {"Code": "ThrottlingError"}
    for reasons, blamed in (((NOTHING, CONFLICT), ["person"]), ((throttled, CONFLICT), ["wallet", "person"])):
        with pytest.raises(Contended) as met:
            commit(cancelled(*reasons))
        assert [(refusal.what, refusal.key) for refusal in met.value.refusals] == [(what, str(ANNA)) for what in blamed]
    with pytest.raises(Contended) as met:
        commit(said("ThrottlingException"))
    assert met.value.refusals == ()


def test_a_unit_that_can_never_be_written_is_no_conflict() -> None:
    with pytest.raises(Cancelled):
        commit(cancelled(NOTHING, {"Code": "ValidationError"}))


def test_an_object_that_is_not_there_is_none_and_one_that_is_forbidden_is_not() -> None:
    def answer(error: ClientError) -> object:
        raise error

    assert found(lambda: answer(said("NoSuchKey", 404))) is None
    with pytest.raises(CallRefused):
        found(lambda: answer(said("AccessDenied", 403)))


def test_a_connection_that_breaks_while_an_object_is_read_leaves_the_store_unavailable() -> None:
    class Breaking:
        def read(self) -> bytes:
            raise ResponseStreamingError(error="connection broken")

    answer: Any = {"Body": Breaking()}
    with pytest.raises(Unavailable):
        content_of(answer)


def test_only_the_map_knows_botocores_exceptions() -> None:
    """Acceleration makes clients; it stands below the adapters."""
    knowing = [
        str(path.relative_to(SOURCES))
        for path in sorted(SOURCES.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and str(node.module).endswith((".exceptions", "botocore"))
        if str(node.module).startswith(("botocore", "pynamodb")) and "acceleration" not in path.parts
    ]
    assert knowing == ["storage/errors.py"]
