"""Notices in a real browser: the page sets it up, the notice comes through queue, sender and push service, the real
worker shows it, and a click leads to the lot.

A headless Chromium has no push service of its own. So the page's `PushManager` says that the browser takes messages at
that of the local run; what arrives there is read with the browser's key and handed to the worker by DevTools, as
Chromium would.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.e2e.client import Person
from tests.e2e.town import Town, bid
from tests.support.browser import FLAGS, WAIT_MS, another_document, chromium, go
from tests.support.browsers import Reading

_PUSH_MANAGER = """
const given = %s;
const fake = {
  endpoint: given.endpoint, options: {}, toJSON: () => ({ endpoint: given.endpoint, keys: given.keys }),
  unsubscribe: async () => { localStorage.removeItem("test-subscribed"); return true; },
};
PushManager.prototype.subscribe = async function (options) {
  if (!options.userVisibleOnly || options.applicationServerKey.length !== 65) throw new Error("asked wrongly");
  fake.options.applicationServerKey = options.applicationServerKey.buffer;
  localStorage.setItem("test-subscribed", "1");
  return fake;
};
PushManager.prototype.getSubscription = async () => (localStorage.getItem("test-subscribed") ? fake : null);
"""
_COUNTING = """
() => {
  if ("shown" in self) return;
  const show = registration.showNotification.bind(registration);
  self.shown = 0;
  registration.showNotification = async (...given) => { await show(...given); self.shown += 1; };
}
"""
_NOTIFICATIONS = """
async () => (await registration.getNotifications())
  .map(({ title, body, tag, lang, icon, data }) => ({ title, body, tag, lang, icon, data }))
"""
PATIENCE = 30.0
"""Seconds, for what no locator waits for."""


class Screen:
    """A browser with a push subscription at the local service."""

    def __init__(self, browser: Any, town: Town, person: Person) -> None:
        self.town = town
        place = httpx.post(f"{town.stack.url}/_local/push/subscribe").headers["location"]
        service, _, token = place.rpartition("/")
        self.reading = Reading(token, f"{service}/")
        self.context = browser.new_context(locale="en", permissions=["notifications"])
        self.context.set_default_timeout(WAIT_MS)
        self.subscribes(self.reading)
        self.log_in(person)
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)

    def subscribes(self, reading: Reading) -> None:
        """What the next pages find as the browser's subscription."""
        form = reading.form
        given = {"endpoint": form["endpoint"], "keys": {"p256dh": form["p256dh"], "auth": form["auth"]}}
        self.context.add_init_script(_PUSH_MANAGER % json.dumps(given))

    def log_in(self, person: Person) -> None:
        self.context.clear_cookies()
        url = self.town.stack.url
        self.context.add_cookies([{"name": n, "value": v, "url": url} for n, v in person.web.cookies.items()])

    def set_up(self) -> None:
        go(self.page, f"{self.town.stack.url}/settings")
        self.page.locator("button[data-push]").click()
        self.page.locator("button[data-push]").wait_for(state="hidden")

    def until(self, ask: Callable[[], Any], is_enough: Callable[[Any], bool] = bool) -> Any:
        """What `ask` answers, once it is enough."""
        over = time.monotonic() + PATIENCE
        while not is_enough(found := ask()):
            assert time.monotonic() < over, found
            self.page.wait_for_timeout(50)
        return found

    def kept(self, what: str) -> Any:
        """What the page remembers of this browser."""
        return self.page.evaluate("(what) => (JSON.parse(localStorage.getItem('starbid-push')) || {})[what]", what)

    def is_this(self) -> None:
        """The settings say of one browser that it is this one."""
        go(self.page, f"{self.town.stack.url}/settings")
        self.page.locator("[data-this]:not([hidden])").wait_for()

    @property
    def worker(self) -> Any:
        (worker,) = self.until(lambda: self.context.service_workers)
        return worker

    def came(self, number: int = 1) -> list[tuple[dict[str, Any], dict[str, str]]]:
        """What has come for this browser, once there are so many messages: as the browser reads it, and its headers."""

        def mine() -> list[dict[str, Any]]:
            self.town.stack.advance(0)
            items = httpx.get(f"{self.town.stack.url}/_local/push/messages").json()["items"]
            return [item for item in items if item["to"] == self.reading.address.endpoint]

        came = self.until(mine, lambda items: len(items) >= number)
        return [
            (json.loads(self.reading.read(base64.b64decode(item["body"]))), item["headers"]) for item in reversed(came)
        ]

    def deliver(self, content: str) -> None:
        """As the browser does with a message that it has read. Waits until the worker has shown it: Chromium drops a
        notification that is asked for while it is on its way to the screen.
        """
        worker = self.worker
        worker.evaluate(_COUNTING)
        before = worker.evaluate("shown")
        tools = self.context.new_cdp_session(self.page)
        found: list[str] = []

        def registered(event: dict[str, Any]) -> None:
            found.extend(each["registrationId"] for each in event["registrations"] if not each["isDeleted"])

        tools.on("ServiceWorker.workerRegistrationUpdated", registered)
        tools.send("ServiceWorker.enable")
        registration = self.until(lambda: found)[-1]
        message = {"origin": self.town.stack.url, "registrationId": registration, "data": content}
        tools.send("ServiceWorker.deliverPushMessage", message)
        self.until(lambda: worker.evaluate("shown") > before)

    def shown(self, number: int = 1) -> list[dict[str, Any]]:
        """The notifications of this site, once there are so many."""
        found: list[dict[str, Any]] = self.until(
            lambda: self.worker.evaluate(_NOTIFICATIONS), lambda found: len(found) == number
        )
        return found

    def click(self, title: str) -> list[str]:
        """Press a notification. What the worker opened or brought to the front: a press that is made up may do
        neither, so both are watched in their places.
        """
        done: list[str] = self.worker.evaluate(
            """async (title) => {
              const done = [];
              clients.openWindow = async (url) => { done.push("opened " + url); return null; };
              WindowClient.prototype.focus = async function () { done.push("focused " + this.url); return this; };
              const [notification] = (await registration.getNotifications()).filter((each) => each.title === title);
              const event = new NotificationEvent("notificationclick", { notification });
              const waits = [];
              event.waitUntil = (work) => waits.push(work);
              self.dispatchEvent(event);
              await Promise.all(waits);
              return done;
            }""",
            title,
        )
        return done


@pytest.fixture(scope="module")
def browser(playwright: Any) -> Iterator[Any]:
    """All of Chromium: its headless shell hands a worker no messages."""
    running = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield running
    running.close()


@contextmanager
def screen(browser: Any, town: Town, person: Person) -> Iterator[Screen]:
    made = Screen(browser, town, person)
    yield made
    assert not made.errors
    made.context.close()


def test_an_outbid_reaches_the_browser_and_a_click_leads_to_the_lot(browser: Any, town: Town) -> None:
    lot = town.publish(title="A lamp <b>for</b> “you” 🎉")
    with screen(browser, town, town.anna) as anna:
        anna.set_up()
        ((first, _),) = anna.came(1)
        assert first["title"].startswith("Notices in a browser are on: Chrome")
        bid(town.anna, lot, 100)
        bid(town.boris, lot, 200)
        outbid, headers = anna.came(2)[-1]
        assert outbid["title"].startswith("You were outbid on “A lamp <b>for</b> ‘you’ 🎉”")
        assert headers["urgency"] == "high"
        anna.deliver(json.dumps(outbid))
        (shown,) = anna.shown()
        assert (shown["title"], shown["body"], shown["tag"]) == (outbid["title"], outbid["body"], outbid["tag"])
        assert shown["icon"] == f"{town.stack.url}/static/icons/icon-192.png"
        address = f"{town.stack.url}/auction/{lot}"
        assert anna.click(shown["title"]) == [f"opened {address}"]
        anna.shown(0)
        go(anna.page, f"{address}?from=a-list#bids")
        anna.deliver(json.dumps(outbid))
        anna.shown()
        assert anna.click(outbid["title"]) == [f"focused {address}?from=a-list#bids"]


@pytest.mark.parametrize(
    "content",
    ["", "no JSON", "[1]", "null", '{"title": {"a": 1}, "url": 7}', '{"url": "https://evil.example/a"}',
     '{"url": "//evil.example"}', '{"url": "javascript:alert(1)"}', '{"url": "/\\\\evil.example"}'],
)  # fmt: skip
def test_any_message_becomes_a_notification_that_leads_nowhere_else(browser: Any, town: Town, content: str) -> None:
    """A browser takes the right to show any from a site that shows none."""
    with screen(browser, town, town.anna) as anna:
        anna.set_up()
        anna.deliver(content)
        (shown,) = anna.shown()
        assert shown["title"] == "Starbid"
        assert shown["data"]["url"] == f"{town.stack.url}/"


def test_who_logs_in_next_takes_the_browser_over_by_looking_at_any_page(browser: Any, town: Town) -> None:
    with screen(browser, town, town.anna) as shared:
        shared.set_up()
        shared.log_in(town.boris)
        with shared.page.expect_response(lambda answer: answer.url.endswith("/settings/push")) as taken:
            go(shared.page, town.stack.url)
        assert taken.value.status == 201
        shared.until(lambda: shared.kept("of") == str(town.boris.id))
        shared.is_this()
        shared.log_in(town.anna)
        with shared.page.expect_response(lambda answer: answer.url.endswith("/settings/push")):
            go(shared.page, town.stack.url)


def test_another_session_of_the_same_person_takes_the_browser_along(browser: Any, town: Town) -> None:
    with screen(browser, town, town.anna) as anna:
        anna.set_up()
        before = anna.kept("session")
        town.anna.web.cookies.clear()
        town.anna.logs_in()
        anna.log_in(town.anna)
        with anna.page.expect_response(lambda answer: answer.url.endswith("/settings/push")) as told:
            go(anna.page, town.stack.url)
        assert told.value.status == 201
        anna.until(lambda: anna.kept("session") not in (before, None))
        anna.is_this()
        asked = []
        anna.page.on("request", lambda request: asked.append(request.url))
        go(anna.page, town.stack.url)
        anna.page.wait_for_timeout(300)
        assert not any(url.endswith("/settings/push") for url in asked), "once"


def test_a_logout_leaves_the_browser_and_removing_it_offers_it_again(browser: Any, town: Town) -> None:
    with screen(browser, town, town.seller) as sofia:
        sofia.set_up()
        sofia.is_this()
        button = sofia.page.get_by_role("button", name="Notify me in this browser")
        assert not button.is_visible()
        row = sofia.page.locator("#push li").filter(has=sofia.page.locator("[data-this]:not([hidden])"))
        with another_document(sofia.page):
            row.get_by_role("button").click()
        sofia.page.locator("#push li").wait_for(state="detached")
        button.click()
        sofia.page.get_by_text("The first notice is on its way").wait_for()
        go(sofia.page, f"{town.stack.url}/settings")
        with another_document(sofia.page):
            sofia.page.get_by_role("button", name="Log out").last.click()
        town.seller.logs_in()
        assert "data-browser=" not in town.seller.web.get("/settings").text


def test_a_browser_that_moves_its_subscription_says_so_itself_and_a_logout_leaves_it(browser: Any, town: Town) -> None:
    with screen(browser, town, town.boris) as boris:
        boris.set_up()
        new = Reading("moved", boris.reading.service)
        boris.worker.evaluate(
            """async ([before, after]) => {
              const made = (form) => ({
                toJSON: () => ({ endpoint: form.endpoint, keys: { p256dh: form.p256dh, auth: form.auth } }),
              });
              await move(made(before), made(after));
            }""",
            [boris.reading.form, new.form],
        )
        assert re.findall(r'data-browser="(\w+)"', town.boris.web.get("/settings").text) == [new.address.mark]
        boris.subscribes(new)
        go(boris.page, town.stack.url)
        boris.until(lambda: boris.kept("id") == new.address.mark)
        boris.is_this()
        with another_document(boris.page):
            boris.page.locator("form[action='/logout'] button").last.click()
        town.boris.logs_in()
        assert "data-browser=" not in town.boris.web.get("/settings").text


def test_a_blocked_permission_and_a_browser_without_push_say_what_to_do(browser: Any, town: Town) -> None:
    with screen(browser, town, town.anna) as anna:
        anna.context.clear_permissions()
        anna.page.add_init_script("Notification.requestPermission = async () => 'denied'")
        go(anna.page, f"{town.stack.url}/settings")
        button = anna.page.get_by_role("button", name="Notify me in this browser")
        button.click()
        anna.page.get_by_text("Notifications of this site are blocked").wait_for()
        anna.page.add_init_script("delete window.PushManager")
        go(anna.page, f"{town.stack.url}/settings")
        button.click()
        anna.page.get_by_text("This browser cannot show notices").wait_for()
