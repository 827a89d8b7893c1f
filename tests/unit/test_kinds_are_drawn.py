"""A new kind of auction fails here until every surface has something to draw for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from starbid.domain.audit_price import RULES
from starbid.domain.kinds import KINDS
from starbid.i18n import language
from starbid.telegram.kind_words import KIND_WORDS
from web.lot.price_box.kind_box import KIND_BOXES
from web.sell.form_view import sell_form
from web.shared.rendering import render

WEB = Path("functions/web")


def form(kind: str) -> str:
    words = language("en")
    fields = render("sell/terms.html", words, form=sell_form({"type": kind}, words))
    return render("sell/kinds.html", words, form=sell_form({"type": kind}, words)) + fields


@pytest.mark.parametrize("drawn", [KIND_BOXES, KIND_WORDS, RULES])
def test_each_registry_has_every_kind_and_no_other(drawn: dict[str, object]) -> None:
    assert drawn.keys() == KINDS.keys()


def test_the_checks_in_the_browser_know_every_kind() -> None:
    script = (WEB / "static/verify/kinds.mjs").read_text()
    known = re.search(r"KINDS = new Map\(Object\.entries\({ (.*) }\)\)", script)
    assert known
    assert set(known[1].split(", ")) == KINDS.keys()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_form_has_every_field_of_a_kind_in_a_group_that_is_its_own(kind: str) -> None:
    shown = form(kind)
    chosen = re.search(rf'value="{kind}" checked data-has="([^"]*)"', shown)
    assert chosen
    groups = re.split(r'<div class="kind-fields" data-of="(\w+)">', shown)
    for name, part in zip(groups[1::2], groups[2::2], strict=True):
        drawn = set(re.findall(r'name="(\w+)"', part)) - {"starts_at", "starts_zone"}
        assert name in drawn
        assert drawn <= set(KINDS[kind].fields) or drawn.isdisjoint(KINDS[kind].fields)
        assert (name in chosen[1].split()) is (drawn <= set(KINDS[kind].fields))
    everything = set(re.findall(r'name="(\w+)"', shown))
    assert set(KINDS[kind].fields) <= everything


def test_the_style_sheet_hides_each_group_from_kinds_without_it() -> None:
    templates = "".join(path.read_text() for path in (WEB / "templates").glob("s*/*.html"))
    groups = set(re.findall(r'data-of="(\w+)"', templates)) | {"rises", "falls"}
    style = (WEB / "static/forms.css").read_text()
    assert groups == set(re.findall(r'\[data-of="(\w+)"\]', style))
    assert groups == set(re.findall(r'not\(\[data-has~="(\w+)"\]\)', style))


REGISTRIES = ("telegram/kind_words.py", "web/lot/price_box/kind_box.py", "web/static/verify/kinds.mjs")


@pytest.mark.parametrize("said", [*(f'"{kind}"' for kind in KINDS), "drop_amount is", "terms.drop_", "kinds.sealed"])
def test_no_surface_knows_a_kind_but_by_its_registry(said: str) -> None:
    """Storage may keep names in rows, and the domain has the kinds themselves."""
    roots = (Path("functions"), *(Path("layers/common/starbid", part) for part in ("services", "telegram")))
    sources = [path for root in roots for end in ("py", "html", "css", "js", "mjs") for path in root.rglob(f"*.{end}")]
    sources.append(Path("layers/common/starbid/wording.py"))
    assert len(sources) > 150
    assert [str(path) for path in sources if not str(path).endswith(REGISTRIES) and said in path.read_text()] == []
