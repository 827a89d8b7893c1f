"""The form of a new lot in a browser: from one of its three steps to the next, in English."""

from __future__ import annotations

from typing import Any


def to_price(page: Any) -> None:
    """From what is sold to its price."""
    page.get_by_role("button", name="Next: price").click()
    page.locator('[data-step="price"]:not([hidden])').wait_for()


def to_publish(page: Any) -> None:
    """From the price to the lot as it will look."""
    page.get_by_role("button", name="Next: look and publish").click()
    page.locator("[data-preview] .preview").wait_for()


def fills_in(page: Any, title: str = "A lamp", price: str = "100") -> None:
    """An ordinary lot, up to the button that publishes it."""
    page.get_by_label("Title").fill(title)
    page.get_by_label("Description").fill("Gives light.")
    to_price(page)
    page.get_by_label("Start price").fill(price)
    to_publish(page)
