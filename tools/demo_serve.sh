#!/bin/sh
# demo_serve.sh PROGRAM FOLDER: make the demonstration's site in FOLDER/site (tools/demo_site.sh), say who may
# sign in, and serve it until Ctrl-C or SIGTERM. Called by `make demo`; needs no terminal.
#
#   PORT=8081     another port than 8080
#   LAN=1         for everyone in the network, with fresh random passwords; else on loopback only
set -eu
sampan=${1:?usage: tools/demo_serve.sh PROGRAM FOLDER}
folder=${2:?usage: tools/demo_serve.sh PROGRAM FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
case "${LC_ALL:-${LC_MESSAGES:-${LANG:-en}}}" in
zh*) lang=zh ;;
*) lang=en ;;
esac
say() { # English, Chinese
    if [ $lang = zh ]; then echo "$2"; else echo "$1"; fi
}

address=127.0.0.1
passwords=fixed
if [ "${LAN:-}" = 1 ]; then
    address=0.0.0.0
    passwords=random
fi

say "The site: a college and its runs, all invented, and one person per role." \
    "网站：一所学院及其推演（均为虚构），每种角色一人。"
"$here/demo_site.sh" "$sampan" "$folder" $lang $passwords
echo
say "  Sign in at 'demo-college' with:" "  机构填 demo-college，并使用："
while read -r number role password; do
    printf '  %-6s %-20s %s\n' "$number" "$password" "$role"
done <"$folder/passwords.txt"
echo
if [ $passwords = fixed ]; then
    say "Everyone knows this password: the site is open on this machine only (LAN=1 make demo opens it to a class)." \
        "这个密码人人皆知，网站只对本机开放（LAN=1 make demo 可对课堂开放）。"
fi
say "Ctrl-C ends it. The log is $folder/serve.log." "按 Ctrl-C 结束。日志是 $folder/serve.log。"
exec "$sampan" serve --data "$folder/site" --listen "$address:${PORT:-8080}" --qr --lang $lang \
    2>"$folder/serve.log"
