"""The local run's own page: addresses, the time, and buttons that move the clock."""

from __future__ import annotations

from datetime import datetime
from html import escape

_STEPS = (("1 minute", 60), ("10 minutes", 600), ("1 hour", 3600), ("1 day", 86400), ("8 days", 691200))

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Starbid · local run</title>
<style>
:root {{ color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; }}
body {{ max-width: 34rem; margin: 3rem auto; padding: 0 1.25rem; }}
h1 {{ font-size: 1.5rem; margin: 0 0 1.5rem; }}
section {{ margin: 2rem 0; }}
h2 {{ font-size: 1rem; font-weight: 600; margin: 0 0 .5rem; opacity: .7; }}
.links a {{ display: block; padding: .9rem 1rem; margin: .5rem 0; border: 1px solid #8886; border-radius: .6rem;
  text-decoration: none; color: inherit; }}
.links a:hover {{ border-color: #3a7bd5; }}
.links small {{ display: block; opacity: .7; }}
time {{ font-size: 1.25rem; font-variant-numeric: tabular-nums; }}
form {{ display: flex; flex-wrap: wrap; gap: .5rem; margin: .75rem 0; }}
button, input {{ font: inherit; padding: .5rem .8rem; border: 1px solid #8886; border-radius: .5rem;
  background: transparent; color: inherit; }}
button {{ cursor: pointer; }}
button:hover {{ border-color: #3a7bd5; }}
input {{ width: 8rem; }}
p {{ opacity: .8; }}
</style>
</head>
<body>
<h1>Starbid, running here</h1>
<section class="links">
<a href="/">Site<small>lots, bids, wallet</small></a>
{chat}{bills}{model}{mails}{push}{openid}</section>
<section>
<h2>Clock</h2>
<time datetime="{iso}">{shown} UTC</time>
<form method="post" action="/_local/advance">{buttons}</form>
<form method="post" action="/_local/advance">
<input name="seconds" type="number" min="0" step="any" required aria-label="Seconds">
<button>Seconds on</button>
</form>
<p>Moving the clock on fires, in order, all that falls due on the way: lots close, deals are settled, notices are sent.
It does not go back.</p>
</section>
</body>
</html>
"""

_CHAT = '<a href="/_local/telegram/">Chat<small>the bot in a Telegram stand-in: be several people</small></a>\n'

_BILLS = '<a href="/_local/pay/">Bills<small>a payment provider for top-ups: pay, reject, let it expire</small></a>\n'

_MODEL = '<a href="/_local/openai/">Language model<small>a stand-in for the AI helper: let it misbehave</small></a>\n'


_MAILS = '<a href="/_local/mail/">Mails<small>what is sent by e-mail: read it, let it bounce</small></a>\n'
_PUSH = '<a href="/_local/push/">Push service<small>what is sent to browsers: let it misbehave</small></a>\n'
_OPENID = (
    '<a href="/_local/oidc/">Log in with Telegram<small>an issuer for the site\'s login: new keys, wrong tokens'
    "</small></a>\n"
)


def control_page(
    now: datetime,
    *,
    has_chat: bool,
    has_bills: bool,
    has_model: bool,
    has_mails: bool,
    has_push: bool,
    has_openid: bool,
) -> str:
    """The page as HTML. `now` in UTC."""
    buttons = "".join(
        f'<button name="seconds" value="{seconds}">+ {escape(words)}</button>' for words, seconds in _STEPS
    )
    shown = now.strftime("%A, %d %B %Y, %H:%M:%S")
    links = {
        "chat": _CHAT if has_chat else "",
        "bills": _BILLS if has_bills else "",
        "model": _MODEL if has_model else "",
        "mails": _MAILS if has_mails else "",
        "push": _PUSH if has_push else "",
        "openid": _OPENID if has_openid else "",
    }
    return _PAGE.format(**links, iso=now.isoformat(), shown=shown, buttons=buttons)
