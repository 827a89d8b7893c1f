"""What SES reports of mail: whose address it takes down, and that nothing else happens."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from notifier.mail_reports import lambda_handler
from starbid.domain.channels import Channel
from starbid.domain.events import WhyStopped
from starbid.services.emails.addresses import PLACE, Standing
from starbid.services.ports import Contact, Notice
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import FakeApp, make_app
from tests.support.there import there

ANNAS, OTHER = "anna@example.org", "other@example.org"


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    app = make_app({"EMAIL_SENDER": "notices@starbid.example"})
    for who, address in ((ANNA, ANNAS), (BORIS, "Boris@example.org")):
        join(app, who)
        give(app, who, address)
    app.run_streams()
    app.messenger.told.clear()
    monkeypatch.setattr("starbid.bootstrap._app", app)
    return app


def give(app: FakeApp, who: int, address: str) -> None:
    """As after a confirmation."""
    app.contacts.put(Contact(who, PLACE, {"address": address, "ask": "a1"}, app.now()))
    app.hearing.set_up(who, Channel.EMAIL)


def sns(*messages: str) -> dict[str, Any]:
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": message}} for message in messages]}


def bounce(about: str, who: int, sent_at: datetime, kind: str = "Permanent", **more: Any) -> str:
    """As the developer guide of SES shows it."""
    receivers = [{"emailAddress": about, "action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1"}]
    details = {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": receivers}
    details |= {
        "timestamp": iso(sent_at),
        "feedbackId": "01000157c44f053b-61b59c11",
        "reportingMTA": "dsn; mta.example",
    }
    return json.dumps({"eventType": "Bounce", "bounce": details | more, "mail": mail(who, sent_at)})


def complaint(about: str, who: int, sent_at: datetime, **more: Any) -> str:
    details = {
        "complainedRecipients": [{"emailAddress": about}], "timestamp": iso(sent_at),
        "feedbackId": "01000157c44f053b-9",
        "userAgent": "Amazon SES Mailbox Simulator", "complaintFeedbackType": "abuse", "arrivalDate": iso(sent_at),
    }  # fmt: skip
    return json.dumps({"eventType": "Complaint", "complaint": details | more, "mail": mail(who, sent_at)})


def mail(who: int, sent_at: datetime) -> dict[str, Any]:
    tags = {"ses:configuration-set": ["starbid"], "person": [str(who)]}
    return {"timestamp": iso(sent_at), "messageId": "EXAMPLE7c191be45", "destination": ["x@example.org"], "tags": tags}


def iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def report(*messages: str) -> None:
    lambda_handler(sns(*messages), None)


def told(app: FakeApp) -> list[Notice]:
    return [notice for notice in app.run_streams() if notice.kind == "email_stopped"]


def standing(app: FakeApp, who: int) -> Standing:
    return app.email_addresses.standing(there(app.store.person(who)), app.now())


@pytest.mark.parametrize(("make", "why"), [(bounce, WhyStopped.BOUNCED), (complaint, WhyStopped.COMPLAINED)])
def test_mail_that_comes_back_for_good_or_is_called_spam_takes_the_address_down_and_tells(
    app: FakeApp, make: Any, why: WhyStopped
) -> None:
    report(make("ANNA@example.org", ANNA, app.now()))
    assert standing(app, ANNA) == Standing(None, None)
    assert there(app.store.person(ANNA)).heard_by == {}
    assert standing(app, BORIS).address == "Boris@example.org"
    (notice,) = told(app)
    assert (notice.user_id, notice.facts) == (ANNA, {"address": "an…@example.org", "why": why})


@pytest.mark.parametrize("kind", ["Transient", "Undetermined", "Other"])
def test_a_mailbox_that_is_full_for_now_changes_nothing(app: FakeApp, kind: str) -> None:
    report(bounce(ANNAS, ANNA, app.now(), kind))
    assert standing(app, ANNA).address == ANNAS
    assert told(app) == []


def test_who_takes_a_mail_out_of_the_spam_keeps_it(app: FakeApp) -> None:
    report(complaint(ANNAS, ANNA, app.now(), complaintFeedbackType="not-spam"))
    assert standing(app, ANNA).address == ANNAS


@pytest.mark.parametrize("about", [OTHER, "boris@example.org", "anna@example.org.evil.example", ""])
def test_a_bounce_of_another_address_changes_nothing(app: FakeApp, about: str) -> None:
    report(bounce(about, ANNA, app.now()))
    assert standing(app, ANNA).address == ANNAS
    assert standing(app, BORIS).address == "Boris@example.org"
    assert told(app) == []


def test_a_bounce_for_one_person_leaves_another_with_the_same_address(app: FakeApp) -> None:
    give(app, BORIS, ANNAS)
    report(bounce(ANNAS, ANNA, app.now()))
    assert standing(app, ANNA).address is None
    assert standing(app, BORIS).address == ANNAS


def test_a_report_that_comes_again_is_told_once_and_spares_an_address_confirmed_since(app: FakeApp) -> None:
    late = bounce(ANNAS, ANNA, app.now())
    report(late, late)
    app.clock.forward(hours=1)
    give(app, ANNA, ANNAS)
    report(late)
    assert standing(app, ANNA).address == ANNAS
    assert len(told(app)) == 1


def test_a_report_that_comes_again_spares_a_confirmation_asked_for_since(app: FakeApp) -> None:
    late = bounce(ANNAS, ANNA, app.now())
    report(late)
    app.clock.forward(hours=1)
    app.email_addresses.ask(there(app.store.person(ANNA)), ANNAS, app.now())
    report(late)
    assert standing(app, ANNA) == Standing(None, ANNAS)
    assert len(told(app)) == 1


def test_a_confirmation_that_comes_back_is_told_and_the_address_of_before_stays(app: FakeApp) -> None:
    app.email_addresses.ask(there(app.store.person(ANNA)), OTHER, app.now())
    report(bounce(OTHER, ANNA, app.now()))
    assert standing(app, ANNA) == Standing(ANNAS, None)
    (notice,) = told(app)
    assert notice.facts["why"] == WhyStopped.UNCONFIRMED


def test_a_report_about_a_stranger_changes_nothing(app: FakeApp) -> None:
    report(bounce(ANNAS, 999, app.now()), complaint(ANNAS, -5, app.now()))
    assert standing(app, ANNA).address == ANNAS
    assert told(app) == []


def test_a_mail_of_many_receivers_is_judged_by_each(app: FakeApp) -> None:
    many = [{"emailAddress": f"x{number}@example.org"} for number in range(40)]
    report(bounce(OTHER, ANNA, app.now(), bouncedRecipients=[*many, {"emailAddress": ANNAS}]))
    assert standing(app, ANNA).address is None


def broken(app: FakeApp) -> list[str]:
    at = app.now()
    whole = json.loads(bounce(ANNAS, ANNA, at))
    cut = [{key: value for key, value in whole.items() if key != gone} for gone in whole]
    unlike = [
        whole | {"mail": None}, whole | {"bounce": []}, whole | {"mail": whole["mail"] | {"tags": {}}},
        whole | {"mail": whole["mail"] | {"tags": {"person": ["x"]}}},
        whole | {"mail": whole["mail"] | {"tags": {"person": ["1", "2"]}}},
        whole | {"mail": whole["mail"] | {"timestamp": "yesterday"}},
        whole | {"mail": whole["mail"] | {"timestamp": "2026-12-01T00:00:00"}},
        whole | {"bounce": whole["bounce"] | {"bouncedRecipients": 5}},
        whole | {"bounce": whole["bounce"] | {"bouncedRecipients": [{"emailAddress": {}}, None]}},
        whole | {"eventType": ["Bounce"]}, whole | {"eventType": "Delivery"},
    ]  # fmt: skip
    texts = ["", "x", "null", "[]", "5", '"Bounce"', "{}", "[" * 100_000, "\ud800", '{"eventType": "Bounce"}']
    return [*texts, *map(json.dumps, cut), *map(json.dumps, unlike)]


def test_what_is_no_report_is_passed_over_and_the_next_one_counts(app: FakeApp) -> None:
    for message in broken(app):
        report(message)
        assert standing(app, ANNA).address == ANNAS, message[:200]
    report(*broken(app), bounce(ANNAS, ANNA, app.now()))
    assert standing(app, ANNA).address is None


def test_a_huge_report_is_read_up_to_what_a_mail_can_have(app: FakeApp) -> None:
    many = [{"emailAddress": f"{number}@example.org"} for number in range(3_000)]
    report(bounce(OTHER, ANNA, app.now(), bouncedRecipients=[*many, {"emailAddress": ANNAS}], feedbackId="x" * 50_000))
    assert standing(app, ANNA).address == ANNAS


STEPS = (("hearing", "take_down"), ("store", "unit"), ("email_asks", "drop"), ("contacts", "drop"))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("part", "name"), STEPS)
def test_where_a_step_fails_it_is_raised_and_the_next_try_finishes_it_told_once(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch, part: str, name: str, *, after: bool
) -> None:
    message, whole = bounce(ANNAS, ANNA, app.now()), getattr(getattr(app, part), name)

    def failing(*arguments: Any) -> None:
        if after:
            whole(*arguments)
        raise OSError

    with monkeypatch.context() as broken_once:
        broken_once.setattr(getattr(app, part), name, failing)
        with pytest.raises(OSError):  # noqa: PT011
            report(message)
    report(message)
    assert standing(app, ANNA) == Standing(None, None)
    assert len(told(app)) == 1


def test_times_are_read_in_any_zone() -> None:
    from starbid.storage.mail_reports import report_from

    at = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    message = bounce(ANNAS, ANNA, at).replace("2026-12-01T09:00:00.000Z", "2026-12-01T12:00:00.000+03:00")
    found = report_from(message)
    assert found
    assert found.sent_at == at
