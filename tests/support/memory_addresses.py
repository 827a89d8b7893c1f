"""What units of the in-memory store write about addresses of deals, and about files that are handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from starbid.domain.addresses import Address
from starbid.domain.delivered_files import DeliveredFile

from .memory_tables import KeptAddress, KeptFiles, Tables


class AddressVerbs:
    """The part of `ports.Unit` about addresses and files."""

    writes: list[Callable[[Tables], None]]

    def keep_address(self, auction_id: str, address: Address) -> None:
        self._touch("address", auction_id)
        self.writes.append(lambda tables: tables.addresses.__setitem__(auction_id, KeptAddress.of(address)))

    def expire_address(self, auction_id: str, at: datetime) -> None:
        self._touch("address", auction_id)

        def write(tables: Tables) -> None:
            there = tables.addresses.get(auction_id) or KeptAddress({})
            tables.addresses[auction_id] = replace(there, until=at)

        self.writes.append(write)

    def keep_files(self, auction_id: str, files: tuple[DeliveredFile, ...]) -> None:
        self._touch("files", auction_id)
        self.writes.append(lambda tables: tables.files.__setitem__(auction_id, KeptFiles(files)))

    def expire_files(self, auction_id: str, at: datetime) -> None:
        self._touch("files", auction_id)

        def write(tables: Tables) -> None:
            tables.files[auction_id] = replace(tables.files.get(auction_id, KeptFiles()), until=at)

        self.writes.append(write)

    def _touch(self, what: str, *key: object) -> None:
        raise NotImplementedError
