"""The log of a lot, checked by somebody who trusts nobody: sound ones pass, and every tampering is found."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scripts import verify_log
from starbid.domain import audit, audit_check
from starbid.domain.auction import Ending
from starbid.domain.audit_check import parse, problems, report
from starbid.domain.audit_price import RULES
from starbid.domain.kinds import KINDS
from tests.support.logs import log_of, played, rechained

GOLDEN = Path(__file__).parents[2] / "support" / "golden_logs.json"
kinds = st.sampled_from(sorted(KINDS))
seeds = st.integers(0, 10**6)
quick = settings(max_examples=100, deadline=None, derandomize=True, database=None)


def sold(kind: str, least: int = 2) -> dict[str, Any]:
    """The log of some sold lot with at least so many bids."""
    for seed in range(10_000):
        lot, rows = played(kind, seed)
        if lot.ending is Ending.SOLD and len(rows) >= least:
            return log_of(lot, rows)
    raise AssertionError("no such lot")


def test_every_kind_has_a_rule_for_its_price() -> None:
    assert RULES.keys() == KINDS.keys()


@quick
@given(kinds, seeds)
def test_the_log_of_whatever_happened_is_sound(kind: str, seed: int) -> None:
    lot, rows = played(kind, seed)
    assert problems(log_of(lot, rows), audit.head_of(lot)) == []


@quick
@given(kinds, seeds, st.randoms(use_true_random=False))
def test_every_flipped_bit_of_the_file_is_found(kind: str, seed: int, dice: Random) -> None:
    lot, rows = played(kind, seed)
    log = log_of(lot, rows)
    file = bytearray(json.dumps(log, separators=(",", ":")).encode())
    bit = dice.randrange(8 * len(file))
    file[bit // 8] ^= 1 << bit % 8
    try:
        changed = parse(bytes(file))
    except ValueError:
        return
    result = changed.get("result") if isinstance(changed, dict) else None
    assume(not isinstance(result, dict) or result == log["result"] or result.get("status") == "sold")
    assert problems(changed) != [], file


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_flipped_bits_all_over_one_log_of_each_kind_are_found(kind: str) -> None:
    file = json.dumps(sold(kind, 1), separators=(",", ":")).encode()
    for bit in range(kind_offset(kind), 8 * len(file), 4):
        flipped = bytearray(file)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            changed = parse(bytes(flipped))
        except ValueError:
            continue
        assert problems(changed), (bit, bytes(flipped))


def kind_offset(kind: str) -> int:
    """Every fourth bit, other ones for each kind."""
    return sorted(KINDS).index(kind)


def swapped(entries: list[Any], at: int) -> list[Any]:
    return [*entries[:at], entries[at + 1], entries[at], *entries[at + 2 :]]


@quick
@given(kinds.filter(lambda kind: kind != "dutch"), seeds, st.integers(0, 100))
def test_a_dropped_an_added_and_a_moved_entry_are_found(kind: str, seed: int, pick: int) -> None:
    lot, rows = played(kind, seed)
    log = log_of(lot, rows)
    entries = log["entries"]
    assume(len(entries) >= 2)
    at, second = pick % len(entries), pick % (len(entries) - 1)
    assert problems(log | {"entries": entries[:at] + entries[at + 1 :]})
    assert problems(log | {"entries": entries[: at + 1] + entries[at:]})
    assert problems(log | {"entries": swapped(entries, second)})
    assert problems(log | {"entries": entries[:-1]})


@quick
@given(kinds, seeds, st.integers(0, 100), st.sampled_from(["drop", "add", "swap", "price", "at", "bidder"]))
def test_a_forger_who_computes_all_hashes_anew_misses_the_head_that_was_noted(
    kind: str, seed: int, pick: int, forgery: str
) -> None:
    lot, rows = played(kind, seed)
    assume(len(rows) >= 2)
    log = copy.deepcopy(log_of(lot, rows))
    entries = log["entries"]
    at = pick % (len(entries) - 1)
    match forgery:
        case "drop":
            entries = entries[:at] + entries[at + 1 :]
        case "add":
            entries = entries[: at + 1] + entries[at:]
        case "swap":
            entries = swapped(entries, at)
        case "price":
            entries[at]["price"] = (entries[at]["price"] or 0) + 1
        case "at":
            entries[at]["at"] = "2026-05-02T00:00:00.000Z"
        case "bidder":
            entries[at]["bidder"] = "#ffffffff"
    forged = rechained(log | {"entries": entries})
    assert forged["head"] != lot.head
    assert any("noted" in problem for problem in problems(forged, lot.head))


def test_a_head_noted_on_the_way_is_found_in_the_whole_log() -> None:
    log = sold("english", 3)
    assert problems(log, log["entries"][0]["hash"]) == []
    assert problems(log, audit.digest(log["terms"])) == []
    assert problems(log, "0" * 64) != []
    assert problems(log, "nonsense") != []


def test_what_was_noted_is_a_hash_the_code_of_a_link_or_a_whole_link() -> None:
    log = sold("english", 3)
    head = log["entries"][-1]["hash"]
    code = audit.code_of(head)
    assert len(code) == 43
    assert code.isascii()
    for text in (head, head.upper(), code, f"#{code}", f"https://x.example/auction/lot1/verify#{code}", f" {code}\n"):
        assert audit_check.noted_head(text) == head
        assert problems(log, text) == []
    for text in (
        audit.code_of("0" * 64),
        code.swapcase(),
        code[:-1],
        f"{code}A",
        "https://x.example/auction/lot1/verify",
    ):
        assert problems(log, text) != []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_another_price_than_the_rules_make_is_found_though_all_hashes_are_right(kind: str) -> None:
    log = sold(kind, 1)
    for wrong in (log["result"]["price"] + 1, log["result"]["price"] - 1, 1, 10**12):
        assert problems(log | {"result": log["result"] | {"price": wrong}})


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_another_winner_is_found(kind: str) -> None:
    log = sold(kind, 3)
    for other in {entry["bidder"] for entry in log["entries"]} - {log["result"]["winner"]} | {"#00000000"}:
        assert problems(log | {"result": log["result"] | {"winner": other}})


@pytest.mark.parametrize("kind", ["sealed", "vickrey"])
def test_an_opening_that_is_kept_back_is_missed(kind: str) -> None:
    log = sold(kind, 3)
    for number in range(len(log["openings"])):
        left = [opening for place, opening in enumerate(log["openings"]) if place != number]
        if log["openings"][number]["number"]:
            assert problems(log | {"openings": left})


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_sale_that_is_told_as_none_is_found_where_nothing_was_reserved(kind: str) -> None:
    log = next(log for log in (log_of(*played(kind, seed)) for seed in range(10_000)) if is_plain_sale(log))
    unsold = {"status": "unsold", "price": None, "winner": None}
    assert problems(log | {"result": unsold, "openings": []})


def is_plain_sale(log: dict[str, Any]) -> bool:
    return log["result"]["status"] == "sold" and log["terms"]["reserve"] is None


def test_an_amount_with_another_salt_is_not_the_one_that_was_committed_to() -> None:
    log = sold("sealed", 2)
    forged = [opening | {"amount": opening["amount"] + 1} for opening in log["openings"]]
    assert any("committed" in problem for problem in problems(log | {"openings": forged}))


DEEP: Any = []
for _ in range(50_000):
    DEEP = [DEEP]
HOSTILE: list[Any] = [
    None,
    0,
    "log",
    [],
    {},
    {"terms": None, "entries": None, "openings": None, "result": None, "head": None},
    {"terms": {}, "entries": [1, None, [], {}], "openings": [{}], "result": {}, "head": 1},
    {"terms": DEEP, "entries": [DEEP], "openings": DEEP, "result": DEEP, "head": DEEP},
    {"entries": [{}] * 5_000},
    {"\ud800": 1, "head": "\ud800"},
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_it_is_it_is_told_in_sentences(hostile: Any) -> None:
    found = problems(hostile, "\ud800")
    assert found
    assert len(found) <= 101
    assert all(len(sentence) < 300 and sentence.endswith(".") for sentence in found)


VALUES = [None, True, -1, 0, 10**400, 1.5, "", "x" * 10**5, "\ud800", [], {}, DEEP, [[]], {"a": DEEP}, "9999-99-99"]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_field_of_any_other_value_is_found_and_never_an_error(kind: str) -> None:
    log = sold(kind, 1)
    paths: list[tuple[Any, ...]] = [(name,) for name in log]
    paths += [("terms", name) for name in log["terms"]] + [("result", name) for name in log["result"]]
    paths += [("entries", 0, name) for name in log["entries"][0]]
    paths += [("openings", 0, name) for name in (log["openings"][0] if log["openings"] else ())]
    for path in paths:
        for value in [*VALUES, *([{}], [None]) * (len(path) == 1)]:
            changed = copy.deepcopy(log)
            place: Any = changed
            for step in path[:-1]:
                place = place[step]
            if place[path[-1]] == value and type(place[path[-1]]) is type(value):
                continue
            place[path[-1]] = value
            assert problems(changed), (path, value)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"\xff",
        b"[" * 10**6,
        b'{"a": 1, "a": 2}',
        b"1.0",
        b"NaN",
        b"9" * 5_000,
        b'{"terms": 1e400}',
    ],
    ids=["empty", "cut", "no UTF-8", "deep", "twice", "fraction", "NaN", "huge", "infinite"],
)
def test_what_is_no_log_at_all_is_refused_with_words(text: bytes, tmp_path: Path, capsys: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)
    (tmp_path / "log.json").write_bytes(text)
    assert verify_log.main([str(tmp_path / "log.json")]) == 1
    assert capsys.readouterr().out.startswith("WRONG    This is not the JSON of a log: ")


def test_the_format_is_pinned_by_a_log_that_was_written_once() -> None:
    """Logs that people have downloaded stay checkable: a change of the format takes a new name of it."""
    logs = json.loads(GOLDEN.read_text())
    assert {log["terms"]["type"] for log in logs} == KINDS.keys()
    for log in logs:
        assert problems(log, log["head"]) == []
    assert [log_of(*played(log["terms"]["type"], seed)) for log, seed in zip(logs, SEEDS, strict=True)] == logs


SEEDS = (15, 0, 6, 1)


def test_the_command_prints_what_was_checked_and_ends_well(tmp_path: Path, capsys: Any) -> None:
    log = sold("english", 3)
    file = tmp_path / "log.json"
    file.write_text(json.dumps(log, indent=2))
    assert verify_log.main([str(file), log["head"].upper()]) == 0
    out = capsys.readouterr().out
    assert "checked  the chain: the terms and" in out
    assert "checked  the head that was noted" in out
    assert out.endswith("The log is sound.\n")
    assert verify_log.main([str(file), ""]) == 0
    assert "HEAD=" in capsys.readouterr().out


def test_the_command_ends_with_1_where_something_is_wrong(tmp_path: Path, capsys: Any) -> None:
    log = sold("english", 3)
    file = tmp_path / "log.json"
    file.write_text(json.dumps(log | {"entries": log["entries"][1:]}))
    assert verify_log.main([str(file)]) == 1
    assert "WRONG    Entry 1 bears the number 2" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], [""], ["nothing/there"], ["a", "b", "c"], ["."]])
def test_the_command_without_a_file_to_read_says_so(arguments: list[str], capsys: Any) -> None:
    assert verify_log.main(arguments) == 2
    assert capsys.readouterr().err


def test_a_report_names_what_it_looked_at() -> None:
    log = sold("vickrey", 3)
    found = report(log)
    assert found.problems == ()
    assert len(found.checked) == 4


def test_amounts_are_told_as_people_write_them() -> None:
    """The log has kopecks; a sentence that names roubles tells roubles."""
    lot, rows = played("sealed", 6, currency="RUB")
    log = log_of(lot, rows)
    price, winner = log["result"]["price"], log["result"]["winner"]
    assert price % 100
    paid = f"{price // 100}.{price % 100:02} RUB"
    assert report(log).checked[3] == f"the price by the rules of its kind: {paid} by {winner}"
    wrong = log | {"result": log["result"] | {"price": price + 1}}
    more = f"{(price + 1) // 100}.{(price + 1) % 100:02} RUB"
    assert problems(wrong) == [f"The winner bid {paid} and paid {more}."]


@quick
@given(kinds, seeds, st.integers(-500, 500).filter(bool), st.sampled_from(["price", "amount", "entry", "start"]))
def test_no_amount_of_a_lot_in_roubles_is_told_without_its_currency(
    kind: str, seed: int, change: int, where: str
) -> None:
    log = copy.deepcopy(log_of(*played(kind, seed, currency="RUB")))
    places = {
        "price": [log["result"]],
        "amount": log["openings"],
        "entry": log["entries"],
        "start": [log["terms"]],
    }[where]
    name = {"amount": "amount", "start": "start_price"}.get(where, "price")
    for place in places:
        place[name] = max(1, place[name] + change) if place[name] else place[name]
    found = report(rechained(log))
    for sentence in found.problems:
        rest = re.sub(r"\d+\.\d\d RUB|#[0-9a-f]{8}|([Ee]ntry|number) \d+", "", sentence)
        assert not re.search(r"\d", rest), sentence
