#!/bin/sh
# build.sh release|test|clang|fuzz [TARGET...]: configure the build folder of that name once, then
# build in it. Prints one line, and the compiler's own words only if something is wrong.
set -eu
cd "$(dirname "$0")/.."

kind=${1:-}
[ $# -gt 0 ] && shift
case "$kind" in
release) # what is shipped, shown and measured
    compiler=gcc
    options='--buildtype=release -Dtests=disabled'
    ;;
test) # every mistake the sanitizers know stops the program
    compiler=gcc
    options='--buildtype=debugoptimized -Db_sanitize=address,undefined
        -Dc_args=-fno-sanitize-recover=all -Dtests=enabled'
    ;;
clang) # the other compiler's warnings and bytes
    compiler=clang
    options='--buildtype=debugoptimized -Dtests=enabled'
    ;;
fuzz)
    compiler=clang
    options='--buildtype=debugoptimized -Dfuzz=true -Dtests=enabled -Db_lundef=false
        -Db_sanitize=address,undefined -Dc_args=-fno-sanitize-recover=all'
    ;;
*)
    echo "usage: tools/build.sh release|test|clang|fuzz [TARGET...]" >&2
    exit 2
    ;;
esac

folder=build-$kind
start=$(date +%s)
mkdir -p "$folder"
log=$folder/build.log

fail() {
    tail -n "${BUILD_LOG_LINES:-60}" "$log"
    echo "build: $1 failed; the whole text is in $log"
    exit 1
}

# The options a folder was made with are kept beside it: when they change, it is made anew.
wanted=$(echo $compiler $options)
if [ ! -f "$folder/build.ninja" ] || [ "$(cat "$folder/made-with" 2>/dev/null)" != "$wanted" ]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    CC=$compiler meson setup "$folder" $options >"$log" 2>&1 || fail "configuring $folder"
    echo "$wanted" >"$folder/made-with"
fi
ninja -C "$folder" ${NINJA_JOBS:+-j "$NINJA_JOBS"} "$@" >"$log" 2>&1 || fail "compiling in $folder"
echo "build: $folder ($compiler) in $(($(date +%s) - start)) s"
