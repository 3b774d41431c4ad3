# shellcheck shell=bash disable=SC2034,SC2154
# Jobs beside Celery with redis, and beside the hand-written loop of two
# statements a job (claim2.sql): no-op jobs from their order to their end.
# Sourced by run.

our_database() { echo "host=$run/sock user=comptoir dbname=comptoir"; }
our_sql() { psql -qXAt "$(our_database)" -v ON_ERROR_STOP=1 -c "$1"; }

# Orders of so many producers, each in a transaction of its own, to the end of
# the last: jobs a second go to the list OUT.
our_jobs() { # out, producers
    DATABASE_URL=$(our_database) "$B/dev/job_order" noop inline "${BENCH_JOBS:-5000}" "$2" |
        sed -n 's|.*ended in .* s, \([0-9]*\)/s|\1|p' >>"$work/$1"
}

celery_jobs() { # out
    (cd "$peers" && PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 - "${BENCH_JOBS:-5000}" <<'PY') >>"$work/$1"
import sys, time
sys.path.insert(0, "app")
import config, redis, tasks
n, results = int(sys.argv[1]), redis.from_url(config.CELERY_RESULT_BACKEND)
results.flushdb()
since = time.time()
for i in range(n):
    tasks.noop.delay(i)
while results.dbsize() < n:
    time.sleep(0.005)
print(f"{n / (time.time() - since):.0f}")
PY
}

# The hand-written loop ends jobs only; nobody puts them in line meanwhile.
loop_jobs() { # out, clients
    local at=(-h "$PEERS_RUN/pgs" -p 35432 -U postgres)
    cat >"$work/claim2.sql" <<'SQL'
UPDATE jobs SET status='running',started_at=now() WHERE id=(SELECT id FROM jobs WHERE status='queued' ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id \gset
UPDATE jobs SET status='done',done_at=now(),result='{}' WHERE id=:id;
SQL
    psql -qX "${at[@]}" -d peers -c 'TRUNCATE jobs' \
        -c "INSERT INTO jobs (kind) SELECT 'noop' FROM generate_series(1, 100000)" -c 'VACUUM ANALYZE jobs' -c CHECKPOINT
    pgbench -n "${at[@]}" -M prepared -c "$2" -j 2 -T "$secs" -f "$work/claim2.sql" peers 2>/dev/null |
        sed -n 's/^tps = \([0-9]*\).*/\1/p' >>"$work/$1"
}

part_jobs() {
    local i
    fresh a b c d e
    our_jobs warm 2
    for ((i = 0; i < reps; i++)); do
        our_jobs a 1
        our_jobs b 4
        [ -n "$has_peers" ] || continue
        celery_jobs c
        loop_jobs d 4
        loop_jobs e 1
    done
    bench jobs_end_to_end_1_producer /s "$(median <"$work/a")" "$(median <"$work/c")" "$(median <"$work/e")"
    bench jobs_end_to_end_4_producers /s "$(median <"$work/b")" "$(median <"$work/c")" "$(median <"$work/d")"
    part_queue
}

# 100,000 jobs in line, of a thousand owners, then of one: how long a claim of
# WORKER_BATCH takes, and what the worker's memory does while it does them all.
claim_times() { # label
    echo "SELECT count(*) FROM job_claim('inline', NULL, 100, 'user:' || (random() * 1000)::integer, 'bench', 600);" >"$work/claim.sql"
    our_sql 'VACUUM ANALYZE job'
    (cd "$work" && PGOPTIONS='-c role=comptoir_worker' pgbench -n -h "$run/sock" -U comptoir -M prepared -c 1 -t 200 \
        -f claim.sql -l --log-prefix=claims comptoir >/dev/null 2>&1)
    cut -d' ' -f3 "$work"/claims.* | sort -n | awk -v what="$1" '{t[NR] = $1 / 1000} END {
        printf "bench claim_of_100_%s n=%d p50=%.1fms p99=%.1fms most=%.1fms\n", what, NR, t[int(NR / 2)], t[int(NR * 0.99)], t[NR]}'
    rm -f "$work"/claims.*
    our_sql "UPDATE job SET state = 'ready', lease_token = NULL, lease_until = NULL, attempt = 0 WHERE state = 'running'"
}
worker_kib() { # the largest resident set of its processes
    local pid
    for pid in $(pgrep -f "^$work/tree/bin/comptoir-worker"); do
        awk '/^VmRSS/ {print $2}' "/proc/$pid/status" 2>/dev/null || true
    done | sort -n | tail -1
}
part_queue() {
    local first most=0 kib
    comptoir stop --only worker >&2
    our_sql "TRUNCATE job; INSERT INTO job (lane, kind, owner) SELECT 'inline', 'noop', 'user:1' FROM generate_series(1, 100000)"
    claim_times one_owner
    our_sql "TRUNCATE job; INSERT INTO job (lane, kind, owner) SELECT 'inline', 'noop', 'user:' || i % 1000 FROM generate_series(1, 100000) AS i"
    claim_times 1000_owners
    comptoir start --only worker >&2
    until [ "$(our_sql 'SELECT count(*) FROM job')" -lt 95000 ]; do sleep 0.1; done
    first=$(worker_kib)
    until [ "$(our_sql 'SELECT count(*) FROM job')" = 0 ]; do
        kib=$(worker_kib)
        most=$((kib > most ? kib : most))
        sleep 0.5
    done
    echo "bench worker_memory_100000_jobs at_5_percent=${first}kB most=${most}kB"
}
