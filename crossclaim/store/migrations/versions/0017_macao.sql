-- Macao beside Hong Kong: what a guarantee counts in, where an organisation stands, and to where a text
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
