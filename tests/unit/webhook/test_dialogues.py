"""The scripts of tests/dialogues over the real handlers: what people read, word by word, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from starbid import bootstrap
from starbid.domain.people import LANGUAGES
from starbid.telegram.messenger import BotMessenger
from tests.support.dialogues import SCRIPTS, Play
from tests.support.fake_bills import FakeBills

from .chatting import FakeTelegram, shop_app
from .staged import ChatStage

STORIES = sorted(SCRIPTS.glob("*.txt"))


@pytest.mark.parametrize("script", STORIES, ids=[path.stem for path in STORIES])
def test_the_bot_keeps_to_the_script(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, script: Path) -> None:
    """The shop offers what the local run does."""
    app = shop_app(telegram, FakeBills(), OPENAI_API_KEY="key", PROVIDER_TOKEN="")
    monkeypatch.setattr(bootstrap, "_app", app)
    app.__dict__["messenger"] = BotMessenger(app.bot, app.settings, app.now, app.store.wallet)
    Play(ChatStage(app, telegram)).perform(script.read_text())


def test_every_story_is_told_in_every_language() -> None:
    told = {(path.name.split(".")[0], path.name.split(".")[1]) for path in STORIES}
    assert told == {(story, language) for story, _ in told for language in LANGUAGES}
