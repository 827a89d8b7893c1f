"""How a person is told things: the further channels that they have set up, and the hours when what can wait does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from starbid.domain.channels import WANTED_AT_FIRST, Channel
from starbid.domain.people import Person
from starbid.domain.switches import Switch
from starbid.services.people import People


class Hearing:
    """Every method answers the person as they are then, is safe to repeat, and raises Conflict."""

    def __init__(self, people: People) -> None:
        self._people = people

    def set_up(self, user_id: int, channel: Channel) -> Person:
        """A further channel reaches the person from now on. What they chose to hear there before stays."""

        def changed(person: Person) -> Person:
            return replace(person, heard_by={channel: WANTED_AT_FIRST[channel], **person.heard_by})

        return self._people.change(user_id, changed)

    def take_down(self, user_id: int, channel: Channel) -> Person:
        """It does not reach the person any more."""

        def changed(person: Person) -> Person:
            left = {each: wanted for each, wanted in person.heard_by.items() if each is not channel}
            return replace(person, heard_by=left)

        return self._people.change(user_id, changed)

    def listen(self, user_id: int, channel: Channel, wanted: Mapping[Switch, bool]) -> Person:
        """What the person wants to hear by a further channel; what is not named stays as it is. Nothing changes where
        the channel is not set up.
        """

        def changed(person: Person) -> Person:
            if channel not in person.heard_by:
                return person
            known = person.heard_by[channel]
            chosen = frozenset(switch for switch in Switch if wanted.get(switch, switch in known))
            return replace(person, heard_by={**person.heard_by, channel: chosen})

        return self._people.change(user_id, changed)
