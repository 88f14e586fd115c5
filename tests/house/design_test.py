"""One design language: every class has its rule, every rule its component, none is written twice.

A class that belongs to a component (notice, badge, field ...) stands only in the component's own
template under src/platform/web/pages; rooms call it. What rooms may write themselves is named here.
"""
import os
import re
import sys

import house

STYLE = os.path.join("static", "sampan.css")
COMPONENTS = os.path.join("src", "platform", "web", "pages")
# Classes for rooms' own templates: each is a word on ground that no component covers.
FOR_ROOMS = {"muted", "unseen", "number", "mine", "form", "form-line", "buttons", "field-label", "field-input",
             "field"}
# Made by scripts while they run.
BY_SCRIPTS = {"chart-drawn"}
TAG = re.compile(r"\{\{.*?\}\}", re.S)


def classes_of_style(css):
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    found = set()
    for selector in re.findall(r"([^{}]+)\{", css):
        found.update(re.findall(r"\.([a-z][a-z0-9-]*)", selector))
    return found


def classes_of_template(template):
    """{class} of the literal words in class="..."; what a {{tag}} writes is not known here."""
    template = re.sub(r"\{\{#.*?\}\}", "", template, flags=re.S)
    found = set()
    for value in re.findall(r"\bclass=\"((?:\{\{.*?\}\}|[^\"])*)\"", template, re.S):
        found.update(TAG.sub(" ", value).split())
    return found


def templates(root):
    for path in house.files(root, "src", (".html",)):
        yield path, house.read(root, path)


def undefined_complaints(root):
    known = classes_of_style(house.read(root, STYLE))
    return [
        f"{path}: the class '{name}' has no rule in {STYLE}"
        for path, template in templates(root)
        for name in sorted(classes_of_template(template) - known)
    ]


def unused_complaints(root):
    used = set(BY_SCRIPTS)
    for _, template in templates(root):
        used |= classes_of_template(template)
    return [
        f"{STYLE}: no template uses the class '{name}'"
        for name in sorted(classes_of_style(house.read(root, STYLE)) - used)
    ]


def twice_complaints(root):
    """Components written again: their classes in a room's template, or in two of the components'."""
    found = []
    owners = {}
    for path, template in templates(root):
        for name in sorted(classes_of_template(template) - FOR_ROOMS):
            if not path.startswith(COMPONENTS):
                found.append(f"{path}: the class '{name}' belongs to a component; call it")
            elif not path.endswith("design.html"):
                owners.setdefault(name.split("-")[0], set()).add(path)
    for name, paths in sorted(owners.items()):
        shared = {"button", "more", "table", "notice"}  # a chart holds a table, a form a notice
        if len(paths) > 1 and name not in shared:
            found.append(f"the component '{name}' is written in {' and '.join(sorted(paths))}")
    return found


def static_complaints(root):
    """Addresses of static/ in templates that no file answers."""
    names = set(re.findall(r"'([\w.]+)'", re.search(r"static_names = \[(.*?)\]", house.read(
        root, os.path.join("static", "meson.build")), re.S).group(1)))
    names |= set(re.findall(r"'([\w.]+)='", house.read(root, os.path.join("static", "meson.build"))))
    return [
        f"{path}: /static/{name} is no file of static/meson.build"
        for path, template in templates(root)
        for name in re.findall(r"\"/static/([^\"#]+)", template)
        if name not in names
    ]


def shown_complaints(root):
    """Components that /design does not show: neither its template nor what it calls."""
    pages = {}
    for path, template in templates(root):
        if path.startswith(COMPONENTS):
            for name, body in re.findall(r"\{\{page (\w+)\(.*?\)\}\}(.*?)(?=\{\{page |\Z)", template, re.S):
                pages[name] = set(re.findall(r"\{\{(?:call|wrap) (\w+)", body))
    seen, todo = set(), ["design"]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += pages.get(name, ())
    return [f"/design does not show the component '{name}'" for name in sorted(set(pages) - seen)]


def every_class_has_its_rule():
    house.expect_none(undefined_complaints(house.ROOT))


def every_rule_is_used():
    house.expect_none(unused_complaints(house.ROOT))


def no_component_is_written_twice():
    house.expect_none(twice_complaints(house.ROOT))


def every_static_address_is_a_file():
    house.expect_none(static_complaints(house.ROOT))


def every_component_is_shown():
    house.expect_none(shown_complaints(house.ROOT))


def planted_faults_are_found():
    tree = {
        STYLE: "/* .no */ .badge, .badge-good:hover { a: b } @media x { .muted { c: d } } .left { e: f }",
        COMPONENTS + "/a.html": '{{page design()}}{{call badge(1)}}{{end}}\n'
                                '{{page badge(int x)}}<b class="badge{{if x == 1}} badge-good{{end}}">{{end}}'
                                "{{page lone()}}{{end}}",
        COMPONENTS + "/b.html": '<b class="badge"></b>',
        "src/app/desk/pages/c.html": '<p class="muted"><i class="badge none"></i></p>'
                                     '{{# <b class="remark"> }}<script src="/static/nosuch.js">',
        "static/meson.build": "static_names = ['a.css']\n'b.js=' + x",
    }
    with house.Tree(tree) as root:
        house.expect_equal(len(undefined_complaints(root)), 1)
        house.expect("'none'" in undefined_complaints(root)[0], "another class")
        house.expect_equal(unused_complaints(root), [f"{STYLE}: no template uses the class 'left'"])
        found = "\n".join(twice_complaints(root))
        house.expect("c.html: the class 'badge'" in found and "'badge' is written in" in found, found)
        house.expect_equal(len(static_complaints(root)), 1)
        house.expect_equal(shown_complaints(root), ["/design does not show the component 'lone'"])


if __name__ == "__main__":
    sys.exit(house.run([
        every_class_has_its_rule,
        every_rule_is_used,
        no_component_is_written_twice,
        every_static_address_is_a_file,
        every_component_is_shown,
        planted_faults_are_found,
    ]))
