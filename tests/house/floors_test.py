"""The floors hold: who may include whom (src/layers.txt), how includes are written and sorted."""
import os
import re
import sys

import house

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')
CONDITION = re.compile(r"^\s*#\s*if")

# Files whose includes stand in another order, and why.
OTHER_ORDER = {"core/json.c": "some of jansson's macros would rewrite our names"}


class Layers:
    """The rules of src/layers.txt."""

    def __init__(self, text):
        self.allowed = {}  # folder -> folders it may include
        self.rooms = {}  # folder -> {room: height}
        for line in text.splitlines():
            line = line.split("#", 1)[0].strip()
            if not line:
                continue
            left, _, right = line.partition(":")
            words = left.split()
            if words[0] == "rooms":
                heights = {}
                for height, group in enumerate(right.split("<")):
                    for room in group.split(","):
                        heights[room.strip()] = height
                self.rooms[words[1]] = heights
            else:
                self.allowed[words[0]] = right.split()

    def rule_of(self, path):
        """The longest folder of a rule that holds `path`; None if the tree has no place for it."""
        if "/" not in path:
            return "main"
        fitting = [rule for rule in self.allowed if path.startswith(rule + "/")]
        return max(fitting, key=len) if fitting else None

    def complaint(self, path, target):
        """Why the file `path` may not include `target` (both relative to src), or None."""
        rule = self.rule_of(path)
        if rule is None:
            return "this folder stands on no floor; add it to src/layers.txt"
        rooms = self.rooms.get(rule)
        if rooms is not None and target.startswith(rule + "/"):
            own, theirs = path.split("/")[1], target.split("/")[1]
            if own not in rooms:
                return f"the room {own} is not in src/layers.txt"
            if own == theirs:
                return None
            if rooms.get(theirs, 99) >= rooms[own]:
                return f"the room {own} must not see the room {theirs}"
        elif not any(target.startswith(one + "/") for one in self.allowed[rule] + [rule]):
            return f"{rule} must not see {os.path.dirname(target) or target}"
        return self.private_room(target, path)

    def private_room(self, target, path):
        """Rooms are seen from outside only through their one public header."""
        for folder, rooms in self.rooms.items():
            parts = target.split("/")
            if target.startswith(folder + "/") and parts[1] in rooms:
                room = f"{folder}/{parts[1]}/"
                if not path.startswith(room) and target != f"{room}{parts[1]}.h":
                    return f"another room is seen only through {room}{parts[1]}.h"
        return None


def includes(text):
    """(line number, '<' or '"', name) of each include of headers, and those before any #if."""
    found, plain, guarded = [], [], False
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if CONDITION.match(line):
            # An include guard is no condition: #ifndef X followed by #define X.
            behind = lines[number] if number < len(lines) else ""
            guarded = guarded or not re.match(r"\s*#\s*define\s+\w+_H\b", behind)
        match = INCLUDE.match(line)
        if match:
            one = (number, match.group(1), match.group(2))
            found.append(one)
            if match.group(2).endswith(".h") and not guarded:
                plain.append(one)
    return found, plain


def order_complaints(path, plain, own_exists):
    """The order is: own header, system headers, ours; sorted in each part."""
    own = os.path.splitext(path)[0] + ".h"
    wanted = []
    if path.endswith(".c"):
        first = plain[0][2] if plain and plain[0][1] == '"' else ""
        if own_exists:
            wanted.append(('"', own))
        elif first and os.path.dirname(first) == os.path.dirname(path):
            # One header may be kept by several files; it then counts as the own one of each.
            wanted.append(('"', first))
    rest = [(kind, name) for _, kind, name in plain if (kind, name) not in wanted]
    wanted += sorted(one for one in rest if one[0] == "<")
    wanted += sorted(one for one in rest if one[0] == '"')
    for (number, kind, name), want in zip(plain, wanted):
        if (kind, name) != want:
            return [f"src/{path}:{number}: {name} stands before {want[1]}; own, system, ours, sorted"]
    if len(wanted) > len(plain):
        return [f"src/{path}: does not include its own header {own}"]
    return []


def complaints(root):
    """All faults of the tree whose src/ is at `root`."""
    layers = Layers(house.read(root, "src/layers.txt"))
    found = []
    for path in house.files(os.path.join(root, "src"), "", (".c", ".h", ".def")):
        path = path.removeprefix("./")
        every, plain = includes(house.read(root, "src/" + path))
        for number, kind, name in every:
            if kind == "<":
                continue
            if "/" not in name:
                found.append(f"src/{path}:{number}: {name} does not carry its folder")
                continue
            why = layers.complaint(path, name)
            if why:
                found.append(f"src/{path}:{number}: {name}: {why}")
        own = os.path.join(root, "src", os.path.splitext(path)[0] + ".h")
        if path not in OTHER_ORDER:
            found += order_complaints(path, plain, os.path.exists(own))
    return found


def the_tree_keeps_its_floors():
    house.expect_none(complaints(house.ROOT))


LAYERS = house.read(house.ROOT, "src/layers.txt")


def planted(files):
    with house.Tree({"src/layers.txt": LAYERS, **files}) as root:
        return complaints(root)


def expect_allowed(path, *names):
    text = "".join(f'#include "{name}"\n' for name in names)
    house.expect_equal(planted({"src/" + path: text}), [])


def expect_refused(path, name, part):
    found = planted({"src/" + path: f'#include "{name}"\n'})
    house.expect(len(found) == 1 and part in found[0], f"{path} includes {name}: {found}")


def what_is_allowed():
    expect_allowed("core/a.c", "core/b.h")
    expect_allowed("engine/market/a.c", "core/b.h", "engine/supply/s.h", "engine/trade/t.h")
    expect_allowed("platform/web/a.c", "core/b.h", "platform/store/s.h")
    expect_allowed("app/training/a.c", "app/datasets/datasets.h", "engine/market/market.h")
    expect_allowed("app/datasets/a.c", "app/datasets/mask.h")
    expect_allowed("main.c", "app/training/training.h", "core/str.h", "engine/market/market.h")


def planted_floors_are_found():
    expect_refused("core/a.c", "engine/market/market.h", "core must not see engine/market")
    expect_refused("core/a.c", "app/desk/desk.h", "core must not see")
    expect_refused("engine/trade/a.c", "engine/market/market.h", "engine/trade must not see")
    expect_refused("engine/supply/a.c", "engine/trade/t.h", "engine/supply must not see")
    expect_refused("engine/market/a.c", "platform/web/web.h", "engine/market must not see")
    expect_refused("engine/market/a.c", "app/training/training.h", "engine/market must not see")
    expect_refused("platform/web/a.c", "engine/market/market.h", "platform/web must not see")
    expect_refused("platform/web/a.c", "app/desk/desk.h", "platform/web must not see")
    expect_refused("platform/store/a.c", "platform/web/web.h", "platform/store must not see")
    expect_refused("other/a.c", "core/b.h", "stands on no floor")


def planted_rooms_are_found():
    expect_refused("app/datasets/a.c", "app/training/training.h", "must not see the room training")
    expect_refused("app/training/a.c", "app/projects/projects.h", "must not see the room projects")
    expect_refused("app/training/a.c", "app/datasets/mask.h", "only through app/datasets/datasets.h")
    expect_refused("main.c", "app/datasets/mask.h", "only through app/datasets/datasets.h")
    expect_refused("app/kitchen/a.c", "app/people/people.h", "kitchen is not in src/layers.txt")


def planted_missing_folder_is_found():
    expect_refused("core/a.c", "b.h", "does not carry its folder")


def planted_order_is_found():
    own = {"src/core/a.h": "#ifndef CORE_A_H\n#define CORE_A_H\n#endif\n"}
    good = '#include "core/a.h"\n\n#include <stdio.h>\n#include <string.h>\n\n#include "core/b.h"\n'
    house.expect_equal(planted({**own, "src/core/a.c": good}), [])
    house.expect_equal(planted({**own, "src/core/a_more.c": good}), [])
    for bad in (
        '#include <stdio.h>\n#include "core/a.h"\n',  # its own header comes first
        '#include "core/a.h"\n#include "core/b.h"\n#include <stdio.h>\n',  # system before ours
        '#include "core/a.h"\n#include <string.h>\n#include <stdio.h>\n',  # sorted
        '#include "core/a.h"\n#include "core/c.h"\n#include "core/b.h"\n',
        "#include <stdio.h>\n",  # its own header is missing
    ):
        house.expect_equal(len(planted({**own, "src/core/a.c": bad})), 1)


def guards_and_conditions_are_told_apart():
    guard = "#ifndef CORE_A_H\n#define CORE_A_H\n"
    found = planted({"src/core/a.h": guard + "#include <string.h>\n#include <stdio.h>\n#endif\n"})
    house.expect_equal(len(found), 1)
    text = "#include <string.h>\n#ifdef __SSE2__\n#include <emmintrin.h>\n#endif\n"
    house.expect_equal(planted({"src/core/a.c": text}), [])


if __name__ == "__main__":
    sys.exit(
        house.run(
            [
                the_tree_keeps_its_floors,
                what_is_allowed,
                planted_floors_are_found,
                planted_rooms_are_found,
                planted_missing_folder_is_found,
                planted_order_is_found,
                guards_and_conditions_are_told_apart,
            ]
        )
    )
