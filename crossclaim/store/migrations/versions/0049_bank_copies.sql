-- Files of banks that were processed and are kept sealed. What they say of a payment of ours stands
-- under that episode's key, the rest under the copy's own.
create table bank_copy (
    scope text primary key,
    bank text not null,
    folder text not null check (folder in ('done', 'bad')),
    -- Under which it came, and under which it is kept; empty while it is being sealed.
    name text not null,
    stored text not null default '',
    sha256 text not null,
    recorded_at timestamptz not null default now()
);
create index bank_copy_stored on bank_copy (bank, folder, stored);
create index bank_copy_recorded on bank_copy (recorded_at);

-- Pieces about several episodes: their key goes with the first of them that is erased.
create table bank_copy_person (
    copy text not null references bank_copy,
    scope text not null,
    episode_id text not null references episode,
    primary key (scope, episode_id)
);
create index bank_copy_person_episode on bank_copy_person (episode_id);
create index bank_copy_person_copy on bank_copy_person (copy);
create trigger bank_copy_person_append_only before update or delete on bank_copy_person
    for each row execute function never_changes();

do $$
declare
    t text;
begin
    foreach t in array array['bank_copy', 'bank_copy_person']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        execute format('grant select on %I to crossclaim_worker, crossclaim_reader', t);
        execute format('grant insert on %I to crossclaim_worker', t);
    end loop;
end $$;
grant update (stored) on bank_copy to crossclaim_worker;
