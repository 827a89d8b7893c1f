"""What is wrong with a request before it reaches a use case. How people are told stands in web.shared.refusals."""

from __future__ import annotations

from typing import ClassVar

from starbid.domain.errors import StarbidError


class WebError(StarbidError):
    """A request that does not get as far as a use case. `status` is its HTTP status."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400


class Malformed(WebError):
    """The body or query cannot be read; `what` says what was expected."""

    code = "malformed"

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    @property
    def details(self) -> dict[str, object]:
        return {"expected": self.what}


class Unauthenticated(WebError):
    """Nobody, or an unknown token, where somebody is needed."""

    code = "unauthenticated"
    status = 401


class LoginRequired(Unauthenticated):
    """A page that needs somebody who is logged in."""


class CsrfFailed(WebError):
    """The token of our pages is missing or not of this session; `no_cookie`: there was nothing to check it by."""

    code = "csrf"
    status = 403

    def __init__(self, *, no_cookie: bool = False) -> None:
        self.no_cookie = no_cookie


class LoginRefused(WebError):
    """A login that does not hold. `reason` is one of `fields`, `hash`, `stale`, `used`, `foreign`."""

    code = "login_refused"
    status = 403

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def details(self) -> dict[str, object]:
        return {"reason": self.reason}


class OtherAccount(WebError):
    """A login as `new` while `current` is logged in (names): the sender confirms it first."""

    code = "other_account"
    status = 409

    def __init__(self, current: str, new: str) -> None:
        super().__init__("somebody else is logged in")
        self.current, self.new = current, new

    @property
    def details(self) -> dict[str, object]:
        return {"current": self.current, "new": self.new}


class SessionRequired(WebError):
    """What a program may not do with its token: the person does it, logged in on the site."""

    code = "session_required"
    status = 403


class NoSuchPage(WebError):
    code = "not_found"
    status = 404


class MethodNotAllowed(WebError):
    """`allowed` are the methods that the path knows."""

    code = "method_not_allowed"
    status = 405

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__(", ".join(allowed))
        self.allowed = allowed


class TooLarge(WebError):
    """`most` is the limit in bytes."""

    code = "too_large"
    status = 413

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most} bytes")
        self.most = most

    @property
    def details(self) -> dict[str, object]:
        return {"most_bytes": self.most}


class WrongMediaType(WebError):
    """`expected` is what the body should have been."""

    code = "unsupported_media_type"
    status = 415

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected

    @property
    def details(self) -> dict[str, object]:
        return {"expected": self.expected}


class Busy(WebError):
    """The store or Telegram did not answer in time; the same request may be sent again."""

    code = "unavailable"
    status = 503


class Internal(WebError):
    """A fault of ours. It tells nothing of its cause."""

    code = "internal"
    status = 500
