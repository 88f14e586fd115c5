/* pages/attributes: names that are refused, and what may stand in the value of the others. */
#include <string.h>

#include "parts.h"

/* Refused whatever stands in them. A name that ends in "*" stands for all that begin so. */
static const struct {
    const char *name;
    const char *instead;
} refused[] = {
    {"on*", "inline scripts are refused; let a file of static/ listen for the event"},
    {"style", "inline styles are refused; use a class of static/sampan.css"},
    {"srcdoc", "pages of Sampan stand in no frame"},
    {"srcset", "use one src"},
    {"imagesrcset", "use one src"},
    {"ping", "pages call no one behind the reader's back"},
    {"nonce", "inline scripts are refused; use a file of static/"},
    {"http-equiv", "headers are the server's"},
    {"formmethod", "write a second <form>"},
    {"is", "custom elements are not used"},
    {"hx-on*", "inline scripts are refused; let a file of static/ listen for the event"},
    {"hx-vals", "its value is read as script; use hidden fields"},
    {"hx-vars", "its value is read as script; use hidden fields"},
    {"hx-headers", "its value is read as script; headers are the server's"},
    {"hx-request", "its value is read as script; leave it out"},
    {"hx-put", "routes have GET and POST; use a form with method=\"post\""},
    {"hx-patch", "routes have GET and POST; use a form with method=\"post\""},
    {"hx-delete", "routes have GET and POST; use a form with method=\"post\""},
    {"data-hx-*", "write hx-... without data-"},
    {"attributename", "animation can change addresses; leave it out"},
};

/* Names whose value people read or hear. */
static const char *const read_by_people[] = {
    "title",
    "alt",
    "placeholder",
    "aria-label",
    "aria-description",
    "aria-valuetext",
    "aria-roledescription",
    "label",
    "hx-confirm",
    "hx-prompt",
    "aria-placeholder",
};

/* Names of attributes of SVG that keep their capitals. */
static const char *const with_capitals[] = {
    "viewBox",      "preserveAspectRatio", "gradientUnits", "gradientTransform", "textLength",
    "lengthAdjust", "clipPathUnits",       "pathLength",    "spreadMethod",
};

/* The value decides what the element is, so it is written out. */
static const char *const literal_only[] = {"method",     "translate", "rel",   "charset",
                                           "hx-trigger", "hx-swap",   "hx-ext"};

static bool among(struct str name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal_c(name, list[i]))
            return true;
    }
    return false;
}

static bool name_is(struct str name, const char *pattern)
{
    size_t length = strlen(pattern);
    if (pattern[length - 1] == '*')
        return str_starts_with(name, (struct str){pattern, length - 1});
    return str_equal_c(name, pattern);
}

struct attribute *attribute_current(struct markup *markup)
{
    return &markup->attributes[markup->attribute_count - 1];
}

const struct attribute *attribute_find(const struct markup *markup, const char *name)
{
    for (int i = 0; i < markup->attribute_count; i++) {
        if (str_equal_c(markup->attributes[i].name, name))
            return &markup->attributes[i];
    }
    return NULL;
}

bool attribute_is(const struct attribute *attribute, const char *value)
{
    return attribute != NULL && !attribute->computed && !attribute->conditional &&
           str_equal_c(buf_str(&attribute->raw), value);
}

static bool name_check(const struct markup *markup, struct str name)
{
    const struct compiler *compiler = markup->compiler;
    bool capitals = false;
    for (size_t i = 0; i < name.length; i++)
        capitals = capitals || (name.text[i] >= 'A' && name.text[i] <= 'Z');
    if (capitals && !among(name, with_capitals, COUNT_OF(with_capitals)))
        return complain(compiler, name.text, "names of attributes are written small: '%.*s'",
                        (int)name.length, name.text);
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        if (name_is(name, refused[i].name))
            return complain(compiler, name.text, "the attribute '%.*s': %s", (int)name.length,
                            name.text, refused[i].instead);
    }
    for (int i = 0; i < markup->attribute_count; i++) {
        if (!markup->attributes[i].hidden && str_equal(markup->attributes[i].name, name))
            return complain(compiler, name.text, "the attribute '%.*s' twice in one tag",
                            (int)name.length, name.text);
    }
    return true;
}

bool attribute_begin(struct markup *markup, struct str name, bool has_value)
{
    if (!name_check(markup, name))
        return false;
    if (markup->attribute_count == ATTRIBUTES_MAX)
        return complain(markup->compiler, name.text, "more than %d attributes in one tag",
                        ATTRIBUTES_MAX);
    struct attribute *attribute = &markup->attributes[markup->attribute_count++];
    attribute->name = name;
    buf_reset(&attribute->raw);
    attribute->has_value = has_value;
    attribute->computed = false;
    attribute->conditional = markup->blocks > markup->tag_blocks;
    attribute->hidden = false;
    bool address = address_is(markup->tag, name);
    if (address && !has_value)
        return complain(markup->compiler, name.text, "'%.*s' without a value", (int)name.length,
                        name.text);
    markup->address = address ? ADDRESS_START : ADDRESS_NONE;
    return true;
}

bool attribute_is_read(const struct markup *markup)
{
    const struct attribute *current = &markup->attributes[markup->attribute_count - 1];
    if (among(current->name, read_by_people, COUNT_OF(read_by_people)))
        return true;
    const struct attribute *type = attribute_find(markup, "type");
    return str_equal_c(markup->tag, "input") && str_equal_c(current->name, "value") &&
           (attribute_is(type, "submit") || attribute_is(type, "button") ||
            attribute_is(type, "reset"));
}

bool attribute_takes_value(struct markup *markup, struct str whole)
{
    const struct attribute *current = attribute_current(markup);
    bool script_type = str_equal_c(markup->tag, "script");
    if (script_type || among(current->name, literal_only, COUNT_OF(literal_only)))
        return complain(markup->compiler, whole.text,
                        "a value in '%.*s'; it decides what the element is: write it out",
                        (int)current->name.length, current->name.text);
    return true;
}

bool attribute_takes_text(struct markup *markup, struct str whole)
{
    const struct attribute *current = attribute_current(markup);
    if (attribute_is_read(markup) || str_equal_c(current->name, "value") ||
        str_equal_c(current->name, "content") ||
        str_starts_with(current->name, str_from_c("data-")))
        return true;
    return complain(
        markup->compiler, whole.text,
        "a text of the reader's language in '%.*s', which no one reads; write a literal "
        "or a value",
        (int)current->name.length, current->name.text);
}

/* Does `text` hold `word` (written small), letters compared without case? */
static bool holds(struct str text, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= text.length; i++) {
        if (str_equal_ascii_fold(str_slice(text, i, length), (struct str){word, length}))
            return true;
    }
    return false;
}

bool attribute_done(struct markup *markup, const char *at)
{
    const struct attribute *current = attribute_current(markup);
    struct str raw = str_trim(buf_str(&current->raw));
    bool htmx = str_starts_with(current->name, str_from_c("hx-"));
    if (markup->address == ADDRESS_START)
        return complain(markup->compiler, at, "an empty address in '%.*s'",
                        (int)current->name.length, current->name.text);
    if (holds(raw, "javascript:") || (raw.length >= 3 && holds(str_slice(raw, 0, 3), "js:")) ||
        (htmx && holds(raw, "js:")))
        return complain(markup->compiler, current->name.text,
                        "a script in '%.*s'; let a file of static/ listen for the event",
                        (int)current->name.length, current->name.text);
    if (str_equal_c(current->name, "hx-trigger") && str_find_byte(raw, '[') < raw.length)
        return complain(markup->compiler, current->name.text,
                        "a filter in hx-trigger is read as script; trigger on the event alone");
    markup->address = ADDRESS_NONE;
    return true;
}
