-- Macao beside Hong Kong, and appointments: what a guarantee counts in, where an organisation stands, and to where a text
-- about leaving the mainland lets data go. An organisation without a region, a text without a row: Hong Kong.
alter table guarantee add column currency text not null default 'HKD'
    check (currency in ('CNY', 'HKD', 'MOP'));
alter table organisation add column region text check (region in ('CN', 'HK', 'MO'));

create table transfer_text (
    version text primary key,
    destination text not null check (destination in ('HK', 'MO'))
);

do $$
declare
    t text;
begin
    foreach t in array array['transfer_text']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy app_reads on %I for select to crossclaim_app using (true)', t);
    end loop;
end $$;

grant select on transfer_text to crossclaim_app, crossclaim_worker, crossclaim_reader;
grant insert, update on transfer_text to crossclaim_worker;

-- What became of each appointment that was made through the voucher entry; the newest version holds.
create table appointment (
    episode_id text not null references episode,
    number text not null,
    version integer not null check (version > 0),
    state text not null check (state in ('registered', 'changed', 'kept', 'no_show', 'cancelled')),
    department text not null,
    starts_at timestamptz not null,
    entry text not null default '',
    stated_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (episode_id, number, version)
);
create trigger appointment_append_only before update or delete on appointment
    for each row execute function never_changes();
create trigger appointment_no_truncate before truncate on appointment
    for each statement execute function never_changes();

-- A visit is its hospital's business: no insurer of the episode sees when somebody came, or did not.
alter table appointment enable row level security;
alter table appointment force row level security;
create policy worker_all on appointment to crossclaim_worker using (true) with check (true);
create policy reader_all on appointment for select to crossclaim_reader using (true);
create policy owner_reads on appointment for select to crossclaim_owner using (true);
create policy party_reads on appointment for select to crossclaim_app using (exists (
    select 1 from episode_party p where p.episode_id = appointment.episode_id and p.role = 'hospital'
    and p.organisation_id = current_setting('crossclaim.organisation', true)));
grant select on appointment to crossclaim_app, crossclaim_worker, crossclaim_reader;
grant insert on appointment to crossclaim_worker;
