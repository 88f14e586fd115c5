#!/bin/sh
# make_accessories.sh PROGRAM SHARED: data/scenarios/accessories.json anew: facts from the folder
# SHARED, then balanced at both levels, then its assumptions counted. Minutes; kept in the tree.
set -eu
cd "$(dirname "$0")/.."
sampan=${1:?usage: tools/make_accessories.sh PROGRAM SHARED}
shared=${2:?usage: tools/make_accessories.sh PROGRAM SHARED}
# Beside the file it will become, because the document names ../trade.
raw=data/scenarios/accessories-raw.json
both=data/scenarios/accessories-both.json
trap 'rm -f "$raw" "$both"' EXIT
threads=$(nproc 2>/dev/null || echo 1)
python3 tools/make_accessories.py "$shared" "$raw"
rm -f "$both" data/scenarios/accessories.json
"$sampan" balance "$raw" --threads "$threads" --out "$both"
"$sampan" balance "$both" --level 1 --threads "$threads" --out data/scenarios/accessories.json
python3 tools/make_accessories.py --count data/scenarios/accessories.json
"$sampan" scenario check data/scenarios/accessories.json
