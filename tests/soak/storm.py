"""Faults between the use cases and AWS or Telegram: each call of a port may fail, be lost, or be the last one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from random import Random
from typing import Any

from starbid.domain.money import Money
from starbid.domain.wallet import Wallet, WalletChange
from starbid.services.ports import (
    Ailment,
    Contended,
    ModelTrouble,
    Notice,
    ProviderTrouble,
    Standing,
    TryLater,
    Unavailable,
)
from tests.support.failing import Death

KINDS = ("fail before", "fail after success", "conflict", "throttle", "time-out", "crash")
TELEGRAM = ("messenger", "stars", "stage")
LINE = {("intents", name) for name in ("take_lease", "give_back_lease", "add", "withdraw")}
"""Single writes that meet transactions and each other."""
ACCOUNT = ("questions", "save")
"""So does this one, and other people's acts come in between."""
RECORDS = ("questions.save", "store.commit")
"""What records that an answer has been told."""
OFTEN, SELDOM = 0.3, 0.1
MOST_MOMENTS = 16
"""A planned crash happens within this many moments; a moment is before or after a call."""


class Storm:
    """Decides the fault of each call. Calm until told otherwise.

    `meanwhile` is somebody else's act between a read and a write, `interleaved` how often that happened.
    `injected` counts the faults by kind, `crashes` the places of crashes, `calls` all calls.
    `excused` counts by notice how often Telegram's answer or its record was lost: it may be repeated as often.
    """

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._shares: dict[str, float] = {}
        self._fuse: int | None = None
        self._dead = False
        self._doomed = self._lost = ""
        self.telegram_is_down = False
        self.meanwhile: Callable[[], None] = lambda: None
        self.interleaved = 0
        self.calls = 0
        self.injected: Counter[str] = Counter()
        self.crashes: Counter[str] = Counter()
        self.excused: Counter[str] = Counter()
        self.excused_answers: Counter[str] = Counter()
        """The same of answers of the helper, by question."""
        self._told = self._answered = ""

    def blow(self) -> str:
        """Faults of a random sort from now on, until `calm`; returns its name."""
        self.calm()
        sort = self._dice.choice(("any", "any", "conflict", "crash", "crash", "crash", "others", "others"))
        if sort == "any":
            self._shares = dict.fromkeys(KINDS, SELDOM / 2)
        elif sort == "conflict":
            self._shares = {"conflict": OFTEN}
        elif sort == "others":
            self._shares = {"others": OFTEN}
        else:
            self._fuse = self._dice.randrange(MOST_MOMENTS)
        return sort

    def calm(self) -> None:
        """No more faults except those of a Telegram that is down; a crashed process has been restarted."""
        self._shares, self._fuse, self._dead, self._doomed, self._lost = {}, None, False, "", ""
        self._answered = ""

    def doom(self, place: str) -> None:
        """The process dies right after its next call of this place, `port.name`."""
        self._doomed = place

    def lose(self, place: str) -> None:
        """Calls of this place time out from now on, until `calm`; half of them have done their deed."""
        self._lost = place

    @contextmanager
    def meets(self, deed: Callable[[], None]) -> Iterator[None]:
        """Somebody does just this between each read and its write."""
        saved = self.meanwhile, self._shares
        self.meanwhile, self._shares = deed, {"others": 1}
        try:
            yield
        finally:
            self.meanwhile, self._shares = saved

    def call(self, port: str, name: str, deed: Callable[[], Any], about: object = None) -> Any:
        """Do `deed`, the call `name` of `port`, in this weather."""
        place = f"{port}.{name}"
        if self._dead:
            self._excuse_answer(place)  # it died in what others did meanwhile
            raise Death
        self.calls += 1
        kind = self._drawn(port, name)
        if kind == "others":
            self.let_others()
            kind = None
        if kind == "time-out" and self._dice.random() < 0.5:
            kind = "time-out after"
        if self._burns() or kind == "crash":
            self._die(place, "before", about)
        if kind in ("fail before", "conflict", "throttle", "time-out"):
            self.injected[kind] += 1
            self._excuse(place, "before", about)
            raise self._error(port, kind)
        answer = deed()
        self._told = about.id if isinstance(about, Notice) else self._told
        self._answered = str(about) if place == "stage.tell" else "" if place in RECORDS else self._answered
        if self._burns() or self._doomed == place:
            self._die(place, "after", about)
        if kind:
            self.injected["time-out" if kind == "time-out after" else kind] += 1
            self._excuse(place, "after", about)
            raise self._error(port, kind)
        return answer

    def _drawn(self, port: str, name: str) -> str | None:
        if self._lost == f"{port}.{name}":
            return "time-out"
        if self.telegram_is_down and port in TELEGRAM and self._dice.random() < 0.8:
            return self._dice.choice((*["fail before", "throttle"] * 5, "time-out", "fail after success"))
        for kind, share in self._shares.items():
            meets_others = name == "commit" or (port, name) == ACCOUNT or (kind == "conflict" and (port, name) in LINE)
            if (kind not in ("conflict", "others") or meets_others) and self._dice.random() < share:
                return kind
        return None

    def between(self) -> None:
        """Between two items of one read; happens only with other people active."""
        if not self._dead and self._dice.random() < self._shares.get("others", 0):
            self.let_others()

    def coin(self) -> bool:
        return self._dice.random() < 0.5

    def let_others(self, deed: Callable[[], object] | None = None) -> None:
        """Somebody else acts, in good weather, between the read and the write of the present act."""
        weather, self._shares, self._fuse = (self._shares, self._fuse), {}, None
        aimed, self._doomed, self._lost = (self._doomed, self._lost, self._answered), "", ""
        self.interleaved += 1
        try:
            (deed or self.meanwhile)()
        finally:
            (self._shares, self._fuse), (self._doomed, self._lost, self._answered) = weather, aimed

    def _burns(self) -> bool:
        if self._fuse is None:
            return False
        self._fuse -= 1
        return self._fuse < 0

    def _die(self, place: str, when: str, about: object) -> None:
        self._dead, self._fuse = True, None
        self.injected["crash"] += 1
        self.crashes[f"{when} {place}"] += 1
        self._excuse(place, when, about)
        raise Death

    def _error(self, port: str, kind: str) -> BaseException:
        if kind == "conflict":
            return Contended(kind)
        if port == "bills":
            return ProviderTrouble(kind, is_open=kind not in ("fail before", "throttle"))
        if port == "model":
            return ModelTrouble(Ailment.BUSY if kind == "throttle" else Ailment.BROKEN, kind)
        if port == "stage":
            return TryLater(self._dice.randrange(1, 30))
        if port in TELEGRAM:
            return TryLater(self._dice.randrange(1, 30)) if kind == "throttle" else TimeoutError(kind)
        return Unavailable(kind)

    def _excuse(self, place: str, when: str, about: object) -> None:
        if (place, when) == ("messenger.tell", "after") and isinstance(about, Notice):
            self.excused[about.id] += 1
        if (place, when) == ("stage.tell", "after"):
            self.excused_answers[str(about)] += 1
        if when == "before":
            self._excuse_answer(place)
        if (place, when) == ("scratch.finish", "before"):
            self.excused[str(about).removeprefix("notice#")] += 1
        if (place, when) == ("scratch.put", "before") and str(about).startswith("living#"):
            self.excused[self._told] += 1

    def _excuse_answer(self, place: str) -> None:
        """It has been told, and nobody records it."""
        if place in RECORDS and self._answered:
            self.excused_answers[self._answered] += 1


class Exposed:
    """A port exposed to the storm: its calls may fail. Other attributes pass."""

    def __init__(self, name: str, port: Any, storm: Storm, note: Callable[[WalletChange], None] | None = None) -> None:
        self._name, self._port, self._storm, self._note = name, port, storm, note

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._port, name)
        if not callable(real):
            return real
        if name == "unit":
            return lambda: ExposedUnit(real(), self._storm, self._note)
        return lambda *args, **named: self._storm.call(
            self._name, name, lambda: real(*args, **named), _subject(name, args)
        )


class ExposedShop(Exposed):
    """A provider of bills. To read what it sent takes no call."""

    def read_callback(self, headers: Mapping[str, str], body: bytes) -> Any:
        return self._port.read_callback(headers, body)


class ExposedUnit:
    """A unit whose commit is exposed to the storm; `note` gets the written changes of wallets."""

    def __init__(self, unit: Any, storm: Storm, note: Callable[[WalletChange], None] | None) -> None:
        self._unit, self._storm, self._note = unit, storm, note
        self._changes: list[WalletChange] = []
        self._others = storm.interleaved

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)

    def change_wallet(
        self, change: WalletChange, standing: Standing = Standing.ANY, needed: Money | None = None, **more: Any
    ) -> None:
        self._changes.append(change)
        self._unit.change_wallet(change, standing, needed, **more)

    def commit(self) -> None:
        self._storm.call("store", "commit", self._write)

    def _write(self) -> None:
        before = dict(self._unit._store.tables.wallets)
        self._unit.commit()
        if self._others == self._storm.interleaved:  # otherwise a debt may have appeared since the wallet was read
            self._require_solvent_winners(before)
        for change in self._changes if self._note else ():
            self._note(change)  # type: ignore[misc]

    def _require_solvent_winners(self, before: Mapping[tuple[int, str], Wallet]) -> None:
        """Nobody with a debt pays from a hold (spec, section 2)."""
        for change in self._changes:
            if change.bought_was is not None and change.held.amount < 0:
                wallet = before[change.user_id, change.held.currency]
                assert not wallet.owes, f"{wallet.user_id} owes {wallet.owed.amount} and wins"


def _subject(name: str, args: tuple[Any, ...]) -> object:
    """The subject of a call, if a repetition has to be excused."""
    if name == "tell":
        return args[1]
    return args[0] if name in ("finish", "put") else None
