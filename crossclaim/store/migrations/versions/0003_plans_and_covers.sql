-- Rule files that were activated on a running system: the newest of a plan holds, in place of the
-- file that came with the program. A row stays for ever, since splits name the version they used.
create table plan_activation (
    id bigint generated always as identity primary key,
    plan_id text not null,
    version text not null,
    -- The rule file as it was read; null: back to the file that came with the program.
    content text,
    activated_by text not null check (activated_by <> ''),
    reason text not null check (reason <> ''),
    activated_at timestamptz not null default now()
);
create index plan_activation_plan on plan_activation (plan_id, id);
create trigger plan_activation_append_only before update or delete on plan_activation
    for each row execute function never_changes();
create trigger plan_activation_no_truncate before truncate on plan_activation
    for each statement execute function never_changes();

-- What members have used of insurers' plans. A cover's row is locked while a bill of it is split, so
-- that two bills which arrive together never spend the same remainder.
create table cover (
    -- A blind index of insurer, policy number and plan.
    id bytea primary key,
    organisation_id text not null references organisation,
    plan text not null,
    recorded_at timestamptz not null default now()
);
create table cover_use (
    cover_id bytea not null references cover,
    bill_id text not null references bill,
    -- Of the split; a reversal takes the same figure back.
    version integer not null,
    counter text not null,
    reversal boolean not null default false,
    episode_id text not null references episode,
    -- HK cents, days or visits, as the counter says.
    amount bigint not null check (amount <> 0),
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (cover_id, bill_id, version, counter, reversal)
);
create index cover_use_bill on cover_use (bill_id);
create trigger cover_use_append_only before update or delete on cover_use
    for each row execute function never_changes();
create trigger cover_use_no_truncate before truncate on cover_use
    for each statement execute function never_changes();

-- A member's use comes from many episodes, so no party reads these rows: only the activities do.
do $$
declare
    t text;
begin
    foreach t in array array['cover', 'cover_use']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
    end loop;
end $$;

grant select on plan_activation, cover, cover_use to crossclaim_worker, crossclaim_reader;
grant select on plan_activation to crossclaim_app;
grant insert on plan_activation, cover, cover_use to crossclaim_worker;
-- A lock of a cover's row needs a right to change it; nothing in it ever changes.
grant update (recorded_at) on cover to crossclaim_worker;
