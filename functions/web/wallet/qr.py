"""QR codes, drawn into the page: a phone reads what stands on the screen of a computer."""

from __future__ import annotations

from markupsafe import Markup

LONGEST = 1000
"""Characters; a code of more is too fine for the camera of a phone."""
_QUIET_ZONE = 4
"""Modules around the code (ISO/IEC 18004)."""


def qr_code(text: str, title: str) -> Markup | None:
    """An SVG without styles or scripts: black on white in every theme, as readers need it. None for a text too long."""
    import segno  # 40 ms, which few pages need

    if len(text) > LONGEST:
        return None
    drawn = segno.make_qr(text, error="m").svg_inline(
        border=_QUIET_ZONE, dark="#000", light="#fff", omitsize=True, title=title, svgclass="qr", lineclass=None
    )
    return Markup(drawn)  # noqa: S704 - segno escapes the title, and nothing else of it is text
