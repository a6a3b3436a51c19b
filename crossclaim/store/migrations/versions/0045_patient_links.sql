-- Links by which a patient comes to his own pages, and the sessions that begin with them. The link
-- itself is kept nowhere; what it shows is what `organisation_id` may read, of this one person.
create table patient_link (
    id bigint generated always as identity primary key,
    sha256 text not null unique,
    episode_id text not null references episode,
    organisation_id text not null references organisation,
    role text not null,
    bearer text not null check (bearer in ('patient', 'substitute', 'spouse')),
    maker_id text not null references organisation,
    made_by text not null,
    expires_at timestamptz not null,
    -- How often somebody has tried to say who he is; beyond a count nobody is let in by it.
    tries integer not null default 0,
    used_at timestamptz,
    ended_at timestamptz,
    recorded_at timestamptz not null default now()
);
create index patient_link_episode on patient_link (episode_id);
create table patient_session (
    sha256 text primary key,
    link_id bigint not null references patient_link,
    episode_id text not null references episode,
    organisation_id text not null references organisation,
    role text not null,
    bearer text not null,
    started_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz
);
create index patient_session_link on patient_session (link_id) where ended_at is null;

do $$
declare
    t text;
begin
    foreach t in array array['patient_link', 'patient_session']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        -- A person's copy of all that is held tells of his links and sessions too.
        execute format('create policy worker_reads on %I for select to crossclaim_worker using (true)', t);
        execute format('grant select on %I to crossclaim_worker, crossclaim_app', t);
        execute format('grant insert on %I to crossclaim_app', t);
    end loop;
end $$;

-- Whoever holds a link or a session finds that one alone; who made links ends them.
create policy bearer_reads on patient_link for select to crossclaim_app
    using (sha256 = current_setting('crossclaim.credential', true));
create policy bearer_tries on patient_link for update to crossclaim_app
    using (sha256 = current_setting('crossclaim.credential', true));
create policy maker_reads on patient_link for select to crossclaim_app using (
    current_setting('crossclaim.organisation', true) in (organisation_id, maker_id));
create policy maker_ends on patient_link for update to crossclaim_app using (
    current_setting('crossclaim.organisation', true) in (organisation_id, maker_id));
create policy maker_makes on patient_link for insert to crossclaim_app with check (
    maker_id = current_setting('crossclaim.organisation', true) and exists (
        select 1 from episode_party p where p.episode_id = patient_link.episode_id
        and p.organisation_id = maker_id));
create policy bearer on patient_session to crossclaim_app
    using (sha256 = current_setting('crossclaim.credential', true))
    with check (sha256 = current_setting('crossclaim.credential', true));
create policy maker_ends on patient_session for update to crossclaim_app using (
    exists (select 1 from patient_link l where l.id = patient_session.link_id));
create policy maker_reads on patient_session for select to crossclaim_app using (
    exists (select 1 from patient_link l where l.id = patient_session.link_id));
grant update (tries, used_at, ended_at) on patient_link to crossclaim_app;
grant update (last_seen_at, ended_at) on patient_session to crossclaim_app;

-- A patient's session names the episodes that are his. Whatever else an organisation may see is then
-- hidden, since every table asks this one; so a filter that somebody forgets shows nobody else's.
create policy named_alone on episode_party as restrictive for select to crossclaim_app using (
    coalesce(current_setting('crossclaim.only_episodes', true), '') = ''
    or episode_id = any(string_to_array(current_setting('crossclaim.only_episodes', true), ',')));

-- And to him every look at his own is told, whoever looked, also where his pages read as an insurer.
create policy patient_reads on audit for select to crossclaim_app using (
    object = any(string_to_array(coalesce(current_setting('crossclaim.only_episodes', true), ''), ','))
    or (coalesce(current_setting('crossclaim.only_episodes', true), '') <> '' and exists (
        select 1 from claim c where c.id = audit.object and c.episode_id = any(string_to_array(
            current_setting('crossclaim.only_episodes', true), ',')))));
create policy patient_reads on record_access for select to crossclaim_app using (
    episode_id = any(string_to_array(coalesce(current_setting('crossclaim.only_episodes', true), ''), ',')));
create policy patient_reads on submission for select to crossclaim_app using (
    episode_id = any(string_to_array(coalesce(current_setting('crossclaim.only_episodes', true), ''), ',')));
