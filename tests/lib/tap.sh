# shellcheck shell=bash
# TAP for tests written in bash: source it, call ok and is, end with tap_done.
tap_count=0 tap_failed=0

# ok STATUS NAME: passes when STATUS is 0.
ok() {
    tap_count=$((tap_count + 1))
    if [ "$1" = 0 ]; then
        echo "ok $tap_count - $2"
    else
        tap_failed=$((tap_failed + 1))
        echo "not ok $tap_count - $2"
    fi
}

# is GOT WANT NAME
is() {
    if [ "$1" = "$2" ]; then ok 0 "$3"; else
        ok 1 "$3"
        printf '%s\n' "got:  $1" "want: $2" | sed 's/^/# /'
    fi
}

# none TEXT NAME: passes when TEXT is empty, else shows its first lines.
none() {
    if [ -z "$1" ]; then ok 0 "$2"; else
        ok 1 "$2"
        printf '%s\n' "$1" | head -30 | sed 's/^/# /'
    fi
}

# skip NAME WHY
skip() {
    tap_count=$((tap_count + 1))
    echo "ok $tap_count - $1 # SKIP $2"
}

skip_all() {
    echo "1..0 # SKIP $*"
    exit 0
}

tap_done() {
    echo "1..$tap_count"
    exit $((tap_failed > 0))
}
