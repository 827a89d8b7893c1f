"""The emulator's memory: changes are recorded, saved, and restored at the start."""

from __future__ import annotations

import collections
import importlib
import json
import threading
from collections.abc import Callable
from typing import Any

from local.emulator_store import Hook
from local.files import replace_file

Change = dict[str, Any]
"""The effects of one request: `structure` (of the tables), `rows` (None: the item is deleted), `records`."""


class Memory:
    """The emulator's DynamoDB and S3. `note` starts recording changes, in the thread that made this."""

    def __init__(self) -> None:
        persistence = importlib.import_module("ministack.core.persistence")
        self.hook: Hook = persistence._json_object_hook
        self.dynamodb: Any = importlib.import_module("ministack.services.dynamodb")
        self.s3: Any = importlib.import_module("ministack.services.s3")
        self._default = persistence._json_default
        self._thread = threading.get_ident()
        self._change: Change = {}
        self._grown: set[str] = set()

    def note(self) -> None:
        dynamodb = self.dynamodb
        dynamodb._set_item = self._noting_set(dynamodb._set_item)
        dynamodb._remove_item = self._noting_remove(dynamodb._remove_item)
        dynamodb._emit_stream_event = self._noting_record(dynamodb._emit_stream_event)
        self.s3._atomic_write = replace_file

    def note_structure(self) -> None:
        """The structure of the tables now, without their rows."""
        dynamodb = self.dynamodb
        tables = dynamodb.AccountRegionScopedDict()
        for scope, table in dynamodb._tables.all_items():
            tables.set_scoped(*scope, {k: v for k, v in table.items() if k not in ("items", dynamodb._INDEX_MEMBERS)})
        self._change["structure"] = {"tables": tables, "tags": dynamodb._tags, "ttl_settings": dynamodb._ttl_settings}

    def take_change(self) -> str:
        """The changes since the last call, as JSON; empty if there are none."""
        change, self._change = self._change, {}
        return self.text(change) if change else ""

    def take_grown(self) -> set[str]:
        """The tables whose streams have grown since the last call."""
        grown, self._grown = self._grown, set()
        return grown

    def text(self, value: Any) -> str:
        """JSON that `hook` can read."""
        return json.dumps(value, default=self._default, separators=(",", ":"))

    def tables(self) -> Any:
        """All of DynamoDB."""
        with self.dynamodb._lock:  # the thread that deletes expired items holds it
            return {**self.dynamodb.get_state(), "stream_records": self.dynamodb._stream_records}

    def buckets(self) -> Any:
        """The settings of buckets; the objects are files."""
        return self.s3.get_state()

    def put_back(self, state: Any) -> None:
        """Tables as `tables` gave them."""
        self.dynamodb.load_persisted_state(state)
        self.dynamodb._stream_records.update(state.get("stream_records", {}))

    def repeat(self, change: Change) -> None:
        """Replays a request's changes on the same state."""
        dynamodb = self.dynamodb
        if "structure" in change:
            self._rebuild(change["structure"])
        for account, region, name, pk, sk, item in change.get("rows", []):
            table = dynamodb._tables.get_scoped(account, region, name)
            if item is None:
                dynamodb._remove_item(table, pk, sk)
            else:
                dynamodb._set_item(table, pk, sk, item)
        for *scope, record in change.get("records", []):
            if not dynamodb._stream_records.contains_scoped(*scope):
                dynamodb._stream_records.set_scoped(*scope, [])
            dynamodb._stream_records.get_scoped(*scope).append(record)

    def _rebuild(self, structure: Any) -> None:
        dynamodb = self.dynamodb
        items = {scope: table["items"] for scope, table in dynamodb._tables.all_items()}
        stores = {"tables": dynamodb._tables, "tags": dynamodb._tags, "ttl_settings": dynamodb._ttl_settings}
        for name, store in stores.items():
            store._data.clear()
            store.update(structure[name])
        for scope, table in dynamodb._tables.all_items():
            table["items"] = items.pop(scope, collections.defaultdict(dict))
            dynamodb._items_replaced(table)
        for scope in items:
            dynamodb._stream_records.pop_scoped(*scope, None)

    def _noting_set(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def set_item(table: Any, pk: str, sk: str, item: Any) -> Any:
            before = act(table, pk, sk, item)
            self._note_row(table, pk, sk, item)
            return before

        return set_item

    def _noting_remove(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def remove_item(table: Any, pk: str, sk: str) -> Any:
            before = act(table, pk, sk)
            if threading.get_ident() == self._thread:  # items that expired in another thread would expire again
                self._note_row(table, pk, sk, None)
            return before

        return remove_item

    def _note_row(self, table: Any, pk: str, sk: str, item: Any) -> None:
        region, account = table["TableArn"].split(":")[3:5]
        name = table["TableArn"].rpartition("/")[2]
        self._change.setdefault("rows", []).append([account, region, name, pk, sk, item])

    def _noting_record(self, act: Callable[..., Any]) -> Callable[..., Any]:
        records = self.dynamodb._stream_records

        def emit(name: str, *arguments: Any, **named: Any) -> None:
            before = (records.get(name) or [None])[-1]
            act(name, *arguments, **named)
            after = (records.get(name) or [None])[-1]
            if after is not None and after is not before:
                self._change.setdefault("records", []).append([*records._scoped(name), after])
                self._grown.add(name)

        return emit
