"""The style sheets of the site: one for each kind of page, so that a browser waits for one file before it draws.

Each is made of the files of `static/` that are named here, in this order. A new file belongs into one of them.
"""

from __future__ import annotations

_SITE = (
    "vendor/pico.min.css",
    "app.css",
    "lot.css",
    "first_steps.css",
    "forms.css",
    "people.css",
    "chart.css",
    "talk.css",
    "tickets.css",
    "assistant.css",
)

SHEETS = {
    "site.css": _SITE,
    "desk.css": (*_SITE, "admin.css", "charts.css"),
}
"""By the name that a page asks for it with: `site.css` for people, `desk.css` for the panel of the operators."""
