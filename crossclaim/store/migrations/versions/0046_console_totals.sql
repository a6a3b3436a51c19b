-- What the pages of finance and of figures add up, kept as sums (ADR 60). Each episode's part in them is
-- remembered as it was added; an episode that changed is due until its part is made anew. Whoever reads
-- takes the sums, less the remembered parts of what is due, plus those parts as they are now, all in one
-- statement, so what is shown is the plain sum at that moment. No row is written by two transactions of
-- the ledger: a commit appends one row that nobody else touches.
create table console_due (
    episode_id text not null
);
-- One sum of one kind. Who may know it: the hospital's side of its episodes, and the insurer that it is
-- about. Kinds: `balance` (of an account, at a hospital), `receivable` (open, by the day since when),
-- `settled` (by account with kind of entry, payer and day), `owed_back`, `payout` (by state and month),
-- `drift` (by month), and each indicator by month.
create table console_total (
    id bigint generated always as identity primary key,
    what text not null,
    organisations text[] not null,
    -- Of episodes that are only stored.
    closed boolean not null,
    organisation text not null,
    hospital text not null,
    name text not null,
    day text not null,
    currency text not null,
    items bigint not null,
    amount bigint not null,
    other bigint not null,
    unique (what, organisations, closed, organisation, hospital, name, day, currency)
);
-- What an episode added to the sums when it was last looked at: places that belong together.
create table console_part (
    episode_id text primary key,
    organisations text[] not null,
    totals bigint[] not null,
    items bigint[] not null,
    amounts bigint[] not null,
    others bigint[] not null
);
-- What was settled on a day.
create index entry_kind_at on entry (kind, occurred_at);
-- Charges of banks are of no episode, and few.
create index entry_of_none on entry (id) where episode_id is null;
-- The oldest payouts of a state are what is shown of it.
create index payout_intent_debtor on payout_intent (debtor_organisation_id, state, reserved_at);
create index payout_intent_state on payout_intent (state, reserved_at);
-- The episodes behind a month of a figure.
create index claim_decided on claim (decided_at) where decided_at is not null;
create index claim_occurred on claim (occurred_at);
-- Every step of an episode reads its requests, of a table that had no index for it.
create index information_request_episode on information_request (episode_id);
-- What waits for an examiner.
create index claim_pended on claim (organisation_id) where state = 'pended';
create index appeal_open on appeal (claim_id) where state = 'open';
create index guarantee_requested on guarantee (requested_at);
create index payout_intent_reserved on payout_intent (reserved_at);
create index payout_intent_credited on payout_intent (credited_at) where credited_at is not null;

create function local_month(at timestamptz) returns text language sql immutable parallel safe
    return to_char(at at time zone 'Asia/Shanghai', 'YYYY-MM');

-- The parts of these episodes as the rows say now, to whoever asks as far as he may see the rows.
create function console_parts(ids text[]) returns table (episode_id text, what text,
    organisations text[], closed boolean, organisation text, hospital text, name text, day text,
    currency text, items bigint, amount bigint, other bigint)
    language sql stable as $$
with asked as materialized (
    select i.id, coalesce(e.hospital_id, '') as hospital,
        exists (select 1 from storage_only s where s.scope = i.id) as closed,
        coalesce((select array_agg(distinct p.organisation_id) from episode_party p
                  where p.episode_id = i.id and p.role <> 'insurer'), '{}') as hospitals,
        coalesce((select array_agg(distinct p.organisation_id) from episode_party p
                  where p.episode_id = i.id and p.role = 'insurer'), '{}') as insurers
    from unnest(ids) as i(id) left join episode e on e.id = i.id
), posted as materialized (
    select n.episode_id as id, n.id as entry, n.kind as entry_kind, p.account_id, a.kind,
        coalesce(a.organisation_id, '') as whose, p.currency, p.amount_minor, n.occurred_at, n.key,
        n.reverses
    from entry n join posting p on p.entry_id = n.id join account a on a.id = p.account_id
    where n.episode_id = any (ids)
), payer as (
    select entry, (array_agg(whose order by kind))[1] as whose from posted
    where kind in ('clearing', 'funder_due', 'overpaid') group by entry
), summed as (
    select id, account_id, kind, whose, currency, sum(amount_minor)::bigint as minor,
        min(occurred_at) filter (where amount_minor > 0) as since
    from posted group by 1, 2, 3, 4, 5
), found as (
    select s.id, 'balance' as what, s.whose, s.account_id as name, '' as day, s.currency, 0::bigint as items,
        s.minor as amount, 0::bigint as other
    from summed s where s.minor <> 0
    union all
    select s.id, 'receivable', s.whose, s.account_id,
        to_char(s.since at time zone 'Asia/Shanghai', 'YYYY-MM-DD'), s.currency, 1, s.minor, 0
    from summed s
    where s.minor > 0 and s.kind in ('funder_due', 'voucher_receivable', 'bureau_receivable',
        'pay_later_receivable')
    union all
    select p.id, 'drift', p.whose, '', local_month(p.occurred_at),
        coalesce(c.benefit_currency, p.currency), count(*),
        coalesce(sum(p.amount_minor) filter (where p.amount_minor > 0), 0)::bigint,
        coalesce(sum(p.amount_minor) filter (where p.amount_minor < 0), 0)::bigint
    from posted p left join entry o on o.id = p.reverses
    left join claim c on c.reference = substr(coalesce(o.key, p.key), 7)
    where p.kind = 'fx_drift' group by 1, 3, 5, 6
    union all
    select p.id, 'settled', coalesce(f.whose, ''), p.account_id || ' ' || p.entry_kind,
        to_char(p.occurred_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD'), p.currency, count(*),
        sum(p.amount_minor)::bigint, 0
    from posted p left join payer f on f.entry = p.entry
    where p.kind in ('hospital_bills', 'voucher_receivable', 'pay_later_receivable')
      and p.entry_kind in ('credit', 'paid_in_place', 'claw_back', 'settlement', 'voucher_reimbursed',
        'pay_later_settlement', 'reversal_credit', 'reversal_paid_in_place', 'reversal_claw_back',
        'reversal_settlement', 'reversal_voucher_reimbursed', 'reversal_pay_later_settlement')
    group by 1, 3, 4, 5, 6
    union all
    select k.episode_id, 'owed_back', k.organisation_id, '', '', 'CNY', count(*),
        sum(k.amount_minor)::bigint, 0
    from claw_back k
    where k.episode_id = any (ids) and k.payee = 'hospital' and k.state = 'due' group by 1, 3
    union all
    select y.episode_id, 'payout', y.debtor_organisation_id, y.state, local_month(y.reserved_at), 'CNY',
        count(*), sum(y.amount_minor)::bigint, 0
    from payout_intent y where y.episode_id = any (ids) group by 1, 3, 4, 5
    union all
    select x.episode_id, f.what, coalesce(x.organisation_id, ''), '', local_month(f.at), '', count(*),
        count(*) filter (where f.good), 0
    from claim x
    left join (select distinct r.claim_id from information_request r where r.episode_id = any (ids)) r
        on r.claim_id = x.id
    left join (select distinct a.claim_id from appeal a where a.episode_id = any (ids)) a
        on a.claim_id = x.id
    cross join lateral (values
        ('automatic_decisions', x.decided_at, x.decided_at is not null and x.decided_by <> '',
         x.decided_by = 'rules'),
        ('first_pass', x.decided_at, x.decided_at is not null and x.kind in ('direct', 'reimbursement'),
         r.claim_id is null and a.claim_id is null),
        ('direct_billing', x.occurred_at, x.kind in ('direct', 'reimbursement')
         and x.state not in ('due', 'voided'), x.kind = 'direct'),
        ('information_requests', x.occurred_at, x.kind in ('direct', 'reimbursement')
         and x.state not in ('due', 'voided'), r.claim_id is not null),
        ('leakage', x.decided_at, x.decided_at is not null and x.kind in ('direct', 'reimbursement')
         and x.decided_by not in ('', 'rules') and x.benefit_minor is not null
         and x.forecast_minor is not null, x.benefit_minor > x.forecast_minor)
        ) as f(what, at, counts, good)
    where x.episode_id = any (ids) and f.counts group by 1, 2, 3, 5
    union all
    select x.episode_id, f.what, x.insurer_id, '', local_month(x.requested_at), '', count(*),
        count(*) filter (where x.answered_at - x.requested_at <= f.within), 0
    from guarantee x
    cross join (values ('guarantees_at_once', interval '15 seconds'),
        ('guarantees_in_an_hour', interval '1 hour')) as f(what, within)
    where x.episode_id = any (ids) and x.requested_at is not null and x.answered_at is not null
    group by 1, 2, 3, 5
    union all
    select x.episode_id, f.what, x.debtor_organisation_id, '', local_month(f.at), '', count(*),
        count(*) filter (where f.good), 0
    from payout_intent x
    cross join lateral (values
        ('payouts_in_three_days', x.reserved_at, x.payee = 'patient' and x.credited_at is not null,
         x.credited_at - x.reserved_at <= interval '72 hours'),
        ('payouts_returned', x.reserved_at, x.state in ('credited', 'rejected', 'returned'),
         x.state in ('rejected', 'returned')),
        ('reconciled_in_a_day', x.credited_at, x.credited_at is not null and exists
             (select 1 from expected_movement m where m.id = 'payout:' || x.reference),
         exists (select 1 from expected_movement m join bank_match b on b.id = m.match_id
                 where m.id = 'payout:' || x.reference
                   and b.made_at - x.credited_at <= interval '24 hours'))
        ) as f(what, at, counts, good)
    where x.episode_id = any (ids) and f.counts group by 1, 2, 3, 5
)
select f.id, f.what,
    array(select distinct o from unnest(
        -- What the bank did with an account's payouts is told to whose account it is.
        case when f.what = 'reconciled_in_a_day' then '{}' else q.hospitals end
        || case when f.whose = any (q.insurers) then array[f.whose] else '{}' end) as o order by o),
    q.closed, f.whose, q.hospital, f.name, f.day, f.currency, f.items, f.amount, f.other
from found f join asked q on q.id = f.id
$$;

-- The same for the few that are due: planned once for a connection, not for each page.
create function console_parts_now(ids text[]) returns table (episode_id text, what text,
    organisations text[], closed boolean, organisation text, hospital text, name text, day text,
    currency text, items bigint, amount bigint, other bigint)
    language plpgsql stable set plan_cache_mode = force_generic_plan set jit = off as $$
begin
    return query select p.* from console_parts(ids) p;
end $$;

-- Makes the parts of some that are due anew; how many. Two at once exclude each other, and no commit waits.
create function keep_console_totals(at_most integer) returns integer language plpgsql
    security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan set jit = off as $$
declare
    ids text[];
begin
    if not pg_try_advisory_xact_lock(hashtext('crossclaim'), hashtext('console_total')) then
        return 0;
    end if;
    with gone as (
        delete from console_due where ctid = any (array(select d.ctid from console_due d limit at_most))
        returning episode_id)
    select array_agg(distinct episode_id) into ids from gone;
    if ids is null then
        return 0;
    end if;
    with fresh as materialized (
        select * from console_parts(ids)
    ), changed as materialized (
        select y.what, y.organisations, y.closed, y.organisation, y.hospital, y.name, y.day, y.currency,
            sum(y.items)::bigint as items, sum(y.amount)::bigint as amount, sum(y.other)::bigint as other
        from (select f.what, f.organisations, f.closed, f.organisation, f.hospital, f.name, f.day,
                  f.currency, f.items, f.amount, f.other from fresh f
              union all
              select t.what, t.organisations, t.closed, t.organisation, t.hospital, t.name, t.day,
                  t.currency, -u.items, -u.amount, -u.other
              from console_part a
              cross join lateral unnest(a.totals, a.items, a.amounts, a.others)
                  as u(id, items, amount, other)
              join console_total t on t.id = u.id
              where a.episode_id = any (ids)) y
        group by 1, 2, 3, 4, 5, 6, 7, 8
    ), put as (
        insert into console_total as t (what, organisations, closed, organisation, hospital, name, day,
            currency, items, amount, other)
        select c.* from changed c
        on conflict (what, organisations, closed, organisation, hospital, name, day, currency) do update
        set items = t.items + excluded.items, amount = t.amount + excluded.amount,
            other = t.other + excluded.other
        returning t.id, t.what, t.organisations, t.closed, t.organisation, t.hospital, t.name, t.day,
            t.currency
    )
    insert into console_part as a (episode_id, organisations, totals, items, amounts, others)
    select i.id,
        coalesce((select array_agg(distinct p.organisation_id) from episode_party p
                  where p.episode_id = i.id), '{}'),
        coalesce(array_agg(p.id) filter (where p.id is not null), '{}'),
        coalesce(array_agg(f.items) filter (where p.id is not null), '{}'),
        coalesce(array_agg(f.amount) filter (where p.id is not null), '{}'),
        coalesce(array_agg(f.other) filter (where p.id is not null), '{}')
    from unnest(ids) as i(id)
    left join fresh f on f.episode_id = i.id
    left join put p on p.what = f.what and p.organisations = f.organisations and p.closed = f.closed
        and p.organisation = f.organisation and p.hospital = f.hospital and p.name = f.name
        and p.day = f.day and p.currency = f.currency
    group by i.id
    on conflict (episode_id) do update set organisations = excluded.organisations,
        totals = excluded.totals, items = excluded.items, amounts = excluded.amounts,
        others = excluded.others
    where (a.organisations, a.totals, a.items, a.amounts, a.others) is distinct from
        (excluded.organisations, excluded.totals, excluded.items, excluded.amounts, excluded.others);
    return cardinality(ids);
end $$;
revoke all on function keep_console_totals(integer) from public;
grant execute on function keep_console_totals(integer) to crossclaim_worker;

-- The sums as of this moment, not yet added up: kept, less what is due as it was, plus it as it is.
create function console_totals(kinds text[]) returns table (what text, organisations text[],
    closed boolean, organisation text, hospital text, name text, day text, currency text, items bigint,
    amount bigint, other bigint)
    language sql stable as $$
with due as materialized (
    select distinct d.episode_id from console_due d
)
select t.what, t.organisations, t.closed, t.organisation, t.hospital, t.name, t.day, t.currency,
    t.items, t.amount, t.other
from console_total t where t.what = any (kinds)
union all
select t.what, t.organisations, t.closed, t.organisation, t.hospital, t.name, t.day, t.currency,
    -u.items, -u.amount, -u.other
from due join console_part a on a.episode_id = due.episode_id
cross join lateral unnest(a.totals, a.items, a.amounts, a.others) as u(id, items, amount, other)
join console_total t on t.id = u.id
where t.what = any (kinds)
union all
select p.what, p.organisations, p.closed, p.organisation, p.hospital, p.name, p.day, p.currency,
    p.items, p.amount, p.other
from (select array_agg(due.episode_id) as ids from due having count(*) > 0) x
cross join lateral console_parts_now(x.ids) p
where p.what = any (kinds) and (current_user <> 'crossclaim_app'
    or current_setting('crossclaim.organisation', true) = any (p.organisations))
$$;

-- Whatever of an episode changes makes it due, in the same transaction. ------------------------------

create function console_is_due() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    if current_setting('crossclaim.due', true) is distinct from new.episode_id then
        insert into console_due (episode_id) values (new.episode_id);
        perform set_config('crossclaim.due', new.episode_id, true);
    end if;
    return null;
end $$;
create trigger console_due after insert on entry for each row
    when (new.episode_id is not null
          and coalesce(current_setting('crossclaim.listing', true), '') <> 'later')
    execute function console_is_due();
create trigger console_due after insert or update on claw_back for each row
    execute function console_is_due();
create trigger console_due after insert or update on expected_movement for each row
    when (new.episode_id is not null) execute function console_is_due();

create function console_is_closed() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    insert into console_due (episode_id) values (new.scope);
    return null;
end $$;
create trigger console_due after insert on storage_only for each row
    execute function console_is_closed();
-- For a loader of many rows, which lists them itself.
create function console_are_due(ids text[]) returns void language sql security definer
    set search_path = public, pg_temp as $$
    insert into console_due (episode_id) select unnest(ids)
$$;
revoke all on function console_are_due(text[]) from public;
grant execute on function console_are_due(text[]) to crossclaim_worker;

-- The list of an episode is derived at a commit that changed something of what it shows.
create or replace function list_episode() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
declare
    changed text;
begin
    if tg_table_name = 'episode' then
        changed := new.id;
    else
        changed := new.episode_id;
    end if;
    if current_setting('crossclaim.listed', true) is not distinct from changed then
        return null;
    end if;
    perform list_episodes(array[changed]);
    perform set_config('crossclaim.listed', changed, true);
    if current_setting('crossclaim.due', true) is distinct from changed then
        insert into console_due (episode_id) values (changed);
        perform set_config('crossclaim.due', changed, true);
    end if;
    return null;
end $$;
do $$
declare
    t text;
    looked text;
    old_ text;
    new_ text;
begin
    for t, looked in values
        ('episode', 'hospital_id status opened_at'), ('consent', 'withdrawn_at'),
        ('bill', 'state status total_minor'),
        ('claim', 'bill_id organisation_id kind reference state occurred_at decided_at decided_by '
            'benefit_minor benefit_currency forecast_minor'),
        ('payout_intent', 'state credited_at'), ('exception_item', 'code reference opened_at resolved_at'),
        ('guarantee', 'reference state requested_at answered_at'),
        ('information_request', 'state due_at'), ('appeal', 'state due_at'),
        ('withdrawal', 'state organisation_id suspended_until')
    loop
        select string_agg('old.' || c, ', '), string_agg('new.' || c, ', ') into old_, new_
            from unnest(string_to_array(looked, ' ')) as c;
        execute format('drop trigger listed on %I', t);
        execute format('create constraint trigger listed_anew after update on %I deferrable initially '
            'deferred for each row when (row(%s) is distinct from row(%s) and '
            'coalesce(current_setting(''crossclaim.listing'', true), '''') <> ''later'') '
            'execute function list_episode()', t, old_, new_);
        continue when t = 'episode';
        execute format('create constraint trigger listed after insert on %I deferrable initially deferred '
            'for each row when (coalesce(current_setting(''crossclaim.listing'', true), '''') '
            '<> ''later'') execute function list_episode()', t);
    end loop;
end $$;

-- Visibility ---------------------------------------------------------------------------------------

do $$
declare
    t text;
begin
    foreach t in array array['console_due', 'console_total', 'console_part']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy owner_all on %I to crossclaim_owner using (true) with check (true)', t);
        execute format('create policy worker_reads on %I for select to crossclaim_worker using (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('grant select on %I to crossclaim_worker, crossclaim_reader, crossclaim_app', t);
    end loop;
    -- A patient's session names episodes, and sums are of all of them.
    foreach t in array array['console_total', 'console_part']
    loop
        execute format('create policy named_by_none on %I as restrictive for select to crossclaim_app using '
            '(coalesce(current_setting(''crossclaim.only_episodes'', true), '''') = '''')', t);
    end loop;
end $$;
create policy own_sums on console_total for select to crossclaim_app using (
    not closed and current_setting('crossclaim.organisation', true) = any (organisations));
create policy own_parts on console_part for select to crossclaim_app using (
    current_setting('crossclaim.organisation', true) = any (organisations));
-- Also of an episode that has just been closed to it: what it added is still to be taken away.
create policy own_parts on console_due for select to crossclaim_app using (
    exists (select 1 from console_part a where a.episode_id = console_due.episode_id)
    or exists (select 1 from episode_party p where p.episode_id = console_due.episode_id
               and p.organisation_id = current_setting('crossclaim.organisation', true)));

-- Those that are there already. The owner reads every row that a part is made of.
insert into console_due select id from episode;
do $$
begin
    while keep_console_totals(100000) > 0 loop
    end loop;
end $$;
analyze console_total;
analyze console_part;
