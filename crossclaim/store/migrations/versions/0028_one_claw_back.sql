-- One way of asking money back: a later decision's is a row as a correction's is, and the ledger moves
-- when the funder has it.
alter table claw_back drop constraint claw_back_cause_check;
alter table claw_back add constraint claw_back_cause_check
    check (cause in ('CORRECTION', 'CANCELLATION', 'DECISION'));
-- When a claw-back became needless.
alter table claw_back add column ended_at timestamptz;

-- What later decisions took off a claim before a bank was told of it.
alter table claim add column lowered_fen bigint not null default 0
    check (lowered_fen between 0 and coalesce(pay_fen, 0));

-- Found as paid beside the payout that took its place: what its payee owes has an account of its own.
alter table payout_intent add column paid_twice boolean not null default false;

-- An examiner decided without what was still missing, and said why.
alter table information_event drop constraint information_event_kind_check;
alter table information_event add constraint information_event_kind_check check (kind in
    ('reminded', 'overdue', 'extended', 'withdrawn', 'ended', 'answered', 'decided_without'));

-- A letter above the plan's amount is promised by two persons.
alter table guarantee_request add column proposed_minor bigint check (proposed_minor > 0);
alter table guarantee_request add column proposed_by text;
alter table guarantee_request add constraint guarantee_request_two_persons
    check (proposed_by is null or decided_by is null or proposed_by <> decided_by);

-- The owner is under the forced policies as well.
alter table payout_intent no force row level security;
alter table exception_item no force row level security;
alter table claim no force row level security;
alter table claw_back no force row level security;
alter table entry no force row level security;
alter table posting no force row level security;

update payout_intent i set paid_twice = true
where exists (select 1 from exception_item x where x.episode_id = i.episode_id
    and x.code = 'PAYOUT_PAID_TWICE' and x.reference = i.reference);

-- What stood on an account of its own (``claw_back:insurer``) goes back to what the insurer owes.
create temporary table asked on commit drop as
select e.id as entry_id, e.key, e.episode_id, e.occurred_at, c.id as claim_id, c.bill_id,
       c.reference as claim_reference, c.organisation_id, c.kind, -p.amount_minor as amount_minor,
       row_number() over (partition by c.id order by e.id)
         + (select count(*) from claw_back k where k.claim_id = c.id) as place
from entry e
join posting p on p.entry_id = e.id
join account a on a.id = p.account_id and a.kind = 'claw_back'
join claim c on c.episode_id = e.episode_id and e.key like 'claw-back:' || c.reference || ':%'
where e.kind = 'claw_back' and not exists (select 1 from entry r where r.reverses = e.id);

insert into account (id, kind, organisation_id, currency)
select distinct 'funder:insurer:' || organisation_id || ':due', 'funder_due', organisation_id, 'CNY'
from asked on conflict do nothing;

with moved as (
    insert into entry (key, kind, episode_id, occurred_at)
    select 'moved:' || key, 'claw_back_moved', episode_id, occurred_at from asked
    returning id, key
), about as (
    select m.id, k.organisation_id, k.amount_minor from moved m join asked k on m.key = 'moved:' || k.key
)
insert into posting (entry_id, ordinal, account_id, amount_minor, currency)
select id, 0, 'claw_back:' || organisation_id, amount_minor, 'CNY' from about
union all
select id, 1, 'funder:insurer:' || organisation_id || ':due', -amount_minor, 'CNY' from about;

insert into claw_back (reference, episode_id, claim_id, bill_id, organisation_id, payee, amount_minor,
    cause, ordered_at)
select 'GB' || split_part(claim_id, '_', 2) || case when place > 1 then '-R' || place else '' end,
    episode_id, claim_id, bill_id, organisation_id,
    case when kind = 'direct' then 'hospital' else 'patient' end, amount_minor, 'DECISION', occurred_at
from asked;

insert into exception_item (episode_id, code, reference, details, opened_at)
select episode_id, 'CLAW_BACK_DUE', reference, '{}'::jsonb, ordered_at
from claw_back where cause = 'DECISION';
update exception_item set resolved_at = now()
where code = 'DECISION_CLAW_BACK_DUE' and resolved_at is null;

-- Entries are judged at the end of a transaction; a table with such work left cannot be altered.
set constraints all immediate;
alter table payout_intent force row level security;
alter table exception_item force row level security;
alter table claim force row level security;
alter table claw_back force row level security;
alter table entry force row level security;
alter table posting force row level security;
grant update (ended_at) on claw_back to crossclaim_worker;
