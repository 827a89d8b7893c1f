"""API tokens: a person has so many at most, however many are asked for at once."""

from __future__ import annotations

import hmac

from starbid.domain.errors import Blocked, NotFound, TooManyTokens
from starbid.services.idempotency import MakeRecord, require_unknown
from starbid.services.ports import ApiToken, ConditionFailed, Store
from starbid.services.retrying import Stale, committed, with_retries

MOST_TOKENS = 20


class Tokens:
    """Made and deleted together with the person's count of them, which decides about the limit."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, user_id: int) -> list[ApiToken]:
        """Oldest first."""
        return self._store.tokens_of(user_id)

    def keep(self, token: ApiToken, make_record: MakeRecord[ApiToken] | None = None) -> None:
        """Keep a new token. Raises Blocked, TooManyTokens, Conflict."""

        def attempt(_: int) -> None:
            unit = self._store.unit()
            unit.add_token(token, MOST_TOKENS)
            if make_record:
                unit.record(make_record(token))
            try:
                unit.commit()
            except ConditionFailed as refused:
                require_unknown(refused)
                person = refused.current("person")
                if person and person.blocked:
                    raise Blocked from refused
                if person and person.tokens >= MOST_TOKENS:
                    raise TooManyTokens(MOST_TOKENS) from refused
                raise Stale from refused

        with_retries(attempt)

    def drop(self, user_id: int, public_id: str) -> None:
        """Delete the token of that id. Raises NotFound where the person has none such, Conflict."""

        def attempt(_: int) -> None:
            unit = self._store.unit()
            unit.drop_token(self._wanted(user_id, public_id))
            committed(unit, None)

        with_retries(attempt)

    def _wanted(self, user_id: int, public_id: str) -> ApiToken:
        for token in self._store.tokens_of(user_id):
            if hmac.compare_digest(token.public_id.encode(), public_id.encode()):
                return token
        raise NotFound
