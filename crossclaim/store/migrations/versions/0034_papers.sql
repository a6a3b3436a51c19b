-- A file that its sender stated and sends to the object store itself; judged when he says it is there.
create table upload_slot (
    id text primary key,
    episode_id text not null references episode,
    organisation_id text not null references organisation,
    name_sealed bytea not null,
    content_type text not null,
    size_bytes bigint not null check (size_bytes > 0),
    sha256 text not null,
    state text not null default 'open' check (state in ('open', 'done', 'refused')),
    document_sha256 text not null default '',
    -- The code of the refusal.
    why text not null default '' check ((state = 'refused') = (why <> '')),
    expires_at timestamptz not null,
    -- Its place in the bucket of incoming files was emptied after the address had ended.
    swept boolean not null default false,
    recorded_at timestamptz not null default now()
);
create index upload_slot_over on upload_slot (organisation_id, expires_at) where not swept;
create index upload_slot_episode on upload_slot (episode_id);

-- What an electronic bill says of itself, as it was read from the file; sealed.
create table document_reading (
    episode_id text not null references episode,
    sha256 text not null,
    organisation_id text not null references organisation,
    source text not null check (source in ('text', 'ofd', 'xml', 'qr')),
    sealed bytea not null,
    recorded_at timestamptz not null default now(),
    primary key (episode_id, sha256, source)
);

-- What was read beside what the claim says; names of members, never values.
create table ebill_comparison (
    episode_id text not null references episode,
    claim_id text not null references claim,
    sha256 text not null,
    paper text not null,
    outcome text not null check (outcome in ('agrees', 'differs', 'other_bill')),
    members text[] not null default '{}',
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    primary key (claim_id, sha256, paper),
    check ((outcome = 'differs') = (cardinality(members) > 0))
);
create index ebill_comparison_episode on ebill_comparison (episode_id);
create trigger ebill_comparison_append_only before update or delete on ebill_comparison
    for each row execute function never_changes();

-- The document's SHA-256 under a key of the platform: equal for the same content, and of no use to others.
alter table document add column blind bytea;

alter table claim_mark drop constraint claim_mark_kind_check;
alter table claim_mark add constraint claim_mark_kind_check
    check (kind in ('ebill', 'bill', 'lines', 'day', 'stay', 'document'));

-- A paper as it was issued: its bytes stand in the object store, sealed; its code on the paper leads here.
create table issued_paper (
    code text primary key,
    kind text not null check (kind in ('guarantee_letter', 'voucher_consent', 'voucher_use_record',
        'explanation_of_benefits', 'decision_letter', 'remittance_advice', 'settlement_list',
        'covering_letter')),
    -- Who says what stands there.
    issuer_id text not null,
    organisation_id text not null references organisation,
    episode_id text references episode,
    -- What it is about, blind: papers with the same replace each other.
    chain bytea not null,
    language text not null check (language in ('en', 'zh-Hant', 'zh-Hans')),
    sha256 text not null,
    object_key text not null,
    size_bytes bigint not null,
    -- The time of its facts, which stands on it.
    dated timestamptz not null,
    issued_at timestamptz not null default now(),
    superseded_by text references issued_paper,
    superseded_at timestamptz,
    check ((superseded_by is null) = (superseded_at is null))
);
create index issued_paper_chain on issued_paper (chain) where superseded_by is null;
create index issued_paper_episode on issued_paper (episode_id);

-- Nobody deletes a document while it is held; two persons hold and release.
create table document_hold (
    id bigint generated always as identity primary key,
    episode_id text not null,
    sha256 text not null,
    reason text not null check (reason <> ''),
    held_by text not null,
    held_at timestamptz not null default now(),
    release_reason text not null default '',
    release_asked_by text not null default '',
    release_asked_at timestamptz,
    released_by text not null default '',
    released_at timestamptz,
    foreign key (episode_id, sha256) references document,
    check (released_at is null or (release_asked_by <> '' and released_by <> release_asked_by))
);
create unique index document_hold_one on document_hold (episode_id, sha256) where released_at is null;

do $$
declare
    t text;
begin
    foreach t in array array['upload_slot', 'document_reading', 'ebill_comparison', 'issued_paper', 'document_hold']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
        execute format('create policy reader_all on %I for select to crossclaim_reader using (true)', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        execute format('grant select on %I to crossclaim_worker, crossclaim_reader', t);
    end loop;
    foreach t in array array['upload_slot', 'document_reading']
    loop
        execute format(
            'create policy own_rows on %I to crossclaim_app using (organisation_id = '
            'current_setting(''crossclaim.organisation'', true)) with check (organisation_id = '
            'current_setting(''crossclaim.organisation'', true) and exists (select 1 from '
            'episode_party p where p.episode_id = %I.episode_id and p.organisation_id = '
            'current_setting(''crossclaim.organisation'', true)))', t, t);
        execute format('grant select, insert on %I to crossclaim_app', t);
    end loop;
end $$;

-- Whoever holds a paper has its code, and sees that one row; whoever can make a paper of the same
-- subject has its chain, and sees and replaces those of it.
create policy own_or_held on issued_paper for select to crossclaim_app
    using (organisation_id = current_setting('crossclaim.organisation', true)
        or code = current_setting('crossclaim.paper_code', true)
        or encode(chain, 'hex') = current_setting('crossclaim.paper_chain', true));
create policy of_one_subject on issued_paper for update to crossclaim_app
    using (encode(chain, 'hex') = current_setting('crossclaim.paper_chain', true))
    with check (encode(chain, 'hex') = current_setting('crossclaim.paper_chain', true));
create policy own_rows on issued_paper for insert to crossclaim_app
    with check (organisation_id = current_setting('crossclaim.organisation', true)
        and (episode_id is null or exists (select 1 from episode_party p
            where p.episode_id = issued_paper.episode_id
              and p.organisation_id = current_setting('crossclaim.organisation', true))));
grant select, insert on issued_paper to crossclaim_app;
grant update (superseded_by, superseded_at) on issued_paper to crossclaim_app;
grant update (state, document_sha256, why, swept) on upload_slot to crossclaim_app;
grant insert on document_reading, ebill_comparison, issued_paper, document_hold to crossclaim_worker;
grant update (superseded_by, superseded_at) on issued_paper to crossclaim_worker;
grant update (release_reason, release_asked_by, release_asked_at, released_by, released_at)
    on document_hold to crossclaim_worker;
