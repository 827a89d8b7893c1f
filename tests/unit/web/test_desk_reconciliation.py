"""The reconciliation in the panel: how far it is, what differs, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.roles import Role
from starbid.services.billing.differences import DifferenceState
from starbid.services.billing.reconciling import Difference
from starbid.services.ports import Rejected, StarTransaction, TryLater, Unreachable
from tests.support.desk import decision
from tests.support.factories import ANNA, join
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.web import Answer, Client, text

ADMIN, FINANCE, VIEWER = 900, 801, 803
PATH = "/admin/reconciliation"


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    for user_id, role in ((ADMIN, None), (FINANCE, Role.FINANCE), (VIEWER, Role.VIEWER), (ANNA, None)):
        join(app, user_id, role=role)
    return app


def desk(app: FakeApp, user_id: int = FINANCE) -> Client:
    return Client(app).log_in(user_id)


def compare(app: FakeApp) -> None:
    app.reconciling.compare(app.now(), lambda: True, lambda found: app.differences.keep(found, app.now()))


def explain(client: Client, difference_id: str, **fields: Any) -> Answer:
    given: dict[str, Any] = {"reason": "a test", "request_id": "e"} | fields
    return client.post_form(f"{PATH}/{difference_id}/explain", **given)


def strange(app: FakeApp) -> str:
    """Telegram lists a payment that nobody asked for; the id of its difference."""
    at = app.now() - timedelta(hours=1)
    app.stars.listed.append(StarTransaction("c1", 5, at, incoming=True, payer_id=ANNA, payload="not ours"))
    compare(app)
    return "missing:0:c1"


def test_before_the_first_comparison_it_says_so(app: FakeApp) -> None:
    page = text(desk(app).get(PATH))
    assert "nothing yet" in page
    assert "Nothing differs." in page


def test_admins_hear_once_in_an_hour_that_something_differs_and_not_of_what_is_known(app: FakeApp) -> None:
    def told(*charges: str) -> list[tuple[int, str]]:
        for charge in charges:
            app.differences.keep(Difference("missing", 0, charge, "user/invoice_payment"), app.now())
        return [(notice.user_id, notice.kind) for notice in app.run_streams()]

    assert told("c1", "c2", "c1") == [(ADMIN, "ledger_differs")]
    app.clock.forward(hours=1)
    assert told("c1", "c2") == []
    assert told("c3") == [(ADMIN, "ledger_differs")]
    app.clock.forward(hours=1)
    app.differences.keep(Difference("refund", 1, "c4", is_mended=True), app.now())
    assert told() == []


def test_a_difference_is_kept_once_and_waits_for_an_operator(app: FakeApp) -> None:
    found_id = strange(app)
    app.differences.keep(Difference("missing", 0, "c1", "user/invoice_payment"), app.now())  # reported once more
    client = desk(app, VIEWER)
    assert "1 Differences to Telegram" in text(client.get("/admin"))
    page = text(client.get(PATH))
    assert page.count("Telegram lists a payment that is not booked here") == 1
    assert "1 transaction" in page
    assert app.differences.of(found_id, app.now()).state is DifferenceState.OPEN


def test_it_is_explained_once_with_a_reason_on_record(app: FakeApp) -> None:
    found_id, client = strange(app), desk(app)
    assert explain(client, found_id, reason="  ").status == 422
    assert explain(client, found_id, reason="a test of ours").status == 303
    assert "Nothing differs." in text(client.get(PATH))
    assert "a test of ours" in text(client.get(PATH, state="explained"))
    again = explain(desk(app, ADMIN), found_id, request_id="other", reason="mine")
    assert again.status == 409
    (entry,) = app.store.tables.audit.values()
    assert (entry.action, entry.subject, entry.reason) == (
        "explain-difference",
        f"difference/{found_id}",
        "a test of ours",
    )


def test_what_the_comparison_books_itself_waits_for_nobody(app: FakeApp) -> None:
    app.differences.keep(Difference("refund", 3, "c1", is_mended=True), app.now())
    client = desk(app)
    assert "Differences to Telegram" not in text(client.get("/admin"))
    assert "Telegram lists a refund" in text(client.get(PATH, state="mended"))


def test_a_comparison_is_asked_for_once(app: FakeApp) -> None:
    client = desk(app)
    for _ in range(2):
        assert client.post_form(f"{PATH}/compare", reason="before the month ends", request_id="c").status == 303
    assert len(app.scheduler.comparisons) == 1
    assert [entry.action for entry in app.store.tables.audit.values()] == ["compare-now"]


def test_a_viewer_sees_and_decides_nothing(app: FakeApp) -> None:
    found_id, client = strange(app), desk(app, VIEWER)
    assert client.post_form(f"{PATH}/compare", reason="so", request_id="c").status == 403
    assert explain(client, found_id).status == 403
    assert "Explain" not in text(client.get(PATH)).replace("Explained", "")
    assert desk(app, ANNA).get(PATH).status == 404


def test_an_unknown_difference_is_not_found(app: FakeApp) -> None:
    assert explain(desk(app), "missing:9:c9").status == 404


def test_a_difference_is_booked_by_one_press_and_listed_as_such(app: FakeApp) -> None:
    found, client = strange(app), desk(app)
    app.stars.stars = 1234
    page = client.get(PATH).text
    assert f"{PATH}/{found.replace(':', '%3A')}/settle" in page
    assert "1\u202f234" in page
    for _ in range(2):
        settled = client.post_form(f"{PATH}/{found}/settle", reason="an old link", request_id="s")
    assert app.store.wallet(ANNA, "XTR", consistent=True).available.amount == 5
    assert settled.status == 409
    assert "Nothing differs." in text(client.get(PATH))
    assert "an old link" in text(client.get(PATH, state="settled"))
    assert len(app.store.tables.audit) == 1


@pytest.mark.parametrize("failure", [TryLater(5), Unreachable(), Rejected("no")])
@pytest.mark.parametrize("path", [PATH, "/admin/payments"])
def test_a_page_without_telegrams_answer_is_shown_all_the_same(app: FakeApp, path: str, failure: Exception) -> None:
    app.stars.fail_next(failure)
    page = desk(app).get(path)
    assert page.status == 200
    assert "Telegram gives no answer now" in text(page)


def test_what_telegram_gives_no_answer_about_is_not_booked_and_said_to_be_so(app: FakeApp) -> None:
    found, client = strange(app), desk(app)
    app.stars.fail_next(TryLater(5))
    answer = client.post_form(f"{PATH}/{found}/settle", reason="an old link", request_id="s")
    assert (answer.status, answer.headers["location"]) == (303, PATH)
    assert "Nothing was booked: try again in a moment." in text(client.get(PATH))
    assert app.store.wallet(ANNA, "XTR", consistent=True).available.amount == 0
    assert (app.differences.of(found, app.now()).state, app.store.tables.audit) == ("open", {})


def test_what_was_begun_and_is_not_booked_can_be_finished_or_explained(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, client = strange(app), desk(app)
    with monkeypatch.context() as broken:
        broken.setattr(app.paying, "credit", lambda *_: (_ for _ in ()).throw(Death()))
        with pytest.raises(Death):
            app.difference_booking.settle(found, decision(app, reason="an old link"))
    page = client.get(PATH).text
    assert "Finish booking it" in page
    assert "an old link" in page
    assert f"{PATH}/{found.replace(':', '%3A')}/explain" in page
    assert explain(client, found, reason="it went back").status == 303
    assert "it went back" in text(client.get(PATH, state="explained"))
