#!/bin/bash
# Makes the database and its two roles: one that owns and migrates it, one that the hosts serve with.
# The image of PostgreSQL runs it once, when its volume is empty.
set -euo pipefail
: "${CONVERSATIONS_OWNER_PASSWORD:?}" "${CONVERSATIONS_APP_PASSWORD:?}"

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv owner_password CONVERSATIONS_OWNER_PASSWORD
\getenv app_password CONVERSATIONS_APP_PASSWORD
create role conversations_owner login nosuperuser nocreatedb nocreaterole password :'owner_password';
create role conversations_app login nosuperuser nocreatedb nocreaterole password :'app_password';
create database conversations owner conversations_owner encoding 'UTF8' template template0;
revoke all on database conversations from public;
grant connect on database conversations to conversations_app;
SQL
