# shellcheck shell=bash disable=SC2034,SC2154
# What every measure needs: a desk of ours, the rivals, figures. Sourced by
# run, which has set top, here, B, secs and reps.
work=$(mktemp -d /tmp/bench-XXXXXX)
chmod 755 "$work"
run=$work/run peers=$work/peers
export PEERS_RUN=$work/peers-run
say() { printf '%s\n' "$*" >&2; }

# shellcheck disable=SC2317 # called by the trap
finish() {
    [ ! -x "$work/tree/spawn/comptoir" ] || comptoir stop >&2 || true
    [ ! -s "$PEERS_RUN/pids" ] || "$peers/down" >&2 || true
    rm -rf "$work"
}
trap finish EXIT
comptoir() {
    COMPTOIR_HOME=$work/tree COMPTOIR_RUN=$run "$work/tree/spawn/comptoir" "$@"
}

# ---- figures ----------------------------------------------------------------
median() { sort -g | awk '{v[NR] = $1} END {if (NR) print v[int((NR + 1) / 2)]}'; }
ratio() { # a, b: "-" when one is missing
    awk -v a="${1:--}" -v b="${2:--}" 'BEGIN {
        if (a == "-" || b == "-" || b + 0 == 0) print "-"
        else printf "%.2f\n", a / b}'
}
bench() { # name, unit, ours, rival, limit
    echo "bench $1 ours=${3:--}$2 rival=${4:--}${4:+$2} limit=${5:--}${5:+$2}" \
        "ours/rival=$(ratio "${3:-}" "${4:-}")" \
        "ours/limit=$(ratio "${3:-}" "${5:-}")"
}
fresh() { # empties lists of figures
    local list
    for list; do
        : >"$work/$list"
        : >"$work/$list.cpu"
        : >"$work/$list.p99"
    done
}
now_ms() { echo $(($(date +%s%N) / 1000000)); }

# Milliseconds of CPU of a process, its children and those it has buried.
cpu_ms() { # pid
    local pid=$1 child ticks
    ticks=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null |
        awk '{n = $12 + $13 + $14 + $15} END {print n + 0}')
    for child in $(cat "/proc/$pid/task/"*/children 2>/dev/null); do
        ticks=$((ticks + $(cpu_ms "$child") / 10))
    done
    echo $((ticks * 10))
}
pss_kib() { awk '/^Pss:/ {print $2}' "/proc/$1/smaps_rollup"; }

# A turn of wrk: requests a second go to the list OUT, CPU milliseconds a
# request of the processes below the pids to OUT.cpu, the 99th percentile of
# latency in milliseconds to OUT.p99. An answer that failed
# ends the run. CPU is the steadier figure on a busy machine.
wrk_turn() { # out, pids, clients, script, url
    local pid out before=0 after=0
    for pid in $2; do before=$((before + $(cpu_ms "$pid"))); done
    out=$(wrk -t$(($3 > 1 ? 2 : 1)) -c"$3" -d"${secs}s" --timeout 20s -s "$4" "$5" | tail -1)
    for pid in $2; do after=$((after + $(cpu_ms "$pid"))); done
    read -r rate failures requests p99 <<<"$out"
    [ "$failures" = 0 ] || {
        say "$5: $failures requests failed"
        exit 1
    }
    echo "$rate" >>"$work/$1"
    echo "${p99:-0}" >>"$work/$1.p99"
    awk -v ms=$((after - before)) -v n="$requests" \
        'BEGIN {printf "%.4f\n", ms / n}' >>"$work/$1.cpu"
}
# Pids of ours: nginx and a family; of theirs: nginx and a program.
our_pids() { echo "$(cat "$run/nginx/nginx.pid") $(cut -d' ' -f1 "$run/pid/$1")"; }
their_pids() { tr -s '\n' ' ' <"$PEERS_RUN/nginx.pid"; tr -s '\n' ' ' <"$PEERS_RUN/$1.pid"; }

# ---- ours -------------------------------------------------------------------
start_ours() {
    local ports
    make -s -j2 B="$B" PREFIX="$work/tree" all install samples >/dev/null
    ports=$(python3 -c 'import sys; sys.path.insert(0, "tests/lib")
import desk; print(*desk.free_ports(2))')
    mkdir "$run"
    awk -F'\t' -v OFS='\t' '$2 ~ /^[0-9]+$/ {$2 = 1000000} {print}' \
        "$work/tree/share/limits.tsv" >"$work/limits.tsv"
    key=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
    (umask 077 && cat >"$run/comptoir.env") <<EOF
ENV=dev
COMPTOIR_HOME=$work/tree
API_KEY=$key
JWT_SECRET_KEY=bench:$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
PASSWORD_PEPPER=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
HTTPS_PORT=${ports% *}
HTTP_PORT=${ports#* }
FORCE_HTTPS=false
LIMITS_NGINX=off
LIMITS_FILE=$work/limits.tsv
EOF
    comptoir start >&2
    ours=http://localhost:${ports#* }
}

# ---- theirs -----------------------------------------------------------------
has_peers=
start_peers() {
    if [ ! -x ../shared/peers/setup ]; then
        say "../shared/peers is not here: only ours is measured"
        return
    fi
    cp -R ../shared/peers "$peers"
    chmod -R u+w "$peers"
    say "rivals: installing and starting"
    "$peers/setup" >"$work/setup.log" 2>&1 || {
        tail -5 "$work/setup.log" >&2
        exit 1
    }
    "$peers/up" >&2 || {
        tail -3 "$PEERS_RUN"/log/*.log >&2
        exit 1
    }
    has_peers=1
}
