"""The mail box as a WSGI application: pages, and reports that go through the real function."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from werkzeug import Request, Response
from werkzeug.routing import Map, Rule

from local.mail import pages
from local.mail.box import LocalMail, LocalMails
from local.mail.reports import HAPPENINGS, report, sns_event
from local.sheet import HEADERS
from local.stand_in import Refusal, StandIn, as_json, whole
from local.template import TopicMapping
from local.troubles import MOST_CALLS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PREFIX = "/_local/mail"
_LISTED = 100
_FRAMING = {**HEADERS, "Content-Security-Policy": HEADERS["Content-Security-Policy"] + "; frame-src 'self'"}
_SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
_FRAMED = {
    **HEADERS,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src http: https:; "
    f"form-action 'none'; frame-ancestors 'self'; sandbox {_SANDBOX}",
}
"""A mail is somebody else's page: it runs nothing, and its links open beside it."""


class LocalMailbox(StandIn):
    """`wsgi` is to be mounted under PREFIX. `topics` are what the functions hear, called by `invoke`."""

    urls = Map(
        [
            Rule("/", endpoint="index", methods=["GET"]),
            Rule("/mails.json", endpoint="list", methods=["GET"]),
            Rule("/trouble", endpoint="trouble", methods=["POST"]),
            Rule("/<int:number>", endpoint="mail", methods=["GET"]),
            Rule("/<int:number>/html", endpoint="html", methods=["GET"]),
            Rule("/<int:number>/report", endpoint="report", methods=["POST"]),
        ]
    )

    def __init__(self, mails: LocalMails, topics: tuple[TopicMapping, ...], invoke: Callable[[str, Any], Any]) -> None:
        self._mails, self._topics, self._invoke = mails, topics, invoke

    def _refused(self, _request: Request, why: str, /) -> Response:
        return _page(pages.sorry(why), 409)

    def _index(self, _request: Request) -> Response:
        return _page(pages.index(self._mails.newest(_LISTED), self._mails.troubles))

    def _list(self, _request: Request) -> Response:
        return as_json([_shown(mail) for mail in self._mails.newest(_LISTED)])

    def _mail(self, _request: Request, number: int) -> Response:
        return _page(pages.one(self._mails.find(number)))

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
        self._mails.troubles.let(request.form.get("what", ""), whole(request, "calls", 1, MOST_CALLS))
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


def _page(page: str, status: int = 200) -> Response:
    """With a mail in a frame."""
    return Response(page, status=status, mimetype="text/html", headers=_FRAMING)
