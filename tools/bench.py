#!/usr/bin/env python3
"""Run programs that measure, show their lines, and count those that fall short of their goal.

    bench.py PROGRAM...

A program prints lines `bench NAME VALUE UNIT goal >=|<= NUMBER ok|short`; other lines are shown and
not counted. A line whose verdict does not agree with its numbers, a program that fails and one that
prints no such line count as short. The last line is the number of lines that fall short.
"""
import os
import re
import subprocess
import sys

NUMBER = r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?"
LINE = re.compile(rf"^bench (\S+) ({NUMBER}) (\S+) goal (>=|<=) ({NUMBER}) (ok|short)$")


def judge(line):
    """None for a line that is no measurement, else (is short, complaint or '')."""
    line = line.rstrip("\n")
    if not line.startswith("bench "):
        return None
    match = LINE.match(line)
    if not match:
        return True, "not of the form `bench NAME VALUE UNIT goal >=|<= NUMBER ok|short`"
    value, relation, goal = float(match.group(2)), match.group(4), float(match.group(5))
    reached = value >= goal if relation == ">=" else value <= goal
    if reached != (match.group(6) == "ok"):
        return True, "the verdict does not agree with the numbers"
    return not reached, ""


def run(program):
    """Run one program, show its lines, return (lines measured, lines short)."""
    lines = short = 0
    with subprocess.Popen(
        [program], stdout=subprocess.PIPE, text=True, errors="replace", stdin=subprocess.DEVNULL
    ) as process:
        for line in process.stdout:
            sys.stdout.write(line)
            sys.stdout.flush()
            verdict = judge(line)
            if verdict:
                lines += 1
                short += verdict[0]
                if verdict[1]:
                    print(f"  ^ {verdict[1]}")
        status = process.wait()
    name = os.path.basename(program)
    if status != 0:
        print(f"{name} ended with status {status}")
        short += 1
    elif lines == 0:
        print(f"{name} measured nothing")
        short += 1
    return lines, short


def main(programs):
    lines = short = 0
    for program in programs:
        measured, fell = run(program)
        lines += measured
        short += fell
    if not programs:
        print("there is nothing to measure")
        short = 1
    print(f"{short} of {lines} lines fall short" if lines else f"{short} fall short", flush=True)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
