#!/usr/bin/env python3
"""Sum up tests by what the programs themselves say.

    summary.py BUILD_FOLDER                  read the log that `meson test` left there
    summary.py --run TITLE COMMAND [ARG...]  run one command, show its words, sum them up

A test is a `[ RUN      ] name` line, closed by `[       OK ]`, `[  FAILED  ]` or `[  SKIPPED ]` of
the same name: what cmocka prints on standard output, and our scripts likewise. Meson counts
programs, and cmocka's closing lines count skips twice, so neither is asked for numbers. Counted as
failed too: a test that began and never closed (a crash, a time limit), a test that was announced
(`[==========] Running 5 test(s).`) and never began, a program that ran none, a program whose status
is bad though its tests were good (a leak found at the end), and a program that Meson lists and the
log does not hold. The reason of a skip is the last thing the test said.

The last line is `N passed, N failed`; the status is 0 only if nothing failed.
"""
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field

MARK = re.compile(r"\[( RUN      |       OK |  FAILED  |  SKIPPED )\] ([^\n]*)")
ANNOUNCED = re.compile(r"\[==========\] Running (\d+) test\(s\)")
# What says most on standard error: cmocka's places, the sanitizers' finding and its frames of ours.
TELLING = re.compile(r"\[ +(?:ERROR|LINE) +\]|.*(?:ERROR: |runtime error: )|\s+#\d+ .*\.[ch]:\d+")
DETAIL_LINES = 12


@dataclass
class Program:
    """The outcome of one program; names are those of its tests."""

    name: str
    passed: int = 0
    failed: list = field(default_factory=list)  # (test, reason)
    skipped: list = field(default_factory=list)  # (test, reason)
    stderr: str = ""


def read_program(name, stdout, status=0, timed_out=False, stderr=""):
    """Count the tests of one program from its standard output and the way it ended."""
    program = Program(name, stderr=stderr)
    announced = 0
    begun = 0
    running = None
    said = ""  # what the running test said last

    def close_unfinished(reason):
        if running is not None:
            program.failed.append((running, reason))

    if timed_out:
        ending = "still running at the time limit"
    elif status < 0:
        ending = f"killed by signal {-status} while it ran"
    else:
        ending = f"began and never ended (the program ended with status {status})"

    for line in stdout.splitlines():
        count = ANNOUNCED.search(line)
        if count:
            announced += int(count.group(1))
        mark = MARK.search(line)
        if not mark:
            if count or line.startswith("[==========]"):
                close_unfinished("its setup or its teardown failed")
                running = None
            elif line.strip():
                said = line.strip()
            continue
        before = line[: mark.start()].strip()
        said = before or said
        kind, test = mark.group(1).strip(), mark.group(2).strip()
        if kind == "RUN":
            close_unfinished("its setup or its teardown failed")
            running, said = test, ""
            begun += 1
        elif test == running:
            if kind == "OK":
                program.passed += 1
            elif kind == "FAILED":
                program.failed.append((test, ""))
            else:
                program.skipped.append((test, said or "no reason given"))
            running = None
    close_unfinished(ending)

    for _ in range(announced - begun):
        program.failed.append(("(a test that never began)", ending if status else ""))
    if begun == 0 and not program.failed:
        program.failed.append(("(the program)", "it ran no test"))
    if timed_out and not program.failed:
        program.failed.append(("(the program)", "still running at the time limit"))
    if status != 0 and not program.failed:
        program.failed.append(("(the program)", f"its tests were good, its status is {status}"))
    return program


def plain_name(log_name):
    """'sampan:unit / core/arena' -> 'core/arena'."""
    return log_name.split(" / ", 1)[-1]


def read_meson(folder):
    """The programs of the last `meson test` in `folder`."""
    programs = []
    try:
        with open(os.path.join(folder, "meson-logs", "testlog.json"), encoding="utf-8") as log:
            entries = [json.loads(line) for line in log if line.strip()]
    except FileNotFoundError:
        entries = []
    for entry in entries:
        programs.append(
            read_program(
                plain_name(entry["name"]),
                entry.get("stdout", ""),
                entry.get("returncode", 0),
                entry.get("result") == "TIMEOUT",
                entry.get("stderr", ""),
            )
        )
    with open(os.path.join(folder, "meson-info", "intro-tests.json"), encoding="utf-8") as listed:
        names = [test["name"] for test in json.load(listed)]
    seen = [program.name for program in programs]
    for name in names:
        if name in seen:
            seen.remove(name)
        else:
            missing = Program(name)
            missing.failed.append(("(the program)", "it did not run"))
            programs.append(missing)
    return programs


def run_command(title, command):
    """Run `command`, show its words as they come, and count the tests in them."""
    words = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, errors="replace", stdin=subprocess.DEVNULL
    ) as process:
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            words.append(line)
        status = process.wait()
    return [read_program(title, "".join(words), status)]


def report(programs):
    """Print skips, failures and the sum; return the exit status."""
    for program in programs:
        for test, reason in program.skipped:
            print(f"skipped  {program.name}: {test}: {reason}")
    for program in programs:
        for test, reason in program.failed:
            print(f"FAILED   {program.name}: {test}" + (f": {reason}" if reason else ""))
        if program.failed:
            lines = [line for line in program.stderr.splitlines() if line.strip()]
            wanted = [line for line in lines if TELLING.match(line)]
            for line in (wanted or lines)[:DETAIL_LINES]:
                print(f"         {line.rstrip()[:200]}")
    passed = sum(program.passed for program in programs)
    failed = sum(len(program.failed) for program in programs)
    if passed + failed == 0:  # a run that tested nothing says nothing good
        print("FAILED   (the whole): no test ran")
        failed = 1
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def main(arguments):
    if len(arguments) >= 3 and arguments[0] == "--run":
        return report(run_command(arguments[1], arguments[2:]))
    if len(arguments) == 1 and not arguments[0].startswith("-"):
        return report(read_meson(arguments[0]))
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
