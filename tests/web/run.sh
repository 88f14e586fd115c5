#!/bin/sh
# run.sh FOLDER TEST.cjs [ARG...]: run a browser test with its packages in FOLDER/npm, fetched by
# their lock when they are not there. Without Debian's Chromium the test says so and is skipped.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
test=$2
shift 2
mkdir -p "$folder/npm"
if ! cmp -s "$here/package-lock.json" "$folder/npm/fetched-lock.json"; then
    cp "$here/package.json" "$here/package-lock.json" "$folder/npm/"
    (cd "$folder/npm" && npm ci --prefer-offline --ignore-scripts --no-audit --no-fund \
        --loglevel=error) >&2
    cp "$here/package-lock.json" "$folder/npm/fetched-lock.json"
fi
NODE_PATH="$folder/npm/node_modules" exec node "$here/$test" "$@"
