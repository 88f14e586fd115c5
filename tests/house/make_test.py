"""The words of the Makefile do as they say, on a small project with planted faults.

The tools are copied beside a one-file project and run as a developer runs them.
"""
import os
import shutil
import subprocess
import sys

import house

MESON = """project('planted', 'c', default_options: ['c_std=c17', 'warning_level=3', 'werror=true'])
if get_option('fuzz')
  add_project_arguments('-fsanitize=fuzzer-no-link', language: 'c')
  subdir('tests/fuzz')
else
  test('planted/planted', executable('planted', 'src/planted.c'), timeout: 20)
endif
"""
MESON_FUZZ = """alias_target('fuzz', executable('planted_fuzz', 'planted_fuzz.c',
  c_args: '-fsanitize=fuzzer', link_args: '-fsanitize=fuzzer'))
"""
PROGRAM = """#include <stdio.h>
#include <stdlib.h>
int main(int count, char **words)
{
    (void)words;
    int *block = malloc(4 * sizeof(int));
    int limit = 2147483646 + count;
    puts("[ RUN      ] first\\n[       OK ] first\\n[ RUN      ] planted");
    fflush(stdout);
    block[count] = limit;
    {BODY}
    printf("%d\\n[       OK ] planted\\n", block[count]);
    {FREE}
    return 0;
}
"""
FUZZ = """#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 && data[0] == 'a' && data[1] == 'b')
        {BODY}
    return 0;
}
"""


def project(body="", free="free(block);", fuzz=""):
    tree = {
        "meson.build": MESON,
        "meson_options.txt": house.read(house.ROOT, "meson_options.txt"),
        "src/planted.c": PROGRAM.replace("{BODY}", body).replace("{FREE}", free),
        "tests/fuzz/planted_fuzz.c": FUZZ.replace("{BODY}", fuzz),
        "tests/fuzz/meson.build": MESON_FUZZ,
        "bench/a.h": "int a;\n",
        "Makefile": house.read(house.ROOT, "Makefile"),
        ".clang-format": house.read(house.ROOT, ".clang-format"),
    }
    for path in house.files(house.ROOT, "tools", (".sh", ".py")):
        tree[path] = house.read(house.ROOT, path)
    # The packages are there, or this test would not run; a copy must not install any.
    tree["tools/setup.sh"] = "#!/bin/sh\n"
    return house.Tree(tree)


def say(root, *command):
    """(lines of standard output, status)."""
    for path in house.files(root, "tools", (".sh", ".py")):
        os.chmod(os.path.join(root, path), 0o755)
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        command,
        cwd=root,
        env={**outside, "BUILD_LOG_LINES": "5"},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout.splitlines(), done.returncode


def make_test(*arguments):
    with project(*arguments) as root:
        lines, status = say(root, "make", "test")
    return lines[-1], status != 0


def a_good_project_passes():
    house.expect_equal(make_test(), ("2 passed, 0 failed", False))


def planted_faults_of_memory_and_arithmetic_fail():
    house.expect_equal(make_test("block[count + 3] = 1;"), ("1 passed, 1 failed", True))
    house.expect_equal(make_test("block[count] = limit + count;"), ("1 passed, 1 failed", True))


def planted_leak_fails_after_good_tests():
    house.expect_equal(make_test("block = NULL; return 0;", ""), ("1 passed, 1 failed", True))


def planted_warning_stops_with_a_sum():
    house.expect_equal(make_test("int unused;"), ("0 passed, 1 failed", True))


def a_mended_project_is_built_again():
    with project("block[count + 3] = 1;") as root:
        house.expect_equal(say(root, "make", "test")[0][-1], "1 passed, 1 failed")
        path = os.path.join(root, "src/planted.c")
        text = house.read(root, "src/planted.c").replace("count + 3", "count")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.utime(path, (4e9, 4e9))
        house.expect_equal(say(root, "make", "test")[0][-1], "2 passed, 0 failed")


def planted_fuzz_finding_is_kept():
    if not shutil.which("clang"):
        raise house.Skip("clang is not installed")
    with project(fuzz="__builtin_trap();") as root:
        lines, status = say(root, "tools/fuzz.sh", "20")
        house.expect(status != 0 and "[  FAILED  ] fuzz planted for 20 s" in lines, str(lines))
        kept = os.listdir(os.path.join(root, "build-fuzz/findings/planted"))
        house.expect(len(kept) == 1, f"findings: {kept}")


def a_sound_target_is_fuzzed():
    if not shutil.which("clang"):
        raise house.Skip("clang is not installed")
    with project(fuzz="return 0;") as root:
        lines, status = say(root, "tools/fuzz.sh", "1")
        house.expect(status == 0 and "[       OK ] fuzz planted for 1 s" in lines, str(lines))
        house.expect(any("inputs tried" in line for line in lines), str(lines))


def planted_form_is_found_and_mended():
    if not shutil.which("clang-format"):
        raise house.Skip("clang-format is not installed")
    with house.Tree(
        {
            ".clang-format": house.read(house.ROOT, ".clang-format"),
            "tools/format.sh": house.read(house.ROOT, "tools/format.sh"),
            "src/a.c": "int  a ;\n",
            "tests/a.c": "int a;\n",
            "bench/a.c": "int a;\n",
        }
    ) as root:
        lines, status = say(root, "tools/format.sh", "--check")
        house.expect(status != 0 and "[  FAILED  ] the form of the C files in src" in lines, str(lines))
        house.expect(any(line.startswith("src/a.c:1:") for line in lines), str(lines))
        house.expect_equal(say(root, "tools/format.sh")[1], 0)
        house.expect_equal(house.read(root, "src/a.c"), "int a;\n")
        house.expect_equal(say(root, "tools/format.sh", "--check")[1], 0)


if __name__ == "__main__":
    sys.exit(
        house.run(
            [
                a_good_project_passes,
                planted_faults_of_memory_and_arithmetic_fail,
                planted_leak_fails_after_good_tests,
                planted_warning_stops_with_a_sum,
                a_mended_project_is_built_again,
                planted_fuzz_finding_is_kept,
                a_sound_target_is_fuzzed,
                planted_form_is_found_and_mended,
            ]
        )
    )
