#!/bin/sh
# run.sh FOLDER TEST.cjs [ARG...]: run a browser test with its packages in FOLDER/npm, fetched by
# their lock when they are not there. Where they cannot be fetched, or Chromium is missing, the test
# says so and is skipped; with SAMPAN_REQUIRE_BROWSER=1 that is a failure.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
test=$2
shift 2
mkdir -p "$folder/npm"

fetch() {
    cmp -s "$here/package-lock.json" "$folder/npm/fetched-lock.json" && return
    cp "$here/package.json" "$here/package-lock.json" "$folder/npm/"
    (cd "$folder/npm" && npm ci --prefer-offline --ignore-scripts --no-audit --no-fund \
        --loglevel=error) >&2 || return
    cp "$here/package-lock.json" "$folder/npm/fetched-lock.json"
}

# Tests run side by side; one of them fetches.
exec 9>"$folder/npm.lock"
flock 9
if ! fetch; then
    echo "[==========] Running 1 test(s)."
    echo "[ RUN      ] $test"
    echo "the packages of tests/web/package.json could not be fetched"
    if [ -n "${SAMPAN_REQUIRE_BROWSER:-}" ]; then
        echo "[  FAILED  ] $test"
        exit 1
    fi
    echo "[  SKIPPED ] $test"
    echo "[==========] 1 test(s) run."
    exit 0
fi
exec 9>&-
NODE_PATH="$folder/npm/node_modules" exec node "$here/$test" "$@"
