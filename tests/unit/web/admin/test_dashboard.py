"""The dashboard: its periods, what it says, and who may have its figures made again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.analytics.quarters import day_of, quarter_of
from starbid.domain.event_log import LogKind
from starbid.domain.roles import Role
from starbid.services.analytics.remaking import days_asked
from tests.support import entries as told
from tests.support.factories import ANNA, BORIS, SELLER, join
from tests.support.fakes import START, FakeApp, make_app
from tests.support.packs import with_helper
from tests.support.web import Client

ADMIN = 900
TODAY = f"{START:%Y-%m-%d}"


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    join(app, ADMIN)
    join(app, SELLER, name="<i>Sam</i>")
    return app


@pytest.fixture
def admin(app: FakeApp) -> Client:
    return Client(app).log_in(ADMIN)


def keep(app: FakeApp, *entries: object) -> None:
    app.event_log.keep(entries, app.now())  # type: ignore[arg-type]


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_an_empty_market_has_words_and_no_chart(admin: Client) -> None:
    page = admin.get("/admin")
    assert page.status == 200
    assert 'class="chart"' not in page.text
    assert "Nothing in this time" in page.text
    assert "Nobody came in this time" in page.text


def test_it_tells_a_period_and_compares_it_with_the_one_before(app: FakeApp, admin: Client) -> None:
    keep(app, *(told.bid(START - timedelta(hours=hour), ANNA) for hour in range(1, 4)))
    keep(app, *(told.bid(START - timedelta(days=8, hours=hour), BORIS) for hour in range(1, 3)))
    text = text_of(admin.get("/admin", period="7").text)
    assert "▲ 50% more, was 2" in text
    assert "▼" not in text


def test_a_sale_stands_in_turnover_sell_through_and_among_sellers(app: FakeApp, admin: Client) -> None:
    keep(app, *told.sold(START, SELLER, ANNA, 250), told.unsold(START, SELLER))
    page = admin.get("/admin", period="today").text
    text = text_of(page)
    assert "⭐ 250" in text
    assert "50% · 1 of 2" not in text  # by kind: one of each
    assert "100% · 1 of 1" in text
    assert "<i>Sam" not in page
    assert "&lt;i&gt;Sam&lt;/i&gt;" in page
    assert f'href="/admin/users/{SELLER}"' in page


def test_today_is_shown_by_hours_and_days_by_days(app: FakeApp, admin: Client) -> None:
    keep(app, told.bid(START, ANNA))
    assert f"{START:%H}:00" in admin.get("/admin", period="today").text
    assert ">Hour<" in admin.send("GET", "/admin", f"from={TODAY}&to={TODAY}").text
    assert ">Hour<" not in admin.get("/admin", period="28").text


@pytest.mark.parametrize(
    "query",
    [
        {"period": "9"},
        {"from": "tomorrow"},
        {"from": "2030-01-01", "to": "2030-01-02"},
        {"from": '"><script>', "to": TODAY},
        {"from": TODAY, "to": "2026-01-01"},
    ],
)
def test_days_that_are_none_are_said_so_and_nothing_is_lost(admin: Client, query: dict[str, Any]) -> None:
    page = admin.get("/admin", **query)
    assert page.status == 200
    assert 'role="alert"' in page.text
    assert "<script>" not in page.text.split("<main")[1]


def test_charts_of_the_assistant_come_with_its_first_answer(app: FakeApp, admin: Client) -> None:
    assert "AI answers" not in admin.get("/admin").text
    keep(app, told.told(LogKind.ASSISTANT, "answer", START, ANNA), told.told(LogKind.ASSISTANT, "trial", START, ANNA))
    text = text_of(admin.get("/admin").text)
    assert "AI answers" in text
    assert "Trial to paid 0%" in text


def test_where_the_helper_is_offered_its_charts_are_there_before_anybody_asked() -> None:
    helped = with_helper()
    join(helped, ADMIN)
    text = text_of(Client(helped).log_in(ADMIN).get("/admin").text)
    for title in ("AI answers", "AI questions without an answer", "AI tokens", "AI trials", "Trial to paid"):
        assert re.search(rf"{title}[^A-Z]*Nothing in this time", text), title


def test_how_many_stay_after_the_trial_is_compared_with_the_time_before(app: FakeApp, admin: Client) -> None:
    for days_ago, paid in ((8, 1), (1, 3)):
        at = START - timedelta(days=days_ago)
        for who in range(4):
            keep(app, told.told(LogKind.ASSISTANT, "trial", at + timedelta(minutes=who), who))
        for who in range(paid):
            keep(app, told.told(LogKind.ASSISTANT, "trial_paid", at + timedelta(hours=1, minutes=who), who))
    text = text_of(admin.get("/admin", period="7").text)
    assert "Trial to paid 75% ▲ 50 points more, was 25%" in text
    assert "Paid after the trial 3 of 4 1 of 4" in text
    assert "Trial to paid – " in text_of(admin.get("/admin", period="today").text)


def test_it_says_whether_the_bot_covers_all_wallets(app: FakeApp, admin: Client) -> None:
    keep(app, told.topped_up(START, ANNA, 500))
    assert "has not been looked at yet" in admin.get("/admin").text
    app.figures.keep_balance(START - timedelta(hours=1), 520)
    assert "all wallets are covered" in admin.get("/admin").text
    app.figures.keep_balance(START, 300)
    assert "less than is in wallets" in admin.get("/admin").text


def test_an_operator_sees_the_days_of_their_own_zone(app: FakeApp) -> None:
    join(app, 901, role=Role.VIEWER, zone="Pacific/Kiritimati")
    assert "Pacific/Kiritimati (GMT+14)" in Client(app).log_in(901).get("/admin").text


def test_all_of_it_is_there_in_russian(app: FakeApp) -> None:
    join(app, 901, role=Role.VIEWER, language="ru")
    keep(app, told.registered(START, ANNA), *told.sold(START, SELLER, ANNA, 90), told.topped_up(START, ANNA, 500))
    text = text_of(Client(app).log_in(901).get("/admin").text)
    for word in ("Turnover", "Table", "more", "before", "Bids", "Figures"):
        assert word not in text


@pytest.mark.parametrize(("role", "status"), [(Role.VIEWER, 403), (Role.FINANCE, 403), (Role.OWNER, 303), (None, 404)])
def test_only_owners_have_figures_made_again(app: FakeApp, role: Role | None, status: int) -> None:
    join(app, 901, role=role)
    client = Client(app).log_in(901)
    form: dict[str, Any] = {"from": TODAY, "to": TODAY, "reason": "they differ", "request_id": "k1"}
    assert client.post_form("/admin/figures", **form).status == status
    assert len(app.desk_work.asked) == (status == 303)


def test_asked_for_twice_it_is_recorded_once(app: FakeApp, admin: Client) -> None:
    form: dict[str, Any] = {"from": TODAY, "to": TODAY, "reason": "they differ", "request_id": "k1"}
    assert [admin.post_form("/admin/figures", **form).status for _ in range(2)] == [303, 303]
    assert len(app.store.tables.audit) == 1


@pytest.mark.parametrize(
    "form",
    [
        {"from": TODAY, "to": TODAY, "reason": " "},
        {"from": "x", "to": TODAY, "reason": "why"},
        {"from": "2024-01-01", "to": TODAY, "reason": "why"},
        {"from": TODAY, "to": "2040-01-01", "reason": "why"},
        {"from": TODAY, "to": "2026-01-01", "reason": "why"},
        {},
    ],
)
def test_a_wrong_field_is_refused(app: FakeApp, admin: Client, form: dict[str, Any]) -> None:
    page = admin.post_form("/admin/figures", **form)
    assert page.status == 422
    assert 'role="alert"' in page.text
    assert all(f'value="{typed}"' in page.text for typed in form.values())
    assert not app.desk_work.asked
    assert not app.store.tables.audit


def test_the_days_of_any_zone_lie_in_those_of_utc_around_them() -> None:
    today = day_of(quarter_of(START))
    assert days_asked(TODAY, TODAY, START) == (today - 1, today)
    before = f"{START - timedelta(days=5):%Y-%m-%d}"
    assert days_asked(before, before, START) == (today - 6, today - 4)
