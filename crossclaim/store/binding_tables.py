"""Writes of family bindings and family codes, part of one transaction of a step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.family_binding import BindingRow, reference_of
from crossclaim.domain.family_submission import FamilyBindingSubmission, FamilyCodeLinkSubmission
from crossclaim.domain.records import StoredSubmission
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.keyring import Keyring
from crossclaim.store.binding_rows import read_binding
from crossclaim.store.column_names import assigned
from crossclaim.store.connection import Connection
from crossclaim.store.person_index import document_index
from crossclaim.store.session import Database
from crossclaim.store.transaction import finished

_OPEN = """
insert into family_binding (id, organisation_id, number, channel, relation, state, replaces, sealed,
    authoriser_index, user_index, plan, plan_version, judged_on, consent_version,
    consent_signed_at, reference, applied_at)
values (%(id)s, %(organisation)s, %(number)s, %(channel)s, %(relation)s, 'applied', %(replaces)s,
    %(sealed)s, %(authoriser)s, %(user)s, %(plan)s, %(plan_version)s, %(judged_on)s,
    %(consent_version)s, %(consent_signed_at)s, %(reference)s, %(applied_at)s)
on conflict do nothing
"""
_LINK = """
insert into family_code_link (id, organisation_id, number, relation, sealed, shower_index,
    relative_index, linked_at)
values (%(id)s, %(organisation)s, %(number)s, %(relation)s, %(sealed)s, %(shower)s, %(relative)s,
    %(linked_at)s)
on conflict do nothing
"""
_STATE = """
insert into family_binding_state (binding_id, ordinal, state, event, reason, occurred_at)
select %(id)s, count(*) + 1, %(state)s, %(event)s, %(reason)s, %(at)s
from family_binding_state where binding_id = %(id)s
"""
_ATTEMPT = """
insert into family_binding_attempt (binding_id, operation, attempt, occurred_at)
select %(id)s, %(operation)s, count(*) + 1, %(at)s from family_binding_attempt
where binding_id = %(id)s and operation = %(operation)s
returning attempt
"""


class StoredLink(Frozen):
    """A family code link without what is sealed."""

    linked_at: datetime
    ended_at: datetime | None


class SqlBindingTransaction:
    """Implements ``activities.binding_records.BindingTransaction``."""

    def __init__(self, connection: Connection, keyring: Keyring) -> None:
        self._connection = connection
        self._keyring = keyring

    def submission(self, submission_id: str) -> StoredSubmission:
        row = self._connection.execute(
            """
            select id, organisation_id, kind, episode_id, content, outcome
            from submission where id = %(id)s for update
            """,
            {"id": submission_id},
        ).one()
        plain = self._keyring.decrypt(row.episode_id, bytes(row.content), "submission")
        return StoredSubmission(
            id=row.id,
            organisation_id=row.organisation_id,
            kind=SubmissionKind(row.kind),
            episode_id=row.episode_id,
            content=json.loads(plain),
            outcome=row.outcome,
        )

    def finish_submission(self, submission_id: str, outcome: dict[str, Any]) -> bool:
        return finished(self._connection, submission_id, outcome).rowcount > 0

    def lock_binding(self, binding_id: str) -> BindingRow | None:
        self._connection.execute(
            "select 1 from family_binding where id = %(id)s for update", {"id": binding_id}
        )
        return read_binding(self._connection, binding_id)

    def open_binding(
        self,
        binding_id: str,
        organisation: str,
        submission: FamilyBindingSubmission,
        at: datetime,
        **judged: object,
    ) -> bool:
        plain = submission.model_dump_json().encode()
        opened = self._connection.execute(
            _OPEN,
            {
                **judged,
                "id": binding_id,
                "organisation": organisation,
                "number": submission.number,
                "channel": submission.channel.value,
                "relation": submission.relation.value,
                "replaces": submission.replaces,
                "sealed": self._keyring.encrypt(binding_id, plain, "family_binding"),
                "authoriser": document_index(self._keyring, submission.authoriser.document),
                "user": document_index(self._keyring, submission.user.document),
                "consent_version": submission.consent.text_version,
                "consent_signed_at": submission.consent.signed_at,
                "reference": reference_of(binding_id),
                "applied_at": submission.applied_at,
            },
        ).rowcount
        if opened:
            self.note_state(binding_id, "applied", "applied", "", at)
        return bool(opened)

    def binding_content(self, binding_id: str) -> FamilyBindingSubmission:
        sealed = self._connection.execute(
            "select sealed from family_binding where id = %(id)s", {"id": binding_id}
        ).scalar_one()
        plain = self._keyring.decrypt(binding_id, bytes(sealed), "family_binding")
        return FamilyBindingSubmission.model_validate_json(plain)

    def change_binding(self, binding_id: str, **fields: object) -> None:
        columns = "".join(f", {assigned([name])}" for name in fields)
        self._connection.execute(
            f"update family_binding set revision = revision + 1{columns} where id = %(_id)s",
            {**fields, "_id": binding_id},
        )

    def note_state(
        self, binding_id: str, state: str, event: str, reason: str, at: datetime
    ) -> None:
        values = {"id": binding_id, "state": state, "event": event, "reason": reason, "at": at}
        self._connection.execute(_STATE, values)

    def is_refused(self, binding_id: str, organisation: str) -> bool:
        found = self._connection.execute(
            """
            select 1 from family_binding
            where id = %(id)s and organisation_id = %(organisation)s and state = 'refused'
            """,
            {"id": binding_id, "organisation": organisation},
        )
        return found.scalar_one_or_none() is not None

    def open_binding_attempt(self, binding_id: str, operation: str, at: datetime) -> int:
        values = {"id": binding_id, "operation": operation, "at": at}
        number: int = self._connection.execute(_ATTEMPT, values).scalar_one()
        return number

    def close_binding_attempt(
        self, binding_id: str, operation: str, attempt: int, outcome: str, code: str = ""
    ) -> None:
        self._connection.execute(
            """
            update family_binding_attempt
            set finished_at = now(), outcome = %(outcome)s, code = %(code)s
            where binding_id = %(id)s and operation = %(operation)s and attempt = %(attempt)s
              and outcome is null
            """,
            {
                "id": binding_id,
                "operation": operation,
                "attempt": attempt,
                "outcome": outcome,
                "code": code,
            },
        )

    def open_binding_exception(
        self, binding_id: str, code: str, reference: str, details: dict[str, str], at: datetime
    ) -> None:
        self._connection.execute(
            """
            insert into family_binding_exception (binding_id, code, reference, details, opened_at)
            values (%(id)s, %(code)s, %(reference)s, cast(%(details)s as jsonb), %(at)s)
            on conflict (binding_id, code, reference) do update
                set resolved_at = null, details = excluded.details
            """,
            {
                "id": binding_id,
                "code": code,
                "reference": reference,
                "details": json.dumps(details),
                "at": at,
            },
        )

    def resolve_binding_exceptions(self, binding_id: str, codes: list[str], at: datetime) -> None:
        self._connection.execute(
            """
            update family_binding_exception set resolved_at = %(at)s
            where binding_id = %(id)s and code = any(%(codes)s) and resolved_at is null
            """,
            {"id": binding_id, "codes": codes, "at": at},
        )

    def lock_code_link(self, link_id: str) -> StoredLink | None:
        row = self._connection.execute(
            "select linked_at, ended_at from family_code_link where id = %(id)s for update",
            {"id": link_id},
        ).one_or_none()
        return None if row is None else StoredLink(linked_at=row.linked_at, ended_at=row.ended_at)

    def open_code_link(
        self, link_id: str, organisation: str, submission: FamilyCodeLinkSubmission
    ) -> bool:
        plain = submission.model_dump_json().encode()
        opened = self._connection.execute(
            _LINK,
            {
                "id": link_id,
                "organisation": organisation,
                "number": submission.number,
                "relation": submission.relation.value,
                "sealed": self._keyring.encrypt(link_id, plain, "family_code_link"),
                "shower": document_index(self._keyring, submission.shower.document),
                "relative": document_index(self._keyring, submission.relative.document),
                "linked_at": submission.linked_at,
            },
        ).rowcount
        return bool(opened)

    def end_code_link(self, link_id: str, ended_at: datetime) -> None:
        self._connection.execute(
            "update family_code_link set ended_at = %(at)s where id = %(id)s and ended_at is null",
            {"id": link_id, "at": ended_at},
        )


class SqlBindings:
    """Implements ``activities.binding_records.BindingRecords`` as the worker's role."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    @contextmanager
    def transaction(self) -> Iterator[SqlBindingTransaction]:
        with self._database.begin() as connection:
            yield SqlBindingTransaction(connection, self._keyring)
