# steps.sh, to be sourced by bash: run the steps of a long check and sum up their tests.
#
#   step TITLE COMMAND...   show what it prints and how long it took; add its closing sum,
#                           "N passed, N failed", to the whole. A command that fails without a sum,
#                           or with one of no failures, counts as one failure.
#   counted TITLE COMMAND.. a command that prints test lines and no sum, as a step wants it
#   steps_end               name the steps that failed, print the sum; status 0 if all is well

steps_passed=0
steps_failed=0
steps_broken=()
steps_begin=$SECONDS
steps_log=$(mktemp)
trap 'rm -f "$steps_log"' EXIT

step() {
    local title=$1 start=$SECONDS status sum
    shift
    printf '\n== %s\n' "$title"
    "$@" </dev/null 2>&1 | tee "$steps_log"
    status=${PIPESTATUS[0]}
    sum=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$steps_log" | tail -n 1)
    if [[ $sum =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        steps_passed=$((steps_passed + BASH_REMATCH[1]))
        steps_failed=$((steps_failed + BASH_REMATCH[2]))
    fi
    if [ "$status" -ne 0 ]; then
        steps_broken+=("$title")
        if [[ -z $sum || $sum == *', 0 failed' ]]; then
            steps_failed=$((steps_failed + 1))
        fi
    fi
    printf -- '-- %s: %d s\n' "$title" $((SECONDS - start))
    return "$status"
}

counted() {
    "$(tools/python.sh)" tools/summary.py --run "$@"
}

steps_end() {
    local title
    printf '\n== all: %d s\n' $((SECONDS - steps_begin))
    for title in "${steps_broken[@]}"; do
        echo "FAILED   step: $title"
    done
    echo "$steps_passed passed, $steps_failed failed"
    [ "$steps_failed" -eq 0 ] && [ "$steps_passed" -gt 0 ]
}
