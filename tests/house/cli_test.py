"""The built program as a person meets it: words in, text and exit code out."""
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

import house

PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
SCENARIO = os.path.join(house.ROOT, "data", "scenarios", "hidden-shop.json")
PLAIN = {k: v for k, v in os.environ.items() if not k.startswith("LC_") and k != "LANG"}
PLAIN["SAMPAN_DATA"] = os.path.join(house.ROOT, "data")
CHINESE = re.compile("[\u4e00-\u9fff]")


def sampan(*words, env=None, folder=None):
    """Exit code, standard output and standard error."""
    done = subprocess.run(
        [PROGRAM, *words], capture_output=True, text=True, env={**PLAIN, **(env or {})}, cwd=folder
    )
    return done.returncode, done.stdout, done.stderr


def commands():
    _, text, _ = sampan("help")
    return re.findall(r"^  ([a-z]+(?: [a-z]+)?)  ", text, re.M)


def must(words, code, *parts, where="err", env=None):
    got = sampan(*words, env=env)
    text = got[2] if where == "err" else got[1]
    house.expect_equal(got[0], code)
    for part in parts:
        house.expect(part in text, f"{words}: {part!r} is not in {text!r}")


def help_lists_every_command():
    names = commands()
    for name in ("import", "dataset show", "calibrate", "simulate", "explain", "compare", "replay", "orders"):
        house.expect(name in names, f"{name} is not in the help")


def every_command_has_its_own_help_in_both_languages():
    for name in commands():
        code, english, _ = sampan("help", *name.split())
        house.expect_equal(code, 0)
        house.expect(f"Usage: sampan {name}" in english, name)
        house.expect(not CHINESE.search(english), f"{name}: Chinese in English help")
        house.expect_equal(sampan(*name.split(), "--help")[:2], (0, english))
        code, chinese, _ = sampan("help", *name.split(), "--lang", "zh")
        house.expect_equal(code, 0)
        lines = [one for one in chinese.splitlines() if one.strip()]
        untold = [one for one in lines if not CHINESE.search(one)]
        house.expect_none([f"{name}: not in Chinese: {one}" for one in untold])


def the_manual_tells_every_command_and_option():
    manual = house.read(house.ROOT, "docs/commands.md")
    told = {}
    for part in manual.split("\n## `")[1:]:
        head = re.match(r"([a-z]+(?: [a-z]+)?)", part).group(1)
        told[head.strip()] = dict(re.findall(r"^\| `(--[a-z0-9-]+)[^|]*\| (.*) \|$", part, re.M))
    house.expect_equal(sorted(told), sorted(commands()))
    for name, options in told.items():
        out = sampan("help", *name.split())[1]
        listed = dict(re.findall(r"^  (--[a-z0-9-]+) .*?  +(.*)$", out, re.M))
        listed = {k: v for k, v in listed.items() if k not in ("--lang", "--help")}
        house.expect_equal((name, sorted(options)), (name, sorted(listed)))
        for option, meaning in options.items():
            must = "(required)" in listed[option]
            house.expect_equal((option, meaning.endswith("; required")), (option, must))


def no_command_is_help_and_a_usage_error():
    code, out, err = sampan()
    house.expect_equal((code, out), (2, ""))
    house.expect("Usage: sampan" in err, err)


def language_comes_from_the_option_or_the_environment():
    zh = sampan("help", "--lang", "zh")[1]
    house.expect(CHINESE.search(zh), zh)
    house.expect_equal(sampan("--lang", "zh", "help")[1], zh)
    house.expect_equal(sampan("--lang=zh")[2], zh)
    house.expect_equal(sampan("help", env={"LANG": "zh_CN.UTF-8"})[1], zh)
    house.expect_equal(sampan("help", env={"LC_ALL": "zh_CN", "LANG": "en_GB"})[1], zh)
    house.expect_equal(sampan("help", env={"LC_ALL": "C", "LANG": "zh_CN"})[1], sampan("help")[1])
    house.expect_equal(
        sampan("help", "--lang", "en", env={"LANG": "zh_CN"})[1], sampan("help")[1]
    )
    house.expect(CHINESE.search(sampan("simulat", "--lang", "zh")[2]), "an error in Chinese")


def version_names_program_and_engine():
    for words in (["version"], ["--version"]):
        code, out, _ = sampan(*words)
        house.expect_equal(code, 0)
        house.expect(re.fullmatch(r"sampan \d+\.\d+\.\d+, engine \d+\n", out), out)


def unknown_words_name_the_nearest():
    must(["simulat"], 2, "'simulat'", "'simulate'")
    must(["dataset", "shw"], 2, "'dataset shw'", "'dataset show'")
    must(["dataset"], 2, "'dataset'", "dataset show")
    must(["help", "explian"], 2, "'explain'")
    must(["simulate", "x", "--sed", "1"], 2, "'--sed'", "'--seed'", "help simulate")
    must(["calibrate", "x", "--ou=y"], 2, "'--ou'", "'--out'")


def usage_is_checked_before_anything_happens():
    must(["calibrate"], 2, "DATASET", "help calibrate")
    must(["calibrate", "x"], 2, "--out")
    must(["calibrate", "x", "--out"], 2, "--out")
    must(["calibrate", "x", "y", "--out", "z"], 2, "y")
    must(["calibrate", "x", "--out", "z", "--out", "y"], 2, "--out")
    must(["calibrate", "x", "--out", ""], 2, "--out")
    must(["calibrate", "x", "--out", "z", "--until", "2026-02-30"], 2, "--until", "2026-02-30")
    new = ["simulate", "x", "--seed", "s", "--out", "y"]
    must([*new, "--rounds", "many"], 2, "--rounds", "many")
    must([*new, "--rounds", "0"], 2, "--rounds", "1 ... 208")
    must([*new, "--firms", "25"], 2, "--firms", "1 ... 24")
    must(["simulate", "x", "--out", "y"], 2, "--seed")
    must(["simulate", "--seed", "s", "--out", "y"], 2, "SCENARIO")
    must(["simulate", "x", "--fork", "3", "--out", "y"], 2, "--from")
    must(["simulate", "--from", "x", "--out", "y"], 2, "--fork")
    must(["simulate", "--from", "x", "--fork", "3", "--seed", "s", "--out", "y"], 2, "--seed")
    must(["explain", "x", "--firm", "G1", "--listing", "l", "--day", "3"], 2, "--firm", "G1")
    must(["explain", "x", "--firm", "F0", "--listing", "l", "--day", "3"], 2, "--firm", "F0")
    must(["explain", "x", "--firm", "1", "--listing", "l", "--day", "-3"], 2, "--day")
    must(["explain", "x", "--firm", "F1"], 2, "--listing")
    must(["explain", "x", "--firm", "F1", "--listing", "l"], 2, "--day")
    must(["explain", "x", "--firm", "F1", "--what", "landed"], 2, "--listing")
    must(["explain", "x", "--firm", "F1", "--what", "luck"], 2, "--what", "luck", "profit")
    must(["compare", "x", "y"], 2, "--firm")
    must(["compare", "x", "F1", "G2"], 2, "G2")
    must(["compare", "x"], 2, "RUN FIRM FIRM | RUN RUN")
    must(["orders", "x", "--format", "ebay"], 2, "--format", "ebay", "tidy, shopify, amazon")
    must(["help", "--lang", "fr"], 2, "--lang", "fr")
    must(["version", "--help=yes"], 2, "--help")
    must(["version", "now"], 2, "now")


def what_is_not_there_fails_with_one():
    must(["scenario", "check", "nowhere.json"], 1, "nowhere.json")
    must(["scenario", "check", "--", "--nowhere"], 1, "--nowhere")
    must(["dataset", "show", "nowhere"], 1, "nowhere")
    must(["replay", "nowhere"], 1, "nowhere")


def a_full_device_is_a_failure():
    if not os.path.exists("/dev/full"):
        raise house.Skip("there is no /dev/full")
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([PROGRAM, "help"], stdout=full, stderr=subprocess.PIPE, env=PLAIN)
    house.expect_equal(done.returncode, 1)


def scenarios_are_read_aloud():
    must(["scenario", "check", SCENARIO], 0, "It can be played.", "invented", where="out")
    code, out, _ = sampan("scenario", "show", SCENARIO)
    house.expect_equal(code, 0)
    house.expect(re.search(r"^demand\.lambda +0\.6 +default; Bijmolt", out, re.M), out)
    house.expect(re.search(r"^0 of \d+ parameters estimated, ", out, re.M), out)


def quotes_give_the_models_vectors():
    # market-model section 6: payable 201; five equal shirts of one class pay EUR 3 once.
    words = ["quote", "--market", "AU", "--hs6", "420292", "--value", "1200", "--freight", "150"]
    words += ["--mode", "freight", "--date", "2026-11-24"]
    must(words, 0, "payable: 201.00 AUD", where="out")
    words = ["quote", "--market", "DE", "--hs6", "420292", "--value", "50", "--units", "5"]
    must([*words, "--date", "2026-07-01"], 0, "duty: 3.00 EUR", where="out")
    must([*words, "--date", "2026-06-30"], 0, "duty: 0.00 EUR", where="out")
    must(["quote", "--market", "de", "--hs6", "420292", "--value", "1"], 2, "--market")
    must(["quote", "--market", "DE", "--hs6", "4202", "--value", "1"], 2, "--hs6")
    must(["quote", "--market", "DE", "--hs6", "420292", "--value", "1,5"], 2, "--value")
    must(["quote", "--market", "DE", "--hs6", "010121", "--value", "900", "--mode", "freight"], 1)


def play(folder, name, *more):
    run = os.path.join(folder, name)
    words = ["simulate", SCENARIO, "--seed", "cli", "--rounds", "2", "--out", run, *more]
    code, out, err = sampan(*words)
    house.expect_equal((code, err if code else ""), (0, ""))
    return run, out


def a_run_is_played_explained_replayed_and_forked():
    with tempfile.TemporaryDirectory(prefix="sampan-cli-") as folder:
        run, out = play(folder, "run")
        house.expect("invented" in out, out)
        must(["replay", run], 0, where="out")
        must(
            ["explain", run, "--firm", "F1", "--listing", "phone-pouch/GB", "--day", "9"],
            0,
            where="out",
        )
        for firm, listing, day in (("F1", "phone/GB", "9"), ("F9", "phone-pouch/GB", "9")):
            must(["explain", run, "--firm", firm, "--listing", listing, "--day", day], 1)
        must(["explain", run, "--firm", "F1", "--listing", "phone-pouch/GB", "--day", "28"], 1)
        for what in ("profit", "score", "service", "stock"):
            must(["explain", run, "--firm", "F2", "--what", what], 0, "irm 2 ", where="out")
        must(["explain", run, "--firm", "F1", "--what", "profit", "--round", "3"], 1, "--round")
        must(
            ["explain", run, "--firm", "F1", "--what", "landed", "--listing", "phone-pouch/GB"],
            0,
            "break-even price",
            where="out",
        )
        must(["simulate", SCENARIO, "--seed", "cli", "--rounds", "2", "--out", run], 1, run)
        fork = os.path.join(folder, "fork")
        must(
            ["simulate", "--from", run, "--fork", "1", "--rounds", "2", "--out", fork],
            0,
            where="out",
        )
        must(["replay", fork], 0, where="out")
        must(["compare", run, "F1", "F2"], 0, "what mattered most", "together", where="out")
        must(["compare", run, "F1", "F9"], 1, "F9"[1:])
        must(["compare", run, fork, "--firm", "F1"], 0, "No difference", where="out")


def decisions_are_refused_with_their_file_and_field():
    with tempfile.TemporaryDirectory(prefix="sampan-cli-") as folder:
        decisions = os.path.join(folder, "decisions")
        listing = '{"product": "phone-pouch", "market": "GB", "channel": "shop", "price": "-1"}'
        bad = '{"listings": [' + listing + "]}"
        os.makedirs(os.path.join(decisions, "round-01"))
        path = os.path.join(decisions, "round-01", "firm-01.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(bad)
        run = os.path.join(folder, "run")
        words = ["simulate", SCENARIO, "--seed", "s", "--rounds", "1", "--out", run]
        code, _, err = sampan(*words, "--decisions", decisions)
        house.expect_equal(code, 1)
        house.expect("firm-01.json: listings[0].price: -1" in err, err)
        house.expect(not os.path.exists(run), "a refused run left its folder")


def orders_of_a_run_can_be_imported():
    with tempfile.TemporaryDirectory(prefix="sampan-cli-") as folder:
        run, _ = play(folder, "run")
        for form in ("tidy", "shopify", "amazon"):
            file = os.path.join(folder, form + ".csv")
            must(["orders", run, "--format", form, "--firm", "F1", "--out", file], 0, where="out")
            dataset = os.path.join(folder, form)
            must(["import", file, "--into", dataset], 0, where="out")
            must(["dataset", "show", dataset], 0, where="out")
            must(["import", file, "--into", dataset], 1, dataset)
        code, rows, report = sampan("orders", run, "--format", "tidy", "--firm", "F1")
        house.expect_equal(code, 0)
        with open(os.path.join(folder, "tidy.csv"), encoding="utf-8", newline="") as file:
            house.expect_equal(rows, file.read())
        house.expect(report, "with rows on standard output the report goes to standard error")


def an_interrupt_leaves_nothing_behind():
    with tempfile.TemporaryDirectory(prefix="sampan-cli-") as folder:
        run = os.path.join(folder, "run")
        words = ["simulate", SCENARIO, "--seed", "s", "--worlds", "4096", "--out", run]
        with subprocess.Popen(
            [PROGRAM, *words], env=PLAIN, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            # Something is written beside first; then it is interrupted.
            for _ in range(600):
                if os.listdir(folder) or process.poll() is not None:
                    break
                time.sleep(0.1)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate()
        house.expect_equal(process.returncode, 1)
        house.expect("Stopped at your request" in err, err)
        house.expect(not os.path.exists(run), "an interrupted run left its folder")


if __name__ == "__main__":
    if not PROGRAM:
        print("usage: cli_test.py PROGRAM", file=sys.stderr)
        sys.exit(2)
    sys.exit(
        house.run(
            [
                help_lists_every_command,
                every_command_has_its_own_help_in_both_languages,
                the_manual_tells_every_command_and_option,
                no_command_is_help_and_a_usage_error,
                language_comes_from_the_option_or_the_environment,
                version_names_program_and_engine,
                unknown_words_name_the_nearest,
                usage_is_checked_before_anything_happens,
                what_is_not_there_fails_with_one,
                a_full_device_is_a_failure,
                scenarios_are_read_aloud,
                quotes_give_the_models_vectors,
                a_run_is_played_explained_replayed_and_forked,
                decisions_are_refused_with_their_file_and_field,
                orders_of_a_run_can_be_imported,
                an_interrupt_leaves_nothing_behind,
            ]
        )
    )
