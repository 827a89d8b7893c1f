"""Paths to handlers. Own, because powertools' resolver keeps the current request in a class attribute: two requests at
the same time in one process, as in the local run, would see each other's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from web.kernel.exceptions import MethodNotAllowed, NoSuchPage
from web.kernel.http import Request, Response

Handler = Callable[..., Response]
Gate = Callable[[Request], object]
"""Raises for those who are not let through."""
H = TypeVar("H", bound=Handler)
_VARIABLE = re.compile(r"<(\w+)>")
_SHAPES = {
    "auction_id": "[a-z0-9]{1,20}",
    "picture_id": "[a-z0-9]{1,40}",
    "public_id": "[a-z2-7]{13}",
    "order_id": "[0-9a-f]{1,32}",
    "bill_id": "[0-9a-f]{32}",
    "payout_id": "[a-z0-9]{1,20}",
    "token_id": "[0-9a-f]{1,64}",
    "person_id": "[1-9][0-9]{0,15}",
    "payment_id": "[!-.0-~]{1,200}",
    "difference_id": "[!-.0-~]{1,260}",
    "letter_id": "[0-9a-zA-Z-]{1,80}",
    "ticket_id": "[a-z0-9]{1,20}",
    "question_id": "[0-9a-z]{17}",
    "view_id": "[0-9a-f]{16}",
    "search_id": "[0-9a-f]{16}",
    "broadcast_id": "[a-z0-9]{1,32}",
    "export_id": "[a-z0-9]{1,32}",
    "path": ".+",
}
"""What a variable of this name may look like; anything else of a path is another page, which is not there."""


@dataclass(frozen=True)
class Route:
    """`csrf` False: the handler guards itself. `about`: what a feature tells of its route, for itself.

    `page`: the address of what people look at instead, where the address is no page and the nearest above it is not
    what is meant; `way_in`: a page to log in at. `again` shows a form that was refused before its handler ran (an old
    token, too large) once more, with what was typed: it takes the request, the error and the variables.
    """

    method: str
    path: str
    handler: Handler
    csrf: bool
    pattern: re.Pattern[str]
    about: object = None
    page: str = ""
    way_in: bool = False
    again: Handler | None = None


class Router:
    """A collection of routes; `include` takes in another's."""

    def __init__(self) -> None:
        self.routes: list[Route] = []
        self._fixed: dict[str, list[Route]] = {}
        self._open: dict[str, list[Route]] = {}
        """Those with variables, by the first part of their path, which none has a variable for."""
        self._gates: list[tuple[str, Gate]] = []

    def get(self, path: str, *, about: object = None, page: str = "", way_in: bool = False) -> Callable[[H], H]:
        return self.route("GET", path, about=about, page=page, way_in=way_in)

    def post(
        self, path: str, *, csrf: bool = True, about: object = None, page: str = "", again: Handler | None = None
    ) -> Callable[[H], H]:
        return self.route("POST", path, csrf=csrf, about=about, page=page, again=again)

    def delete(self, path: str, *, about: object = None) -> Callable[[H], H]:
        return self.route("DELETE", path, about=about)

    def route(self, method: str, path: str, *, csrf: bool = True, **more: Any) -> Callable[[H], H]:
        """`more`: the other fields of a Route."""

        def register(handler: H) -> H:
            self._add(Route(method, path, handler, csrf, _pattern(path), **more))
            return handler

        return register

    def gate(self, path: str, gate: Gate) -> None:
        """A path, and all below it, that is not there in any way for those whose request `gate` raises for: neither its
        methods are told, nor a better address.
        """
        self._gates.append((path, gate))

    def admit(self, request: Request) -> None:
        """Raises what the gate of the request's path does."""
        for path, gate in self._gates:
            if request.path == path or request.path.startswith(f"{path}/"):
                gate(request)

    def include(self, other: Router, prefix: str = "") -> None:
        for route in other.routes:
            path = prefix + route.path
            self._add(replace(route, path=path, pattern=_pattern(path)))
        self._gates += [(prefix + path, gate) for path, gate in other._gates]

    def find(self, request: Request) -> tuple[Route, dict[str, str]]:
        """The route of a request and the variables of its path. Raises NoSuchPage, MethodNotAllowed."""
        method = "GET" if request.method == "HEAD" else request.method
        found = self._matches(request.path)
        if not found:
            raise NoSuchPage
        for route, variables in found:
            if route.method == method:
                return route, variables
        raise MethodNotAllowed(self.allowed(request.path))

    def methods(self, path: str) -> frozenset[str]:
        """What a path has handlers for; nothing where it is not there."""
        return frozenset(route.method for route, _ in self._matches(path))

    def allowed(self, path: str) -> tuple[str, ...]:
        """The methods that a path takes. Raises NoSuchPage."""
        known = self.methods(path)
        if not known:
            raise NoSuchPage
        return tuple(sorted(known | {"OPTIONS"} | ({"HEAD"} if "GET" in known else set())))

    def page_at(self, path: str, method: str = "GET") -> str | None:
        """The page that people find an address on: the one that its route for the method names, itself for a GET, or
        else the nearest above it. None for an address that is not there.
        """
        found = self._matches(path)
        if not found:
            return None
        route, variables = next(((route, named) for route, named in found if route.method == method), found[0])
        if route.page:
            return _VARIABLE.sub(lambda variable: variables[variable[1]], route.page)
        return path if "GET" in self.methods(path) else self._above(path)

    def is_way_in(self, path: str) -> bool:
        """Whether it is a page to log in at."""
        return any(route.way_in for route, _ in self._matches(path))

    def _above(self, path: str) -> str | None:
        while path != "/":
            path = path.rpartition("/")[0] or "/"
            page = self.page_at(path)
            if page:
                return page
        return None

    def _add(self, route: Route) -> None:
        self.routes.append(route)
        if _VARIABLE.search(route.path):
            first = _first(route.path)
            assert "<" not in first, route.path
            self._open.setdefault(first, []).append(route)
        else:
            self._fixed.setdefault(route.path, []).append(route)

    def _matches(self, path: str) -> list[tuple[Route, dict[str, str]]]:
        fixed = [(route, dict[str, str]()) for route in self._fixed.get(path, ())]
        if fixed:
            return fixed
        matches = ((route, route.pattern.fullmatch(path)) for route in self._open.get(_first(path), ()))
        return [(route, match.groupdict()) for route, match in matches if match]


def _first(path: str) -> str:
    return path.split("/", 2)[1] if "/" in path else ""


def variables_of(path: str) -> dict[str, str]:
    """The variables of a route's path, and the pattern of each."""
    return {name: _SHAPES.get(name, "[^/]+") for name in _VARIABLE.findall(path)}


def _pattern(path: str) -> re.Pattern[str]:
    shapes = variables_of(path)
    pieces = [
        f"(?P<{part}>{shapes[part]})" if number % 2 else re.escape(part)
        for number, part in enumerate(_VARIABLE.split(path))
    ]
    return re.compile("".join(pieces))
