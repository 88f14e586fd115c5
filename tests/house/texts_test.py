"""Every text of the program has a Chinese form: errors.def, each N_("...") under src/, and each
{{t "..."}} of its templates."""
import os
import re
import sys

import house

ENDINGS = (".c", ".h", ".def")
TEMPLATES = (".html",)
STRING = r'"(?:[^"\\]|\\.)*"'
# Comments, strings and characters, so that a quote in one is not taken for the start of another.
TOKEN = re.compile(rf"/\*.*?\*/|//[^\n]*|{STRING}|'(?:[^'\\]|\\.)+'", re.S)
MARKED = re.compile(rf"\bN_\(\s*((?:{STRING}\s*)+)\)", re.S)
ERROR = re.compile(rf"^ERR\((\w+),\s*\d+,\s*((?:{STRING}\s*)+)\)", re.M)
IN_TEMPLATE = re.compile(rf"\{{\{{\s*t\s+((?:{STRING}\s*)+)", re.S)
REMARK = re.compile(r"\{\{#.*?\}\}", re.S)
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\", "?": "?", "'": "'"}


def unquote(literals):
    """The text of one or several adjacent C string literals."""
    parts = re.findall(STRING, literals)
    return "".join(
        re.sub(r"\\(.)", lambda found: ESCAPES.get(found.group(1), found.group(0)), part[1:-1]) for part in parts
    )


def without_comments(code):
    return TOKEN.sub(lambda found: " " if found.group(0).startswith("/") else found.group(0), code)


def marked_texts(code):
    """Texts of N_("...") in C code; the definition of N_ itself has no literal."""
    return [unquote(found) for found in MARKED.findall(without_comments(code))]


def template_texts(template):
    """Texts of {{t "..."}}, and of N_("...") in what a template hands to another page."""
    template = REMARK.sub("", template)
    return [unquote(found) for found in IN_TEMPLATE.findall(template) + MARKED.findall(template)]


def error_texts(code):
    return [unquote(text) for _, text in ERROR.findall(without_comments(code))]


def po_entries(text):
    """{msgid: msgstr} of a well-formed .po file (tools/po2c.c refuses others)."""
    entries = {}
    pattern = re.compile(rf"^msgid ((?:{STRING}\s*)+)^msgstr ((?:{STRING}\s*)+)", re.M)
    for key, value in pattern.findall(text):
        entries[unquote(key)] = unquote(value)
    entries.pop("", None)
    return entries


def holes(text):
    return sorted(set(re.findall(r"\{\d\}", text)))


def read(*path):
    with open(os.path.join(house.ROOT, *path), encoding="utf-8") as file:
        return file.read()


def sources():
    """(path, code) of every C file of the program."""
    for path in house.files(house.ROOT, "src", ENDINGS):
        yield path, read(path)


def templates():
    """(path, template) of every template of the program."""
    for path in house.files(house.ROOT, "src", TEMPLATES):
        yield path, read(path)


def complaints_missing(where, texts, entries):
    return [f"{where}: po/zh_CN.po lacks {text!r}" for text in texts if text not in entries]


def errors_have_chinese_texts():
    texts = error_texts(read("src", "core", "errors.def"))
    house.expect(len(texts) > 40, f"only {len(texts)} errors were found")
    house.expect_none(complaints_missing("errors.def", texts, po_entries(read("po", "zh_CN.po"))))


def marked_texts_have_chinese_texts():
    entries = po_entries(read("po", "zh_CN.po"))
    complaints = []
    found = 0
    for path, code in sources():
        texts = marked_texts(code)
        found += len(texts)
        complaints += complaints_missing(path, texts, entries)
    for path, template in templates():
        texts = template_texts(template)
        found += len(texts)
        complaints += complaints_missing(path, texts, entries)
    house.expect(found > 10, f"only {found} marked texts were found")
    house.expect_none(sorted(set(complaints)))


def placeholders_agree():
    entries = po_entries(read("po", "zh_CN.po"))
    house.expect_none(
        [f"{key!r} has other holes than {value!r}" for key, value in entries.items()
         if holes(key) != holes(value)]
    )


def no_entry_is_left_behind():
    """A msgid that stands nowhere in the program is an old text whose new form lacks one."""
    known = set()
    for _, code in sources():
        code = without_comments(code)
        for literals in re.findall(rf"(?:{STRING}\s*)+", code):
            known.add(unquote(literals))
    for _, template in templates():
        known.update(template_texts(template))
    entries = po_entries(read("po", "zh_CN.po"))
    house.expect_none([f"nothing uses {key!r}" for key in entries if key not in known])


def planted_texts_are_found():
    code = '/* N_("no") */ f(N_("a \\"b\\""), N_("one "\n  "two")); char c = \'"\'; g(N_("x"));'
    house.expect_equal(marked_texts(code), ['a "b"', "one two", "x"])
    template = '{{# {{t "no"}}\n{{t "a \\"b\\", {0}", x}}{{call f(N_("c"))}}<p>{{ t "d"\n "e" }}{{to "f"}}'
    house.expect_equal(template_texts(template), ['a "b", {0}', "de", "c"])
    house.expect_equal(error_texts('ERR(ERR_A, 400, "a {0}")\n/* ERR(ERR_B, 1, "b") */'), ["a {0}"])
    entries = po_entries('msgid ""\nmsgstr "h"\n\nmsgid "a "\n"b"\nmsgstr "x"\n')
    house.expect_equal(entries, {"a b": "x"})
    house.expect_equal(complaints_missing("f.c", ["a b", "c"], entries),
                       ["f.c: po/zh_CN.po lacks 'c'"])
    house.expect_equal(holes("{1} {0} {1} {x}"), ["{0}", "{1}"])


if __name__ == "__main__":
    sys.exit(house.run([
        errors_have_chinese_texts,
        marked_texts_have_chinese_texts,
        placeholders_agree,
        no_entry_is_left_behind,
        planted_texts_are_found,
    ]))
