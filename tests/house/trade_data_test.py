"""The pack of trade rules: columns, words, dates, sizes, and where its figures come from."""
import csv
import datetime
import io
import os
import re
import sys

import house

COLUMNS = (
    "id market kind mode hs6_prefix origin formula base rate amount currency threshold_low "
    "threshold_high rounding rounding_step valid_from valid_to announced_on status confidence "
    "source note"
).split()
WORDS = {
    "kind": {"value", "duty", "charge", "tax", "handling"},
    "mode": {"", "parcel", "freight"},
    "formula": {"rate", "per_line", "per_parcel", "cif", "fob"},
    "base": {"", "value", "value_duty", "value_duty_charges"},
    "rounding": {"", "half_up", "half_even", "down", "up", "floor"},
    "status": {"announced", "in_force", "postponed", "struck_down"},
    "confidence": {"sourced", "secondary", "weak", "conflict", "computed", "assumed"},
}
ROOM = {"id": 47 - 3, "source": 127}  # a group's copy adds "-de" to the id
RULES = os.path.join("data", "trade", "rules.csv")
# Rows of the shipped pack by confidence. A change here is a change of what the pack claims.
COUNTS = {"sourced": 107, "secondary": 2, "weak": 20, "conflict": 12, "computed": 13, "assumed": 50}


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text, otherwise):
    return datetime.date.fromisoformat(text) if text else otherwise


def faults(rows):
    """What is wrong with the rows, as sentences."""
    found, seen = [], set()
    for row in rows:
        name = row["id"]

        def complain(what, name=name):
            found.append(f"{name}: {what}")

        if name in seen:
            complain("stands twice")
        seen.add(name)
        for column, words in WORDS.items():
            if row[column] not in words:
                complain(f"{column} is {row[column]!r}")
        for column, room in ROOM.items():
            if not 1 <= len(row[column].encode()) <= room:
                complain(f"{column} is empty or longer than {room} bytes")
        if not re.fullmatch("[A-Z]{2}", row["market"]):
            complain("market is no two-letter code")
        if not re.fullmatch("([A-Z]{2})?", row["origin"]):
            complain("origin is no two-letter code")
        if not re.fullmatch("[0-9]{0,6}", row["hs6_prefix"]):
            complain("hs6_prefix is not up to six digits")
        if not re.fullmatch(r"([0-9]+(\.[0-9]{1,9})?)?", row["rate"]):
            complain("rate is no decimal fraction of at most nine decimals")
        for column in ("amount", "threshold_low", "threshold_high", "rounding_step"):
            if not re.fullmatch(r"(-?[0-9]+(\.[0-9]{1,3})?)?", row[column]):
                complain(f"{column} is no amount")
            elif row[column] and not re.fullmatch("[A-Z]{3}", row["currency"]):
                complain(f"{column} has no currency")
        if (row["kind"] == "value") != (row["formula"] in ("cif", "fob")):
            complain("formula does not suit the kind")
        if row["formula"] == "rate" and (not row["rate"] or not row["base"]):
            complain("a rate has no rate or base")
        try:
            first = day(row["valid_from"], datetime.date.min)
            if day(row["valid_to"], datetime.date.max) <= first:
                complain("it ends before it begins")
            day(row["announced_on"], None)
        except ValueError:
            complain("a date is not of the form 2026-03-31")
        if row["source"] == "assumed" and row["confidence"] != "assumed":
            complain("it has no source and is not marked assumed")
    return found


def shipped():
    return table(os.path.join(house.ROOT, RULES))


def test_columns_are_those_of_the_readme():
    text = house.read(house.ROOT, RULES)
    house.expect_equal(text.splitlines()[0].split(","), COLUMNS)
    readme = house.read(house.ROOT, "data/trade/README.md")
    house.expect_equal(re.findall(r"^\| ([a-z_0-9]+) \|", readme, re.M)[1:], COLUMNS)


def test_rows_are_well_formed():
    house.expect_none(faults(shipped()))


def test_planted_faults_are_found():
    sound = shipped()[1]
    for column, bad in [
        ("market", "de"), ("kind", "toll"), ("hs6_prefix", "85x"), ("rate", "6.5%"),
        ("rate", "0.0000000001"), ("threshold_high", "1e3"), ("valid_to", "2026-7-1"),
        ("confidence", "certain"), ("source", ""), ("source", "s" * 128), ("currency", ""),
        ("formula", "cif"), ("valid_from", "2027-01-01"),
    ]:
        house.expect_equal(len(faults([dict(sound, **{column: bad})])) > 0, True)
    house.expect_equal(faults([sound, sound]), [f"{sound['id']}: stands twice"])


def test_rows_by_confidence():
    counts = dict.fromkeys(WORDS["confidence"], 0)
    for row in shipped():
        counts[row["confidence"]] += 1
    print("trade rules by confidence: " + ", ".join(f"{n} {w}" for w, n in sorted(counts.items())))
    house.expect_equal(counts, COUNTS)


def test_groups_name_markets_with_a_tax():
    """Every member of a group has a tax row for every day since 2011."""
    taxes = {}
    for row in shipped():
        if row["kind"] == "tax" and not row["mode"]:
            taxes.setdefault(row["market"], []).append(row)
    groups = table(os.path.join(house.ROOT, "data", "trade", "groups.csv"))
    house.expect_equal(len(groups), 27)
    for member in groups:
        covered = datetime.date(2011, 1, 1)
        for row in sorted(taxes[member["member"]], key=lambda row: row["valid_from"]):
            if day(row["valid_from"], datetime.date.min) <= covered:
                covered = max(covered, day(row["valid_to"], datetime.date.max))
        house.expect_equal((member["member"], covered), (member["member"], datetime.date.max))


def shared_data():
    shared = os.environ.get("SAMPAN_SHARED", os.path.join(house.ROOT, "..", "shared"))
    folder = os.path.join(shared, "data")
    if not os.path.isdir(folder):
        if os.environ.get("SAMPAN_REQUIRE_SHARED") == "1":
            raise AssertionError("the shared data are required and are not here")
        raise house.Skip("the shared data are not here")
    return folder


def remembered(folder):
    """Dates, and (market, tariff line, rate), that only the table of unverified facts holds."""
    unverified = house.read(folder, "facts-unverified.csv")
    sourced = ""
    for path in ("tax/de-minimis.csv", "tax/parcel-duty-regimes.csv", "tax/vat-gst-other.csv",
                 "tax/vat-standard-history.csv", "duties/us-additional-tariffs.csv"):
        sourced += house.read(folder, path)
    dates = set(re.findall(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b", unverified))
    dates -= set(re.findall(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b", sourced))
    rates = set()
    for row in csv.DictReader(io.StringIO(unverified)):
        if row["topic"].startswith("uk global tariff"):
            lines = re.findall("[0-9]{6}", row["key"])
            for line, rate in zip(lines, re.findall("[0-9.]+", row["value"])):
                rates.add(("GB", line, float(rate) / 100))
    return dates, rates


def test_nothing_unverified_is_shipped():
    dates, rates = remembered(shared_data())
    house.expect(len(dates) >= 4 and len(rates) == 3, "the table of unverified facts was not read")
    complaints = []
    for row in shipped():
        for column in ("valid_from", "valid_to", "announced_on"):
            if row[column] in dates:
                complaints.append(f"{row['id']}: {column} {row[column]} was only remembered")
        if row["rate"] and (row["market"], row["hs6_prefix"], float(row["rate"])) in rates:
            complaints.append(f"{row['id']}: its rate was only remembered")
    house.expect_none(complaints)


def test_single_rates_are_those_of_the_tables():
    """A duty row that is not assumed equals the one rate its national lines share."""
    lines = table(os.path.join(shared_data(), "duties", "category-duties.csv"))
    known = {}
    for line in lines:
        low, high = line["advalorem_min_pct"], line["advalorem_max_pct"]
        if line["layer"] == "MFN" and low and low == high:
            known[line["category"], line["importer"]] = (line["hs6"], high)
    rates = {}
    for (_, importer), (hs6, rate) in known.items():
        rates.setdefault((importer, hs6), set()).add(float(rate) / 100)
    checked = 0
    for row in shipped():
        if row["kind"] == "duty" and row["hs6_prefix"] and row["confidence"] != "assumed":
            found = re.search(r"under ([0-9]{6}) \(HS 2017\)", row["note"])
            hs6 = found.group(1) if found else row["hs6_prefix"]
            good = any(abs(float(row["rate"]) - rate) < 1e-12
                       for rate in rates.get((row["market"], hs6), ()))
            house.expect(good, f"{row['id']}: {row['rate']} is not in the table")
            checked += 1
    house.expect(checked >= 20, f"only {checked} rows were checked")


if __name__ == "__main__":
    sys.exit(house.run([
        test_columns_are_those_of_the_readme,
        test_rows_are_well_formed,
        test_planted_faults_are_found,
        test_rows_by_confidence,
        test_groups_name_markets_with_a_tax,
        test_nothing_unverified_is_shipped,
        test_single_rates_are_those_of_the_tables,
    ]))
