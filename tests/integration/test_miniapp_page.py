"""The Mini App logs in by itself, once a launch, asks where another account is logged in, and says what went wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
DONE = {"status": 200, "body": {"ok": True, "user_id": 7, "next": "/wallet"}}
QUESTION = {"status": 409, "body": {"error": {"code": "other_account", "message": "Anna or Vera?", "details": {}}}}
NOT_KEPT = {"status": 401, "body": {}}
GUEST, ANNA, VERA = ({"me": me, "path": "/wallet"} for me in (None, 5, 7))
LOGIN = {"me": None, "path": "/login", "next": "/wallet"}

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js, as the front-end files do")


def play(pages: list[dict[str, Any]], answers: list[dict[str, Any]], **more: object) -> dict[str, Any]:
    """Vera (7) opens the Mini App; what the pages said and asked."""
    told = json.dumps({"user": 7, "pages": pages, "answers": answers, "choice": "stay"} | more)
    command = ["node", str(HERE / "miniapp_page.mjs")]
    done = subprocess.run(command, input=told, capture_output=True, text=True, check=True, timeout=60)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("storage", [True, False])
def test_a_guest_is_logged_in_once_and_the_page_comes_again(storage: bool) -> None:
    told = play([GUEST, VERA], [DONE], storage=storage, walk=2)
    assert (told["loads"], len(told["sent"]), told["asked"], told["notices"]) == (4, 1, [], [])
    assert told["sent"][0] == {"replace": None, "next": "/wallet", "csrf": "token"}


@pytest.mark.parametrize("storage", [True, False])
def test_a_cookie_that_is_refused_is_noticed_before_the_page_comes_again(storage: bool) -> None:
    told = play([GUEST], [DONE], me=NOT_KEPT, storage=storage)
    assert (told["loads"], len(told["sent"]), told["notices"]) == (1, 1, ["refused"])


def test_the_next_pages_of_the_launch_say_it_again_and_do_not_try_again() -> None:
    told = play([GUEST, GUEST, LOGIN], [DONE], me=NOT_KEPT, walk=2)
    assert (told["loads"], len(told["sent"]), told["enter"]) == (3, 1, False)
    assert told["notices"] == ["refused"] * 3


@pytest.mark.parametrize("storage", [True, False])
def test_one_kept_for_scripts_and_not_for_pages_ends_after_one_more_page(storage: bool) -> None:
    told = play([GUEST], [DONE], storage=storage)
    assert (told["loads"], len(told["sent"]), told["notices"]) == (2, 1, ["refused"])


@pytest.mark.parametrize(("page", "target"), [(GUEST, "%2Fwallet"), (LOGIN, "%2Fwallet")])
def test_the_browser_is_offered_the_same_page_behind_its_own_login(page: dict[str, Any], target: str) -> None:
    told = play([page], [DONE], me=NOT_KEPT, press=True)
    assert told["opened"] == [f"https://starbid.example/login?next={target}"]


def test_a_proof_that_is_too_old_asks_for_a_new_launch() -> None:
    told = play([GUEST], [{"status": 403, "body": {}}], press=True, walk=2)
    assert (told["loads"], len(told["sent"]), told["notices"][0], told["opened"]) == (3, 1, "stale", ["close"])


@pytest.mark.parametrize("status", [0, 429, 500, 503])
def test_a_site_that_does_not_answer_is_asked_again_only_by_a_press(status: int) -> None:
    failing = {"status": status, "body": {}}
    told = play([GUEST], [failing], walk=3)
    assert (told["loads"], len(told["sent"]), set(told["notices"])) == (4, 1, {"failed"})
    told = play([GUEST, VERA], [failing, DONE], press=True)
    assert (told["loads"], len(told["sent"])) == (2, 2)


@pytest.mark.parametrize("status", [0, 500])
def test_a_login_that_nobody_can_vouch_for_is_not_taken_for_refused(status: int) -> None:
    told = play([GUEST], [DONE], me={"status": status, "body": {}})
    assert (told["loads"], told["notices"]) == (1, ["failed"])


def test_who_logged_out_has_a_button_and_no_notice() -> None:
    told = play([VERA, LOGIN], [DONE], walk=1)
    assert (told["sent"], told["notices"], told["enter"]) == ([], [], True)


def test_a_link_with_a_launch_behind_its_mark_logs_nobody_in() -> None:
    told = play([GUEST], [DONE], hosted=False)
    assert (told["loads"], told["sent"], told["notices"]) == (1, [], [])


def test_where_another_account_is_logged_in_it_asks_and_stays_if_told_so() -> None:
    told = play([ANNA], [QUESTION], walk=1)
    assert (told["loads"], told["asked"], len(told["sent"])) == (2, ["Anna or Vera?"], 1)


@pytest.mark.parametrize("popups", [True, False])
def test_it_switches_if_told_so(popups: bool) -> None:
    told = play([ANNA, VERA], [QUESTION, DONE], choice="switch", popups=popups)
    assert [sent["replace"] for sent in told["sent"]] == [None, "1"]
    assert (told["loads"], told["asked"]) == (2, ["Anna or Vera?"])


def test_a_switch_whose_cookie_is_not_kept_does_not_ask_again() -> None:
    told = play([ANNA], [QUESTION, DONE], me={"status": 200, "body": {"id": 5}}, choice="switch", walk=1)
    assert (told["loads"], len(told["asked"]), len(told["sent"])) == (2, 1, 2)


def test_the_own_account_is_left_alone() -> None:
    told = play([VERA], [DONE])
    assert (told["loads"], told["sent"]) == (1, [])


FRONT_GUEST, FRONT_VERA, FRONT_ANNA = ({"me": me, "path": "/"} for me in (None, 7, 5))
LOT_PAGE = {"me": 7, "path": "/auction/lot1"}


@pytest.mark.parametrize("storage", [True, False])
def test_a_link_about_a_lot_opens_it_once_a_launch(storage: bool) -> None:
    told = play([FRONT_VERA, LOT_PAGE, FRONT_VERA], [DONE], start="auction_lot1", storage=storage, walk=1)
    assert (told["loads"], told["sent"], told["notices"]) == (3, [], [])


def test_a_guest_is_logged_in_on_the_way_to_the_lot() -> None:
    told = play([FRONT_GUEST, LOT_PAGE], [DONE], start="auction_lot1")
    assert (told["loads"], [sent["next"] for sent in told["sent"]]) == (2, ["/auction/lot1"])


def test_one_who_stays_logged_in_as_somebody_else_finds_the_lot_too() -> None:
    told = play([FRONT_ANNA, LOT_PAGE | {"me": 5}], [QUESTION], start="auction_lot1", choice="stay")
    assert (told["loads"], len(told["asked"])) == (2, 1)


@pytest.mark.parametrize("start", ["auction_", "auction_../x", "login_1", "https://x.org", "auction_A", "x" * 600, ""])
def test_other_payloads_lead_nowhere(start: str) -> None:
    assert play([FRONT_VERA, LOT_PAGE], [DONE], start=start)["loads"] == 1


def test_a_link_is_forgotten_on_any_other_page() -> None:
    assert play([VERA, LOT_PAGE], [DONE], start="auction_lot1")["loads"] == 1
