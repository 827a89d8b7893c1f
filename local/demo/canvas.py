"""Flat drawings in a space of 400 by 300, made large and scaled down so that edges are smooth."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 400, 300
SCALE = 4
OUT = (1080, 810)
Point = tuple[float, float]
Colour = str | tuple[int, int, int] | tuple[int, int, int, int]


class Canvas:
    """A picture being drawn. Colours in Pillow's forms; coordinates from the upper left corner."""

    def __init__(self, top: str, bottom: str) -> None:
        """The background goes from one colour to another, downwards."""
        size = (WIDTH * SCALE, HEIGHT * SCALE)
        ramp = Image.linear_gradient("L").resize(size)
        self._image = Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), ramp)
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    def box(self, x: float, y: float, width: float, height: float, fill: Colour, radius: float = 0) -> None:
        area = _scaled([(x, y), (x + width, y + height)])
        self._draw.rounded_rectangle(area, radius * SCALE, fill=fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        """Around its middle."""
        self._draw.ellipse(_scaled([(x - rx, y - ry), (x + rx, y + ry)]), fill=fill)

    def dot(self, x: float, y: float, radius: float, fill: Colour) -> None:
        self.oval(x, y, radius, radius, fill)

    def ring(self, x: float, y: float, radius: float, width: float, fill: Colour) -> None:
        area = _scaled([(x - radius, y - radius), (x + radius, y + radius)])
        self._draw.ellipse(area, outline=fill, width=int(width * SCALE))

    def arc(self, x: float, y: float, radius: float, start: float, end: float, width: float, fill: Colour) -> None:
        """Part of a ring; angles in degrees, clockwise from the right."""
        area = _scaled([(x - radius, y - radius), (x + radius, y + radius)])
        self._draw.arc(area, start, end, fill=fill, width=int(width * SCALE))

    def slice(self, x: float, y: float, radius: float, start: float, end: float, fill: Colour) -> None:
        self._draw.pieslice(_scaled([(x - radius, y - radius), (x + radius, y + radius)]), start, end, fill=fill)

    def shape(self, points: Iterable[Point], fill: Colour) -> None:
        self._draw.polygon(_scaled(points), fill=fill)

    def line(self, points: Iterable[Point], width: float, fill: Colour) -> None:
        """With round ends and joints."""
        places = list(points)
        self._draw.line(_scaled(places), fill=fill, width=int(width * SCALE), joint="curve")
        for x, y in (places[0], places[-1]):
            self.dot(x, y, width / 2, fill)

    def text(self, x: float, y: float, size: float, words: str, fill: Colour) -> None:
        """Around its middle; Latin letters and digits only."""
        font = ImageFont.load_default(size * SCALE)
        self._draw.text((x * SCALE, y * SCALE), words, fill=fill, font=font, anchor="mm")

    def pixels(self, x: float, y: float, size: float, rows: Sequence[str], colours: dict[str, str]) -> None:
        """Squares of `size` from rows of letters; a letter without a colour is left out."""
        for number, row in enumerate(rows):
            for place, letter in enumerate(row):
                if letter in colours:
                    self.box(x + place * size, y + number * size, size, size, colours[letter])

    def glow(self, x: float, y: float, rx: float, ry: float, colour: str, strength: int = 120) -> None:
        """A soft spot: light, or in a dark colour a shadow. `strength` 0 to 255."""
        mask = Image.new("L", (WIDTH, HEIGHT), 0)
        ImageDraw.Draw(mask).ellipse((x - rx, y - ry, x + rx, y + ry), fill=strength)
        soft = mask.filter(ImageFilter.GaussianBlur(min(rx, ry) / 2)).resize(self._image.size)
        self._image.paste(Image.new("RGB", self._image.size, colour), mask=soft)

    def jpeg(self) -> bytes:
        out = io.BytesIO()
        self._image.resize(OUT, Image.Resampling.LANCZOS).save(out, "JPEG", quality=92)
        return out.getvalue()


def blob(x: float, y: float, rx: float, ry: float) -> list[Point]:
    """A round thing with an uneven edge."""
    turns = [step * math.tau / 72 for step in range(72)]
    return [
        (x + rx * r * math.cos(turn), y + ry * r * math.sin(turn))
        for turn in turns
        for r in (1 + 0.11 * math.sin(3 * turn + 1) + 0.06 * math.sin(7 * turn),)
    ]


def _scaled(points: Iterable[Point]) -> list[Point]:
    return [(x * SCALE, y * SCALE) for x, y in points]
