"""docs/new-room.md: the room it shows builds as it stands, and its mistakes are refused as it says."""
import os
import re
import subprocess
import sys

import house

QUERIES, PAGES, BUILT = (os.path.abspath(word) for word in sys.argv[1:4])
COMPILER = sys.argv[4:]
FLAGS = ["-std=c17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-Wmissing-prototypes", "-fsyntax-only"]
ROOM = "src/app/board/"


def shown():
    """{path: text} of every file the page shows."""
    page = house.read(house.ROOT, "docs/new-room.md")
    found = re.findall(r"^`([\w./]+)`\n\n```\w*\n(.*?)^```$", page, re.M | re.S)
    return dict(found)


def build(files):
    """What the tools and the compiler say of the room; "" when nothing."""
    with house.Tree(files) as root:
        handlers = house.read(root, ROOM + "board_pages.c")
        compiled = [*COMPILER, *FLAGS, "-Isrc", "-I" + os.path.join(house.ROOT, "src"),
                    "-I" + os.path.join(BUILT, "src"), ROOM + "board_pages.c"]
        steps = [
            [QUERIES, "room", root, ROOM + "queries.sql", ROOM + "board_queries.h",
             ROOM + "board_queries.c", ROOM + "migrations/0900_board.sql"],
            [PAGES, "board", ROOM.rstrip("/"), ROOM + "pages/board.html"],
            compiled,  # what the templates became
            compiled,  # the room's own file of the same name, which a build keeps in another folder
        ]
        for number, step in enumerate(steps):
            if number == 3:
                with open(os.path.join(root, ROOM, "board_pages.c"), "w", encoding="utf-8") as out:
                    out.write(handlers)
            done = subprocess.run(step, cwd=root, capture_output=True, text=True)
            if done.returncode != 0:
                return done.stderr
    return ""


def the_room_builds_as_it_is_shown():
    files = shown()
    house.expect(len(files) >= 8, sorted(files))
    house.expect_equal(build(files), "")


MISTAKES = [
    ("queries.sql", "WHERE tenant = $1 AND id < $2", "WHERE tenant = tenant AND $1 > 0 AND id < $2",
     r"queries\.sql:\d+: notice_page: .*tenant"),
    ("queries.sql", "SELECT id, words", "SELECT id, word", r"queries\.sql:6: .*no such column: word"),
    ("queries.sql", " LIMIT $3", " AND $3 > 0", r"queries\.sql:\d+: notice_page: "),
    ("routes.def", ", SIGNED_IN)", ")", r"requires 4 arguments|too few arguments"),
    ("routes.def", "SIGNED_IN", "SIGNED_UP", r"PERMISSION_SIGNED_UP.* undeclared|undeclared.*PERMISSION_SIGNED_UP"),
    ("pages/board.html", "notice->words", "notice->word", r"board\.html:\d+:.*word|no member named"),
    ("pages/board.html", "<article>", "<article>New: ", r"board\.html:\d+:\d+: error: words outside"),
    ("pages/board.html", "<article>", '<article onclick="x()">', r"'onclick'"),
    ("pages/board.html", "</article>", "", r"<article> is not closed"),
    ("pages/board.html", "{{call submit", '<input name="x">{{call submit', r"without a label"),
    ("board_pages.c", "board_show(struct request *request)",
     "board_show(struct request *request, struct store_write *write)", r"conflicting types for"),
    ("board_pages.c", "notice_insert(write,", "notice_insert(request->read,", r"incompatible pointer"),
]


def planted_mistakes_are_refused():
    for path, right, wrong, said in MISTAKES:
        files = shown()
        text = files[ROOM + path]
        house.expect(right in text, f"{path}: {right}")
        files[ROOM + path] = text.replace(right, wrong, 1)
        words = build(files)
        house.expect(re.search(said, words), f"{path}: {wrong}: {words[:500]!r}")


sys.exit(house.run([the_room_builds_as_it_is_shown, planted_mistakes_are_refused]))
