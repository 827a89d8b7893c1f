"""Whether an answer of the API is what its OpenAPI document says."""

from __future__ import annotations

from typing import Any

from web.api import openapi, routes

_KINDS = {"string": str, "integer": int, "boolean": bool, "null": type(None), "object": dict}


def assert_fits(value: Any, schema: dict[str, Any], where: str) -> None:
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if types == ["array"]:
        assert value, f"{where} is empty, so it proves nothing"
        assert_fits(value[0], schema["items"], f"{where}[]")
        return
    assert type(value) in {_KINDS[kind] for kind in types}, where
    assert "enum" not in schema or value in schema["enum"], where
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) == set(schema["properties"]), where
        for name, inner in schema["properties"].items():
            assert_fits(value[name], inner, f"{where}.{name}")


def assert_documented(method: str, path: str, status: int, code: str) -> None:
    """That the document names this refusal of the route (`path` as in the document)."""
    answers = openapi.document(routes.routes, "")["paths"][path][method]["responses"]
    assert f"`{code}`" in answers[str(status)]["description"], (path, status, code)
