"""The same bytes from gcc and clang, at every optimisation, with one thread and two.

    digest_matrix.py [--quick | --full] [--self-test]

Each digest program is built by the bare compilers, without Meson and its flags but those that fix
the meaning of the arithmetic, from all of src/core and src/engine; each run prints lines, and all
lines of all builds must be equal. Prints test lines; not part of `make test` (minutes of compiling).
--quick builds three far corners, --full all six; --self-test looks whether a planted difference
is found.
"""
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import house

# (program, arguments of its runs); the lines of every run of a program must be equal too.
PROGRAMS = [
    ("tests/core/detmath_digest.c", [[]]),
    ("tests/engine/market/market_digest.c", [["--threads", "1"], ["--threads", "2"]]),
]
QUICK = [("gcc", "-O0"), ("gcc", "-O3 -march=native"), ("clang", "-O2")]
FULL = [
    (compiler, level) for compiler in ("gcc", "clang") for level in ("-O0", "-O2", "-O3 -march=native")
]
SOURCE_FOLDERS = ("src/core", "src/engine")
# As in the root meson.build; without them the standard lets a compiler fuse and regroup.
FLAGS = "-std=c17 -D_GNU_SOURCE -ffp-contract=off -fno-fast-math -fno-strict-aliasing -w"
LIBRARIES = "-ljansson -lsodium -lm -lpthread"


def run(command, what):
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    house.expect(
        done.returncode == 0,
        f"{what} failed with status {done.returncode}: {done.stderr.strip()[-2000:]}",
    )
    return done.stdout


class Corner:
    """One compiler at one level, with the archive of the sources built by it."""

    def __init__(self, root, compiler, level, folder):
        self.root, self.name, self.folder = root, f"{compiler} {level}", folder
        self.command = [compiler, *FLAGS.split(), *level.split(), "-I" + os.path.join(root, "src")]
        self.archive = None

    def build_archive(self):
        if self.archive:
            return
        sources = [one for top in SOURCE_FOLDERS for one in house.files(self.root, top, (".c",))]

        def compile_one(source):
            out = os.path.join(self.folder, source.replace("/", "_") + ".o")
            run([*self.command, "-c", os.path.join(self.root, source), "-o", out], source)
            return out

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            objects = list(pool.map(compile_one, sources))
        self.archive = os.path.join(self.folder, "all.a")
        run(["ar", "rcs", self.archive, *objects], "ar")

    def lines(self, program, runs):
        """What each run of the program prints: [(title, text)]."""
        self.build_archive()
        out = os.path.join(self.folder, os.path.basename(program)[:-2])
        source = os.path.join(self.root, program)
        run([*self.command, source, self.archive, *LIBRARIES.split(), "-o", out], program)
        printed = []
        for arguments in runs:
            text = run([out, *arguments], program)
            house.expect(text.strip(), f"{program} printed nothing")
            printed.append((" ".join([self.name, *arguments]), text))
        return printed


def first_difference(one, other):
    for number, (left, right) in enumerate(zip(one.splitlines(), other.splitlines()), 1):
        if left != right:
            return f"line {number}: {left!r} against {right!r}"
    return "one is longer than the other"


def compare(printed):
    """Complaints about the runs that differ from the first."""
    title, wanted = printed[0]
    return [
        f"{other} differs from {title}: {first_difference(wanted, text)}"
        for other, text in printed[1:]
        if text != wanted
    ]


def check(root, programs, corners):
    """{program: complaints}."""
    result = {}
    with tempfile.TemporaryDirectory(prefix="sampan-matrix-") as top:
        built = []
        for number, (compiler, level) in enumerate(corners):
            folder = os.path.join(top, str(number))
            os.mkdir(folder)
            built.append(Corner(root, compiler, level, folder))
        for program, runs in programs:
            if not os.path.exists(os.path.join(root, program)):
                result[program] = [f"{program} is not there"]
                continue
            try:
                printed = [one for corner in built for one in corner.lines(program, runs)]
                result[program] = compare(printed)
            except AssertionError as error:
                result[program] = [str(error)]
    return result


def tests_of(corners):
    found = check(house.ROOT, PROGRAMS, corners)

    def test_of(program):
        def test():
            house.expect_none(found[program])

        test.__name__ = f"{os.path.basename(program)[:-2]} in {len(corners)} builds"
        return test

    return [test_of(program) for program, _ in PROGRAMS]


HEADER = "#include <stdio.h>\n#include <string.h>\n"
CORNERS = [("gcc", "-O0"), ("gcc", "-O2")]


def planted(body, runs=((),), corners=None):
    text = HEADER + "int main(int count, char **words)\n{\n" + body + "\n    return 0;\n}\n"
    with house.Tree({"tests/a.c": text, "src/core/b.c": "int core_b;\n"}) as root:
        return check(root, [("tests/a.c", [list(one) for one in runs])], corners or CORNERS)["tests/a.c"]


def equal_bytes_pass():
    house.expect_equal(planted('    printf("%d %s\\n", count, words[count] ? "a" : "b");'), [])


def planted_difference_of_optimisation_is_found():
    body = "#ifdef __OPTIMIZE__\n    puts(\"1\");\n#else\n    puts(\"0\");\n#endif"
    found = planted(body)
    house.expect(len(found) == 1 and "gcc -O2 differs from gcc -O0: line 1" in found[0], str(found))


def planted_difference_of_compiler_is_found():
    body = "#ifdef __clang__\n    puts(\"1\");\n#else\n    puts(\"0\");\n#endif"
    house.expect_equal(len(planted(body, corners=[("gcc", "-O2"), ("clang", "-O2")])), 1)


def planted_difference_of_threads_is_found():
    body = '    puts(count > 1 ? words[count - 1] : "");'
    found = planted(body, runs=(("--threads", "1"), ("--threads", "2")))
    house.expect_equal(len(found), 2)


def planted_silence_and_crash_are_found():
    house.expect(planted(""), "a program that prints nothing")
    house.expect(planted('    puts("x"); return 3;'), "a program that fails")
    house.expect(planted("    undeclared();"), "a program that does not link")


def planted_absence_is_found():
    with house.Tree({"src/core/b.c": "int core_b;\n"}) as root:
        house.expect_equal(len(check(root, [("tests/a.c", [[]])], CORNERS)["tests/a.c"]), 1)


if __name__ == "__main__":
    if "--self-test" in sys.argv:
        sys.exit(
            house.run(
                [
                    equal_bytes_pass,
                    planted_difference_of_optimisation_is_found,
                    planted_difference_of_compiler_is_found,
                    planted_difference_of_threads_is_found,
                    planted_silence_and_crash_are_found,
                    planted_absence_is_found,
                ]
            )
        )
    sys.exit(house.run(tests_of(FULL if "--full" in sys.argv else QUICK)))
