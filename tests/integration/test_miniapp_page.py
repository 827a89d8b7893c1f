"""The Mini App logs in by itself, asks where another account is logged in, and never goes round in circles."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
DONE = {"status": 200, "body": {"ok": True, "next": "/wallet"}}
QUESTION = {"status": 409, "body": {"error": {"code": "other_account", "message": "Anna or Vera?", "details": {}}}}
GUEST, ANNA, VERA = ({"me": me, "path": "/wallet"} for me in (None, 5, 7))

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js, as the front-end files do")


def play(pages: list[dict[str, Any]], answers: list[dict[str, Any]], **more: object) -> dict[str, Any]:
    """Vera (7) opens the Mini App; what the pages said and asked."""
    told = json.dumps({"user": 7, "pages": pages, "answers": answers, "choice": "stay"} | more)
    command = ["node", str(HERE / "miniapp_page.mjs")]
    done = subprocess.run(command, input=told, capture_output=True, text=True, check=True, timeout=60)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_a_guest_is_logged_in_once_and_the_page_comes_again() -> None:
    told = play([GUEST, VERA], [DONE])
    assert (told["loads"], len(told["sent"]), told["asked"]) == (2, 1, [])
    assert told["sent"][0] == {"replace": None, "next": "/wallet", "csrf": "token"}


def test_a_browser_that_keeps_no_cookie_is_not_sent_round_and_round() -> None:
    told = play([GUEST], [DONE])
    assert (told["loads"], len(told["sent"])) == (2, 1)
    told = play([GUEST, {"me": None, "path": "/login"}], [DONE])
    assert (told["loads"], len(told["sent"]), told["enter"]) == (2, 1, True)


def test_one_that_keeps_nothing_at_all_has_a_button() -> None:
    told = play([{"me": None, "path": "/login"}], [DONE], storage=False)
    assert (told["loads"], told["sent"], told["enter"]) == (1, [], True)


def test_a_login_that_is_refused_is_not_tried_for_ever() -> None:
    refused = {"status": 403, "body": {}}
    told = play([GUEST], [refused])
    assert (told["loads"], len(told["sent"])) == (1, 1)


def test_where_another_account_is_logged_in_it_asks_and_stays_if_told_so() -> None:
    told = play([ANNA], [QUESTION])
    assert (told["loads"], told["asked"], len(told["sent"])) == (1, ["Anna or Vera?"], 1)


@pytest.mark.parametrize("popups", [True, False])
def test_it_switches_if_told_so(popups: bool) -> None:
    told = play([ANNA, VERA], [QUESTION, DONE], choice="switch", popups=popups)
    assert [sent["replace"] for sent in told["sent"]] == [None, "1"]
    assert (told["loads"], told["asked"]) == (2, ["Anna or Vera?"])


def test_a_switch_whose_cookie_is_not_kept_does_not_ask_again() -> None:
    told = play([ANNA], [QUESTION, DONE, QUESTION, DONE], choice="switch")
    assert (told["loads"], len(told["asked"])) == (2, 1)


def test_the_own_account_is_left_alone() -> None:
    told = play([VERA], [DONE])
    assert (told["loads"], told["sent"]) == (1, [])
