"""What a browser sends of a form as it stands in a page: chosen options, or the first; nothing that is disabled."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    def __init__(self, mark: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._mark, self._inside = mark, False
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "form":
            self._inside = self._mark in facts
        name = facts.get("name")
        if tag == "option" and self._select:
            self._select[1].append((facts.get("value") or "", "selected" in facts))
        if not self._inside or not name or "disabled" in facts:
            return
        if tag == "input" and facts.get("type") not in ("file", "submit"):
            if facts.get("type") not in ("radio", "checkbox") or "checked" in facts:
                self._add(name, facts.get("value") or "")
        elif tag == "select":
            self._select = (name, [])
        elif tag == "textarea":
            self._area = (name, [])

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select" and self._select:
            name, options = self._select
            chosen = [value for value, is_selected in options if is_selected] or [value for value, _ in options[:1]]
            for value in chosen[-1:]:
                self._add(name, value)
            self._select = None
        elif tag == "textarea" and self._area:
            name, parts = self._area
            self._add(name, "".join(parts).removeprefix("\n"))
            self._area = None

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


def sent_by_browser(page: str, mark: str) -> dict[str, Any]:
    """The fields of the form that carries the attribute `mark`, without its CSRF token, for `Client.post_form`."""
    form = _Form(mark)
    form.feed(page)
    assert form.fields, page
    fields = {name: values if len(values) > 1 else values[0] for name, values in form.fields.items()}
    fields.pop("csrf_token", None)
    return fields
