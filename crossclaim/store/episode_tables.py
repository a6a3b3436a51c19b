"""Writes of an episode's own tables: the episode, its parties, coverages, consents and vouchers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from crossclaim.domain.identity import normalised
from crossclaim.domain.party import VoucherAccount
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.submission import (
    ConsentGiven,
    ConsentType,
    DocumentType,
    EpisodeSubmission,
    FunderKind,
)
from crossclaim.security.keyring import Keyring
from crossclaim.store.rows import read_rows
from crossclaim.store.statement import text

_OPEN = text("""
insert into episode (id, hospital_id, visit_number, encounter_class, department, channel, status,
                     sealed, opened_at)
values (:id, :hospital, :visit, :class, :department, :channel, 'open', :sealed, :at)
""")
_PARTY = text("""
insert into episode_party (episode_id, organisation_id, role) values (:id, :organisation, :role)
on conflict do nothing
""")
_COVERAGE = text("""
insert into coverage (episode_id, ordinal, funder, organisation_id, plan, decides, eligible)
values (:id, :ordinal, :funder, :organisation, :plan, :decides, :eligible)
""")
_CONSENT = text("""
insert into consent (episode_id, type, recipient, text_version, channel, signed_at)
values (:id, :type, :recipient, :version, :channel, :signed_at)
""")
_LOCK = text("select 1 from episode where id = :id for update")


def set_columns(connection: Connection, table: str, where: str, fields: dict[str, object]) -> int:
    """``update table set … where …``; names come from our code, values are bound."""
    columns = [name for name in fields if not name.startswith("_")]
    sets = ", ".join(f"{name} = :{name}" for name in columns)
    result = connection.execute(text(f"update {table} set {sets} where {where}"), fields)
    return result.rowcount


def _person_key(type_: DocumentType, number: str) -> str:
    """What two documents of one person share: a return permit's first nine characters."""
    plain = normalised(number)
    return plain[:9] if type_ is DocumentType.HOME_RETURN_PERMIT else plain


class EpisodeTables:
    """Part of a transaction: the episode itself."""

    _connection: Connection
    _keyring: Keyring

    def lock(self, episode_id: str) -> EpisodeRows | None:
        found = self._connection.execute(_LOCK, {"id": episode_id}).scalar_one_or_none()
        return None if found is None else read_rows(self._connection, episode_id)

    def hold(self, episode_id: str) -> None:
        self._connection.execute(_LOCK, {"id": episode_id}).scalar_one()

    def rows(self, episode_id: str) -> EpisodeRows:
        rows = read_rows(self._connection, episode_id)
        assert rows is not None, "the caller has locked this episode"
        return rows

    def open_episode(
        self, episode_id: str, submission: EpisodeSubmission, decides: dict[str, str], at: datetime
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
        parties = [(submission.hospital, "hospital"), *((i, "insurer") for i in insurers)]
        self._connection.execute(
            _PARTY, [{"id": episode_id, "organisation": o, "role": r} for o, r in parties]
        )
        if submission.coverages:
            self._connection.execute(
                _COVERAGE,
                [
                    {
                        "id": episode_id,
                        "ordinal": number,
                        "funder": c.funder.value,
                        "organisation": c.organisation,
                        "plan": c.plan,
                        "decides": decides.get(c.organisation or ""),
                        "eligible": None if c.funder is FunderKind.INSURER else True,
                    }
                    for number, c in enumerate(submission.coverages)
                ],
            )
        self.add_consents(episode_id, submission.consents)
        self._index_person(episode_id, submission)

    def _index_person(self, episode_id: str, submission: EpisodeSubmission) -> None:
        patient = submission.patient
        documents = [
            {
                "id": episode_id,
                "field": d.type.value,
                "value": self._keyring.blind_index(_person_key(d.type, d.number), d.type.value),
            }
            for d in patient.documents
        ]
        self._connection.execute(
            text(
                "insert into identity_index (episode_id, field, value)"
                " values (:id, :field, :value) on conflict do nothing"
            ),
            documents,
        )
        names = [n for n in (patient.name.zh, patient.name.en) if n]
        tokens = {token for name in names for token in self._keyring.name_tokens(name)}
        if tokens:
            self._connection.execute(
                text(
                    "insert into name_token (episode_id, token) values (:id, :token)"
                    " on conflict do nothing"
                ),
                [{"id": episode_id, "token": token} for token in sorted(tokens)],
            )

    def episode_content(self, episode_id: str) -> EpisodeSubmission:
        sealed = self._connection.execute(
            text("select sealed from episode where id = :id"), {"id": episode_id}
        ).scalar_one()
        plain = self._keyring.decrypt(episode_id, bytes(sealed), "episode")
        return EpisodeSubmission.model_validate_json(plain)

    def change_episode(self, episode_id: str, **fields: object) -> None:
        columns = "".join(f", {name} = :{name}" for name in fields)
        self._connection.execute(
            text(f"update episode set revision = revision + 1{columns} where id = :_id"),
            {**fields, "_id": episode_id},
        )

    def change_coverage(self, episode_id: str, ordinal: int, **fields: object) -> None:
        where = "episode_id = :_id and ordinal = :_ordinal"
        set_columns(
            self._connection, "coverage", where, {**fields, "_id": episode_id, "_ordinal": ordinal}
        )

    def add_consents(self, episode_id: str, consents: list[ConsentGiven]) -> None:
        if not consents:
            return
        self._connection.execute(
            _CONSENT,
            [
                {
                    "id": episode_id,
                    "type": c.type.value,
                    "recipient": c.recipient or "",
                    "version": c.text_version,
                    "channel": c.channel,
                    "signed_at": c.signed_at,
                }
                for c in consents
            ],
        )

    def withdraw_consents(
        self, episode_id: str, type_: ConsentType, at: datetime, stated_at: datetime
    ) -> int:
        return set_columns(
            self._connection,
            "consent",
            "episode_id = :_id and type = :_type and withdrawn_at is null",
            {
                "withdrawn_at": at,
                "withdrawal_stated_at": stated_at,
                "_id": episode_id,
                "_type": type_.value,
            },
        )

    def consents_for_send(
        self, episode_id: str, types: list[ConsentType], recipient: str
    ) -> list[int]:
        found = self._connection.execute(
            text(
                "select id, type from consent where episode_id = :id and type = any(:types)"
                " and recipient in ('', :recipient) and withdrawn_at is null"
                " order by id for share"
            ),
            {"id": episode_id, "types": [t.value for t in types], "recipient": recipient},
        ).all()
        missing = {t.value for t in types} - {row.type for row in found}
        return [] if missing else [row.id for row in found]

    def note_transaction_number(self, episode_id: str, number: str) -> None:
        set_columns(
            self._connection,
            "consent",
            "id = (select max(id) from consent where episode_id = :_id and type = 'VOUCHER_USE')",
            {"transaction_number": number, "_id": episode_id},
        )

    def put_voucher_account(self, episode_id: str, account: VoucherAccount, at: datetime) -> None:
        self._connection.execute(
            text("""
            insert into voucher_account (episode_id, sealed, balance_minor, cny_per_hkd, rate_id,
                                         rate_as_of, looked_up_at)
            values (:id, :sealed, :balance, :rate, :rate_id, :as_of, :at)
            on conflict (episode_id) do update set balance_minor = excluded.balance_minor,
                looked_up_at = excluded.looked_up_at
            """),
            {
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
            text("""
            insert into voucher_account (episode_id, balance_minor, looked_up_at)
            values (:id, 0, :at) on conflict (episode_id) do nothing
            """),
            {"id": episode_id, "at": at},
        )

    def voucher_account_id(self, episode_id: str) -> str:
        sealed = self._connection.execute(
            text("select sealed from voucher_account where episode_id = :id"), {"id": episode_id}
        ).scalar_one()
        return self._keyring.decrypt(episode_id, bytes(sealed), "voucher_account").decode()

    def set_voucher_balance(self, episode_id: str, balance_minor: int) -> None:
        set_columns(
            self._connection,
            "voucher_account",
            "episode_id = :_id",
            {"balance_minor": balance_minor, "_id": episode_id},
        )
