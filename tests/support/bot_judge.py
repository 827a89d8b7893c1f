"""The verdict on one call, answer or update of the Bot API. Doubles of Telegram import it also without pytest and
aiogram, as in processes with the built layer, so it imports them only when it judges.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

breaches: list[str] = []
"""Findings that are not reported yet (tests.support.bot_watch)."""


def judge(what: str, name: str, about: Any) -> None:
    """`what` is `call`, `answer` or `update`. Raises Breach, also for input that the checks cannot read. The test fails
    even if somebody catches it.
    """
    from .bot_contract import check_answer, check_call, check_update
    from .bot_rules import Breach

    try:
        match what:
            case "call":
                check_call(name, about)
            case "answer":
                check_answer(name, about)
            case _:
                check_update({"update_id": 1, name: about})
    except Exception as error:
        breach = error if isinstance(error, Breach) else Breach(f"{name} cannot be checked: {error!r} in {about!r}")
        breaches.append(f"{what}: {breach}")
        raise breach from error


def judge_record(path: Path) -> None:
    """What `recorded_run` wrote; the last line may be cut off if the run died. Judged once, then deleted."""
    lines = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    for number, line in enumerate(lines, 1):
        try:
            what, name, about = json.loads(line)
        except ValueError:
            assert number == len(lines), line
            return
        judge(what, name, about)
