"""Who somebody is, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starbid.showcase_parts import ShowcaseParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.services.logins import Logins
    from starbid.services.openid_logins import OpenIdLogins
    from starbid.services.sessions import Sessions
    from starbid.services.tokens import Tokens


class IdentityParts(ShowcaseParts):
    """Logins, sessions and tokens. Each part is made when it is first asked for."""

    @cached_property
    def tokens(self) -> Tokens:
        from starbid.services.tokens import Tokens

        return Tokens(self.store)

    @cached_property
    def logins(self) -> Logins:
        from starbid.services.logins import Logins

        return Logins(self.login_attempts, self.counters)

    @cached_property
    def sessions(self) -> Sessions:
        from starbid.services.sessions import Sessions

        return Sessions(self.people, self.known_sessions, self.browsers)

    @cached_property
    def openid_logins(self) -> OpenIdLogins:
        from starbid.services.openid_logins import OpenIdLogins

        told = self.settings.openid_client
        return OpenIdLogins(
            self.openid_issuer, issuer=told.issuer, client_id=told.client_id, base_url=self.settings.base_url
        )
