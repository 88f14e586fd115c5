"""The bench runner believes numbers, not verdicts, and a program that fails is not overlooked."""
import contextlib
import io
import os
import stat
import sys

import house

sys.path.insert(0, os.path.join(house.ROOT, "tools"))
import bench  # noqa: E402  (its folder is only known now)


def lines_are_judged():
    house.expect_equal(bench.judge("bench import 180.5 MB/s goal >= 150 ok\n"), (False, ""))
    house.expect_equal(bench.judge("bench import 120 MB/s goal >= 150 short\n"), (True, ""))
    house.expect_equal(bench.judge("bench memory 2.1e8 B goal <= 2.7e8 ok\n"), (False, ""))
    house.expect_equal(bench.judge("the newline count of wc: 3 GB/s\n"), None)


def a_flattering_verdict_counts_as_short():
    house.expect_equal(bench.judge("bench import 120 MB/s goal >= 150 ok")[0], True)
    house.expect_equal(bench.judge("bench memory 300 MB goal <= 256 ok")[0], True)


def a_line_of_another_form_counts_as_short():
    house.expect_equal(bench.judge("bench import fast goal >= 150 ok")[0], True)
    house.expect_equal(bench.judge("bench import nan MB/s goal >= 150 short")[0], True)


def ending_of(*scripts):
    """The last line and the status of running these shell scripts as programs."""
    contents = {f"p{number}_bench": "#!/bin/sh\n" + text for number, text in enumerate(scripts)}
    with house.Tree(contents) as root:
        programs = [os.path.join(root, name) for name in sorted(contents)]
        for program in programs:
            os.chmod(program, stat.S_IRWXU)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = bench.main(programs)
    return out.getvalue().splitlines()[-1], status


GOOD = "echo bench a 2 x goal '>=' 1 ok\n"


def programs_are_summed():
    short = "echo bench b 2 x goal '>=' 3 short\n"
    house.expect_equal(ending_of(GOOD, GOOD), ("0 of 2 lines fall short", 0))
    house.expect_equal(ending_of(GOOD, GOOD + short), ("1 of 3 lines fall short", 1))


def planted_failures_count():
    house.expect_equal(ending_of(GOOD, GOOD + "exit 3\n"), ("1 of 2 lines fall short", 1))
    house.expect_equal(ending_of("true\n"), ("1 fall short", 1))
    house.expect_equal(ending_of(), ("1 fall short", 1))


if __name__ == "__main__":
    sys.exit(
        house.run(
            [
                lines_are_judged,
                a_flattering_verdict_counts_as_short,
                a_line_of_another_form_counts_as_short,
                programs_are_summed,
                planted_failures_count,
            ]
        )
    )
