# shellcheck shell=bash
# A private PostgreSQL cluster for one test: source this, call pg_start; it
# sets PGHOST (a socket directory), PGUSER and DATABASE_URL and ends with the
# shell. PostgreSQL refuses to run as root: then the user "nobody" runs it.
PG_BIN=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)

pg_as() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=nobody --regid=nogroup --clear-groups -- "$@"
    else
        "$@"
    fi
}

pg_stop() {
    [ -n "${PG_DIR:-}" ] || return 0
    pg_as "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$PG_DIR"
    PG_DIR=
}

pg_start() {
    PG_DIR=$(mktemp -d "${TMPDIR:-/tmp}/comptoir-pg-XXXXXX")
    trap pg_stop EXIT
    chmod 711 "$PG_DIR"
    mkdir "$PG_DIR/data" "$PG_DIR/sock"
    [ "$(id -u)" != 0 ] || chown nobody:nogroup "$PG_DIR/data" "$PG_DIR/sock"
    (cd "$PG_DIR" && pg_as "$PG_BIN/initdb" -D data -U comptoir -A trust \
        -E UTF8 --locale=C.UTF-8 -N >"$PG_DIR/log" 2>&1) || { cat "$PG_DIR/log" >&2; return 1; }
    pg_run || { cat "$PG_DIR/log" >&2; return 1; }
    export PGHOST=$PG_DIR/sock PGUSER=comptoir PGDATABASE=postgres
    export DATABASE_URL="host=$PGHOST user=comptoir dbname=postgres"
}

# Starts the server of the cluster again (after pg_ctl stop).
pg_run() {
    (cd "$PG_DIR" && pg_as "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -w -t 60 -l "$PG_DIR/sock/log" \
        -o "-c listen_addresses='' -c unix_socket_directories='$PG_DIR/sock' -c fsync=off -c shared_buffers=16MB" \
        start >>"$PG_DIR/sock.out" 2>&1)
}
