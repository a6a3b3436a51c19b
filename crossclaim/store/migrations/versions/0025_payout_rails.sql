-- By which rail an intent goes, and why. ``hkd_minor`` counts against the rail's limits.
create table payout_rail (
    reference text primary key references payout_intent,
    episode_id text not null references episode,
    rail text not null,
    on_day date not null,
    hkd_minor bigint check (hkd_minor > 0),
    expected_at timestamptz,
    due_at timestamptz,
    trace jsonb not null,
    recorded_at timestamptz not null default now()
);
create index payout_rail_episode on payout_rail (episode_id);
create index payout_rail_day on payout_rail (rail, on_day);

create index payout_intent_account on payout_intent (payee_account_sha256);

-- An intent above the amount that one person may release, or the first one to an account: made by
-- one key, decided by another.
create table payout_approval (
    reference text primary key references payout_intent,
    episode_id text not null references episode,
    made_by text not null,
    why text not null check (why in ('amount', 'first_account')),
    asked_at timestamptz not null,
    decided_by text,
    decided_at timestamptz,
    approved boolean,
    reason text not null default '',
    recorded_at timestamptz not null default now(),
    check (decided_by is null or decided_by <> made_by)
);
create index payout_approval_episode on payout_approval (episode_id);

-- A payout that its payer wants back before the bank has made it.
create table payout_recall (
    reference text primary key references payout_intent,
    episode_id text not null references episode,
    number text not null,
    reason text not null,
    asked_by text not null,
    asked_at timestamptz not null,
    state text not null check (state in ('asked', 'sent', 'unknown', 'accepted', 'refused', 'needless')),
    sent_at timestamptz,
    messages integer not null default 0,
    ended_at timestamptz,
    recorded_at timestamptz not null default now()
);
create index payout_recall_episode on payout_recall (episode_id);

-- How it ended when a bank said both that it paid and that it did not: found by one key with its
-- evidence, confirmed by another.
create table payout_finding (
    episode_id text not null references episode,
    payout_reference text not null references payout_intent,
    number text not null,
    outcome text not null check (outcome in ('paid', 'not_paid')),
    bank_entry bigint references bank_entry,
    evidence text not null,
    found_by text not null,
    found_at timestamptz not null,
    decided_by text,
    decided_at timestamptz,
    approved boolean,
    reason text not null default '',
    recorded_at timestamptz not null default now(),
    primary key (payout_reference, number),
    check (decided_by is null or decided_by <> found_by),
    check (outcome <> 'paid' or bank_entry is not null)
);
create index payout_finding_episode on payout_finding (episode_id);

create function payout_approval_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.reference, new.episode_id, new.made_by, new.why, new.asked_at)
        is distinct from (old.reference, old.episode_id, old.made_by, old.why, old.asked_at)
        or old.approved is not null then
        raise exception 'PAYOUT_APPROVAL_FIXED: what was decided never changes'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger payout_approval_fixed before update on payout_approval
    for each row execute function payout_approval_is_fixed();

create function payout_finding_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.episode_id, new.payout_reference, new.number, new.outcome, new.bank_entry,
            new.evidence, new.found_by)
        is distinct from (old.episode_id, old.payout_reference, old.number, old.outcome,
            old.bank_entry, old.evidence, old.found_by)
        or old.approved is not null then
        raise exception 'PAYOUT_FINDING_FIXED: a finding and its decision never change'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger payout_finding_fixed before update on payout_finding
    for each row execute function payout_finding_is_fixed();

create function payout_recall_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.reference, new.episode_id, new.number, new.reason, new.asked_by, new.asked_at)
        is distinct from (old.reference, old.episode_id, old.number, old.reason, old.asked_by,
            old.asked_at)
        or old.ended_at is not null then
        raise exception 'PAYOUT_RECALL_FIXED: a recall that has ended never changes'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger payout_recall_fixed before update on payout_recall
    for each row execute function payout_recall_is_fixed();
create trigger payout_rail_append_only before update or delete on payout_rail
    for each row execute function never_changes();

alter table payout_intent drop constraint payout_intent_state_check;
alter table payout_intent add constraint payout_intent_state_check check (state in
    ('to_be_approved', 'reserved', 'sent', 'accepted', 'credited', 'unknown', 'rejected',
     'returned', 'cancelled'));
alter table payout_attempt drop constraint payout_attempt_kind_check;
alter table payout_attempt add constraint payout_attempt_kind_check
    check (kind in ('order', 'inquiry', 'recall'));

-- A closed intent changes by a return of what was credited, and by a finding of two keys.
create or replace function identity_is_fixed() returns trigger language plpgsql as $$
begin
    if tg_table_name = 'payout_intent' and (new.reference, new.claim_id, new.amount_minor,
            new.currency, new.payee, new.payee_organisation_id, new.payee_sealed,
            new.payee_account_sha256, new.debtor_organisation_id, new.debtor_account_sha256,
            new.bank, new.episode_id, new.sequence, new.replaces, new.reserved_at)
        is distinct from (old.reference, old.claim_id, old.amount_minor,
            old.currency, old.payee, old.payee_organisation_id, old.payee_sealed,
            old.payee_account_sha256, old.debtor_organisation_id, old.debtor_account_sha256,
            old.bank, old.episode_id, old.sequence, old.replaces, old.reserved_at) then
        raise exception 'PAYOUT_FIXED: a payout intent keeps its amount and account for ever'
            using errcode = 'insufficient_privilege';
    end if;
    if tg_table_name = 'payout_intent' and old.closed_at is not null and new.state <> old.state
       and not (old.state = 'credited' and new.state = 'returned')
       and not (old.state in ('rejected', 'returned', 'cancelled') and new.state = 'credited'
                and exists (select 1 from payout_finding f
                            where f.payout_reference = old.reference and f.outcome = 'paid'
                              and f.approved)) then
        raise exception 'PAYOUT_CLOSED: intent % is closed', old.reference
            using errcode = 'insufficient_privilege';
    end if;
    -- What waits for a second key is released by that key's word alone.
    if tg_table_name = 'payout_intent' and old.state = 'to_be_approved'
       and new.state not in ('to_be_approved', 'cancelled')
       and not exists (select 1 from payout_approval a
                       where a.reference = old.reference and a.approved) then
        raise exception 'PAYOUT_NOT_APPROVED: intent % waits for a second key', old.reference
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

do $$
declare
    t text;
begin
    foreach t in array array['payout_rail', 'payout_approval', 'payout_recall', 'payout_finding']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        execute format(
            'create policy party_reads on %I for select to crossclaim_app using (exists (select 1 '
            'from episode_party p where p.episode_id = %I.episode_id and p.organisation_id = '
            'current_setting(''crossclaim.organisation'', true)))', t, t);
    end loop;
end $$;
grant select on payout_rail, payout_approval, payout_recall, payout_finding
    to crossclaim_app, crossclaim_reader;
grant select, insert on payout_rail, payout_approval, payout_recall, payout_finding
    to crossclaim_worker;
grant update on payout_approval, payout_recall, payout_finding to crossclaim_worker;
