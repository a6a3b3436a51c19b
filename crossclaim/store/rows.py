"""Reads all rows of one episode in a single round trip."""

from __future__ import annotations

from crossclaim.domain.records import EpisodeRows
from crossclaim.store.connection import Connection, Result

_ROWS = """
select jsonb_build_object(
  'episode', to_jsonb(e) - 'sealed' - 'visit_number' - 'department' - 'channel' - 'recorded_at',
  'coverages', (select coalesce(jsonb_agg(to_jsonb(c) order by c.ordinal), '[]')
                from coverage c where c.episode_id = e.id),
  'consents', (select coalesce(jsonb_agg(to_jsonb(c) - 'signer_sealed' order by c.id), '[]')
               from consent c where c.episode_id = e.id),
  'voucher', (select jsonb_build_object('balance_minor', v.balance_minor,
                'cny_per_hkd', v.cny_per_hkd::text, 'rate_id', v.rate_id,
                'rate_as_of', v.rate_as_of, 'looked_up_at', v.looked_up_at)
              from voucher_account v where v.episode_id = e.id),
  'funder_accounts', (select coalesce(jsonb_agg(jsonb_build_object('ordinal', f.ordinal,
                'funder', f.funder, 'state', f.state, 'code', f.code,
                'looked_up_at', f.looked_up_at) order by f.ordinal), '[]')
              from funder_account f where f.episode_id = e.id),
  'quotes', (select coalesce(jsonb_agg(jsonb_build_object('bill_id', q.bill_id,
                'state', q.state, 'code', q.code, 'fund_minor', q.fund_minor,
                'account_minor', q.account_minor, 'family_minor', q.family_minor,
                'round', q.round) order by q.recorded_at, q.bill_id), '[]')
              from settlement_quote q where q.episode_id = e.id),
  'bills', (select coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'number', b.number,
              'version', b.version, 'status', b.status, 'state', b.state,
              'total_minor', b.total_minor) order by b.recorded_at, b.version), '[]')
            from bill b where b.episode_id = e.id),
  'allocations', (select coalesce(jsonb_agg(a.one), '[]') from (
                    select distinct on (bill_id) jsonb_build_object('bill_id', bill_id,
                      'version', version, 'result', {result}) as one
                    from allocation where episode_id = e.id
                    order by bill_id, version desc) a),
  'tenders', (select coalesce(jsonb_agg(to_jsonb(t) order by t.id), '[]')
              from tender t where t.episode_id = e.id),
  'guarantees', (select coalesce(jsonb_agg(to_jsonb(g) order by g.id), '[]')
                 from guarantee g where g.episode_id = e.id),
  'claims', (select coalesce(jsonb_agg(to_jsonb(c) - 'payee_sealed' - 'decision'
              order by c.occurred_at, c.id), '[]')
             from claim c where c.episode_id = e.id),
  'payouts', (select coalesce(jsonb_agg(to_jsonb(p) - 'payee_sealed' || jsonb_build_object(
                'orders', (select count(*) from payout_attempt x
                           where x.reference = p.reference and x.kind = 'order'),
                'inquiries', (select count(*) from payout_attempt x
                              where x.reference = p.reference and x.kind = 'inquiry'),
                'last_inquiry_at', (select max(x.occurred_at) from payout_attempt x
                              where x.reference = p.reference and x.kind = 'inquiry'),
                'absent_at', {absent},
                'unapplied_reports', (select count(*) from payout_report r
                              where r.reference = p.reference and r.applied_at is null)
                ) order by p.reserved_at, p.reference), '[]')
              from payout_intent p where p.episode_id = e.id),
  'exceptions', (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]')
                 from exception_item x where x.episode_id = e.id),
  'record_requests', (select coalesce(jsonb_agg(to_jsonb(q) - 'codes_sealed'
                        order by q.recorded_at, q.id), '[]')
                      from record_request q where q.episode_id = e.id),
  'record_deliveries', (select coalesce(jsonb_agg(to_jsonb(d) order by d.recorded_at, d.id), '[]')
                        from record_delivery d where d.episode_id = e.id)
)::text from episode e where e.id = %(id)s
"""
# Nothing proves the absence of a payment of which the bank has ever said that it has it.
_ABSENT = """
case when not exists (select 1 from payout_report k where k.reference = p.reference
       and k.state in ('booked', 'settled', 'credited', 'accepted', 'pending')) then
greatest((select max(least(r.happened_at, r.applied_at)) from payout_report r
          where r.reference = p.reference and r.state = 'unknown_to_bank'
          and r.applied_at is not null),
         (select case when range_agg(tstzrange(s.covers_from, s.covers_to, '[]'))
            @> tstzrange(p.sent_at, p.fence_at, '[]') then max(s.covers_to) end
          from bank_statement s where s.bank = p.bank and p.sent_at is not null
          and s.account_sha256 = p.debtor_account_sha256))
end
"""
# Steps decide by the figures; the trace is many times as large and only read by people.
_WORKER_ROWS = _ROWS.replace("{absent}", _ABSENT).replace("{result}", "result - 'trace'")
# Statements of the insurers' accounts are nobody's business at the API.
_PARTY_ROWS = _ROWS.replace("{absent}", "null").replace("{result}", "result")


def read_rows(connection: Connection, episode_id: str) -> EpisodeRows | None:
    """The episode's rows as the worker's role, or None when there is no such episode."""
    return told_rows(ask_rows(connection, episode_id))


def ask_rows(connection: Connection, episode_id: str) -> Result:
    """Asks for the rows; the answer is waited for by ``told_rows``."""
    return connection.execute(_WORKER_ROWS, {"id": episode_id})


def read_party_rows(connection: Connection, episode_id: str) -> EpisodeRows | None:
    """The same for the API, without what only banks know; None for another's episode too."""
    return told_rows(connection.execute(_PARTY_ROWS, {"id": episode_id}))


def told_rows(asked: Result) -> EpisodeRows | None:
    found = asked.scalar_one_or_none()
    return None if found is None else EpisodeRows.model_validate_json(found)
