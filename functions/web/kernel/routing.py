"""Paths to handlers. Own, because powertools' resolver keeps the current request in a class attribute: two requests at
the same time in one process, as in the local run, would see each other's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from web.kernel.exceptions import MethodNotAllowed, NoSuchPage
from web.kernel.http import Request, Response

Handler = Callable[..., Response]
H = TypeVar("H", bound=Handler)
_VARIABLE = re.compile(r"<(\w+)>")
_SHAPES = {
    "auction_id": "[a-z0-9]{1,20}",
    "picture_id": "[a-z0-9]{1,40}",
    "public_id": "[a-z2-7]{13}",
    "order_id": "[0-9a-f]{1,32}",
    "token_id": "[0-9a-f]{1,64}",
    "path": ".+",
}
"""What a variable of this name may look like; anything else of a path is another page, which is not there."""


@dataclass(frozen=True)
class Route:
    """`csrf` False: the handler guards itself. `about`: what a feature tells of its route, for itself."""

    method: str
    path: str
    handler: Handler
    csrf: bool
    pattern: re.Pattern[str]
    about: object = None


class Router:
    """A collection of routes; `include` takes in another's."""

    def __init__(self) -> None:
        self.routes: list[Route] = []
        self._fixed: dict[str, list[Route]] = {}
        self._open: dict[str, list[Route]] = {}
        """Those with variables, by the first part of their path, which none has a variable for."""

    def get(self, path: str, *, about: object = None) -> Callable[[H], H]:
        return self.route("GET", path, about=about)

    def post(self, path: str, *, csrf: bool = True, about: object = None) -> Callable[[H], H]:
        return self.route("POST", path, csrf=csrf, about=about)

    def delete(self, path: str, *, about: object = None) -> Callable[[H], H]:
        return self.route("DELETE", path, about=about)

    def route(self, method: str, path: str, *, csrf: bool = True, about: object = None) -> Callable[[H], H]:
        def register(handler: H) -> H:
            self._add(Route(method, path, handler, csrf, _pattern(path), about))
            return handler

        return register

    def include(self, other: Router, prefix: str = "") -> None:
        for route in other.routes:
            path = prefix + route.path
            self._add(replace(route, path=path, pattern=_pattern(path)))

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

    def allowed(self, path: str) -> tuple[str, ...]:
        """The methods that a path takes. Raises NoSuchPage."""
        found = self._matches(path)
        if not found:
            raise NoSuchPage
        return _allowed([route.method for route, _ in found])

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


def _allowed(methods: list[str]) -> tuple[str, ...]:
    known = set(methods)
    return tuple(sorted(known | {"OPTIONS"} | ({"HEAD"} if "GET" in known else set())))
