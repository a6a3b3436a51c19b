#!/usr/bin/env bash
# Makes the four roles and the database; the postgres image runs it once, on an empty volume.
# Safe to run again. Reads PG* and CROSSCLAIM_*_PASSWORD.
set -euo pipefail

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
  --set owner="$CROSSCLAIM_OWNER_PASSWORD" --set app="$CROSSCLAIM_APP_PASSWORD" \
  --set worker="$CROSSCLAIM_WORKER_PASSWORD" --set reader="$CROSSCLAIM_READER_PASSWORD" <<'SQL'
SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['crossclaim_owner', 'crossclaim_app', 'crossclaim_worker', 'crossclaim_reader']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE crossclaim_owner  LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'owner';
ALTER ROLE crossclaim_app    LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'app';
ALTER ROLE crossclaim_worker LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'worker';
ALTER ROLE crossclaim_reader LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'reader';
SELECT 'CREATE DATABASE crossclaim OWNER crossclaim_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'crossclaim') \gexec
REVOKE ALL ON DATABASE crossclaim FROM PUBLIC;
GRANT CONNECT ON DATABASE crossclaim TO crossclaim_owner, crossclaim_app, crossclaim_worker, crossclaim_reader;
SQL
