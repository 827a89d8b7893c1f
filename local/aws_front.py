"""Our own endpoints for SQS and EventBridge Scheduler, which must follow the local clock, and for SES.

boto3 finds them by `AWS_ENDPOINT_URL_SQS`, `AWS_ENDPOINT_URL_SCHEDULER` and `AWS_ENDPOINT_URL_SESV2`. Only the calls
of this product exist; anything else is answered with an error that says so.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from local.aws_errors import AwsError
from local.cloudformation import ACCOUNT, REGION
from local.expressions import ExpressionError
from local.loopback import is_from_browser, is_own_host
from local.mail.box import LocalMails
from local.mail.ses import SesApi
from local.queues import MAX_BODY_BYTES, Queues
from local.schedules import ScheduleExists, ScheduleMissing, Schedules
from local.template import Template

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_NAME = re.compile(r"[0-9a-zA-Z._-]{1,64}")
_NAME_IN_ORDER = re.compile(r"[!-~]{1,128}")
"""Of a group, or of a message that is sent once."""


class AwsFront:
    """The WSGI application: `/sqs` speaks SQS's JSON protocol, `/scheduler` and `/ses` REST."""

    def __init__(self, queues: Queues, schedules: Schedules, template: Template, mails: LocalMails) -> None:
        self._sqs = SqsApi(queues)
        self._scheduler = SchedulerApi(schedules, template)
        self._ses = SesApi(mails)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            body = _json_object(request.get_data())
            if request.path.startswith("/scheduler/"):
                answer = self._scheduler.answer(request, body)
            elif request.path.startswith("/ses/"):
                answer = self._ses.answer(request.method, request.path, body)
            else:
                action = request.headers.get("X-Amz-Target", "").removeprefix("AmazonSQS.")
                answer = self._sqs.answer(action, body)
            response = Response(json.dumps(answer), content_type="application/x-amz-json-1.0")
        except AwsError as error:
            response = _error(error)
        return response(environ, start_response)


class ProgramsOnly:
    """Keeps web pages off: any page in a browser may send requests to any port of this machine."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        headers = {name.lower(): value for name, value in request.headers}
        if is_from_browser(headers) or not is_own_host(request.host, int(environ["SERVER_PORT"])):
            refusal = AwsError("AccessDeniedException", "Only programs on this machine may call this.", 403)
            return _error(refusal)(environ, start_response)
        return self._application(environ, start_response)


def _json_object(text: bytes) -> dict[str, Any]:
    try:
        body = json.loads(text or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise AwsError("SerializationException", "The request is no JSON object.")
    return body


def _error(error: AwsError) -> Response:
    body = {"__type": error.code, "message": str(error), "Message": str(error)}
    response = Response(json.dumps(body), status=error.status, content_type="application/x-amz-json-1.0")
    response.headers["x-amzn-ErrorType"] = error.code
    if error.query_code:
        response.headers["x-amzn-query-error"] = f"{error.query_code};Sender"
    return response


class SqsApi:
    """The supported actions of SQS."""

    def __init__(self, queues: Queues) -> None:
        self._queues = queues
        self._actions: dict[str, Callable[[str, Any], dict[str, Any]]] = {
            "SendMessage": self._send,
            "SendMessageBatch": lambda queue, body: self._batch(body, lambda e: {**self._send(queue, e)}),
            "ReceiveMessage": self._receive,
            "DeleteMessage": self._delete,
            "DeleteMessageBatch": lambda queue, body: self._batch(body, lambda e: self._delete(queue, e)),
            "ChangeMessageVisibility": self._change,
            "ChangeMessageVisibilityBatch": lambda queue, body: self._batch(body, lambda e: self._change(queue, e)),
            "GetQueueAttributes": self._attributes,
            "PurgeQueue": self._purge,
        }

    def answer(self, action: str, body: Any) -> dict[str, Any]:
        """Raises AwsError."""
        if action == "GetQueueUrl":
            raise AwsError("UnsupportedOperation", "queues are known by their addresses in the environment")
        if action not in self._actions:
            raise AwsError("InvalidAction", f"{action or 'no action'} is not understood by the local run")
        name = str(body.get("QueueUrl", "")).rpartition("/")[2]
        if name not in self._queues.queues:
            code = "AWS.SimpleQueueService.NonExistentQueue"
            raise AwsError("QueueDoesNotExist", "The specified queue does not exist.", query_code=code)
        return self._actions[action](name, body)

    def _send(self, queue: str, body: Any) -> dict[str, Any]:
        text, delay = body.get("MessageBody"), body.get("DelaySeconds")
        if not isinstance(text, str) or not text:
            raise AwsError("MissingParameter", "The request must contain the parameter MessageBody.")
        if len(text.encode()) > MAX_BODY_BYTES:
            raise AwsError("InvalidParameterValue", f"Message must be shorter than {MAX_BODY_BYTES} bytes.")
        if delay is not None and not 0 <= delay <= 900:
            message = f"Value {delay} for parameter DelaySeconds is invalid. Reason: must be between 0 and 900."
            raise AwsError("InvalidParameterValue", message)
        place = self._place(queue, body)
        message_id = self._queues.send(queue, text, delay, body.get("MessageAttributes"), **place)
        return {"MessageId": message_id, "MD5OfMessageBody": _md5(text)}

    def _place(self, queue: str, body: Any) -> dict[str, str]:
        """Group and deduplication id, which a FIFO queue needs and no other may have here."""
        group, once = body.get("MessageGroupId"), body.get("MessageDeduplicationId")
        if not self._queues.queues[queue].fifo:
            if group or once:
                raise AwsError("InvalidParameterValue", "A group or deduplication id is for FIFO queues.")
            return {}
        if not group:
            raise AwsError("MissingParameter", "The request must contain the parameter MessageGroupId.")
        if not once:
            raise AwsError("InvalidParameterValue", "The queue should have MessageDeduplicationId provided explicitly.")
        if body.get("DelaySeconds"):
            raise AwsError("InvalidParameterValue", "DelaySeconds of a message is not valid for this queue type.")
        for name, value in (("MessageGroupId", group), ("MessageDeduplicationId", once)):
            if not isinstance(value, str) or not _NAME_IN_ORDER.fullmatch(value):
                raise AwsError("InvalidParameterValue", f"{name} can only include 1 to 128 of ASCII without blanks.")
        return {"group": group, "once": once}

    def _batch(self, body: Any, one: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        entries = body.get("Entries") or []
        if not entries:
            raise AwsError("EmptyBatchRequest", "There should be at least one entry in the request.")
        if len(entries) > 10:
            raise AwsError("TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.")
        done: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        for entry in entries:
            try:
                done.append({**one(entry), "Id": entry["Id"]})
            except AwsError as error:
                failed.append({"Id": entry["Id"], "Code": error.code, "Message": str(error), "SenderFault": True})
        return {"Successful": done, "Failed": failed}

    def _receive(self, queue: str, body: Any) -> dict[str, Any]:
        limit = min(int(body.get("MaxNumberOfMessages") or 1), 10)
        messages = self._queues.receive(queue, limit, body.get("VisibilityTimeout"))
        return {"Messages": [self._received(message) for message in messages]} if messages else {}

    def _received(self, message: Any) -> dict[str, Any]:
        attributes = {"ApproximateReceiveCount": str(message.receives), "SentTimestamp": str(message.sent_at)}
        if message.group:
            attributes["MessageGroupId"] = message.group
        return {
            "MessageId": message.id,
            "ReceiptHandle": message.receipt,
            "Body": message.body,
            "MD5OfBody": _md5(message.body),
            "Attributes": attributes,
            "MessageAttributes": message.attributes,
        }

    def _delete(self, queue: str, body: Any) -> dict[str, Any]:
        self._queues.delete(queue, body["ReceiptHandle"])
        return {}

    def _change(self, queue: str, body: Any) -> dict[str, Any]:
        if not self._queues.change_visibility(queue, body["ReceiptHandle"], int(body["VisibilityTimeout"])):
            raise AwsError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
        return {}

    def _attributes(self, queue: str, _body: Any) -> dict[str, Any]:
        spec = self._queues.queues[queue]
        visible, handled, delayed = self._queues.counts(queue)
        attributes = {
            "QueueArn": spec.arn,
            "ApproximateNumberOfMessages": visible,
            "ApproximateNumberOfMessagesNotVisible": handled,
            "ApproximateNumberOfMessagesDelayed": delayed,
            "VisibilityTimeout": spec.visibility,
            "DelaySeconds": spec.delay,
        }
        return {"Attributes": {key: str(value) for key, value in attributes.items()}}

    def _purge(self, queue: str, _body: Any) -> dict[str, Any]:
        self._queues.purge(queue)
        return {}


class SchedulerApi:
    """Schedules: create, get, update, delete, list."""

    def __init__(self, schedules: Schedules, template: Template) -> None:
        self._schedules = schedules
        self._template = template

    def answer(self, request: Request, body: Any) -> dict[str, Any]:
        """Raises AwsError."""
        name = request.path.removeprefix("/scheduler/schedules").strip("/")
        group = body.get("GroupName") or request.args.get("groupName") or "default"
        try:
            return self._answer(request, name, group, body)
        except ScheduleExists as error:
            raise AwsError("ConflictException", f"Schedule {name} already exists.", 409) from error
        except ScheduleMissing as error:
            message = f"Schedule {name} does not exist."
            raise AwsError("ResourceNotFoundException", message, 404) from error
        except ExpressionError as error:
            raise AwsError("ValidationException", str(error)) from error

    def _answer(self, request: Request, name: str, group: str, body: Any) -> dict[str, Any]:
        if not name:
            wanted = request.args.get("ScheduleGroup")
            return {"Schedules": [{"GroupName": g, "Name": n} for g, n in self._schedules.names(wanted)]}
        if not _NAME.fullmatch(name):
            raise AwsError("ValidationException", f"Value '{name}' at 'name' failed to satisfy constraint.")
        if request.method in ("POST", "PUT"):
            self._check(body)
            change = self._schedules.create if request.method == "POST" else self._schedules.update
            change(group, name, body)
            return {"ScheduleArn": f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{group}/{name}"}
        if request.method == "DELETE":
            self._schedules.delete(group, name)
            return {}
        kept = self._schedules.get(group, name)
        return {"State": "ENABLED", **kept, "GroupName": group, "Name": name}

    def _check(self, body: Any) -> None:
        for key in ("ScheduleExpression", "Target", "FlexibleTimeWindow"):
            if not body.get(key):
                raise AwsError("ValidationException", f"{key} is missing")
        if self._template.function_of_arn(body["Target"]["Arn"]) is None:
            raise AwsError("ValidationException", f"{body['Target']['Arn']} is no function of the template")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
