"""The one who sent a request, read as far as somebody asks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from web.errors import CsrfFailed, LoginRequired, Unauthenticated
from web.identity.session import (
    GUEST_COOKIE,
    SESSION_COOKIE,
    Session,
    csrf_fits,
    csrf_token,
    guest_cookie,
    new_nonce,
    read_guest,
    read_session,
)
from web.identity.tokens import user_of

if TYPE_CHECKING:
    from web.http import Request


class Visitor:
    """Who is asking: somebody with a session, the owner of an API token, or a guest.

    `user_id` costs no read. `person` is None for guests, and for a session whose person is not registered.
    """

    def __init__(self, request: Request, session: Session | None, token_owner: int | None = None) -> None:
        self._request, self.session, self._token_owner = request, session, token_owner

    @property
    def by_token(self) -> bool:
        """Authenticated by an API token: no CSRF token is needed."""
        return self._token_owner is not None

    @property
    def user_id(self) -> int | None:
        return self.session.user_id if self.session else self._token_owner

    @cached_property
    def person(self) -> Person | None:
        if self.user_id is None:
            return None
        return self._request.app.store.person(self.user_id) if self._request.is_api else self.account[0]

    @cached_property
    def account(self) -> tuple[Person | None, Wallet | None]:
        """The person and their wallet of Stars, in one read: a page shows both.

        The wallet is as it will be for whatever they do: a debt is settled first from what is available.
        """
        if self.user_id is None:
            return None, None
        people, wallet = self._request.app.store.people_and_wallet([self.user_id], self.user_id)
        return people.get(self.user_id), wallet.settled()

    def is_known_as(self, person: Person | None, wallet: Wallet) -> None:
        """Takes over what was read along with something else."""
        self.__dict__["account"] = person, wallet.settled()

    def require_user(self) -> int:
        """The user id; raises LoginRequired (in the API: Unauthenticated)."""
        if self.user_id is None:
            raise Unauthenticated if self._request.is_api else LoginRequired
        return self.user_id

    def require_person(self) -> Person:
        """The registered person; raises as `require_user` does."""
        self.require_user()
        if self.person is None:
            raise Unauthenticated if self._request.is_api else LoginRequired
        return self.person

    @cached_property
    def csrf_token(self) -> str:
        """For `<meta name="csrf-token">` and the hidden field `csrf_token`; a guest gets a cookie along with it."""
        return csrf_token(self._nonce or self._new_nonce, self._secret)

    def require_csrf(self, token: str | None) -> None:
        """Raises CsrfFailed unless `token` is the one of this session (or guest)."""
        if not csrf_fits(token, self._nonce, self._secret):
            raise CsrfFailed

    @property
    def new_cookies(self) -> tuple[str, ...]:
        """Set-Cookie values that the answer has to carry."""
        if "csrf_token" not in self.__dict__ or self._nonce:
            return ()
        return (guest_cookie(self._new_nonce, self._request.app.settings),)

    @cached_property
    def _nonce(self) -> str | None:
        if self.session:
            return self.session.nonce
        return read_guest(self._request.cookies.get(GUEST_COOKIE), self._secret)

    @cached_property
    def _new_nonce(self) -> str:
        return new_nonce()

    @property
    def _secret(self) -> str:
        return self._request.app.settings.secret_key


def recognise(request: Request) -> Visitor:
    """In the API a present `Authorization` alone decides; elsewhere, and without one, the session cookie.

    Raises Unauthenticated for an `Authorization` that is no token of ours.
    """
    authorization = request.headers.get("authorization")
    if request.is_api and authorization is not None:
        owner = user_of(request.app.store, authorization)
        if owner is None:
            raise Unauthenticated
        return Visitor(request, None, owner)
    cookie = request.cookies.get(SESSION_COOKIE)
    return Visitor(request, read_session(cookie, request.app.settings.secret_key, request.now))
