"""The steps of .ci/run add up, and a step that breaks is not overlooked."""
import os
import subprocess
import sys

import house


def ending_of(*steps):
    """The last line and the status of a script of these steps."""
    script = ". tools/steps.sh\n" + "\n".join(steps) + "\nsteps_end\n"
    done = subprocess.run(
        ["bash", "-uo", "pipefail", "-c", script], cwd=house.ROOT, capture_output=True, text=True
    )
    return done.stdout.splitlines()[-1], done.returncode


def sums_are_added():
    one = "step one echo '3 passed, 0 failed'"
    house.expect_equal(ending_of(one, one), ("6 passed, 0 failed", 0))


def a_step_without_a_sum_adds_nothing():
    house.expect_equal(
        ending_of("step one echo ready", "step two echo '3 passed, 0 failed'"),
        ("3 passed, 0 failed", 0),
    )


def planted_failures_count():
    good = "step good echo '3 passed, 0 failed'"
    bad = "step bad sh -c \"echo '1 passed, 2 failed'; exit 1\""
    house.expect_equal(ending_of(good, bad), ("4 passed, 2 failed", 1))
    house.expect_equal(ending_of(good, "step bad false"), ("3 passed, 1 failed", 1))
    late = "step bad sh -c \"echo '3 passed, 0 failed'; exit 7\""
    house.expect_equal(ending_of(good, late), ("6 passed, 1 failed", 1))


def nothing_at_all_is_a_failure():
    house.expect_equal(ending_of(), ("0 passed, 0 failed", 1))


def test_lines_of_a_command_are_counted():
    lines = "printf '[ RUN      ] a\\n[       OK ] a\\n[ RUN      ] b\\n[  FAILED  ] b\\n'"
    house.expect_equal(ending_of(f"step one counted one {lines}"), ("1 passed, 1 failed", 1))


def what_ci_must_hold():
    text = house.read(house.ROOT, ".ci/run")
    house.expect("make test" in text, ".ci/run calls make test")
    house.expect(os.access(os.path.join(house.ROOT, ".ci/run"), os.X_OK), ".ci/run can be run")


if __name__ == "__main__":
    sys.exit(
        house.run(
            [
                sums_are_added,
                a_step_without_a_sum_adds_nothing,
                planted_failures_count,
                nothing_at_all_is_a_failure,
                test_lines_of_a_command_are_counted,
                what_ci_must_hold,
            ]
        )
    )
