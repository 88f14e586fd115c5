"""tools/setup.sh installs only what is missing and asks for privilege only then.

It runs with a PATH of stand-ins that write down how they were called.
"""
import os
import re
import shutil
import stat
import subprocess
import sys

import house

SETUP = os.path.join(house.ROOT, "tools", "setup.sh")


def packages(kind):
    """What the script itself names for build or test: the first of each choice."""
    text = house.read(house.ROOT, "tools/setup.sh")
    words = re.search(rf"^{kind}_packages='([^']*)'", text, re.M).group(1).split()
    return [word.split("|")[0] for word in words]


ALL = packages("build")
TEST = packages("test")
TOOLS = ("sh", "tr", "wc", "tail", "mktemp", "rm", "echo")

DPKG = """#!/bin/sh
for last in "$@"; do :; done
case " $INSTALLED " in *" $last "*) printf installed;; *) exit 1;; esac
"""
APT = '#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n[ -z "$APT_FAILS" ] || { echo no network; exit 100; }\n'
SUDO = '#!/bin/sh\necho sudo >>"$CALLS"\nexec "$@"\n'
ID = '#!/bin/sh\necho "$WHO"\n'


def setup(kind, installed, who=0, sudo=False, apt_fails=""):
    """(output, status, calls) of setup.sh on a machine with these packages and this user."""
    programs = {"dpkg-query": DPKG, "apt-get": APT, "id": ID}
    if sudo:
        programs["sudo"] = SUDO
    with house.Tree(programs) as root:
        for name in programs:
            os.chmod(os.path.join(root, name), stat.S_IRWXU)
        for name in TOOLS:
            os.symlink(shutil.which(name), os.path.join(root, name))
        calls = os.path.join(root, "calls")
        open(calls, "w", encoding="utf-8").close()
        done = subprocess.run(
            [os.path.join(root, "sh"), SETUP, kind],
            env={
                "PATH": root,
                "INSTALLED": " ".join(installed),
                "WHO": str(who),
                "CALLS": calls,
                "APT_FAILS": apt_fails,
            },
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        return done.stdout, done.returncode, house.read(root, "calls").splitlines()


def the_lists_name_what_they_must():
    house.expect({"gcc", "meson", "ninja-build", "npm"} <= set(ALL), ALL)
    house.expect({"libcmocka-dev", "chromium"} <= set(TEST) and not set(ALL) & set(TEST), TEST)


def nothing_missing_asks_for_nothing():
    out, status, calls = setup("test", ALL + TEST, who=1000, sudo=True)
    house.expect_equal((status, calls), (0, []))
    house.expect("nothing was installed" in out, out)


def a_demo_needs_no_test_packages():
    house.expect_equal(setup("demo", ALL, who=1000)[1:], (0, []))
    house.expect_equal(setup("build", ALL, who=1000)[1:], (0, []))


def an_alternative_will_do():
    other = [one for one in ALL if one != "pkg-config"] + ["pkgconf"]
    house.expect_equal(setup("demo", other)[1:], (0, []))


def root_installs_only_what_is_missing():
    out, status, calls = setup("test", [one for one in ALL + TEST if one not in ("meson", "clang")])
    house.expect_equal(status, 0)
    house.expect_equal(
        calls,
        ["apt-get update", "apt-get install --yes --no-install-recommends meson clang"],
    )
    house.expect("installed meson clang" in out, out)


def others_go_through_sudo():
    _, status, calls = setup("demo", ALL[:-1], who=1000, sudo=True)
    install = "apt-get install --yes --no-install-recommends " + ALL[-1]
    house.expect_equal((status, calls), (0, ["sudo", "apt-get update", "sudo", install]))


def without_sudo_the_command_is_printed():
    out, status, calls = setup("demo", ALL[:-1], who=1000)
    house.expect_equal((status, calls), (1, []))
    wanted = f"apt-get update && apt-get install --yes --no-install-recommends {ALL[-1]}"
    house.expect(wanted in out, out)


def planted_failure_of_apt_is_told():
    out, status, calls = setup("demo", ALL[:-1], apt_fails="yes")
    house.expect_equal((status, calls), (1, ["apt-get update"]))
    house.expect("no network" in out and "'apt-get update' failed" in out, out)


def an_unknown_word_is_refused():
    house.expect_equal(setup("everything", ALL)[1], 2)


if __name__ == "__main__":
    sys.exit(
        house.run(
            [
                the_lists_name_what_they_must,
                nothing_missing_asks_for_nothing,
                a_demo_needs_no_test_packages,
                an_alternative_will_do,
                root_installs_only_what_is_missing,
                others_go_through_sudo,
                without_sudo_the_command_is_printed,
                planted_failure_of_apt_is_told,
                an_unknown_word_is_refused,
            ]
        )
    )
