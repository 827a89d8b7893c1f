"""`/admin` leads every operator to the panel, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from starbid import bootstrap
from starbid.domain.roles import Role
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram, chatting_app

SITE = "https://starbid.example"


def first_row(chat: Chat) -> list[dict[str, Any]]:
    """The buttons right below the last message."""
    rows: list[list[dict[str, Any]]] = chat.last["reply_markup"]["inline_keyboard"]
    return rows[0]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("language", "label"), [("en", "Open the panel"), ("ru", "Открыть панель")])
def test_every_role_is_led_to_the_panel(
    telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, role: Role, language: str, label: str
) -> None:
    app = chatting_app(telegram, BASE_URL=SITE)
    monkeypatch.setattr(bootstrap, "_app", app)
    operator = Chat(app, telegram, 802, language).join(role=role)
    operator.say("/admin")
    assert first_row(operator) == [{"text": label, "web_app": {"url": f"{SITE}/admin"}}]


def test_where_telegram_takes_no_mini_app_the_panel_is_a_plain_link(app: FakeApp, telegram: FakeTelegram) -> None:
    operator = Chat(app, telegram, 802).join(role=Role.VIEWER)
    operator.say("/admin")
    assert first_row(operator) == [{"text": "Open the panel", "url": f"{app.settings.base_url}/admin"}]


def test_who_has_no_role_learns_of_no_panel(app: FakeApp, telegram: FakeTelegram) -> None:
    nobody = Chat(app, telegram, 803).join()
    nobody.say("/admin")
    assert "panel" not in str(nobody.last)
