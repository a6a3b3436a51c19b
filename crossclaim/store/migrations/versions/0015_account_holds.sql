-- Personal accounts (个人账户) that bills take from, by a blind index of the holder's number at the
-- bureau: the row is what two bills at two windows wait for.
create table personal_account (
    id bytea primary key,
    recorded_at timestamptz not null default now()
);

-- What a split takes of an account until the bureau has settled it. The bureau keeps the balance; this
-- is what it has not heard of yet. `settled_at` is the database's clock, before the commit.
create table account_hold (
    account_id bytea not null references personal_account,
    episode_id text not null references episode,
    bill_id text not null references bill,
    amount_minor bigint not null check (amount_minor > 0),
    occurred_at timestamptz not null,
    settled_at timestamptz,
    released_at timestamptz,
    recorded_at timestamptz not null default now(),
    primary key (account_id, bill_id)
);
create index account_hold_bill on account_hold (bill_id);
create index account_hold_open on account_hold (account_id) where released_at is null;

-- Only the activities read and write these rows.
do $$
declare
    t text;
begin
    foreach t in array array['personal_account', 'account_hold']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
    end loop;
end $$;

grant select on personal_account, account_hold to crossclaim_worker, crossclaim_reader;
grant insert on personal_account, account_hold to crossclaim_worker;
grant update (amount_minor, occurred_at, settled_at, released_at) on account_hold to crossclaim_worker;
-- `for update` needs it; nothing of the row ever changes.
grant update (recorded_at) on personal_account to crossclaim_worker;
