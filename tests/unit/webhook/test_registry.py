"""What the screens register, and that none of them is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

import webhook.screens
from webhook.questions import Question
from webhook.registry import Screens

FOLDER = Path(webhook.screens.__file__).parent


@dataclass(frozen=True)
class Which(Question):
    name = "which"
    again = "go:menu"


@dataclass(frozen=True)
class WhichOfThese(Which):
    lots: tuple[str, ...]


def test_every_module_that_registers_something_is_collected() -> None:
    registering = {path.stem for path in FOLDER.glob("*.py") if "@screens." in path.read_text("utf-8")}
    assert registering == set(webhook.screens.__all__)


def test_a_name_leads_to_one_place_only() -> None:
    screens = Screens()
    screens.command("sell")(lambda chat, rest: None)
    with pytest.raises(ValueError, match="sell is taken"):
        screens.command("sell")(lambda chat, rest: None)
    screens.press("o")(lambda chat, parts: None)
    with pytest.raises(ValueError, match="o is taken"):
        screens.press("p", "o")(lambda chat, parts: None)
    screens.answer(Which)(lambda chat, question, said: None)
    with pytest.raises(ValueError, match="which is taken"):
        screens.answer(Which)(lambda chat, question, said: None)


def test_a_question_that_json_would_change_is_no_question() -> None:
    with pytest.raises(TypeError, match=r"WhichOfThese\.lots cannot be stored"):
        Screens().answer(WhichOfThese)
