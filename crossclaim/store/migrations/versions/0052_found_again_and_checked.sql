-- A closed payout becomes paid by a finding of two keys, and again by another one after it came back:
-- each of them books its own entry, and one that was taken back counts no more.
create function payout_is_found(about text) returns boolean language plpgsql stable as $$
declare
    booked integer;
    stands integer;
begin
    select count(*), count(*) filter (where not exists (select 1 from entry r where r.reverses = e.id))
        into booked, stands
        from entry e join payout_intent i on i.episode_id = e.episode_id
        where i.reference = about
          and (e.key = 'found:' || about
               or e.key = split_part(e.key, '-', 1) || '-found:' || about);
    return stands = 1 and booked <= (
        select count(*) from payout_finding f
        where f.payout_reference = about and f.outcome = 'paid' and f.approved);
end $$;
create or replace function identity_is_fixed() returns trigger language plpgsql as $$
begin
    -- Of a patient whose key is destroyed no digest of his account is left.
    if tg_table_name = 'payout_intent' then
        if old.payee = 'patient' and key_is_gone(old.episode_id)
           and (to_jsonb(new) - 'payee_account_sha256') = (to_jsonb(old) - 'payee_account_sha256') then
            return new;
        end if;
    end if;
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
                and payout_is_found(old.reference)) then
        raise exception 'PAYOUT_CLOSED: intent % is closed', old.reference
            using errcode = 'insufficient_privilege';
    end if;
    -- What waits for a second key is released by that key's word alone; it may end unsent.
    if tg_table_name = 'payout_intent' and old.state = 'to_be_approved'
       and new.state not in ('to_be_approved', 'cancelled', 'rejected')
       and not exists (select 1 from payout_approval a
                       where a.reference = old.reference and a.approved) then
        raise exception 'PAYOUT_NOT_APPROVED: intent % waits for a second key', old.reference
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

-- How a bank was asked whether an account is its holder's, before the first payout to it.
alter table payout_intent
    add column account_check text check (account_check in
        ('due', 'asked', 'matched', 'close', 'no_match', 'unanswered')),
    add column account_check_at timestamptz,
    add column account_checks integer not null default 0;
alter table payout_attempt drop constraint payout_attempt_kind_check;
alter table payout_attempt add constraint payout_attempt_kind_check
    check (kind in ('order', 'inquiry', 'recall', 'account_check'));
alter table payout_approval drop constraint payout_approval_why_check;
alter table payout_approval add constraint payout_approval_why_check
    check (why in ('amount', 'first_account', 'account_check'));

-- What its bank has not answered for, or says is another's, is not handed over.
create function payout_account_is_checked() returns trigger language plpgsql as $$
begin
    if new.kind = 'order' and exists (
            select 1 from payout_intent i where i.reference = new.reference
            and i.account_check in ('due', 'asked', 'no_match')) then
        raise exception 'PAYOUT_ACCOUNT_UNCHECKED: the account of % is not found to be its holder''s',
            new.reference using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger payout_account_checked before insert on payout_attempt
    for each row execute function payout_account_is_checked();

-- What an insurer has twice may be found out in parts. What was told before was about all of it.
alter table claw_back_finding
    add column amount_minor bigint,
    add column currency text not null default 'CNY' check (currency = 'CNY');
alter table claw_back_finding disable trigger claw_back_finding_fixed;
alter table claw_back_finding no force row level security;
update claw_back_finding f set amount_minor = k.amount_minor from claw_back k where k.reference = f.claw_back;
alter table claw_back_finding force row level security;
alter table claw_back_finding enable trigger claw_back_finding_fixed;
alter table claw_back_finding alter column amount_minor set not null,
    add constraint claw_back_finding_amount check (amount_minor > 0);
create or replace function claw_back_finding_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.claw_back, new.number, new.episode_id, new.outcome, new.amount_minor, new.proof,
        new.found_by, new.found_at)
        is distinct from (old.claw_back, old.number, old.episode_id, old.outcome, old.amount_minor,
            old.proof, old.found_by, old.found_at)
        or old.approved is not null then
        raise exception 'CLAW_BACK_FINDING_FIXED: a finding and its decision never change'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
