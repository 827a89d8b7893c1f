"""The pages of the local provider: one for each bill, and the list of all."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from local.pay.bills import CRYPTOPAY, MOST_TROUBLE, PAID, QIWI, TROUBLES, WAITING, LocalBill

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_NAMES = {QIWI: "QIWI", CRYPTOPAY: "Crypto Pay"}
_SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€"}
_WORDS = {
    "waiting": "Waiting",
    "paid": "Paid",
    "rejected": "Rejected",
    "expired": "Expired",
    "deleted": "Deleted",
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
header b { font-size: 1.05rem; }
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
.told { margin: .5rem 0 0; font-size: .875rem; font-variant-numeric: tabular-nums; }
.back { display: block; margin: 1rem 0 0; text-align: center; color: var(--accent); }
"""
_PAGE = """<!doctype html>
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


def index(bills: Sequence[LocalBill], trouble: tuple[str, int]) -> str:
    """All bills, newest first, and how the provider is to fail."""
    listed = "".join(
        f'<li><a href="bills/{bill.number}"><span>{_money(bill)}<small>{_name(bill)}, {bill.made_at:%d %B, %H:%M:%S}'
        f"</small></span>{_status(bill)}</a></li>"
        for bill in bills
    )
    empty = '<p class="card quiet">No bills yet. Top up on the site or in the chat, and the bill appears here.</p>'
    what, calls = trouble
    now = f"The next calls that fail: {calls} ({what})." if calls else "Every call is answered."
    options = "".join(f"<option{' selected' if each == what else ''}>{each}</option>" for each in TROUBLES)
    body = (
        '<header><b>Bills of the local provider</b><a href="../">Local run</a></header>'
        f"{f'<ul>{listed}</ul>' if bills else empty}"
        f'<details><summary>For engineers: let it fail</summary><p class="quiet">{now} “refuse” carries nothing out; '
        "“slow” and “broken” do, and answer too late or with nothing of use.</p>"
        '<form method="post" action="trouble"><div class="pair">'
        f'<label>What<select name="what">{options}</select></label>'
        f'<label>Calls<input name="calls" type="number" min="0" max="{MOST_TROUBLE}" value="1"></label></div>'
        "<button>Let the next calls fail</button></form></details>"
    )
    return _page("Local provider", body)


def one(bill: LocalBill, site_url: str) -> str:
    """One bill with its buttons."""
    about = {
        "For": bill.comment,
        "Customer": bill.customer,
        "Payable until": f"{bill.expires_at:%d %B, %H:%M:%S} UTC",
        "Bill": bill.order_id,
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in about.items() if value)
    is_as_asked = f"{bill.amount} {bill.currency}" == bill.asked
    changed = "" if is_as_asked else f'<p class="quiet">Asked for: {escape(bill.asked)}</p>'
    body = (
        f'<header><b>{_name(bill)}, local</b><a href="../">All bills</a></header>'
        f'<div class="card">{_status(bill)}<p class="sum">{_money(bill)}</p>{changed}<dl>{rows}</dl>'
        f"{_buttons(bill)}</div>"
        f'<a class="back" href="{escape(site_url)}/topup/{escape(bill.order_id)}">Back to Starbid</a>'
        f"{_engineers(bill)}"
    )
    return _page(f"{_name(bill)}: {_money(bill)}", body)


def sorry(words: str) -> str:
    body = '<header><b>Local provider</b><a href="/_local/pay/">All bills</a></header>'
    return _page("Local provider", f'{body}<p class="card">{escape(words)}</p>')


def _buttons(bill: LocalBill) -> str:
    act = f'method="post" action="{bill.number}/'
    if bill.status == WAITING:
        return (
            f'<form {act}pay"><button class="main">Pay {_money(bill)}</button></form>'
            f'<div class="pair"><form {act}reject"><button>Reject</button></form>'
            f'<form {act}expire"><button>Let it expire</button></form></div>'
        )
    if bill.status == PAID and not bill.is_refunded:
        return (
            f'<form {act}refund"><button>Refund</button></form><p class="quiet">The provider takes the money back and '
            "tells nobody: an operator of Starbid marks the bill as charged back.</p>"
        )
    return ""


def _engineers(bill: LocalBill) -> str:
    act = f'method="post" action="{bill.number}/'
    pay = (
        f'<form {act}pay"><div class="pair"><button name="callbacks" value="0">Pay silently</button>'
        '<button name="callbacks" value="2">Pay, tell it twice</button></div></form>'
    )
    told = "".join(f"<div>{escape(line)}</div>" for line in reversed(bill.told)) or "None yet."
    return (
        f"<details><summary>For engineers</summary>{pay if bill.status == WAITING else ''}"
        f'<form {act}callback"><button name="callbacks" value="2">Send the callback twice</button></form>'
        f'<form {act}say"><p class="quiet">Say anything, whatever was before: another amount or currency, a status '
        'that nobody knows, “paid” after the end, “rejected” after “paid”.</p><div class="pair">'
        f'<label>Amount<input name="amount" inputmode="decimal" value="{escape(bill.amount)}"></label>'
        f'<label>Currency<input name="currency" value="{escape(bill.currency)}"></label></div>'
        '<label>Status<input name="status" list="statuses" value="paid"></label><datalist id="statuses">'
        "<option>waiting<option>paid<option>rejected<option>expired<option>ON_HOLD</datalist>"
        '<label>Callbacks<input name="callbacks" type="number" min="0" max="5" value="1"></label>'
        '<button>Say so</button></form><p class="quiet">Callbacks, newest first</p>'
        f'<div class="told">{told}</div></details>'
    )


def _page(title: str, body: str) -> str:
    return _PAGE.format(title=escape(title), style=_STYLE, body=body)


def _name(bill: LocalBill) -> str:
    return _NAMES[bill.provider]


def _money(bill: LocalBill) -> str:
    amount = f"{float(bill.amount):,.2f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return escape(f"{amount}\N{NO-BREAK SPACE}{_SIGNS.get(bill.currency, bill.currency)}")


def _status(bill: LocalBill) -> str:
    words = "Refunded" if bill.is_refunded else _WORDS.get(bill.status, bill.status)
    return f'<span class="status {escape(bill.status)}">{escape(words)}</span>'
