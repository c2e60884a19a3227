#!/bin/sh
# PostgreSQL's image runs this once, on an empty data folder: the role that web, worker and beat sign
# in as. It owns nothing; the first migration grants it the use of each table.
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 \
    --set role="$DATABASE_APP_ROLE" --set password="$DATABASE_APP_PASSWORD" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
SQL
