"""The one call of SES's API (version 2) that the product makes: a whole mail to one receiver."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from local.aws_errors import AwsError
from local.mail.box import TROUBLES, LocalMails

SEND = "/ses/v2/email/outbound-emails"
_MOST_BYTES = 40 * 1024 * 1024
_LONGEST_LINE = 998
"""RFC 5322, section 2.1.1."""


class SesApi:
    def __init__(self, mails: LocalMails) -> None:
        self._mails = mails

    def answer(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Raises AwsError."""
        if (method, path) != ("POST", SEND):
            raise AwsError("NotFoundException", f"{method} {path} is not understood by the local run", 404)
        code, status = TROUBLES[self._mails.troubles.take()]
        if code:
            raise AwsError(code, "The local run was told to fail.", status)
        raw, receivers = _raw(body), _receivers(body)
        tags = {tag.get("Name"): tag.get("Value") for tag in body.get("EmailTags") or []}
        return {"MessageId": self._mails.add(receivers[0], str(tags.get("person", "")), raw).id}


def _raw(body: dict[str, Any]) -> bytes:
    """The mail, as SES and the servers behind it would take it."""
    try:
        raw = base64.b64decode(body["Content"]["Raw"]["Data"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise AwsError("BadRequestException", "Content.Raw.Data is missing or no base64.") from None
    head = raw.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    if len(raw) > _MOST_BYTES or any(len(line) > _LONGEST_LINE for line in raw.split(b"\r\n")):
        raise AwsError("BadRequestException", "The mail or a line of it is too long.")
    if not head.isascii() or any(names.count(once) != 1 for once in (b"from", b"to", b"subject")):
        raise AwsError("BadRequestException", "The headers must be ASCII, with From, To and Subject once each.")
    return raw


def _receivers(body: dict[str, Any]) -> list[str]:
    receivers = (body.get("Destination") or {}).get("ToAddresses") or []
    if len(receivers) != 1 or "@" not in str(receivers[0]):
        raise AwsError("BadRequestException", "The local run takes one receiver.")
    return [str(receivers[0])]
