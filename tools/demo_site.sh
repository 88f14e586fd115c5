#!/bin/sh
# demo_site.sh PROGRAM FOLDER [LANG [fixed]]: a site to look at in FOLDER/site, made by the commands users
# have: a college, one invented person for each role, and the runs of FOLDER that were played
# (run, accessories). Passwords stand in FOLDER/passwords.txt, a line a person, "number role
# password": random, or, when "fixed", one that everyone knows: only for a site on loopback. They
# need not be changed at the first sign-in.
set -eu
sampan=${1:?usage: tools/demo_site.sh PROGRAM FOLDER [LANG [fixed]]}
folder=${2:?usage: tools/demo_site.sh PROGRAM FOLDER [LANG]}
lang=${3:-en}
passwords=${4:-random}
site=$folder/site
college=demo-college

umask 077
rm -rf "$site"
: >"$folder/passwords.txt"
"$sampan" organisation add $college --data "$site" --kind college --name-en "Demonstration College" \
    --name-zh "示范学院" --invented --lang "$lang" >/dev/null

# number, role, invented name
while read -r number role name; do
    password=sampan-demo-2026
    [ "$passwords" = fixed ] || password=$(od -An -N9 -tx1 /dev/urandom | tr -d ' \n')
    printf '%s' "$password" >"$folder/password"
    "$sampan" person add "$number" --data "$site" --organisation $college --name "$name" --role "$role" \
        --password-file "$folder/password" --password-stays --lang "$lang" >/dev/null
    echo "$number $role $password" >>"$folder/passwords.txt"
done <<PEOPLE
s001 student 林小满（虚构）
t001 teacher 陈望舒（虚构）
h001 programme_head 周砚秋（虚构）
d001 dean 沈知远（虚构）
m001 mentor 何青禾（虚构）
e001 manager 方远航（虚构）
r001 researcher 许明澈（虚构）
x001 expert 罗思齐（虚构）
a001 administrator 高守一（虚构）
u001 auditor 韩清和（虚构）
o001 organiser 唐星野（虚构）
PEOPLE
rm -f "$folder/password"

add() { # run folder, English title, Chinese title
    if [ -d "$folder/$1" ]; then
        if [ "$lang" = zh ]; then title=$3; else title=$2; fi
        "$sampan" run add "$folder/$1" --data "$site" --organisation $college --title "$title" \
            --lang "$lang" >/dev/null
    fi
}
add run "A shop, from its order file" "由订单文件得到的店铺"
add accessories "Phone accessories from Shenzhen" "深圳手机配件"
