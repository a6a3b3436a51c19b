-- Electronic bills that were claimed with papers: a blind index of code and number, each once for ever.
create table ebill_claimed (
    id bytea primary key,
    episode_id text not null references episode,
    recorded_at timestamptz not null default now()
);

-- Another account for a payout that came back: proposed by one key, decided by another.
create table payee_account (
    episode_id text not null references episode,
    payout_reference text not null references payout_intent,
    number text not null,
    account_sealed bytea not null,
    proposed_by text not null,
    proposed_at timestamptz not null,
    decided_by text,
    decided_at timestamptz,
    approved boolean,
    reason text not null default '',
    recorded_at timestamptz not null default now(),
    primary key (payout_reference, number),
    check (decided_by is null or decided_by <> proposed_by)
);
create index payee_account_episode on payee_account (episode_id);
create unique index payee_account_approved on payee_account (payout_reference) where approved;

create function payee_account_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.episode_id, new.payout_reference, new.number, new.account_sealed, new.proposed_by)
        is distinct from
       (old.episode_id, old.payout_reference, old.number, old.account_sealed, old.proposed_by)
       or old.approved is not null then
        raise exception 'PAYEE_ACCOUNT_FIXED: a proposal and its decision never change'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger payee_account_fixed before update on payee_account
    for each row execute function payee_account_is_fixed();

-- Only the activities read and write these rows.
do $$
declare
    t text;
begin
    foreach t in array array['ebill_claimed', 'payee_account']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
    end loop;
end $$;
grant select, insert on ebill_claimed, payee_account to crossclaim_worker;
grant update on payee_account to crossclaim_worker;
grant select on ebill_claimed, payee_account to crossclaim_reader;
