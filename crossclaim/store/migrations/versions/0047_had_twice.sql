-- Of what was received: what its owner had from the bank as well, and has sent back or never got.
alter table claw_back add column undone_minor bigint not null default 0;
alter table claw_back add constraint claw_back_undone check (
    undone_minor between 0 and amount_minor and (undone_minor = 0 or state = 'received'));
grant update (undone_minor) on claw_back to crossclaim_worker;

-- One person's word on how it ended that an insurer had money twice, and another's.
create table claw_back_finding (
    claw_back text not null references claw_back,
    number text not null,
    episode_id text not null references episode,
    outcome text not null check (outcome in ('sent_back', 'not_received')),
    proof text not null,
    found_by text not null,
    found_at timestamptz not null,
    decided_by text,
    decided_at timestamptz,
    approved boolean,
    recorded_at timestamptz not null default now(),
    primary key (claw_back, number),
    check (decided_by is null or decided_by <> found_by),
    check ((approved is null) = (decided_by is null))
);
create index claw_back_finding_episode on claw_back_finding (episode_id);

create function claw_back_finding_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.claw_back, new.number, new.episode_id, new.outcome, new.proof, new.found_by,
        new.found_at)
        is distinct from (old.claw_back, old.number, old.episode_id, old.outcome, old.proof,
            old.found_by, old.found_at)
        or old.approved is not null then
        raise exception 'CLAW_BACK_FINDING_FIXED: a finding and its decision never change'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger claw_back_finding_fixed before update on claw_back_finding
    for each row execute function claw_back_finding_is_fixed();

-- No receipt is taken back without two persons.
create function claw_back_is_undone_by_two() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from claw_back_finding f
                   where f.episode_id = new.episode_id and f.approved) then
        raise exception 'CLAW_BACK_NOT_FOUND_OUT: nobody has confirmed what became of %',
            new.reference using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger claw_back_undone before update on claw_back
    for each row when (new.undone_minor <> old.undone_minor)
    execute function claw_back_is_undone_by_two();

alter table claw_back_finding enable row level security;
alter table claw_back_finding force row level security;
create policy owner_reads on claw_back_finding for select to crossclaim_owner using (true);
create policy worker_all on claw_back_finding to crossclaim_worker using (true) with check (true);
create policy reader_all on claw_back_finding for select to crossclaim_reader using (true);
create policy party_reads on claw_back_finding for select to crossclaim_app using (
    exists (select 1 from claw_back k where k.reference = claw_back_finding.claw_back));
grant select on claw_back_finding to crossclaim_app, crossclaim_worker, crossclaim_reader;
grant insert on claw_back_finding to crossclaim_worker;
grant update (decided_by, decided_at, approved) on claw_back_finding to crossclaim_worker;

-- An electronic bill is free again once its claim was ended and its payee has nothing of it. What is
-- told here is read anew for every row, so of two that take it at once the second finds the first.
create function ebill_is_free(episode text) returns boolean language plpgsql volatile as $$
begin
    return exists (select 1 from claim c where c.episode_id = episode and c.state = 'voided')
        and not exists (select 1 from claim c where c.episode_id = episode and c.state <> 'voided')
        and (select coalesce(sum(p.amount_minor), 0) from payout_intent p
             where p.episode_id = episode and p.state not in ('rejected', 'returned', 'cancelled'))
         <= (select coalesce(sum(k.amount_minor - k.undone_minor), 0) from claw_back k
             where k.episode_id = episode and k.received_at is not null);
end $$;
create function ebill_is_taken_when_free() returns trigger language plpgsql as $$
begin
    if new.id <> old.id or not ebill_is_free(old.episode_id) then
        raise exception 'EBILL_STILL_CLAIMED: its claim lives, or has been paid'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger ebill_taken before update on ebill_claimed
    for each row execute function ebill_is_taken_when_free();
grant update (episode_id) on ebill_claimed to crossclaim_worker;

-- An exception about money that is given back is its owner's, and is about that much.
create function exception_of_claw_back() returns trigger language plpgsql as $$
declare
    back record;
begin
    select k.organisation_id, k.amount_minor into back from claw_back k
    where k.reference = new.reference and k.episode_id = new.episode_id;
    if found then
        new.party := back.organisation_id;
        new.amount_minor := back.amount_minor;
    end if;
    return new;
end $$;
create trigger of_claw_back before insert on exception_listing
    for each row when (new.party = '') execute function exception_of_claw_back();
update exception_listing x set party = k.organisation_id, amount_minor = k.amount_minor
from claw_back k where k.reference = x.reference and k.episode_id = x.episode_id and x.party = '';

-- People also look after what waits beside episodes: bank days, accounts, bindings. The column names
-- whose key seals the words, which may be one of those.
alter table work_care drop constraint work_care_episode_id_fkey;
alter table work_action drop constraint work_action_episode_id_fkey;
alter table work_event drop constraint work_event_episode_id_fkey;
