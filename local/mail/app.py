"""The mail box as a WSGI application: pages, and reports that go through the real function."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule

from local.mail import pages
from local.mail.box import LocalMail, LocalMails, Refusal
from local.mail.reports import HAPPENINGS, report, sns_event
from local.sheet import HEADERS
from local.template import TopicMapping

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/_local/mail"
_LISTED = 100
_MOST_BODY = 100_000
_PAGE = {**HEADERS, "Content-Security-Policy": HEADERS["Content-Security-Policy"] + "; frame-src 'self'"}
_SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
_FRAMED = {
    **HEADERS,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src http: https:; "
    f"form-action 'none'; frame-ancestors 'self'; sandbox {_SANDBOX}",
}
"""A mail is somebody else's page: it runs nothing, and its links open beside it."""
_URLS = Map(
    [
        Rule("/", endpoint="index", methods=["GET"]),
        Rule("/mails.json", endpoint="list", methods=["GET"]),
        Rule("/trouble", endpoint="trouble", methods=["POST"]),
        Rule("/<int:number>", endpoint="mail", methods=["GET"]),
        Rule("/<int:number>/html", endpoint="html", methods=["GET"]),
        Rule("/<int:number>/report", endpoint="report", methods=["POST"]),
    ]
)


class LocalMailbox:
    """`wsgi` is to be mounted under PREFIX. `topics` are what the functions hear, called by `invoke`."""

    def __init__(self, mails: LocalMails, topics: tuple[TopicMapping, ...], invoke: Callable[[str, Any], Any]) -> None:
        self._mails, self._topics, self._invoke = mails, topics, invoke

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; never with a traceback."""
        request = Request(environ)
        request.max_content_length = request.max_form_memory_size = _MOST_BODY
        return self._respond(request)(environ, start_response)

    def _respond(self, request: Request) -> Response:
        try:
            endpoint, values = _URLS.bind_to_environ(request.environ).match()
            answer: Response = getattr(self, f"_{endpoint}")(request, **values)
        except RequestRedirect as moved:
            return Response(status=302, headers={"Location": moved.new_url})
        except Refusal as refusal:
            return _html(pages.sorry(str(refusal)), 409)
        except HTTPException as error:
            return _json({"message": error.name}, error.code or 500)
        return answer

    def _index(self, _request: Request) -> Response:
        return _html(pages.index(self._mails.newest(_LISTED), self._mails.expected_trouble()))

    def _list(self, _request: Request) -> Response:
        return _json([_shown(mail) for mail in self._mails.newest(_LISTED)])

    def _mail(self, _request: Request, number: int) -> Response:
        return _html(pages.one(self._mails.find(number)))

    def _html(self, _request: Request, number: int) -> Response:
        page = pages.framed(self._mails.find(number))
        return Response(page, mimetype="text/html", headers=_FRAMED)

    def _report(self, request: Request, number: int) -> Response:
        mail, what = self._mails.find(number), request.form.get("what", "")
        if what not in HAPPENINGS:
            raise Refusal(f"`what` is one of {', '.join(HAPPENINGS)}.")
        message = report(mail, what, self._mails.now(), about=request.form.get("about", "").strip())
        for topic in self._topics:
            self._mails.note(number, f"{self._mails.now():%H:%M:%S} {what}: {self._heard(topic, message)}")
        return Response(status=303, headers={"Location": f"{PREFIX}/{number}"})

    def _heard(self, topic: TopicMapping, message: str) -> str:
        try:
            self._invoke(topic.function, sns_event(topic.topic, message, self._mails.now()))
        except Exception as error:  # Lambda would try again; here one presses again
            return f"{topic.function} failed ({type(error).__name__})"
        return f"{topic.function} took it"

    def _trouble(self, request: Request) -> Response:
        calls = request.form.get("calls", "").strip() or "1"
        if not (calls.isascii() and calls.isdigit() and len(calls) < 9):
            raise Refusal("`calls` is not a whole number.")
        self._mails.trouble(request.form.get("what", ""), int(calls))
        return Response(status=303, headers={"Location": f"{PREFIX}/"})


def mailbox(mails: LocalMails, topics: tuple[TopicMapping, ...], invoke: Callable[[str, Any], Any]) -> WSGIApplication:
    return LocalMailbox(mails, topics, invoke).wsgi


def _shown(mail: LocalMail) -> dict[str, Any]:
    return {
        "number": mail.number,
        "to": mail.to,
        "subject": mail.subject,
        "text": mail.part("plain"),
        "headers": {name.lower(): str(value) for name, value in mail.message.items()},
    }


def _html(page: str, status: int = 200) -> Response:
    return Response(page, status=status, mimetype="text/html", headers=_PAGE)


def _json(said: Any, status: int = 200) -> Response:
    return Response(json.dumps(said), status=status, content_type="application/json")
