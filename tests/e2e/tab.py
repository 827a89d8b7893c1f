"""A tab of somebody's browser."""

from __future__ import annotations

from typing import Any, Self

from tests.e2e.client import Person
from tests.e2e.town import Town
from tests.support.browser import WAIT_MS, go

CHECK_EACH = """async texts => {
    const find = name => document.querySelector(`[data-${name}]`), verdicts = [];
    for (const text of texts) {
        find("result").replaceChildren();
        find("paste").value = text;
        find("paste").dispatchEvent(new Event("input", {bubbles: true}));
        find("check").click();
        for (let tries = 0; !find("result").querySelector(".note"); tries++) {
            if (tries > 2000) throw new Error("no verdict on " + text);
            await new Promise(done => setTimeout(done, 5));
        }
        verdicts.push(find("verdict")?.dataset.verdict ?? "unreadable");
    }
    return verdicts;
}"""


def discards_drafts(person: Person) -> None:
    while 'action="/new_auction/draft/discard"' in person.web.get("/new_auction").text:
        assert person.posts("/new_auction/draft/discard").status_code == 303


class Tab:
    """A tab of somebody's browser, or of a visitor's, for a `with`: at its end no script has gone wrong, and no draft
    is left to the next one. `look`: of its screen.
    """

    def __init__(self, browser: Any, town: Town, person: Person | None = None, **look: Any) -> None:
        self.town, self.person, self.errors = town, person, list[str]()
        look = {"viewport": {"width": 390, "height": 844}, "locale": "en"} | look
        self.context = browser.new_context(**look)
        self.context.set_default_timeout(WAIT_MS)
        for cookie in person.web.cookies.jar if person else ():
            self.context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": town.stack.url}])
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.context.set_offline(True)  # a form that is left sends what was typed
        self.context.close()
        assert kind or self.errors == []
        if self.person:
            discards_drafts(self.person)

    def opens(self, path: str) -> Any:
        go(self.page, self.town.stack.url + path)
        return self.page

    def verdict(self) -> str:
        """What the check says in the end."""
        self.page.locator("[data-verdict]").wait_for()
        return str(self.page.locator("[data-verdict]").get_attribute("data-verdict"))

    def checks(self, text: str) -> str:
        """Pastes a log, has it checked, and answers with the verdict."""
        self.page.locator("[data-result]").evaluate("element => element.replaceChildren()")
        if not self.page.locator("#paste").evaluate("details => details.open"):
            self.page.locator("#paste summary").click()
        self.page.locator("[data-paste]").fill(text)
        self.page.locator("[data-check]").click()
        self.page.locator("[data-result] .note").wait_for()
        found = self.page.locator("[data-verdict]")
        return str(found.get_attribute("data-verdict")) if found.count() else "unreadable"

    def checks_each(self, texts: list[str]) -> list[str]:
        """The verdicts on logs pasted and checked one after another, by the page's own fields and buttons."""
        return list(self.page.evaluate(CHECK_EACH, texts))
