"""How a mail looks: one narrow column, in a text part and an HTML part.

All styles are inline, and the text has no colours of its own: a client that knows `color-scheme` shows it light or dark
by itself, and one that turns colours round has none to spoil. Greys are half transparent, so they fit on both grounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

_FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_QUIET = "font-size:13px;line-height:20px;opacity:.75"
_HAIRLINE = "border-top:1px solid #88888866"
_WIDTH = 600
_PREHEADER = 120
_HEAD = """<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
"""


@dataclass(frozen=True, slots=True)
class Page:
    """What a mail says. `body` is HTML that is safe to show, `lines` the same in plain text with its `links` behind it;
    everything else is plain text. `footer` are paragraphs, each with links (text, address) behind it.
    """

    language: str
    title: str
    lines: tuple[str, ...]
    body: str
    links: tuple[tuple[str, str], ...]
    label: str
    url: str
    picture: str
    picture_text: str
    footer: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def text_part(page: Page) -> str:
    links = [f"{text}: {address}" for text, address in page.links]
    blocks = ["\n".join((page.title, *page.lines)), "\n".join(links), f"{page.label}: {page.url}", "--"]
    for text, ways in page.footer:
        blocks.append("\n".join((text, *(f"{label}: {address}" for label, address in ways))))
    return "\n\n".join(block for block in blocks if block).replace("--\n\n", "--\n", 1) + "\n"


def html_part(page: Page) -> str:
    rows = (
        f'<p style="margin:0 0 16px;font-size:15px;line-height:20px;font-weight:700">Starbid</p>{_picture(page)}'
        f'<h1 style="margin:0 0 12px;font-size:20px;line-height:28px;font-weight:650">{escape(page.title)}</h1>'
        f'{_body(page)}{_button(page)}<div style="margin:32px 0 0;padding:16px 0 0;{_HAIRLINE}">'
        + "".join(_paragraph(text, ways) for text, ways in page.footer)
        + "</div>"
    )
    table = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
    cell = f"{_FONT};font-size:16px;line-height:24px;overflow-wrap:anywhere"
    return (
        f'<!DOCTYPE html>\n<html lang="{page.language}" style="color-scheme:light dark">\n<head>\n{_HEAD}'
        f"<title>{escape(page.title)}</title>\n</head>\n"
        f'<body style="margin:0;padding:0;{_FONT};font-size:16px;line-height:24px">\n{_preheader(page)}'
        f'{table}><tr><td align="center" style="padding:24px 16px">\n'
        f'{table} style="max-width:{_WIDTH}px"><tr><td align="left" style="{cell}">\n{rows}\n</td></tr></table>\n'
        "</td></tr></table>\n</body>\n</html>\n"
    )


def _preheader(page: Page) -> str:
    """What a list of mails shows behind the subject."""
    shown = " ".join(" ".join(page.lines).split())[:_PREHEADER]
    hidden = "display:none;max-height:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px"
    return f'<div style="{hidden}">{escape(shown)}</div>\n' if shown else ""


def _picture(page: Page) -> str:
    if not page.picture:
        return ""
    look = "display:block;width:100%;max-width:600px;height:auto;border:0;border-radius:12px"
    image = f'<img src="{escape(page.picture)}" alt="{escape(page.picture_text)}" width="{_WIDTH}" style="{look}">'
    return f'<a href="{escape(page.url)}" style="display:block;margin:0 0 16px;text-decoration:none">{image}</a>'


def _body(page: Page) -> str:
    return f'<div style="margin:0 0 24px">{page.body}</div>' if page.body else ""


def _button(page: Page) -> str:
    look = (
        "display:inline-block;padding:10px 20px;border-radius:12px;background:#1c74b9;color:#ffffff;font-weight:600;"
        "text-decoration:none"
    )
    return f'<div style="margin:8px 0 0"><a href="{escape(page.url)}" style="{look}">{escape(page.label)}</a></div>'


def _paragraph(text: str, ways: tuple[tuple[str, str], ...]) -> str:
    links = " · ".join(
        f'<a href="{escape(url)}" style="color:inherit;text-decoration:underline">{escape(label)}</a>'
        for label, url in ways
    )
    ending = f"<br>{links}" if links else ""
    return f'<p style="margin:0 0 8px;{_QUIET}">{escape(text)}{ending}</p>'
