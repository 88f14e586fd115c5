#!/bin/sh
# format.sh [--check]: let clang-format 14 (Debian 12's) lay out every C file; with --check change
# nothing, print a test line for each folder, and fail if a file is laid out otherwise.
set -eu
cd "$(dirname "$0")/.."
formatter=clang-format-14
command -v $formatter >/dev/null 2>&1 || formatter=clang-format
case "$($formatter --version)" in
*'version 14.'*) ;;
*)
    echo "format: version 14 is needed; others lay out the same file otherwise" >&2
    exit 1
    ;;
esac

if [ "${1:-}" != --check ]; then
    find src tests tools bench -name '*.[ch]' -print0 | xargs -0 -r $formatter -i
    exit 0
fi
bad=0
for folder in src tests tools bench; do
    echo "[ RUN      ] the form of the C files in $folder"
    wrong=$(find $folder -name '*.[ch]' -print0 |
        xargs -0 -r $formatter --dry-run -ferror-limit=1 2>&1 | grep 'warning:' | cut -d: -f1,2 | sort -u -t: -k1,1)
    if [ -z "$wrong" ]; then
        echo "[       OK ] the form of the C files in $folder"
    else
        echo "$wrong" | sed 's/$/: not as clang-format lays it out (make format)/'
        echo "[  FAILED  ] the form of the C files in $folder"
        bad=1
    fi
done
exit $bad
