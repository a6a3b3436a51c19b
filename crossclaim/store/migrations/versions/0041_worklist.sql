-- An episode as it is searched and sorted: one row for each organisation that sees it, with what that
-- one may know. The hospital's row is the whole, or an insurer's where the hospital is no party; staff
-- of the platform read those. Derived from the rows of the episode by `list_episodes` when a transaction commits, and never written by a role.
create table episode_listing (
    organisation_id text not null,
    episode_id text not null,
    whole boolean not null,
    hospital_id text not null,
    status text not null,
    stage text not null,
    opened_at timestamptz not null,
    billed_minor bigint not null,
    paid_minor bigint not null,
    -- The earliest promise that is still open: documents, an appeal, a letter, a payout, a suspension.
    due_at timestamptz,
    -- Since when the oldest of its exceptions is open.
    waits_since timestamptz,
    payouts text[] not null,
    reasons text[] not null,
    -- Has a payout that is not on its usual way: few have.
    odd_payout boolean not null,
    primary key (organisation_id, episode_id)
);
create index episode_listing_whole on episode_listing (episode_id) where whole;
create index episode_listing_hospital on episode_listing (hospital_id, episode_id) where whole;
create index episode_listing_billed on episode_listing (billed_minor, episode_id) where whole;
create index episode_listing_due on episode_listing (due_at, episode_id)
    where whole and due_at is not null;
create index episode_listing_waits on episode_listing (waits_since, episode_id)
    where whole and waits_since is not null;
create index episode_listing_odd on episode_listing (episode_id) where whole and odd_payout;
create index episode_listing_status on episode_listing (status, episode_id)
    where whole and status <> 'closed';
create index episode_listing_stage on episode_listing (stage, episode_id)
    where whole and stage <> 'over';
create index episode_listing_own_status on episode_listing (organisation_id, status, episode_id)
    where status <> 'closed';
create index episode_listing_own_stage on episode_listing (organisation_id, stage, episode_id)
    where stage <> 'over';
create index episode_listing_own_hospital on episode_listing (organisation_id, hospital_id, episode_id)
    where organisation_id <> hospital_id;
create index episode_listing_own_billed on episode_listing (organisation_id, billed_minor, episode_id);
create index episode_listing_own_due on episode_listing (organisation_id, due_at, episode_id)
    where due_at is not null;
create index episode_listing_own_waits on episode_listing (organisation_id, waits_since, episode_id)
    where waits_since is not null;
create index episode_listing_own_odd on episode_listing (organisation_id, episode_id) where odd_payout;
-- In the order of the list, so that a filter goes along with it.
create index coverage_funder on coverage (funder, episode_id);
create index coverage_insurer on coverage (organisation_id, episode_id) where organisation_id is not null;

-- An exception of an episode as the worklist sorts it.
create table exception_listing (
    id bigint primary key,
    episode_id text not null,
    hospital_id text not null,
    code text not null,
    reference text not null,
    -- The insurer that it is about, where it is about one.
    party text not null default '',
    -- Fen that are held up: the payout's, else what is billed.
    amount_minor bigint not null,
    due_at timestamptz,
    opened_at timestamptz not null,
    resolved_at timestamptz
);
create index exception_listing_open on exception_listing (code, episode_id) where resolved_at is null;
create index exception_listing_episode on exception_listing (episode_id);

create function list_episodes(ids text[]) returns void language plpgsql security definer
    set search_path = public, pg_temp as $$
begin
    insert into exception_listing as l (id, episode_id, hospital_id, code, reference, party,
        amount_minor, due_at, opened_at, resolved_at)
    select x.id, x.episode_id, e.hospital_id, x.code, x.reference,
        coalesce(
            (select c.organisation_id from claim c where x.reference <> ''
             and c.episode_id = x.episode_id and x.reference in (c.id, c.reference) limit 1),
            (select g.insurer_id from guarantee g where x.reference <> ''
             and g.episode_id = x.episode_id and x.reference in (g.id, g.reference) limit 1),
            p.debtor_organisation_id, ''),
        coalesce(p.amount_minor, (select sum(b.total_minor) from bill b
            where b.episode_id = x.episode_id and b.state = 'current'), 0)::bigint,
        least((select min(i.due_at) from information_request i
               where i.episode_id = x.episode_id and i.state = 'open'),
              case when p.state not in ('credited', 'returned', 'rejected', 'cancelled')
                   then p.reserved_at + interval '72 hours' end),
        x.opened_at, x.resolved_at
    from exception_item x join episode e on e.id = x.episode_id
    left join payout_intent p on p.reference = x.reference and p.episode_id = x.episode_id
    where x.episode_id = any (ids)
    on conflict (id) do update set party = excluded.party, amount_minor = excluded.amount_minor,
        due_at = excluded.due_at, opened_at = excluded.opened_at, resolved_at = excluded.resolved_at
    where (l.party, l.amount_minor, l.due_at, l.opened_at, l.resolved_at) is distinct from
        (excluded.party, excluded.amount_minor, excluded.due_at, excluded.opened_at,
         excluded.resolved_at);

    insert into episode_listing as l (organisation_id, episode_id, whole, hospital_id, status, stage,
        opened_at, billed_minor, paid_minor, due_at, waits_since, payouts, reasons,
        odd_payout)
    select v.organisation_id, v.episode_id, v.whole, v.hospital_id, v.status,
        case when v.status <> 'open' then 'over'
             when not exists (select 1 from consent k where k.episode_id = v.episode_id
                              and k.withdrawn_at is null) then 'consent'
             when b.bills = 0 then 'treatment'
             when not b.final then 'bill'
             when not b.split then 'split'
             when c.due then 'claim'
             when c.undecided then 'decision'
             when p.payouts = 0 or not p.paid then 'payout'
             else 'closed' end,
        v.opened_at,
        case when v.insurer is null then b.billed
             when exists (select 1 from withdrawal w where w.episode_id = v.episode_id
                          and w.organisation_id = v.insurer) then 0
             else b.claimed end,
        p.credited,
        case when v.status = 'open' then least(p.due_at, r.due_at, g.due_at, a.due_at) end,
        x.since,
        p.states, x.codes, p.odd
    from (select q.organisation_id, q.episode_id, e.hospital_id, e.status, e.opened_at,
              -- Told to staff of the platform: the hospital's row, or where the hospital is no
              -- party, as of a claim with papers, one of its insurers'.
              q.organisation_id = coalesce(
                  (select e.hospital_id from episode_party z where z.episode_id = q.episode_id
                   and z.organisation_id = e.hospital_id limit 1),
                  (select min(z.organisation_id) from episode_party z
                   where z.episode_id = q.episode_id)) as whole,
              case when q.insurer and q.organisation_id <> e.hospital_id
                   then q.organisation_id end as insurer
          from (select y.organisation_id, y.episode_id,
                    bool_or(y.role = 'insurer') and not bool_or(y.role = 'hospital') as insurer
                from episode_party y where y.episode_id = any (ids) group by 1, 2) q
          join episode e on e.id = q.episode_id) v
    cross join lateral (
        select count(*) as bills, coalesce(bool_or(y.status = 'final'), false) as final,
            coalesce(bool_and(exists (select 1 from allocation z where z.bill_id = y.id)), true)
                as split,
            coalesce(sum(y.total_minor), 0)::bigint as billed,
            coalesce(sum(y.total_minor) filter (where v.insurer is not null and exists
                (select 1 from claim z where z.bill_id = y.id and z.episode_id = v.episode_id
                 and z.organisation_id = v.insurer)), 0)::bigint as claimed
        from bill y where y.episode_id = v.episode_id and y.state = 'current') b
    cross join lateral (
        select coalesce(bool_or(y.state = 'due'), false) as due,
            coalesce(bool_or(y.state in ('due', 'submitted', 'queued')), false) as undecided
        from claim y where y.episode_id = v.episode_id and y.state not in ('voided', 'voiding')
          and (v.insurer is null or y.organisation_id = v.insurer)) c
    cross join lateral (
        select count(*) filter (where y.state not in ('cancelled', 'returned', 'rejected')) as payouts,
            coalesce(bool_and(y.state = 'credited')
                filter (where y.state not in ('cancelled', 'returned', 'rejected')), true) as paid,
            coalesce(sum(y.amount_minor) filter (where y.state = 'credited'), 0)::bigint as credited,
            coalesce(array_agg(distinct y.state order by y.state), '{}') as states,
            coalesce(bool_or(y.state not in ('credited', 'accepted')), false) as odd,
            min(y.reserved_at) filter (where y.payee = 'patient' and y.state not in
                ('credited', 'cancelled', 'returned', 'rejected')) + interval '72 hours' as due_at
        from payout_intent y where y.episode_id = v.episode_id
          and (v.insurer is null or y.debtor_organisation_id = v.insurer)) p
    cross join lateral (
        select min(y.due_at) as due_at from information_request y
        where y.episode_id = v.episode_id and y.state = 'open'
          and (v.insurer is null or y.organisation_id = v.insurer)) r
    cross join lateral (
        select min(y.requested_at) + interval '1 hour' as due_at from guarantee y
        where y.episode_id = v.episode_id and y.state in ('requested', 'queued', 'at_desk')
          and y.answered_at is null and (v.insurer is null or y.insurer_id = v.insurer)) g
    cross join lateral (
        select least(
            (select min(y.due_at) from appeal y join claim z on z.id = y.claim_id
             where y.episode_id = v.episode_id and y.state = 'open'
               and (v.insurer is null or z.organisation_id = v.insurer)),
            (select min(y.suspended_until) from withdrawal y
             where y.episode_id = v.episode_id and y.state = 'suspended'
               and (v.insurer is null or y.organisation_id = v.insurer))) as due_at) a
    cross join lateral (
        select coalesce(array_agg(distinct y.code order by y.code), '{}') as codes,
            min(y.opened_at) as since
        from exception_listing y where y.episode_id = v.episode_id and y.resolved_at is null
          and (v.insurer is null or y.party = v.insurer)) x
    on conflict (organisation_id, episode_id) do update set whole = excluded.whole,
        status = excluded.status, stage = excluded.stage, billed_minor = excluded.billed_minor,
        paid_minor = excluded.paid_minor, due_at = excluded.due_at,
        waits_since = excluded.waits_since, payouts = excluded.payouts, reasons = excluded.reasons,
        odd_payout = excluded.odd_payout
    where (l.whole, l.status, l.stage, l.billed_minor, l.paid_minor, l.due_at, l.waits_since,
           l.payouts, l.reasons, l.odd_payout) is distinct from
          (excluded.whole, excluded.status, excluded.stage, excluded.billed_minor,
           excluded.paid_minor, excluded.due_at, excluded.waits_since,
           excluded.payouts, excluded.reasons, excluded.odd_payout);
end $$;
revoke all on function list_episodes(text[]) from public;
grant execute on function list_episodes(text[]) to crossclaim_worker;

-- Once for an episode and transaction, at its commit. A loader of many rows says
-- `set local crossclaim.listing = 'later'` and calls `list_episodes` itself.
create function list_episode() returns trigger language plpgsql security definer
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
    return null;
end $$;
do $$
declare
    t text;
    on_ text;
begin
    foreach t in array array['episode', 'episode_party', 'consent', 'bill', 'allocation', 'claim',
        'payout_intent', 'exception_item', 'guarantee', 'information_request', 'appeal', 'withdrawal']
    loop
        on_ := case when t in ('episode_party', 'allocation') then 'insert'
                    when t = 'episode' then 'update' else 'insert or update' end;
        execute format('create constraint trigger listed after %s on %I deferrable initially deferred '
            'for each row when (coalesce(current_setting(''crossclaim.listing'', true), '''') '
            '<> ''later'') execute function list_episode()', on_, t);
    end loop;
    -- The function reads as the owner, who is under the forced policies too.
    foreach t in array array['consent', 'allocation', 'exception_item', 'guarantee', 'information_request',
        'appeal', 'withdrawal']
    loop
        if not exists (select 1 from pg_policies where tablename = t and policyname = 'owner_reads') then
            execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        end if;
    end loop;
end $$;

-- Who looks after an exception, for each organisation by itself: it does not touch the episode.
create table work_care (
    organisation_id text not null references organisation,
    item text not null,
    episode_id text not null references episode,
    -- Of the exception when this was written: one that opens anew is nobody's again.
    opened_at timestamptz not null,
    state text not null check (state in ('open', 'in_work', 'waiting', 'done')),
    owner text not null default '',
    version integer not null default 1,
    changed_by text not null,
    changed_at timestamptz not null default now(),
    primary key (organisation_id, item)
);
create index work_care_owner on work_care (organisation_id, owner) where owner <> '';

-- What a person did about many at once: the items that were meant, before any is done.
create table work_action (
    id text primary key,
    organisation_id text not null references organisation,
    person text not null,
    kind text not null check (kind in ('take', 'give', 'release', 'state', 'note', 'try_again')),
    items text[] not null,
    versions integer[] not null,
    to_person text not null default '',
    state text not null default '',
    -- The words, under the key of the first of its episodes.
    episode_id text not null references episode,
    sealed bytea,
    recorded_at timestamptz not null default now()
);
-- What became of each, once for ever; the words are sealed.
create table work_event (
    action_id text not null references work_action,
    item text not null,
    organisation_id text not null references organisation,
    episode_id text references episode,
    person text not null,
    kind text not null,
    outcome text not null check (outcome in ('done', 'changed_meanwhile', 'gone', 'nothing_runs',
        'nothing_waited')),
    to_person text not null default '',
    state text not null default '',
    -- Who had changed it, where somebody had.
    by_person text not null default '',
    sealed bytea,
    recorded_at timestamptz not null default now(),
    primary key (action_id, item)
);
create index work_event_item on work_event (organisation_id, item, recorded_at);

-- Whom something can be given to: people of the organisation who were at the worklist. Names are sealed.
create table work_person (
    organisation_id text not null references organisation,
    person text not null,
    sealed bytea not null,
    seen_at timestamptz not null default now(),
    primary key (organisation_id, person)
);

-- A person's own way to look at a page: filters and sorting, never a text that was searched for.
create table saved_view (
    id text primary key,
    organisation_id text not null references organisation,
    person text not null,
    page text not null check (page in ('episodes', 'exceptions')),
    sealed bytea not null,
    query text not null,
    shared boolean not null default false,
    is_default boolean not null default false,
    changed_at timestamptz not null default now(),
    ended_at timestamptz
);
create index saved_view_owner on saved_view (organisation_id, page) where ended_at is null;
create unique index saved_view_one_default on saved_view (organisation_id, person, page)
    where is_default and ended_at is null;

do $$
declare
    t text;
    own text := 'organisation_id = current_setting(''crossclaim.organisation'', true)';
begin
    foreach t in array array['episode_listing', 'exception_listing', 'work_care', 'work_action',
        'work_event', 'work_person', 'saved_view']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_reads on %I for select to crossclaim_worker using (true)', t);
        execute format('grant select on %I to crossclaim_worker, crossclaim_reader', t);
    end loop;
    foreach t in array array['episode_listing', 'exception_listing']
    loop
        execute format('create policy owner_all on %I to crossclaim_owner using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy closed_to_staff on %I as restrictive for select to '
            'crossclaim_reader using (coalesce(length(current_setting(''crossclaim.organisation'', true)), 0) = 0 '
            'or current_setting(''crossclaim.purpose'', true) = ''legal'' or not exists '
            '(select 1 from storage_only s where s.scope = %I.episode_id))', t, t);
        execute format('create policy closed_but_stored on %I as restrictive for select to '
            'crossclaim_app using (current_setting(''crossclaim.purpose'', true) = ''legal'' or not exists '
            '(select 1 from storage_only s where s.scope = %I.episode_id))', t, t);
        execute format('grant select on %I to crossclaim_app', t);
    end loop;
    execute 'create policy own_rows on episode_listing for select to crossclaim_app using (' || own || ')';
    -- The hospital sees all of its episode, an insurer what is about it.
    execute 'create policy party_reads on exception_listing for select to crossclaim_app using (exists '
        '(select 1 from episode_party p where p.episode_id = exception_listing.episode_id '
        'and p.organisation_id = current_setting(''crossclaim.organisation'', true) '
        'and (p.role <> ''insurer'' or p.organisation_id = exception_listing.party)))';
    foreach t in array array['work_care', 'work_action', 'work_event', 'work_person', 'saved_view']
    loop
        -- Of the reader's role too: staff of the platform see what they wrote, and no party's.
        execute format('create policy own_rows on %I for select to crossclaim_reader using (' || own || ')', t);
        execute format('create policy own_words on %I to crossclaim_app using (' || own
            || ') with check (' || own || ')', t);
        execute format('grant select, insert on %I to crossclaim_app', t);
    end loop;
end $$;
grant update (state, owner, opened_at, version, changed_by, changed_at) on work_care to crossclaim_app;
grant update (sealed, seen_at) on work_person to crossclaim_app;
grant update (sealed, query, shared, is_default, changed_at, ended_at) on saved_view to crossclaim_app;
create trigger work_action_append_only before update or delete on work_action
    for each row execute function never_changes();
create trigger work_event_append_only before update or delete on work_event
    for each row execute function never_changes();

-- Those that are there already. The owner reads every row of an episode by now.
select list_episodes(array(select id from episode));
analyze episode_listing;
analyze exception_listing;
