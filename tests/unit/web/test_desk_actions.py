"""What operators can do has a name in the audit log."""

import re
from pathlib import Path

from starbid.i18n import language
from web.admin.actions import names_of_actions

SERVICES = Path(__file__).resolve().parents[3] / "layers" / "common" / "starbid" / "services"
VERBS = (
    *(
        "adjust",
        "answer",
        "approve",
        "ask",
        "begin",
        "block",
        "cancel",
        "change",
        "charge",
        "close",
        "collect",
        "compare",
        "credit",
    ),
    *(
        "dismiss",
        "drop",
        "explain",
        "grant",
        "hide",
        "keep",
        "move",
        "note",
        "pay",
        "refund",
        "refuse",
        "remake",
        "reopen",
    ),
    *("resend", "restrict", "retry", "return", "settle", "show", "start", "stop", "take", "unblock", "write"),
)
NAMED = re.compile(
    rf'decision, "((?:{"|".join(VERBS)})-[a-z-]+)"|entry\(\s*"([a-z-]+)"|"((?:{"|".join(VERBS)})-person)"'
)


def test_every_action_has_words_in_both_languages() -> None:
    found = {
        next(filter(None, groups))
        for path in SERVICES.rglob("*.py")
        for groups in NAMED.findall(path.read_text("utf-8"))
    }
    assert {"export", "block-person", "settle-dispute"} <= found
    for code in ("en", "ru"):
        assert found - names_of_actions(language(code)).keys() == set()
