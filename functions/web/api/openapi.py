"""The API's own description, OpenAPI 3.1, made of what its routes tell of themselves."""

from __future__ import annotations

from collections.abc import Iterable

from web.api.about import ANYBODY, About
from web.api.components import components
from web.api.repeats import HEADER, LONGEST_KEY
from web.api.schemas import Schema, text
from web.kernel.caching import with_etag
from web.kernel.http import Request, Response, to_json
from web.kernel.routing import Route, Router, variables_of


def add_document(router: Router) -> None:
    """Adds the route of the document, which tells of all of `router`, that route among them."""

    @router.get("/openapi.json", about=About("This document", security=ANYBODY))
    def openapi(request: Request) -> Response:
        return with_etag(request, to_json(document(router.routes, request.app.settings.base_url)))


def document(routes: Iterable[Route], base_url: str) -> Schema:
    paths: dict[str, Schema] = {}
    for route in routes:
        path = route.path.replace("<", "{").replace(">", "}")
        paths.setdefault(path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Starbid",
            "version": "1",
            "description": (
                "Amounts are whole numbers in minor units of the currency (Stars, XTR, have none); "
                "times are ISO 8601 in UTC."
            ),
        },
        "servers": [{"url": f"{base_url}/api/v1"}],
        "paths": paths,
        "components": {"schemas": components(), "securitySchemes": _SECURITY_SCHEMES},
    }


_SECURITY_SCHEMES: Schema = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token from /settings or POST /tokens. It makes no others.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "starbid_session",
        "description": "The session of the site; whatever changes something needs the header X-CSRF-Token beside it.",
    },
}


def _operation(route: Route) -> Schema:
    about = route.about
    assert isinstance(about, About), route.path
    told = {
        "summary": about.summary,
        "parameters": [
            *(_parameter(name, text(pattern=f"^{shape}$"), "path") for name, shape in variables_of(route.path).items()),
            *(_parameter(name, schema, "query") for name, schema in about.query.items()),
            *([_KEY] if route.method == "POST" else []),
        ],
        "security": list(about.security),
        "responses": {
            str(about.status): _answer(about),
            **{str(status): {**_answer(about), "description": why} for status, why in about.also.items()},
            **{str(status): {**_ERROR, "description": why} for status, why in sorted(about.refused.items())},
            "default": _ERROR,
        },
    }
    if about.body:
        told["requestBody"] = {"required": not about.may_be_empty, "content": _json(_named(about.body))}
    return told


def _answer(about: About) -> Schema:
    if about.status == 204:
        return {"description": "Deleted"}
    return {"description": "Done", "content": _json(_named(about.answer) if about.answer else {"type": "object"})}


def _json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}


def _named(schema: str) -> Schema:
    return {"$ref": f"#/components/schemas/{schema}"}


def _parameter(name: str, schema: Schema, where: str) -> Schema:
    return {"name": name, "in": where, "required": where == "path", "schema": schema}


_KEY = _parameter(HEADER, text(minLength=1, maxLength=LONGEST_KEY), "header")
"""Every POST is answered once per key."""
_ERROR = {"description": "Refused", "content": _json(_named("Error"))}
