"""E-mail by SES: implements `ports.Mails`.

A mail goes out as it is to arrive, headers and parts (`Raw`): older versions of botocore know no headers for another.
"""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from starbid.services.ports import Letter, OutOfOrder, Rejected, Throttled, TryLater, Unavailable
from starbid.storage.clients import client
from starbid.storage.errors import CallRefused, Malformed, aws_errors

PERSON_TAG = "person"
"""Comes back with what SES reports of a mail (services.mail_reports)."""
BUSY_SECONDS, GONE_SECONDS, SHUT_SECONDS = 5, 30, 900
_REFUSED = {"MessageRejected", "BadRequestException"}
_URL = re.compile(r"https?://[!#-;=?-~]{1,900}")


class SesMails:
    """`sender` is the address that mail comes from, verified with SES; `configuration_set` has reports made of it."""

    def __init__(self, sender: str, configuration_set: str) -> None:
        self._sender, self._configuration_set = sender, configuration_set

    def send(self, letter: Letter) -> None:
        call = {
            "FromEmailAddress": self._sender,
            "Destination": {"ToAddresses": [letter.to]},
            "Content": {"Raw": {"Data": written(letter, self._sender)}},
            "EmailTags": [{"Name": PERSON_TAG, "Value": str(letter.person_id)}],
            "ConfigurationSetName": self._configuration_set,
        }
        try:
            with aws_errors():
                client("sesv2").send_email(**{name: value for name, value in call.items() if value})
        except Throttled as busy:
            raise TryLater(BUSY_SECONDS) from busy
        except Unavailable as gone:
            raise OutOfOrder(GONE_SECONDS) from gone
        except CallRefused as refused:
            raise _meant_by(refused) from refused


def _meant_by(refused: CallRefused) -> Exception:
    """Whatever is no fault of the mail shuts all of them out: the account's, the sender's, the permission's."""
    code = str(refused)
    if code == "TooManyRequestsException":
        return TryLater(BUSY_SECONDS)
    return Rejected(code) if code in _REFUSED or isinstance(refused, Malformed) else OutOfOrder(SHUT_SECONDS)


def written(letter: Letter, sender: str) -> bytes:
    """The mail as it goes out. Raises ValueError for a line break in what becomes a header."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("Starbid", addr_spec=sender)
    mail["To"] = Address(addr_spec=letter.to)
    mail["Subject"] = letter.title
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return _ways_out(letter.stop_url) + mail.as_bytes()


def _ways_out(stop_url: str) -> bytes:
    """The headers of RFC 8058. Written here, as Python's own would encode a long address so that no client knows it."""
    if not stop_url:
        return b""
    if not _URL.fullmatch(stop_url):
        raise ValueError("not an address that a header can have")
    return f"List-Unsubscribe: <{stop_url}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n".encode()
