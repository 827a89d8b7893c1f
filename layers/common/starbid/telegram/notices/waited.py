"""What waited for the end of quiet hours, in words."""

from __future__ import annotations

from starbid.services.notices import waited
from starbid.telegram import keyboards
from starbid.telegram.notices.telling import Message, Telling, says


@says(waited.WAITED)
def _waited(t: Telling) -> Message:
    lines = [f"• {line}" for line in t.facts["lines"]]
    if t.facts["more"]:
        lines.append(t.words.ngettext("And {n} more.", "And {n} more.", t.facts["more"]))
    go, _ = keyboards.go, t.words._
    rows = ((go(_("My bids"), "bids"), go(_("My lots and deals"), "my")), (keyboards.menu(t.words),))
    return "\n".join((_("<b>While it was quiet</b>"), *lines)), rows
