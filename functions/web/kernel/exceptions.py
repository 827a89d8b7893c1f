"""What is wrong with a request before it reaches a use case. How people are told stands in web.shared.refusals."""

from __future__ import annotations

from typing import Any, ClassVar

from starbid.domain.errors import StarbidError


class WebError(StarbidError):
    """A request that does not get as far as a use case. `status` is its HTTP status."""

    status: ClassVar[int] = 400

    def __init_subclass__(cls, *, status: int = 0, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        cls.status = status or cls.status


class Malformed(WebError, code="malformed"):
    """The body or query cannot be read; `what` says what was expected."""

    def __init__(self, what: str) -> None:
        super().__init__(what, expected=what)
        self.what = what


class Unauthenticated(WebError, code="unauthenticated", status=401):
    """Nobody, or an unknown token, where somebody is needed."""


class LoginRequired(Unauthenticated):
    """A page that needs somebody who is logged in. `back`: where they go on to, if not to the page of the request."""

    def __init__(self, back: str = "") -> None:
        super().__init__()
        self.back = back


class CsrfFailed(WebError, code="csrf", status=403):
    """The token of our pages is missing or not of this session. `no_cookie`: there was nothing to check it by; `kept`:
    what was typed is shown beside this refusal.
    """

    def __init__(self, *, no_cookie: bool = False, kept: bool = False) -> None:
        super().__init__()
        self.no_cookie, self.kept = no_cookie, kept


class LoginRefused(WebError, code="login_refused", status=403):
    """A login that does not hold. `reason` is one of `fields`, `hash`, `stale`, `used`, `foreign`, and of the
    way by OpenID Connect `browser`, `declined`, `issuer`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason, reason=reason)
        self.reason = reason


class LoginSilent(WebError, code="login_unavailable", status=503):
    """Telegram's login does not answer, or not as it should: there are other ways in."""


class OtherAccount(WebError, code="other_account", status=409):
    """A login as `new` while `current` is logged in (names): the sender confirms it first."""

    def __init__(self, current: str, new: str) -> None:
        super().__init__("somebody else is logged in", current=current, new=new)
        self.current, self.new = current, new


class SessionRequired(WebError, code="session_required", status=403):
    """What a program may not do with its token: the person does it, logged in on the site."""


class NoSuchPage(WebError, code="not_found", status=404): ...


class MethodNotAllowed(WebError, code="method_not_allowed", status=405):
    """`allowed` are the methods that the path knows."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        super().__init__(", ".join(allowed))
        self.allowed = allowed


class TooLarge(WebError, code="too_large", status=413):
    """`most` is the limit in bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most} bytes", most_bytes=most)
        self.most = most


class WrongMediaType(WebError, code="unsupported_media_type", status=415):
    """`expected` is what the body should have been."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected, expected=expected)
        self.expected = expected


class Busy(WebError, code="unavailable", status=503):
    """The store or Telegram did not answer in time; the same request may be sent again."""


class Internal(WebError, code="internal", status=500):
    """A fault of ours. It tells nothing of its cause."""
