"""What the pages about e-mail show."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.email_addresses import LONGEST, shown
from starbid.services.ports import ASK_SECONDS
from web.kernel.http import Request


@dataclass(frozen=True)
class EmailSection:
    """The section of the settings. `address` is where notices go, `asked` waits for its confirmation; "" where there
    is none. `typed` is a refused address, `fault` what is wrong with it. `hours`: for so many a link works.
    """

    address: str
    asked: str
    typed: str = ""
    fault: str = ""
    most: int = LONGEST
    hours: int = ASK_SECONDS // 3600


def email_section(request: Request, typed: str = "", fault: str = "") -> EmailSection | None:
    """None where no e-mail is sent here."""
    if not request.app.settings.email_sender:
        return None
    standing = request.app.email_addresses.standing(request.visitor.require_person(), request.now)
    address, asked = (shown(each) if each else "" for each in (standing.address, standing.asked))
    return EmailSection(address, asked, typed[:LONGEST], fault)
