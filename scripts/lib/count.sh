# Runs the steps of a test run and counts, truthfully, what passed and failed in each. Sourced.
PASSED=0
FAILED=0
SKIPPED=0
FLAKY=0
BROKEN=()
LOGS=$(mktemp -d "${TMPDIR:-/tmp}/convene-test.XXXXXX")

add() {
    PASSED=$((PASSED + $1))
    FAILED=$((FAILED + $2))
    SKIPPED=$((SKIPPED + ${3:-0}))
    printf -- '-- %s: %s passed, %s failed\n' "$STEP" "$1" "$2"
}

# sum PATTERN FILE: the sum of the numbers that a pattern with one group finds.
sum() {
    sed -E 's/\x1b\[[0-9;]*m//g' "$2" | { grep -oE "$1" || true; } | { grep -oE '[0-9]+' || true; } | awk '{ n += $1 } END { print n + 0 }'
}

# step NAME COUNTER COMMAND...: the counter reads the output; a step that failed without a failed test counts as one failure.
step() {
    local counter=$2 log before=$FAILED status=0 began=$SECONDS
    STEP=$1
    shift 2
    log="$LOGS/${STEP//[^a-z]/-}.log"
    say "$STEP"
    "$@" 2>&1 | tee "$log" || status=$?
    "$counter" "$log" "$status"
    if ((status != 0)); then
        BROKEN+=("$STEP")
        ((FAILED > before)) || { printf -- '-- %s: ended with %s\n' "$STEP" "$status"; FAILED=$((FAILED + 1)); }
    fi
    printf -- '-- %s took %s s\n' "$STEP" "$((SECONDS - began))"
}

# A step that is one check: formatting, lints, a build.
as_one() { if (($2 == 0)); then add 1 0; fi; }

# "Summary [ 1.2s] 12 tests run: 10 passed (1 slow, 2 flaky), 1 failed, 1 timed out, 0 skipped"; a flaky one is among the passed.
as_nextest() {
    local line
    line=$(sed -E 's/\x1b\[[0-9;]*m//g' "$1" | { grep -E '^ +Summary \[' || true; } | tail -1)
    printf '%s\n' "$line" >"$1.summary"
    add "$(sum '[0-9]+ passed' "$1.summary")" "$(sum '[0-9]+ (failed|timed out|exec failed)' "$1.summary")" \
        "$(sum '[0-9]+ skipped' "$1.summary")"
    FLAKY=$((FLAKY + $(sum '[0-9]+ flaky' "$1.summary")))
    [[ -n $line ]] || { printf 'no summary line was found\n'; FAILED=$((FAILED + 1)); }
}

# "test result: ok. 4 passed; 0 failed; 0 ignored; …", once for each executable.
as_cargo_test() {
    add "$(sum '^test result: .* [0-9]+ passed' "$1")" "$(sum '; [0-9]+ failed' "$1")" "$(sum '; [0-9]+ ignored' "$1")"
    grep -q 'test result: ' "$1" || { printf 'no result line was found\n'; FAILED=$((FAILED + 1)); }
}

# The browser runner's last line: "browser: 12 passed, 0 failed, 0 skipped".
as_browser() {
    { grep -E '^browser: ' "$1" || true; } | tail -1 >"$1.summary"
    add "$(sum '[0-9]+ passed' "$1.summary")" "$(sum '[0-9]+ failed' "$1.summary")" "$(sum '[0-9]+ skipped' "$1.summary")"
    [[ -s $1.summary ]] || { printf 'no summary line was found\n'; FAILED=$((FAILED + 1)); }
}

# The closing line, and whether all is well.
conclude() {
    rm -rf "$LOGS"
    ((SKIPPED == 0)) || printf '\n%s skipped\n' "$SKIPPED"
    ((FLAKY == 0)) || printf '\n%s passed only when tried again\n' "$FLAKY"
    ((${#BROKEN[@]} == 0)) || printf '\nfailed: %s\n' "${BROKEN[*]}"
    printf '\n%s passed, %s failed\n' "$PASSED" "$FAILED"
    ((FAILED == 0 && ${#BROKEN[@]} == 0))
}
