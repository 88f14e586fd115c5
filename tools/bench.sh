#!/bin/sh
# bench.sh [NAME...]: build as released and run every program under bench/ (or those named). The
# last line is the number of measurements that fall short of their goal.
set -eu
cd "$(dirname "$0")/.."
tools/setup.sh build
tools/build.sh release
if [ $# -gt 0 ]; then
    programs=$(for name in "$@"; do echo "build-release/bench/${name}_bench"; done)
else
    programs=$(find build-release/bench -maxdepth 1 -name '*_bench' -type f | sort)
fi
exec "$(tools/python.sh)" tools/bench.py $programs
