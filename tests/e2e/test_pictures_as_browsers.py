"""A browser is the judge of which files are pictures: what it shows we take, and it looks the same."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image, ImageStat

from starbid.domain.errors import Invalid
from starbid.imaging.decoding import resized
from tests.support.picture_corpus import HEIGHT, ODD, WHOLE

pytestmark = pytest.mark.browser

SHOW = (
    """async ({data, type}) => {
  const image = new Image();
  const shown = await new Promise((done) => {
    image.onload = () => done(true);
    image.onerror = () => done(false);
    image.src = `data:${type};base64,${data}`;
  });
  if (!shown) return {rows: 0, corners: []};
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
  const there = (y) => {
    const row = pixels.subarray(y * canvas.width * 4, (y + 1) * canvas.width * 4);
    return row.some((value, at) => at % 4 === 3 ? false : row[at - at % 4 + 3] && value !== 128);
  };
  let rows = 0;
  for (let y = 0; y < canvas.height; y += 1) if (there(y)) rows = y + 1;
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  const [w, h] = [canvas.width / 2, canvas.height / 2];
  const corners = [[0, 0], [w, 0], [0, h], [w, h]].map(([x, y]) => {
    const part = context.getImageData(x, y, w, h).data;
    return [0, 1, 2].map((band) => part.filter((_, at) => at % 4 === band).reduce((a, b) => a + b) / (w * h));
  });
  return {rows: rows * """
    + str(HEIGHT)
    + """ / canvas.height, corners};
}"""
)
TAKEN_THOUGH_NOT_SHOWN = {
    "png with a frame out of order",  # of an animation only the first picture counts
    "png pixels in two places",
}
NOT_TURNED = {f"WEBP turned {turned}" for turned in range(2, 9)}
"""Chromium does not read a camera's notes in a WebP, other browsers do."""
LINES_OF_A_BLOCK = 18
"""A browser shows a JPEG's lines in blocks of 16, and two later than it has them."""


@pytest.fixture(scope="module")
def page(browser: Any) -> Any:
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.mark.parametrize("name", [*WHOLE, *ODD])
def test_what_a_browser_shows_is_taken_and_looks_the_same(page: Any, name: str) -> None:
    data = (WHOLE | ODD)[name]()
    kind = name.split(maxsplit=1)[0].lower()
    shown = page.evaluate(SHOW, {"data": base64.b64encode(data).decode(), "type": f"image/{kind}"})
    rows = shown["rows"]
    reason, large = taken(data)
    if large is None:
        assert reason in ("picture", "picture_broken")
        assert rows < HEIGHT
        assert reason == "picture_broken" or not rows  # what is partly shown is a picture
        return
    if rows < HEIGHT:
        assert name in TAKEN_THOUGH_NOT_SHOWN or (kind == "jpeg" and rows >= HEIGHT - LINES_OF_A_BLOCK)
    elif name not in NOT_TURNED:
        for ours, theirs in zip(corners_of(large), shown["corners"], strict=True):
            assert max(abs(one - other) for one, other in zip(ours, theirs, strict=True)) < 12


def taken(data: bytes) -> tuple[str, Image.Image | None]:
    """Why it was refused, or what became of it."""
    try:
        return "", Image.open(io.BytesIO(resized(data)["large"]))
    except Invalid as fault:
        return fault.reason, None


def corners_of(image: Image.Image) -> list[list[float]]:
    width, height = image.width // 2, image.height // 2
    places = ((0, 0), (width, 0), (0, height), (width, height))
    return [ImageStat.Stat(image.crop((x, y, x + width, y + height))).mean for x, y in places]
