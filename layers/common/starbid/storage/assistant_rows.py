"""Rows of the helper. In a person's partition: `account`, `q#<id>` for each question, `pack#<id>` for a pack that is
used up.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starbid.domain.assistant.account import Account, Open, Pack, Phase, Source, Trial
from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.assistant.question import Failure, Place, Question, State, Task
from starbid.storage import rows
from starbid.storage.codec import Item
from starbid.storage.rows import at, ms

ACCOUNT = "account"


def account_key(user_id: int) -> Item:
    return {"user_id": user_id, "part": ACCOUNT}


def question_part(question_id: str) -> str:
    return f"q#{question_id}"


def question_key(user_id: int, question_id: str) -> Item:
    return {"user_id": user_id, "part": question_part(question_id)}


def pack_key(user_id: int, pack_id: str) -> Item:
    return {"user_id": user_id, "part": f"pack#{pack_id}"}


def account_item(account: Account) -> Item:
    due_at = account.due_at
    return account_key(account.user_id) | {
        "version": account.version,
        "consent_at": _ms(account.consent_at),
        "trial": _trial_item(account.trial) if account.trial else None,
        "quota_used": dict(account.quota_used) or None,
        "packs": [_pack_item(pack) for pack in account.packs] or None,
        "granted": account.granted or None,
        "spent": account.spent or None,
        "withdrawn": account.withdrawn or None,
        "open": _open_item(account.open) if account.open else None,
        "recent": [ms(moment) for moment in account.recent] or None,
        "cleared_at": _ms(account.cleared_at),
        "clearing_due": _ms(account.clearing_due),
        "has_paid": account.has_paid or None,
        "unpaid": account.unpaid or None,
        "unpaid_on": account.unpaid_on or None,
        "due_shard": rows.shard("assistant", account.user_id) if due_at else None,
        "due_at": _ms(due_at),
    }


def account_from(item: Item) -> Account:
    return Account(
        user_id=item["user_id"],
        version=item["version"],
        consent_at=_at(item.get("consent_at")),
        trial=_trial_from(item["trial"]) if "trial" in item else None,
        quota_used=item.get("quota_used", {}),
        packs=tuple(pack_from(pack) for pack in item.get("packs", ())),
        granted=item.get("granted", 0),
        spent=item.get("spent", 0),
        withdrawn=item.get("withdrawn", 0),
        open=_open_from(item["open"]) if "open" in item else None,
        recent=tuple(at(moment) for moment in item.get("recent", ())),
        cleared_at=_at(item.get("cleared_at")),
        clearing_due=_at(item.get("clearing_due")),
        has_paid=item.get("has_paid", False),
        unpaid=item.get("unpaid", 0),
        unpaid_on=item.get("unpaid_on", ""),
    )


def question_item(question: Question) -> Item:
    """What an answer shows is kept beside its Markdown only where the two differ."""
    shown = question.shown
    return question_key(question.user_id, question.id) | {
        "text": question.text,
        "asked_at": ms(question.asked_at),
        "task": question.task.value,
        "place": question.place.value,
        "subject": question.subject or None,
        "state": question.state.value,
        "answer": question.answer or None,
        "shown": shown.text if shown.text != question.answer else None,
        "marks": [_mark_item(mark) for mark in shown.marks] or None,
        "cut": question.cut or None,
        "failure": question.failure.value if question.failure else None,
        "suggested": dict(question.suggested) if question.suggested else None,
        "tokens": question.tokens or None,
        "answered_at": _ms(question.answered_at),
    }


def question_from(item: Item) -> Question:
    answer = item.get("answer", "")
    return Question(
        id=item["part"].removeprefix("q#"),
        user_id=item["user_id"],
        text=item["text"],
        asked_at=at(item["asked_at"]),
        task=Task(item["task"]),
        place=Place(item["place"]),
        subject=item.get("subject", ""),
        state=State(item["state"]),
        answer=answer,
        shown=Formatted(str(item.get("shown", answer)), tuple(_mark_from(mark) for mark in item.get("marks", ()))),
        cut=item.get("cut", False),
        failure=Failure(item["failure"]) if "failure" in item else None,
        suggested=item.get("suggested"),
        tokens=item.get("tokens", 0),
        answered_at=_at(item.get("answered_at")),
    )


def pack_item(user_id: int, pack: Pack) -> Item:
    return pack_key(user_id, pack.id) | {"pack": _pack_item(pack)}


def pack_from(facts: Item) -> Pack:
    return Pack(
        facts["id"],
        facts["credits"],
        facts["price"],
        at(facts["bought_at"]),
        facts.get("used", 0),
        facts.get("order_id", ""),
    )


def formatted_facts(shown: Formatted) -> dict[str, Any]:
    """As JSON."""
    return {"text": shown.text, "marks": [_mark_item(mark) for mark in shown.marks]}


def formatted_from(facts: dict[str, Any]) -> Formatted:
    return Formatted(facts["text"], tuple(_mark_from(mark) for mark in facts["marks"]))


def _mark_item(mark: Mark) -> list[Any]:
    more = [mark.url or mark.language] if mark.url or mark.language else []
    return [mark.look.value, mark.start, mark.end, *more]


def _mark_from(facts: list[Any]) -> Mark:
    look, more = Look(facts[0]), facts[3] if len(facts) > 3 else ""
    url, language = (more, "") if look is Look.LINK else ("", more)
    return Mark(look, facts[1], facts[2], url, language)


def _pack_item(pack: Pack) -> Item:
    facts = {
        "id": pack.id,
        "credits": pack.credits,
        "price": pack.price,
        "bought_at": ms(pack.bought_at),
        "used": pack.used,
        "order_id": pack.order_id,
    }
    return {name: value for name, value in facts.items() if value or name in ("credits", "price")}


def _trial_item(trial: Trial) -> Item:
    return {"until": ms(trial.until), "granted": trial.granted, "used": trial.used}


def _trial_from(facts: Item) -> Trial:
    return Trial(at(facts["until"]), facts["granted"], facts["used"])


def _open_item(open_: Open) -> Item:
    facts = {
        "id": open_.id,
        "source": open_.source.value,
        "of": open_.of,
        "due_at": ms(open_.due_at),
        "phase": open_.phase.value,
        "tries": open_.tries,
        "stop": open_.stop,
        "told": open_.told,
        "message_id": open_.message_id,
    }
    return {name: value for name, value in facts.items() if value}


def _open_from(facts: Item) -> Open:
    return Open(
        id=facts["id"],
        source=Source(facts["source"]),
        of=facts.get("of", ""),
        due_at=at(facts["due_at"]),
        phase=Phase(facts["phase"]),
        tries=facts.get("tries", 0),
        stop=facts.get("stop", False),
        told=facts.get("told", 0),
        message_id=facts.get("message_id", 0),
    )


def _ms(moment: datetime | None) -> int | None:
    return ms(moment) if moment else None


def _at(moment: int | None) -> datetime | None:
    return None if moment is None else at(moment)
