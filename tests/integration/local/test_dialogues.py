"""The scripts of tests/dialogues through the stand-in of Telegram, over the local run with everything behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.dialogues import SCRIPTS, Play
from tests.support.stack import Stack
from tests.support.standin_stage import StandInStage

STORIES = sorted(SCRIPTS.glob("*.txt"))


@pytest.mark.parametrize("script", STORIES, ids=[path.stem for path in STORIES])
def test_the_bot_keeps_to_the_script(tmp_path: Path, script: Path) -> None:
    """Each in a run of its own: the lots of one story would stand in the lists of another."""
    stack = Stack(tmp_path)
    try:
        Play(StandInStage(stack)).perform(script.read_text())
    finally:
        stack.stop()
