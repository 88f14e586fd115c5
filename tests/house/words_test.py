"""Words that do not belong: for each, the word to use instead; and folders and files out of shape."""
import os
import re
import sys

import house

CODE_FOLDERS = ("src", "tests", "tools", "bench")
LINES_MAX = 700


def call(name):
    """A pattern of a call of the C function `name`."""
    return re.compile(r"(?<![\w.>])" + name + r"\s*\(")


# (pattern, what to use, folders where it is fine)
CALLS = [
    (call("strcpy"), "str_copy or buf_append", ()),
    (call("strncpy"), "str_copy or buf_append", ()),
    (call("strcat"), "buf_append_c", ()),
    (call("strncat"), "buf_append", ()),
    (call("v?sprintf"), "snprintf, or str_format into an arena", ()),
    (call("ato[ilf]l?"), "str_to_int64 or str_to_double, which can refuse", ()),
    (call("gets"), "file_read or fgets", ()),
    (call("strtok(?:_r)?"), "str_find_byte and str_slice", ()),
    (call("s?rand(?:om)?"), "rng_at: numbers are looked up, never drawn in sequence", ()),
    (call("drand48"), "rng_at: numbers are looked up, never drawn in sequence", ()),
    (call("time"), "an argument: below main and the request nothing asks the clock", ("src/main.c",)),
    (
        call("(?:clock|clock_gettime|gettimeofday|(?:local|gm)time(?:_r)?|mktime|strftime)"),
        "an argument and core/date.h: below main and the request nothing asks the clock",
        ("src/main.c", "src/core/progress.c", "bench/"),
    ),
    (
        call("(?:exp|exp2|expm1|log|log2|log10|log1p|pow|cbrt|l?gamma|tgamma|erfc?|sin|cos|tan)f?"),
        "dm_exp and its family of core/detmath.h: the bits of libm's differ between machines",
        ("tests/", "bench/"),
    ),
    (call("(?:malloc|calloc|realloc|free)"), "an arena", ("src/core/", "tests/fuzz/replay_main.c")),
    (call("(?:strdup|strndup|asprintf)"), "str_copy or str_format into an arena", ()),
]

# Texts that no file of the project may hold. Written in two halves, or this file would hold them.
MARKS = [
    (re.compile(r"\bTO" + r"DO\b"), "do it, or say in an issue what is left"),
    (re.compile(r"\bFIX" + r"ME\b"), "mend it, or say in an issue what is left"),
    (re.compile(r"\bXX" + r"X\b"), "say what is meant"),
    (re.compile(r"(?<![\w.])/wo" + r"rk/"), "a path relative to the source"),
    (re.compile(r"(?<![\w.])/ro" + r"ot/"), "a path relative to the source"),
]

# Their result only repeats an argument, for use in a return statement.
NEED_NOT_BE_USED = ("problem_fill", "problem_place", "json_place")

# Folders of data that programs read whole; a README among the files would be read, too.
BARE_FOLDERS = re.compile(r"(^|/)(corpus|fixtures|golden)(/|$)")


def without_comments(text):
    """C text with comments and the insides of literals blanked; lines stay where they were."""

    def blank(match):
        piece = match.group(0)
        if piece[0] in "\"'":
            return piece[0] + " " * (len(piece) - 2) + piece[0]
        return re.sub(r"[^\n]", " ", piece)

    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, blank, text, flags=re.S)


def matches(pattern, text):
    """(line number, matched text) of each match."""
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group(0)


def code_files(root):
    return [
        path for top in CODE_FOLDERS for path in house.files(root, top, (".c", ".h", ".py", ".sh"))
    ]


def call_complaints(root):
    found = []
    for path in code_files(root):
        if not path.endswith((".c", ".h")):
            continue
        text = without_comments(house.read(root, path))
        for pattern, instead, fine in CALLS:
            if path.startswith(tuple(fine)):
                continue
            for line, word in matches(pattern, text):
                found.append(f"{path}:{line}: {word.rstrip('( ')}: use {instead}")
    return found


PROTOTYPE = re.compile(r"^[ \t]*((?:[A-Za-z_]\w*[ \t]+)*)enum[ \t]+err[ \t]+(\w+)[ \t]*\(", re.M)


def must_use_complaints(root):
    """Prototypes in headers that return enum err and do not begin with MUST_USE."""
    found = []
    for path in house.files(root, "src", (".h",)):
        text = without_comments(house.read(root, path))
        for match in PROTOTYPE.finditer(text):
            before, name = match.group(1).split(), match.group(2)
            if {"return", "typedef"} & set(before) or name in NEED_NOT_BE_USED:
                continue
            if before[:1] != ["MUST_USE"]:
                line = text.count("\n", 0, match.start(2)) + 1
                found.append(f"{path}:{line}: {name} returns enum err; begin it with MUST_USE")
    return found


def project_files(root):
    """Every text of the project, without what building leaves behind."""
    for where, folders, names in os.walk(root):
        top = os.path.relpath(where, root)
        folders[:] = sorted(
            one
            for one in folders
            if one not in (".git", "__pycache__")
            and not (top == "." and (one.startswith("build") or one == "demo"))
        )
        for name in sorted(names):
            yield os.path.normpath(os.path.join(top, name))


def mark_complaints(root):
    found = []
    for path in project_files(root):
        try:
            with open(os.path.join(root, path), encoding="utf-8") as file:
                text = file.read()
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # not a text, or a neighbour's file that has just gone
        for pattern, instead in MARKS:
            for line, word in matches(pattern, text):
                found.append(f"{path}:{line}: {word}: {instead}")
    return found


def length_complaints(root):
    counts = [(path, house.read(root, path).count("\n")) for path in code_files(root)]
    return [
        f"{path}: {lines} lines; more than {LINES_MAX} are more than one duty"
        for path, lines in counts
        if lines > LINES_MAX
    ]


def readme_complaints(root):
    """Folders that hold files of ours and do not say what they are for."""
    folders = {os.path.dirname(path) for path in project_files(root)}
    for folder in list(folders):  # a folder of folders explains itself too
        while os.path.dirname(folder):
            folder = os.path.dirname(folder)
            folders.add(folder)
    return [
        f"{folder}: has no README.md; five lines say what it is for"
        for folder in sorted(folders)
        if folder.split("/")[0] in (*CODE_FOLDERS, "data", "docs", "po", "static")
        and not BARE_FOLDERS.search(folder)
        and not os.path.isfile(os.path.join(root, folder, "README.md"))
    ]


def no_forbidden_call():
    house.expect_none(call_complaints(house.ROOT))


def errors_must_be_used():
    house.expect_none(must_use_complaints(house.ROOT))


def no_mark_of_unfinished_work():
    house.expect_none(mark_complaints(house.ROOT))


def no_file_is_too_long():
    house.expect_none(length_complaints(house.ROOT))


def every_folder_says_what_it_is_for():
    house.expect_none(readme_complaints(house.ROOT))


def found_in(check, path, text):
    with house.Tree({path: text}) as root:
        return len(check(root))


def planted_calls_are_found():
    for word in ("strcpy", "strcat", "sprintf", "vsprintf", "atoi", "atol", "atof", "time"):
        house.expect_equal(found_in(call_complaints, "src/app/desk/a.c", f"x = {word}(y);\n"), 1)
    for word in ("rand", "srand", "random", "gets", "strtok", "strtok_r", "malloc", "free", "calloc"):
        house.expect_equal(found_in(call_complaints, "tests/core/a.c", f"{word} (y);\n"), 1)
    for word in ("clock_gettime", "localtime_r", "mktime", "exp", "log1p", "pow", "lgamma", "logf"):
        house.expect_equal(found_in(call_complaints, "src/engine/supply/a.c", f"{word}(y);\n"), 1)
    house.expect_equal(found_in(call_complaints, "tests/core/a.c", "y = exp(x);\n"), 0)
    house.expect_equal(found_in(call_complaints, "src/core/arena.c", "p = malloc(n);\n"), 0)
    house.expect_equal(found_in(call_complaints, "src/main.c", "t = time(NULL);\n"), 0)


def planted_calls_have_a_line_and_a_word_to_use():
    with house.Tree({"src/app/desk/a.c": "/* one\n two */\n\nn = atoi(text);\n"}) as root:
        found = call_complaints(root)
    house.expect_equal(
        found, ["src/app/desk/a.c:4: atoi: use str_to_int64 or str_to_double, which can refuse"]
    )


def likenesses_are_left_alone():
    text = "/* never strcpy(a, b) */ snprintf(a); fgets(a); run_time(a); x.free(a); dm_exp(a);\n"
    text += 'puts("time(0)"); // rand()\nmoney_free(a); runtime(a);\n'
    house.expect_equal(found_in(call_complaints, "src/engine/market/a.c", text), 0)


def planted_errors_that_may_be_dropped_are_found():
    good = "MUST_USE enum err a_do(int x);\nMUST_USE static inline enum err a_b(int x)\n{\n"
    good += "    return enum_err(x);\n}\nenum err problem_fill(int x);\nenum err code;\n"
    good += "typedef enum err a_task(void *with);\n"
    house.expect_equal(found_in(must_use_complaints, "src/core/a.h", good), 0)
    for bad in ("enum err a_do(int x);\n", "static inline enum err a_do(int x);\n"):
        house.expect_equal(found_in(must_use_complaints, "src/core/a.h", bad), 1)
    late = "enum err MUST_USE_NOT(int x);\nextern MUST_USE enum err a_do(int x);\n"
    house.expect_equal(found_in(must_use_complaints, "src/core/a.h", late), 2)


def planted_marks_are_found():
    for word in ("TO" + "DO", "FIX" + "ME", "XX" + "X", "/wo" + "rk/main", "/ro" + "ot/x"):
        house.expect_equal(found_in(mark_complaints, "docs/a.md", f"see {word}: later\n"), 1)
    fine = "mkstemp of XXXXXX; the net/wo" + "rk/flow; TO" + "DOS\n"
    house.expect_equal(found_in(mark_complaints, "docs/a.md", fine), 0)
    built = "see TO" + "DO\n"
    house.expect_equal(found_in(mark_complaints, "build-x/a.txt", built), 0)


def planted_long_file_is_found():
    house.expect_equal(found_in(length_complaints, "src/core/a.c", "\n" * LINES_MAX), 0)
    house.expect_equal(found_in(length_complaints, "src/core/a.c", "\n" * (LINES_MAX + 1)), 1)


def planted_folder_without_readme_is_found():
    house.expect_equal(found_in(readme_complaints, "src/README.md", "x\n"), 0)
    house.expect_equal(found_in(readme_complaints, "src/core/a.c", "x\n"), 2)
    house.expect_equal(found_in(readme_complaints, "docs/decisions/README.md", "x\n"), 1)
    with house.Tree({"tests/README.md": "x", "tests/corpus/csv/a": "x"}) as root:
        house.expect_equal(readme_complaints(root), [])


if __name__ == "__main__":
    sys.exit(
        house.run(
            [
                no_forbidden_call,
                errors_must_be_used,
                no_mark_of_unfinished_work,
                no_file_is_too_long,
                every_folder_says_what_it_is_for,
                planted_calls_are_found,
                planted_calls_have_a_line_and_a_word_to_use,
                likenesses_are_left_alone,
                planted_errors_that_may_be_dropped_are_found,
                planted_marks_are_found,
                planted_long_file_is_found,
                planted_folder_without_readme_is_found,
            ]
        )
    )
