"""The pages of the local provider: one for each bill, and the list of all."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from local import sheet
from local.pay.bills import CRYPTOPAY, PAID, QIWI, WAITING, LocalBill
from local.sheet import page
from local.troubles import Troubles

_NAMES = {QIWI: "QIWI", CRYPTOPAY: "Crypto Pay"}
_SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€"}
_WORDS = {
    "waiting": "Waiting",
    "paid": "Paid",
    "rejected": "Rejected",
    "expired": "Expired",
    "deleted": "Deleted",
}
_TROUBLES = "“refuse” carries nothing out; “slow” and “broken” do, and answer too late or with nothing of use."


def index(bills: Sequence[LocalBill], troubles: Troubles) -> str:
    """All bills, newest first, and how the provider is to fail."""
    listed = "".join(
        f'<li><a href="bills/{bill.number}"><span>{_money(bill)}<small>{_name(bill)}, {bill.made_at:%d %B, %H:%M:%S}'
        f"</small></span>{_status(bill)}</a></li>"
        for bill in bills
    )
    empty = '<p class="card quiet">No bills yet. Top up on the site or in the chat, and the bill appears here.</p>'
    body = (
        '<header><b>Bills of the local provider</b><a href="../">Local run</a></header>'
        f"{f'<ul>{listed}</ul>' if bills else empty}"
        f"{troubles.form('calls', 'Every call is answered.', _TROUBLES)}"
    )
    return page("Local provider", body)


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
    return page(f"{_name(bill)}: {_money(bill)}", body)


def sorry(words: str) -> str:
    head = '<header><b>Local provider</b><a href="/_local/pay/">All bills</a></header>'
    return sheet.sorry("Local provider", head, words)


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


def _name(bill: LocalBill) -> str:
    return _NAMES[bill.provider]


def _money(bill: LocalBill) -> str:
    amount = f"{float(bill.amount):,.2f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    return escape(f"{amount}\N{NO-BREAK SPACE}{_SIGNS.get(bill.currency, bill.currency)}")


def _status(bill: LocalBill) -> str:
    words = "Refunded" if bill.is_refunded else _WORDS.get(bill.status, bill.status)
    return f'<span class="status {escape(bill.status)}">{escape(words)}</span>'
