#!/bin/sh
# build.sh PROGRAM FOLDER: the program as one stripped file and as a .deb, in FOLDER. Called by
# `make package`. The same program gives the same bytes: times are those of the last commit.
set -eu
cd "$(dirname "$0")/../.."
program=${1:?usage: tools/package/build.sh PROGRAM FOLDER}
folder=${2:?usage: tools/package/build.sh PROGRAM FOLDER}
python=$(tools/python.sh)
version=$("$program" --version | sed -n 's/^sampan \([0-9.]*\).*/\1/p')
arch=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1763942400)}
export SOURCE_DATE_EPOCH

mkdir -p "$folder"
root=$folder/root
rm -rf "$root"
install -d "$root/DEBIAN" "$root/usr/bin" "$root/usr/sbin" "$root/usr/share/doc/sampan" "$root/usr/share/man/man1" \
    "$root/lib/systemd/system"
strip --strip-unneeded -o "$folder/sampan" "$program"
install -m 755 "$folder/sampan" "$root/usr/bin/sampan"
install -m 755 tools/package/sampan-site "$root/usr/sbin/"
install -m 644 tools/package/sampan.service "$root/lib/systemd/system/"
install -m 644 docs/operations.md docs/commands.md CHANGELOG.md "$root/usr/share/doc/sampan/"
install -m 644 LICENSE "$root/usr/share/doc/sampan/copyright"
"$python" -B tools/package/manual.py docs/commands.md "$version" |
    gzip -9n >"$root/usr/share/man/man1/sampan.1.gz"
for script in postinst prerm postrm; do
    install -m 755 "tools/package/$script" "$root/DEBIAN/"
done

# What it links, with the least versions that have the symbols it uses.
mkdir -p "$folder/debian"
printf 'Source: sampan\n\nPackage: sampan\nArchitecture: any\n' >"$folder/debian/control"
depends=$(cd "$folder" && dpkg-shlibdeps -O --ignore-missing-info -e sampan 2>/dev/null |
    sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || {
    echo "package: dpkg-shlibdeps names no library"
    exit 1
}
cat >"$root/DEBIAN/control" <<END
Package: sampan
Version: $version
Architecture: $arch
Maintainer: Sampan maintainers <maintainers@sampan.invalid>
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Depends: $depends
Section: education
Priority: optional
Description: training in cross-border e-commerce
 A market of firms that students lead, with order data, duties and taxes as
 they are, and the site on which a college, its enterprises and their people
 meet. One program with all its pages; it asks no other host.
END
rm -rf "$folder/debian"
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
deb=$folder/sampan_${version}_$arch.deb
dpkg-deb --root-owner-group --build "$root" "$deb" >"$folder/dpkg-deb.log"
rm -rf "$root"
echo "package: $folder/sampan ($(du -k "$folder/sampan" | cut -f1) KiB, runs alone where its libraries are)"
echo "package: $deb ($(du -k "$deb" | cut -f1) KiB)"
