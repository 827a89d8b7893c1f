"""Mail as it leaves: headers that cannot be broken, both parts whole, and what SES's answers mean."""

from __future__ import annotations

import email.policy
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from botocore.session import get_session
from botocore.validate import validate_parameters

from starbid.services.ports import Letter, OutOfOrder, Rejected, TryLater
from starbid.storage import mails
from starbid.storage.mails import SesMails, written
from tests.support.there import there

SENDER = "notices@starbid.example"
STOP = "https://starbid.example/email/stop?t=" + "A1-_" * 25
LETTER = Letter(
    5, "anna@example.org", "Ставка на «Ёж 😀» перебита: ⭐ 330", "Привет 😀\n.\n" * 3, "<p>Привет</p>" * 99, STOP
)


def read(letter: Letter) -> EmailMessage:
    """As a mail client reads it."""
    parsed = message_from_bytes(written(letter, SENDER), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    assert not parsed.defects
    return parsed


def test_a_mail_arrives_as_it_was_worded() -> None:
    mail = read(LETTER)
    assert (mail["To"], mail["From"]) == ("anna@example.org", f"Starbid <{SENDER}>")
    assert mail["Subject"] == LETTER.title
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text
    assert html
    assert text.get_content().splitlines() == LETTER.text.splitlines()
    assert html.get_content().strip() == LETTER.html
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_the_way_out_stands_in_the_headers_as_rfc_8058_wants_it_and_unbroken() -> None:
    """However long the address of the site: a client that meets an encoded word there shows no way out."""
    host = ".".join(["h" * 60] * 4)
    for stop_url in (STOP, f"https://{host}/email/stop?t={'t' * 200}"):
        raw = written(Letter(5, "a@example.org", "x", "x", "x", stop_url), SENDER)
        lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
        assert f"List-Unsubscribe: <{stop_url}>".encode() in lines
        assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
        assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert read(Letter(5, "a@example.org", "x", "x", "x"))["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    "letter",
    [
        Letter(5, "a@example.org", "x\r\nBcc: eve@example.org", "x", "x"),
        Letter(5, "a@example.org\r\nBcc: eve@example.org", "x", "x", "x"),
        Letter(5, "a@example.org, eve@example.org", "x", "x", "x"),
        Letter(5, "a@example.org", "x", "x", "x", "https://starbid.example/>\r\nBcc: eve@example.org"),
        Letter(5, "a@example.org", "x", "x", "x", "https://starbid.example/> <https://evil.example/"),
    ],
)
def test_nothing_adds_a_header(letter: Letter) -> None:
    with pytest.raises(Exception) as refused:  # noqa: PT011 - Python has several for it
        written(letter, SENDER)
    assert isinstance(refused.value, ValueError | IndexError) or "header" in type(refused.value).__name__.lower()


@pytest.mark.parametrize("address", ["Anna.B+x@example.org", "o'neil{x}|y~z@example.org", "a@xn--e1afmkfd.xn--p1ai"])
def test_odd_addresses_are_written_as_they_are(address: str) -> None:
    assert read(Letter(5, address, "x", "x", "x"))["To"].addresses[0].addr_spec == address


class Ses:
    """SES's client: keeps the call, or fails."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.call: dict[str, Any] = {}
        self.trouble = trouble

    def send_email(self, **call: Any) -> dict[str, str]:
        if self.trouble:
            raise self.trouble
        self.call = call
        return {"MessageId": "x"}


def sending(monkeypatch: pytest.MonkeyPatch, ses: Ses) -> SesMails:
    monkeypatch.setattr(mails, "client", lambda _: ses)
    return SesMails(SENDER, "starbid-mail")


def test_the_call_is_one_that_ses_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    ses = Ses()
    sending(monkeypatch, ses).send(LETTER)
    operation = get_session().get_service_model("sesv2").operation_model("SendEmail")
    validate_parameters(ses.call, there(operation.input_shape))
    assert ses.call["Destination"] == {"ToAddresses": ["anna@example.org"]}
    assert ses.call["EmailTags"] == [{"Name": "person", "Value": "5"}]
    assert ses.call["ConfigurationSetName"] == "starbid-mail"


def error(code: str, status: int = 400) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "SendEmail")  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("trouble", "meant"),
    [
        (error("TooManyRequestsException", 429), TryLater),
        (error("ThrottlingException", 400), TryLater),
        (error("MessageRejected"), Rejected),
        (error("BadRequestException"), Rejected),
        (error("AccountSuspendedException"), OutOfOrder),
        (error("SendingPausedException"), OutOfOrder),
        (error("MailFromDomainNotVerifiedException"), OutOfOrder),
        (error("LimitExceededException"), OutOfOrder),
        (error("NotFoundException", 404), OutOfOrder),
        (error("AccessDeniedException", 403), OutOfOrder),
        (error("InternalFailure", 500), OutOfOrder),
        (ConnectTimeoutError(endpoint_url="https://email.example"), OutOfOrder),
    ],
    ids=lambda value: value.response["Error"]["Code"] if isinstance(value, ClientError) else None,
)
def test_what_ses_answers_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception, meant: type[Exception]
) -> None:
    with pytest.raises((TryLater, Rejected)) as told:
        sending(monkeypatch, Ses(trouble)).send(LETTER)
    assert type(told.value) is meant


def test_every_error_of_the_call_has_its_meaning() -> None:
    """Those that SES's own model names: a new one is read as trouble of the account, and waits."""
    named = {shape.name for shape in get_session().get_service_model("sesv2").operation_model("SendEmail").error_shapes}
    known = {
        *("AccountSuspendedException", "BadRequestException", "LimitExceededException", "MessageRejected"),
        *("MailFromDomainNotVerifiedException", "NotFoundException", "SendingPausedException"),
        "TooManyRequestsException",
    }
    assert named == known
