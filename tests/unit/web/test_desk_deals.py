"""Deals and disputes in the panel."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from starbid.domain.deals import DealState
from starbid.domain.roles import Role
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, market, put_up
from tests.support.fakes import FakeApp
from tests.support.physical import HOME, TOLD, sold_lamp
from tests.support.web import Client, png, text

ADMIN, VIEWER, HELPER, OTHER = 900, 800, 801, 802


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(stars=100_000)
    join(app, ADMIN)
    join(app, VIEWER, role=Role.VIEWER)
    for each in (HELPER, OTHER):
        join(app, each, role=Role.SUPPORT)
    return app


def sold(app: FakeApp, title: str = "A key", seller: int = SELLER, buyer: int = ANNA) -> str:
    app.clock.forward(seconds=1)
    lot = put_up(app, seller, title=title, start_price=100, buy_now_price=510).auction.id
    app.bidding.buy(lot, buyer, 510, app.now())
    return lot


@pytest.fixture
def lot(app: FakeApp) -> str:
    lot = sold(app)
    app.dealing.deliver(SELLER, lot, "CODE-4711", app.now())
    app.dealing.dispute(ANNA, lot, "It does <b>not</b> work", app.now())
    app.dealing.answer(SELLER, lot, "It did for me", app.now())
    return lot


@pytest.fixture
def helper(app: FakeApp) -> Client:
    return Client(app).log_in(HELPER)


def test_disputes_come_first_the_oldest_on_top(app: FakeApp, helper: Client) -> None:
    lots = []
    for number in range(3):
        app.clock.forward(minutes=1)
        lots.append(sold(app, f"Number {number}"))
    for each in (1, 0):
        app.clock.forward(minutes=1)
        app.dealing.dispute(ANNA, lots[each], "no", app.now())
    shown = text(helper.get("/admin/deals"))
    assert shown.index("Number 1") < shown.index("Number 0")
    assert "Number 2" not in shown


@pytest.mark.parametrize(
    ("state", "there"),
    [
        ("open", True), ("awaiting_delivery", True), ("delivered", False), ("frozen", False), ("completed", False),
        ("refunded", False), ("awaiting_address", False), ("nonsense", False),
    ],
)  # fmt: skip
def test_each_list_has_the_deals_of_its_state(app: FakeApp, helper: Client, state: str, there: bool) -> None:
    sold(app, "A waiting key")
    answer = helper.get("/admin/deals", state=state)
    assert answer.status == 200
    assert ("A waiting key" in text(answer)) is there


def test_what_is_over_is_found_among_all_lots(app: FakeApp, helper: Client, lot: str) -> None:
    app.dealing.resolve(deciding("Empty", app.now()), lot, False)
    assert "A key" in text(helper.get("/admin/deals", state="refunded"))
    assert "A key" not in text(helper.get("/admin/deals", state="completed"))


def test_many_open_deals_go_on_page_by_page(app: FakeApp, helper: Client) -> None:
    lots = set()
    for number in range(55):
        app.clock.forward(seconds=1)
        lots.add(sold(app, f"Number {number}"))
    found = walked(helper, "/admin/deals?state=open")
    assert len(found) == len(set(found)) == len(lots)


def walked(operator: Client, path: str | None) -> list[str]:
    """The deals of a list, all of its pages."""
    found: list[str] = []
    while path:
        page = operator.send("GET", *path.partition("?")[::2])
        found += re.findall(r'href="/admin/deals/([a-z0-9]{13})"', page.text)
        more = re.search(r'rel="next" href="([^"]+)"', page.text)
        path = more[1].replace("&amp;", "&") if more else None
    return found


def let_sell(app: FakeApp, person_id: int) -> None:
    people = app.store.tables.people
    people[person_id] = replace(people[person_id], subscribed_until=app.now() + timedelta(days=30))


def deals_of_everybody(app: FakeApp) -> tuple[list[str], list[str]]:
    """Those of Anna, on both sides and in all states, newest first; those of others."""
    let_sell(app, ANNA)
    refunded, completed, disputed, waiting = (sold(app, f"Anna buys {number}") for number in range(4))
    app.dealing.deliver(SELLER, completed, "x", app.now())
    app.dealing.confirm(ANNA, completed, app.now())
    for each in (refunded, disputed):
        app.dealing.dispute(ANNA, each, "no", app.now())
    app.dealing.resolve(deciding("Empty", app.now()), refunded, False)
    sells = sold(app, "Anna sells", seller=ANNA, buyer=BORIS)
    of_others = sold(app, "Not of Anna", buyer=BORIS)
    app.dealing.dispute(BORIS, of_others, "no", app.now())
    return [sells, waiting, disputed, completed, refunded], [of_others]


def test_all_deals_of_a_person_are_listed_on_both_sides_and_in_any_state(app: FakeApp, helper: Client) -> None:
    mine, _ = deals_of_everybody(app)
    assert walked(helper, f"/admin/users/{ANNA}?section=deals") == mine
    assert walked(helper, f"/admin/deals?user_id={ANNA}") == mine
    shown = text(helper.get(f"/admin/users/{ANNA}", section="deals"))
    for side, state in (("sells", "Waiting for delivery"), ("buys", "Completed"), ("buys", "Refunded")):
        assert re.search(rf"{side}\W+⭐ 510\W+{state}", shown)
    assert "Not of Anna" not in shown


def test_a_persons_deals_can_be_narrowed_by_their_state(app: FakeApp, helper: Client) -> None:
    sells, waiting, disputed, completed, refunded = deals_of_everybody(app)[0]
    for state, expected in (
        ("disputed", [disputed]), ("open", [sells, waiting, disputed]), ("awaiting_delivery", [sells, waiting]),
        ("completed", [completed]), ("refunded", [refunded]), ("frozen", []), ("delivered", []),
    ):  # fmt: skip
        assert walked(helper, f"/admin/deals?user_id={ANNA}&state={state}") == expected
    page = helper.get("/admin/deals", user_id=ANNA, state="completed").text
    assert f'href="/admin/deals?user_id={ANNA}&amp;state=refunded"' in page


@pytest.mark.parametrize("user_id", ["12345", "nobody", "-1", "1" * 40, "٣", "\x00"])
def test_who_has_no_deals_has_none_of_others(app: FakeApp, helper: Client, user_id: str) -> None:
    deals_of_everybody(app)
    answer = helper.get("/admin/deals", user_id=user_id)
    assert answer.status == 200
    assert "/admin/deals/" not in answer.text
    assert "No deals" in text(answer)


def test_many_deals_of_a_person_go_on_page_by_page_where_they_are_listed(app: FakeApp, helper: Client) -> None:
    let_sell(app, ANNA)
    newest: list[str] = []
    for number in range(55):
        side = {"seller": ANNA, "buyer": BORIS} if number % 3 else {}
        newest.insert(0, sold(app, f"Number {number}", **side))
        app.dealing.dispute(BORIS if side else ANNA, newest[0], "no", app.now())
        app.dealing.resolve(deciding("Empty", app.now()), newest[0], False)
    assert walked(helper, f"/admin/users/{ANNA}?section=deals") == newest
    assert walked(helper, f"/admin/deals?user_id={ANNA}&state=refunded") == newest


@pytest.mark.parametrize("cursor", ["x", "e30", "eyJhIjogMX0"])
def test_a_cursor_of_another_list_is_refused(app: FakeApp, helper: Client, cursor: str) -> None:
    assert helper.get("/admin/deals", user_id=ANNA, cursor=cursor).status == 422


def test_a_dispute_is_read_in_full_before_it_is_settled(app: FakeApp, helper: Client, lot: str) -> None:
    app.evidence.answer(SELLER, lot, "It did for me", [png()], app.now())
    page = helper.get(f"/admin/deals/{lot}")
    for said in ("CODE-4711", "It does &lt;b&gt;not&lt;/b&gt; work", "It did for me"):
        assert said in page.text
    assert f"/auction/{lot}/evidence/" in page.text
    assert "Release ⭐ 485 to the seller" in text(page)


def test_who_only_looks_sees_no_goods_and_settles_nothing(app: FakeApp, lot: str) -> None:
    viewer = Client(app).log_in(VIEWER)
    page = viewer.get(f"/admin/deals/{lot}")
    assert "CODE-4711" not in page.text
    assert "/settle" not in page.text
    assert viewer.post_form(f"/admin/deals/{lot}/settle", to="seller", reason="x").status == 403
    assert app.store.deal(lot).is_disputed


def test_goods_of_a_deal_without_a_dispute_are_nobodys_business(app: FakeApp, helper: Client) -> None:
    lot = sold(app)
    app.dealing.deliver(SELLER, lot, "CODE-4711", app.now())
    assert "CODE-4711" not in helper.get(f"/admin/deals/{lot}").text


def test_settling_pays_tells_both_and_stands_on_record(app: FakeApp, helper: Client, lot: str) -> None:
    app.run_streams()
    answer = helper.post_form(f"/admin/deals/{lot}/settle", to="buyer", reason="It is empty")
    assert (answer.status, answer.headers["location"]) == (303, f"/admin/deals/{lot}")
    assert app.store.deal(lot).state is DealState.REFUNDED
    (entry,) = app.store.tables.audit.values()
    assert (entry.action, entry.admin_id, entry.user_id, entry.subject) == (
        "settle-dispute", HELPER, ANNA, f"lot/{lot}",
    )  # fmt: skip
    assert (entry.before, entry.after, entry.reason) == ("disputed", "returned to the buyer", "It is empty")
    assert {n.user_id for n in app.run_streams() if n.facts.get("reason") == "It is empty"} == {ANNA, SELLER}
    assert "An operator decided: ⭐ 510 went back to the buyer." in text(helper.get(f"/admin/deals/{lot}"))


def test_of_two_who_settle_it_differently_the_first_counts_and_the_second_is_told(
    app: FakeApp, helper: Client, lot: str
) -> None:
    other = Client(app).log_in(OTHER)
    app.store.meanwhile(
        lambda: app.dealing.resolve(deciding("It is empty", app.now(), by=OTHER, role=Role.SUPPORT), lot, False)
    )
    answer = helper.post_form(f"/admin/deals/{lot}/settle", to="seller", reason="It works for me")
    assert answer.status == 409
    shown = text(answer)
    assert "Another operator has already decided: ⭐ 510 went back to the buyer. Reason: It is empty" in shown
    assert app.store.deal(lot).state is DealState.REFUNDED
    assert len(app.store.tables.audit) == 1
    assert other.post_form(f"/admin/deals/{lot}/settle", to="buyer", reason="It is empty").status == 303
    assert len(app.store.tables.audit) == 1


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "\x00"])
@pytest.mark.parametrize("to", ["seller", "buyer"])
def test_without_a_reason_nothing_is_settled(app: FakeApp, helper: Client, lot: str, to: str, reason: str) -> None:
    answer = helper.post_form(f"/admin/deals/{lot}/settle", to=to, reason=reason)
    assert answer.status == 422
    assert app.store.deal(lot).is_disputed


@pytest.mark.parametrize("to", ["", "me", "x" * 10_000])
def test_there_are_two_ways_to_settle(app: FakeApp, helper: Client, lot: str, to: str) -> None:
    assert helper.post_form(f"/admin/deals/{lot}/settle", to=to, reason="So it is").status == 422
    assert app.store.deal(lot).is_disputed


def test_a_side_of_the_deal_settles_nothing(app: FakeApp, lot: str) -> None:
    app.store.tables.people[SELLER] = replace(app.store.tables.people[SELLER], role=Role.SUPPORT)
    seller = Client(app).log_in(SELLER)
    assert "You are a side of this deal" in text(seller.get(f"/admin/deals/{lot}"))
    assert seller.post_form(f"/admin/deals/{lot}/settle", to="seller", reason="I am right").status == 403
    assert app.store.deal(lot).is_disputed


def test_where_a_lot_goes_to_is_never_shown(app: FakeApp, helper: Client) -> None:
    lot = sold_lamp(app, CLARA)
    app.addressing.give(CLARA, lot, HOME, app.now())
    app.dealing.dispute(CLARA, lot, "Not a lamp", app.now())
    for path in ("/admin/deals", f"/admin/deals/{lot}", f"/admin/lots/{lot}"):
        page = helper.get(path).text
        assert not [part for part in TOLD if part in page]
