"""People in the panel: their lists, their page, what is decided about them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from starbid.domain.roles import Role
from tests.support.factories import ANNA, BORIS, SELLER, fields, join, put_up, xtr
from tests.support.fakes import FakeApp, make_app
from tests.support.there import there
from tests.support.web import Answer, Client

OWNER, SUPPORT, FINANCE, VIEWER = 900, 901, 902, 903


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    join(app, ANNA, stars=1000)
    join(app, BORIS)
    join(app, SELLER, seller=True)
    people = app.store.tables.people
    people[ANNA] = replace(people[ANNA], name="Анна Ёлкина", username="anna_y")
    for user_id, role in ((SUPPORT, Role.SUPPORT), (FINANCE, Role.FINANCE), (VIEWER, Role.VIEWER), (OWNER, None)):
        join(app, user_id)
        people[user_id] = replace(people[user_id], role=role)
    return app


def by(app: FakeApp, operator: int = SUPPORT) -> Client:
    return Client(app).log_in(operator)


def act(app: FakeApp, name: str, operator: int = SUPPORT, person: int = ANNA, **fields: Any) -> Answer:
    return by(app, operator).post_form(f"/admin/users/{person}/{name}", **{"reason": "spam"} | fields)


def listed(answer: Answer) -> list[int]:
    return [int(found) for found in re.findall(r'<a href="/admin/users/(\d+)">', answer.text)]


# --- lists ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["елк", "ЁЛКИНА", "анн елк", "@anna_y", "anna", str(ANNA), " Анна "])
def test_a_person_is_found_by_id_user_name_and_half_a_name(app: FakeApp, text: str) -> None:
    assert ANNA in listed(by(app, VIEWER).get("/admin/users", q=text))


@pytest.mark.parametrize("text", ["zzz", "анна петрова", "🙂", "'; DROP", "<b>", "%", "1" * 40, "-1", "\x00"])
def test_nobody_is_found_calmly(app: FakeApp, text: str) -> None:
    answer = by(app, VIEWER).get("/admin/users", q=text)
    assert answer.status == 200
    assert ANNA not in listed(answer)


def test_lists_by_state(app: FakeApp) -> None:
    act(app, "block", person=BORIS)
    act(app, "restrict", bids="1", days="2")
    get = by(app, VIEWER).get
    assert listed(get("/admin/users", state="blocked")) == [BORIS]
    assert listed(get("/admin/users", state="restricted")) == [ANNA]
    assert listed(get("/admin/users", state="sellers")) == [SELLER]
    assert set(listed(get("/admin/users", state="role"))) == {OWNER, SUPPORT, FINANCE, VIEWER}
    assert BORIS not in listed(get("/admin/users", state="active"))
    assert listed(get("/admin/users", state="nonsense", sort="nonsense"))
    app.clock.forward(days=2)
    assert listed(by(app, VIEWER).get("/admin/users", state="restricted")) == []


def test_a_list_goes_on_where_its_page_ended_and_every_person_is_in_it_once(app: FakeApp) -> None:
    for user_id in range(1000, 1120):
        join(app, user_id)
        app.clock.forward(seconds=1)
    client, seen, url = by(app, VIEWER), list[int](), "/admin/users?sort=oldest"

    while True:
        path, _, query = url.partition("?")
        answer = client.send("GET", path, query)
        seen += listed(answer)
        following = re.search(r'rel="next" href="([^"]+)"', answer.text)
        if not following:
            break
        url = unescape(following[1])
        assert "sort=oldest" in url
    assert len(seen) == len(set(seen)) == len(app.store.tables.people)
    assert seen[-1] == 1119


def test_a_cursor_of_another_list_is_refused(app: FakeApp) -> None:
    assert by(app).get("/admin/users", cursor="!").status == 422


def test_a_list_reads_the_same_however_many_people_there_are(app: FakeApp) -> None:
    def trips() -> list[str]:
        app.store.trips.clear()
        by(app, VIEWER).get("/admin/users")
        return list(app.store.trips)

    trips()  # what a process remembers it reads once
    few = trips()
    for user_id in range(1000, 1200):
        join(app, user_id)
    assert trips() == few


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_shows_money_and_each_section(app: FakeApp) -> None:
    lot = put_up(app).auction.id
    app.bidding.bid(lot, ANNA, 150, app.now())
    client = by(app, VIEWER)
    page = client.get(f"/admin/users/{ANNA}")
    assert page.status == 200
    assert "Анна Ёлкина" in page.text
    assert "850" in page.text
    for section in ("deals", "lots", "bids", "payments", "ledger", "tickets", "log", "notes", "nonsense"):
        assert client.get(f"/admin/users/{ANNA}", section=section).status == 200
    assert f"/admin/lots/{lot}" in client.get(f"/admin/users/{ANNA}", section="bids").text
    assert f"/admin/lots/{lot}" in client.get(f"/admin/users/{SELLER}", section="lots").text
    assert "/admin/payments/" in client.get(f"/admin/users/{ANNA}", section="payments").text


def test_no_maximum_and_no_sealed_amount_stands_on_it(app: FakeApp) -> None:
    open_lot = put_up(app, start_price=100).auction.id
    sealed = put_up(app, type="sealed", start_price=100).auction.id
    app.bidding.bid(open_lot, ANNA, 377, app.now())
    app.bidding.bid(sealed, ANNA, 277, app.now())
    for section in ("bids", "ledger", "lots", "deals", "log"):
        page = by(app, OWNER).get(f"/admin/users/{ANNA}", section=section).text
        text = re.sub(r"[0-9a-f]{20,}|/static/[^\s\"]+", "", page)  # keys of forms and names of files: any digits
        assert "377" not in text
        assert "277" not in text


def test_a_viewer_sees_no_acts_and_nobody_acts_on_themselves(app: FakeApp) -> None:
    assert "/block" not in by(app, VIEWER).get(f"/admin/users/{ANNA}").text
    assert "/block" in by(app, SUPPORT).get(f"/admin/users/{ANNA}").text
    assert "/block" not in by(app, SUPPORT).get(f"/admin/users/{SUPPORT}").text
    assert act(app, "block", person=SUPPORT).status == 409


def test_nobody_of_this_id_is_not_there(app: FakeApp) -> None:
    assert by(app).get("/admin/users/123456").status == 404
    assert by(app).get("/admin/users/0").status == 404
    assert by(app).get("/admin/users/abc").status == 404
    assert act(app, "block", person=123456).status == 404


def test_names_are_escaped(app: FakeApp) -> None:
    people = app.store.tables.people
    people[ANNA] = replace(people[ANNA], name="<script>alert(1)</script>")
    for path in (f"/admin/users/{ANNA}", "/admin/users", "/admin/search?q=script"):
        bare, _, query = path.partition("?")
        assert "<script>alert" not in by(app).send("GET", bare, query).text


# --- acts -------------------------------------------------------------------------------------------------------------


def test_a_block_leads_back_and_is_told(app: FakeApp) -> None:
    client = by(app)
    answer = client.post_form(f"/admin/users/{ANNA}/block", reason="spam", request_id="k1")
    assert (answer.status, answer.headers["location"]) == (303, f"/admin/users/{ANNA}")
    assert there(app.store.person(ANNA)).blocked
    assert client.post_form(f"/admin/users/{ANNA}/block", reason="spam", request_id="k1").status == 303
    assert len(app.store.tables.audit) == 1
    entry = next(iter(app.store.tables.audit.values()))
    assert entry.address == "127.0.0.1"
    assert act(app, "unblock").status == 303
    assert not there(app.store.person(ANNA)).blocked


def test_two_operators_block_at_once_and_both_see_it_done(app: FakeApp) -> None:
    for operator in (SUPPORT, OWNER):
        assert act(app, "block", operator).status == 303
    assert [entry.before for entry in app.store.tables.audit.values()] == ["active"]


@pytest.mark.parametrize("name", ["block", "unblock", "restrict", "balance", "message", "role"])
def test_a_reason_of_blanks_is_a_wrong_field_and_what_was_typed_is_shown_again(app: FakeApp, name: str) -> None:
    answer = act(app, name, OWNER, reason="  ", text="Hello there", currency="XTR", change="5", days="3")
    assert answer.status == 422
    assert not app.store.tables.audit
    if name == "message":
        assert "Hello there" in answer.text
    assert act(app, name, OWNER, reason="x" * 501).status == 422


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"currency": "XTR", "change": "-1001"}, 409),
        ({"currency": "XTR", "change": str(10**18)}, 422),
        ({"currency": "XTR", "change": "0"}, 422),
        ({"currency": "XTR", "change": str(-(10**9) - 1)}, 422),
        ({"currency": "DOGE", "change": "5"}, 422),
        ({"currency": "", "change": "5"}, 422),
        ({"currency": "XTR"}, 422),
        ({"currency": "XTR", "change": "5", "reason": " \t\n"}, 422),
        ({"currency": "XTR", "change": "-1000"}, 303),
        ({"currency": "RUB", "change": str(10**9)}, 303),
    ],
)
def test_what_a_correction_answers(app: FakeApp, typed: dict[str, Any], status: int) -> None:
    answer = act(app, "balance", FINANCE, **typed)
    assert answer.status == status
    assert len(app.store.tables.audit) == (status == 303)
    if status == 409:
        assert 'value="-1001"' in answer.text
        assert app.store.wallet(ANNA, "XTR").available == xtr(1000)


def test_refusals_are_json_for_who_asks_for_it(app: FakeApp) -> None:
    client = by(app, FINANCE)
    typed: dict[str, Any] = {"currency": "XTR", "change": "-5000", "reason": "r"}
    answer = client.post_form(f"/admin/users/{ANNA}/balance", headers={"accept": "application/json"}, **typed)
    assert (answer.status, answer.code) == (409, "insufficient_funds")


def test_a_restriction_is_read_in_the_operators_zone_and_told_to_the_person(app: FakeApp) -> None:
    people = app.store.tables.people
    people[SUPPORT] = replace(people[SUPPORT], zone="Europe/Moscow")
    day = f"{app.now() + timedelta(days=3):%Y-%m-%d}"
    assert act(app, "restrict", bids="1", lots="1", until=f"{day}T12:00").status == 303
    restrictions = there(app.store.person(ANNA)).restrictions
    assert restrictions.limits == ("bids", "lots")
    assert f"{there(restrictions.until):%Y-%m-%dT%H:%M}" == f"{day}T09:00"
    lot = put_up(app).auction.id
    person = Client(app).log_in(ANNA)
    refused = person.post(f"/api/v1/auctions/{lot}/bids", {"amount": 200})
    assert (refused.status, refused.code) == (403, "restricted")
    page = person.get(f"/auction/{lot}")
    assert "You cannot bid or buy until" in page.text
    act(app, "restrict", person=SELLER, lots="1")
    publishing = Client(app).log_in(SELLER).post_form("/new_auction", **fields())
    assert publishing.status == 403
    assert "You cannot publish lots for now." in publishing.text


@pytest.mark.parametrize("typed", [{"until": "yesterday"}, {"until": "2001-01-01T00:00"}, {"days": "0"}, {"days": "x"}])
def test_an_end_that_is_none_is_a_wrong_field(app: FakeApp, typed: dict[str, Any]) -> None:
    answer = act(app, "restrict", bids="1", **typed)
    assert answer.status == 422
    assert next(iter(typed.values())) in answer.text


def test_nothing_chosen_lifts_it(app: FakeApp) -> None:
    act(app, "restrict", assistant="1")
    assert act(app, "restrict").status == 303
    assert there(app.store.person(ANNA)).restrictions.limits == ()


def test_roles(app: FakeApp) -> None:
    assert act(app, "role", FINANCE, role="viewer").status == 403
    assert act(app, "role", OWNER, role="god").status == 422
    assert act(app, "role", OWNER, person=OWNER, role="").status == 409
    assert act(app, "role", OWNER, role="support").status == 303
    assert by(app, ANNA).get("/admin").status == 200
    assert act(app, "role", OWNER, role="").status == 303
    assert by(app, ANNA).get("/admin").status == 404


def test_a_message_and_a_note(app: FakeApp) -> None:
    assert act(app, "message", text="Please write to us.").status == 303
    assert [notice.kind for notice in app.run_streams()].count("operator_wrote") == 1
    assert act(app, "message", text=" ").status == 422
    assert act(app, "message", text="x" * 2001).status == 422
    app.people.mark_unreachable(ANNA)
    assert act(app, "message", text="Hello").status == 409
    assert act(app, "note", text="Called <b>twice</b>", reason="").status == 422
    assert act(app, "note", text="Called <b>twice</b>").status == 303
    page = by(app, VIEWER).get(f"/admin/users/{ANNA}", section="notes")
    assert "Called &lt;b&gt;twice&lt;/b&gt;" in page.text
    assert "Person 901" in page.text


# --- several at once --------------------------------------------------------------------------------------------------


def bulk(app: FakeApp, operator: int = SUPPORT, **fields: Any) -> Answer:
    return by(app, operator).post_form("/admin/users/bulk", **fields)


def test_several_are_listed_first_and_then_done_once_each(app: FakeApp) -> None:
    people: dict[str, Any] = {"person": [ANNA, BORIS, ANNA], "act": "block"}
    asked = bulk(app, **people)
    assert asked.status == 200
    assert "Анна Ёлкина" in asked.text
    assert not app.store.tables.audit
    for _ in range(2):
        done = bulk(app, **people, confirmed="1", reason="spam wave", request_id="k1")
        assert done.status == 200
    assert sorted(there(entry.user_id) for entry in app.store.tables.audit.values()) == [ANNA, BORIS]
    assert there(app.store.person(BORIS)).blocked


def test_one_who_is_refused_keeps_nobody_else_from_it(app: FakeApp) -> None:
    done = bulk(app, person=[OWNER, SUPPORT, 777777, ANNA], act="block", confirmed="1", reason="r")
    assert done.status == 200
    assert there(app.store.person(ANNA)).blocked
    assert not there(app.store.person(OWNER)).blocked
    assert "Your role does not allow this." in done.text
    assert "This is your own account" in done.text


def test_a_message_to_several_takes_a_reason_and_a_text(app: FakeApp) -> None:
    people: dict[str, Any] = {"person": [ANNA, BORIS], "act": "message", "confirmed": "1"}
    assert bulk(app, **people, reason="r", text=" ").status == 422
    again = bulk(app, **people, reason=" ", text="Good evening")
    assert again.status == 422
    assert "Good evening" in again.text
    assert bulk(app, **people, reason="r", text="Good evening").status == 200
    assert [notice.kind for notice in app.run_streams()].count("operator_wrote") == 2


def test_nobody_chosen_leads_back_to_the_list(app: FakeApp) -> None:
    assert bulk(app, act="block").headers["location"] == "/admin/users"
    assert bulk(app, person=["x", "0", "-5"], act="block").headers["location"] == "/admin/users"
    assert bulk(app, person=[ANNA], act="promote").headers["location"] == "/admin/users"


# --- the search box ---------------------------------------------------------------------------------------------------


def test_a_single_exact_hit_is_gone_to(app: FakeApp) -> None:
    lot = put_up(app).auction.id
    charge = next(iter(app.store.tables.charges))
    get = by(app, VIEWER).get
    for text, place in (
        (str(ANNA), f"/admin/users/{ANNA}"),
        ("@anna_y", f"/admin/users/{ANNA}"),
        (there(app.store.person(ANNA)).public_id, f"/admin/users/{ANNA}"),
        (lot, f"/admin/lots/{lot}"),
        (charge, f"/admin/payments/{charge}"),
    ):
        answer = get("/admin/search", q=text)
        assert (answer.status, answer.headers.get("location")) == (303, place)


def test_words_find_people_and_lots(app: FakeApp) -> None:
    lot = put_up(app, title="Анкерная лампа").auction.id
    answer = by(app, VIEWER).get("/admin/search", q="ан")
    assert answer.status == 200
    assert f"/admin/users/{ANNA}" in answer.text
    assert f"/admin/lots/{lot}" in answer.text


@pytest.mark.parametrize(
    "text",
    ["", " ", "x" * 10_000, "😀😀", "🙂", "\x00", "../../etc", "{{7*7}}", "' OR 1=1", "a" * 200, "%00", "ё" * 150],
)
def test_whatever_is_typed_the_answer_is_calm(app: FakeApp, text: str) -> None:
    answer = by(app, VIEWER).get("/admin/search", q=text)
    assert answer.status == 200
    assert len(answer.text) < 60_000


# --- saved views ------------------------------------------------------------------------------------------------------


def test_an_address_is_kept_under_a_name_by_its_operator_alone(app: FakeApp) -> None:
    client, address = by(app, VIEWER), "/admin/users?state=blocked&sort=oldest"
    answer = client.post_form("/admin/views", name="Blocked, oldest", address=address)
    assert (answer.status, answer.headers["location"]) == (303, address)
    assert "Blocked, oldest" in client.get("/admin/users").text
    assert "Blocked, oldest" not in by(app, SUPPORT).get("/admin/users").text
    view = app.saved_views.of(VIEWER, "/admin/users", app.now())[0]
    assert client.post_form(f"/admin/views/{view.id}/drop", address="/admin/users").status == 303
    assert "Blocked, oldest" not in client.get("/admin/users").text


@pytest.mark.parametrize(
    ("name", "address"),
    [
        (" ", "/admin/users"),
        ("x" * 41, "/admin/users"),
        ("a", "https://evil.example/admin/"),
        ("a", "//evil.example"),
        ("a", "/admin/\\evil"),
        ("a", "/profile"),
        ("a", "/admin/users?q=" + "x" * 1000),
        ("a", ""),
    ],
)
def test_what_is_no_view(app: FakeApp, name: str, address: str) -> None:
    answer = by(app, VIEWER).post_form("/admin/views", name=name, address=address)
    assert answer.status == 422


def test_a_view_leads_nowhere_else(app: FakeApp) -> None:
    answer = by(app, VIEWER).post_form(f"/admin/views/{'0' * 16}/drop", address="https://evil.example/")
    assert answer.headers["location"] == "/admin"


def test_there_are_so_many_views_and_no_more(app: FakeApp) -> None:
    client = by(app, VIEWER)
    for number in range(50):
        assert client.post_form("/admin/views", name="v", address=f"/admin/users?q={number}").status == 303
    assert client.post_form("/admin/views", name="v", address="/admin/users?q=more").status == 422
    assert client.post_form("/admin/views", name="w", address="/admin/users?q=1").status == 303
