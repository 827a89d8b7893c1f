"""What the screens register, and that none of them is forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

import webhook.screens
from webhook.registry import Screens

FOLDER = Path(webhook.screens.__file__).parent


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
    screens.answer("stars")(lambda chat, noted, text: None)
    with pytest.raises(ValueError, match="stars is taken"):
        screens.answer("stars")(lambda chat, noted, text: None)
