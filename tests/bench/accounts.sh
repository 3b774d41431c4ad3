# shellcheck shell=bash disable=SC2154
# The measures of accounts: an authenticated request against the rivals' and
# the hand-written minimum, and what a flood of logins costs everybody else.

# A user of ours who signed up: prints the desk's own token.
bench_token() {
    curl -s -H 'Content-Type: application/json' \
        -d "{\"email\":\"bench-$RANDOM-$RANDOM@example.org\",\"password\":\"a horse on a battery\"}" \
        "$ours/api/auth/register" |
        sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p'
}

# The rivals' user and token; their sign-up answers the same to both names.
peer_token() {
    local peer=http://127.0.0.1:38080
    curl -s -o /dev/null -H 'Content-Type: application/json' \
        -d '{"email":"bench@example.com","password":"correct horse battery"}' \
        $peer/api/auth/register
    curl -s -d 'username=bench@example.com&password=correct+horse+battery' \
        $peer/api/auth/login |
        sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p'
}

postgres_of() { head -1 "$1/postmaster.pid"; }

# Everything that works on a request: nginx, responders, PostgreSQL, memcached.
our_me_pids() {
    our_pids account
    postgres_of "$run/pg/data"
    cut -d' ' -f1 "$run/pid/memcached"
}
their_me_pids() { # program; c_full4 counts in memcached, uvicorn in redis
    their_pids "$1"
    echo
    postgres_of "$PEERS_RUN/pg"
    sed -n '2,3p' "$PEERS_RUN/pids"
}

me_turn() { # out, pids, clients, url, token
    BENCH_TOKEN=$5 wrk_turn "$1" "$2" "$3" "$here/get.lua" "$4"
}

part_me() {
    local i c mine theirs='' peer=http://127.0.0.1:38080
    mine=$(bench_token)
    [ -z "$has_peers" ] || theirs=$(peer_token)
    for c in 1 16 64; do
        fresh a b c
        for ((i = 0; i < reps; i++)); do
            me_turn a "$(our_me_pids)" "$c" "$ours/api/auth/me" "$mine"
            [ -n "$has_peers" ] || continue
            me_turn b "$(their_me_pids uvicorn)" "$c" $peer/api/auth/me_rl "$theirs"
            me_turn c "$(their_me_pids c_full4)" "$c" $peer/c_full4 "$theirs"
        done
        bench "me_c$c" /s "$(median <"$work/a")" "$(median <"$work/b")" \
            "$(median <"$work/c")"
        bench "me_c${c}_cpu" ms "$(median <"$work/a.cpu")" \
            "$(median <"$work/b.cpu")" "$(median <"$work/c.cpu")"
        bench "me_c${c}_p99" ms "$(median <"$work/a.p99")" \
            "$(median <"$work/b.p99")" "$(median <"$work/c.p99")"
    done
}

# 16 clients that sign in without a pause until killed.
flood_logins() { # seconds
    local body='{"email":"nobody@example.org","password":"not the right one"}'
    local i end=$((SECONDS + $1))
    for ((i = 0; i < 16; i++)); do
        while [ $SECONDS -lt $end ]; do
            curl -s -o /dev/null -H 'Content-Type: application/json' \
                -d "$body" "$ours/api/auth/login"
        done &
    done
    wait
}

part_logins() {
    local i c mine flood
    mine=$(bench_token)
    for c in 1 16; do
        fresh a b
        for ((i = 0; i < reps; i++)); do
            me_turn a "$(our_me_pids)" "$c" "$ours/api/auth/me" "$mine"
            flood_logins $((secs + 3)) &
            flood=$!
            sleep 1
            me_turn b "$(our_me_pids)" "$c" "$ours/api/auth/me" "$mine"
            wait $flood
        done
        bench "me_c${c}_quiet_then_16_logins" /s "$(median <"$work/b")" \
            "$(median <"$work/a")"
        bench "me_c${c}_p99_16_logins_then_quiet" ms \
            "$(median <"$work/b.p99")" "$(median <"$work/a.p99")"
    done
}
