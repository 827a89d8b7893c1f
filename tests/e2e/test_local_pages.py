"""The pages of the local run's stand-ins: html-validate and axe have nothing to say."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug import Response
from werkzeug.test import Client

from local.openai.app import LocalModel
from local.server import Server
from local.site import MODEL, Site
from tests.e2e.test_pages_are_well_made import ASK, AXE
from tests.support.browser import another_document
from tests.support.fake_clock import FakeClock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js, as the front-end files do"),
]


@pytest.fixture
def model() -> Iterator[str]:
    """Where the page of the language model is."""
    server = Server(0, tell=False)
    site = Site(Response(status=404), FakeClock(), {MODEL: LocalModel(site_url=server.url).wsgi})  # type: ignore[arg-type]
    server.serve(site)
    yield f"{server.url}{MODEL}/"
    server.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_model_is_told_to_misbehave(browser: Any, model: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    context.add_init_script(path=AXE)
    page = context.new_page()
    page.goto(model)
    assert page.evaluate(ASK, []) == []
    page.get_by_label("It falls silent in the middle for a minute").check()
    page.get_by_label("Until it is changed here").check()
    page.get_by_label("Milliseconds between two words").fill("250")
    with another_document(page):
        page.get_by_role("button", name="Behave so").click()
    page.get_by_text("Every answer: It falls silent in the middle for a minute.").wait_for()
    assert page.evaluate(ASK, []) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390, "nothing is wider than the phone"
    context.close()


def test_html_validate_finds_nothing() -> None:
    pages = Client(LocalModel(site_url="http://127.0.0.1:8000").wsgi)
    seen = {"first": pages.get("/").text, "refused": pages.post("/", data={"what": "dance"}).text}
    program = Path(__file__).with_name("well_made.mjs")
    ran = subprocess.run(["node", program], input=json.dumps(seen), capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == {}
