"""What people and addresses may do so often, as use cases see it."""

from __future__ import annotations

from typing import Protocol

from starbid.domain.limits import Draw


class Allowances(Protocol):
    """Buckets of tokens (`domain.limits`), each by its key. One is forgotten when it has been full for a while."""

    def draw(self, key: str, draw: Draw) -> int:
        """Take out what `draw`, which fits, is about. 0 where that was done; otherwise nothing was, and it is the
        seconds to wait. What is taken and its answer lost is taken again, and may count twice.
        """
