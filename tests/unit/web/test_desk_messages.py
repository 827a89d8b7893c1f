"""What operators may read of what buyer and seller write to each other: in a dispute all, else what was reported."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from starbid.domain.roles import Role
from starbid.domain.talks import LIFE
from tests.support.factories import ANNA, SELLER, join, market, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Client, png, text

VIEWER, HELPER = 800, 801
SECRET, PLAIN = "pay me <b>elsewhere</b>", "good day"


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(stars=100_000)
    join(app, VIEWER, role=Role.VIEWER)
    join(app, HELPER, role=Role.SUPPORT)
    return app


@pytest.fixture
def lot(app: FakeApp) -> str:
    lot = put_up(app, title="A key", buy_now_price=510).auction.id
    app.bidding.buy(lot, ANNA, 510, app.now())
    app.talking.write(ANNA, lot, PLAIN, (), "a", app.now())
    app.talking.write(SELLER, lot, SECRET, (png((30, 20)),), "b", app.now())
    return lot


@pytest.fixture
def helper(app: FakeApp) -> Client:
    return Client(app).log_in(HELPER)


def looks(app: FakeApp) -> list[str]:
    return [entry.after for entry in app.audit_trail.entries(action="read-messages").items]


def report(app: FakeApp, lot: str, number: int = 2) -> None:
    app.talking.report(ANNA, lot, number, "fraud", app.now(), lambda why: f"it is {why}")


def read(client: Client, lot: str, **form: str) -> str:
    answer = client.post_form(f"/admin/deals/{lot}/messages", reason="To settle the dispute", **form)
    assert answer.status == 200
    return answer.text


def test_without_a_dispute_and_a_report_there_is_nothing_to_read(app: FakeApp, helper: Client, lot: str) -> None:
    shown = text(helper.get(f"/admin/deals/{lot}"))
    assert "They have written 2 messages." in shown
    assert "They can be read only in a dispute" in shown
    assert PLAIN not in shown
    assert "Read the messages" not in shown
    answer = helper.post_form(f"/admin/deals/{lot}/messages", reason="curious")
    assert answer.status == 404
    assert PLAIN not in text(answer)
    assert looks(app) == []


def test_in_a_dispute_all_is_read_and_each_look_is_on_record(app: FakeApp, helper: Client, lot: str) -> None:
    app.dealing.dispute(ANNA, lot, "no", app.now())
    assert PLAIN not in text(helper.get(f"/admin/deals/{lot}"))  # not by the mere page of the deal
    shown = read(helper, lot)
    assert PLAIN in shown
    assert "pay me &lt;b&gt;elsewhere&lt;/b&gt;" in shown
    assert looks(app) == ["messages 1–2 of 2, disputed"]
    for _ in range(2):  # one form, sent again, is one look
        read(helper, lot, request_id="same")
    assert len(looks(app)) == 2


def test_a_form_that_is_sent_again_and_shows_something_else_is_another_look(
    app: FakeApp, helper: Client, lot: str
) -> None:
    app.dealing.dispute(ANNA, lot, "no", app.now())
    read(helper, lot, request_id="same")
    app.talking.write(ANNA, lot, "later", (), "c", app.now())
    assert "later" in read(helper, lot, request_id="same")
    assert "later" not in read(helper, lot, request_id="same", below="3")
    join(app, HELPER + 1, role=Role.SUPPORT)
    read(Client(app).log_in(HELPER + 1), lot, request_id="same")
    all_of_them = "messages 1–3 of 3, disputed"
    assert sorted(looks(app)) == ["messages 1–2 of 2, disputed", "messages 1–2 of 3, disputed", *[all_of_them] * 2]


@pytest.mark.parametrize("end", ["withdrawn", "settled"])
def test_a_dispute_that_is_over_opens_nothing_any_more(app: FakeApp, helper: Client, lot: str, end: str) -> None:
    app.dealing.dispute(ANNA, lot, "no", app.now())
    read(helper, lot)
    if end == "withdrawn":
        app.dealing.withdraw(ANNA, lot, app.now())
    else:
        assert helper.post_form(f"/admin/deals/{lot}/settle", to="seller", reason="It was sent").status == 303
    app.talking.write(ANNA, lot, "after peace", (), "c", app.now())
    shown = text(helper.get(f"/admin/deals/{lot}"))
    assert "They can be read only in a dispute" in shown
    assert "Read the messages" not in shown
    assert helper.post_form(f"/admin/deals/{lot}/messages", reason="curious").status == 404
    (picture,) = app.talking.message(ANNA, lot, 2, app.now()).pictures
    assert helper.get(f"/admin/deals/{lot}/messages/2/{picture}").status == 404
    assert len(looks(app)) == 1


def test_after_a_dispute_what_was_reported_stays_readable(app: FakeApp, helper: Client, lot: str) -> None:
    app.dealing.dispute(ANNA, lot, "no", app.now())
    report(app, lot)
    app.dealing.withdraw(ANNA, lot, app.now())
    shown = read(helper, lot)
    assert "pay me" in shown
    assert PLAIN not in shown


def test_of_a_report_the_one_message_is_read_and_nothing_beside_it(app: FakeApp, helper: Client, lot: str) -> None:
    report(app, lot)
    assert "1 is reported and can be read." in text(helper.get(f"/admin/deals/{lot}"))
    shown = read(helper, lot)
    assert "pay me" in shown
    assert "reported: fraud" in shown
    assert PLAIN not in shown
    assert looks(app) == ["reported: 2"]


def test_its_photos_are_for_the_same_eyes(app: FakeApp, helper: Client, lot: str) -> None:
    (picture,) = app.talking.message(ANNA, lot, 2, app.now()).pictures
    path = f"/admin/deals/{lot}/messages/2/{picture}"
    assert helper.get(path).status == 404
    report(app, lot)
    (shown,) = set(re.findall(r'href="(/admin/deals/[^"]+/messages/2/[^"]+)"', read(helper, lot)))
    assert shown == path
    assert helper.get(path).body == app.talking.photos(lot, app.talking.message(ANNA, lot, 2, app.now()), app.now())[0]
    assert helper.get(path, size="huge").status == 404
    assert helper.get(f"/admin/deals/{lot}/messages/1/{picture}").status == 404
    assert helper.get(f"/admin/deals/{lot}/messages/{'9' * 40}/{picture}").status == 404
    assert Client(app).log_in(VIEWER).get(path).status == 403
    assert Client(app).log_in(ANNA).get(path).status == 404


def test_a_viewer_reads_none_of_it(app: FakeApp, lot: str) -> None:
    app.dealing.dispute(ANNA, lot, "no", app.now())
    viewer = Client(app).log_in(VIEWER)
    assert "They are shown to those who settle disputes." in text(viewer.get(f"/admin/deals/{lot}"))
    assert viewer.post_form(f"/admin/deals/{lot}/messages", reason="x").status == 403
    assert looks(app) == []


def test_many_messages_come_in_pages(app: FakeApp, helper: Client, lot: str) -> None:
    for number in range(110):
        if number % 19 == 0:
            app.clock.forward(hours=1)
        app.talking.write(ANNA, lot, f"line {number:03}", (), f"k{number}", app.now())
    app.dealing.dispute(ANNA, lot, "no", app.now())
    newest = read(helper, lot)
    assert "line 109" in newest
    assert "line 009" not in newest
    older = re.search(r'name="below" value="(\d+)"', newest)
    assert older
    assert "line 009" in read(helper, lot, below=older[1])


@pytest.mark.parametrize("typed", ["x", "-1", "1.5", "9" * 13, "9" * 5000, "\u00b2"])
def test_a_number_that_nobody_gave_is_no_message_and_no_fault(
    app: FakeApp, helper: Client, lot: str, typed: str
) -> None:
    app.dealing.dispute(ANNA, lot, "no", app.now())
    assert PLAIN in read(helper, lot, below=typed)
    (picture,) = app.talking.message(ANNA, lot, 2, app.now()).pictures
    assert helper.get(f"/admin/deals/{lot}/messages/{quote(typed)}/{picture}").status == 404


def test_what_is_over_is_read_by_no_operator_either(app: FakeApp, helper: Client, lot: str) -> None:
    report(app, lot)
    app.dealing.deliver(SELLER, lot, "code", app.now())
    app.dealing.confirm(ANNA, lot, app.now())
    app.clock.forward(seconds=int(LIFE.total_seconds()))
    assert "Messages of the two" not in text(helper.get(f"/admin/deals/{lot}"))
    assert helper.post_form(f"/admin/deals/{lot}/messages", reason="late").status == 404
