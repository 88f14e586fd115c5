#!/bin/sh
# setup.sh build|demo|package|test: make sure that the Debian packages are there, and say what was done.
#
# Looks with dpkg first; only what is missing is installed, and only then is privilege needed: as
# root directly, else through sudo, else the command to run is printed. A demo needs no test tools.
set -eu

# Alternatives of a word are separated by "|": any of them will do, the first is installed. A command
# (command:npm) will do wherever it came from.
build_packages='gcc libc6-dev make pkg-config|pkgconf meson ninja-build python3 libjansson-dev
    libsodium-dev zlib1g-dev libzstd-dev libsqlite3-dev libmicrohttpd-dev libicu-dev
    libcurl4-openssl-dev libqrencode-dev npm|command:npm'
test_packages='libcmocka-dev clang clang-format libclang-rt-14-dev binutils chromium
    fonts-noto-cjk libpq-dev postgresql-15 dpkg-dev nginx-light|nginx'

package_packages='binutils dpkg-dev'

case "${1:-}" in
build | demo) packages=$build_packages ;;
package) packages="$build_packages $package_packages" ;;
test) packages="$build_packages $test_packages" ;;
*)
    echo "usage: tools/setup.sh build|demo|package|test" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "setup: this is not a Debian system; please install by hand what is the like of:"
    echo "   " $packages
    exit 0
fi

# True if the package is installed (not merely known, or removed with its configuration kept).
installed() {
    case "$1" in
    command:*)
        command -v "${1#command:}" >/dev/null 2>&1
        return
        ;;
    esac
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=''
for choice in $packages; do
    found=no
    for package in $(echo "$choice" | tr '|' ' '); do
        if installed "$package"; then
            found=yes
        fi
    done
    if [ $found = no ]; then
        missing="$missing ${choice%%|*}"
    fi
done

if [ -z "$missing" ]; then
    echo "setup: all $(echo $packages | wc -w) packages are there; nothing was installed"
    exit 0
fi

install="apt-get install --yes --no-install-recommends$missing"
if [ "$(id -u)" = 0 ]; then
    as_root=''
elif command -v sudo >/dev/null 2>&1; then
    as_root='sudo'
else
    echo "setup: these packages are missing:$missing"
    echo "setup: please run this as root, then the same make command again:"
    echo "    apt-get update && $install"
    exit 1
fi

echo "setup: installing$missing${as_root:+ (sudo may ask for your password)}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
for command in 'apt-get update' "$install"; do
    if ! $as_root $command >"$log" 2>&1; then
        tail -n 15 "$log"
        echo "setup: '$command' failed; the lines above say why"
        exit 1
    fi
done
echo "setup: installed$missing"
