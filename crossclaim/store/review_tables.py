"""Writes about claims that are checked, examined and drawn for review."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from crossclaim.domain.claim_review import Channel, Match, Review
from crossclaim.domain.ebill_reading import ClaimedEbill, Compared, EbillRead, Stored
from crossclaim.domain.examination import ExaminerDecision
from crossclaim.domain.paper_claim import PaperClaimSubmission
from crossclaim.domain.review_rows import Checked, Piece, StoredDecision
from crossclaim.domain.submission import BillSubmission, EpisodeSubmission
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection
from crossclaim.store.paper_tables import ebill_id

READING = "document_reading"
"""What a reading of an e-bill is sealed as."""
# Charges are in the open, persons are not: what is hashed begins with the person's blind index.
_MARK = """
with person as (
  select distinct encode(value, 'hex') as hex from identity_index where episode_id = %(episode)s
), house as (select hospital_id from episode where id = %(episode)s
), piece as (
  select p.number, p.begins, p.ends, l.first_day, l.charges
  from jsonb_to_recordset(cast(%(pieces)s as jsonb))
       as p(number text, first integer, last integer, begins date, ends date)
  cross join lateral (
    select to_char(min(c.service_date), 'YYYY-MM-DD') as first_day,
           string_agg(to_char(c.service_date, 'YYYY-MM-DD') || '/' || c.code || '/' || c.quantity
                      || '/' || c.amount_minor, ',' order by c.service_date,
                      c.code collate "C", c.quantity, c.amount_minor) as charges
    from charge_line c where c.bill_id = %(bill)s
      and (p.first is null or c.line between p.first and p.last)) l
), found (kind, said, day, begins, ends) as (
  select 'bill', hex || '|' || hospital_id || '|' || number || '|' || first_day,
         first_day::date, null::date, null::date from person, house, piece
  union all
  select 'lines', hex || '|' || hospital_id || '|' || charges, first_day::date, null, null
  from person, house, piece
  union all
  select 'day', hex || '|' || hospital_id || '|' || to_char(d.service_date, 'YYYY-MM-DD'),
         d.service_date, null, null
  from person, house, (select distinct service_date from charge_line where bill_id = %(bill)s) d
  union all
  select 'stay', hex, begins, begins, ends from person, piece where begins < ends
), marks (kind, mark, day, begins, ends) as (
  select kind, sha256(convert_to(kind || '|' || said, 'UTF8')), day, begins, ends from found
  where said is not null
  union all
  select 'ebill', e, null, null, null from unnest(cast(%(ebills)s as bytea[])) e
)
insert into claim_mark (claim_id, episode_id, bill_id, organisation_id, hospital_id, channel, kind,
                        mark, day, begins, ends, names)
select %(claim)s, %(episode)s, %(bill)s, %(insurer)s, house.hospital_id, %(channel)s, m.kind,
       m.mark, m.day, m.begins, m.ends, cast(%(names)s as text[])
from marks m, house
on conflict do nothing
"""
# Of another insurer's claim no more is read than that it is there.
CHECK = """
select c.episode_id, b.sealed as bill, e.sealed as episode,
  (select max(channel) from claim_mark where claim_id = c.id) as channel,
  (select coalesce(json_agg(x), '[]') from (
     select distinct on (1, 2, 3, 4, 5) o.kind,
            o.organisation_id = m.organisation_id as same_insurer,
            o.organisation_id = any(m.names) or m.organisation_id = any(o.names) as named,
            o.hospital_id = m.hospital_id as same_hospital, o.channel, m.day,
            case when o.organisation_id = m.organisation_id then k.reference else '' end
              as reference
     from claim_mark m join claim_mark o on o.mark = m.mark and o.kind = m.kind
     join claim k on k.id = o.claim_id join bill kb on kb.id = o.bill_id
     where m.claim_id = c.id and o.episode_id <> m.episode_id
       and k.state not in ('voided', 'denied', 'failed') and kb.state = 'current'
       and (m.kind <> 'stay' or (o.begins < m.ends and m.begins < o.ends))
       and (m.kind not in ('lines', 'day') or m.channel = 'papers' or o.channel = 'papers')
     order by 1, 2, 3, 4, 5, o.claim_id, m.day) x) as matches
from claim c join bill b on b.id = c.bill_id join episode e on e.id = c.episode_id
where c.id = %(claim)s
"""
_FOLLOW = """
with claimed as (select bill_id, organisation_id from claim where id = %(claim)s
), used as (
  select u.* from cover_use u join claimed on claimed.bill_id = u.bill_id
  join cover v on v.id = u.cover_id and v.organisation_id = claimed.organisation_id
  where not u.reversal and not exists (
    select 1 from cover_use r where r.reversal and (r.cover_id, r.bill_id, r.version, r.counter)
      = (u.cover_id, u.bill_id, u.version, u.counter))
), whole as (
  select amount::numeric as amount from used where counter = 'lifetime.paid'
), back as (
  insert into cover_use (cover_id, bill_id, version, counter, reversal, episode_id, amount,
                         occurred_at)
  select cover_id, bill_id, version, counter, true, episode_id, -amount, %(at)s from used
), again as (
  select u.cover_id, u.bill_id, u.counter, u.episode_id,
         (select max(version) + 1 from cover_use where bill_id = u.bill_id) as version,
         case when u.counter like '%%.paid'
              then round(u.amount * (whole.amount + %(difference)s) / whole.amount)
              else u.amount end::bigint as amount
  from used u, whole where whole.amount + %(difference)s > 0
)
insert into cover_use (cover_id, bill_id, version, counter, episode_id, amount, occurred_at)
select cover_id, bill_id, version, counter, episode_id, amount, %(at)s from again
where amount <> 0
"""
_EXAMINED = (
    "claim_id",
    "episode_id",
    "number",
    "organisation_id",
    "sealed",
    "benefit_minor",
    "currency",
    "second_needed",
    "state",
    "decided_by",
    "decided_at",
)
_EXAMINE = (
    f"insert into claim_examination ({', '.join(_EXAMINED)}) values ("
    + ", ".join(f"%({name})s" for name in _EXAMINED)
    + ")"
)


_DOCUMENTS = """
insert into claim_mark (claim_id, episode_id, bill_id, organisation_id, hospital_id, channel, kind,
                        mark, names)
select c.id, c.episode_id, c.bill_id, c.organisation_id, e.hospital_id, k.channel, 'document',
       d.blind, k.names
from claim c join episode e on e.id = c.episode_id
join document d on d.episode_id = c.episode_id and d.blind is not null
join lateral (select m.channel, m.names from claim_mark m where m.claim_id = c.id
              order by m.id limit 1) k on true
where c.id = %(claim)s
on conflict do nothing
"""
_READINGS = (
    "select sha256, sealed from document_reading where episode_id = %(id)s order by 1, source"
)
_PAPERS = """
select id, content from submission where episode_id = %(id)s and kind = 'submit_claim'
  and not refused order by received_at limit 1
"""
_COMPARED = """
insert into ebill_comparison (episode_id, claim_id, sha256, paper, outcome, members, occurred_at)
values (%(episode)s, %(claim)s, %(sha256)s, %(paper)s, %(outcome)s, %(members)s, %(at)s)
on conflict do nothing
"""


class ReviewTables:
    """Part of a transaction: what is known of a claim beyond its own episode."""

    _connection: Connection
    _keyring: Keyring

    def mark_claim(
        self,
        claim_id: str,
        episode_id: str,
        bill_id: str,
        insurer: str,
        pieces: Sequence[Piece],
        *,
        channel: Channel = Channel.HOSPITAL,
        names: Sequence[str] = (),
        ebills: Sequence[tuple[str, str]] = (),
    ) -> None:
        told = [piece._asdict() for piece in pieces]
        self._connection.execute(
            _MARK,
            {
                "claim": claim_id,
                "episode": episode_id,
                "bill": bill_id,
                "insurer": insurer,
                "channel": channel.value,
                "pieces": json.dumps(told, default=str),
                "names": list(names),
                "ebills": [ebill_id(self._keyring, key) for key in ebills],
            },
        )

    def claim_check(self, claim_id: str) -> Checked:
        row = self._connection.execute(CHECK, {"claim": claim_id}).one()
        papers = row.channel == Channel.PAPERS
        readings = self._readings(row.episode_id) if papers else []
        bill = self._keyring.decrypt(row.episode_id, bytes(row.bill), "bill")
        episode = self._keyring.decrypt(row.episode_id, bytes(row.episode), "episode")
        return Checked(
            bill=BillSubmission.model_validate_json(bill),
            episode=EpisodeSubmission.model_validate_json(episode),
            channel=Channel(row.channel or Channel.HOSPITAL),
            matches=[Match.model_validate(one) for one in row.matches],
            readings=readings,
            claimed=self._claimed(row.episode_id) if readings else [],
        )

    def mark_documents(self, claim_id: str, episode_id: str) -> None:
        self._connection.execute(_DOCUMENTS, {"claim": claim_id})

    def _readings(self, episode_id: str) -> list[Stored]:
        rows = self._connection.execute(_READINGS, {"id": episode_id})
        opened = (
            (row.sha256, self._keyring.decrypt(episode_id, bytes(row.sealed), READING))
            for row in rows
        )
        return [
            Stored(sha256=sha256, read=EbillRead.model_validate_json(plain))
            for sha256, plain in opened
        ]

    def _claimed(self, episode_id: str) -> list[ClaimedEbill]:
        row = self._connection.execute(_PAPERS, {"id": episode_id}).one_or_none()
        if row is None:
            return []
        plain = self._keyring.decrypt(episode_id, bytes(row.content), "submission")
        claim = PaperClaimSubmission.model_validate_json(plain)
        return [
            ClaimedEbill(paper=one.number, ebill=one.ebill, total=one.total)
            for one in claim.papers
            if one.ebill is not None
        ]

    def note_ebills(
        self, claim_id: str, episode_id: str, words: Sequence[Compared], at: datetime
    ) -> None:
        told = [
            {**one.model_dump(mode="json"), "claim": claim_id, "episode": episode_id, "at": at}
            for one in words
        ]
        self._connection.execute_each(_COMPARED, told)

    def add_review(
        self, claim_id: str, episode_id: str, insurer: str, found: Review, at: datetime
    ) -> None:
        self._connection.execute(
            """
            insert into claim_review (claim_id, episode_id, organisation_id, reasons, trace,
                                      occurred_at)
            values (%(claim)s, %(episode)s, %(insurer)s, cast(%(reasons)s as text[]),
                    cast(%(trace)s as jsonb), %(at)s)
            on conflict do nothing
            """,
            {
                "claim": claim_id,
                "episode": episode_id,
                "insurer": insurer,
                "reasons": [reason.value for reason in found.reasons],
                "trace": json.dumps([step.model_dump(mode="json") for step in found.trace]),
                "at": at,
            },
        )

    def add_examination(
        self,
        claim_id: str,
        episode_id: str,
        number: str,
        insurer: str,
        decision: ExaminerDecision,
        **fields: object,
    ) -> None:
        plain = decision.model_dump_json().encode()
        values = {**dict.fromkeys(_EXAMINED), **fields}
        values |= {
            "claim_id": claim_id,
            "episode_id": episode_id,
            "number": number,
            "organisation_id": insurer,
            "sealed": self._keyring.encrypt(episode_id, plain, "examination"),
        }
        self._connection.execute(_EXAMINE, values)

    def examination(self, claim_id: str, number: str | None = None) -> StoredDecision | None:
        row = self._connection.execute(
            """
            select number, episode_id, sealed, decided_by, state from claim_examination
            where claim_id = %(claim)s and (number = cast(%(number)s as text)
                  or (cast(%(number)s as text) is null and state = 'waiting')) for update
            """,
            {"claim": claim_id, "number": number},
        ).one_or_none()
        if row is None:
            return None
        plain = self._keyring.decrypt(row.episode_id, bytes(row.sealed), "examination")
        return StoredDecision(
            number=row.number,
            decision=ExaminerDecision.model_validate_json(plain),
            decided_by=row.decided_by,
            waits=row.state == "waiting",
        )

    def close_examination(
        self,
        claim_id: str,
        episode_id: str,
        number: str,
        state: str,
        by: str,
        reason: str,
        at: datetime,
    ) -> None:
        self._connection.execute(
            """
            update claim_examination set state = %(state)s, confirmed_by = %(by)s,
                   confirmed_at = %(at)s, reason_sealed = %(reason)s
            where claim_id = %(claim)s and number = %(number)s
            """,
            {
                "claim": claim_id,
                "number": number,
                "state": state,
                "by": by,
                "at": at,
                "reason": self._keyring.encrypt(episode_id, reason.encode(), "examination"),
            },
        )

    def counters_follow(self, claim_id: str, difference_minor: int, at: datetime) -> None:
        values = {"claim": claim_id, "difference": difference_minor, "at": at}
        self._connection.execute(_FOLLOW, values)

    def draw_sample(self, claim_id: str, at: datetime) -> None:
        self._connection.execute(
            """
            insert into claim_sample (claim_id, episode_id, organisation_id, benefit_minor,
                                      currency, drawn_at)
            select id, episode_id, organisation_id, coalesce(benefit_minor, 0), benefit_currency,
                   %(at)s
            from claim where id = %(claim)s and state in ('approved', 'partial', 'denied')
            on conflict do nothing
            """,
            {"claim": claim_id, "at": at},
        )

    def sampled(self, claim_id: str, insurer: str) -> tuple[int, bool] | None:
        row = self._connection.execute(
            """
            select benefit_minor, correct is not null as reviewed from claim_sample
            where claim_id = %(claim)s and organisation_id = %(insurer)s for update
            """,
            {"claim": claim_id, "insurer": insurer},
        ).one_or_none()
        return None if row is None else (row.benefit_minor, row.reviewed)

    def review_sample(
        self, claim_id: str, episode_id: str, right_minor: int, by: str, note: str, at: datetime
    ) -> None:
        self._connection.execute(
            """
            update claim_sample set correct = (benefit_minor = %(right)s), right_minor = %(right)s,
                   note_sealed = %(note)s, reviewed_by = %(by)s, reviewed_at = %(at)s
            where claim_id = %(claim)s
            """,
            {
                "claim": claim_id,
                "right": right_minor,
                "note": self._keyring.encrypt(episode_id, note.encode(), "examination"),
                "by": by,
                "at": at,
            },
        )
