-- Who may come in. Whoever shows a credential finds the rows of that one alone: the policies compare
-- with `crossclaim.credential`, which the API sets to what it was shown (a digest, never a secret).

-- Slow hashes for API keys; a key of before keeps its SHA-256 until it is used the next time.
alter table api_key alter column sha256 drop not null;
alter table api_key add column argon2 text;
alter table api_key add column scopes text[];
alter table api_key add column person_id text;
alter table api_key add constraint api_key_one_hash check ((sha256 is null) <> (argon2 is null));

-- A person of an organisation, known by the identity provider's issuer and subject (a blind index of
-- both; the words themselves and the name shown to colleagues are sealed under the system key).
create table person (
    id text primary key,
    organisation_id text not null references organisation,
    subject text not null unique,
    sealed bytea not null,
    created_at timestamptz not null default now(),
    disabled_at timestamptz
);
alter table api_key add constraint api_key_person foreign key (person_id) references person;

create table person_role (
    person_id text not null references person,
    role text not null,
    ended_at timestamptz,
    primary key (person_id, role)
);

-- Licences of the mainland, one row for each; the number is sealed.
create table person_licence (
    id bigint generated always as identity primary key,
    person_id text not null references person,
    sealed bytea not null,
    valid_from date not null,
    valid_to date,
    ended_at timestamptz,
    recorded_at timestamptz not null default now(),
    check (valid_to is null or valid_to >= valid_from)
);
create index person_licence_person on person_licence (person_id);

-- A signed-in browser or program. The id is kept as a digest.
create table person_session (
    sha256 text primary key,
    person_id text not null references person,
    organisation_id text not null references organisation,
    role text not null,
    provider_session text not null default '',
    signed_in_at timestamptz not null,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ended_at timestamptz
);
create index person_session_person on person_session (person_id) where ended_at is null;

-- A sign-in that has begun at the provider; it comes back once, and its secrets are emptied then.
create table login_attempt (
    sha256 text primary key,
    state text not null,
    nonce text not null,
    verifier text not null,
    return_to text not null,
    began_at timestamptz not null default now(),
    taken_at timestamptz
);

-- Systems that ask for access tokens.
create table oauth_client (
    id text primary key,
    organisation_id text not null references organisation,
    name text not null default '',
    role text not null,
    scopes text[],
    secret_argon2 text,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz
);
create table oauth_client_key (
    client_id text not null references oauth_client,
    kid text not null,
    public_jwk jsonb not null,
    added_at timestamptz not null default now(),
    revoked_at timestamptz,
    primary key (client_id, kid)
);
-- Assertions that were shown: none counts twice.
create table oauth_assertion (
    client_id text not null references oauth_client,
    jti_sha256 text not null,
    expires_at timestamptz not null,
    primary key (client_id, jti_sha256)
);

-- Keys that sign our access tokens; the private part is sealed under the system key.
create table token_key (
    kid text primary key,
    public_jwk jsonb not null,
    sealed bytea not null,
    made_at timestamptz not null default now(),
    retired_at timestamptz
);

do $$
declare
    t text;
begin
    foreach t in array array['api_key', 'person', 'person_role', 'person_licence', 'person_session',
        'login_attempt', 'oauth_client', 'oauth_client_key', 'oauth_assertion', 'token_key']
    loop
        execute format('alter table %I enable row level security', t);
        execute format('alter table %I force row level security', t);
        execute format('create policy owner_reads on %I for select to crossclaim_owner using (true)', t);
        execute format('create policy worker_all on %I to crossclaim_worker using (true) with check (true)', t);
    end loop;
end $$;

create policy bearer on api_key to crossclaim_app
    using (prefix = current_setting('crossclaim.credential', true));
create policy bearer on person for select to crossclaim_app using (
    subject = current_setting('crossclaim.credential', true)
    or id = current_setting('crossclaim.credential', true));
create policy bearer on person_role for select to crossclaim_app
    using (person_id = current_setting('crossclaim.credential', true));
create policy bearer on person_licence for select to crossclaim_app
    using (person_id = current_setting('crossclaim.credential', true));
create policy bearer on person_session to crossclaim_app using (
    sha256 = current_setting('crossclaim.credential', true)
    or person_id = current_setting('crossclaim.credential', true));
create policy bearer on login_attempt to crossclaim_app
    using (sha256 = current_setting('crossclaim.credential', true));
create policy bearer on oauth_client for select to crossclaim_app
    using (id = current_setting('crossclaim.credential', true));
create policy bearer on oauth_client_key for select to crossclaim_app
    using (client_id = current_setting('crossclaim.credential', true));
create policy bearer on oauth_assertion to crossclaim_app
    using (client_id = current_setting('crossclaim.credential', true));
create policy signs on token_key to crossclaim_app using (true) with check (true);

revoke select on person, person_role, person_licence, person_session, login_attempt, oauth_client,
    oauth_client_key, oauth_assertion, token_key from crossclaim_reader;
grant select on person, person_role, person_licence, person_session, login_attempt, oauth_client,
    oauth_client_key, oauth_assertion, token_key to crossclaim_app;
grant update (sha256, argon2) on api_key to crossclaim_app;
grant insert on person_session, login_attempt, oauth_assertion, token_key to crossclaim_app;
grant update (role, last_seen_at, ended_at) on person_session to crossclaim_app;
grant update (nonce, verifier, taken_at) on login_attempt to crossclaim_app;
grant select, insert on person, person_role, person_licence, person_session, oauth_client,
    oauth_client_key, token_key to crossclaim_worker;
grant select on oauth_assertion, login_attempt to crossclaim_worker;
grant update (disabled_at) on person to crossclaim_worker;
grant update (ended_at) on person_licence, person_session to crossclaim_worker;
grant update (secret_argon2, scopes, expires_at, revoked_at) on oauth_client to crossclaim_worker;
grant update (revoked_at) on oauth_client_key to crossclaim_worker;
grant update (retired_at) on token_key to crossclaim_worker;
grant update (ended_at) on person_role to crossclaim_worker;
