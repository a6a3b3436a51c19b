-- Changed rule files that somebody proposes and somebody else puts in force, on a day. What is
-- activated stands in plan_activation as before: a row with a time counts from that time on.
alter table plan_activation
    add column in_force_from timestamptz,
    add column proposal_id text unique;

create table plan_proposal (
    id text primary key,
    organisation_id text not null references organisation,
    plan_id text not null,
    version text not null,
    -- The rule file as it was read, without a fault.
    content text not null,
    -- The version that ran when it was proposed; empty: there was none.
    follows text not null,
    -- First day in the region; null: as soon as a second person agrees.
    wanted_from date,
    reason text not null check (reason <> ''),
    proposed_by text not null check (proposed_by <> ''),
    proposed_at timestamptz not null default now()
);
create index plan_proposal_plan on plan_proposal (plan_id, proposed_at);
create index plan_proposal_owner on plan_proposal (organisation_id);

-- What others said of it: each word once, and none is taken back but by the next one.
create table plan_proposal_word (
    proposal_id text not null references plan_proposal,
    kind text not null check (kind in ('confirmed', 'refused', 'taken_back')),
    organisation_id text not null references organisation,
    person text not null check (person <> ''),
    reason text not null default '',
    said_at timestamptz not null default now(),
    primary key (proposal_id, kind)
);

-- Activations that were taken back before their time: whoever reads the rules leaves them out.
create table plan_activation_undone (
    proposal_id text primary key references plan_proposal,
    recorded_at timestamptz not null default now()
);

-- A back-test of a proposal against the claims of a month; the worker fills in how far it is.
create table plan_backtest (
    id text primary key,
    proposal_id text not null references plan_proposal,
    organisation_id text not null references organisation,
    month text not null check (month ~ '^[0-9]{4}-[0-9]{2}$'),
    asked_by text not null,
    asked_at timestamptz not null default now(),
    state text not null default 'asked' check (state in ('asked', 'running', 'done', 'failed')),
    claims integer not null default 0 check (claims >= 0),
    done integer not null default 0 check (done >= 0),
    -- Sums by payer, hospital and month; no claim and no person stands in it.
    result jsonb,
    fault text not null default '',
    finished_at timestamptz
);
create index plan_backtest_proposal on plan_backtest (proposal_id, asked_at);

create trigger plan_proposal_append_only before update or delete on plan_proposal
    for each row execute function never_changes();
create trigger plan_proposal_no_truncate before truncate on plan_proposal
    for each statement execute function never_changes();
create trigger plan_proposal_word_append_only before update or delete on plan_proposal_word
    for each row execute function never_changes();
create trigger plan_activation_undone_append_only before update or delete on plan_activation_undone
    for each row execute function never_changes();
create trigger plan_activation_undone_no_truncate before truncate on plan_activation_undone
    for each statement execute function never_changes();
create trigger plan_proposal_word_no_truncate before truncate on plan_proposal_word
    for each statement execute function never_changes();

-- The rule of two persons, and the activation that follows from it, where nobody gets past them.
create function plan_word_counts() returns trigger language plpgsql security definer
    set search_path = pg_catalog, public as $$
declare
    p plan_proposal;
    starts timestamptz;
begin
    perform pg_advisory_xact_lock(hashtextextended(new.proposal_id, 44));
    select * into p from plan_proposal where id = new.proposal_id;
    if exists (select 1 from plan_proposal_word w where w.proposal_id = new.proposal_id
               and w.kind in ('refused', 'taken_back')) then
        raise exception 'PLAN_PROPOSAL_OVER: it was refused or taken back'
            using errcode = 'check_violation', constraint = 'PLAN_PROPOSAL_OVER';
    end if;
    select in_force_from into starts from plan_activation where proposal_id = new.proposal_id;
    if new.kind in ('confirmed', 'refused') and starts is not null then
        raise exception 'PLAN_PROPOSAL_CONFIRMED: it was confirmed'
            using errcode = 'check_violation', constraint = 'PLAN_PROPOSAL_CONFIRMED';
    end if;
    if new.kind = 'taken_back' and starts <= now() then
        raise exception 'PLAN_IN_FORCE: it is in force already'
            using errcode = 'check_violation', constraint = 'PLAN_IN_FORCE';
    end if;
    if new.kind = 'taken_back' and starts is not null then
        insert into plan_activation_undone (proposal_id) values (new.proposal_id);
    end if;
    if new.kind = 'confirmed' then
        if new.person = p.proposed_by then
            raise exception 'PLAN_SECOND_PERSON: whoever proposes does not confirm'
                using errcode = 'check_violation', constraint = 'PLAN_SECOND_PERSON';
        end if;
        insert into plan_activation
            (plan_id, version, content, activated_by, reason, in_force_from, proposal_id)
        values (p.plan_id, p.version, p.content, p.proposed_by || ' + ' || new.person, p.reason,
                greatest(now(), p.wanted_from::timestamp at time zone 'Asia/Shanghai'), p.id);
    end if;
    return new;
end $$;
create trigger plan_proposal_word_counts before insert on plan_proposal_word
    for each row execute function plan_word_counts();

do $$
declare
    t text;
begin
    foreach t in array array['plan_proposal', 'plan_proposal_word', 'plan_backtest']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
    end loop;
end $$;
create policy own_rows on plan_proposal to crossclaim_app
    using (organisation_id = current_setting('crossclaim.organisation', true))
    with check (organisation_id = current_setting('crossclaim.organisation', true));
create policy about_own on plan_proposal_word for select to crossclaim_app
    using (organisation_id = current_setting('crossclaim.organisation', true)
        or exists (select 1 from plan_proposal p where p.id = proposal_id));
-- The platform's own people speak of every proposal, others take back their own.
create policy says on plan_proposal_word for insert to crossclaim_app
    with check (organisation_id = current_setting('crossclaim.organisation', true)
        and (exists (select 1 from organisation o
                     where o.id = plan_proposal_word.organisation_id and o.kind = 'operator')
             or kind = 'taken_back'
                and exists (select 1 from plan_proposal p where p.id = proposal_id)));
create policy about_own on plan_backtest for select to crossclaim_app
    using (exists (select 1 from plan_proposal p where p.id = proposal_id));
create policy asks on plan_backtest for insert to crossclaim_app
    with check (organisation_id = current_setting('crossclaim.organisation', true)
        and (exists (select 1 from organisation o
                     where o.id = plan_backtest.organisation_id and o.kind = 'operator')
             or exists (select 1 from plan_proposal p where p.id = proposal_id)));

grant select on plan_activation_undone to crossclaim_app, crossclaim_worker, crossclaim_reader;
grant select, insert on plan_proposal, plan_proposal_word to crossclaim_app;
grant select on plan_backtest to crossclaim_app;
grant insert (id, proposal_id, organisation_id, month, asked_by) on plan_backtest to crossclaim_app;
grant select on plan_proposal, plan_proposal_word, plan_backtest to crossclaim_worker, crossclaim_reader;
grant update (state, claims, done, result, fault, finished_at) on plan_backtest to crossclaim_worker;

-- What the page of operations counts: calls of the last day, and those that nothing has settled.
create index outbound_attempt_started on outbound_attempt (started_at);
create index outbound_attempt_unsettled on outbound_attempt (party)
    where outcome is null or outcome in ('unknown', 'not_taken');
create index payout_report_unapplied on payout_report (recorded_at)
    where applied_at is null and episode_id is not null;
create index webhook_message_due on webhook_message (due_at) where state = 'pending';
create index submission_received_at on submission (received_at);
