"""Writes of listings, along with what is counted of them (`tally`)."""

from __future__ import annotations

import random
import time
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from starbid.services.ports import Contended, Listing
from starbid.storage.catalogue.listing_rows import FOUND, listing_from, listing_item
from starbid.storage.catalogue.tally import Place, changes, places
from starbid.storage.codec import Item, encode
from starbid.storage.errors import Cancelled, Unmet, aws_errors
from starbid.storage.reading import Reader

TRIES = 6
"""At a count that other lots change at the same moment."""
_ALIKE = "version <= :version AND counted = :counted AND title = :title AND category = :category"


def write_listing(reader: Reader, listing: Listing, terms: Collection[str]) -> None:
    """Write a lot as lists show it, unless a later version is there; one that has ended leaves the lists.

    Most changes are bids, which change nothing that is counted: they are one write. Raises Contended.
    """
    item = listing_item(listing, terms)
    if listing.status == FOUND and listing.bids_count and _is_written_alike(reader, item):
        return
    for number in range(TRIES):
        old = reader.get("listings", {"auction_id": listing.auction_id}, consistent=True)
        if old and old["version"] > listing.version:
            return
        after = places(listing) if listing.status == FOUND else frozenset()
        counted = tuple(changes(reader, _counted(old), after))
        put = _unless_changed(reader, item, old)
        try:
            with aws_errors():
                if counted:
                    reader.client.transact_write_items(TransactItems=[{"Put": put}, *counted])
                else:
                    reader.client.put_item(**put)
        except (Cancelled, Unmet):
            time.sleep(random.uniform(0, 0.02 * 2**number))
        else:
            return
    raise Contended


def _is_written_alike(reader: Reader, item: Item) -> bool:
    """Where the row is counted as this one is to be."""
    values = {name: item[name] for name in ("version", "counted", "title", "category")}
    with suppress(Unmet), aws_errors():
        reader.client.put_item(
            TableName=reader.tables["listings"],
            Item=encode(item),
            ConditionExpression=_ALIKE,
            ExpressionAttributeValues=encode({f":{name}": value for name, value in values.items()}),
        )
        return True
    return False


def _counted(old: Item | None) -> frozenset[Place]:
    """Where a row is counted. Nowhere: one that waits, has left the lists, or is from before anything was counted."""
    return places(listing_from(old)) if old and "shard" in old and "counted" in old else frozenset()


def _unless_changed(reader: Reader, item: Item, old: Item | None) -> Any:
    put: dict[str, Any] = {"TableName": reader.tables["listings"], "Item": encode(item)}
    if old is None:
        return put | {"ConditionExpression": "attribute_not_exists(version)"}
    same = "version = :version AND category = :category AND "
    values = {":version": old["version"], ":category": old["category"]}
    if "counted" in old:
        same, values = f"{same}counted = :counted", values | {":counted": old["counted"]}
    else:
        same = f"{same}attribute_not_exists(counted)"
    return put | {"ConditionExpression": same, "ExpressionAttributeValues": encode(values)}
