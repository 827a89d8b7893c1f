"""How soon a page shows what it is about, and how far it jumps: LCP and CLS in Chromium on a slow phone.

The profile is that of Lighthouse for mobile pages: 150 ms to the server and back, 1.6 Mbit/s down, 0.75 up, and a
quarter of this machine's speed. Each visit is a browser that was never here; the demo's market is looked at.
"""

from __future__ import annotations

import re
import tempfile
import urllib.request
from pathlib import Path
from statistics import median
from typing import Any

from tests.support.browser import FLAGS, chromium
from tests.support.stack import Stack

VISITS = 5
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 750_000 / 8}
SLOWER_CPU = 4
WATCH = """() => {
    window.seen = { lcp: 0, cls: 0 };
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.lcp = entry.startTime; })
        .observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.cls += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
}"""
GOOD_CLS = 0.1
"""What web.dev calls good."""


def measure() -> dict[str, Any]:
    """By page: the median of LCP in ms and the worst CLS."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        stack = Stack(Path(directory) / "data", {"DEMO": "1"})
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            pages = {"list": "/", "lot": _lot_with_photo(stack)}
            return {name: _painted(browser, stack.url + path) for name, path in pages.items()}
        finally:
            browser.close()
            stack.stop()


def shifted(found: dict[str, Any]) -> list[str]:
    """The pages that jump too far."""
    return [
        f"{name}: CLS {page['cls']:.3f}, at most {GOOD_CLS}" for name, page in found.items() if page["cls"] > GOOD_CLS
    ]


def _lot_with_photo(stack: Stack) -> str:
    with urllib.request.urlopen(f"{stack.url}/") as answer:
        page = answer.read().decode()
    found = re.search(r'href="(/auction/\w+)"[^>]*>\s*<div class="picture">\s*<img', page)
    assert found, "the demo has lots with photos"
    return found[1]


def _painted(browser: Any, url: str) -> dict[str, float]:
    visits = [_visit(browser, url) for _ in range(VISITS)]
    return {"lcp_ms": median(visit["lcp"] for visit in visits), "cls": max(visit["cls"] for visit in visits)}


def _visit(browser: Any, url: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True)
    try:
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", SLOW)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
        page.add_init_script(f"({WATCH})()")
        page.goto(url, wait_until="networkidle")
        page.wait_for_timeout(500)
        seen: dict[str, float] = page.evaluate("seen")
        return seen
    finally:
        context.close()
