-- Days to reconcile are kept as counts (ADR 63). Whatever changes an item of a day makes the day due in
-- the same transaction, and the sweep counts days that are due anew; who reads takes what is kept, and
-- counts what is due himself, all in one statement. So no run of the matching waits for another, and what
-- is shown is the plain count at that moment.
create table day_due (
    organisation_id text not null,
    -- Of an account of a bank, or of a source that is none.
    bank text not null default '',
    account_sha256 text not null default '',
    source text not null default '',
    day date not null
);
create table day_count (
    organisation_id text not null,
    bank text not null,
    account_sha256 text not null,
    source text not null,
    day date not null,
    entries integer not null,
    open integer not null,
    primary key (organisation_id, day, bank, account_sha256, source)
);
create index day_count_day on day_count (day);
create index day_count_open on day_count (organisation_id, day) where open > 0;
-- A day is read by its source and by what an account misses.
create index source_item_day on source_item (organisation_id, source, day);
create index expected_movement_missing on expected_movement (bank, account_sha256) where status = 'missing';

-- What a day has as the rows say now, to whoever asks as far as he may see the rows.
create function day_counts(of_organisation text, of_bank text, of_account text, of_source text, of_day date)
    returns table (entries integer, open integer) language sql stable as $$
select count(*)::integer, (count(*) filter (where y.open))::integer
from (
    select e.explained_at is null and (e.status is null or e.status not in ('matched', 'split')) as open
    from bank_entry e join account_statement s on s.id = e.statement_id
    where of_bank <> '' and e.bank = of_bank and e.account_sha256 = of_account and e.booked_on = of_day
      and e.organisation_id = of_organisation and e.source = 'statement' and s.state = 'taken'
    union all
    select x.explained_at is null
    from expected_movement x
    where of_bank <> '' and x.bank = of_bank and x.account_sha256 = of_account and x.status = 'missing'
      and x.organisation_id = of_organisation
      and (x.due_at at time zone 'Asia/Shanghai')::date = of_day
    union all
    select t.by_hand is null and t.status not in ('matched', 'split', 'expected')
    from source_item t
    where of_source <> '' and t.organisation_id = of_organisation and t.source = of_source
      and t.day = of_day and t.stands
) y
$$;

-- The newest days and all with something to look at, as of this moment.
create function days_to_reconcile(of_organisation text, newest integer, most integer)
    returns table (organisation_id text, bank text, account_sha256 text, source text, day date,
    entries integer, open integer) language sql stable as $$
with due as materialized (
    select distinct d.organisation_id, d.bank, d.account_sha256, d.source, d.day from day_due d
    where of_organisation is null or d.organisation_id = of_organisation
), kept as (
    (select c.* from day_count c where of_organisation is null or c.organisation_id = of_organisation
     order by c.day desc limit newest)
    union
    (select c.* from day_count c
     where c.open > 0 and (of_organisation is null or c.organisation_id = of_organisation)
     order by c.day desc limit most)
)
select k.organisation_id, k.bank, k.account_sha256, k.source, k.day, k.entries, k.open
from kept k
-- A day whose last item went stays, and is none.
where k.entries > 0 and not exists (select 1 from due d where d.organisation_id = k.organisation_id and d.bank = k.bank
    and d.account_sha256 = k.account_sha256 and d.source = k.source and d.day = k.day)
union all
select d.*, n.entries, n.open
from due d cross join lateral day_counts(d.organisation_id, d.bank, d.account_sha256, d.source, d.day) n
where n.entries > 0
$$;

-- Counts some of what is due anew; how many rows of it went. Two at once exclude each other.
create function keep_day_counts(at_most integer) returns integer language plpgsql
    security definer set search_path = public, pg_temp as $$
declare
    gone integer;
begin
    if not pg_try_advisory_xact_lock(hashtext('crossclaim'), hashtext('day_count')) then
        return 0;
    end if;
    -- One statement has one snapshot: what commits later is due by a row that is not taken away here.
    with taken as (
        delete from day_due where ctid = any (array(select d.ctid from day_due d limit at_most)) returning *
    ), counted as (
        select d.*, n.entries, n.open
        from (select distinct * from taken) d cross join lateral
            day_counts(d.organisation_id, d.bank, d.account_sha256, d.source, d.day) n
    ), put as (
        insert into day_count as c (organisation_id, bank, account_sha256, source, day, entries, open)
        select organisation_id, bank, account_sha256, source, day, entries, open from counted
        on conflict (organisation_id, day, bank, account_sha256, source) do update
        set entries = excluded.entries, open = excluded.open
        where (c.entries, c.open) is distinct from (excluded.entries, excluded.open)
    )
    select count(*)::integer into gone from taken;
    return gone;
end $$;
revoke all on function keep_day_counts(integer) from public;
grant execute on function keep_day_counts(integer) to crossclaim_worker;

create function days_are_due() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    -- A statement writes items of few days, however many they are.
    if tg_table_name = 'source_item' then
        insert into day_due (organisation_id, source, day)
        select distinct organisation_id, source, day from written;
    else
        insert into day_due (organisation_id, bank, account_sha256, day)
        select distinct organisation_id, bank, account_sha256, booked_on from written
        where source = 'statement' and organisation_id is not null;
    end if;
    return null;
end $$;
create trigger day_due_new after insert on bank_entry referencing new table as written
    for each statement execute function days_are_due();
create trigger day_due after update on bank_entry referencing new table as written
    for each statement execute function days_are_due();
create trigger day_due_new after insert on source_item referencing new table as written
    for each statement execute function days_are_due();
create trigger day_due after update on source_item referencing new table as written
    for each statement execute function days_are_due();

create function missing_is_due() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    insert into day_due (organisation_id, bank, account_sha256, day)
    select distinct w.organisation_id, w.bank, w.account_sha256,
        (w.due_at at time zone 'Asia/Shanghai')::date
    from (select new.* union all select old.* where tg_op = 'UPDATE') w
    where w.status = 'missing' and w.due_at is not null;
    return null;
end $$;
create trigger day_due_new after insert on expected_movement for each row
    when (new.status = 'missing') execute function missing_is_due();
create trigger day_due after update on expected_movement for each row
    when (old.status = 'missing' or new.status = 'missing') execute function missing_is_due();

do $$
declare
    t text;
begin
    foreach t in array array['day_due', 'day_count']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy owner_all on %I to crossclaim_owner using (true) with check (true)', t);
        execute format('create policy worker_reads on %I for select to crossclaim_worker using (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format(
            'create policy own_rows on %I for select to crossclaim_app using (organisation_id = '
            'current_setting(''crossclaim.organisation'', true))', t);
        execute format('grant select on %I to crossclaim_worker, crossclaim_reader, crossclaim_app', t);
    end loop;
end $$;

-- Episodes of the bearers of a name, a page of them in the order of the list. The words are met with each
-- other first and a policy's question is asked of what fits alone; asked of every row of every word, as the
-- policy of the table does, it was nine tenths of a search for a common name. What it asks is what the
-- policies ask: a row of the visitor's list, nothing that is only stored, no patient's session.
create function named_episodes(tokens bytea[], backwards boolean, after text, most integer)
    returns setof text language plpgsql stable security definer
    set search_path = public, pg_temp set jit = off as $$
declare
    words text := 'name_token t1';
    listed text := 'l.organisation_id = current_setting(''crossclaim.organisation'', true)';
begin
    -- A patient's session searches nothing.
    if coalesce(current_setting('crossclaim.only_episodes', true), '') <> '' then
        return;
    end if;
    for n in 1..cardinality(tokens) loop
        -- A word that nobody bears ends it, however common the others are.
        if not exists (select 1 from name_token t where t.token = tokens[n]) then
            return;
        end if;
        continue when n = 1;
        words := words || format(' join name_token t%1$s on t%1$s.episode_id = t1.episode_id'
            ' and t%1$s.token = $1[%1$s]', n);
    end loop;
    if session_user = 'crossclaim_reader' then
        listed := 'l.whole';
    end if;
    if coalesce(current_setting('crossclaim.purpose', true), '') <> 'legal' then
        listed := listed || ' and not exists (select 1 from storage_only s where s.scope = l.episode_id)';
    end if;
    -- The words are met first (`offset 0` keeps them apart); who may know is asked of what fits, as it is read.
    return query execute format('select b.episode_id from (select t1.episode_id from %s'
        ' where t1.token = $1[1] %s order by t1.episode_id %s offset 0) b'
        ' where (select true from episode_listing l where l.episode_id = b.episode_id and %s limit 1)'
        ' limit $3', words,
        case when after is null then '' when backwards then 'and t1.episode_id < $2'
             else 'and t1.episode_id > $2' end,
        case when backwards then 'desc' else 'asc' end, listed)
    using tokens, after, most;
end $$;
revoke all on function named_episodes(bytea[], boolean, text, integer) from public;
grant execute on function named_episodes(bytea[], boolean, text, integer)
    to crossclaim_app, crossclaim_reader;

-- Those that are there already. The owner reads every row that is counted.
insert into day_due (organisation_id, bank, account_sha256, day)
select distinct organisation_id, bank, account_sha256, booked_on from bank_entry
where source = 'statement' and organisation_id is not null
union
select distinct organisation_id, bank, account_sha256, (due_at at time zone 'Asia/Shanghai')::date
from expected_movement where status = 'missing' and due_at is not null;
insert into day_due (organisation_id, source, day)
select distinct organisation_id, source, day from source_item;
do $$
begin
    while keep_day_counts(100000) > 0 loop
    end loop;
end $$;
analyze day_count;
