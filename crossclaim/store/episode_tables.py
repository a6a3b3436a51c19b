"""Writes of an episode's own tables: the episode, its parties, coverages, consents and vouchers."""

from __future__ import annotations

import base64
import json
from datetime import datetime

from crossclaim.domain.party import VoucherAccount
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.submission import (
    ConsentGiven,
    ConsentType,
    EpisodeSubmission,
    FunderKind,
    SubstituteSigner,
)
from crossclaim.security.keyring import Keyring
from crossclaim.store.column_names import assigned, checked
from crossclaim.store.connection import Connection, Result
from crossclaim.store.person_index import document_index
from crossclaim.store.rows import StepReader

_OPEN = """
insert into episode (id, hospital_id, visit_number, encounter_class, department, channel, status,
                     sealed, opened_at)
values (%(id)s, %(hospital)s, %(visit)s, %(class)s, %(department)s, %(channel)s, 'open',
        %(sealed)s, %(at)s)
"""
_PARTY = """
insert into episode_party (episode_id, organisation_id, role)
select %(id)s, x.organisation, x.role
from unnest(%(organisations)s::text[], %(roles)s::text[]) as x(organisation, role)
on conflict do nothing
"""
_COVERAGE = """
insert into coverage (episode_id, ordinal, funder, organisation_id, plan, decides, eligible)
select %(id)s, x.ordinal, x.funder, x.organisation, x.plan, x.decides, x.eligible
from jsonb_to_recordset(cast(%(coverages)s as jsonb)) as x(ordinal smallint, funder text,
     organisation text, plan text, decides text, eligible boolean)
"""
_CONSENT = """
insert into consent (episode_id, type, recipient, text_version, channel, signed_at,
                     signer_capacity, signer_paper, signer_sealed, given_by,
                     evidence_sha256, text_sha256)
select %(id)s, x.type, x.recipient, x.version, x.channel, x.signed_at, coalesce(x.capacity, ''),
       coalesce(x.paper, ''), decode(x.signer, 'base64'), x.by, coalesce(x.evidence, ''),
       coalesce(x.text_sha256, (select t.sha256 from consent_text t where t.type = x.type
                 and t.version = x.version), '')
from jsonb_to_recordset(cast(%(consents)s as jsonb)) as x(type text, recipient text,
     version text, channel text, signed_at timestamptz, capacity text, paper text, signer text,
     by text, evidence text, text_sha256 text)
"""
# A text for Hong Kong lets nothing go to Macao, nor the other way round; either is right for the
# mainland.
_MAY_GO_THERE = """
coalesce((select o.region from organisation o where o.id = %(recipient)s), 'HK')
in ('CN', coalesce(
    (select t.destination from transfer_text t where t.version = text_version), 'HK'))
"""
_IDENTITY = """
insert into identity_index (episode_id, field, value)
select %(id)s, x.field, x.value
from unnest(%(fields)s::text[], %(values)s::bytea[]) as x(field, value)
on conflict do nothing
"""
_NAMES = """
insert into name_token (episode_id, token)
select %(id)s, x.token from unnest(%(tokens)s::bytea[]) as x(token)
on conflict do nothing
"""
CONSENTS_EXCLUSIVE = "select pg_advisory_xact_lock(hashtextextended('consents:' || %(id)s, 0))"
CONSENTS_SHARED = "select pg_advisory_xact_lock_shared(hashtextextended('consents:' || %(id)s, 0))"
LOCK = "select 1 from episode where id = %(id)s for update"


def set_columns(
    connection: Connection, table: str, where: str, fields: dict[str, object]
) -> Result:
    """``update table set … where …``; names come from our code, values are bound."""
    sets = assigned(name for name in fields if not name.startswith("_"))
    return connection.execute(f"update {checked(table)} set {sets} where {where}", fields)


class EpisodeTables:
    """Part of a transaction: the episode itself."""

    _connection: Connection
    _keyring: Keyring
    _reader: StepReader

    def lock(self, episode_id: str) -> EpisodeRows | None:
        # Not read by itself: it travels with the reading of the rows, which waits for the lock.
        self._connection.execute(LOCK, {"id": episode_id})
        return self._read(episode_id)

    def hold(self, episode_id: str) -> None:
        self._connection.execute(LOCK, {"id": episode_id})

    def _read(self, episode_id: str) -> EpisodeRows | None:
        return self._reader.told(self._connection, self._reader.ask(self._connection, episode_id))

    def rows(self, episode_id: str) -> EpisodeRows:
        rows = self._read(episode_id)
        assert rows is not None, "the caller has locked this episode"
        return rows

    def open_episode(
        self,
        episode_id: str,
        submission: EpisodeSubmission,
        decides: dict[str, str],
        at: datetime,
        *,
        hospital_is_party: bool = True,
    ) -> None:
        visit = submission.visit
        self._connection.execute(
            _OPEN,
            {
                "id": episode_id,
                "hospital": submission.hospital,
                "visit": visit.number,
                "class": visit.encounter_class.value,
                "department": visit.department,
                "channel": visit.channel,
                "sealed": self._keyring.encrypt(
                    episode_id, submission.model_dump_json().encode(), "episode"
                ),
                "at": at,
            },
        )
        insurers = [c.organisation for c in submission.coverages if c.organisation]
        parties = [(i, "insurer") for i in insurers]
        if hospital_is_party:
            parties.insert(0, (submission.hospital, "hospital"))
        self._connection.execute(
            _PARTY,
            {
                "id": episode_id,
                "organisations": [organisation for organisation, _ in parties],
                "roles": [role for _, role in parties],
            },
        )
        coverages = [
            {
                "ordinal": number,
                "funder": c.funder.value,
                "organisation": c.organisation,
                "plan": c.plan,
                "decides": decides.get(c.organisation or ""),
                "eligible": None if c.funder is FunderKind.INSURER else True,
            }
            for number, c in enumerate(submission.coverages)
        ]
        self._connection.execute(_COVERAGE, {"id": episode_id, "coverages": json.dumps(coverages)})
        self.add_consents(episode_id, submission.consents)
        self._index_person(episode_id, submission)

    def _index_person(self, episode_id: str, submission: EpisodeSubmission) -> None:
        patient = submission.patient
        indexed = [document_index(self._keyring, d) for d in patient.documents]
        fields = [d.type.value for d in patient.documents]
        self._connection.execute(_IDENTITY, {"id": episode_id, "fields": fields, "values": indexed})
        names = [n for n in (patient.name.zh, patient.name.en) if n]
        tokens = {token for name in names for token in self._keyring.name_tokens(name)}
        if tokens:
            self._connection.execute(_NAMES, {"id": episode_id, "tokens": sorted(tokens)})

    def episode_content(self, episode_id: str) -> EpisodeSubmission:
        sealed = self._connection.execute(
            "select sealed from episode where id = %(id)s", {"id": episode_id}
        ).scalar_one()
        plain = self._keyring.decrypt(episode_id, bytes(sealed), "episode")
        return EpisodeSubmission.model_validate_json(plain)

    def change_episode(self, episode_id: str, **fields: object) -> None:
        columns = "".join(f", {assigned([name])}" for name in fields)
        self._connection.execute(
            f"update episode set revision = revision + 1{columns} where id = %(_id)s",
            {**fields, "_id": episode_id},
        )

    def change_coverage(self, episode_id: str, ordinal: int, **fields: object) -> None:
        where = "episode_id = %(_id)s and ordinal = %(_ordinal)s"
        set_columns(
            self._connection, "coverage", where, {**fields, "_id": episode_id, "_ordinal": ordinal}
        )

    def add_consents(self, episode_id: str, consents: list[ConsentGiven]) -> None:
        if not consents:
            return
        signed = [
            {
                "type": c.type.value,
                "recipient": c.recipient or "",
                "version": c.text_version,
                "channel": c.channel,
                "signed_at": c.signed_at.isoformat(),
                **self._signer(episode_id, c.signed_by),
                "by": c.given_by,
                "evidence": c.evidence_sha256,
                "text_sha256": c.text_sha256,
            }
            for c in consents
        ]
        self._connection.execute(_CONSENT, {"id": episode_id, "consents": json.dumps(signed)})

    def _signer(self, episode_id: str, signer: SubstituteSigner | None) -> dict[str, str]:
        if signer is None:
            return {}
        sealed = self._keyring.encrypt(episode_id, signer.model_dump_json().encode(), "signer")
        return {
            "capacity": signer.capacity,
            "paper": signer.paper,
            "signer": base64.b64encode(sealed).decode(),
        }

    def withdraw_consents(
        self,
        episode_id: str,
        type_: ConsentType,
        at: datetime,
        stated_at: datetime,
        by: str = "patient",
        recipient: str | None = None,
    ) -> int:
        # Whoever reads a record holds this shared: every reading is before a withdrawal or after.
        self._connection.execute(CONSENTS_EXCLUSIVE, {"id": episode_id})
        return set_columns(
            self._connection,
            "consent",
            "episode_id = %(_id)s and type = %(_type)s and given_by = %(_by)s"
            " and withdrawn_at is null"
            " and (cast(%(_to)s as text) is null or recipient = %(_to)s)",
            {
                "_to": recipient,
                "_by": by,
                "withdrawn_at": at,
                "withdrawal_stated_at": stated_at,
                "_id": episode_id,
                "_type": type_.value,
            },
        ).rowcount

    def consents_for_send(
        self, episode_id: str, types: list[ConsentType], recipient: str, by: str = "patient"
    ) -> list[int]:
        found = self._connection.execute(
            (
                "select id, type from consent where episode_id = %(id)s and type = any(%(types)s)"
                " and recipient in ('', %(recipient)s) and given_by = %(by)s"
                f" and withdrawn_at is null and (type <> 'PI_CROSS_BORDER' or {_MAY_GO_THERE})"
                " order by id for share"
            ),
            {
                "id": episode_id,
                "types": [t.value for t in types],
                "recipient": recipient,
                "by": by,
            },
        ).all()
        missing = {t.value for t in types} - {row.type for row in found}
        return [] if missing else [row.id for row in found]

    def note_transaction_number(self, episode_id: str, number: str, by: str = "patient") -> None:
        set_columns(
            self._connection,
            "consent",
            "id = (select max(id) from consent"
            " where episode_id = %(_id)s and type = 'VOUCHER_USE' and given_by = %(_by)s)",
            {"transaction_number": number, "_id": episode_id, "_by": by},
        )

    def put_voucher_account(self, episode_id: str, account: VoucherAccount, at: datetime) -> None:
        self._connection.execute(
            """
            insert into voucher_account (episode_id, sealed, balance_minor, cny_per_hkd, rate_id,
                                         rate_as_of, looked_up_at, status, ehealth_joined)
            values (%(id)s, %(sealed)s, %(balance)s, %(rate)s, %(rate_id)s, %(as_of)s, %(at)s,
                    %(status)s, %(joined)s)
            on conflict (episode_id) do update set balance_minor = excluded.balance_minor,
                looked_up_at = excluded.looked_up_at, status = excluded.status,
                ehealth_joined = excluded.ehealth_joined,
                sealed = coalesce(voucher_account.sealed, excluded.sealed),
                cny_per_hkd = coalesce(voucher_account.cny_per_hkd, excluded.cny_per_hkd),
                rate_id = coalesce(nullif(voucher_account.rate_id, ''), excluded.rate_id),
                rate_as_of = coalesce(voucher_account.rate_as_of, excluded.rate_as_of)
            """,
            {
                "status": "validated" if account.validated else "temporary",
                "joined": account.ehealth_joined,
                "id": episode_id,
                "sealed": self._keyring.encrypt(
                    episode_id, account.account_id.encode(), "voucher_account"
                ),
                "balance": account.balance.amount_minor,
                "rate": account.rate.cny_per_hkd,
                "rate_id": account.rate.rate_id,
                "as_of": account.rate.as_of,
                "at": at,
            },
        )

    def put_no_voucher_account(self, episode_id: str, at: datetime) -> None:
        self._connection.execute(
            """
            insert into voucher_account (episode_id, balance_minor, looked_up_at, status)
            values (%(id)s, 0, %(at)s, 'none') on conflict (episode_id) do nothing
            """,
            {"id": episode_id, "at": at},
        )

    def voucher_account_id(self, episode_id: str) -> str:
        sealed = self._connection.execute(
            "select sealed from voucher_account where episode_id = %(id)s", {"id": episode_id}
        ).scalar_one()
        return self._keyring.decrypt(episode_id, bytes(sealed), "voucher_account").decode()

    def set_voucher_balance(self, episode_id: str, balance_minor: int) -> None:
        set_columns(
            self._connection,
            "voucher_account",
            "episode_id = %(_id)s",
            {"balance_minor": balance_minor, "_id": episode_id},
        )
