#!/bin/sh
# demo.sh PROGRAM: from an order file to a played market, in ./demo. Called by `make demo`.
#
# The order file is made by `sampan orders` from a hidden world, so it is shaped like a real one and
# invented, and says so. Everything below demo/ is made anew each time; the same program gives the
# same bytes. LANG=zh_CN (or LANG=zh) tells it in Chinese. At last the site is served, as
# tools/demo_serve.sh says (LAN=1, PORT=8081), but not when DEMO_SERVE=0.
set -eu
cd "$(dirname "$0")/.."

sampan=${1:?usage: tools/demo.sh PROGRAM}
case "${LC_ALL:-${LC_MESSAGES:-${LANG:-en}}}" in
zh*) lang=zh ;;
*) lang=en ;;
esac
say() { # English, Chinese
    if [ $lang = zh ]; then echo "$2"; else echo "$1"; fi
}

start=$(date +%s)
mark=demo/made-by-make-demo
if [ -e demo ] && [ ! -e "$mark" ]; then
    say "demo: the folder demo is not ours; move it away first." "demo：demo 文件夹不是本命令生成的，请先移走。"
    exit 1
fi
rm -rf demo
mkdir demo
: >"$mark"
threads=$(nproc 2>/dev/null || echo 1)

# Runs one step; its whole report goes to demo/NAME.txt, its progress to the terminal.
step() { # name, then the command's words
    name=$1
    shift
    if ! "$sampan" "$@" --lang $lang >"demo/$name.txt"; then
        say "demo: '$name' did not succeed: sampan $*" "demo：“$name”未成功：sampan $*"
        exit 1
    fi
}

say "1/6  A hidden world is played for a year; it stands for an enterprise." \
    "1/6  推演一个隐藏的世界，为期一年；它代表一家企业。"
step hidden simulate data/scenarios/hidden-shop.json --seed "hidden" --threads "$threads" \
    --out demo/hidden
say "2/6  Its first firm's sales become a Shopify order file (invented, and it says so)." \
    "2/6  第一家企业的销售写成 Shopify 订单文件（虚构，并注明虚构）。"
step orders orders demo/hidden --format shopify --firm F1 --out demo/orders-shopify.csv
sed 's/^/     /' demo/orders.txt
say "3/6  The order file is imported: checked, masked, counted." \
    "3/6  导入订单文件：检查、脱敏、计数。"
step import import demo/orders-shopify.csv --into demo/dataset
grep -v '^ *$' demo/import.txt | sed -n '2p;4p' | sed 's/^/     /'
say "4/6  The data set becomes a scenario." "4/6  由数据集得到场景。"
step calibrate calibrate demo/dataset --out demo/scenario.json
grep -v '^ *$' demo/calibrate.txt | sed -n '1p;$p' | sed 's/^/     /'
say "5/6  Twelve firms play it for twelve rounds." "5/6  十二家企业推演十二个回合。"
step run simulate demo/scenario.json --seed "demo" --firms 12 --rounds 12 --threads "$threads" \
    --out demo/run
say "6/6  Twelve firms sell phone accessories from Shenzhen in two markets, at level 2." \
    "6/6  十二家企业从深圳销售手机配件，进入两个市场（二级）。"
step accessories simulate data/scenarios/accessories.json --seed "demo" --threads "$threads" \
    --score-seeds 16 --out demo/accessories
echo
cat demo/run.txt
echo
cat demo/accessories.txt

# What to try next, with names that exist in this run.
decided=demo/run/decisions/round-07/firm-02.json
listing=$(sed -n 's/.*"product": *"\([^"]*\)", *"market": *"\([^"]*\)", *"channel": *"\([^"]*\)".*/\1\/\2\/\3/p' \
    demo/run/decisions/round-01/firm-02.json | head -n 1)
price=$(sed -n 's/.*"price": *"\([^"]*\)".*/\1/p' "$decided" | head -n 1)
dearer=$(awk -v price="${price:-10}" 'BEGIN { printf "%.2f", price * 1.25 }')
echo
say "Try next (paste a block):" "接下来可以试试（整段粘贴）："
echo
say "  # Why did firm 2 sell what it sold on day 90?" "  # 企业 2 在第 90 天为什么卖出这些？"
echo "  $sampan explain demo/run --firm F2 --listing $listing --day 90"
say "  # From round 7 on, firm 2 asks $dearer where it asked $price: another future of the same run" \
    "  # 从第 7 回合起，企业 2 把售价从 $price 提到 $dearer：同一次推演的另一种未来"
echo "  mkdir -p demo/mine/round-07"
echo "  sed '0,/\"price\": *\"$price\"/s//\"price\":\"$dearer\"/' $decided > demo/mine/round-07/firm-02.json"
echo "  $sampan simulate --fork 6 --from demo/run --decisions demo/mine --out demo/what-if"
echo "  $sampan compare demo/run demo/what-if --firm F2"
say "  # What mattered most between two sellers of phone accessories? And what became of firm 2's money in round 5?" \
    "  # 两家手机配件卖家之间最重要的差别是什么？企业 2 第 5 回合的钱去了哪里？"
echo "  $sampan compare demo/accessories F1 F2"
echo "  $sampan explain demo/accessories --firm F2 --what profit --round 5"
say "  # Is the record sound? Play it again and compare every byte." \
    "  # 记录可靠吗？重新推演并逐字节比较。"
echo "  $sampan replay demo/run"
say "  # The same market in small: Germany alone, three products" \
    "  # 同一市场的小规模版本：只有德国，三种商品"
echo "  $sampan simulate data/scenarios/accessories.json --level 1 --seed demo --out demo/level-1"
say "  # What does the scenario know, and what did it have to assume?" \
    "  # 场景里哪些是估计出来的，哪些只能假设？"
echo "  $sampan scenario show demo/scenario.json"
echo
say "Done in $(($(date +%s) - start)) s. Everything lies in demo/; docs/demo-tour.md walks through it." \
    "用时 $(($(date +%s) - start)) 秒。全部内容在 demo/；docs/demo-tour.md 带您逐步看。"

if [ "${DEMO_SERVE:-1}" = 0 ]; then
    exit 0
fi
echo
exec tools/demo_serve.sh "$sampan" demo
