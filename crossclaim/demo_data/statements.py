"""SQL that turns staged courses and the pool's rows into rows of an installation.

PostgreSQL copies into no table under row-level security, so a block is copied into tables of the
session and inserted from there, with every constraint and trigger that a real episode meets.
"""

from __future__ import annotations

STAGE = """
create temporary table staged (
  number integer primary key, pool integer, id text, visit text, status text, sealed bytea,
  opened_at timestamptz, admitted_at timestamptz, discharged_at timestamptz,
  closed_at timestamptz, key_id text, epoch text, wrapped bytea, document bytea, tokens bytea[],
  bill text, bill_number text, bill_sealed bytea, billed_at timestamptz, claim text,
  claim_state text, decided_by text, decided_at timestamptz, payout text, payout_state text,
  payee_sealed bytea, reserved_at timestamptz, credited_at timestamptz, guarantee text,
  answered_at timestamptz, stages text[], exception text, exception_at timestamptz,
  resolved_at timestamptz
) on commit delete rows;
create temporary table pool (
  place integer primary key, hospital text, class text, department text, channel text,
  total bigint, result jsonb, kind text, insurer text, insurer_fen bigint, benefit bigint,
  benefit_currency text, limit_minor bigint
);
create temporary table pool_coverage (
  place integer, ordinal smallint, funder text, organisation text, plan text, decides text
);
create temporary table pool_consent (place integer, type text, recipient text);
create temporary table pool_line (
  place integer, line integer, category text, code text, service_date date, quantity integer,
  amount bigint
);
create temporary table pool_share (
  place integer, line integer, funder text, organisation text, amount bigint, reasons text[]
);
create temporary table pool_posting (
  place integer, stage text, kind text, ordinal smallint, account text, amount bigint,
  currency text
);
"""
POOLED = (
    "pool",
    "pool_coverage",
    "pool_consent",
    "pool_line",
    "pool_share",
    "pool_posting",
)
"""Filled once a session, in the order of their columns."""
ROLE = "crossclaim_worker"
GRANT = "grant temporary on database {database} to {role}"
REVOKE = "revoke temporary on database {database} from {role}"
LIST_LATER = "set local crossclaim.listing = 'later'"
LIST = "select list_episodes(array(select id from staged order by id))"
"""What the lists of the console are read from, once a block instead of once a row."""
DUE = "select console_are_due(array(select id from staged))"
KEEP = "select keep_console_totals(%(block)s)"
"""Adds a block to the console's sums, in a transaction of its own: one at a time does it."""
DONE = """
select visit_number from episode
where visit_number >= %(first)s and visit_number <= %(last)s
"""
ACCOUNT = """
insert into account (id, kind, organisation_id, currency)
values (%(id)s, %(kind)s, %(organisation)s, %(currency)s) on conflict do nothing
"""
# The key of each entry as the workflow's own steps would give it.
_KEY = """case q.stage
  when 'bill' then 'bill:' || s.bill || ':1'
  when 'payout' then 'payout:' || s.payout
  when 'credit' then 'credit:' || s.payout
  when 'reversal' then 'reversal:payout:' || s.payout
  else q.stage || ':' || s.bill end"""
_AT = """case q.stage
  when 'payout' then s.reserved_at when 'credit' then s.credited_at
  when 'reversal' then s.reserved_at + interval '1 day' else s.billed_at end"""
INSERTS = (
    """
    insert into data_key (scope, key_id, epoch, wrapped, created_at)
    select id, key_id, epoch, wrapped, opened_at from staged order by number
    """,
    """
    insert into episode (id, hospital_id, visit_number, encounter_class, department, channel,
      status, sealed, opened_at, admitted_at, discharged_at, closed_at, recorded_at)
    select s.id, p.hospital, s.visit, p.class, p.department, p.channel, s.status, s.sealed,
      s.opened_at, s.admitted_at, s.discharged_at, s.closed_at, s.opened_at
    from staged s join pool p on p.place = s.pool order by s.id
    """,
    """
    insert into episode_party (episode_id, organisation_id, role)
    select s.id, p.hospital, 'hospital' from staged s join pool p on p.place = s.pool
    union all
    select distinct s.id, c.organisation, 'insurer'
    from staged s join pool_coverage c on c.place = s.pool where c.organisation is not null
    """,
    """
    insert into coverage (episode_id, ordinal, funder, organisation_id, plan, decides, eligible,
      eligibility_at)
    select s.id, c.ordinal, c.funder, c.organisation, c.plan, c.decides, true, s.opened_at
    from staged s join pool_coverage c on c.place = s.pool
    """,
    """
    insert into consent (episode_id, type, recipient, text_version, channel, signed_at, recorded_at)
    select s.id, c.type, c.recipient, '2026-01', 'paper', s.opened_at, s.opened_at
    from staged s join pool_consent c on c.place = s.pool
    """,
    """
    insert into identity_index (episode_id, field, value)
    select id, 'hkid', document from staged order by document
    """,
    """
    insert into name_token (episode_id, token)
    select id, token from staged, unnest(tokens) token order by token
    """,
    """
    insert into bill (id, episode_id, number, version, status, state, total_minor, sealed,
      issued_at, occurred_at, recorded_at)
    select s.bill, s.id, s.bill_number, 1, 'final', 'current', p.total, s.bill_sealed,
      s.billed_at, s.billed_at, s.billed_at
    from staged s join pool p on p.place = s.pool order by s.bill
    """,
    """
    insert into charge_line (bill_id, episode_id, line, category, code, service_date, quantity,
      amount_minor)
    select s.bill, s.id, l.line, l.category, l.code, l.service_date, l.quantity, l.amount
    from staged s join pool_line l on l.place = s.pool
    """,
    """
    insert into allocation (bill_id, version, episode_id, result, reason, occurred_at, recorded_at)
    select s.bill, 1, s.id, p.result, 'BILL', s.billed_at, s.billed_at
    from staged s join pool p on p.place = s.pool
    """,
    """
    insert into allocation_share (bill_id, version, episode_id, line, funder, organisation_id,
      amount_minor, reasons)
    select s.bill, 1, s.id, h.line, h.funder, h.organisation, h.amount, h.reasons
    from staged s join pool_share h on h.place = s.pool
    """,
    """
    insert into guarantee (id, episode_id, insurer_id, reference, state, limit_minor, currency,
      requested_at, answered_at, released_at)
    select s.guarantee, s.id, p.insurer, upper(replace(s.guarantee, '_', '')),
      case when s.closed_at is null then 'granted' else 'released' end, p.limit_minor, 'HKD',
      s.opened_at + interval '1 hour', s.answered_at, s.closed_at
    from staged s join pool p on p.place = s.pool
    where s.guarantee is not null and p.limit_minor is not null
    """,
    """
    insert into claim (id, episode_id, bill_id, organisation_id, kind, reference, state, decides,
      number, benefit_minor, benefit_currency, pay_fen, occurred_at, submitted_at, decided_at,
      decided_by)
    select s.claim, s.id, s.bill, p.insurer, p.kind, upper(replace(s.claim, '_', '')),
      s.claim_state, case when p.insurer is null then null else 'here' end,
      'DEMO-C' || lpad(s.number::text, 8, '0'),
      case when s.decided_at is null then null else p.benefit end, p.benefit_currency,
      case when p.kind = 'direct' and s.decided_at is not null then p.insurer_fen end,
      s.billed_at, s.billed_at, s.decided_at, s.decided_by
    from staged s join pool p on p.place = s.pool where s.claim is not null order by s.claim
    """,
    """
    insert into information_request (id, episode_id, claim_id, organisation_id, number, asked_of,
      state, asked_at, due_at, remind_at, closed_at)
    select 'ir_' || right(s.claim, 26), s.id, s.claim, p.insurer,
      'DEMO-I' || lpad(s.number::text, 8, '0'), 'hospital', 'answered',
      s.billed_at + interval '10 minutes', s.billed_at + interval '10 days', '{}', s.decided_at
    from staged s join pool p on p.place = s.pool
    where s.decided_by = 'examiner' and s.number %% 3 = 0
    """,
    """
    insert into payout_intent (reference, episode_id, claim_id, payee, payee_organisation_id,
      payee_sealed, payee_account_sha256, debtor_organisation_id, debtor_account_sha256, bank,
      amount_minor, state, reason, reserved_at, sent_at, settled_at, credited_at, closed_at,
      recorded_at)
    select s.payout, s.id, s.claim, 'hospital', p.hospital, s.payee_sealed, 'demo', p.insurer,
      'demo', %(bank)s, p.insurer_fen, s.payout_state,
      case when s.payout_state = 'returned' then 'AC04' else '' end, s.reserved_at,
      s.reserved_at, s.credited_at, s.credited_at,
      case when s.payout_state = 'returned' then s.reserved_at + interval '1 day'
           else s.credited_at end, s.reserved_at
    from staged s join pool p on p.place = s.pool where s.payout is not null order by s.payout
    """,
    f"""
    insert into entry (key, kind, episode_id, reverses, occurred_at, recorded_at)
    select {_KEY}, q.kind, s.id, null, {_AT}, {_AT}
    from staged s cross join unnest(s.stages) as reached(stage)
    join (select distinct place, stage, kind from pool_posting) q
      on q.place = s.pool and q.stage = reached.stage
    where q.stage <> 'reversal' order by {_AT}
    """,
    f"""
    insert into entry (key, kind, episode_id, reverses, occurred_at, recorded_at)
    select {_KEY}, q.kind, s.id, e.id, {_AT}, {_AT}
    from staged s join (select distinct place, stage, kind from pool_posting
                        where stage = 'reversal') q on q.place = s.pool
    join entry e on e.key = 'payout:' || s.payout
    where 'reversal' = any(s.stages)
    """,
    f"""
    insert into posting (entry_id, ordinal, account_id, amount_minor, currency)
    select e.id, q.ordinal, q.account, q.amount, q.currency
    from staged s cross join unnest(s.stages) as reached(stage)
    join pool_posting q on q.place = s.pool and q.stage = reached.stage
    join entry e on e.key = {_KEY}
    order by e.id, q.ordinal
    """,
    """
    insert into exception_item (episode_id, code, reference, opened_at, resolved_at, resolution)
    select id, exception, coalesce(payout, bill), exception_at, resolved_at,
      case when resolved_at is null then '' else 'done' end
    from staged where exception is not null
    """,
    """
    insert into history_archive (episode_id, run_id, object_key, sha256, events, recorded_at)
    select id, 'demo-' || number, '', '', 0, coalesce(closed_at, billed_at) from staged
    """,
)
"""One block, in an order that keys to other tables allow; ``%(bank)s`` is bound."""
