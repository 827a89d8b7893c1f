"""For values that a test knows to exist, though the store or Telegram's library may return None."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def there(found: T | None) -> T:
    """The value. Raises AssertionError if it is None."""
    assert found is not None, "it is not there"
    return found
