"""What the house tests share: a runner that speaks as cmocka does, and ways to look at the tree."""
import os
import sys
import tempfile
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Skip(Exception):
    """Raised by a test that cannot run here; its text is the reason."""


def run(tests):
    """Run the functions, print a line for each as cmocka does, return the exit status."""
    print(f"[==========] Running {len(tests)} test(s).", flush=True)
    failed = []
    for test in tests:
        name = test.__name__
        print(f"[ RUN      ] {name}", flush=True)
        try:
            test()
        except Skip as skip:
            print(f"{skip}\n[  SKIPPED ] {name}", flush=True)
        except Exception as error:  # one bad test must not hide the others
            if isinstance(error, AssertionError):
                print(f"[  ERROR   ] {error}", file=sys.stderr, flush=True)
            else:
                print("[  ERROR   ] " + traceback.format_exc(), file=sys.stderr, flush=True)
            print(f"[  FAILED  ] {name}", flush=True)
            failed.append(name)
        else:
            print(f"[       OK ] {name}", flush=True)
    print(f"[==========] {len(tests)} test(s) run.", flush=True)
    return len(failed) > 0


def expect(good, message):
    """Fail the running test with `message` unless `good`."""
    if not good:
        raise AssertionError(message)


def expect_none(complaints):
    """Fail with every complaint on its own line."""
    if complaints:
        raise AssertionError("\n".join(f"[  ERROR   ] {one}" for one in complaints)[13:])


def expect_equal(got, wanted):
    if got != wanted:
        raise AssertionError(f"got {got!r}, wanted {wanted!r}")


def files(root, folder, endings):
    """Paths relative to `root` of the files under `folder` with these endings, sorted."""
    found = []
    for where, folders, names in os.walk(os.path.join(root, folder)):
        folders[:] = [one for one in folders if one != "__pycache__"]
        for name in names:
            if name.endswith(endings):
                found.append(os.path.relpath(os.path.join(where, name), root))
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


class Tree:
    """A small tree of files in a temporary folder, for planted faults: with Tree({...}) as root."""

    def __init__(self, contents):
        self.contents = contents

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="sampan-house-")
        for path, text in self.contents.items():
            full = os.path.join(self.folder.name, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as file:
                file.write(text)
        return self.folder.name

    def __exit__(self, *unused):
        self.folder.cleanup()
