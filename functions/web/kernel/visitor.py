"""The one who sent a request, read as far as somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from starbid.domain.money import DEFAULT_CURRENCY
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from web.kernel.exceptions import CsrfFailed, LoginRequired, Unauthenticated
from web.kernel.session import Session, csrf_fits, csrf_token, guest_cookie, masked, new_nonce

if TYPE_CHECKING:
    from starbid.bootstrap import App


class Visitor:
    """Who is asking: somebody with a session, the owner of an API token, or a guest.

    A session that its person ended, and one of nobody, is none: a browser with its cookie is a guest. That is looked up
    with the person, whom a page reads anyway; what changes something reads them consistently. `claimed` is what the
    cookie says, looked up or not.
    """

    def __init__(
        self,
        app: App,
        claimed: Session | None,
        *,
        guest_nonce: str | None = None,
        token_owner: int | None = None,
        in_api: bool = False,
        only_reads: bool = True,
    ) -> None:
        """`guest_nonce`: from the cookie of somebody without a session; `only_reads`: the request changes nothing."""
        self.claimed, self._token_owner = claimed, token_owner
        self._app, self._in_api, self._only_reads = app, in_api, only_reads
        self._nonce = claimed.lineage if claimed else guest_nonce
        self._is_presumed = False

    @property
    def by_token(self) -> bool:
        """Authenticated by an API token: no CSRF token is needed."""
        return self._token_owner is not None

    @property
    def claimed_id(self) -> int | None:
        """Who it will be if the session holds: for reading something along with the person (`is_known_as`), and for
        nothing else.
        """
        return self.claimed.user_id if self.claimed else self._token_owner

    @cached_property
    def session(self) -> Session | None:
        """The session, unless it is over."""
        claimed = self.claimed
        holder = self._holder if claimed else None
        return None if claimed is None or holder is None or claimed.is_over(holder.ended_sessions) else claimed

    @property
    def user_id(self) -> int | None:
        """None for guests."""
        return self._token_owner if self.by_token or self.session is None else self.session.user_id

    @property
    def person(self) -> Person | None:
        """None for guests."""
        if self.user_id is None:
            return None
        return self._holder if self._in_api else self.account[0]

    @property
    def account(self) -> tuple[Person | None, Wallet | None]:
        """The person and their wallet of Stars, in one read: a page shows both. None for guests.

        The wallet is as it will be for whatever they do: a debt is settled first from what is available.
        """
        return self._found if self.user_id is not None else (None, None)

    @cached_property
    def _found(self) -> tuple[Person | None, Wallet]:
        """Whom the cookie names."""
        assert self.claimed_id is not None
        batch = self._app.store.batch()
        person, wallet = batch.person(self.claimed_id), batch.wallet(self.claimed_id, DEFAULT_CURRENCY)
        batch.fetch()
        return self._as_found(person.value, wallet.value)

    @cached_property
    def _holder(self) -> Person | None:
        """Whom the cookie names, or the owner of the token."""
        user_id, store = self.claimed_id, self._app.store
        assert user_id is not None
        if not self._only_reads:
            return store.person(user_id, consistent=True)
        if self._in_api:
            return store.person(user_id) or store.person(user_id, consistent=True)
        return self._found[0]

    @property
    def is_read(self) -> bool:
        """False until somebody has asked for the person and the wallet."""
        return "_found" in self.__dict__

    def is_known_as(self, person: Person | None, wallet: Wallet | None) -> None:
        """Takes over the person and the wallet of Stars, read by `claimed_id` along with something else."""
        self.__dict__["_found"] = self._as_found(person, wallet)

    def _as_found(self, person: Person | None, wallet: Wallet | None) -> tuple[Person | None, Wallet]:
        """One who was not found is looked for again: they may have registered a moment ago."""
        user_id = self.claimed_id
        assert user_id is not None
        person = person or self._app.store.person(user_id, consistent=True)
        return person, (wallet or Wallet.empty(user_id, DEFAULT_CURRENCY)).after_offset()

    def require_user(self) -> int:
        """The user id; raises LoginRequired (in the API: Unauthenticated)."""
        if self.user_id is None:
            raise Unauthenticated if self._in_api else LoginRequired
        return self.user_id

    def presume(self) -> tuple[int, Callable[[Person | None], None] | None]:
        """The user id before it is known whether the session holds, and who then has to be told of the person: read
        consistently, along with something else, before anything is decided. None where it is known already.

        Raises as `require_user` does, and so does what is told.
        """
        if self.claimed is None or "_holder" in self.__dict__:
            return self.require_user(), None
        self._is_presumed = True
        return self.claimed.user_id, self._admit

    def _admit(self, person: Person | None) -> None:
        self.__dict__["_holder"] = person
        self.require_user()

    def require_presumed(self) -> None:
        """Raises as `require_user` does where somebody was only presumed, and is nobody: that is told before anything
        else that is wrong with the request.
        """
        if self._is_presumed:
            self.require_user()

    def require_claim(self) -> None:
        """Raises as `require_user` does where no cookie or token names anybody; reads nothing."""
        if self.claimed_id is None:
            self.require_user()

    def require_person(self) -> Person:
        """The registered person; raises as `require_user` does."""
        self.require_user()
        if self.person is None:
            raise Unauthenticated if self._in_api else LoginRequired
        return self.person

    @cached_property
    def csrf_token(self) -> str:
        """What proves that a page of this visitor sent a form; a guest gets a cookie along with it.

        It goes with the cookie, whether its session is over or not: an error page must not have to read anything.
        """
        return csrf_token(self._nonce or self._new_nonce, self._secret)

    @cached_property
    def form_token(self) -> str:
        """The token as a page shows it: in `<meta name="csrf-token">` and the hidden field `csrf_token`."""
        return masked(self.csrf_token)

    def require_csrf(self, token: str | None) -> None:
        """Raises CsrfFailed unless `token` is the one of this session (or guest)."""
        if not csrf_fits(token, self._nonce, self._secret):
            raise CsrfFailed(no_cookie=self._nonce is None)

    @property
    def new_cookies(self) -> tuple[str, ...]:
        """Set-Cookie values that the answer has to carry."""
        if "csrf_token" not in self.__dict__ or self._nonce:
            return ()
        return (guest_cookie(self._new_nonce, self._app.settings),)

    @cached_property
    def _new_nonce(self) -> str:
        return new_nonce()

    @property
    def _secret(self) -> str:
        return self._app.settings.secret_key
