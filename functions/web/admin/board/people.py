"""Cards of people: who is active, who is new, how far they come, who sells best, what the AI helper does."""

from __future__ import annotations

from collections.abc import Mapping

from starbid.domain.analytics import metrics
from starbid.domain.analytics.known import Step
from starbid.domain.people import Person
from starbid.services.analytics.dashboard import ACTIVE
from web.admin.board.card import BAD, GOOD, PLAIN, Card, Cell, Reader, bar_card
from web.shared.charts import Series, Share, shares


def people_cards(reader: Reader, people: Mapping[int, Person]) -> list[Card]:
    new = _counted(reader, metrics.NEW, reader._("New people"), reader._("Who came for the first time."))
    return [_active(reader), new, _funnel(reader), *_sellers(reader, people)]


def assistant_cards(reader: Reader, *, is_offered: bool) -> list[Card]:
    """Where the helper is offered, all of them; else what is left of the time when it was."""
    _ = reader._
    named = (
        (metrics.ANSWERS, _("AI answers"), _("Questions that the AI helper answered."), GOOD),
        (
            metrics.FAILURES,
            _("AI questions without an answer"),
            _("Without those that people stopped, or that operators barred. They cost people nothing."),
            BAD,
        ),
        (metrics.TOKENS, _("AI tokens"), _("What questions took of the AI service, answered or not."), PLAIN),
        (metrics.TRIALS, _("AI trials"), _("People who began to try it."), GOOD),
    )
    cards = [_counted(reader, *each) for each in named if is_offered or _has_any(reader, each[0])]
    return [*cards, _trial_to_paid(reader)] if is_offered or _has_any(reader, metrics.TRIALS) else cards


def _has_any(reader: Reader, metric: str) -> bool:
    return bool(reader.view.total.get(metric) or reader.view.before.get(metric))


def _trial_to_paid(reader: Reader) -> Card:
    def counted(sums: Mapping[str, int]) -> tuple[int, int, str, int | None]:
        trials, paid = sums.get(metrics.TRIALS, 0), sums.get(metrics.TRIALS_PAID, 0)
        said = reader._("{paid} of {trials}", paid=reader.count(paid), trials=reader.count(trials))
        return trials, paid, said, round(paid * 100 / trials) if trials else None

    trials, paid, said, now = counted(reader.view.total)
    _, _, said_before, before = counted(reader.view.before)
    title = reader._("Trial to paid")
    row = Share(reader._("Paid after the trial"), paid, trials, said)
    return Card(
        title=title,
        figure=reader._("–") if now is None else f"{now}%",
        about=reader._("Who paid in this time after a trial, set against the trials that began in it."),
        chart=None if now is None else shares(title, said, [row]),
        head=("", reader._("This time"), reader._("Time before")),
        rows=[(Cell(row.name), Cell(said, is_number=True), Cell(said_before, is_number=True))],
        change=None if now is None else reader.points(now, before),
        empty=reader._("Nothing in this time"),
    )


def _active(reader: Reader) -> Card:
    view, is_day = reader.view, reader.view.period.is_one_day
    now, before = (round(sum(days) / max(1, len(days))) for days in (view.people, view.people_before))
    about = reader._("Different people who wrote to the bot, logged in or bid. Who only looks is not counted.")
    figure = reader.count(now) if is_day else reader._("{count} a day", count=reader.count(now))
    return bar_card(
        reader,
        reader._("Active people"),
        [Series(view.series(ACTIVE))],
        reader.count,
        reader.mark(),
        figure=figure,
        about=about,
        change=reader.change(now, before, reader.count),
    )


def _counted(reader: Reader, metric: str, title: str, about: str, more: str = GOOD) -> Card:
    total, before = (sums.get(metric, 0) for sums in (reader.view.total, reader.view.before))
    return bar_card(
        reader,
        title,
        [Series(reader.view.series(metric))],
        reader.count,
        reader.mark(),
        figure=reader.count(total),
        about=about,
        change=reader.change(total, before, reader.count, more=more),
    )


def _funnel(reader: Reader) -> Card:
    _, view = reader._, reader.view
    names = {
        Step.NEW: _("Came"),
        Step.PAID: _("Paid in"),
        Step.BID: _("Bid"),
        Step.WON: _("Won"),
        Step.AGAIN: _("Won again"),
    }
    new = view.funnel[Step.NEW]
    rows = [(names[step], view.funnel[step], view.funnel_before[step]) for step in Step]
    drawn = [Share(name, count, new, _said(reader, count, new)) for name, count, _before in rows]
    title = _("From new to loyal")
    return Card(
        title=title,
        figure="",
        about=_("How far the people who came in this time have come until now. Each step takes all steps before it."),
        chart=shares(title, _("The table below the chart has all of it."), drawn) if new else None,
        head=(_("Step"), _("This time"), _("Time before")),
        rows=[(Cell(name), _number(reader, count), _number(reader, before)) for name, count, before in rows],
        empty=_("Nobody came in this time"),
    )


def _said(reader: Reader, count: int, new: int) -> str:
    return f"{reader.count(count)} · {round(count * 100 / new) if new else 0}%"


def _sellers(reader: Reader, people: Mapping[int, Person]) -> list[Card]:
    """Of the month that the period ends in, in UTC: a list for each currency."""
    _, cards = reader._, []
    last = reader.view.period.last
    month = f"{reader.words.months[last.month - 1]} {last.year}"
    for code, board in reader.view.sellers.items():
        value = reader.money(code)
        named = [(who, people[who].name if who in people else str(who), amount) for who, amount in board]
        title = _("Top sellers, {month}", month=month) + (f", {code}" if len(reader.view.sellers) > 1 else "")
        drawn = [Share(name, amount, named[0][2], value(amount)) for _who, name, amount in named[:5]]
        cards.append(
            Card(
                title=title,
                figure="",
                about=_("By the prices of what they sold. The month is that of UTC."),
                chart=shares(title, _("The table below the chart has all of it."), drawn),
                head=(_("Seller"), _("Sold for")),
                rows=[
                    (Cell(name, f"/admin/users/{who}"), Cell(value(amount), is_number=True))
                    for who, name, amount in named
                ],
            )
        )
    return cards


def _number(reader: Reader, number: int) -> Cell:
    return Cell(reader.count(number), is_number=True)
