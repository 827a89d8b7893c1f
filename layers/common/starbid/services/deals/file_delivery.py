"""Files that a seller hands over: put aside as they come, handed over by one step, shown to those who may have them.

Nothing is downloaded for the chat: the bot sends a file on by Telegram's id. The site hands out a copy, which is made
when somebody asks for it first: asked for again, or by two at once, it is the same copy. What is uploaded on the site
is kept by its content, before it is handed over: another upload changes nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from starbid.domain.audit_trail import decided
from starbid.domain.deal_errors import NotSold, WrongDealState
from starbid.domain.deals import DELIVERY_LENGTH, Deal, require_delivery
from starbid.domain.delivered_files import (
    FIELD,
    MAX_FILES,
    MOST_COPIED,
    DeliveredFile,
    Parcel,
    are_kept,
    packed,
    uploaded,
    with_part,
)
from starbid.domain.errors import Invalid, NotFound
from starbid.domain.limits import Deed
from starbid.domain.roles import Right
from starbid.domain.texts import read_text
from starbid.services.deals.dealing import Dealing
from starbid.services.limits import Limits
from starbid.services.looking import put_on_record
from starbid.services.operators import Operators
from starbid.services.ports import DealFiles, FileCopies, PartsAside, Rejected, Store, TryLater, Unreachable
from starbid.services.sweeping import each

SWEEP_LIMIT = 100
Fetch = Callable[[str, int], bytes | None]
"""What Telegram has under an id; None where it is more than so many bytes. Raises Rejected and TryLater."""


class FileDelivery:
    """From what the seller sends to the bot to what the buyer fetches from the site."""

    def __init__(
        self,
        store: Store,
        dealing: Dealing,
        files: DealFiles,
        aside: PartsAside,
        copies: FileCopies,
        limits: Limits,
        operators: Operators,
        fetch: Fetch,
    ) -> None:
        self._store, self._dealing = store, dealing
        self._files, self._aside, self._copies = files, aside, copies
        self._limits, self._operators, self._fetch = limits, operators, fetch

    def put_aside(
        self, person_id: int, auction_id: str, number: int, file: DeliveredFile | None, text: str, now: datetime
    ) -> Parcel:
        """Keep what a message (of this number) brought; answers all that is aside. Handled twice, it is the same.

        Raises Invalid, and what `require_delivery` does.
        """
        require_delivery(self._dealing.deal(auction_id), person_id, now)
        parts = with_part(self._aside.of(person_id, auction_id, now), number, file, text)
        self._aside.keep(person_id, auction_id, number, parts[number], now)
        return packed(parts)

    def aside(self, person_id: int, auction_id: str, now: datetime) -> Parcel:
        """What has been put aside so far."""
        return packed(self._aside.of(person_id, auction_id, now))

    def drop_aside(self, person_id: int, auction_id: str, now: datetime) -> None:
        self._aside.drop(person_id, auction_id, now)

    def deliver(self, person_id: int, auction_id: str, mark: str, now: datetime) -> Deal | None:
        """Hand over what is aside, if it is what the `mark` stands for; done once where it was done before. None, and
        nothing happens, where something else is aside by now.

        Raises what `Dealing.deliver` does.
        """
        parcel = self.aside(person_id, auction_id, now)
        deal = None
        if not parcel.is_empty and parcel.mark == mark:
            deal = self._delivered(person_id, auction_id, parcel, now)
        elif self._was_delivered(self._dealing.deal(auction_id), person_id, mark, now):
            deal = self._dealing.deal(auction_id)
        if deal:
            self.drop_aside(person_id, auction_id, now)
        return deal

    def deliver_uploads(
        self, person_id: int, auction_id: str, text: str, uploads: Sequence[tuple[str, bytes]], now: datetime
    ) -> Deal:
        """Hand over words and files of a form, each with its name; done once where it was done before. What a process
        that dies in between has stored is seen by nobody and expires.

        Raises what `Dealing.deliver` does, and TooOften.
        """
        if len(uploads) > MAX_FILES:
            raise Invalid(FIELD, "too_many_files", most=MAX_FILES)
        parcel = Parcel(
            tuple(uploaded(name, data) for name, data in uploads),
            read_text("text", text, 0 if uploads else 1, DELIVERY_LENGTH),
        )
        deal = self._dealing.deal(auction_id)
        if self._was_delivered(deal, person_id, parcel.mark, now):
            return deal
        require_delivery(deal, person_id, now)
        for file, (_, data) in zip(parcel.files, uploads, strict=True):
            self._limits.require(Deed.FILE, person_id, now)
            self._copies.keep(auction_id, file.upload, data)
        return self._delivered(person_id, auction_id, parcel, now)

    def content(self, deal: Deal, file: DeliveredFile) -> bytes | None:
        """Of an upload, for one who got it from `fetched`; None where it is not there any more."""
        return self._copies.load(deal.auction_id, file.upload)

    def of(self, deal: Deal, viewer_id: int, now: datetime) -> tuple[DeliveredFile, ...]:
        """The files of a deal for its two sides, and for an operator as long as it is disputed; () for others, and once
        they are erased.
        """
        if not are_kept(deal, now) or not self._may_have(deal, viewer_id):
            return ()
        return self._files.of(deal.auction_id, now)

    def fetched(self, deal: Deal, viewer_id: int, key: str, now: datetime) -> tuple[DeliveredFile, ...]:
        """What `of` answers, for one who gets all of it now: a look of an operator is put on record, once for a `key`.
        Raises Contended.
        """
        files = self.of(deal, viewer_id, now)
        if files:
            self._note(deal, viewer_id, f"all files: {len(files)}", key, now)
        return files

    def link(
        self, viewer_id: int, auction_id: str, number: int, now: datetime, *, key: str, address: str
    ) -> str | None:
        """Where this one fetches the file of that place (from 1 on), for some minutes. None where Telegram alone has
        it: it is too large for a bot, or not given out just now. A look of an operator, from that `address`, is put on
        record, once for a `key`.

        Raises NotFound for one who may not have it, and where there is none; TooOften, Contended.
        """
        deal, file = self._file(viewer_id, auction_id, number, now)
        if not file.is_copied:
            return None
        self._limits.require(Deed.FILE, viewer_id, now)
        self._note(deal, viewer_id, f"file {number} of {deal.files}", key, now, address)
        known = self._copies.link(auction_id, file.upload or number, file.name)
        if known or file.upload or not self._copy(auction_id, number, file):
            return known
        return self._copies.link(auction_id, number, file.name)

    def sweep(self, now: datetime) -> int:
        """Erase the files whose time is over, first the copies; answers of how many lots.

        Raises an ExceptionGroup after doing what it could.
        """
        due = self._files.due(now, SWEEP_LIMIT)
        return len(each("files not erased", due, lambda auction_id: self._erase(auction_id, now)))

    def _erase(self, auction_id: str, now: datetime) -> None:
        uploads = [file.upload for file in self._files.known(auction_id) if file.upload]
        self._copies.erase(auction_id, uploads)
        self._files.erase(auction_id, now)

    def _delivered(self, person_id: int, auction_id: str, parcel: Parcel, now: datetime) -> Deal:
        try:
            return self._dealing.deliver(person_id, auction_id, parcel.text, now, parcel.files)
        except WrongDealState:
            deal = self._dealing.deal(auction_id)
            if not self._was_delivered(deal, person_id, parcel.mark, now):
                raise
            return deal

    def _was_delivered(self, deal: Deal, person_id: int, mark: str, now: datetime) -> bool:
        if person_id != deal.seller_id or not deal.is_delivered:
            return False
        files = self._files.of(deal.auction_id, now) if deal.files else ()
        return Parcel(files, deal.delivery or "").mark == mark

    def _file(self, viewer_id: int, auction_id: str, number: int, now: datetime) -> tuple[Deal, DeliveredFile]:
        try:
            deal = self._dealing.deal(auction_id)
        except NotSold as error:
            raise NotFound from error
        files = self.of(deal, viewer_id, now)
        if not 1 <= number <= len(files):
            raise NotFound
        return deal, files[number - 1]

    def _note(self, deal: Deal, viewer_id: int, what: str, key: str, now: datetime, address: str = "") -> None:
        """Before anything is handed out; the two sides look at what is theirs."""
        if viewer_id in (deal.seller_id, deal.buyer_id):
            return
        operator = self._operators.operator(viewer_id, address)
        decision = decided(operator, "", key, now, needs_reason=False)
        put_on_record(self._store, decision, "read-files", deal.auction_id, what)

    def _may_have(self, deal: Deal, viewer_id: int) -> bool:
        if viewer_id in (deal.seller_id, deal.buyer_id):
            return True
        return deal.is_disputed and self._operators.may(viewer_id, Right.SUPPORT)

    def _copy(self, auction_id: str, number: int, file: DeliveredFile) -> bool:
        """Make the copy; False where Telegram does not give it out."""
        try:
            data = self._fetch(file.file_id, MOST_COPIED)
        except (Rejected, TryLater, Unreachable):
            return False
        if data is None:
            return False
        self._copies.keep(auction_id, number, data)
        return True
