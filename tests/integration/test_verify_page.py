"""The page and the command come to the same verdict on every log, sound or forged."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from starbid.domain.audit import code_of
from starbid.domain.audit_check import problems
from starbid.domain.kinds import KINDS
from tests.support.factories import auction
from tests.support.logs import log_of, played, rechained

HERE = Path(__file__).parent
Log = dict[str, Any]
UNSOLD = {"status": "unsold", "price": None, "winner": None}

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js, as the front-end files do")


def on_the_page(logs: list[Log], noted: str = "") -> list[list[str]]:
    """What the page's checks find wrong with each, compared with what somebody noted."""
    command = ["node", str(HERE / "verify_page.mjs"), noted]
    done = subprocess.run(command, input=json.dumps(logs), capture_output=True, text=True, check=True, timeout=120)
    answers: list[list[str]] = json.loads(done.stdout)
    return answers


def forged(log: Log, dice: Random) -> Log:
    """The log with one thing changed; mostly with its hashes computed again, as only the server could."""
    log = copy.deepcopy(log)
    entries, openings, result = log["entries"], log["openings"], log["result"]
    entry = dice.choice(entries or [{}])
    match dice.randrange(12):
        case 0:
            result["price"] = (result["price"] or 0) + dice.choice((-1, 1, 7))
        case 1:
            result["winner"] = entry.get("bidder")
        case 2:
            openings[:] = openings[1:]
        case 3:
            entry["price"] = (entry.get("price") or 0) + dice.choice((1, 50))
        case 4:
            result["status"] = dice.choice(("sold", "unsold", "cancelled"))
        case 5 if openings:
            dice.choice(openings)["amount"] += 1
        case 6:
            entries.reverse()
        case 7:
            entry["kind"] = dice.choice(("bid", "raise", "buy"))
        case 8:
            entry[dice.choice(("bidder", "leader"))] = auction().pseudonym(999)
        case 9:
            log["terms"]["start_price"] += 1
        case 10:
            log["result"] = {"status": "unsold", "price": None, "winner": None}
        case _:
            entry["at"] = dice.choice(("2026-05-01T11:59:59.999Z", "2026-05-01T12:00:00.000Z"))
    log["entries"] = [line for line in entries if line]
    return rechained(log) if dice.random() < 0.7 else log


def some_logs(dice: Random) -> Iterator[Log]:
    for kind in sorted(KINDS):
        for seed in range(80):
            log = log_of(*played(kind, seed, currency=("XTR", "RUB")[seed % 2]))
            yield log
            yield from (forged(log, dice) for _ in range(5))


def test_the_page_and_the_command_agree_on_sound_and_forged_logs() -> None:
    logs = list(some_logs(Random(5)))
    verdicts = list(zip(logs, on_the_page(logs), strict=True))
    for log, faults in verdicts:
        found = problems(log)
        assert bool(faults) == bool(found), (json.dumps(log), faults, found)
    assert sum(not faults for _, faults in verdicts) > 320
    assert sum(bool(faults) for _, faults in verdicts) > 800


@pytest.mark.parametrize("seed", range(6))
def test_page_and_command_read_a_kept_link_alike(seed: int) -> None:
    log = log_of(*played("english", seed))
    head = log["head"]
    code = code_of(head)
    there = [head, head.upper(), code, f"https://x.example/auction/lot1/verify#{code}", f"  #{code} "]
    elsewhere = ["0" * 64, code_of("0" * 64), code[:-1], f"{code}A", code[::-1], "ж" * 43, "=" * 43]
    for text in there:
        assert (problems(log, text), on_the_page([log], text)) == ([], [[]])
    for text in elsewhere:
        assert problems(log, text)
        assert on_the_page([log], text) == [["noted-missing"]]


def test_entries_need_not_be_in_the_order_of_their_times() -> None:
    """A bid is dated when it comes and counted when it is written: one that waited for another may be the older."""
    logs = []
    for kind in ("english", "sealed", "vickrey"):
        log = copy.deepcopy(log_of(*played(kind, 6)))
        times = sorted((entry["at"] for entry in log["entries"]), reverse=True)
        for entry, at in zip(log["entries"], times, strict=True):
            entry["at"] = at
        logs.append(rechained(log))
    assert max(len(log["entries"]) for log in logs) > 2
    assert [problems(log) for log in logs] == [[], [], []] == on_the_page(logs)


@pytest.mark.parametrize("kind", ["penny", "constructor", ""])
def test_a_kind_that_nobody_knows_is_no_log_even_where_nobody_bid(kind: str) -> None:
    log = copy.deepcopy(log_of(*played("sealed", 6)))
    log["terms"]["type"] = kind
    log |= {
        "entries": [],
        "openings": [],
        "result": log["result"] | {"status": "unsold", "price": None, "winner": None},
    }
    log = rechained(log)
    assert problems(log)
    assert on_the_page([log]) == [["terms, type"]]


@pytest.mark.parametrize("field", ["floor_price", "drop_amount", "drop_seconds"])
@pytest.mark.parametrize("sold", [True, False])
def test_a_dutch_log_without_its_floor_or_its_drops_is_no_log(field: str, sold: bool) -> None:
    log = copy.deepcopy(log_of(*played("dutch", 6)))
    log["terms"][field] = None
    if not sold:
        log |= {
            "entries": [],
            "openings": [],
            "result": log["result"] | {"status": "unsold", "price": None, "winner": None},
        }
    log = rechained(log)
    assert problems(log)
    assert on_the_page([log]) == [[f"terms, {field}"]]
