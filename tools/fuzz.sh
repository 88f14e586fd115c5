#!/bin/sh
# fuzz.sh SECONDS [NAME...]: fuzz every target (or those named), SECONDS in sum, each from its kept
# corpus. Prints lines as cmocka does; a finding is left in build-fuzz/findings/NAME.
# SAMPAN_FUZZ_SEED fixes the search: a run that is asked of a change tries the same inputs each time, so
# that it judges the change and not the day's luck; make fuzz and make soak search anew.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ $# -gt 0 ] && shift

tools/build.sh fuzz fuzz
names=${*:-$(cd build-fuzz/tests/fuzz && for one in *_fuzz; do echo "${one%_fuzz}"; done)}
count=$(echo $names | wc -w)
each=$((seconds / count))
[ "$each" -ge 1 ] || each=1

bad=0
for name in $names; do
    found=build-fuzz/corpus/$name # what grows here is kept between runs of this folder only
    findings=build-fuzz/findings/$name
    log=build-fuzz/fuzz-$name.log
    mkdir -p "$found" "$findings" "tests/fuzz/corpus/$name"
    echo "[ RUN      ] fuzz $name for $each s"
    if "build-fuzz/tests/fuzz/${name}_fuzz" -max_total_time="$each" -timeout=20 -rss_limit_mb=1024 \
        -artifact_prefix="$findings/" -print_final_stats=1 \
        -seed="${SAMPAN_FUZZ_SEED:-0}" \
        "$found" "tests/fuzz/corpus/$name" >"$log" 2>&1; then
        sed -n 's/^stat::number_of_executed_units: */    inputs tried: /p' "$log"
        echo "[       OK ] fuzz $name for $each s"
    else
        grep -E 'ERROR|runtime error|Test unit written|^ +#[0-9]' "$log" | head -n 15 >&2 || true
        echo "    the input is in $findings, the whole text in $log"
        echo "[  FAILED  ] fuzz $name for $each s"
        bad=1
    fi
done
exit $bad
