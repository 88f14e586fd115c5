#!/bin/sh
# soak.sh: everything .ci/run asks, with the large numbers: tests that read SAMPAN_SOAK play many more
# worlds, and long fuzzing. Hours; the last line is the sum.
set -eu
cd "$(dirname "$0")/.."
SAMPAN_SOAK=1
SAMPAN_FUZZ_SECONDS=${SAMPAN_FUZZ_SECONDS:-1800}
export SAMPAN_SOAK SAMPAN_FUZZ_SECONDS
exec .ci/run
