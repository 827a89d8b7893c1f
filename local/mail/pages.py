"""The pages of the mail box: the list, and a mail with its two parts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from local import sheet
from local.mail.box import LocalMail
from local.sheet import page
from local.troubles import Troubles

_FRAME = "width:100%;height:34rem;border:1px solid var(--line);border-radius:12px;background:#fff"
_TEXT = "white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8125rem;margin:.75rem 0 0"
_BUTTONS = (("bounce", "It bounces for good"), ("transient", "It bounces for now"), ("complaint", "It is called spam"))


def index(mails: Sequence[LocalMail], troubles: Troubles) -> str:
    """All mails, newest first, and how sending is to fail."""
    listed = "".join(
        f'<li><a href="{mail.number}"><span>{escape(mail.subject)}<small>{escape(mail.to)}, '
        f"{mail.sent_at:%d %B, %H:%M:%S}</small></span></a></li>"
        for mail in mails
    )
    empty = '<p class="card quiet">No mails yet. Give an address in the settings of the site, and one arrives here.</p>'
    body = (
        '<header><b>Mails</b><a href="../">Local run</a></header>'
        f"{f'<ul>{listed}</ul>' if mails else empty}"
        f"{troubles.form('mails', 'Every mail is taken.')}"
    )
    return page("Mails", body)


def one(mail: LocalMail) -> str:
    """A mail, and buttons that report of it what SES would."""
    buttons = "".join(f'<button name="what" value="{what}">{words}</button>' for what, words in _BUTTONS)
    told = "".join(f"<div>{escape(line)}</div>" for line in reversed(mail.told)) or "None yet."
    head = mail.raw.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
    body = (
        '<header><b>Mail</b><a href="./">All mails</a></header>'
        f'<div class="card"><strong>{escape(mail.subject)}</strong><dl><dt>To</dt><dd>{escape(mail.to)}</dd>'
        f"<dt>Sent</dt><dd>{mail.sent_at:%d %B, %H:%M:%S} UTC</dd></dl></div>"
        f'<p><iframe title="HTML part" sandbox="allow-popups allow-popups-to-escape-sandbox" src="{mail.number}/html" '
        f'style="{_FRAME}"></iframe></p>'
        f'<details open><summary>Text part</summary><pre style="{_TEXT}">{escape(mail.part("plain"))}</pre></details>'
        f'<details><summary>Headers</summary><pre style="{_TEXT}">{escape(head)}</pre></details>'
        "<details open><summary>Reports to the product</summary>"
        f'<form method="post" action="{mail.number}/report">{buttons}'
        '<label>About another address<input name="about" placeholder="that of the mail"></label></form>'
        f'<div class="told">{told}</div></details>'
    )
    return page(mail.subject, body)


def framed(mail: LocalMail) -> str:
    """Its HTML part, whose links open beside the frame."""
    html = mail.part("html") or f"<pre>{escape(mail.part('plain'))}</pre>"
    return html.replace("<head>", '<head><base target="_blank">', 1)


def sorry(words: str) -> str:
    return sheet.sorry("Mails", '<header><b>Mails</b><a href="/_local/mail/">All mails</a></header>', words)
