#!/bin/sh
# npm.sh PACKAGE.JSON LOCK FOLDER FILE...: fetch the locked packages into FOLDER/npm and copy the
# FILEs of node_modules beside it, with the terms they come under in licences.txt. Meson runs it when the lock changes and keeps what it made; npm's
# own cache serves a second build folder without the network.
set -eu
package=$1
lock=$2
folder=$3
shift 3
here=$folder/npm
mkdir -p "$here"
cp "$package" "$here/package.json"
cp "$lock" "$here/package-lock.json"
if ! (cd "$here" && npm ci --prefer-offline --ignore-scripts --no-audit --no-fund --loglevel=error) \
    >"$folder/npm.log" 2>&1; then
    tail -n 5 "$folder/npm.log" >&2
    echo "npm: the charts' packages could not be fetched; the first build needs the network" >&2
    exit 1
fi
for file in "$@"; do
    cp "$here/node_modules/$file" "$folder/"
done
for file in "$here"/node_modules/*/LICENSE* "$here"/node_modules/*/NOTICE*; do
    [ -f "$file" ] || continue
    printf '==== %s\n\n' "${file#"$here/node_modules/"}"
    cat "$file"
    echo
done >"$folder/licences.txt"
