"""AWS's failures as the ports' errors. Only this module knows botocore's exceptions and what AWS's codes mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from starbid.services.ports import Contended, Throttled, Unavailable, UploadGone

if TYPE_CHECKING:
    from starbid.storage.codec import Wire


class CallRefused(Exception):
    """AWS refused a call and would again: a fault of ours, unless an adapter knows better."""


class Unmet(CallRefused):
    """What is there is not as the call asks for, or nothing was to be there; nothing was done. `item` is what is there,
    where the call asks for that.
    """

    def __init__(self, code: str, item: Wire | None = None) -> None:
        super().__init__(code)
        self.item = item


class Absent(CallRefused):
    """The object that the call is about is not there."""


class Malformed(CallRefused):
    """A value that the table cannot have, such as a key that we did not make."""


class Cancelled(CallRefused):
    """A transaction of which nothing was written."""

    def __init__(self, code: str, reasons: Sequence[Any]) -> None:
        super().__init__(code)
        self.unmet: dict[int, Wire | None] = {
            place: reason.get("Item") for place, reason in enumerate(reasons) if reason.get("Code") == _UNMET_PART
        }
        """By the places of the items whose condition did not hold: those items as they are."""
        self.busy = [place for place, reason in enumerate(reasons) if reason.get("Code") in _BUSY_PARTS]
        """The places of those that another transaction held, or that were throttled."""


_CODES: dict[str, type[Exception]] = {
    # DynamoDB
    "ConditionalCheckFailedException": Unmet,
    "TransactionConflictException": Contended,
    "TransactionInProgressException": Unavailable,  # botocore's second try met the first, which is not decided yet
    "ProvisionedThroughputExceededException": Throttled,
    "RequestLimitExceeded": Throttled,
    "ValidationException": Malformed,
    "SerializationException": Malformed,
    # EventBridge Scheduler
    "ConflictException": Unmet,
    "ResourceNotFoundException": Absent,
    # S3; where an answer has no body, the code is the status
    "NoSuchKey": Absent,
    "404": Absent,
    "NoSuchUpload": UploadGone,
    "PreconditionFailed": Unmet,
    "412": Unmet,
    "ConditionalRequestConflict": Unavailable,  # of two writers at the same moment one tries again
    "409": Unavailable,
}
_CANCELLED = "TransactionCanceledException"
_UNMET_PART = "ConditionalCheckFailed"
_BUSY_PARTS = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"}


@contextmanager
def aws_errors() -> Iterator[None]:
    """Raises Contended, Unavailable or UploadGone in place of what AWS says; CallRefused where that is none of them."""
    try:
        yield
    except ClientError as error:
        raise _meant_by(error) from error
    except BotoCoreError as error:
        raise Unavailable(type(error).__name__) from error


def _meant_by(error: ClientError) -> Exception:
    code = error.response["Error"]["Code"]
    if code == _CANCELLED:
        return Cancelled(code, error.response.get("CancellationReasons", ()))
    if _CODES.get(code) is Unmet:
        return Unmet(code, cast("dict[str, Any]", error.response).get("Item"))
    if code in _CODES:
        return _CODES[code](code)
    if "Throttl" in code:
        return Throttled(code)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return (Unavailable if status >= 500 else CallRefused)(code)
