"""Pages about e-mail: a part of `pages`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.e2e.town import Town

if TYPE_CHECKING:
    from tests.e2e.pages import Walk


def visit(walk: Walk) -> None:
    """Pages behind the links in mails: opened by nobody in particular, as in a mail program's browser."""
    town, boris = walk.town, walk.town.boris
    walk.is_refused(boris, "/settings/email", {"email": "boris"})
    assert boris.posts("/settings/email", {"email": "boris@example.org"}).status_code == 303
    walk.looks((boris, "/settings"), state="waiting for a confirmation")
    token = _link(town, "/email/confirm")
    walk.looks((None, f"/email/confirm?t={token}"), (walk.newcomer, f"/email/confirm?t={token}"), (None, "/email/stop"))
    walk.is_refused(boris, "/email/confirm", {"t": token})  # no refusal: it answers with its page
    boris.buys_stars(1, "charge-for-a-mail")
    stop = _link(town, "/email/stop")
    walk.looks((boris, "/settings"), state="with an address")
    walk.looks((None, f"/email/stop?t={stop}"))
    walk.is_refused(boris, f"/email/stop?t={stop}", {"scope": "kind"})
    walk.is_refused(boris, f"/email/stop?t={stop}", {"scope": "all"})
    walk.looks((None, f"/email/stop?t={stop}"), state="ended")


def _link(town: Town, path: str) -> str:
    """The token of a link in the newest mail."""
    town.stack.advance(0)
    (mail, *_) = town.visitor().get("/_local/mail/mails.json").json()
    return str(re.findall(rf"{path}\?t=(\S+)", mail["text"])[0])
