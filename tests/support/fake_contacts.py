"""Where people are reached, in a dict."""

from __future__ import annotations

from starbid.services.ports import Contact


class FakeContacts:
    """Implements `ports.Contacts`."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, str], Contact] = {}

    def of(self, user_id: int) -> list[Contact]:
        return [contact for (who, _), contact in sorted(self.kept.items()) if who == user_id]

    def one(self, user_id: int, place: str) -> Contact | None:
        return self.kept.get((user_id, place))

    def put(self, contact: Contact) -> None:
        self.kept[contact.user_id, contact.place] = contact

    def renew(self, contact: Contact) -> None:
        if (contact.user_id, contact.place) in self.kept:
            self.put(contact)

    def drop(self, user_id: int, place: str) -> None:
        self.kept.pop((user_id, place), None)
