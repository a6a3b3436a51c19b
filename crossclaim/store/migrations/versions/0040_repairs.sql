-- Holds of an episode: while one is open nothing new is sent, and no money. The words are sealed under
-- the episode's key; the code beside them is told to its parties.
create table episode_hold (
    episode_id text not null references episode,
    number text not null,
    organisation_id text not null references organisation,
    held_by text not null,
    reason text not null,
    sealed bytea not null,
    held_at timestamptz not null,
    until timestamptz,
    at_end text not null check (at_end in ('release', 'remind')),
    reminded_at timestamptz,
    released_at timestamptz,
    -- Empty: its time was over.
    released_by text not null default '',
    released_organisation text not null default '',
    recorded_at timestamptz not null default now(),
    primary key (episode_id, number)
);
create unique index episode_hold_open on episode_hold (episode_id) where released_at is null;

-- An episode of which everything is taken back; once, for ever.
create table episode_cancellation (
    episode_id text primary key references episode,
    number text not null,
    organisation_id text not null references organisation,
    cancelled_by text not null,
    reason text not null,
    sealed bytea not null,
    effect text not null,
    cancelled_at timestamptz not null,
    recorded_at timestamptz not null default now()
);

-- A step that one person wants left out, and the word of another.
create table step_skip (
    episode_id text not null references episode,
    number text not null,
    organisation_id text not null references organisation,
    step text not null,
    subject text not null,
    reason text not null,
    sealed bytea not null,
    proposed_by text not null,
    proposed_at timestamptz not null,
    decided_by text,
    decided_at timestamptz,
    approved boolean,
    recorded_at timestamptz not null default now(),
    primary key (episode_id, number),
    check (decided_by is null or decided_by <> proposed_by),
    check ((approved is null) = (decided_by is null))
);
create unique index step_skip_open on step_skip (episode_id, step, subject)
    where approved is null or approved;

create trigger episode_cancellation_append_only before update or delete on episode_cancellation
    for each row execute function never_changes();

create function episode_hold_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.episode_id, new.number, new.organisation_id, new.held_by, new.reason, new.sealed,
            new.held_at, new.until, new.at_end)
        is distinct from (old.episode_id, old.number, old.organisation_id, old.held_by, old.reason,
            old.sealed, old.held_at, old.until, old.at_end)
        or old.released_at is not null then
        raise exception 'HOLD_FIXED: a hold ends once and changes in nothing else'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger episode_hold_fixed before update on episode_hold
    for each row execute function episode_hold_is_fixed();

create function step_skip_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.episode_id, new.number, new.organisation_id, new.step, new.subject, new.reason,
            new.sealed, new.proposed_by, new.proposed_at)
        is distinct from (old.episode_id, old.number, old.organisation_id, old.step, old.subject,
            old.reason, old.sealed, old.proposed_by, old.proposed_at)
        or old.approved is not null then
        raise exception 'SKIP_FIXED: a proposal is decided once and changes in nothing else'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger step_skip_fixed before update on step_skip
    for each row execute function step_skip_is_fixed();

alter table staff_note drop constraint staff_note_kind_check;
alter table staff_note add constraint staff_note_kind_check
    check (kind in ('note', 'try_again', 'reset'));

insert into webhook_rule (source, state, type, id_column, version_column, time_column) values
    ('episode_hold', 'held', 'episode.held', 'episode_id', null, 'held_at'),
    ('episode_hold', 'released', 'episode.released', 'episode_id', null, 'released_at'),
    ('episode_cancellation', 'cancelled', 'episode.cancelled', 'episode_id', null, 'cancelled_at');
create trigger webhooks_held after insert on episode_hold
    for each row execute function tell_webhooks('=held');
create trigger webhooks_released after update on episode_hold
    for each row when (old.released_at is null and new.released_at is not null)
    execute function tell_webhooks('=released');
create trigger webhooks_cancelled after insert on episode_cancellation
    for each row execute function tell_webhooks('=cancelled');

do $$
declare
    t text;
begin
    foreach t in array array['episode_hold', 'episode_cancellation', 'step_skip']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        execute format(
            'create policy party_reads on %I for select to crossclaim_app using (exists (select 1 '
            'from episode_party p where p.episode_id = %I.episode_id and p.organisation_id = '
            'current_setting(''crossclaim.organisation'', true)))', t, t);
    end loop;
end $$;
grant select on episode_hold, episode_cancellation, step_skip to crossclaim_app, crossclaim_reader;
grant select, insert on episode_hold, episode_cancellation, step_skip to crossclaim_worker;
grant update on episode_hold, step_skip to crossclaim_worker;
