-- What went out in an attempt and what came back, sealed under the episode's key: the content of
-- each message with an outside party, for whoever has to explain it. Rows are added, never changed.
create table outbound_message (
    attempt_id bigint not null references outbound_attempt,
    ordinal smallint not null,
    episode_id text not null references episode,
    party text not null,
    method text not null,
    status integer,
    took_ms integer not null,
    request_bytes integer not null,
    answer_bytes integer not null,
    -- Address and both bodies, as JSON; files in them stand among the documents and not here.
    sealed bytea,
    recorded_at timestamptz not null default now(),
    primary key (attempt_id, ordinal)
);
create index outbound_message_episode on outbound_message (episode_id);

alter table outbound_message enable row level security;
alter table outbound_message force row level security;
create policy owner_reads on outbound_message for select to crossclaim_owner using (true);
create policy worker_all on outbound_message to crossclaim_worker using (true) with check (true);
create policy reader_all on outbound_message for select to crossclaim_reader using (true);
-- The hospital of the episode, and of the parties whoever was at the other end of the wire.
create policy party_reads on outbound_message for select to crossclaim_app using (exists (
    select 1 from episode_party p where p.episode_id = outbound_message.episode_id
    and p.organisation_id = current_setting('crossclaim.organisation', true)
    and (p.role = 'hospital' or p.organisation_id = outbound_message.party)));
grant select on outbound_message to crossclaim_app, crossclaim_reader;
grant select, insert on outbound_message to crossclaim_worker;

-- Why somebody of staff had a message or a document shown in clear.
alter table staff_note drop constraint staff_note_kind_check;
alter table staff_note add constraint staff_note_kind_check
    check (kind in ('note', 'try_again', 'reset', 'in_clear'));
