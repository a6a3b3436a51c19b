-- Who works at which claim, so that two people do not work at one. Rows are added: the newest of a
-- claim says who has it, or that nobody does.
create table claim_taking (
    id bigint generated always as identity primary key,
    claim_id text not null references claim,
    episode_id text not null references episode,
    organisation_id text not null references organisation,
    person text not null,
    -- A second look is for anybody but the person who asked for it.
    kind text not null check (kind in ('taken', 'returned', 'second_look')),
    -- Who had it, where it was taken from somebody.
    from_person text not null default '',
    note_sealed bytea,
    recorded_at timestamptz not null default now()
);
create index claim_taking_claim on claim_taking (claim_id, id);
create trigger claim_taking_append_only before update or delete on claim_taking
    for each row execute function never_changes();

alter table claim_taking enable row level security;
alter table claim_taking force row level security;
create policy owner_reads on claim_taking for select to crossclaim_owner using (true);
create policy worker_reads on claim_taking for select to crossclaim_worker using (true);
create policy reader_all on claim_taking for select to crossclaim_reader using (true);
create policy own_rows on claim_taking for select to crossclaim_app
    using (organisation_id = current_setting('crossclaim.organisation', true));
-- Of a claim of its own alone.
create policy own_claims on claim_taking for insert to crossclaim_app
    with check (organisation_id = current_setting('crossclaim.organisation', true) and exists (
        select 1 from claim c where c.id = claim_taking.claim_id
        and c.episode_id = claim_taking.episode_id
        and c.organisation_id = claim_taking.organisation_id));
grant select, insert on claim_taking to crossclaim_app;
grant select on claim_taking to crossclaim_worker, crossclaim_reader;

-- Whose money it is sees which account it is to go to before it says yes.
create policy payer_reads on payee_account for select to crossclaim_app using (exists (
    select 1 from payout_intent p where p.reference = payee_account.payout_reference
    and p.debtor_organisation_id = current_setting('crossclaim.organisation', true)));
grant select on payee_account to crossclaim_app;
