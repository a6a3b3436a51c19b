-- What banks are compared by is a digest without a key, so somebody who guesses an account's number can
-- see that he is right. Of a patient who was erased it goes with his key.
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
    foreach t in array array['payout_intent', 'payout_report', 'expected_movement']
    loop
        execute format('create policy owner_finds_forgotten on %I for select to crossclaim_owner '
            'using (key_is_gone(episode_id))', t);
        execute format('create policy owner_forgets on %I for update to crossclaim_owner '
            'using (key_is_gone(episode_id))', t);
    end loop;
end $$;
create policy owner_finds_forgotten on bank_entry for select to crossclaim_owner using (exists (
    select 1 from payout_intent i where i.reference = bank_entry.reference and key_is_gone(i.episode_id)));
create policy owner_forgets on bank_entry for update to crossclaim_owner using (exists (
    select 1 from payout_intent i where i.reference = bank_entry.reference and key_is_gone(i.episode_id)));

create or replace function forget_person(erased text) returns void language plpgsql
    security definer set search_path = public, pg_temp as $$
declare
    who bytea[];
    paid text[];
begin
    if not key_is_gone(erased) then
        return;
    end if;
    who := array(select value from identity_index where episode_id = erased);
    delete from identity_index where episode_id = erased;
    delete from name_token where episode_id = erased;
    delete from claim_mark where episode_id = erased;
    delete from ehealth_consent where person = any(who);
    update document set blind = null where episode_id = erased;
    -- Two that were bound stay two: what is left is made of the id alone.
    update family_binding set authoriser_index = sha256(convert_to('a' || id, 'UTF8')),
        user_index = sha256(convert_to('u' || id, 'UTF8')) where id = erased;
    update family_code_link set shower_index = sha256(convert_to('s' || id, 'UTF8')),
        relative_index = sha256(convert_to('r' || id, 'UTF8')) where id = erased;
    -- Accounts of patients: theirs alone, since a hospital's is nobody's secret.
    paid := array(select reference from payout_intent where episode_id = erased and payee = 'patient');
    update payout_intent set payee_account_sha256 = encode(sha256(convert_to('p' || reference, 'UTF8')), 'hex')
        where reference = any(paid);
    update payout_report set creditor_account_sha256 = ''
        where reference = any(paid) and creditor_account_sha256 <> '';
    update expected_movement set counterparty_sha256 = ''
        where reference = any(paid) and counterparty_sha256 <> '';
    update bank_entry set counterparty_sha256 = ''
        where reference = any(paid) and counterparty_sha256 <> '';
end $$;
