"""Reads and writes of a payout's rail, approval, recall and finding."""

from __future__ import annotations

import json
from datetime import date, datetime

from crossclaim.domain.account_check import AccountAsked
from crossclaim.domain.payout_rows import ApprovalRow, EvidenceRow, FindingRow, RailRow
from crossclaim.store.connection import Connection
from crossclaim.store.episode_tables import set_columns

# In one order, so that two steps about two documents of one person never wait for each other.
_HOLD = """
select pg_advisory_xact_lock(hashtextextended('payout-rail:' || encode(i.value, 'hex'), 0))
from (select distinct value from identity_index where episode_id = %(id)s order by value) i
"""
# What a bank refused or gave back unsent went over no rail.
_USE = """
select coalesce(sum(r.hkd_minor) filter (where r.on_day = %(day)s), 0)::bigint as on_day,
       coalesce(sum(r.hkd_minor), 0)::bigint as in_year
from payout_rail r join payout_intent p on p.reference = r.reference
where r.rail = %(rail)s and r.on_day between %(first)s and %(last)s
  and p.debtor_organisation_id = %(debtor)s and p.state not in ('rejected', 'cancelled')
  and p.payee = 'patient'
  and exists (select 1 from identity_index a
              join identity_index b on b.field = a.field and b.value = a.value
              where a.episode_id = %(id)s and b.episode_id = r.episode_id)
"""
_ADD_RAIL = """
insert into payout_rail (reference, episode_id, rail, on_day, hkd_minor, expected_at, due_at, trace)
values (%(reference)s, %(id)s, %(rail)s, %(on_day)s, %(hkd_minor)s, %(expected_at)s, %(due_at)s,
        cast(%(trace)s as jsonb))
on conflict (reference) do nothing
"""
_MAKER = """
select key_id from submission
where episode_id = %(id)s and organisation_id = %(organisation)s and key_id <> ''
  and outcome is not null and (outcome->>'status')::integer < 400
  and kind in ('record_decision', 'record_insurer_answer', 'decide_claim_lines', 'decide_appeal',
               'submit_claim', 'request_reimbursement')
order by outcome_at desc, id desc limit 1
"""
# One booking told twice is one; a second one under the same reference is money that left again.
_EVIDENCE = """
select e.id, e.source, e.direction, e.amount_minor, e.currency, e.booked_on
from bank_entry e join payout_intent p on p.reference = %(reference)s
where e.bank = p.bank and e.account_sha256 = p.debtor_account_sha256
  and e.reference = p.reference
  and (e.status is null or e.status <> 'duplicate' or e.why = 'PAID_AGAIN')
order by e.id
"""
# A number says nothing of who names it: only the same person's payouts count, or the same
# hospital's. A bank that sends no advice of credit says no more than that it has settled.
_KNOWN = """
select exists (
    select 1 from payout_intent p
    where p.payee_account_sha256 = %(account_sha256)s and p.payee = %(payee)s
      and case when %(matched)s then p.account_check = 'matched'
               else p.state = 'credited'
                    or (p.state = 'accepted' and p.bank = %(bank)s
                        and p.settled_at <= cast(%(settled_until)s as timestamptz))
          end
      and case p.payee
          when 'hospital' then p.payee_organisation_id =
              (select e.hospital_id from episode e where e.id = %(episode_id)s)
          else exists (select 1 from identity_index a
                       join identity_index b on b.field = a.field and b.value = a.value
                       where a.episode_id = %(episode_id)s and b.episode_id = p.episode_id)
          end) as known
"""


class PayoutWordTables:
    """Part of a transaction."""

    _connection: Connection

    def hold_rail_limits(self, episode_id: str) -> None:
        self._connection.execute(_HOLD, {"id": episode_id})

    def rail_use(self, episode_id: str, rail: str, debtor: str, day: date) -> tuple[int, int]:
        row = self._connection.execute(
            _USE,
            {
                "id": episode_id,
                "rail": rail,
                "debtor": debtor,
                "day": day,
                "first": date(day.year, 1, 1),
                "last": date(day.year, 12, 31),
            },
        ).one()
        return row.on_day, row.in_year

    def add_rail(self, episode_id: str, row: RailRow) -> None:
        fields = row.model_dump(exclude={"trace"})
        trace = json.dumps([step.model_dump(mode="json") for step in row.trace])
        self._connection.execute(_ADD_RAIL, {"id": episode_id, **fields, "trace": trace})

    def rail_of(self, reference: str) -> str:
        found = self._connection.execute(
            "select rail from payout_rail where reference = %(ref)s", {"ref": reference}
        ).scalar_one_or_none()
        return str(found or "")

    def rail_day(self, reference: str) -> date | None:
        found = self._connection.execute(
            "select on_day from payout_rail where reference = %(ref)s", {"ref": reference}
        ).scalar_one_or_none()
        return found if isinstance(found, date) else None

    def maker_of(self, episode_id: str, organisation: str) -> str:
        found = self._connection.execute(
            _MAKER, {"id": episode_id, "organisation": organisation}
        ).scalar_one_or_none()
        return str(found or "")

    def paid_before(self, asked: AccountAsked) -> bool:
        return self._known(asked, matched=False)

    def matched_before(self, asked: AccountAsked) -> bool:
        return self._known(asked, matched=True)

    def _known(self, asked: AccountAsked, *, matched: bool) -> bool:
        about = {**asked.model_dump(), "matched": matched}
        return bool(self._connection.execute(_KNOWN, about).scalar_one())

    def add_approval(
        self, episode_id: str, reference: str, made_by: str, why: str, at: datetime
    ) -> None:
        self._connection.execute(
            """
            insert into payout_approval (reference, episode_id, made_by, why, asked_at)
            values (%(ref)s, %(id)s, %(by)s, %(why)s, %(at)s) on conflict (reference) do nothing
            """,
            {"ref": reference, "id": episode_id, "by": made_by, "why": why, "at": at},
        )

    def approval(self, reference: str) -> ApprovalRow | None:
        row = self._connection.execute(
            "select made_by, approved from payout_approval where reference = %(ref)s for update",
            {"ref": reference},
        ).one_or_none()
        return None if row is None else ApprovalRow(made_by=row.made_by, approved=row.approved)

    def decide_approval(
        self, reference: str, decided_by: str, approved: bool, reason: str, at: datetime
    ) -> None:
        self._connection.execute(
            """
            update payout_approval set decided_by = %(by)s, decided_at = %(at)s,
                   approved = %(approved)s, reason = %(reason)s where reference = %(ref)s
            """,
            {"by": decided_by, "at": at, "approved": approved, "reason": reason, "ref": reference},
        )

    def add_recall(
        self,
        episode_id: str,
        reference: str,
        number: str,
        reason: str,
        asked_by: str,
        at: datetime,
        *,
        state: str,
    ) -> None:
        self._connection.execute(
            """
            insert into payout_recall (reference, episode_id, number, reason, asked_by, asked_at,
                                       state, ended_at)
            values (%(ref)s, %(id)s, %(number)s, %(reason)s, %(by)s, %(at)s, %(state)s,
                    case when %(state)s = 'needless' then cast(%(at)s as timestamptz) end)
            """,
            {
                "ref": reference,
                "id": episode_id,
                "number": number,
                "reason": reason,
                "by": asked_by,
                "at": at,
                "state": state,
            },
        )

    def recall_reason(self, reference: str) -> str:
        found = self._connection.execute(
            "select reason from payout_recall where reference = %(ref)s", {"ref": reference}
        ).scalar_one()
        return str(found)

    def change_recall(self, reference: str, **fields: object) -> None:
        set_columns(
            self._connection,
            "payout_recall",
            "reference = %(_ref)s and ended_at is null",
            {**fields, "_ref": reference},
        )

    def add_finding(self, episode_id: str, reference: str, row: FindingRow, at: datetime) -> None:
        self._connection.execute(
            """
            insert into payout_finding (episode_id, payout_reference, number, outcome, bank_entry,
                                        evidence, found_by, found_at)
            values (%(id)s, %(ref)s, %(number)s, %(outcome)s, %(bank_entry)s, %(evidence)s,
                    %(found_by)s, %(at)s)
            """,
            {**row.model_dump(exclude={"approved"}), "id": episode_id, "ref": reference, "at": at},
        )

    def finding(self, reference: str, number: str) -> FindingRow | None:
        row = self._connection.execute(
            """
            select number, outcome, bank_entry, evidence, found_by, approved from payout_finding
            where payout_reference = %(ref)s and number = %(number)s for update
            """,
            {"ref": reference, "number": number},
        ).mappings()
        found = list(row)
        return FindingRow.model_validate(dict(found[0])) if found else None

    def proved_before(self, reference: str, bank_entry: int) -> bool:
        found = self._connection.execute(
            "select exists (select 1 from payout_finding where payout_reference = %(ref)s"
            " and bank_entry = %(entry)s and outcome = 'paid' and approved) as known",
            {"ref": reference, "entry": bank_entry},
        ).scalar_one()
        return bool(found)

    def decide_finding(
        self,
        reference: str,
        number: str,
        decided_by: str,
        approved: bool,
        reason: str,
        at: datetime,
    ) -> None:
        self._connection.execute(
            """
            update payout_finding set decided_by = %(by)s, decided_at = %(at)s,
                   approved = %(approved)s, reason = %(reason)s
            where payout_reference = %(ref)s and number = %(number)s
            """,
            {
                "by": decided_by,
                "at": at,
                "approved": approved,
                "reason": reason,
                "ref": reference,
                "number": number,
            },
        )

    def evidence(self, reference: str) -> list[EvidenceRow]:
        rows = self._connection.execute(_EVIDENCE, {"reference": reference}).mappings()
        return [EvidenceRow.model_validate(dict(row)) for row in rows]
