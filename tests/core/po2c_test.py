"""po2c: what it makes of a .po file, and what it refuses with file and line.

    po2c_test.py PO2C
"""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "house"))
import house

PO2C = sys.argv[1]
HEADER = 'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n\n'


def po2c(po, language="zh"):
    """(exit status, messages, the C text or None) for the bytes of a .po file."""
    with tempfile.TemporaryDirectory(prefix="sampan-po2c-") as folder:
        source, made = os.path.join(folder, "a.po"), os.path.join(folder, "a.c")
        with open(source, "wb") as file:
            file.write(po if isinstance(po, bytes) else po.encode())
        done = subprocess.run([PO2C, language, source, made], capture_output=True, text=True)
        text = None
        if os.path.exists(made):
            with open(made, encoding="utf-8") as file:
                text = file.read()
        return done.returncode, done.stderr, text


def refused(po, line, why):
    status, messages, text = po2c(po)
    house.expect_equal(status, 1)
    house.expect(f"a.po:{line}: " in messages and why in messages, f"got {messages!r}")
    house.expect_equal(text, None)


def entries_are_sorted_and_escaped():
    status, messages, text = po2c(
        HEADER + '# a comment\nmsgid "b"\nmsgstr "乙"\n\nmsgid ""\n"a \\"{0}\\"\\n"\n"what?\\\\"\n'
        'msgstr "甲 {0}"\n'
    )
    house.expect_equal((status, messages), (0, ""))
    house.expect("text_table_zh_count = 2;" in text, text)
    first = '{"a \\"{0}\\"\\nwhat\\?\\\\",\n     "甲 {0}"},\n'
    house.expect(first + '    {"b",\n     "乙"},\n' in text, text)


def an_empty_table_is_fine():
    status, _, text = po2c(HEADER)
    house.expect_equal(status, 0)
    house.expect("text_table_zh_count = 0;" in text, text)


def malformed_files_are_refused():
    refused(b'msgid "\xff"\nmsgstr "x"\n', 1, "not UTF-8")
    refused(HEADER + 'msgid "a"\n', 5, "msgid without msgstr")
    refused(HEADER + 'msgid "a"\nmsgid "b"\nmsgstr "x"\n', 5, "msgid without msgstr")
    refused(HEADER + 'msgstr "x"\n', 5, "msgstr without msgid")
    refused(HEADER + 'msgid a\nmsgstr "x"\n', 5, "in quotes")
    refused(HEADER + 'msgid "a\nmsgstr "x"\n', 5, "in quotes")
    refused(HEADER + 'msgid "a"b"\nmsgstr "x"\n', 5, "not escaped")
    refused(HEADER + 'msgid "a\\x"\nmsgstr "x"\n', 5, "unknown escape")
    refused(HEADER + 'msgid "a\\"\nmsgstr "x"\n', 5, "not closed")
    refused(HEADER + 'msgctxt "c"\nmsgid "a"\nmsgstr "x"\n', 5, "contexts")
    refused(HEADER + 'msgid "a"\nmsgid_plural "as"\nmsgstr[0] "x"\n', 6, "plurals")
    refused(HEADER + '"loose"\n', 5, "not understood")


def entries_that_mislead_are_refused():
    refused(HEADER + 'msgid "a"\nmsgstr ""\n', 5, "missing")
    refused(HEADER + '#, fuzzy\nmsgid "a"\nmsgstr "x"\n', 5, "fuzzy")
    refused(HEADER + 'msgid "a"\nmsgstr "x"\n\nmsgid "a"\nmsgstr "y"\n', 8, "given before")
    refused(HEADER + 'msgid "{0} {1}"\nmsgstr "{0}"\n', 5, "differ")
    refused(HEADER + 'msgid "{0}"\nmsgstr "{1}"\n', 5, "differ")
    refused(HEADER + 'msgid "a"\nmsgstr "x"\n\nmsgid ""\nmsgstr "y"\n', 8, "header")


def a_missing_file_is_named():
    done = subprocess.run([PO2C, "zh", "none.po", "none.c"], capture_output=True, text=True)
    house.expect_equal(done.returncode, 1)
    house.expect("none.po" in done.stderr, done.stderr)
    house.expect_equal(subprocess.run([PO2C], capture_output=True).returncode, 2)


if __name__ == "__main__":
    sys.exit(house.run([
        entries_are_sorted_and_escaped,
        an_empty_table_is_fine,
        malformed_files_are_refused,
        entries_that_mislead_are_refused,
        a_missing_file_is_named,
    ]))
