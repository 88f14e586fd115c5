"""manual.py docs/commands.md VERSION: the manual of commands as sampan(1), for man."""
import re
import sys


def roff(text):
    """A line of Markdown for troff: bold for `words`, no accident with dots and backslashes."""
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text).replace("\\", "\\e").replace("-", "\\-")
    text = re.sub(r"`([^`]*)`", r"\\fB\1\\fR", text)
    text = re.sub(r"\*([^*]+)\*", r"\\fI\1\\fR", text)
    return "\\&" + text if text.startswith((".", "'")) else text


def manual(text, version):
    out = [f'.TH SAMPAN 1 "" "sampan {version}" "Sampan"', ".SH NAME"]
    out += ["sampan \\- training in cross\\-border e\\-commerce", ".SH SYNOPSIS"]
    out += ["\\fBsampan\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR ...] [\\fIARGUMENT\\fR ...]", ".SH DESCRIPTION"]
    for line in text.splitlines()[1:]:
        row = re.fullmatch(r"\| (.*?) \| (.*) \|", line)
        if line.startswith("## "):
            out += [".SH " + roff(line[3:].strip("`")).upper() if "`" not in line else ".SS " + roff(line[3:].strip("`"))]
        elif row and not row.group(1).startswith(("---", "option")):
            out += [".TP", roff(row.group(1)), roff(row.group(2))]
        elif row or line.startswith("| ---"):
            continue
        elif line.startswith("    "):
            out += [".nf", ".RS", roff(line[4:]), ".RE", ".fi"]
        elif line == "":
            out += [".PP"]
        else:
            out += [roff(line)]
    out += [".SH SEE ALSO", "/usr/share/doc/sampan/operations.md, \\fBsystemctl\\fR(1)"]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        sys.stdout.write(manual(file.read(), sys.argv[2]))
