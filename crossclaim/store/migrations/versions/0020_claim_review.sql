-- A claim that waits for an examiner; whatever states other migrations allow stay allowed.
do $$
declare
    known text;
begin
    select pg_get_constraintdef(oid) into known from pg_constraint where conname = 'claim_state_check';
    if known not like '%''pended''%' then
        alter table claim drop constraint claim_state_check;
        execute 'alter table claim add constraint claim_state_check check (state = ''pended'' or '
            || substring(known from '^CHECK (.*)$') || ')';
    end if;
end $$;
-- Who decided: the rules alone, or an examiner.
alter table claim add column decided_by text not null default ''
    check (decided_by in ('', 'rules', 'examiner'));
create index claim_decided_by_rules on claim (organisation_id) where decided_by = 'rules';

create index if not exists identity_index_episode on identity_index (episode_id);

-- What a claim may have in common with another: blind, each person's under his own index.
create table claim_mark (
    id bigint generated always as identity primary key,
    claim_id text not null references claim,
    episode_id text not null references episode,
    bill_id text not null references bill,
    organisation_id text not null references organisation,
    hospital_id text not null references organisation,
    channel text not null check (channel in ('hospital', 'papers')),
    kind text not null check (kind in ('ebill', 'bill', 'lines', 'day', 'stay')),
    mark bytea not null,
    day date,
    begins date,
    ends date,
    -- Other insurers that the claim names: dual cover.
    names text[] not null default '{}',
    recorded_at timestamptz not null default now(),
    unique nulls not distinct (claim_id, kind, mark, begins)
);
create index claim_mark_mark on claim_mark (mark);
create index claim_mark_episode on claim_mark (episode_id);
create trigger claim_mark_append_only before update or delete on claim_mark
    for each row execute function never_changes();

-- Why a claim waits for its insurer's examiner; its insurer's alone.
create table claim_review (
    claim_id text primary key references claim,
    episode_id text not null references episode,
    organisation_id text not null references organisation,
    reasons text[] not null check (cardinality(reasons) > 0),
    trace jsonb not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now()
);
create index claim_review_episode on claim_review (episode_id);
create trigger claim_review_append_only before update or delete on claim_review
    for each row execute function never_changes();

-- A person's decision on a claim; above an amount it waits for another person.
create table claim_examination (
    claim_id text not null references claim,
    episode_id text not null references episode,
    number text not null,
    organisation_id text not null references organisation,
    sealed bytea not null,
    benefit_minor bigint not null,
    currency text not null,
    second_needed boolean not null,
    state text not null check (state in ('waiting', 'in_force', 'refused')),
    decided_by text not null,
    decided_at timestamptz not null,
    confirmed_by text,
    confirmed_at timestamptz,
    reason_sealed bytea,
    recorded_at timestamptz not null default now(),
    primary key (claim_id, number),
    check (confirmed_by is null or confirmed_by <> decided_by),
    check (state <> 'in_force' or not second_needed or confirmed_by is not null),
    check (state <> 'refused' or confirmed_by is not null)
);
create index claim_examination_episode on claim_examination (episode_id);
create unique index claim_examination_one on claim_examination (claim_id)
    where state in ('waiting', 'in_force');

create function claim_examination_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.claim_id, new.episode_id, new.number, new.organisation_id, new.sealed,
        new.benefit_minor, new.currency, new.second_needed, new.decided_by, new.decided_at)
        is distinct from
       (old.claim_id, old.episode_id, old.number, old.organisation_id, old.sealed,
        old.benefit_minor, old.currency, old.second_needed, old.decided_by, old.decided_at)
       or old.state <> 'waiting' then
        raise exception 'CLAIM_EXAMINATION_FIXED: a decision and its confirmation never change'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger claim_examination_fixed before update on claim_examination
    for each row execute function claim_examination_is_fixed();

-- An automatic decision drawn for review, and what the reviewer found.
create table claim_sample (
    claim_id text primary key references claim,
    episode_id text not null references episode,
    organisation_id text not null references organisation,
    benefit_minor bigint not null,
    currency text not null,
    drawn_at timestamptz not null,
    correct boolean,
    right_minor bigint,
    note_sealed bytea,
    reviewed_by text,
    reviewed_at timestamptz,
    recorded_at timestamptz not null default now(),
    check ((correct is null) = (reviewed_by is null)),
    check ((correct is null) = (right_minor is null)),
    check (correct is null or correct = (right_minor = benefit_minor))
);
create index claim_sample_owner on claim_sample (organisation_id, claim_id);
create index claim_sample_episode on claim_sample (episode_id);

do $$
declare
    t text;
begin
    foreach t in array array['claim_mark', 'claim_review', 'claim_examination', 'claim_sample']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        execute format('grant select, insert on %I to crossclaim_worker', t);
        execute format('grant select on %I to crossclaim_reader', t);
    end loop;
    -- A mark tells of other tenants' claims, so no party reads it; of these an insurer its own.
    foreach t in array array['claim_review', 'claim_examination', 'claim_sample']
    loop
        execute format(
            'create policy own_rows on %I for select to crossclaim_app using (organisation_id = '
            'current_setting(''crossclaim.organisation'', true))', t);
        execute format('grant select on %I to crossclaim_app', t);
    end loop;
end $$;
grant update on claim_examination, claim_sample to crossclaim_worker;
