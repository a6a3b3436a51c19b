-- Appeals against decisions on claims, and every decision on a claim after its first.

-- What is paid more by a later decision is a claim of its own, with its own payout and clock.
alter table claim add column supplements text references claim;
create index claim_supplements on claim (supplements) where supplements is not null;

create table appeal (
    id text primary key,
    episode_id text not null references episode,
    claim_id text not null references claim,
    level integer not null check (level > 0),
    number text not null,
    -- Who appealed.
    organisation_id text not null references organisation,
    appellant_key text not null,
    lines integer[] not null,
    reason_sealed bytea not null,
    state text not null check (state in ('open', 'upheld', 'changed')),
    lodged_at timestamptz not null,
    due_at timestamptz not null,
    -- The appellant's key and those that decided on this claim before: none of them reviews.
    not_by text[] not null,
    decided_by text,
    decided_at timestamptz,
    decision_sealed bytea,
    recorded_at timestamptz not null default now(),
    unique (claim_id, level),
    check (decided_by is null or not decided_by = any (not_by)),
    check ((state = 'open') = (decided_by is null) and (state = 'open') = (decided_at is null))
);
create index appeal_episode on appeal (episode_id);

create function appeal_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.id, new.episode_id, new.claim_id, new.level, new.number, new.organisation_id,
        new.appellant_key, new.lines, new.reason_sealed, new.lodged_at, new.due_at, new.not_by)
        is distinct from
       (old.id, old.episode_id, old.claim_id, old.level, old.number, old.organisation_id,
        old.appellant_key, old.lines, old.reason_sealed, old.lodged_at, old.due_at, old.not_by)
       or old.state <> 'open' then
        raise exception 'APPEAL_FIXED: an appeal and its decision never change'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger appeal_fixed before update on appeal
    for each row execute function appeal_is_fixed();

-- Version 1 of a claim's decision is the claim's own row; rows are added and never changed.
create table claim_revision (
    claim_id text not null references claim,
    version integer not null check (version > 1),
    episode_id text not null references episode,
    cause text not null check (cause in ('appeal', 'changed_mind', 'upstream')),
    cause_reference text not null,
    benefit_minor bigint not null check (benefit_minor >= 0),
    pay_fen bigint not null check (pay_fen >= 0),
    upheld boolean not null default false,
    change_fen bigint not null,
    room_fen bigint not null default 0,
    allocation_version integer not null,
    -- The reason and every line's amount, with what was noted of it.
    sealed bytea not null,
    decided_by text not null default '',
    decided_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (claim_id, version),
    check (not upheld or change_fen = 0),
    -- One appeal, and one stated change of mind, moves money once.
    unique (claim_id, cause, cause_reference, version)
);
create unique index claim_revision_once on claim_revision (claim_id, cause, cause_reference)
    where cause <> 'upstream';
create index claim_revision_episode on claim_revision (episode_id);

-- Keys of persons that have decided on a claim: the one place that says it.
create function claim_deciders(about text) returns setof text language plpgsql stable as $$
begin
    return query
        select a.decided_by from appeal a where a.claim_id = about and a.decided_by is not null
        union select r.decided_by from claim_revision r
        where r.claim_id = about and r.decided_by <> '';
    if to_regclass('claim_examination') is not null then
        return query execute
            'select k from claim_examination x, unnest(array[x.decided_by, x.confirmed_by]) as k '
            'where x.claim_id = $1 and k is not null' using about;
    end if;
end $$;

do $$
declare
    t text;
begin
    foreach t in array array['appeal', 'claim_revision']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        -- The hospital of the episode, and the insurer whose claim it is: no other insurer.
        execute format(
            'create policy party_reads on %I for select to crossclaim_app using (exists (select 1 '
            'from claim c join episode_party p on p.episode_id = c.episode_id '
            'where c.id = %I.claim_id '
            'and p.organisation_id = current_setting(''crossclaim.organisation'', true) '
            'and (p.role = ''hospital'' or c.organisation_id = p.organisation_id)))',
            t, t);
    end loop;
end $$;

grant select on appeal, claim_revision to crossclaim_app, crossclaim_worker, crossclaim_reader;
grant insert on appeal, claim_revision to crossclaim_worker;
grant update (state, decided_by, decided_at, decision_sealed) on appeal to crossclaim_worker;
