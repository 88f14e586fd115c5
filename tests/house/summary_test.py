"""The summariser counts tests as a careful reader would: planted crashes, failures, skips."""
import contextlib
import io
import json
import os
import sys

import house

sys.path.insert(0, os.path.join(house.ROOT, "tools"))
import summary  # noqa: E402  (its folder is only known now)

GOOD = """[==========] Running 2 test(s).
[ RUN      ] adds
[       OK ] adds
[ RUN      ] divides
[       OK ] divides
[==========] 2 test(s) run.
"""


def counts(program):
    return program.passed, len(program.failed), len(program.skipped)


def log_folder(entries, listed=None):
    """A build folder as Meson leaves it, with these programs in the log and these in the list."""
    log = "".join(json.dumps(entry) + "\n" for entry in entries)
    names = listed or [summary.plain_name(entry["name"]) for entry in entries]
    return house.Tree(
        {
            "meson-logs/testlog.json": log,
            "meson-info/intro-tests.json": json.dumps([{"name": name} for name in names]),
        }
    )


def entry(name, stdout, returncode=0, result="OK", stderr=""):
    return {
        "name": f"sampan:unit / {name}",
        "stdout": stdout,
        "stderr": stderr,
        "returncode": returncode,
        "result": result,
    }


def reported(programs):
    """What the report prints, by lines, and its status."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = summary.report(programs)
    return out.getvalue().splitlines(), status


def counts_tests_not_programs():
    with log_folder([entry("core/a", GOOD), entry("core/b", GOOD)]) as folder:
        lines, status = reported(summary.read_meson(folder))
    house.expect_equal((lines, status), (["4 passed, 0 failed"], 0))


def two_groups_in_one_program():
    house.expect_equal(counts(summary.read_program("x", GOOD + GOOD)), (4, 0, 0))


def planted_failure_is_named_with_its_place():
    stdout = "[==========] Running 2 test(s).\n[ RUN      ] adds\n[  FAILED  ] adds\n"
    stdout += "[ RUN      ] divides\n[       OK ] divides\n[==========] 2 test(s) run.\n"
    stderr = "[  ERROR   ] --- 0x1 != 0x2\n[   LINE   ] --- a.c:9: error: Failure!\n"
    stderr += "[  FAILED  ] 1 test(s), listed below:\n[  FAILED  ] adds\n\n 1 FAILED TEST(S)\n"
    lines, status = reported([summary.read_program("core/a", stdout, 1, stderr=stderr)])
    house.expect_equal(lines[0], "FAILED   core/a: adds")
    house.expect_equal(lines[2].strip(), "[   LINE   ] --- a.c:9: error: Failure!")
    house.expect_equal((lines[-1], status), ("1 passed, 1 failed", 1))


def planted_crash_fails_the_test_and_those_behind_it():
    stdout = "[==========] Running 4 test(s).\n[ RUN      ] a\n[       OK ] a\n[ RUN      ] b\n"
    program = summary.read_program("x", stdout, -6)
    house.expect_equal(counts(program), (1, 3, 0))
    house.expect_equal(program.failed[0], ("b", "killed by signal 6 while it ran"))


def crash_before_the_first_test():
    house.expect_equal(counts(summary.read_program("x", "", -11)), (0, 1, 0))


def time_limit_fails_the_running_test():
    stdout = "[==========] Running 1 test(s).\n[ RUN      ] slow\n"
    program = summary.read_program("x", stdout, -15, timed_out=True)
    house.expect_equal(program.failed, [("slow", "still running at the time limit")])


def time_limit_after_good_tests_fails():
    house.expect_equal(counts(summary.read_program("x", GOOD, -15, timed_out=True)), (2, 1, 0))


def no_test_at_all_is_a_failure():
    house.expect_equal(counts(summary.read_program("x", "hello\n")), (0, 1, 0))
    house.expect_equal(
        counts(summary.read_program("x", "[==========] Running 0 test(s).\n")), (0, 1, 0)
    )
    lines, status = reported([])
    house.expect_equal((lines[-1], status), ("0 passed, 1 failed", 1))


def skips_are_named_with_their_reason_and_counted_once():
    stdout = "[==========] Running 3 test(s).\n[ RUN      ] real\nno shared data here\n"
    stdout += "[  SKIPPED ] real\n[ RUN      ] cut\nno newline[  SKIPPED ] cut\n"
    stdout += "[ RUN      ] mute\n[  SKIPPED ] mute\n[==========] 3 test(s) run.\n"
    stderr = "[  SKIPPED ] 3 test(s), listed below:\n[  SKIPPED ] real\n\n 3 SKIPPED TEST(S)\n"
    lines, _ = reported([summary.read_program("d/x", stdout, 0, stderr=stderr)])
    house.expect_equal(
        lines[:3],
        [
            "skipped  d/x: real: no shared data here",
            "skipped  d/x: cut: no newline",
            "skipped  d/x: mute: no reason given",
        ],
    )


def only_skips_is_no_success():
    stdout = "[ RUN      ] real\nno data\n[  SKIPPED ] real\n"
    lines, status = reported([summary.read_program("x", stdout)])
    house.expect_equal((lines[-1], status), ("0 passed, 1 failed", 1))


def failed_setup_of_a_test():
    stdout = "[==========] Running 2 test(s).\n[ RUN      ] a\n[ RUN      ] b\n[       OK ] b\n"
    program = summary.read_program("x", stdout + "[==========] 2 test(s) run.\n", 1)
    house.expect_equal(counts(program), (1, 1, 0))
    house.expect_equal(program.failed[0][0], "a")


def failed_setup_of_a_group():
    stdout = "[==========] Running 5 test(s).\n[==========] 0 test(s) run.\n"
    house.expect_equal(counts(summary.read_program("x", stdout + GOOD, 1)), (2, 5, 0))


def bad_status_after_good_tests_is_a_failure():
    house.expect_equal(counts(summary.read_program("x", GOOD, 23)), (2, 1, 0))


def a_test_that_quotes_a_result_line_is_not_fooled():
    stdout = "[ RUN      ] reader\n[       OK ] another\n[  FAILED  ] another\n[       OK ] reader\n"
    house.expect_equal(counts(summary.read_program("x", stdout)), (1, 0, 0))


def a_listed_program_that_did_not_run():
    with log_folder([entry("core/a", GOOD)], ["core/a", "core/b"]) as folder:
        lines, status = reported(summary.read_meson(folder))
    house.expect_equal(lines[0], "FAILED   core/b: (the program): it did not run")
    house.expect_equal((lines[-1], status), ("2 passed, 1 failed", 1))


def a_log_that_is_not_there():
    with house.Tree({"meson-info/intro-tests.json": '[{"name": "core/a"}]'}) as folder:
        lines, status = reported(summary.read_meson(folder))
    house.expect_equal((lines[-1], status), ("0 passed, 1 failed", 1))


def a_command_is_shown_and_counted():
    script = "print('[ RUN      ] a\\n[       OK ] a\\n[ RUN      ] b'); raise SystemExit(3)"
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = summary.main(["--run", "planted", sys.executable, "-c", script])
    # The inner lines are this test's object, so they are looked at and not printed again.
    lines = out.getvalue().splitlines()
    house.expect_equal(lines[0], "[ RUN      ] a")
    house.expect_equal((lines[-1], status), ("1 passed, 1 failed", 1))


if __name__ == "__main__":
    sys.exit(
        house.run(
            [
                counts_tests_not_programs,
                two_groups_in_one_program,
                planted_failure_is_named_with_its_place,
                planted_crash_fails_the_test_and_those_behind_it,
                crash_before_the_first_test,
                time_limit_fails_the_running_test,
                time_limit_after_good_tests_fails,
                no_test_at_all_is_a_failure,
                skips_are_named_with_their_reason_and_counted_once,
                only_skips_is_no_success,
                failed_setup_of_a_test,
                failed_setup_of_a_group,
                bad_status_after_good_tests_is_a_failure,
                a_test_that_quotes_a_result_line_is_not_fooled,
                a_listed_program_that_did_not_run,
                a_log_that_is_not_there,
                a_command_is_shown_and_counted,
            ]
        )
    )
