# shellcheck shell=bash
# Sourced by the scripts that run many steps: each step prints one line, a failed one also the end of what it said,
# and the rest still runs.

gates_logs=.build/logs
gates_failed=()
mkdir -p "$gates_logs"

# gate NAME COMMAND…: runs the command with its output in .build/logs/NAME.log
gate() {
    local name=$1 log=$gates_logs/$1.log began=$SECONDS
    shift
    if "$@" >"$log" 2>&1 </dev/null; then
        printf 'ok      %-12s %4d s\n' "$name" $((SECONDS - began))
    else
        printf 'FAILED  %-12s %4d s  %s\n' "$name" $((SECONDS - began)) "$log"
        tail -n 60 "$log" | sed 's/^/    /'
        gates_failed+=("$name")
    fi
}

# end_to_end PRESET: real clients through the program of that preset
end_to_end() {
    local program
    program=$(scripts/build "$1") || return
    COSDIAG=$program tests/e2e/run
}

# gates_end: the summary; its status is that of the script
gates_end() {
    if ((${#gates_failed[@]})); then
        echo "failed after $SECONDS s: ${gates_failed[*]}"
        return 1
    fi
    echo "all good after $SECONDS s"
}
