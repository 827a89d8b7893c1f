"""What holds of the helper's accounts and questions: after every step, and once nothing is to be done any more."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from starbid.domain.assistant.account import Account, Pack, Phase, Source
from starbid.domain.assistant.question import Place, Question, State, first_id_after
from starbid.domain.events import CreditsBought, CreditsChanged, CreditsWithdrawn, QuestionAnswered, QuestionFailed
from starbid.domain.ledger import REVENUE, receivable_account, user_account
from starbid.domain.payments import Charge, ChargeState, Purpose, credit_id
from tests.support.memory_tables import Tables

from .answers import parts_of


def wrong(tables: Tables, quota: int) -> Iterator[str]:
    """Each violation, in a sentence. `quota`: answers of 30 paid days."""
    told = Told(tables)
    for account in tables.accounts.values():
        yield from _reserved(tables, account, quota)
        yield from _adds_up(account, told)
    for question in tables.questions.values():
        yield from _ended_once(question, told, tables.accounts[question.user_id])
    yield from _paid_for(tables)
    yield from _went_back(tables)


def unfinished(tables: Tables) -> Iterator[str]:
    """The same where all work is done: what is still open, or was cleared and is still there."""
    for account in tables.accounts.values():
        if account.open or account.clearing_due:
            yield f"15: the account is not done: {account}"
    for question in tables.questions.values():
        cleared_at = tables.accounts[question.user_id].cleared_at
        if not question.state.is_over:
            yield f"15: never answered: {question}"
        if cleared_at and question.id < first_id_after(cleared_at):
            yield f"15: cleared at {cleared_at} and still there: {question}"


def not_told(tables: Tables, told: Counter[tuple[str, str]], silent: set[str], excused: Counter[str]) -> Iterator[str]:
    """Answers of a chat that did not reach it, or more often than Telegram's answer or its record was lost."""
    for question in tables.questions.values():
        if question.place is Place.CHAT and question.id not in silent:
            missing = parts_of(question) - told.keys()
            if missing:
                yield f"15: never told: {missing} of {question}"
    again: Counter[str] = Counter()
    for (name, _), times in told.items():
        again[name] += times - 1
    yield from (f"15: {name} was told {n} times more" for name, n in again.items() if n > excused[name])


class Told:
    """The events about answers and credits, by person or question."""

    def __init__(self, tables: Tables) -> None:
        self.ends: defaultdict[tuple[int, str], list[QuestionAnswered | QuestionFailed]] = defaultdict(list)
        self.used: Counter[tuple[int, str]] = Counter()
        self.granted: Counter[int] = Counter()
        self.taken: Counter[int] = Counter()
        self.withdrawn: Counter[int] = Counter()
        for event in tables.events.values():
            match event:
                case QuestionAnswered():
                    self.ends[event.user_id, event.question_id].append(event)
                    self.used[event.user_id, event.source] += 1
                case QuestionFailed():
                    self.ends[event.user_id, event.question_id].append(event)
                case CreditsBought():
                    self.granted[event.user_id] += event.credits
                case CreditsChanged():
                    self.granted[event.user_id] += max(0, event.change)
                    self.taken[event.user_id] -= min(0, event.change)
                case CreditsWithdrawn():
                    self.withdrawn[event.user_id] += event.credits
        for pack in _refunded(tables):
            self.withdrawn[pack[0]] += pack[1].credits


def _refunded(tables: Tables) -> Iterator[tuple[int, Pack]]:
    """Packs that were unused when we refunded their payment, which nothing tells of by itself."""
    for charge in tables.charges.values():
        pack = tables.used_packs.get((charge.user_id, credit_id(charge)))
        is_back = charge.state is not ChargeState.CREDITED and f"credits-withdrawn:{charge.id}" not in tables.events
        if charge.purpose is Purpose.PACK and is_back and pack and not pack.used:
            yield charge.user_id, pack


def _reserved(tables: Tables, account: Account, quota: int) -> Iterator[str]:
    """Reserved = open questions: what pays for one is set aside, and is there."""
    open_ = account.open
    waiting = [each for each in tables.questions.values() if each.user_id == account.user_id and not each.state.is_over]
    if len(waiting) > 1:
        yield f"15: {account.user_id} has asked two questions at once: {waiting}"
    if open_ is None or open_.phase is Phase.TELLING:
        if waiting:
            yield f"15: {waiting[0].id} waits, and nothing is reserved for it: {open_}"
        return
    if [each.id for each in waiting] != [open_.id]:
        yield f"15: something is reserved for {open_.id}, what waits is {waiting}"
    packs = {pack.id: pack for pack in account.packs}
    left = {
        Source.TRIAL: account.trial.granted - account.trial.used if account.trial else 0,
        Source.QUOTA: quota - account.quota_used.get(open_.of, 0),
        Source.CREDIT: packs[open_.of].left if open_.of in packs else 0,
    }
    if left[open_.source] < 1:
        yield f"15: what is reserved for {open_} is not there: {account}"


def _adds_up(account: Account, told: Told) -> Iterator[str]:
    """Used + left + withdrawn = granted, and used is what was answered."""
    who, left = account.user_id, sum(pack.left for pack in account.packs)
    if any(not 0 < pack.left <= pack.credits for pack in account.packs) or account.credits < 0:
        yield f"15: packs of {who}: {account.packs}"
    spent = told.used[who, Source.CREDIT] + told.taken[who]
    sums = (account.granted, account.spent, account.withdrawn)
    if sums != (told.granted[who], spent, told.withdrawn[who]):
        told_of = (told.granted[who], spent, told.withdrawn[who])
        yield f"15: {who} has been granted, spent, withdrawn {sums}; the events say {told_of}"
    if account.spent + account.withdrawn + left != account.granted:
        yield f"15: credits of {who} are lost or made: {account}"
    trial = account.trial
    if (trial.used if trial else 0) != told.used[who, Source.TRIAL] or (trial and trial.used > trial.granted):
        yield f"15: the trial of {who} is {trial}, answered by it: {told.used[who, Source.TRIAL]}"
    if sum(account.quota_used.values()) > told.used[who, Source.QUOTA]:
        yield f"15: the quota of {who}: {account.quota_used}, answered by it: {told.used[who, Source.QUOTA]}"


def _ended_once(question: Question, told: Told, account: Account) -> Iterator[str]:
    """Settled once, as it says."""
    ends = told.ends[question.user_id, question.id]
    if len(ends) != question.state.is_over:
        yield f"15: {question} has ended {len(ends)} times"
    if not ends or len(ends) > 1:
        return
    is_answer = isinstance(ends[0], QuestionAnswered)
    if is_answer is bool(question.failure) or (question.state is State.DONE and not question.answer.strip()):
        yield f"15: {question} ended with {ends[0]}"
    if account.open and account.open.id == question.id and account.open.is_reserved:
        yield f"15: {question} has ended, and is reserved: {account.open}"


def _paid_for(tables: Tables) -> Iterator[str]:
    """Each pack that was bought has its payment, and is somewhere once."""
    for event in tables.events.values():
        if not isinstance(event, CreditsBought):
            continue
        name = event.id.removeprefix("credits:")
        transfer = tables.transfers.get(name)
        changes = {entry.account: entry.change.amount for entry in transfer.entries} if transfer else {}
        if changes.get(REVENUE) != event.price.amount:
            yield f"15: {event} was paid with {changes}"
        if event.from_wallet and changes.get(user_account(event.user_id)) != -event.price.amount:
            yield f"15: {event} was paid with {changes}"
        packs = [pack for pack in tables.accounts[event.user_id].packs if pack.id == name]
        over = tables.used_packs.get((event.user_id, name))
        if len(packs) > 1 or (packs and over and not over.left):
            yield f"15: {name} is there twice: {packs}, {over}"


def _went_back(tables: Tables) -> Iterator[str]:
    """Who had the payment of a pack taken back bears what was used of it, and no more."""
    for charge in tables.charges.values():
        if charge.purpose is Purpose.PACK and charge.state is not ChargeState.CREDITED:
            cost = _cost(tables, charge)
            moved: Counter[str] = Counter()
            for transfer in tables.transfers.values():
                if transfer.id.startswith((f"refund:{charge.id}:", f"refund-undone:{charge.id}:")):
                    moved.update({entry.account: entry.change.amount for entry in transfer.entries})
            own = moved[user_account(charge.user_id)] + moved[receivable_account(charge.user_id)]
            if own != -cost:
                yield f"15: {charge} went back: its owner bore {-own}, what was used cost {cost}"


def _cost(tables: Tables, charge: Charge) -> int:
    """Computed again: the part that was used, rounded up."""
    order = tables.orders[str(charge.order_id)]
    withdrawn = tables.events.get(f"credits-withdrawn:{charge.id}")
    over = tables.used_packs.get((charge.user_id, credit_id(charge)))
    if isinstance(withdrawn, CreditsWithdrawn):
        used = order.credits - withdrawn.credits
    else:
        used = 0 if over is None or not over.used else order.credits
    return -(-charge.amount.amount * used // order.credits)
