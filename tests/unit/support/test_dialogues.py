"""A script is held to every word and button, and to nothing that it leaves open."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.support.dialogues import LeftTheScript, Play, Shown


class Parrot:
    """Implements `dialogues.Stage`: it repeats what is said, edits what is pressed, and counts what is waited."""

    def __init__(self) -> None:
        self.said: dict[str, dict[int, Shown]] = {}
        self.answers: list[str] = []
        self.waited = 0

    def enter(self, who: str, language: str) -> None:
        self.said[who] = {1: Shown(f"Hello in {language}", False, ())}

    def say(self, who: str, text: str) -> None:
        self._add(who, Shown(text, False, (("Yes", "No"),)))

    def press(self, who: str, message_id: int, button: str) -> None:
        self.said[who][message_id] = Shown(f"Pressed {button}", False, ())
        self.answers.append(f"{button} it is")

    def send_photos(self, who: str, number: int, caption: str) -> None:
        self._add(who, Shown(f"{number} {caption}".strip(), True, ()))

    def pay(self, who: str, message_id: int) -> None:
        self._add(who, Shown(f"Paid {message_id}", False, ()))

    def look(self, who: str, query: str) -> list[tuple[str, str]]:
        return [(query, "one\ntwo"), ("another", "three")]

    def wait(self, seconds: int) -> None:
        self.waited += seconds

    def settle(self) -> None:
        pass

    def messages(self, who: str) -> Mapping[int, Shown]:
        return self.said[who]

    def toasts(self, who: str) -> list[str]:
        return self.answers

    def _add(self, who: str, shown: Shown) -> None:
        self.said[who][max(self.said[who]) + 1] = shown


GOOD = """
# a word of explanation
Anna speaks en
Anna: one\\ntwo
    Hello in en
    --
    one
    two
    [Yes] [No]
Anna presses Y*
    (!) Yes it is
    --
    ~ Pressed Yes

Anna sends 3 photos: mine
    (photo)
    3 m*
Anna pays
    *
2 hours pass
Anna looks for a vase
    a vase
    one
    two
    --
    another
    *
Anna has needed 4 steps
Anna hears
"""


def test_a_script_that_is_kept_to_ends_and_writes_down_what_was_said() -> None:
    stage = Parrot()
    play = Play(stage)
    play.perform(GOOD)
    assert stage.waited == 7200
    assert play.transcript[:3] == ["Anna speaks en", "Anna: one\\ntwo", "    Hello in en"]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("    two", "    too"),
        ("[Yes] [No]", "[Yes]"),
        ("    [Yes] [No]\n", ""),
        ("    ~ Pressed", "    Pressed"),
        ("    (!) Yes it is", "    (!) Yes"),
        ("    (photo)\n", ""),
        ("needed 4", "needed 5"),
        ("Anna hears", "Anna hears\n    something"),
        ("presses Y*", "presses Maybe"),
    ],
)
def test_another_word_button_or_message_leaves_the_script(right: str, wrong: str) -> None:
    assert right in GOOD
    with pytest.raises(LeftTheScript):
        Play(Parrot()).perform(GOOD.replace(right, wrong, 1))


@pytest.mark.parametrize(
    ("expected", "holds"),
    [
        ("Pressed Yes is edited", False),
        ("~ Pressed Yes\n    --\n    (!) Yes it is", True),
        ("(!) Yes it is", True),
        ("(!) Yes it is\n    --\n    *", True),
        ("(!) Yes it is\n    --\n    another", False),
        ("*", True),
    ],
)
def test_the_order_of_messages_is_open_and_so_is_an_edit_that_is_not_mentioned(expected: str, holds: bool) -> None:
    stage = Parrot()
    script = f"Anna speaks en\nAnna: one\n    *\nAnna presses Yes\n    {expected}"
    if holds:
        Play(stage).perform(script)
        return
    with pytest.raises(LeftTheScript):
        Play(stage).perform(script)


def test_a_line_that_means_nothing_is_no_script() -> None:
    with pytest.raises(ValueError, match="no line of a script"):
        Play(Parrot()).perform("Anna speaks en\nAnna dances")
