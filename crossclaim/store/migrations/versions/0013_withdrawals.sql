-- A consent that an insurer's part rests on was withdrawn: where it met the claim, what became of it.
create table withdrawal (
    id text primary key,
    episode_id text not null references episode,
    organisation_id text not null references organisation,
    claim_id text references claim,
    sequence integer not null,
    consent text not null,
    branch text not null check (branch in
        ('before_claim', 'before_decision', 'before_payout', 'after_payout')),
    state text not null check (state in ('ended', 'suspended', 'resumed', 'unchanged')),
    claim_state text not null default '',
    withdrawn_at timestamptz not null,
    stated_at timestamptz not null,
    suspended_until timestamptz,
    told text not null default '' check (told in ('', 'suspend', 'resume', 'cancel')),
    insurer_minor bigint not null,
    pending_minor bigint not null,
    patient_minor bigint not null,
    retained_until date,
    changed_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    unique (episode_id, organisation_id, sequence),
    check ((state = 'suspended') <= (suspended_until is not null and claim_id is not null))
);
create index withdrawal_episode on withdrawal (episode_id);

-- What was withdrawn, when and of whom never changes; only what became of it does.
create function withdrawal_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.id, new.episode_id, new.organisation_id, new.claim_id, new.sequence, new.consent,
        new.branch, new.withdrawn_at, new.stated_at, new.suspended_until)
        is distinct from
       (old.id, old.episode_id, old.organisation_id, old.claim_id, old.sequence, old.consent,
        old.branch, old.withdrawn_at, old.stated_at, old.suspended_until)
       or (old.state <> 'suspended' and new.state <> old.state) then
        raise exception 'WITHDRAWAL_FIXED: a withdrawal never changes, only a suspension ends'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger withdrawal_fixed before update on withdrawal
    for each row execute function withdrawal_is_fixed();

-- The hospital reads all of its episode, an insurer its own.
alter table withdrawal enable row level security;
alter table withdrawal force row level security;
create policy worker_all on withdrawal to crossclaim_worker using (true) with check (true);
create policy reader_all on withdrawal for select to crossclaim_reader using (true);
create policy owner_reads on withdrawal for select to crossclaim_owner using (true);
create policy party_reads on withdrawal for select to crossclaim_app using (exists (select 1
    from episode_party p where p.episode_id = withdrawal.episode_id
    and p.organisation_id = current_setting('crossclaim.organisation', true)
    and (p.role = 'hospital' or p.organisation_id = withdrawal.organisation_id)));
grant select, insert, update on withdrawal to crossclaim_worker;
grant select on withdrawal to crossclaim_app, crossclaim_reader;

alter table claim drop constraint claim_state_check;
alter table claim add constraint claim_state_check check (state in
    ('due', 'submitted', 'queued', 'suspended', 'approved', 'partial', 'denied', 'voiding', 'voided',
     'failed'));
alter table guarantee drop constraint guarantee_state_check;
alter table guarantee add constraint guarantee_state_check check (state in
    ('due', 'requested', 'queued', 'granted', 'refused', 'released', 'cancelling', 'cancelled'));

-- A request for records without the consent, because a life or health was in danger.
alter table record_request add column emergency boolean not null default false;
alter table record_request add column emergency_sealed bytea;
alter table outbound_attempt add column basis text not null default 'consent'
    check (basis in ('consent', 'emergency'));
