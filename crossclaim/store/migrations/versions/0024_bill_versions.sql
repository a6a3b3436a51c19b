-- Drafts, corrections and reopened versions of a bill; money of payouts that goes back.
alter table bill drop constraint bill_status_check;
alter table bill add constraint bill_status_check check (status in ('interim', 'draft', 'final'));
alter table bill drop constraint bill_state_check;
alter table bill add constraint bill_state_check check (state in
    ('current', 'superseded', 'voided', 'draft', 'reopened'));
alter table bill add constraint bill_draft_never_counts check
    (status <> 'draft' or state in ('draft', 'superseded'));
alter table bill add column correction text not null default ''
    check (correction in ('', 'replace', 'late_charge', 'cancel_item'));
alter table bill add column corrects text references bill;
alter table bill add column sent_by text not null default '';

-- Exactly one version of a bill is the confirmed one, and one alone takes the place of another.
create unique index bill_one_confirmed on bill (episode_id, number)
    where status = 'final' and state = 'current';
create unique index bill_one_successor on bill (corrects)
    where corrects is not null and status = 'final';

create function bill_moves_forward() returns trigger language plpgsql as $$
begin
    if (new.id, new.episode_id, new.number, new.version, new.status, new.total_minor,
            new.correction, new.corrects, new.sent_by)
        is distinct from (old.id, old.episode_id, old.number, old.version, old.status,
            old.total_minor, old.correction, old.corrects, old.sent_by) then
        raise exception 'BILL_FIXED: a version of a bill stays what it is'
            using errcode = 'insufficient_privilege';
    end if;
    if new.state <> old.state and not (
        (old.state = 'current' and new.state in ('superseded', 'voided', 'reopened'))
        or (old.state in ('draft', 'reopened') and new.state = 'superseded')) then
        raise exception 'BILL_STATE: version % was % and is never % again', old.version,
            old.state, new.state using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger bill_forward before update on bill
    for each row execute function bill_moves_forward();

-- ``replaced``: another version's claim has its place; ``withdrawing``: the insurer is to be told.
do $$
declare
    known text;
begin
    select pg_get_constraintdef(oid) into known from pg_constraint where conname = 'claim_state_check';
    alter table claim drop constraint claim_state_check;
    execute 'alter table claim add constraint claim_state_check check (state = ''replaced'' or '
        || 'state = ''withdrawing'' or ' || substring(known from '^CHECK (.*)$') || ')';
end $$;

-- Stated after the episode was opened.
alter table coverage add column added_at timestamptz;

create table claw_back (
    reference text primary key,
    episode_id text not null references episode,
    claim_id text not null references claim,
    bill_id text not null references bill,
    organisation_id text not null references organisation,
    payee text not null check (payee in ('hospital', 'patient')),
    amount_minor bigint not null check (amount_minor > 0),
    cause text not null check (cause in ('CORRECTION', 'CANCELLATION')),
    state text not null default 'due' check (state in ('due', 'received')),
    receipt text not null default '',
    ordered_at timestamptz not null,
    received_at timestamptz,
    recorded_at timestamptz not null default now()
);
create index claw_back_episode on claw_back (episode_id);
create index claw_back_open on claw_back (organisation_id) where state = 'due';

-- The record of a use that was taken back is printed once more, as void.
alter table voucher_use_record add column void boolean not null default false;
alter table voucher_use_record drop constraint voucher_use_record_pkey;
alter table voucher_use_record add primary key (claim_id, language, void);

alter table claw_back enable row level security;
alter table claw_back force row level security;
create policy worker_all on claw_back to crossclaim_worker using (true) with check (true);
create policy reader_all on claw_back for select to crossclaim_reader using (true);
create policy owner_reads on claw_back for select to crossclaim_owner using (true);
create policy party_reads on claw_back for select to crossclaim_app using (exists (select 1
    from episode_party p where p.episode_id = claw_back.episode_id
    and p.organisation_id = current_setting('crossclaim.organisation', true)
    and (p.role = 'hospital' or p.organisation_id = claw_back.organisation_id)));
grant select on claw_back to crossclaim_worker, crossclaim_reader, crossclaim_app;
grant insert on claw_back to crossclaim_worker;
grant update (state, receipt, received_at) on claw_back to crossclaim_worker;
