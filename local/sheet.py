"""How the pages of the local run's stand-ins look: one narrow sheet, in the light and in the dark."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_STYLE = """
:root { color-scheme: light dark; --ground: #f2f5f8; --panel: #fff; --line: #dfe4e9; --text: #17212b; --quiet: #5f6b76;
  --accent: #1c74b9; --on: #fff; --good: #1e7e46; --bad: #b3372a; --wait: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --ground: #0e1621; --panel: #17212b; --line: #2a3948; --text: #f1f4f7;
  --quiet: #93a3b2; --accent: #6ab3f3; --on: #0d1a26; --good: #5fd08c; --bad: #ff8a7d; --wait: #f0b95a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: 1rem 1rem 3rem; }
header { display: flex; align-items: baseline; justify-content: space-between; gap: 1rem; margin: .5rem 0 1rem; }
header b, header h1 { margin: 0; font-size: 1.05rem; font-weight: 700; }
header a, .quiet, dt { color: var(--quiet); font-size: .875rem; }
.card { padding: 1.25rem; border: 1px solid var(--line); border-radius: 12px; background: var(--panel); }
.sum { margin: 0; font-size: 2.25rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
.status { font-weight: 600; color: var(--bad); }
.status.waiting { color: var(--wait); }
.status.paid { color: var(--good); }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 1rem 0 0; }
dd { margin: 0; overflow-wrap: anywhere; text-align: right; font-variant-numeric: tabular-nums; }
form { display: grid; gap: .5rem; margin: 1rem 0 0; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .5rem; }
label { display: grid; gap: .25rem; font-size: .875rem; color: var(--quiet); }
button, input, select { width: 100%; min-height: 44px; padding: .5rem .75rem; border: 1px solid var(--line);
  border-radius: 10px; background: transparent; color: var(--text); font: inherit; }
button { cursor: pointer; font-weight: 600; }
button.main { border-color: var(--accent); background: var(--accent); color: var(--on); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
details { margin: 1rem 0 0; padding: .75rem 1.25rem; border: 1px solid var(--line); border-radius: 12px;
  background: var(--panel); }
summary { min-height: 28px; cursor: pointer; color: var(--quiet); }
ul { margin: 1rem 0 0; padding: 0; list-style: none; }
li a { display: flex; justify-content: space-between; gap: 1rem; margin: .5rem 0; padding: .75rem 1rem;
  border: 1px solid var(--line); border-radius: 12px; background: var(--panel); color: inherit; text-decoration: none; }
li small { display: block; color: var(--quiet); }
fieldset { margin: 1rem 0 0; padding: 0; border: 0; }
legend { padding: 0; font-size: .875rem; color: var(--quiet); }
.choice { display: flex; gap: .75rem; align-items: center; min-height: 44px; padding: .5rem 0; font-size: 1rem;
  color: var(--text); }
.choice input { flex: none; width: 1.125rem; min-height: 0; height: 1.125rem; accent-color: var(--accent); }
.told { margin: .5rem 0 0; font-size: .875rem; font-variant-numeric: tabular-nums; }
.back { display: block; margin: 1rem 0 0; text-align: center; color: var(--accent); }
"""
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def page(title: str, body: str) -> str:
    """A whole page around HTML. To be sent with HEADERS."""
    return _PAGE.format(title=escape(title), style=_STYLE, body=body)


def sorry(title: str, head: str, words: str, back: str = "") -> str:
    """A page that says why something was not done. `head` and `back` are HTML."""
    return page(title, f'{head}<p class="card">{escape(words)}</p>{back}')


def options(names: Collection[str], chosen: str) -> str:
    """What a select offers."""
    return "".join(f"<option{' selected' if name == chosen else ''}>{name}</option>" for name in names)


def choices(legend: str, field: str, words: Mapping[str, str], chosen: str) -> str:
    """A group of radio buttons: the words of each value."""
    labels = "".join(
        f'<label class="choice"><input type="radio" name="{field}" value="{value}"'
        f"{' checked' if value == chosen else ''}><span>{escape(said)}</span></label>"
        for value, said in words.items()
    )
    return f"<fieldset><legend>{legend}</legend>{labels}</fieldset>"
