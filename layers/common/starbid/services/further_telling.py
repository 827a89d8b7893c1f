"""A notice on its way to people by further channels: a message of its own on the queue for each, so that none waits for
another, and none is told again where another one fails.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from starbid.domain.channels import LOUD, Channel
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.domain.talks import talk_of
from starbid.services.claiming import BUSY_SECONDS, KEEP_SECONDS, LEASE_SECONDS, Turn, claimed
from starbid.services.found_telling import FoundTelling
from starbid.services.hearing import Hearing
from starbid.services.living import Living
from starbid.services.notices import KINDS
from starbid.services.notices.found import FOUND
from starbid.services.notices.registry import Latest
from starbid.services.notices.switches import is_wanted
from starbid.services.notices.talks import WROTE
from starbid.services.pacing import Beat
from starbid.services.ports import (
    Claims,
    Crowded,
    FurtherChannel,
    LivingMessages,
    Mutes,
    Notice,
    Outgoing,
    Rejected,
    Store,
    Talks,
    TryLater,
    Unreachable,
)
from starbid.services.quiet import Quiet

BEATS: Mapping[Channel, Beat] = {Channel.EMAIL: Beat(900), Channel.PUSH: Beat(60)}
"""Of what the newest notice about a lot says it all (services.living)."""


class FurtherTelling:
    """`channels` are those on offer here, each made when it is first used."""

    def __init__(
        self,
        store: Store,
        claims: Claims,
        messages: LivingMessages,
        mutes: Mutes,
        hearing: Hearing,
        quiet: Quiet,
        outgoing: Outgoing,
        channels: Mapping[Channel, Callable[[], FurtherChannel]],
        talks: Talks,
        found: FoundTelling,
    ) -> None:
        self._talks, self._found = talks, found
        self._store, self._claims, self._messages, self._mutes = store, claims, messages, mutes
        self._hearing, self._quiet, self._outgoing, self._channels = hearing, quiet, outgoing, channels

    def pass_on(self, notice: Notice, person: Person, channels: Iterable[Channel], now: datetime) -> None:
        """Put it on the queue for each of these by which the person wants it; once, however often it is asked where
        nobody dies in between.
        """
        for channel in channels:
            key = f"passed-on#{notice.id}#{channel}"
            if channel in self._channels and is_wanted(notice, person, channel) and not self._claims.finished(key):
                self._outgoing.send_further(notice, channel)
                self._claims.finish(key, KEEP_SECONDS, now)

    def tell(self, notice: Notice, channel: Channel, now: datetime) -> None:
        """Bring it there, once. Raises TryLater."""
        with claimed(self._claims, f"notice#{notice.id}#{channel}", LEASE_SECONDS, KEEP_SECONDS, now) as turn:
            if turn is Turn.BUSY:
                raise TryLater(BUSY_SECONDS)
            if turn is Turn.MINE and channel in self._channels:
                self._tell(notice, channel, _Further(self._channels[channel]()), now)

    def _tell(self, notice: Notice, channel: Channel, teller: _Further, now: datetime) -> None:
        try:
            beat, prefix = BEATS[channel], f"{channel}#"
            if latest := self._latest(notice):
                of_talk = f"{prefix}{notice.facts['buyer_id']}#" if notice.kind == WROTE.name else prefix
                living = Living(self._claims, self._messages, teller, lambda _: beat, of_talk, lambda _: latest)
                living.tell(notice, lambda: self._with_lot(notice, channel, now), now)
            elif notice.kind == FOUND.name:
                if person := self._who(notice, channel, now):
                    self._found.by(teller, beat, prefix).tell(notice, person, now)
            elif person := self._who(notice, channel, now):
                lot = self._store.lot(notice.auction_id, consistent=True) if notice.auction_id else None
                if lot is None or KINDS[notice.kind].holds(notice, lot):
                    teller.tell(person, notice, lot)
        except Unreachable:
            self._hearing.take_down(notice.user_id, channel)
        except Rejected:
            return  # the channel has noted why

    def _latest(self, notice: Notice) -> Latest | None:
        """How a kind is told of which the newest says it all. That somebody wrote in a deal says it of all so far."""
        if notice.kind != WROTE.name:
            return KINDS[notice.kind].latest
        return Latest(
            told=lambda message: int(message.facts["number"]),
            shown=lambda lot: self._talks.talk(talk_of(lot.deal)).count if lot.deal else 0,
            is_news=WROTE.holds,
        )

    def _with_lot(self, notice: Notice, channel: Channel, now: datetime) -> tuple[Person, Lot] | None:
        person = self._who(notice, channel, now)
        return (person, self._store.lot(str(notice.auction_id), consistent=True)) if person else None

    def _who(self, notice: Notice, channel: Channel, now: datetime) -> Person | None:
        """The person, where they still want to hear it there. Raises Crowded while it is quiet for them."""
        person = self._store.person(notice.user_id, consistent=True)
        if person is None or person.blocked or not is_wanted(notice, person, channel):
            return None
        if channel in LOUD and (until := self._quiet.until(notice, person, now)):  # it has waited until it grew quiet
            raise Crowded(math.ceil((until - now).total_seconds()))
        muted = notice.auction_id and KINDS[notice.kind].mutes(notice)
        return None if muted and self._mutes.is_muted(person.id, str(notice.auction_id), now) else person


class _Further:
    """A further channel as a living message needs it: nothing that was told there is ever edited."""

    def __init__(self, channel: FurtherChannel) -> None:
        self._channel = channel

    def tell(self, person: Person, notice: Notice, lot: Lot | None) -> None:
        self._channel.tell(person, notice, lot)

    def edit(self, _person: Person, _notice: Notice, _lot: Lot | None, _message_id: int) -> bool:
        return False
