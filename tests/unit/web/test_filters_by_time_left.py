"""A list of the chat that shows what ends soon is the same list on the site."""

import pytest

from starbid.i18n import language
from tests.support.factories import put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client
from web.browse.home_view import search_form

CURRENCIES = ("XTR",)


@pytest.fixture(scope="module")
def app() -> FakeApp:
    app = make_app()
    for title, seconds in {"A quick lamp": 3600, "A lamp of today": 80_000, "A slow lamp": 200_000}.items():
        put_up(app, title=title, duration_seconds=seconds)
    app.store.project(app.now())
    return app


@pytest.mark.parametrize(
    ("within", "titles"),
    [
        ("1", {"A quick lamp"}),
        ("24", {"A quick lamp", "A lamp of today"}),
        *((value, {"A quick lamp", "A lamp of today", "A slow lamp"}) for value in ("", "2", "-1", "1e3", "x")),
    ],
)
@pytest.mark.parametrize("sort", ["ending", "newest"])
def test_what_ends_within_the_hours_is_shown(app: FakeApp, within: str, titles: set[str], sort: str) -> None:
    page = Client(app).get("/", within=within, sort=sort).text
    assert {title for title in ("A quick lamp", "A lamp of today", "A slow lamp") if f">{title}<" in page} == titles


@pytest.mark.parametrize(("code", "shown"), [("en", "Ends within an hour"), ("ru", "Закончатся в течение часа")])
def test_it_is_shown_among_the_filters_and_can_be_taken_away(code: str, shown: str) -> None:
    form = search_form({"q": "lamp", "within": "1"}, CURRENCIES, language(code))
    (chip,) = [chip for chip in form.chips if chip.label == shown]
    assert (chip.removes, chip.url) == (True, "/?q=lamp")
    (select,) = [select for select in form.selects if select.name == "within"]
    assert [option.value for option in select.options if option.chosen] == ["1"]
    assert form.unfolded
