"""What the compiler says of a template's C stands at the template's line; what is right compiles."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "house"))
import house  # noqa: E402

TOOL, COMPILER = os.path.abspath(sys.argv[1]), sys.argv[2:]
FLAGS = ["-std=c17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror"]
FLAGS += ["-Wmissing-prototypes", "-Wcast-qual", "-Wundef", "-fsyntax-only"]

HEADER = """#ifndef VIEW_H
#define VIEW_H
#include "platform/web/html.h"
struct row { struct str name; const char *label; int64_t count; struct html note; bool mine; struct link to; };
struct view { const struct row *rows; size_t count; struct row one; };
#endif
"""
HEAD = '{{include "view.h"}}\n\n{{page a(const struct view *view)}}\n'


def build(template):
    """(status of the tool, its words, status of the compiler, its words) for a template t.html."""
    with house.Tree({"view.h": HEADER, "t.html": template}) as root:
        made = subprocess.run([TOOL, "t", ".", "t.html"], cwd=root, capture_output=True, text=True)
        if made.returncode != 0:
            return made.returncode, made.stderr, None, ""
        done = subprocess.run(
            [*COMPILER, *FLAGS, "-I.", "-I" + os.path.join(house.ROOT, "src"), "t_pages.c"],
            cwd=root, capture_output=True, text=True,
        )
        return 0, made.stderr, done.returncode, done.stderr


def what_is_right_compiles():
    body = """
<ul>
{{for row in view->rows, view->count}}
<li{{if row->mine}} class="mine"{{end}}><a href="{{row->to}}">{{row->name}}</a> {{row->note}} {{row->count}}
{{t "{0} of {1}", row->count, row_index}} {{t row->label}} {{row->mine ? "x" : row->label}}</li>
{{end}}
</ul>
<a href="/rows/{{view->one.name}}?n={{view->one.count}}" title="{{view->one.label}}">{{(struct id){7}}}</a>
{{call b(&view->one, 3)}}{{wrap c()}}<p>1</p>{{end}}
{{end}}
{{page b(const struct row *row, int places)}}<p>{{row->name}} {{places}}</p>{{end}}
{{page c()}}<div>{{slot}}</div>{{end}}
"""
    house.expect_equal(build(HEAD + body), (0, "", 0, ""))


# (body from line 4 on, the line of the error, words of it)
WRONG = [
    ("<p>\n{{view->nosuch}}</p>", 5, "nosuch"),
    ("<p>{{view->rows}}</p>", 4, "_Generic|incompatible"),
    ("<p>{{view->one.mine}}</p>", 4, "_Generic|incompatible|bool"),
    ('<a href="{{view->one.name}}">1</a>', 4, "link"),
    ('<p>1</p>\n\n<p title="{{view->one.note}}"></p>', 6, "_Generic|incompatible|html"),
    ('<a href="/a/{{view->one.to}}">1</a>', 4, "_Generic|incompatible|link"),
    ("{{call nosuch(view)}}", 4, "nosuch"),
    ("{{wrap nosuch(view)}}<p></p>{{end}}", 4, "nosuch"),
    ("{{if view->nosuch}}{{end}}", 4, "nosuch"),
    ("{{for row in view->nosuch, 3}}{{end}}", 4, "nosuch"),
    ("<p></p>\n{{for row in view->rows, view->count}}\n{{row->nosuch}}{{end}}", 6, "nosuch"),
    ("{{t view->one.count}}", 4, "html_text"),
    ("{{page}}", None, ""),
]


def planted_mistakes_of_c_are_told_at_the_templates_line():
    for body, line, words in WRONG:
        status, said, compiled, errors = build(HEAD + body + "\n{{end}}\n")
        if line is None:
            house.expect(status == 1 and said.startswith("t.html:"), said)
            continue
        house.expect_equal((status, said), (0, ""))
        house.expect(compiled != 0, f"{body!r} compiled")
        # gcc tells of a type at html.h's macro, and of the template in its next lines.
        house.expect(f"t.html:{line}:" in errors, f"{body!r}: {errors}")
        house.expect(any(word in errors for word in words.split("|")), errors)


def complaints_of_the_tool_have_file_line_and_column():
    status, said, _, _ = build(HEAD + "<p>\n <b onclick=\"x\"></b></p>\n{{end}}\n")
    house.expect_equal(status, 1)
    house.expect(said.startswith("t.html:5:5: error: the attribute 'onclick': inline scripts"), said)


if __name__ == "__main__":
    sys.argv = sys.argv[:1]
    sys.exit(house.run([
        what_is_right_compiles,
        planted_mistakes_of_c_are_told_at_the_templates_line,
        complaints_of_the_tool_have_file_line_and_column,
    ]))
