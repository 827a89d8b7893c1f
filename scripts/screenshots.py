"""Takes the pictures of docs/screenshots of a running `make run` with its demo: small PNGs in colours of their own."""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
MOST_BYTES = 150_000
PHONE, DESK = (390, 844), (1280, 800)
SELLER, BUYER = 990_000_000_003, 990_000_000_002
"""Emma and Maxim of the demo (local/demo/people.py)."""


@dataclass(frozen=True)
class Shot:
    """`person` is None for a visitor. `{lot}` in a path is the lot that ends last of the first page."""

    name: str
    path: str
    size: tuple[int, int]
    person: int | None = None
    theme: str = "light"
    language: str = "en"


SHOTS = (
    Shot("list-desktop", "/", DESK),
    Shot("list-phone", "/", PHONE, BUYER, "dark", "ru"),
    Shot("lot-desktop", "/auction/{lot}", DESK, BUYER),
    Shot("lot-phone", "/auction/{lot}", PHONE, BUYER, language="ru"),
    Shot("sell-desktop", "/new_auction", DESK, SELLER, "dark"),
    Shot("sell-phone", "/new_auction", PHONE, SELLER),
    Shot("wallet-desktop", "/wallet#activity", DESK, BUYER),
    Shot("wallet-phone", "/wallet", PHONE, BUYER, "dark"),
    Shot("bids-phone", "/my/bids", PHONE, SELLER),
    Shot("achievements-desktop", "/achievements", DESK, SELLER, "dark"),
    Shot("achievements-phone", "/achievements", PHONE, SELLER, language="ru"),
    Shot("settings-desktop", "/settings", DESK, SELLER),
    Shot("settings-phone", "/settings#notices", PHONE, SELLER, "dark", "ru"),
)


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 1 where a picture is too large or there is no browser."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", default="http://127.0.0.1:8000", help="where `make run` is")
    parser.add_argument("--only", default="", help="of names that begin so")
    chosen = parser.parse_args(arguments)
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        print("No Chromium found: set CHROMIUM to the path of one.", file=sys.stderr)
        return 1
    large = [name for name, size in _taken(chosen.site, path, chosen.only) if size > MOST_BYTES]
    if large:
        print(f"Larger than {MOST_BYTES} bytes: {', '.join(large)}", file=sys.stderr)
    return 1 if large else 0


def _taken(site: str, chromium: str, only: str) -> Iterator[tuple[str, int]]:
    """The pictures that were written, with their sizes in bytes."""
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        lot = _lot(browser, site)
        for shot in SHOTS:
            if shot.name.startswith(only):
                drawn = small(_draw(browser, site, shot, lot))
                (FOLDER / f"{shot.name}.png").write_bytes(drawn)
                print(f"{shot.name}.png {len(drawn)}")
                yield shot.name, len(drawn)
        browser.close()


def _lot(browser: Any, site: str) -> str:
    """The last lot of the front page, which ends last."""
    page = browser.new_page()
    page.goto(f"{site}/?type=english&currency=XTR")
    found = re.findall(r'href="/auction/([a-z0-9]+)"', page.content())
    page.close()
    if not found:
        raise SystemExit(f"No lots at {site}: start it with the demo.")
    return str(found[-1])


def _draw(browser: Any, site: str, shot: Shot, lot: str) -> bytes:
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=shot.theme, locale=shot.language
    )
    page = context.new_page()
    if shot.person:
        page.goto(f"{site}/_local/telegram/open/{shot.person}")
    page.goto(f"{site}/terms")
    page.click(f'button[name="language"][value="{shot.language}"]')
    page.goto(site + shot.path.format(lot=lot))
    page.wait_for_load_state("networkidle")
    drawn = page.screenshot()
    context.close()
    assert isinstance(drawn, bytes)
    return drawn


def small(png: bytes) -> bytes:
    """The same picture in 256 colours of its own."""
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
