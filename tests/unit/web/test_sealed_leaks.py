"""Nothing of a sealed bid is in any answer to anybody but its bidder before the end: neither amount nor bidder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from starbid.services.ports import ConditionFailed, Contended, Unavailable
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, market, public_id
from tests.support.fakes import FakeApp
from tests.support.lines import decides, led_by_another, waits
from tests.support.web import Answer, Client

AMOUNTS = {ANNA: (34_761, 43_917), BORIS: (29_743,)}
"""Odd and large ones, which occur nowhere else: not in the numbers of charges and lots either."""
WAITING = {ANNA: 51_283, BORIS: 38_719}
"""Raises that wait for their turn in a crowd."""
NAMES = {ANNA: "Annabelle Quince", BORIS: "Boris Zwetschge"}
OTHERS = [None, SELLER, CLARA]


def secrets(app: FakeApp, lot_id: str, *bidders: int) -> set[str]:
    """What must not be told: amounts as they are written anywhere, names, pseudonyms, salts and commitments' salts."""
    auction = app.store.tables.auctions[lot_id]
    amounts = [amount for bidder in bidders for amount in (*AMOUNTS[bidder], WAITING[bidder])]
    differences = [43_917 - 34_761]
    told = {str(amount) for amount in amounts + differences}
    told |= {f"{amount:,}".replace(",", space) for amount in amounts for space in "\u202f\u00a0 ,"}
    told |= {auction.pseudonym(bidder) for bidder in bidders} | {NAMES[bidder] for bidder in bidders}
    return told | {auction.salt}


@pytest.fixture(params=["sealed", "vickrey"])
def sealed(request: pytest.FixtureRequest) -> tuple[FakeApp, str]:
    app, lot = market(
        ANNA,
        BORIS,
        CLARA,
        stars=100_000,
        type=request.param,
        start_price=100,
        reserve_price=60_739,
        duration_seconds=3600,
    )
    people = app.store.tables.people
    for bidder, name in NAMES.items():
        people[bidder] = replace(people[bidder], name=name)
    for bidder, amounts in AMOUNTS.items():
        for amount in amounts:
            app.bidding.bid(lot.auction.id, bidder, amount, app.now(), confirmed=True)
    for bidder, amount in WAITING.items():
        waits(app, lot.auction.id, bidder, amount)
    led_by_another(app, lot.auction.id)
    app.store.project(app.now())
    return app, lot.auction.id


def answers(app: FakeApp, lot_id: str, viewer: int | None) -> Iterator[tuple[str, Answer]]:
    """Every page, fragment, JSON and refusal that has to do with the lot."""
    client = Client(app)
    if viewer is not None:
        client.log_in(viewer)
    lot, api = f"/auction/{lot_id}", f"/api/v1/auctions/{lot_id}"
    reads = (
        "/", "/?type=sealed", "/?type=vickrey", lot, f"{lot}/live", f"{lot}/verify", f"{lot}/edit",
        f"/u/{public_id(SELLER)}", "/my/auctions", "/my/bids", "/watchlist", "/profile", "/wallet", api, f"{api}/bids",
        f"{api}/log", "/api/v1/auctions", "/api/v1/auctions?sort=bids", "/api/v1/me", "/api/v1/me/wallet",
        "/api/v1/me/ledger",
    )  # fmt: skip
    for path in reads:
        yield path, client.get(path.partition("?")[0], **dict(re.findall(r"(\w+)=(\w+)", path)))
    if viewer is None:
        return
    for amount in (1, 99, 100, 5000, 10**13):
        yield f"bid {amount}", client.post_form(f"{lot}/bid", amount=amount)
        yield f"api bid {amount}", client.post(f"{api}/bids", {"amount": amount})
    yield "buy", client.post_form(f"{lot}/buy", seen_price=100)
    yield "api buy", client.post(f"{api}/buy", {"seen_price": 100})
    yield "cancel", client.post_form(f"{lot}/cancel")
    yield "api cancel", client.post(f"{api}/cancel")
    yield "relist", client.post_form(f"{lot}/relist")
    for act in (
        "deliver",
        "confirm",
        "dispute",
        "answer",
        "rate",
        "second_chance",
        "second_chance/accept",
        "take_back",
    ):
        yield act, client.post_form(f"{lot}/{act}", text="x", stars=5)


@pytest.mark.parametrize("viewer", OTHERS)
def test_nothing_is_told_to_others_while_the_lot_runs(sealed: tuple[FakeApp, str], viewer: int | None) -> None:
    app, lot_id = sealed
    hidden = secrets(app, lot_id, ANNA, BORIS) | {"60739", "60\u202f739"}
    seen = 0
    for what, answer in answers(app, lot_id, viewer):
        text = answer.text + repr(answer.headers)
        assert not [secret for secret in hidden if _stands_in(secret, text)], what
        seen += lot_id in text
    assert seen >= 5, "the scan looked at pages that do not know the lot"


def test_one_bidder_is_told_nothing_of_another(sealed: tuple[FakeApp, str]) -> None:
    app, lot_id = sealed
    hidden = secrets(app, lot_id, BORIS) - {str(43_917 - 34_761)} | {"60739", "60\u202f739"}
    for what, answer in answers(app, lot_id, ANNA):
        assert not [secret for secret in hidden if _stands_in(secret, answer.text + repr(answer.headers))], what


def test_the_scan_would_find_what_a_bidder_sees_of_the_own_bid(sealed: tuple[FakeApp, str]) -> None:
    app, lot_id = sealed
    found = {what for what, answer in answers(app, lot_id, ANNA) if "43917" in answer.text.replace("\u202f", "")}
    assert {f"/auction/{lot_id}", f"/api/v1/auctions/{lot_id}", "/my/bids"} <= found


def test_the_bids_of_a_running_sealed_lot_are_an_empty_list(sealed: tuple[FakeApp, str]) -> None:
    app, lot_id = sealed
    assert Client(app).get(f"/api/v1/auctions/{lot_id}/bids").json == {"items": [], "cursor": None}
    shown = Client(app).log_in(ANNA).get(f"/api/v1/auctions/{lot_id}").json
    assert (shown["price"], shown["next_min_bid"], shown["leader"], shown["you_lead"]) == (100, 100, None, False)
    assert (shown["your_maximum"], shown["reserve_met"], shown["bids_count"]) == (43_917, None, 3)


def test_what_waits_is_a_bid_once_it_is_decided_and_then_shown_to_its_bidder(sealed: tuple[FakeApp, str]) -> None:
    app, lot_id = sealed
    decides(app, lot_id)
    for bidder, amount in WAITING.items():
        shown = Client(app).log_in(bidder).get(f"/api/v1/auctions/{lot_id}").json
        assert (shown["your_maximum"], shown["bids_count"]) == (amount, 5)


def test_nothing_of_a_waiting_bid_is_logged_whatever_goes_wrong(
    sealed: tuple[FakeApp, str], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    app, lot_id = sealed
    caplog.set_level("DEBUG")
    clara = Client(app).log_in(CLARA)
    faults = {
        61_843: Contended(),
        62_857: Unavailable("no answer"),
        63_871: ConditionFailed(()),
        64_889: KeyError("ours"),
    }
    for amount, fault in faults.items():
        waits(app, lot_id, CLARA, amount - 1)
        app.store.fail_next(fault)
        clara.post_form(f"/auction/{lot_id}/bid", amount=amount, confirmed="yes")
    said = caplog.text + "".join(capsys.readouterr())
    assert "KeyError" in said
    for secret in secrets(app, lot_id, ANNA, BORIS) | {str(amount - less) for amount in faults for less in (0, 1)}:
        assert not _stands_in(secret, said)


def _stands_in(secret: str, text: str) -> bool:
    """As a number or word of its own: 34761 is not told by a file's version that happens to hold it."""
    return re.search(rf"(?<![0-9a-fA-F]){re.escape(secret)}(?![0-9a-fA-F])", text) is not None
