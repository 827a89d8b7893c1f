"""Charts as inline SVG, drawn on the server: numbers in, markup out. Colours are classes (static/charts.css)."""

from web.shared.charts.drawing import Axis, Series, bars, lines
from web.shared.charts.shares import Share, shares

__all__ = ["Axis", "Series", "Share", "bars", "lines", "shares"]
