# What every script here needs: the repository's root, messages, a scratch folder and a free port. Sourced, not run.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf '\n== %s\n' "$*"; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 2; }

# A TCP port on loopback that nothing listens on, outside the range from which the system takes its own.
free_port() {
    local port
    for _ in $(seq 50); do
        port=$((20000 + RANDOM % 10000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            printf '%s\n' "$port"
            return 0
        fi
    done
    die "no free port found"
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
    local seconds=$1 what=$2 deadline=$((SECONDS + $1))
    shift 2
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || { printf '%s did not come up within %s s\n' "$what" "$seconds" >&2; return 1; }
        sleep 0.2
    done
}

# The folder for build results: as set, else on CI one outside the clone, so that the next clone starts warm.
use_target_folder() {
    if [[ -z ${CARGO_TARGET_DIR:-} && ${CI:-} == true ]]; then
        export CARGO_TARGET_DIR="${XDG_CACHE_HOME:-$HOME/.cache}/convene-target"
    fi
}
