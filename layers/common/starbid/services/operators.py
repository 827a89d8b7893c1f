"""Who is an operator, and may do what: the one place that decides it."""

from __future__ import annotations

from starbid.domain.audit_trail import Operator
from starbid.domain.errors import NotYours
from starbid.domain.people import Person
from starbid.domain.roles import Right, Role, require_right
from starbid.services.ports import Store
from starbid.services.settings import Business


class Operators:
    """Those in `ADMIN_IDS` are owners always; all others have the role that is kept with them."""

    def __init__(self, store: Store, business: Business) -> None:
        self._store, self._business = store, business

    def role_of(self, person: Person) -> Role | None:
        """Of a person who has been read. Who is blocked has none."""
        if person.id in self._business.admin_ids:
            return Role.OWNER
        return None if person.blocked else person.role

    def role(self, person_id: int) -> Role | None:
        """Consistent, and without a read for those in `ADMIN_IDS`."""
        if person_id in self._business.admin_ids:
            return Role.OWNER
        person = self._store.person(person_id, consistent=True)
        return self.role_of(person) if person else None

    def may(self, person_id: int, right: Right) -> bool:
        role = self.role(person_id)
        return role is not None and role.has(right)

    def operator(self, person_id: int, address: str = "") -> Operator:
        """Raises NotYours for one who is none."""
        role = self.role(person_id)
        if role is None:
            raise NotYours
        return Operator(person_id, role, address)

    def require(self, person_id: int, right: Right) -> None:
        """Raises NotYours for one who is no operator, NotAllowed where the role is too small."""
        require_right(self.operator(person_id).role, right)
