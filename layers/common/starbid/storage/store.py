"""The DynamoDB store: reads by subject, batches of reading, units of writing."""

from __future__ import annotations

from collections.abc import Mapping

from starbid.services.ports import ReadBatch, Unit
from starbid.storage.bills import BillReads
from starbid.storage.by_time import ReadsByTime
from starbid.storage.clients import client
from starbid.storage.money import MoneyReads
from starbid.storage.payouts import PayoutReads
from starbid.storage.people import PeopleReads
from starbid.storage.read_batch import DynamoBatch
from starbid.storage.unit import DynamoUnit


class DynamoStore(ReadsByTime, MoneyReads, PeopleReads, BillReads, PayoutReads):
    """Implements `ports.Store`; one per process, thread-safe."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        super().__init__(client("dynamodb"), tables)

    def unit(self) -> Unit:
        return DynamoUnit(self.client, self.tables)

    def batch(self) -> ReadBatch:
        return DynamoBatch(self)
