-- With a person's key go the keyed digests too by which he could be found or compared: of his claims,
-- of his documents, of his word to eHealth, and of the two of a binding or a code account. As in 0033,
-- no role of ours may remove or change them; one function does, and of no living key.
create function key_is_gone(scoped text) returns boolean language sql stable as
    $$ select exists (select 1 from data_key k where k.scope = scoped and k.wrapped is null) $$;
grant execute on function key_is_gone(text) to public;

create function claim_mark_stays() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and key_is_gone(old.episode_id) then
        return old;
    end if;
    raise exception 'APPEND_ONLY: % rows are never changed or removed', tg_table_name
        using errcode = 'insufficient_privilege';
end $$;
drop trigger claim_mark_append_only on claim_mark;
create trigger claim_mark_append_only before update or delete on claim_mark
    for each row execute function claim_mark_stays();

create or replace function family_binding_is_fixed() returns trigger language plpgsql as $$
begin
    -- Of a person whose key is destroyed nothing is left to compare him by.
    if key_is_gone(old.id) and (to_jsonb(new) - 'authoriser_index' - 'user_index')
            = (to_jsonb(old) - 'authoriser_index' - 'user_index') then
        return new;
    end if;
    if (new.id, new.organisation_id, new.number, new.channel, new.relation, new.replaces,
            new.sealed, new.authoriser_index, new.user_index, new.reference, new.applied_at)
        is distinct from (old.id, old.organisation_id, old.number, old.channel, old.relation,
            old.replaces, old.sealed, old.authoriser_index, old.user_index, old.reference,
            old.applied_at)
       or (old.bound_on is not null and new.bound_on is distinct from old.bound_on)
       or (old.ended_on is not null and new.ended_on is distinct from old.ended_on)
       or (old.state in ('refused', 'unbound') and new.state <> old.state)
       or (old.state = 'bound' and new.state not in ('bound', 'unbound')) then
        raise exception 'BINDING_FIXED: binding % keeps its people and its past', old.id
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

create policy owner_forgets on claim_mark for delete to crossclaim_owner
    using (key_is_gone(episode_id));
create policy owner_reads on document for select to crossclaim_owner using (key_is_gone(episode_id));
create policy owner_forgets on document for update to crossclaim_owner
    using (key_is_gone(episode_id));
create policy owner_forgets on family_binding for update to crossclaim_owner
    using (key_is_gone(id));
create policy owner_forgets on family_code_link for update to crossclaim_owner
    using (key_is_gone(id));
-- His word to eHealth is a person's and no episode's: it goes with the last that is held of him.
create policy owner_forgets on ehealth_consent for delete to crossclaim_owner
    using (not exists (select 1 from identity_index i where i.value = ehealth_consent.person));

create or replace function forget_person(erased text) returns void language plpgsql
    security definer set search_path = public, pg_temp as $$
declare
    who bytea[];
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
end $$;
