"""The page and the command come to the same verdict on every log, sound or forged."""

from __future__ import annotations

import copy
import json
import re
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
from starbid.domain.money import CURRENCIES, Money
from starbid.i18n import language
from tests.support.factories import auction
from tests.support.logs import log_of, played, rechained
from web.lot.verify_words import sentences

HERE = Path(__file__).parent
Log = dict[str, Any]
Finding = dict[str, Any]
UNSOLD = {"status": "unsold", "price": None, "winner": None}

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js, as the front-end files do")


def on_the_page(logs: list[Log], noted: str = "") -> list[list[str]]:
    """What the page's checks find wrong with each, compared with what somebody noted."""
    answers: list[list[str]] = run(logs, noted)
    return answers


def said_on_the_page(logs: list[Log], code: str, folder: Path) -> list[list[Finding]]:
    """All that the page says of each, in the sentences of a language."""
    (folder / "sentences.json").write_text(json.dumps(dict(sentences(language(code)))))
    answers: list[list[Finding | str]] = run(logs, "", str(folder / "sentences.json"))
    return [[finding for finding in found if isinstance(finding, dict)] for found in answers]


def run(logs: list[Log], *arguments: str) -> Any:
    command = ["node", str(HERE / "verify_page.mjs"), *arguments]
    done = subprocess.run(command, input=json.dumps(logs), capture_output=True, text=True, check=True, timeout=120)
    return json.loads(done.stdout)


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


@pytest.mark.parametrize("code", ["en", "ru"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_lot_in_roubles_is_told_in_roubles(kind: str, code: str, tmp_path: Path) -> None:
    words = language(code)
    log = next(log for log in (log_of(*played(kind, seed, currency="RUB")) for seed in range(1000)) if is_uneven(log))
    findings = said_on_the_page([log], code, tmp_path)[0]

    def money(amount: int) -> str:
        return words.money(Money(amount, "RUB"))

    told = {finding["name"]: finding["what"] for finding in findings}
    assert told[words._("Price")].startswith(f"{money(log['result']['price'])}, ")
    opened = {opening["number"]: opening["amount"] for opening in log["openings"]}
    for entry in log["entries"]:
        line = told[words._("Record {n}", n=entry["number"])]
        if entry["price"] is not None:
            assert words._("price {price}", price=money(entry["price"])) in line
        if entry["number"] in opened:
            assert words._("revealed: {amount}", amount=money(opened[entry["number"]])) in line
    assert not any(finding["faults"] for finding in findings)


def is_uneven(log: Log) -> bool:
    """Sold after several bids where the kind has them, for roubles and kopecks, and above a thousand of minor units."""
    price, least = log["result"]["price"], 1 if log["terms"]["type"] == "dutch" else 3
    uneven = price is not None and price > 1000 and (price % 100 or log["terms"]["type"] == "dutch")
    return bool(uneven and len(log["entries"]) >= least)


MONEY = {
    ("en", "RUB"): r"₽\d{1,3}(,\d{3})*\.\d\d(?!\d)",
    ("ru", "RUB"): r"\d{1,3}(\u202f\d{3})*,\d\d\u202f₽",
    ("en", "XTR"): r"⭐\u202f\d{1,3}(\u202f\d{3})*(?!\d)",
    ("ru", "XTR"): r"⭐\u202f\d{1,3}(\u202f\d{3})*(?!\d)",
}
NAMES = r"#[0-9a-f]{8}|[0-9a-f]{12}…"


@pytest.mark.parametrize(("code", "currency"), sorted(MONEY))
def test_whatever_is_said_of_a_log_no_amount_is_bare(code: str, currency: str, tmp_path: Path) -> None:
    """Sound and forged: without money, names and hashes there is no number left but those of records and bidders."""
    logs = [log for log in some_logs(Random(7)) if log["terms"]["currency"] == currency]
    said = [finding for found in said_on_the_page(logs, code, tmp_path) for finding in found]
    texts = [text for finding in said for text in (finding["name"], finding["what"], *finding["faults"])]
    for text in texts:
        rest = re.sub(f"{MONEY[code, currency]}|{NAMES}", "", text)
        assert not re.search(r"\d\d|null|undefined|NaN|[{}]", rest), text
    assert sum(bool(re.search(MONEY[code, currency], text)) for text in texts) > 1000


@pytest.mark.parametrize("code", ["en", "ru"])
@pytest.mark.parametrize("currency", sorted(CURRENCIES))
def test_the_page_writes_amounts_as_the_site_does(code: str, currency: str, tmp_path: Path) -> None:
    words, amounts = language(code), [1, 9, 10, 99, 100, 101, 999, 1000, 99_999, 100_000, 123_456_789, 10**12]
    log = log_of(*played("sealed", 6, currency=currency))
    logs = [log | {"result": log["result"] | {"status": "sold", "price": amount}} for amount in amounts]
    said = said_on_the_page(logs, code, tmp_path)
    for amount, findings in zip(amounts, said, strict=True):
        assert findings[-1]["what"].startswith(f"{words.money(Money(amount, currency))}, ")
