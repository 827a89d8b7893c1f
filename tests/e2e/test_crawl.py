"""Every link is followed and every form is sent as it stands there: nothing breaks, and nothing leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
import pytest

from tests.e2e.client import Person
from tests.e2e.pages import OPERATOR
from tests.e2e.town import Town, bid

MOST_PAGES = 400
"""More than there are: who goes on for ever has found a trap."""
ENDS_THE_VISIT = {"/logout", "/settings/sessions"}
EXPLAINED = "/u/"
"""Who has never sold is told by 404 why there is no public page of theirs, and how there will be one."""


@dataclass
class Form:
    method: str
    action: str
    files: bool
    fields: dict[str, str] = field(default_factory=dict)

    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """Forms that send the same things to the same place are one."""
        return self.method, urlsplit(self.action).path, tuple(sorted(self.fields))


class Page(HTMLParser):
    """What a page leads to: links, parts that a script fetches, and forms with what stands in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.links += [told[name] for name in ("href", "hx-get") if tag != "link" and told.get(name)]
        if tag == "form":
            files = told.get("enctype") == "multipart/form-data"
            self._form = Form(told.get("method", "get").upper(), told.get("action", ""), files)
            self.forms.append(self._form)
        elif self._form and told.get("name"):
            self._field(self._form.fields, tag, told)
        elif self._form and tag == "option" and self._select and "selected" in told:
            self._form.fields[self._select] = told.get("value", "")

    def _field(self, fields: dict[str, str], tag: str, told: dict[str, str]) -> None:
        kind, name = told.get("type", "text"), told["name"]
        self._select, self._area = (name if tag == "select" else ""), (name if tag == "textarea" else "")
        if kind == "file" or (kind in ("checkbox", "radio") and "checked" not in told):
            return
        fields[name] = told.get("value", "on" if kind == "checkbox" else "")

    def handle_data(self, data: str) -> None:
        if self._form and self._area:
            self._form.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag in ("select", "textarea"):
            self._select = self._area = ""


class Crawl:
    """One visitor who looks at everything, and then sends every form."""

    def __init__(self, web: httpx.Client, url: str) -> None:
        self._web, self._url = web, url
        self.faults: list[str] = []
        self.pages: dict[str, str] = {}
        self.sent = set[tuple[str, str, tuple[str, ...]]]()

    def looks(self, *paths: str) -> None:
        """From these pages on, wherever they lead."""
        waiting, met = [(path, "the beginning") for path in paths], {self._shape(path) for path in paths}
        while waiting:
            path, above = waiting.pop(0)
            assert len(self.pages) < MOST_PAGES, "a trap"
            page = self._opens(path, above)
            for link in page.links if page else ():
                target = urljoin(self._url + path, link).partition("#")[0]
                if target.startswith(self._url + "/") and self._shape(target) not in met:
                    met.add(self._shape(target))
                    waiting.append((target.removeprefix(self._url), path))

    def _opens(self, path: str, above: str) -> Page | None:
        answer = self._web.get(path, follow_redirects=True)
        if answer.status_code >= 400 and not path.startswith(EXPLAINED):
            self.faults.append(f"{path} from {above}: {answer.status_code}")
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return None
        page = Page(answer.text)
        if "<html" in answer.text:
            self.pages[path] = answer.text
            if not page.links:
                self.faults.append(f"{path} leads nowhere")
        return page

    def sends(self) -> None:
        """Each form of the pages that were seen, once; what it answers leads on."""
        for path, html in self.pages.items():
            for form in Page(html).forms:
                target = urljoin(self._url + path, form.action)
                key = (form.method, urlsplit(target).path, tuple(sorted(form.fields)))
                if (
                    form.method == "DIALOG"
                    or key in self.sent
                    or key[1] in ENDS_THE_VISIT
                    or not target.startswith(self._url + "/")
                ):
                    continue
                self.sent.add(key)
                self._sends(form, target, path)

    def _sends(self, form: Form, target: str, path: str) -> None:
        if form.method == "GET":
            answer = self._web.get(target, params=form.fields, follow_redirects=True)
        else:
            files = {"nothing": ("", b"")} if form.files else None
            answer = self._web.post(target, data=form.fields, files=files, follow_redirects=True)
        if answer.status_code >= 500 or answer.status_code in (400, 403, 404, 405):
            self.faults.append(f"{form.method} {target} from {path}: {answer.status_code}")
        elif "<html" in answer.text and not Page(answer.text).links:
            self.faults.append(f"{form.method} {target} leads nowhere")

    def _shape(self, path: str) -> str:
        """Pages that differ only in what a filter says are one."""
        parts = urlsplit(path)
        return f"{parts.path}?{sorted(name for name, _ in parse_qsl(parts.query))}"


@pytest.fixture(scope="module")
def street(town: Town) -> Town:
    """A town with a lot of each state that its people have to do with."""
    live, sold = town.publish(buy_now_price=900), town.publish(title="A vase", duration_seconds=60)
    bid(town.anna, live, 200)
    bid(town.boris, sold, 300)
    bid(town.anna, sold, 400)
    town.anna.posts(f"/auction/{live}/watch", {})
    town.stack.advance(120)
    return town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Town(tmp_path_factory.mktemp("town"), ADMIN_IDS=str(OPERATOR))
    yield running
    running.stop()


def somebody(town: Town, who: str) -> httpx.Client:
    if who in ("newcomer", "operator"):
        person = Person(town.stack, town.bot, OPERATOR if who == "operator" else OPERATOR + 1, who.title())
        person.says("/start")
        person.logs_in()
        return person.web
    return town.visitor() if who == "visitor" else getattr(town, who).web


@pytest.mark.parametrize("who", ["visitor", "newcomer", "anna", "seller", "operator"])
def test_whatever_one_presses_something_is_there(street: Town, who: str) -> None:
    web = somebody(street, who)
    crawl = Crawl(web, street.stack.url)
    crawl.looks("/", "/login", "/wallet", "/profile", "/settings", *(["/admin"] if who == "operator" else []))
    assert len(crawl.pages) > 10
    crawl.sends()
    assert len(crawl.sent) > 2
    assert not crawl.faults, "\n".join(crawl.faults)
