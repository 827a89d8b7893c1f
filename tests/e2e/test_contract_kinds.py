"""The four kinds of auction, their deals and their logs, as programs and people meet them from outside."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from starbid.domain.audit_check import noted_head
from tests.e2e.client import Person
from tests.e2e.town import Town, amounts_in, bid, error_of
from tests.support.stack import ROOT
from tests.support.there import there

DUTCH: dict[str, Any] = {
    "type": "dutch", "start_price": 1000, "floor_price": 700, "drop_amount": 100, "drop_seconds": 60,
}  # fmt: skip
KINDS = ["english", "dutch", "sealed", "vickrey"]


def put_up(town: Town, **terms: Any) -> str:
    """A lot of any kind: `bid_step`, which only one of them has, is left out."""
    lot = {"title": "A lamp of the sea", "description": "Gives light.", "start_price": 100, "duration_seconds": 600}
    answer = town.seller.calls("/auctions", lot | terms)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def log_of(town: Town, lot: str) -> dict[str, Any]:
    answer = town.visitor().get(f"/api/v1/auctions/{lot}/log")
    assert answer.status_code == 200, answer.text
    log: dict[str, Any] = answer.json()
    return log


def verify(path: Path, head: str = "") -> int:
    """The exit status of the repository's own check of a log file."""
    command = [sys.executable, "-m", "scripts.verify_log", str(path), head]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode


def test_a_dutch_lot_falls_by_the_clock_and_the_first_who_buys_has_it(town: Town) -> None:
    lot = put_up(town, **DUTCH)
    town.stack.advance(62)
    shown = town.anna.lot(lot)
    assert (shown["price"], shown["next_min_bid"], shown["buy_now_price"], shown["leader"]) == (900, None, 900, None)
    assert error_of(bid(town.anna, lot, 900)) == (409, "not_biddable")
    refused = town.anna.calls(f"/auctions/{lot}/buy", {"seen_price": 899})
    assert error_of(refused) == (409, "price_moved")
    assert refused.json()["error"]["details"] == {"price": 900}
    before = town.anna.wallet()
    answer = town.anna.calls(f"/auctions/{lot}/buy", {"seen_price": 1000})
    assert (answer.status_code, answer.json()["status"], answer.json()["price"]) == (201, "sold", 900)
    assert town.anna.wallet() == before | {"available": before["available"] - 900}
    assert error_of(town.boris.calls(f"/auctions/{lot}/buy", {"seen_price": 1000})) == (409, "auction_closed")


@pytest.mark.parametrize(("wrong", "field"), [
    (DUTCH | {"floor_price": 1001}, "floor_price"),
    (DUTCH | {"drop_amount": 1}, "drop_amount"),
    (DUTCH | {"floor_price": None}, "floor_price"),
    (DUTCH | {"buy_now_price": 2000}, "buy_now_price"),
    ({"type": "sealed", "reserve_price": 99}, "reserve_price"),
    ({"type": "vickrey", "bid_step": 5}, "bid_step"),
    ({"type": "english", "floor_price": 50}, "floor_price"),
])  # fmt: skip
def test_terms_that_make_no_sense_are_refused_by_the_name_of_the_field(
    town: Town, wrong: dict[str, Any], field: str
) -> None:
    lot = {"title": "A lamp", "description": "d", "start_price": 100, "duration_seconds": 600} | wrong
    answer = town.seller.calls("/auctions", {name: value for name, value in lot.items() if value is not None})
    assert answer.status_code == 422
    assert field in {fault["field"] for fault in answer.json()["error"]["details"]["fields"]}


LOW, MIDDLE, HIGH = AMOUNTS = (1089, 1890, 1981)


@pytest.mark.parametrize(("kind", "price"), [("sealed", HIGH), ("vickrey", LOW)])
def test_sealed_bids_are_held_in_full_hidden_until_the_end_and_settled_by_their_rule(
    town: Town, kind: str, price: int
) -> None:
    town.stack.advance(1000)  # what other tests left open ends, and holds nothing any more
    lot = put_up(town, type=kind)
    held = [person.wallet()["held"] for person in (town.anna, town.boris)]
    assert bid(town.anna, lot, LOW).json()["your_maximum"] == LOW
    assert bid(town.boris, lot, MIDDLE).status_code == 201
    assert error_of(bid(town.boris, lot, MIDDLE)) == (409, "bid_too_low")
    assert bid(town.boris, lot, HIGH).json()["kind"] == "raise"
    assert town.anna.wallet()["held"] == held[0] + LOW
    assert town.boris.wallet()["held"] == held[1] + HIGH
    for web in (town.visitor(), town.seller.web, town.anna.web):
        own = {LOW} if web is town.anna.web else set()
        pages = (f"/auction/{lot}", f"/auction/{lot}/live", f"/auction/{lot}/verify", f"/api/v1/auctions/{lot}",
                 f"/api/v1/auctions/{lot}/bids", f"/api/v1/auctions/{lot}/log", "/", "/api/v1/auctions")  # fmt: skip
        for path in pages:
            assert amounts_in(web.get(path).text, *AMOUNTS) <= own, path
    assert LOW in amounts_in(town.anna.web.get(f"/auction/{lot}").text, LOW)
    hidden = {"price": 100, "next_min_bid": 100, "leader": None, "bids_count": 3}
    shown = town.anna.lot(lot)
    assert shown == shown | hidden
    town.stack.advance(602)
    shown = town.boris.lot(lot)
    assert (shown["status"], shown["price"], shown["you_lead"]) == ("sold", price, True)
    assert [person.wallet()["held"] for person in (town.anna, town.boris)] == held
    bids = town.visitor().get(f"/api/v1/auctions/{lot}/bids").json()["items"]
    assert [one["price"] for one in bids][-1] == LOW
    assert bool(amounts_in(json.dumps(bids), HIGH)) == (kind == "sealed")


@pytest.mark.parametrize("kind", KINDS)
def test_the_log_of_every_kind_is_published_after_the_end_and_stands_every_check(
    town: Town, kind: str, tmp_path: Path
) -> None:
    lot = put_up(town, **(DUTCH if kind == "dutch" else {"type": kind}))
    assert error_of(town.visitor().get(f"/api/v1/auctions/{lot}/log")) == (409, "not_closed")
    if kind == "dutch":
        assert town.anna.calls(f"/auctions/{lot}/buy", {"seen_price": 1000}).status_code == 201
    else:
        assert bid(town.anna, lot, 300).status_code == 201
        assert bid(town.boris, lot, 500).status_code == 201
    kept = there(re.search(rf'href="(/auction/{lot}/verify#[^"]*)"', town.visitor().get(f"/auction/{lot}").text))[1]
    town.stack.advance(900)
    log = log_of(town, lot)
    assert log["head"] == noted_head(kept)
    path = tmp_path / "log.json"
    path.write_text(json.dumps(log))
    assert verify(path) == 0
    assert verify(path, kept) == 0
    log["entries"][0]["at"] = log["entries"][0]["at"].replace("20", "21", 1)
    path.write_text(json.dumps(log))
    assert verify(path) != 0


def test_a_deal_is_disputed_and_another_is_rated_by_forms(town: Town) -> None:
    disputed, done = put_up(town), put_up(town)
    for lot in (disputed, done):
        assert bid(town.anna, lot, 300).status_code == 201
    town.stack.advance(602)
    assert town.boris.posts(f"/auction/{disputed}/dispute", {"text": "Not mine"}).status_code == 403
    assert town.anna.posts(f"/auction/{disputed}/dispute", {"text": ""}).status_code == 422
    assert town.anna.posts(f"/auction/{disputed}/dispute", {"text": "Nothing came"}).status_code == 303
    assert "Nothing came" in town.seller.web.get(f"/auction/{disputed}").text
    assert town.anna.posts(f"/auction/{disputed}/answer", {"text": "Mine"}).status_code == 403
    assert town.seller.posts(f"/auction/{disputed}/answer", {"text": "It <i>came</i>"}).status_code == 303
    assert "It &lt;i&gt;came&lt;/i&gt;" in town.anna.web.get(f"/auction/{disputed}").text
    assert town.anna.posts(f"/auction/{disputed}/confirm").status_code == 409
    assert town.anna.posts(f"/auction/{done}/rate", {"stars": "5"}).status_code == 409
    assert town.seller.posts(f"/auction/{done}/deliver", {"text": "Code 42"}).status_code == 303
    assert town.anna.posts(f"/auction/{done}/confirm").status_code == 303
    assert town.anna.posts(f"/auction/{done}/rate", {"stars": "6"}).status_code == 422
    assert town.anna.posts(f"/auction/{done}/rate", {"stars": "5", "text": "Lovely <b>lamp</b>"}).status_code == 303
    assert town.anna.posts(f"/auction/{done}/rate", {"stars": "1"}).status_code == 409
    assert town.boris.posts(f"/auction/{done}/rate", {"stars": "1"}).status_code == 403
    profile = f"/u/{town.anna.lot(done)['seller_id']}"
    assert "Lovely" not in town.visitor().get(profile).text
    town.stack.advance(7 * 86_400 + 600)
    assert "Lovely &lt;b&gt;lamp&lt;/b&gt;" in town.visitor().get(profile).text


def test_an_unsold_lot_goes_up_again_in_one_click(town: Town) -> None:
    lot = put_up(town, type="sealed", reserve_price=500)
    town.stack.advance(602)
    assert town.anna.posts(f"/auction/{lot}/relist").status_code == 403
    answer = town.seller.posts(f"/auction/{lot}/relist")
    assert answer.status_code == 303
    fresh = town.seller.lot(answer.headers["location"].rsplit("/", 1)[1])
    assert (fresh["status"], fresh["type"], fresh["bids_count"]) == ("live", "sealed", 0)


def answer_to(town: Town, person: Person, text: str) -> dict[str, Any]:
    """The message that the bot sends when the person says this."""
    mark = len(town.bot.calls)
    person.says(text)
    sent = [fields for method, fields in town.calls_since(mark) if method == "sendMessage"]
    return next(fields for fields in sent if str(fields["chat_id"]) == str(person.id))


def presses_offered(message: dict[str, Any]) -> list[str]:
    rows = message["reply_markup"]["inline_keyboard"]
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_who_slipped_names_another_amount_by_one_press(town: Town, kind: str) -> None:
    lot = put_up(town, type=kind)
    town.anna.presses(f"m:{lot}:1")
    asked = answer_to(town, town.anna, "1500")
    assert "ten times the lowest bid" in asked["text"]
    assert town.anna.lot(lot)["bids_count"] == 0
    assert f"m:{lot}:1" in presses_offered(asked)
    town.anna.presses(f"m:{lot}:1")
    answer_to(town, town.anna, "150")
    assert town.anna.lot(lot)["your_maximum"] == 150
