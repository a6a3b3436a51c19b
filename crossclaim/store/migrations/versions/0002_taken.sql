-- When a submission's run was known to have it in its history. An outcome alone does not prove that:
-- a worker may die between the two, and the engine forgets an update that it has not written down.
alter table submission add column taken_at timestamptz;
-- The owner is under the forced policies too, which let it read submissions and change none.
alter table submission no force row level security;
-- Those of open episodes are handed over once more: it repairs a run that never learned of one.
update submission s set taken_at = s.outcome_at where s.outcome is not null
    and not exists (select 1 from episode e where e.id = s.episode_id and e.closed_at is null);
alter table submission force row level security;

drop index submission_without_outcome;
create index submission_untaken on submission (received_at)
    where outcome is null or taken_at is null;

create or replace function submission_is_fixed() returns trigger language plpgsql as $$
begin
    if (new.id, new.organisation_id, new.business_key, new.kind, new.episode_id, new.content_sha256)
        is distinct from
       (old.id, old.organisation_id, old.business_key, old.kind, old.episode_id, old.content_sha256)
       or (old.outcome is not null and (new.outcome, new.refused)
           is distinct from (old.outcome, old.refused))
       or (old.taken_at is not null and new.taken_at is distinct from old.taken_at) then
        raise exception 'SUBMISSION_FIXED: a submission and its outcome never change'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;

-- The API notes which submissions their runs have, beside what it may write already.
grant update (taken_at) on submission to crossclaim_worker;
grant update (taken_at) on submission to crossclaim_app;
