/* pages/elements: the elements a template may use, and where each may stand.
 *
 * A parser of HTML repairs what stands in the wrong place (a <div> closes a <p>, words in a table
 * move before it). What would be repaired is refused, so that the tree in the browser is the tree
 * of the template. Source: HTML Living Standard, 13.2.6 "Tree construction" and 4, "The elements of
 * HTML", read 2026-11.
 */
#include <string.h>

#include "parts.h"

enum {
    VOID = 1,       /* no content, no end tag */
    ENDS_P = 2,     /* a parser closes an open <p> before it */
    BARE = 4,       /* holds only its own kinds of elements, no words */
    NOT_INSIDE = 8, /* must not stand inside one of its own */
    SVG = 16,       /* only inside <svg> */
    WORDS_ONLY = 32 /* holds no elements */
};

struct kind {
    const char *name;
    unsigned flags;
    const char *parents; /* one of which must be the innermost open element; NULL: any */
};

static const struct kind kinds[] = {
    {"a", NOT_INSIDE, NULL},
    {"abbr", 0, NULL},
    {"address", ENDS_P, NULL},
    {"article", ENDS_P, NULL},
    {"aside", ENDS_P, NULL},
    {"b", 0, NULL},
    {"bdi", 0, NULL},
    {"bdo", 0, NULL},
    {"blockquote", ENDS_P, NULL},
    {"body", 0, "html"},
    {"br", VOID, NULL},
    {"button", NOT_INSIDE, NULL},
    {"canvas", 0, NULL},
    {"caption", 0, "table"},
    {"circle", SVG, NULL},
    {"cite", 0, NULL},
    {"clipPath", SVG, NULL},
    {"code", 0, NULL},
    {"col", VOID, "colgroup"},
    {"colgroup", BARE, "table"},
    {"data", 0, NULL},
    {"datalist", BARE, NULL},
    {"dd", 0, "dl div"},
    {"defs", SVG, NULL},
    {"del", 0, NULL},
    {"desc", SVG | WORDS_ONLY, NULL},
    {"details", ENDS_P, NULL},
    {"dfn", 0, NULL},
    {"dialog", ENDS_P, NULL},
    {"div", ENDS_P, NULL},
    {"dl", ENDS_P | BARE, NULL},
    {"dt", 0, "dl div"},
    {"ellipse", SVG, NULL},
    {"em", 0, NULL},
    {"fieldset", ENDS_P, NULL},
    {"figcaption", ENDS_P, "figure"},
    {"figure", ENDS_P, NULL},
    {"footer", ENDS_P, NULL},
    {"form", ENDS_P | NOT_INSIDE, NULL},
    {"g", SVG, NULL},
    {"h1", ENDS_P, NULL},
    {"h2", ENDS_P, NULL},
    {"h3", ENDS_P, NULL},
    {"h4", ENDS_P, NULL},
    {"h5", ENDS_P, NULL},
    {"h6", ENDS_P, NULL},
    {"head", BARE, "html"},
    {"header", ENDS_P, NULL},
    {"hgroup", ENDS_P, NULL},
    {"hr", VOID | ENDS_P, NULL},
    {"html", BARE, NULL},
    {"i", 0, NULL},
    {"img", VOID, NULL},
    {"input", VOID, NULL},
    {"ins", 0, NULL},
    {"kbd", 0, NULL},
    {"label", NOT_INSIDE, NULL},
    {"legend", 0, "fieldset"},
    {"li", 0, "ul ol menu"},
    {"line", SVG, NULL},
    {"linearGradient", SVG, NULL},
    {"link", VOID, "head"},
    {"main", ENDS_P, NULL},
    {"mark", 0, NULL},
    {"menu", ENDS_P | BARE, NULL},
    {"meta", VOID, "head"},
    {"meter", NOT_INSIDE, NULL},
    {"nav", ENDS_P, NULL},
    {"noscript", 0, NULL},
    {"ol", ENDS_P | BARE, NULL},
    {"optgroup", BARE, "select"},
    {"option", WORDS_ONLY, "select optgroup datalist"},
    {"output", 0, NULL},
    {"p", ENDS_P, NULL},
    {"path", SVG, NULL},
    {"picture", 0, NULL},
    {"polygon", SVG, NULL},
    {"polyline", SVG, NULL},
    {"pre", ENDS_P, NULL},
    {"progress", NOT_INSIDE, NULL},
    {"q", 0, NULL},
    {"rect", SVG, NULL},
    {"rp", 0, "ruby"},
    {"rt", 0, "ruby"},
    {"ruby", 0, NULL},
    {"s", 0, NULL},
    {"samp", 0, NULL},
    {"script", 0, NULL},
    {"search", ENDS_P, NULL},
    {"section", ENDS_P, NULL},
    {"select", BARE | NOT_INSIDE, NULL},
    {"small", 0, NULL},
    {"span", 0, NULL},
    {"stop", SVG, NULL},
    {"strong", 0, NULL},
    {"sub", 0, NULL},
    {"summary", ENDS_P, "details"},
    {"sup", 0, NULL},
    {"svg", 0, NULL},
    {"symbol", SVG, NULL},
    {"table", ENDS_P | BARE, NULL},
    {"tbody", BARE, "table"},
    {"td", 0, "tr"},
    {"text", SVG, NULL},
    {"textarea", 0, NULL},
    {"tfoot", BARE, "table"},
    {"th", 0, "tr"},
    {"thead", BARE, "table"},
    {"time", 0, NULL},
    {"title", 0, NULL},
    {"tr", BARE, "tbody thead tfoot"},
    {"tspan", SVG, NULL},
    {"u", 0, NULL},
    {"ul", ENDS_P | BARE, NULL},
    {"use", SVG, NULL},
    {"var", 0, NULL},
    {"wbr", VOID, NULL},
};

/* Elements that are known to HTML and not used here, with what to do instead. */
static const struct {
    const char *name;
    const char *instead;
} refused[] = {
    {"base", "it would move every address of the page; write whole addresses"},
    {"embed", "link to the file with <a href>"},
    {"iframe", "pages of Sampan stand in no frame; link to it with <a href>"},
    {"object", "use <img>, or link to the file with <a href>"},
    {"style", "put the rule into static/sampan.css and give the element a class"},
    {"font", "give the element a class of static/sampan.css"},
    {"center", "give the element a class of static/sampan.css"},
    {"marquee", "let words stand still"},
    {"math", "write formulas as text or as an image with alt"},
    {"frame", "pages of Sampan stand in no frame"},
    {"template", "put markup for scripts into the script's file"},
};

static const struct kind *kind_of(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (str_equal_c(name, kinds[i].name))
            return &kinds[i];
    }
    return NULL;
}

/* Is `name` one of the words of `list`, separated by blanks? */
static bool in_list(const char *list, struct str name)
{
    for (const char *word = list; *word != '\0';) {
        size_t length = strcspn(word, " ");
        if (str_equal(name, (struct str){word, length}))
            return true;
        word += length + (word[length] == ' ');
    }
    return false;
}

bool element_is_void(struct str name)
{
    const struct kind *kind = kind_of(name);
    return kind != NULL && (kind->flags & VOID) != 0;
}

bool element_open(const struct markup *markup, const char *name)
{
    for (int i = 0; i < markup->depth; i++) {
        if (str_equal_c(markup->elements[i].name, name))
            return true;
    }
    return false;
}

bool element_in_svg(const struct markup *markup)
{
    return element_open(markup, "svg");
}

bool element_takes_words(const struct markup *markup)
{
    if (markup->depth == markup->base)
        return true;
    const struct kind *kind = kind_of(markup->elements[markup->depth - 1].name);
    return kind == NULL || (kind->flags & BARE) == 0;
}

static bool is_heading(struct str name)
{
    return name.length == 2 && name.text[0] == 'h' && name.text[1] >= '1' && name.text[1] <= '6';
}

/* A <p> is closed by a block, unless something stands between that stops the search for it. */
static bool p_is_open(const struct markup *markup)
{
    for (int i = markup->depth; i-- > 0;) {
        struct str name = markup->elements[i].name;
        if (str_equal_c(name, "p"))
            return true;
        if (in_list("button caption td th table", name))
            return false;
    }
    return false;
}

/* What may stand directly in an element that holds only certain others. */
static bool parent_takes(const struct kind *parent, const struct kind *child)
{
    struct str name = str_from_c(child->name);
    if (child->parents != NULL)
        return true; /* decided by the child */
    if (in_list("script", name))
        return true;
    if (strcmp(parent->name, "head") == 0)
        return in_list("title", name);
    if (strcmp(parent->name, "dl") == 0)
        return in_list("div", name);
    return strcmp(parent->name, "select") == 0 && in_list("hr", name);
}

static bool check_parent(const struct markup *markup, const struct kind *kind, const char *at)
{
    if (markup->depth == markup->base)
        return true; /* the page that calls or wraps this one decides */
    struct str inner = markup->elements[markup->depth - 1].name;
    const struct kind *parent = kind_of(inner);
    if (kind->parents != NULL && !in_list(kind->parents, inner))
        return complain(markup->compiler, at, "<%s> directly in <%.*s>; it belongs into <%.*s>",
                        kind->name, (int)inner.length, inner.text, (int)strcspn(kind->parents, " "),
                        kind->parents);
    if (parent != NULL && (parent->flags & BARE) != 0 && !parent_takes(parent, kind))
        return complain(markup->compiler, at,
                        "<%s> directly in <%s>; a browser would move it out: put it into a cell or "
                        "item",
                        kind->name, parent->name);
    if (parent != NULL && (parent->flags & WORDS_ONLY) != 0)
        return complain(markup->compiler, at, "<%s> in <%s>, which holds only words", kind->name,
                        parent->name);
    return true;
}

bool element_check(const struct markup *markup, struct str name, const char *at)
{
    const struct kind *kind = kind_of(name);
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        if (str_equal_ascii_fold(name, str_from_c(refused[i].name)))
            return complain(markup->compiler, at, "<%s> is not used in templates; %s",
                            refused[i].name, refused[i].instead);
    }
    if (kind == NULL)
        return complain(
            markup->compiler, at,
            "<%.*s> is no element of HTML that templates know (names are written small)",
            (int)name.length, name.text);
    bool in_svg = element_in_svg(markup);
    if ((kind->flags & SVG) != 0 && !in_svg)
        return complain(markup->compiler, at, "<%s> outside of <svg>", kind->name);
    if (in_svg && (kind->flags & SVG) == 0 && strcmp(kind->name, "title") != 0)
        return complain(markup->compiler, at, "<%s> inside <svg>; a browser would end the drawing",
                        kind->name);
    if (in_svg)
        return true;
    if ((kind->flags & ENDS_P) != 0 && p_is_open(markup))
        return complain(markup->compiler, at,
                        "<%s> inside <p>; a browser would close the <p> before it: use <div>",
                        kind->name);
    if ((kind->flags & NOT_INSIDE) != 0 && element_open(markup, kind->name))
        return complain(markup->compiler, at, "<%s> inside another <%s>", kind->name, kind->name);
    if (markup->depth > markup->base && is_heading(name) &&
        is_heading(markup->elements[markup->depth - 1].name))
        return complain(markup->compiler, at, "a heading inside a heading");
    return check_parent(markup, kind, at);
}
