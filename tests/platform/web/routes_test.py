"""Lines of routes.def and forms.def that must not compile: above all one without a permission."""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

UNIT = """
enum {{ PERMISSION_PUBLIC, PERMISSION_READ }};
#define FORMS_FILE "forms.def"
#include "platform/web/form_table.def"
#define FORMS_FILE "forms.def"
#define FORMS_DEFINE
#include "platform/web/form_table.def"
#define ROUTES_FILE "routes.def"
#define ROUTES_TABLE test_routes
#include "platform/web/route_table.def"
{handler}
"""

FORMS = """FORM(note_add)
    FIELD_TEXT(title, "Title", REQUIRED, 1, 20)
FORM_END(note_add)
"""
GET = 'ROUTE(GET, "/notes", note_list, READ)\n'
POST = 'ROUTE(POST, "/notes", note_add, READ)\n'

# name, forms, routes, handlers
GOOD = [
    ("a GET and a POST", FORMS, GET + POST, ""),
    ("a GET that reckons", FORMS, 'ROUTE(GET_WORKER, "/notes", note_list, READ)\n', ""),
    ("a prepared POST", FORMS, 'ROUTE(POST_PREPARED, "/notes", note_add, PUBLIC)\n', ""),
    (
        "the handler as declared",
        FORMS,
        POST,
        "enum err note_add(struct request *request, struct store_write *write,\n"
        "                  const struct note_add_form *form)\n"
        "{ (void)request; (void)write; return form->title_given ? ERR_OK : ERR_FORM; }\n",
    ),
]
BAD = [
    ("no permission", FORMS, 'ROUTE(GET, "/notes", note_list)\n', ""),
    ("an empty permission", FORMS, 'ROUTE(GET, "/notes", note_list, )\n', ""),
    ("an unknown permission", FORMS, 'ROUTE(GET, "/notes", note_list, RAED)\n', ""),
    ("a number as permission", FORMS, 'ROUTE(GET, "/notes", note_list, 1)\n', ""),
    ("an unknown method", FORMS, 'ROUTE(PUT, "/notes", note_list, READ)\n', ""),
    ("a POST without a form", "", POST, ""),
    ("rows of no statement", FORMS, GET + "ROWS(note_list, note_page)\n", ""),
    ("an unknown kind of field", FORMS.replace("FIELD_TEXT", "FIELD_WORD"), POST, ""),
    ("neither required nor optional", FORMS.replace("REQUIRED", "MAYBE"), POST, ""),
    ("a field without limits", FORMS.replace(", 1, 20", ""), POST, ""),
    (
        "a GET that writes",
        FORMS,
        GET,
        "enum err note_list(struct request *request, struct store_write *write)\n"
        "{ (void)request; (void)write; return ERR_OK; }\n",
    ),
    (
        "a POST with another form",
        FORMS,
        POST,
        "enum err note_add(struct request *request, struct store_write *write,\n"
        "                  const struct other_form *form)\n"
        "{ (void)request; (void)write; (void)form; return ERR_OK; }\n",
    ),
    (
        "a field that is not there",
        FORMS,
        POST,
        "enum err note_add(struct request *request, struct store_write *write,\n"
        "                  const struct note_add_form *form)\n"
        "{ (void)request; (void)write; return form->titel_given ? ERR_OK : ERR_FORM; }\n",
    ),
]


def compiles(compiler, forms, routes, handler):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("forms.def", forms), ("routes.def", routes), ("unit.c", UNIT.format(handler=handler))):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        done = subprocess.run(
            [compiler, "-std=c17", "-D_GNU_SOURCE", "-fsyntax-only", "-Wall", "-Wextra", "-Werror",
             "-Wno-unused-function", f"-I{folder}", f"-I{ROOT}/src", os.path.join(folder, "unit.c")],
            capture_output=True, text=True,
        )
        return done.returncode == 0, done.stderr


def main():
    compilers = [one for one in ("gcc", "clang") if shutil.which(one)]
    failed = 0
    tests = [(compiler, case, True) for compiler in compilers for case in GOOD]
    tests += [(compiler, case, False) for compiler in compilers for case in BAD]
    print(f"[==========] Running {len(tests)} test(s).")
    for compiler, (name, forms, routes, handler), good in tests:
        print(f"[ RUN      ] {compiler}: {name}")
        done, words = compiles(compiler, forms, routes, handler)
        if done == good:
            print(f"[       OK ] {compiler}: {name}")
            continue
        failed += 1
        print(words if good else "it compiles")
        print(f"[  FAILED  ] {compiler}: {name}")
    print(f"[==========] {len(tests)} test(s) run.\n[  PASSED  ] {len(tests) - failed} test(s).")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
