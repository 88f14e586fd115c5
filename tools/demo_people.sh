#!/bin/sh
# demo_people.sh PROGRAM FOLDER [random]: enter the demonstration's organisations and one person per role
# into a new site, and print their sign-ins, one a line: organisation, number, password, role.
#
# The passwords are known to everyone and only fit for a site on loopback; "random" makes fresh ones.
set -eu
sampan=$1
site=$2
password='sampan-demo-2026'
secret=$(mktemp)
trap 'rm -f "$secret"' EXIT
printf '%s' "$password" >"$secret"

organisation() { # code, kind, names
    "$sampan" organisation add "$1" --data "$site" --kind "$2" --name-zh "$3" --name-en "$4" \
        --invented >/dev/null
}
person() { # organisation, number, name, role
    if [ "${random:-}" = yes ]; then
        said=$("$sampan" person add "$2" --data "$site" --organisation "$1" --name "$3" --role "$4" \
            --password-stays --lang en)
        password=${said##* }
    else
        "$sampan" person add "$2" --data "$site" --organisation "$1" --name "$3" --role "$4" \
            --password-stays --password-file "$secret" >/dev/null
    fi
    printf '%-16s %-8s %-20s %s\n' "$1" "$2" "$password" "$4"
}

random=no
[ "${3:-}" = random ] && random=yes
organisation demo-college college 演示学院 'Demo College'
organisation demo-company enterprise 演示企业 'Demo Company'
person demo-college s001 陈晓 student
person demo-college t001 林岚 teacher
person demo-college h001 周平 programme_head
person demo-college d001 郑远 dean
person demo-college a001 何静 administrator
person demo-college u001 沈明 auditor
person demo-college o001 许航 organiser
person demo-college r001 宋文 researcher
person demo-college e001 孙立 expert
person demo-company m001 高原 manager
person demo-company w001 吴桐 mentor
