"""Reads of family bindings and codes; of whom, row-level security decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from crossclaim.domain.family_account import (
    AccountHolder,
    AccountUser,
    Area,
    FamilySharing,
)
from crossclaim.domain.family_binding import BindingRow
from crossclaim.domain.family_sight import SharedUse, SharingInForce
from crossclaim.domain.family_story import BindingStory
from crossclaim.domain.family_submission import FamilyBindingSubmission, InsuredArea
from crossclaim.domain.money import fen
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection

_COLUMNS = """id, organisation_id, number, channel, relation, state, revision, reference,
applied_at, plan, plan_version, judged_on, replaces, office_number, sent_at, asked_at, inquiries,
decided_on, bound_on, reason, ended_on, ended_by, office_told_at"""
_BINDING = f"select {_COLUMNS} from family_binding where id = %(id)s"
_LIST = f"""
select {_COLUMNS} from family_binding
where (cast(%(state)s as text) is null or state = %(state)s)
  and (cast(%(after)s as text) is null or id < %(after)s)
order by id desc limit %(limit)s
"""
_IN_FORCE = """
select id, sealed, bound_on, ended_on, authoriser_index from family_binding
where user_index = any(%(indexes)s) and bound_on is not null and bound_on <= %(on)s
  and (ended_on is null or ended_on > %(on)s)
order by bound_on, id
"""
_USES = """
select case when exists (select 1 from bill b where b.id = u.bill_id) then bill_id else '' end
         as bill_id, version, reversal, amount_minor, occurred_at
from family_account_use u
where binding_id = %(id)s order by recorded_at, version
"""
_LINK = """
select id, organisation_id, number, relation, linked_at, ended_at from family_code_link
where id = %(id)s
"""


def read_binding(connection: Connection, binding_id: str) -> BindingRow | None:
    row = connection.execute(_BINDING, {"id": binding_id}).one_or_none()
    return None if row is None else BindingRow.model_validate(row._asdict())


def list_bindings(
    connection: Connection, state: str | None, after: str | None, limit: int
) -> list[BindingRow]:
    """The newest first."""
    values = {"state": state, "after": after, "limit": limit}
    found = connection.execute(_LIST, values).mappings()
    return [BindingRow.model_validate(row) for row in found]


def read_story(connection: Connection, binding_id: str) -> BindingStory | None:
    """The binding with its states, attempts, exceptions and what bills took by it."""
    row = read_binding(connection, binding_id)
    if row is None:
        return None
    values = {"id": binding_id}
    states = connection.execute(
        """
        select state, event, reason, occurred_at as at from family_binding_state
        where binding_id = %(id)s order by ordinal
        """,
        values,
    ).mappings()
    attempts = connection.execute(
        """
        select operation, attempt, occurred_at as at, coalesce(outcome, '') as outcome, code
        from family_binding_attempt where binding_id = %(id)s order by started_at, operation
        """,
        values,
    ).mappings()
    exceptions = connection.execute(
        """
        select code, details, opened_at as at, resolved_at from family_binding_exception
        where binding_id = %(id)s order by id
        """,
        values,
    ).mappings()
    return BindingStory.model_validate(
        {
            "row": row,
            "states": states,
            "attempts": attempts,
            "exceptions": exceptions,
            "uses": read_uses(connection, binding_id),
        }
    )


def sharings_in_force(
    connection: Connection, keyring: Keyring, indexes: Sequence[bytes], on: date
) -> list[SharingInForce]:
    """The bindings whose accounts a bill of this patient and day may spend, the oldest first.

    ``indexes`` are the blind indexes of the patient's documents. Balances are not known here.
    """
    values = {"indexes": list(indexes), "on": on}
    found = connection.execute(_IN_FORCE, values).all()
    return [_sharing(keyring, row) for row in found]


def _sharing(keyring: Keyring, row: Any) -> SharingInForce:
    plain = keyring.decrypt(row.id, bytes(row.sealed), "family_binding")
    applied = FamilyBindingSubmission.model_validate_json(plain)
    user = applied.user
    return SharingInForce(
        binding_id=row.id,
        authoriser=applied.authoriser.document,
        sharing=FamilySharing(
            authoriser=AccountHolder(
                insurance=applied.authoriser.insurance, area=_area(applied.authoriser.area)
            ),
            user=AccountUser(
                insured=user.insured, area=None if user.area is None else _area(user.area)
            ),
            relation=applied.relation,
            approved_on=row.bound_on,
            ended_on=row.ended_on,
        ),
    )


def _area(area: InsuredArea) -> Area:
    return Area(pool=area.pool, province=area.province)


def read_uses(connection: Connection, binding_id: str) -> list[SharedUse]:
    """What bills took by this binding, and what was given back.

    Which bill it was is told of bills alone that the asker may see: another hospital's are nobody
    else's business.
    """
    return [
        SharedUse(
            bill_id=row.bill_id,
            version=row.version,
            reversal=row.reversal,
            amount=fen(row.amount_minor),
            at=row.occurred_at,
        )
        for row in connection.execute(_USES, {"id": binding_id})
    ]


def read_code_link(connection: Connection, link_id: str) -> dict[str, Any] | None:
    row = connection.execute(_LINK, {"id": link_id}).one_or_none()
    return None if row is None else dict(row._asdict())
