"""How a stand-in is told to fail with its next calls."""

from __future__ import annotations

import threading
from collections.abc import Collection

from local.sheet import options
from local.stand_in import Refusal

NONE = "none"
MOST_CALLS = 1000


class Troubles:
    """Threads may share it. `names` are what can become of a call, NONE among them; it all ends with the run."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._next, self._calls = NONE, 0
        self._lock = threading.Lock()

    def let(self, what: str, calls: int) -> None:
        """Let so many calls fail. Raises Refusal."""
        if what not in self._names or not 0 <= calls <= MOST_CALLS:
            raise Refusal(f"`what` is one of {', '.join(self._names)}, and `calls` a number up to {MOST_CALLS}.")
        with self._lock:
            self._next, self._calls = what, calls if what != NONE else 0

    def take(self) -> str:
        """What is to become of this call."""
        with self._lock:
            if self._calls == 0:
                return NONE
            self._calls -= 1
            return self._next

    def expected(self) -> tuple[str, int]:
        """Of the next calls, and how many of them."""
        with self._lock:
            return (self._next if self._calls else NONE), self._calls

    def form(self, calls: str, fine: str, more: str = "") -> str:
        """HTML that lets the next ones fail: `calls` names them in the plural, `fine` says that none does, `more` says
        what the names mean.
        """
        what, number = self.expected()
        told = f"The next {calls} that fail: {number} ({what})." if number else fine
        return (
            f'<details><summary>For engineers: let it fail</summary><p class="quiet">{told}{more and f" {more}"}</p>'
            '<form method="post" action="trouble"><div class="pair">'
            f'<label>What<select name="what">{options(self._names, what)}</select></label>'
            f'<label>Calls<input name="calls" type="number" min="0" max="{MOST_CALLS}" value="1"></label></div>'
            f"<button>Let the next {calls} fail</button></form></details>"
        )
