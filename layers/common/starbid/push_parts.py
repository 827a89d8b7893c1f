"""Notices in browsers, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from starbid.email_parts import EmailParts

if TYPE_CHECKING:  # each function imports what it asks for: `cryptography` is in the sender's layer alone
    from starbid.services.browsers import Browsers
    from starbid.services.hearing import Hearing
    from starbid.services.ports import FurtherChannel


class PushParts(EmailParts):
    """Each part is made when it is first asked for."""

    @abstractmethod
    def now(self) -> datetime: ...

    @property
    @abstractmethod
    def hearing(self) -> Hearing: ...

    @cached_property
    def browsers(self) -> Browsers:
        from starbid.services.browsers import Browsers

        return Browsers(self.store, self.contacts, self.hearing, self.limits)

    @cached_property
    def push_channel(self) -> FurtherChannel:
        from starbid.further.push.channel import PushChannel
        from starbid.further.push.delivery import PushLine
        from starbid.further.push.vapid import Vapid

        settings = self.settings
        return PushChannel(
            self.browsers,
            self.tellings,
            PushLine(local_service=settings.push.local_service),
            Vapid(settings.vapid_key, settings.push.public_key, settings.push.subject),
            self.claims,
            self.now,
            settings.base_url,
        )
