"""The engine is pure: what its archive asks of others is on an allow-list, and it keeps no state.

Every file of src/engine is compiled by gcc at -O2 (so that what the optimiser puts in is seen), and
`nm` tells what the archive leaves undefined and what it keeps in writable memory.
"""
import fnmatch
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import house

FLAGS = ["-std=c17", "-D_GNU_SOURCE", "-O2", "-ffp-contract=off", "-fno-strict-aliasing"]
# Without position independence a constant table of pointers is plainly read-only, not relocated.
FLAGS += ["-fno-pic", "-w"]


def read_list(text):
    """(allowed, refused) patterns."""
    lines = [line.split("#", 1)[0].strip() for line in text.splitlines()]
    return (
        [line for line in lines if line and not line.startswith("!")],
        [line[1:] for line in lines if line.startswith("!")],
    )


ALLOWED, REFUSED = read_list(house.read(house.ROOT, "tests/house/engine_symbols.txt"))


def is_allowed(symbol):
    return any(fnmatch.fnmatchcase(symbol, one) for one in ALLOWED) and not any(
        fnmatch.fnmatchcase(symbol, one) for one in REFUSED
    )


def compile_all(root, sources, include, folder):
    """Object files of the sources, in `folder`."""

    def compile_one(numbered):
        number, source = numbered
        out = os.path.join(folder, f"{number}.o")
        command = ["gcc", *FLAGS, *include, "-c", os.path.join(root, source), "-o", out]
        done = subprocess.run(command, capture_output=True, text=True)
        house.expect(done.returncode == 0, f"{source} does not compile:\n{done.stderr}")
        return out

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(compile_one, enumerate(sources)))


def complaints(root, folder="src/engine", include=None):
    """What the sources under `folder` ask that is not allowed, and the state they keep."""
    sources = house.files(root, folder, (".c",))
    house.expect(sources, f"there is no source file under {folder}")
    include = include or ["-I" + os.path.join(root, "src")]
    defined, wanted, state = set(), {}, []
    with tempfile.TemporaryDirectory(prefix="sampan-symbols-") as objects:
        for source, one in zip(sources, compile_all(root, sources, include, objects)):
            listing = subprocess.run(["nm", "-P", one], capture_output=True, text=True, check=True)
            for line in listing.stdout.splitlines():
                name, kind = line.split()[:2]
                if kind in "Uvw":
                    wanted.setdefault(name, source)
                    continue
                if kind.isupper():
                    defined.add(name)
                if kind in "BbDdCGgSs":
                    state.append(f"{source}: {name} is kept in writable memory; the engine has no globals")
    return state + [
        f"{source}: asks for {name}, which is not in tests/house/engine_symbols.txt"
        for name, source in sorted(wanted.items())
        if name not in defined and not is_allowed(name)
    ]


def the_engine_is_pure():
    house.expect_none(complaints(house.ROOT))


def planted(text, more=None):
    with house.Tree({"src/engine/market/a.c": text, **(more or {})}) as root:
        return complaints(root)


def planted_calls_are_found():
    for header, call, symbol in (
        ("stdlib.h", "return malloc((size_t)x) != 0", "malloc"),
        ("stdlib.h", "free((void *)(size_t)x); return x", "free"),
        ("stdlib.h", "return x + rand()", "rand"),
        ("time.h", "return x + (int)time(0)", "time"),
        ("stdio.h", 'return fopen("a", "r") != 0', "fopen"),
        ("math.h", "return (int)exp(x)", "exp"),
        ("stdlib.h", 'return x + (getenv("A") != 0)', "getenv"),
        ("time.h", "struct timespec t; clock_gettime(0, &t); return (int)t.tv_sec", "clock_gettime"),
    ):
        found = planted(f"#include <{header}>\nint engine_f(int x);\nint engine_f(int x) {{ {call}; }}\n")
        house.expect(
            len(found) == 1 and f"asks for {symbol}," in found[0], f"{symbol}: found {found}"
        )


def planted_state_is_found():
    found = planted("int engine_f(void);\nint engine_f(void) { static int n; return ++n; }\n")
    house.expect(len(found) == 1 and "writable memory" in found[0], str(found))
    found = planted("int engine_table[2] = {1, 2};\n")
    house.expect(len(found) == 1 and "engine_table" in found[0], str(found))


def what_is_pure_passes():
    text = """#include <math.h>
#include <string.h>
static const char *const names[] = {"a", "b"};
double arena_alloc(double);
double engine_g(double x);
double engine_f(double x, const char *text);
double engine_f(double x, const char *text)
{
    return sqrt(x) + (double)strlen(text) + arena_alloc(x) + engine_g(x) + names[(int)x][0];
}
"""
    other = "double engine_g(double x);\ndouble engine_g(double x) { return x * 2; }\n"
    house.expect_equal(planted(text, {"src/engine/supply/g.c": other}), [])


def exceptions_of_the_list_hold():
    house.expect(is_allowed("json_text"), "json_text is of the core")
    house.expect(not is_allowed("json_read_file"), "json_read_file opens a file")
    house.expect(not is_allowed("file_read") and not is_allowed("text_get"), "not for the engine")


if __name__ == "__main__":
    sys.exit(
        house.run(
            [
                the_engine_is_pure,
                planted_calls_are_found,
                planted_state_is_found,
                what_is_pure_passes,
                exceptions_of_the_list_hold,
            ]
        )
    )
