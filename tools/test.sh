#!/bin/sh
# test.sh: packages, a build with the sanitizers, every test; the sum is the last line.
set -eu
cd "$(dirname "$0")/.."
tools/setup.sh test
if ! tools/build.sh test; then
    echo "FAILED   (the build): nothing could be tested"
    echo "0 passed, 1 failed"
    exit 1
fi
exec tools/run_tests.sh test
