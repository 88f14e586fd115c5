"""Every header stands alone: compiled by itself, twice included, by gcc and by clang if it is there."""
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import house

FLAGS = ["-std=c17", "-D_GNU_SOURCE", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]
FLAGS += ["-Wshadow", "-Wstrict-prototypes", "-Wmissing-prototypes", "-Wcast-qual", "-Wundef"]
# A header may offer static inline functions that this one unit does not call.
FLAGS += ["-Wno-unused-function", "-Wno-gnu-zero-variadic-macro-arguments"]


def library_flags():
    """Where the libraries' headers lie, for headers of ours that name one of their types."""
    libraries = ["jansson", "libsodium", "zlib", "libzstd"]
    done = subprocess.run(["pkg-config", "--cflags", *libraries], capture_output=True, text=True)
    return done.stdout.split()


def complaints(root, compiler, folder="src"):
    """The headers under `folder` that do not compile alone."""
    flags = [*FLAGS, *library_flags(), "-I" + os.path.join(root, "src")]

    def check(header):
        name = header.removeprefix("src/")
        unit = f'#include "{name}"\n#include "{name}"\nextern int one_declaration;\n'
        done = subprocess.run(
            [compiler, *flags, "-x", "c", "-"], input=unit, capture_output=True, text=True
        )
        return None if done.returncode == 0 else f"{header} ({compiler}): {done.stderr.strip()}"

    headers = house.files(root, folder, (".h",))
    house.expect(headers, "there is no header to look at")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [one for one in pool.map(check, headers) if one]


def with_clang():
    if not shutil.which("clang"):
        raise house.Skip("clang is not installed")
    return "clang"


def every_header_stands_alone_with_gcc():
    house.expect_none(complaints(house.ROOT, "gcc"))


def every_header_stands_alone_with_clang():
    house.expect_none(complaints(house.ROOT, with_clang()))


GUARDED = "#ifndef CORE_A_H\n#define CORE_A_H\n{}\n#endif\n"


def planted(compiler, text):
    with house.Tree({"src/core/a.h": text}) as root:
        return len(complaints(root, compiler))


def planted_headers(compiler):
    house.expect_equal(planted(compiler, GUARDED.format("int core_f(int x);")), 0)
    house.expect_equal(planted(compiler, GUARDED.format("size_t core_f(void);")), 1)  # no stddef.h
    house.expect_equal(planted(compiler, GUARDED.format("int core_f();")), 1)  # old style
    house.expect_equal(planted(compiler, "struct a { int x; };\n"), 1)  # no guard
    house.expect_equal(planted(compiler, GUARDED.format('#include "core/gone.h"')), 1)


def planted_headers_are_found_by_gcc():
    planted_headers("gcc")


def planted_headers_are_found_by_clang():
    planted_headers(with_clang())


if __name__ == "__main__":
    sys.exit(
        house.run(
            [
                every_header_stands_alone_with_gcc,
                every_header_stands_alone_with_clang,
                planted_headers_are_found_by_gcc,
                planted_headers_are_found_by_clang,
            ]
        )
    )
