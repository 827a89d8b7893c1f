"""What a test knows to be there, where the store or Telegram's library may answer None."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def there(found: T | None) -> T:
    """What was found. Raises AssertionError where it is None."""
    assert found is not None, "it is not there"
    return found
