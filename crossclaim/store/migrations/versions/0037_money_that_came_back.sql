-- Of a payout that came back: what nothing owes any more, and so does not go out again.
alter table payout_intent add column less_minor bigint not null default 0;
alter table payout_intent add column less_at timestamptz;
alter table payout_intent add constraint payout_intent_less check (
    less_minor between 0 and amount_minor
    and (less_minor = 0 or state in ('rejected', 'returned')));

-- What was paid twice is asked back as everything else is, and ends.
alter table claw_back add column payout_reference text references payout_intent;
alter table claw_back drop constraint claw_back_cause_check;
alter table claw_back add constraint claw_back_cause_check check (
    cause in ('CORRECTION', 'CANCELLATION', 'DECISION', 'PAID_TWICE')
    and (cause = 'PAID_TWICE') = (payout_reference is not null));
alter table claw_back drop constraint claw_back_state_check;
alter table claw_back add constraint claw_back_state_check
    check (state in ('due', 'received', 'needless', 'written_off'));
alter table claw_back add constraint claw_back_what_is_let_go
    check (cause = 'PAID_TWICE' or state <> 'written_off');

-- One person's word that nobody is asked any more, and another's.
create table claw_back_write_off (
    claw_back text not null references claw_back,
    number text not null,
    episode_id text not null references episode,
    reason text not null check (reason in
        ('payee_cannot', 'payee_not_found', 'cost_above_amount', 'agreed')),
    proposed_by text not null,
    proposed_at timestamptz not null,
    decided_by text,
    decided_at timestamptz,
    approved boolean,
    recorded_at timestamptz not null default now(),
    primary key (claw_back, number),
    check (decided_by is null or decided_by <> proposed_by),
    check ((approved is null) = (decided_by is null))
);
create index claw_back_write_off_episode on claw_back_write_off (episode_id);

create function claw_back_write_off_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.claw_back, new.number, new.episode_id, new.reason, new.proposed_by, new.proposed_at)
        is distinct from (old.claw_back, old.number, old.episode_id, old.reason, old.proposed_by,
            old.proposed_at)
        or old.approved is not null then
        raise exception 'WRITE_OFF_FIXED: a proposal and its decision never change'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger claw_back_write_off_fixed before update on claw_back_write_off
    for each row execute function claw_back_write_off_is_fixed();

-- Nothing is written off without two persons.
create function claw_back_is_let_go_by_two() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from claw_back_write_off w
                   where w.claw_back = new.reference and w.approved) then
        raise exception 'WRITE_OFF_NOT_AGREED: % was let go by nobody', new.reference
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger claw_back_let_go before update on claw_back
    for each row when (new.state = 'written_off' and old.state <> 'written_off')
    execute function claw_back_is_let_go_by_two();

alter table claw_back_write_off enable row level security;
alter table claw_back_write_off force row level security;
create policy owner_reads on claw_back_write_off for select to crossclaim_owner using (true);
create policy worker_all on claw_back_write_off to crossclaim_worker using (true) with check (true);
create policy reader_all on claw_back_write_off for select to crossclaim_reader using (true);
create policy party_reads on claw_back_write_off for select to crossclaim_app using (
    exists (select 1 from claw_back k where k.reference = claw_back_write_off.claw_back));
grant select on claw_back_write_off to crossclaim_app, crossclaim_worker, crossclaim_reader;
grant insert on claw_back_write_off to crossclaim_worker;
grant update (decided_by, decided_at, approved) on claw_back_write_off to crossclaim_worker;

insert into webhook_rule values
    ('claw_back', 'written_off', 'claw_back.written_off', 'reference', null, 'ended_at');

-- What stood as paid twice before is asked back from now on.
alter table payout_intent no force row level security;
alter table exception_item no force row level security;
alter table claim no force row level security;
alter table claw_back no force row level security;
insert into claw_back (reference, episode_id, claim_id, bill_id, organisation_id, payee, amount_minor,
    cause, ordered_at, payout_reference)
select 'GB' || substr(p.reference, 3) || '-T', p.episode_id, p.claim_id, c.bill_id,
    p.debtor_organisation_id, p.payee, p.amount_minor, 'PAID_TWICE', now(), p.reference
from payout_intent p join claim c on c.id = p.claim_id
where p.paid_twice and p.state = 'credited';
insert into exception_item (episode_id, code, reference, details, opened_at)
select episode_id, 'CLAW_BACK_DUE', reference, '{}'::jsonb, ordered_at
from claw_back where cause = 'PAID_TWICE';
set constraints all immediate;
alter table payout_intent force row level security;
alter table exception_item force row level security;
alter table claim force row level security;
alter table claw_back force row level security;

-- Documents are asked for about a claim, or about a question on a letter of guarantee.
alter table information_request alter column claim_id drop not null;
alter table information_request add column guarantee text;
alter table information_request add constraint information_request_about
    check (num_nonnulls(claim_id, guarantee) = 1);
alter table information_item alter column claim_id drop not null;
alter table information_item add column guarantee text;
alter table information_item add constraint information_item_about
    check (num_nonnulls(claim_id, guarantee) = 1);
create unique index information_item_once_letter
    on information_item (guarantee, kind, coalesce(line, -1), paper) where state = 'wanted';
create unique index information_item_document_letter
    on information_item (guarantee, sha256) where sha256 is not null;
