#!/bin/sh
# run_tests.sh test|clang: run every test of that build folder and sum up. The last line is
# "N passed, N failed"; the status is 0 only if none failed. SAMPAN_SOAK=1 gives the tests more time.
set -eu
cd "$(dirname "$0")/.."
folder=build-$1
log=$folder/meson-logs/testlog.json
start=$(date +%s)

# Meson's own verdict is not asked: the summariser reads what each program said, and the list of
# the programs that should have spoken.
rm -f "$log"
UBSAN_OPTIONS=${UBSAN_OPTIONS:-halt_on_error=1:abort_on_error=1:print_summary=1:print_stacktrace=1}
export UBSAN_OPTIONS
timeouts=1
[ "${SAMPAN_SOAK:-0}" = 1 ] && timeouts=12
meson test -C "$folder" --no-rebuild --timeout-multiplier "$timeouts" >"$folder/tests.log" 2>&1 || true
echo "tests: every program of $folder in $(($(date +%s) - start)) s; their words are in $folder/meson-logs/testlog.txt"
exec "$(tools/python.sh)" tools/summary.py "$folder"
