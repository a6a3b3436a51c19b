"""Erasure by keys: a person's are destroyed, all others go under a new epoch, the old ones die."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from ulid import ULID

from crossclaim.domain.plan import PlanSet
from crossclaim.domain.retention import Keeping, RetentionRules, Verdict
from crossclaim.domain.stay import local_day
from crossclaim.domain.subject_request import (
    CERTIFICATE_SCHEMA,
    JUDGED_AT_ONCE,
    DueRecord,
    Erased,
    Judged,
    SubjectState,
)
from crossclaim.security.data_key import WrappedKey
from crossclaim.security.keyring import Keyring
from crossclaim.security.keys import EpochKeystore
from crossclaim.security.signing import Signer
from crossclaim.store.bank_copies import ended_copies, shared_scopes
from crossclaim.store.connection import Connection
from crossclaim.store.session import Database
from crossclaim.store.subject_requests import note_audit, open_erasures, set_request
from crossclaim.store.subject_scopes import ended_episodes, mentions_of, scopes_of

_REWRAP_AT_ONCE = 500
_DESTROY = """
update data_key set wrapped = null, destroyed_at = %(at)s
where scope = %(scope)s and wrapped is not null returning key_id
"""
_ERASED = """
insert into erased_scope (scope, key_id, request_id, batch_id, erased_at)
values (%(scope)s, %(key)s, %(request)s, %(batch)s, %(at)s) on conflict do nothing
"""
_STORE_ONLY = """
insert into storage_only (scope, request_id, rule, until, since)
values (%(scope)s, %(request)s, %(rule)s, %(until)s, %(at)s) on conflict (scope) do nothing
"""
_UNDER = """
select scope, key_id, epoch, wrapped from data_key
where epoch = any(%(old)s) and wrapped is not null order by scope limit %(limit)s for update
"""
_DUE = """
insert into retention_due (scope, rule, due_on, reported_on)
values (%(scope)s, %(rule)s, %(due)s, %(on)s)
on conflict (scope) do update set rule = excluded.rule, due_on = excluded.due_on
"""


class SqlErasures:
    """Implements ``activities.privacy_ports.Erasures`` as the worker's role."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        keystore: EpochKeystore,
        plans: Callable[[], PlanSet],
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._keystore = keystore
        self._signer = Signer(keystore)
        self._plans = plans

    def judge(self, at: datetime) -> list[Judged]:
        """What may go now, of as many persons as one round takes; what a rule keeps is closed to
        all but legal purposes from here on."""
        rules = RetentionRules(self._plans(), local_day(at))
        found: list[Judged] = []
        with self._database.begin() as connection:
            _end_copies(connection, rules, at)
            for request in open_erasures(connection):
                if len(found) >= JUDGED_AT_ONCE:
                    break
                who = [bytes(one) for one in request.person]
                held = scopes_of(connection, self._keyring, who)
                held += mentions_of(connection, self._keyring, who)
                judged = {one.scope: rules.verdict(one) for one in held}
                _keep(connection, request.id, judged, at)
                found += [
                    Judged(scope=scope, request_id=request.id)
                    for scope, told in judged.items()
                    if told.keeping is Keeping.FREE
                ]
        return found

    def begin(self, scopes: list[Judged], at: datetime) -> str | None:
        """The batch that is open, else a new one in whose transaction these keys are destroyed."""
        with self._database.begin() as connection:
            open_ = connection.execute(
                "select id from erasure_batch where state = 'begun' for update"
            ).scalar_one_or_none()
            if open_ is not None or not scopes:
                return None if open_ is None else str(open_)
            batch = f"eb_{ULID()}"
            connection.execute(
                "insert into erasure_batch (id, state, begun_at) values (%(id)s, 'begun', %(at)s)",
                {"id": batch, "at": at},
            )
            for one in scopes:
                self._destroy(connection, one, batch, at)
            for request_id in sorted({one.request_id for one in scopes}):
                _conclude(connection, request_id, at)
        for one in scopes:
            self._keyring.forget(one.scope)
        return batch

    def _destroy(self, connection: Connection, one: Judged, batch: str, at: datetime) -> None:
        key = connection.execute(_DESTROY, {"scope": one.scope, "at": at}).scalar_one_or_none()
        if key is None:
            return
        about = {"scope": one.scope, "request": one.request_id, "batch": batch, "at": at}
        connection.execute(_ERASED, {**about, "key": key})
        connection.execute("select forget_person(%(scope)s)", about)
        self._destroy_pieces(connection, about)
        row = connection.execute(
            "select organisation_id, asked_by from subject_request where id = %(request)s", about
        ).one()
        note_audit(
            connection,
            row.organisation_id,
            row.asked_by,
            "erase",
            one.scope,
            "destroyed",
            f"erasure:{one.request_id}",
        )

    def _destroy_pieces(self, connection: Connection, about: dict[str, Any]) -> None:
        """Of banks' files that tell of him together with others."""
        for scope in shared_scopes(connection, about["scope"]):
            destroyed = {**about, "scope": scope}
            key = connection.execute(_DESTROY, destroyed).scalar_one_or_none()
            if key is not None:
                connection.execute(_ERASED, {**destroyed, "key": key})

    def finish(self, batch_id: str, at: datetime) -> Erased:
        """Safe to repeat after a crash at any point: what is done stands in the batch's row."""
        old, new = self._new_epoch(batch_id)
        self._retire(old, at)
        while self._rewrap(batch_id, old):
            pass
        for epoch in old:
            self._keystore.destroy_epoch(epoch)
        return self._certify(batch_id, old, new, at)

    def _new_epoch(self, batch_id: str) -> tuple[list[str], str]:
        with self._database.begin() as connection:
            row = connection.execute(
                "select new_epoch, old_epochs from erasure_batch where id = %(id)s for update",
                {"id": batch_id},
            ).one()
            if row.new_epoch:
                return list(row.old_epochs), row.new_epoch
            new = self._keystore.new_epoch()
            old = [epoch for epoch in self._keystore.epochs() if epoch < new]
            connection.execute(
                "update erasure_batch set new_epoch = %(new)s, old_epochs = %(old)s"
                " where id = %(id)s",
                {"new": new, "old": old, "id": batch_id},
            )
            return old, new

    def _retire(self, old: Iterable[str], at: datetime) -> None:
        """Alone: it waits for who stores a key now, and nobody stores one under these later."""
        with self._database.begin() as connection:
            connection.execute("select pg_advisory_xact_lock(hashtextextended('epochs', 0))")
            for epoch in old:
                connection.execute(
                    "insert into retired_epoch (epoch, retired_at) values (%(epoch)s, %(at)s)"
                    " on conflict do nothing",
                    {"epoch": epoch, "at": at},
                )

    def _rewrap(self, batch_id: str, old: list[str]) -> int:
        """The next survivors under the new epoch; 0 when none is left under an old one."""
        with self._database.begin() as connection:
            rows = connection.execute(_UNDER, {"old": old, "limit": _REWRAP_AT_ONCE}).all()
            for row in rows:
                key = WrappedKey(key_id=row.key_id, epoch=row.epoch, wrapped=bytes(row.wrapped))
                anew = self._keyring.rewrap(row.scope, key)
                connection.execute(
                    "update data_key set epoch = %(epoch)s, wrapped = %(wrapped)s"
                    " where scope = %(scope)s",
                    {"epoch": anew.epoch, "wrapped": anew.wrapped, "scope": row.scope},
                )
            connection.execute(
                "update erasure_batch set rewrapped = rewrapped + %(n)s where id = %(id)s",
                {"n": len(rows), "id": batch_id},
            )
            return len(rows)

    def _certify(self, batch_id: str, old: list[str], new: str, at: datetime) -> Erased:
        with self._database.begin() as connection:
            batch = connection.execute(
                "select rewrapped, certificate, signature from erasure_batch where id = %(id)s"
                " for update",
                {"id": batch_id},
            ).one()
            gone = connection.execute(
                "select scope, key_id, request_id from erased_scope where batch_id = %(id)s"
                " order by scope",
                {"id": batch_id},
            ).mappings()
            certificate, signature = batch.certificate, batch.signature
            if certificate is None:
                certificate = _certificate(batch_id, gone, old, new, at, self._signer.public_key)
                signature = self._signer.sign(certificate_bytes(certificate))
                connection.execute(
                    "update erasure_batch set state = 'done', done_at = %(at)s, certificate ="
                    " cast(%(told)s as jsonb), signature = %(signature)s where id = %(id)s",
                    {
                        "at": at,
                        "told": json.dumps(certificate),
                        "signature": signature,
                        "id": batch_id,
                    },
                )
        return Erased(
            batch_id=batch_id,
            scopes=tuple(row["scope"] for row in gone),
            rewrapped=batch.rewrapped,
            certificate=certificate,
            signature=signature,
        )

    def report_due(self, on: date) -> int:
        """Never removes anything: a person asks for an erasure, or leaves it."""
        with self._database.begin() as connection:
            due = self._due(connection, on)
            for one in due:
                connection.execute(
                    _DUE, {"scope": one.scope, "rule": one.rule, "due": one.due_on, "on": on}
                )
        return len(due)

    def _due(self, connection: Connection, on: date) -> list[DueRecord]:
        rules = RetentionRules(self._plans(), on)
        found = []
        for held in ended_episodes(connection, on):
            told = rules.verdict(held)
            if told.keeping is Keeping.FREE and told.until is not None:
                due = told.until + timedelta(days=1)
                found.append(DueRecord(scope=held.scope, rule=told.rule, due_on=due))
        return found


def _end_copies(connection: Connection, rules: RetentionRules, at: datetime) -> None:
    """What banks sent is kept as long as its own rule says, whoever asks."""
    before = rules.copies_before()
    for scope in [] if before is None else ended_copies(connection, before):
        connection.execute(_DESTROY, {"scope": scope, "at": at})


def _keep(
    connection: Connection, request_id: str, judged: dict[str, Verdict], at: datetime
) -> None:
    for scope, told in judged.items():
        if told.keeping is Keeping.KEPT:
            values = {"scope": scope, "request": request_id, "rule": told.rule}
            connection.execute(_STORE_ONLY, {**values, "until": told.until, "at": at})
    set_request(connection, request_id, _state(judged.values()), {"held": _told(judged)})


def _state(judged: Iterable[Verdict]) -> SubjectState:
    kinds = {told.keeping for told in judged}
    if not kinds:
        return SubjectState.NOBODY
    if Keeping.OPEN in kinds:
        return SubjectState.WAITING
    return SubjectState.STORAGE_ONLY if Keeping.KEPT in kinds else SubjectState.CONFIRMED


def _told(judged: dict[str, Verdict]) -> dict[str, Any]:
    return {scope: told.model_dump(mode="json") for scope, told in judged.items()}


def _conclude(connection: Connection, request_id: str, at: datetime) -> None:
    """Nothing else is held: the request's own key goes too, and by what the person was found."""
    done = connection.execute(
        "update subject_request set state = 'erased', person = '{}'"
        " where id = %(id)s and state = 'confirmed' returning id",
        {"id": request_id},
    ).scalar_one_or_none()
    if done is not None:
        connection.execute(_DESTROY, {"scope": request_id, "at": at})


def _certificate(
    batch_id: str,
    gone: list[dict[str, Any]],
    old: list[str],
    new: str,
    at: datetime,
    public_key: str,
) -> dict[str, Any]:
    return {
        "schema": CERTIFICATE_SCHEMA,
        "batch": batch_id,
        "erased_at": at.isoformat(),
        "keys_destroyed": gone,
        "epochs_destroyed": old,
        "epoch_in_force": new,
        "signed_by": public_key,
    }


def certificate_bytes(certificate: dict[str, Any]) -> bytes:
    """What is signed: sorted members, no blanks."""
    return json.dumps(certificate, sort_keys=True, separators=(",", ":")).encode()
